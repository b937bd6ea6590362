"""What a mistake changes, as a line of symbols: *yours − exact* of the first gradient that it falsifies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sympy import Expr, Idx, Indexed, S, factor, factor_terms

from symnn.equations import Equation, Term
from symnn.mistakes.ground import Ground, Planted
from symnn.mistakes.signs import text
from symnn.notation import SLOPE, name_of

FEW = 4
"""Up to how many entries a difference that does not come apart by itself is factored."""


def difference_of(ground: Ground, one: Planted) -> str:
    """Return what the gradient under test is minus what it should be, and where, in the letters of the derivation.

    >>> from symnn.derivation import derive
    >>> from symnn.network import Dense, Network
    >>> from symnn.mistakes import planted
    >>> ground = Ground.of(derive(Network(2, [Dense(1)], "half-squared-error")), None)
    >>> averaged = "the gradient with respect to W1 is 1/m times"
    >>> one = next(one for one in planted(ground) if one.said.startswith(averaged))
    >>> difference_of(ground, one)
    'yours − exact = (1/m − 1)·Σ_i X[k, i]·dZ1[j, i] at dW1[j, k]'
    """
    first = next(equation for equation in ground.equations if equation.name in one.instead)
    wrong = one.instead[first.name]
    target, text = first.target, one.formula
    if not text:
        if first.name.endswith(SLOPE):
            first, wrong = _through(ground, first, wrong)
            target = first.target
        text = _minus(_written_out(wrong, one.ahead.get(wrong.name, ())), first.terms)
    return f"yours − exact = {text} at {target}"


def _through(ground: Ground, right: Equation, wrong: Equation) -> tuple[Equation, Equation]:
    """Return the gradient that a slope goes into, with the right slope and with the wrong one written out."""
    reader = next(equation for equation in ground.equations if right.name in equation.reads)
    entry = next(e for term in reader.terms for e in term.body.atoms(Indexed) if name_of(e) == right.name)
    renaming = dict(zip(right.target.indices, entry.indices, strict=True))
    written = [
        Equation(reader.target, reader.right.xreplace({entry: one.right.xreplace(renaming)})) for one in (right, wrong)
    ]
    return written[0], written[1]


def _written_out(equation: Equation, helpers: Iterable[Equation]) -> tuple[Term, ...]:
    """Return the terms of an equation with the tensors computed just before it written out."""
    swap = {helper.target: helper.right for helper in helpers}
    return tuple(Term(term.body.xreplace(swap), term.over) for term in equation.terms)


def _minus(wrong: Sequence[Term], right: Sequence[Term]) -> str:
    """Return the difference of two right-hand sides: a multiple of the right one, or sums taken together."""
    if len(wrong) == len(right) == 1 and wrong[0].over == right[0].over:
        ratio = wrong[0].body / right[0].body
        if not ratio.has(Indexed) and right[0].over:
            return _sum(right[0].over, (ratio - 1) * right[0].body)
        if not ratio.has(Indexed) and (ratio - 1).is_Add:
            body = text(right[0].body)
            minus = "−" if body.startswith("−") else ""
            return f"{minus}{text(ratio - 1, within=True)}·{body.removeprefix('−')}"
    bodies: dict[frozenset[Idx], tuple[tuple[Idx, ...], Expr]] = {}
    for sign, terms in ((1, wrong), (-1, right)):
        for term in terms:
            over, body = bodies.get(frozenset(term.over), (term.over, S.Zero))
            bodies[frozenset(term.over)] = over, body + sign * term.body
    parts = [_sum(over, factor_terms(body)) for over, body in bodies.values() if body != 0]
    return " + ".join(parts).replace("+ −", "− ") or "0"


def _sum(over: tuple[Idx, ...], body: Expr) -> str:
    """Return one sum as text, with what does not depend on any entry in front of it."""
    entries = sorted(body.atoms(Indexed), key=str)
    if body.is_Add and body.is_rational_function(*entries) and len(entries) <= FEW:
        body = factor(body)
    if not over or not entries:
        return text(body)
    front, rest = body.as_independent(*entries, as_Add=False)
    sign = "−" if not front.is_Add and front.could_extract_minus_sign() else ""
    front = -front if sign else front
    lead = "" if front == 1 else text(front, within=True) + "·"
    return sign + lead + "".join(f"Σ_{index} " for index in over) + text(rest, within=True)
