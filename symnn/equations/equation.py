"""One equation in index notation: ``out[I] = sum over K of e``, or a few such sums added up.

An `Equation` is what a layer, an activation, a loss and a gradient all are. It is checked when it is
made: every index runs over the axis it stands on, and every index is either on the left or summed over.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from sympy import Add, Idx, Indexed, Mul, S, Sum, Symbol

from symnn.equations.reading import text_of
from symnn.errors import InputError, ShapeError, aligned
from symnn.notation import Expr, Target, indices_of, name_of


@dataclass(frozen=True)
class Term:
    """One sum of an equation's right-hand side: ``body`` summed over the indices ``over``.

    >>> from symnn.notation import index, size, tensor
    >>> i = index("i", size("m"))
    >>> Term(tensor("A", size("m"))[i] ** 2, (i,)).right
    Sum(A[i]**2, (i, 0, m - 1))
    """

    body: Expr
    over: tuple[Idx, ...] = ()

    @property
    def right(self) -> Expr:
        """The term as a SymPy expression."""
        return Sum(self.body, *self.over) if self.over else self.body


@lru_cache(maxsize=2**12)
def occurrences(body: Expr) -> tuple[Target, ...]:
    """Return the distinct tensor entries and scalars in ``body``, in a fixed order; sizes are not among them.

    >>> from symnn.notation import index, size, tensor
    >>> i = index("i", size("m"))
    >>> occurrences(tensor("A", size("m"))[i] / size("m"))
    (A[i],)
    """
    entries = body.atoms(Indexed)
    inside = {symbol for entry in entries for symbol in entry.free_symbols}
    scalars = {s for s in body.free_symbols - inside if isinstance(s, Symbol) and not s.is_integer}
    return tuple(sorted(entries | scalars, key=str))


@dataclass(frozen=True)
class Equation:
    """``target = right``, where ``right`` adds up expressions and (un-nested) SymPy ``Sum``s of expressions.

    Raises `InputError` for a sum inside a power or a function (name it in an equation of its own) and
    `ShapeError` where an index and an axis disagree.

    >>> from symnn.notation import index, size, tensor
    >>> m, n = size("m"), size("n")
    >>> i, k = index("i", m), index("k", n)
    >>> W, X, Z = tensor("W", n), tensor("X", m, n), tensor("Z", m)
    >>> print(Equation(Z[i], Sum(X[i, k] * W[k], k)))
    Z[i] = sum over k of W[k]*X[i, k]
    """

    target: Target
    right: Expr

    def __post_init__(self) -> None:
        for term in self.terms:
            _check_term(self, term)
        left = [index for index in indices_of(self.target) if isinstance(index, Idx)]
        _check_axes(self, self.target)
        if len(set(left)) != len(left):
            raise ShapeError(f"in {self}: an index stands twice on the left")

    @cached_property
    def name(self) -> str:
        """The name of the tensor that the equation defines."""
        return name_of(self.target)

    @property
    def indices(self) -> tuple[Idx, ...]:
        """The indices on the left, without the constant 0 of axes of length 1."""
        return tuple(index for index in indices_of(self.target) if isinstance(index, Idx))

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """The right-hand side as separate sums; what stands under no sum is one term."""
        plain: list[Expr] = []
        summed: list[Term] = []
        for addend in Add.make_args(self.right):
            factors = Mul.make_args(addend)
            sums = [factor for factor in factors if isinstance(factor, Sum)]
            rest = Mul(*(factor for factor in factors if not isinstance(factor, Sum)))
            if rest.has(Sum) or len(sums) > 1 or any(s.function.has(Sum) for s in sums):
                raise InputError(
                    f"in the equation for {name_of(self.target)}: a sum stands inside another expression\n"
                    + aligned([("yours", str(addend)), ("do", "name that sum in an equation of its own")])
                )
            if sums:
                over = tuple(_index_of(limit) for limit in sums[0].limits)
                outside = rest.atoms(Idx) & set(over)
                if outside:
                    letters = ", ".join(sorted(map(str, outside)))
                    raise ShapeError(
                        f"in the equation for {name_of(self.target)}: index {letters} of {addend} stands both outside "
                        "and inside the sum over it; use two letters"
                    )
                summed.append(Term(rest * sums[0].function, over))
            else:
                plain.append(addend)
        return (*summed, *([Term(Add(*plain))] if plain or not summed else []))

    @cached_property
    def reads(self) -> tuple[str, ...]:
        """The names of the tensors on the right, each once."""
        return tuple(dict.fromkeys(name_of(o) for term in self.terms for o in occurrences(term.body)))

    def __str__(self) -> str:
        parts = [
            f"sum over {', '.join(map(str, term.over))} of {text_of(term.body)}" if term.over else text_of(term.body)
            for term in self.terms
        ]
        return f"{self.target} = {' + '.join(parts)}"


def equation_of_terms(target: Target, terms: tuple[Term, ...]) -> Equation:
    """Return the equation whose right-hand side adds up ``terms``.

    >>> from symnn.notation import LOSS
    >>> print(equation_of_terms(LOSS, (Term(S.One),)))
    L = 1
    """
    return Equation(target, Add(*(term.right for term in terms)))


def _index_of(limit: tuple[Expr, ...]) -> Idx:
    index = limit[0]
    if not isinstance(index, Idx) or tuple(limit[1:]) != (index.lower, index.upper):
        raise InputError(f"a sum must run over a whole index made by notation.index; yours: {limit}")
    return index


def _check_axes(equation: Equation, entry: Target) -> None:
    """Refuse an index that runs over another range than the axis it stands on."""
    if not isinstance(entry, Indexed):
        return
    if len(set(entry.indices) - {S.Zero}) != sum(index != S.Zero for index in entry.indices):
        raise ShapeError(f"{entry} has an index twice; write a second index and KroneckerDelta instead")
    shape = tuple(entry.base.shape or ())
    ranges = tuple(index.upper + 1 if isinstance(index, Idx) else index + 1 for index in entry.indices)
    if shape != ranges:
        raise ShapeError(
            f"in the equation for {equation.name}: the indices of {entry} do not fit its axes\n"
            + aligned([("axes", str(shape)), ("indices run over", str(ranges))])
        )


def _check_term(equation: Equation, term: Term) -> None:
    for entry in occurrences(term.body):
        _check_axes(equation, entry)
    left = set(equation.indices)
    if left & set(term.over) or len(set(term.over)) != len(term.over):
        raise ShapeError(f"in the equation for {equation.name}: {term.right} sums over an index in use already")
    free = term.body.atoms(Idx) - left - set(term.over)
    if free:
        raise ShapeError(
            f"in the equation for {equation.name}: index {', '.join(map(str, sorted(free, key=str)))} of "
            f"{term.body} is neither on the left nor summed over"
        )
