"""From an equation over entries to an expression over whole arrays.

The sums of an equation become matrix products, contractions or reductions; what is elementwise stays a SymPy
expression. The result is a tree of a few node kinds that a printer turns into NumPy or into LaTeX.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from sympy import Add, Expr, Idx, Indexed, Integer, Mul, S, Symbol

from symnn.equations import Equation, Term
from symnn.notation import Target, indices_of

Axis: TypeAlias = Idx | Integer


@dataclass(frozen=True)
class Aligned:
    """A tensor whose axes are brought into the order ``axes``, with axes of length 1 where it has none."""

    entry: Indexed
    axes: tuple[Axis, ...]

    @property
    def own(self) -> tuple[Axis, ...]:
        """The tensor's own axes, in order."""
        return tuple(self.entry.indices)

    @property
    def turned(self) -> bool:
        """Whether the tensor must be transposed."""
        return self.own != self.axes


@dataclass(frozen=True)
class MatMul:
    """A matrix product of two tensors, each perhaps transposed."""

    left: Aligned
    right: Aligned


@dataclass(frozen=True)
class Contraction:
    """A product of tensors summed over ``over``; ``axes`` are those of the result, with 0 for length 1."""

    factors: tuple[Indexed, ...]
    axes: tuple[Axis, ...]


@dataclass(frozen=True)
class Reduction:
    """An elementwise expression over ``axes``, summed over the positions ``summed``."""

    body: Expr
    axes: tuple[Axis, ...]
    summed: tuple[int, ...]
    keepdims: bool


Node: TypeAlias = MatMul | Contraction | Reduction


class Block(Symbol):  # type: ignore[misc]
    """A symbol that stands for a node inside an elementwise SymPy expression."""

    node: Node

    def __new__(cls, name: str, node: Node) -> Block:
        """Make the symbol; two blocks are equal when their names and their nodes are."""
        # Not through SymPy's cache of symbols, which would hand out the block of another equation.
        block: Block = Symbol.__xnew__(cls, name, real=True)
        block.node = node
        return block

    def _hashable_content(self) -> tuple[object, ...]:
        return (*super()._hashable_content(), self.node)


@dataclass(frozen=True)
class ArrayEquation:
    """``target = body`` over whole arrays; ``axes`` are those of the target, 0 where it has length 1.

    ``spread`` says that the body lacks an axis of the target, so that the result must be broadcast.
    """

    target: Target
    body: Expr
    axes: tuple[Axis, ...]
    spread: bool


@lru_cache(maxsize=2048)
def arrays_of(equation: Equation) -> ArrayEquation:
    """Return an equation over entries as one over arrays.

    >>> from sympy import Sum
    >>> from symnn.notation import index, size, tensor
    >>> i, k = index("i", size("m")), index("k", size("n"))
    >>> X, w, Z = tensor("X", size("m"), size("n")), tensor("w", size("n")), tensor("Z", size("m"))
    >>> form = arrays_of(Equation(Z[i], Sum(X[i, k] * w[k], k)))
    >>> [type(block.node).__name__ for block in form.body.atoms(Block)]
    ['MatMul']
    """
    axes = indices_of(equation.target)
    parts = [_part(term, axes, number) for number, term in enumerate(equation.terms)]
    rows = [row for part in parts for row in _rows_in(part)]
    lacking = {axis for axis in axes if isinstance(axis, Idx)} - {axis for row in rows for axis in row}
    spread = bool(lacking) or max((extent(row, axes) for row in rows), default=0) < len(axes)
    return ArrayEquation(equation.target, Add(*parts), axes, spread)


def fits(own: tuple[Axis, ...], axes: tuple[Axis, ...]) -> bool:
    """Tell whether NumPy's broadcasting from the right lines a tensor's own axes up with no help."""
    tail = axes[len(axes) - len(own) :] if len(own) <= len(axes) else ()
    return len(tail) == len(own) and all(mine in (theirs, S.Zero) for mine, theirs in zip(own, tail, strict=True))


def extent(own: tuple[Axis, ...], axes: tuple[Axis, ...]) -> int:
    """Return how many of ``axes``, from the right, a tensor's array has when it is lined up with them."""
    if fits(own, axes):
        return len(own)
    return max((len(axes) - place for place, axis in enumerate(axes) if axis in own and axis != S.Zero), default=0)


def _rows_in(part: Expr) -> list[tuple[Axis, ...]]:
    """Return the axes of every array in an elementwise expression."""
    rows = [tuple(entry.indices) for entry in part.atoms(Indexed)]
    for block in part.atoms(Block):
        node = block.node
        if isinstance(node, MatMul):
            rows.append((*node.left.axes[:-1], *node.right.axes[1:]))
        elif isinstance(node, Contraction):
            rows.append(node.axes)
        else:
            inner = [tuple(entry.indices) for entry in node.body.atoms(Indexed)]
            full = max(extent(row, node.axes) for row in inner)
            present = {axis for row in inner for axis in row}
            left = [
                axis if axis in present else S.Zero
                for place, axis in enumerate(node.axes)
                if place not in node.summed or node.keepdims
            ]
            for place in node.summed if node.keepdims else ():
                left[place] = S.Zero
            dropped = len(node.axes) - full
            rows.append(tuple(left[dropped:]))
    return rows


def _part(term: Term, axes: tuple[Axis, ...], number: int) -> Expr:
    """Return one sum of an equation as a coefficient times a block, or as it is when nothing is summed."""
    if not term.over:
        return term.body
    entries = tuple(sorted(term.body.atoms(Indexed), key=str))
    unused = [index for index in term.over if not any(index in entry.indices for entry in entries)]
    coefficient, rest = term.body.as_independent(*entries, as_Add=False) if entries else (term.body, S.One)
    coefficient *= Mul(*(index.upper + 1 for index in unused))
    over = tuple(index for index in term.over if index not in unused)
    if not over:
        return coefficient * rest
    factors = Mul.make_args(rest)
    node: Node | None = None
    if len(factors) > 1 and all(isinstance(factor, Indexed) for factor in factors):
        node = _matrix_product(factors, over, axes) or _contraction(factors, axes)
    return coefficient * Block(f"block{number}", node or _reduction(rest, entries, over, axes))


def _matrix_product(factors: tuple[Indexed, ...], over: tuple[Idx, ...], axes: tuple[Axis, ...]) -> MatMul | None:
    """Return the product as a matrix product, if two factors share the one index summed over and nothing else."""
    if len(factors) != 2 or len(over) != 1:
        return None
    products = []
    for left, right in (factors, factors[::-1]):
        rows = [axis for axis in left.indices if axis != over[0]]
        columns = [axis for axis in right.indices if axis != over[0]]
        shared = over[0] in left.indices and over[0] in right.indices
        if shared and max(len(rows), len(columns)) <= 1 and (*rows, *columns) == axes:
            products.append(MatMul(Aligned(left, (*rows, over[0])), Aligned(right, (over[0], *columns))))
    return min(products, key=lambda product: product.left.turned + product.right.turned, default=None)


def _contraction(factors: tuple[Indexed, ...], axes: tuple[Axis, ...]) -> Contraction | None:
    """Return a product too large to be written out elementwise as one contraction."""
    used = {axis for factor in factors for axis in factor.indices if isinstance(axis, Idx)}
    if len(used) <= max(len(factor.indices) for factor in factors) or S.Zero in {
        axis for factor in factors for axis in factor.indices
    }:
        return None
    return Contraction(factors, tuple(axis if axis in used else S.Zero for axis in axes))


def _reduction(body: Expr, entries: tuple[Indexed, ...], over: tuple[Idx, ...], axes: tuple[Axis, ...]) -> Reduction:
    """Return an elementwise body with the positions to sum, without transposing its largest tensor."""
    gaps = [place for place, axis in enumerate(axes) if axis == S.Zero]
    if len(gaps) == len(over):
        filled = list(axes)
        for place, index in zip(gaps, _in_order(over, entries), strict=True):
            filled[place] = index
        return Reduction(body, tuple(filled), tuple(gaps), keepdims=True)
    wanted = {axis for axis in axes if isinstance(axis, Idx)} | set(over)
    for entry in sorted(entries, key=lambda entry: -len(entry.indices)):
        kept = tuple(axis for axis in entry.indices if axis not in over)
        if set(entry.indices) == wanted and kept == axes:
            order = tuple(entry.indices)
            return Reduction(body, order, tuple(order.index(index) for index in over), keepdims=False)
    present = {axis for entry in entries for axis in entry.indices}
    order = (*(axis if axis in present else S.Zero for axis in axes), *over)
    return Reduction(body, order, tuple(range(len(axes), len(order))), keepdims=False)


def _in_order(over: tuple[Idx, ...], entries: tuple[Indexed, ...]) -> tuple[Idx, ...]:
    """Return the summed indices in the order in which the largest tensor has them."""
    largest = max(entries, key=lambda entry: len(entry.indices))
    places = {axis: place for place, axis in enumerate(largest.indices)}
    return tuple(sorted(over, key=lambda index: places.get(index, len(places))))
