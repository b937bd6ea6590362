"""Mistakes at the value of the loss, in the manner of `symnn.mistakes`: a row yields its places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from sympy import Expr, FiniteSet, Integer, Rational, log

from symnn.equations import Equation, Term, equation_of_terms
from symnn.mistakes import Ground, Planted
from symnn.mistakes.ground import times
from symnn.notation import SAMPLES, scalar, shape_of
from symnn.rules import LOSSES, Loss, Measured, recognise_loss
from symnn.rules.losses import p, y

NONE: Mapping[str, str] = MappingProxyType({})

HALVES = {"half-squared-error": "squared-error", "squared-error": "half-squared-error"}
"""Losses that differ by the factor 1/2."""

SAME_ON_CLASSES = {
    "categorical-cross-entropy": "kl-divergence",
    "sparse-categorical-cross-entropy": "categorical-cross-entropy",
}
"""Losses that are one and the same for one-hot targets, or for their numbers."""


def half(ground: Ground) -> Iterator[Planted]:
    """The factor 1/2 of a squared error, left out or added."""
    found = _measured(ground)
    if found is not None and found.row.name == "half-squared-error":
        yield _times(ground, Integer(2), "half-left-out")
    if found is not None and found.row.name == "squared-error":
        yield _times(ground, Rational(1, 2), "half-put-in")


def reduced_otherwise(ground: Ground) -> Iterator[Planted]:
    """Samples or outputs that are added up where their mean belongs, or the other way round."""
    found = _measured(ground)
    if found is None:
        return
    outputs = [axis for axis in shape_of(found.prediction) if axis not in (SAMPLES, 1)]
    for axis, what in ((SAMPLES, "samples"), *((axis, "outputs") for axis in outputs)):
        if axis not in shape_of(found.prediction):
            continue
        if _divides(found.factor, axis):
            yield _times(ground, axis, "sum-for-mean", {"axis": what})
        else:
            yield _times(ground, 1 / axis, "mean-for-sum", {"axis": what})


def not_squared(ground: Ground) -> Iterator[Planted]:
    """Differences that are added up without being squared."""
    found = _measured(ground)
    if found is not None and found.row.name in HALVES:
        yield _summand(ground, found, found.row.summand / (p - y), "not-squared")


def sign(ground: Ground) -> Iterator[Planted]:
    """A cross-entropy without its minus sign."""
    if _loss(ground).right.has(log):
        yield _times(ground, Integer(-1), "minus-left-out")


def other_logarithm(ground: Ground) -> Iterator[Planted]:
    """Logarithms to the base 10 or 2 where natural ones belong."""
    equation = _loss(ground)
    if equation.right.has(log):
        for number in (10, 2):
            # A tensor of its own, so that whoever computes takes its logarithm in the scalars at hand.
            base = scalar("base_of_logarithms")
            changed = times(equation, 1 / log(base))
            helpers = {equation.name: (Equation(base, Integer(number)),)}
            yield Planted("other-logarithm", {"base": str(number)}, changed, helpers)


def part_of_cross_entropy(ground: Ground) -> Iterator[Planted]:
    """One of the two parts of a binary cross-entropy alone."""
    found = _measured(ground)
    if found is not None and found.row.name == "binary-cross-entropy":
        yield _summand(ground, found, -y * log(p), "part-of-zeros-left-out")
        yield _summand(ground, found, -(1 - y) * log(1 - p), "part-of-ones-left-out")


def another_loss(ground: Ground) -> Iterator[Planted]:
    """The value of another loss, reduced in the same way."""
    found = _measured(ground)
    if found is None:
        return
    own = found.row
    for row in LOSSES.values():
        alike = {HALVES.get(own.name), SAME_ON_CLASSES.get(own.name)}
        if row.name != own.name and row.name not in alike and _fits(own, row):
            arguments = {"other": row.name, "own": own.name}
            yield _summand(ground, found, row.bound().summand, "value-of-another-loss", arguments)


def _fits(own: Loss, other: Loss) -> bool:
    """Whether targets and predictions of one loss mean anything to the other."""
    if isinstance(other.targets, FiniteSet) and not own.targets.is_subset(other.targets):
        return False
    return own.predictions.is_subset(other.predictions) is True and SAME_ON_CLASSES.get(other.name) != own.name


def _loss(ground: Ground) -> Equation:
    return ground.derivation.program.equations[-1]


def _measured(ground: Ground) -> Measured | None:
    """Return the loss that a program ends in; half a squared error is a row of its own, and not half of another."""
    found = recognise_loss(ground.derivation.program, _loss(ground))
    if found is not None and found.row.name == "squared-error" and found.factor.as_coeff_Mul()[0] == Rational(1, 2):
        return replace(found, row=LOSSES["half-squared-error"], factor=2 * found.factor)
    return found


def _times(ground: Ground, factor: Expr, kind: str, arguments: Mapping[str, str] = NONE) -> Planted:
    return Planted(kind, arguments, times(_loss(ground), factor))


def _summand(ground: Ground, found: Measured, summand: Expr, kind: str, arguments: Mapping[str, str] = NONE) -> Planted:
    equation = _loss(ground)
    body = found.factor * summand.xreplace({p: found.prediction, y: found.target})
    changed = equation_of_terms(equation.target, (Term(body, equation.terms[0].over),))
    return Planted(kind, arguments, {equation.name: changed})


def _divides(factor: Expr, axis: Expr) -> bool:
    """Whether a factor falls as an axis grows."""
    return factor.has(axis) and not (factor * axis).has(axis)
