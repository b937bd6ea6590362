"""Mistakes at the value of the loss, in the manner of `symnn.verification.mistakes`: a row yields its places."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from sympy import Expr, FiniteSet, Integer, Rational, log

from symnn.equations import Equation, Term, equation_of_terms
from symnn.notation import SAMPLES, scalar, shape_of
from symnn.rules import LOSSES, Loss, Measured, recognise_loss
from symnn.rules.losses import p, y
from symnn.verification.mistakes import Ground, Planted
from symnn.verification.mistakes.ground import times

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
        yield _times(ground, Integer(2), "factor", "the factor 1/2 is left out of the loss")
    if found is not None and found.row.name == "squared-error":
        yield _times(ground, Rational(1, 2), "factor", "a factor 1/2 stands in the loss that does not belong there")


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
            said = f"the loss is added up over the {what} where their mean belongs"
            yield _times(ground, axis, "convention", said)
        else:
            said = f"the loss is averaged over the {what} where they should be added up"
            yield _times(ground, 1 / axis, "convention", said)


def not_squared(ground: Ground) -> Iterator[Planted]:
    """Differences that are added up without being squared."""
    found = _measured(ground)
    if found is not None and found.row.name in HALVES:
        yield _summand(ground, found, found.row.summand / (p - y), "not squared", "the differences are not squared")


def sign(ground: Ground) -> Iterator[Planted]:
    """A cross-entropy without its minus sign."""
    if _loss(ground).right.has(log):
        yield _times(ground, Integer(-1), "sign", "the minus sign before the logarithms is left out")


def other_logarithm(ground: Ground) -> Iterator[Planted]:
    """Logarithms to the base 10 or 2 where natural ones belong."""
    equation = _loss(ground)
    if equation.right.has(log):
        for number in (10, 2):
            # A tensor of its own, so that whoever computes takes its logarithm in the scalars at hand.
            base = scalar("base_of_logarithms")
            changed = times(equation, 1 / log(base))
            said = f"the logarithms are taken to the base {number}, not to the base e"
            yield Planted("logarithm", said, changed, {equation.name: (Equation(base, Integer(number)),)})


def part_of_cross_entropy(ground: Ground) -> Iterator[Planted]:
    """One of the two parts of a binary cross-entropy alone."""
    found = _measured(ground)
    if found is not None and found.row.name == "binary-cross-entropy":
        for part, said in (
            (-y * log(p), "the part (1 − y)·log(1 − ŷ) of the cross-entropy is left out"),
            (-(1 - y) * log(1 - p), "the part y·log ŷ of the cross-entropy is left out"),
        ):
            yield _summand(ground, found, part, "part left out", said)


def another_loss(ground: Ground) -> Iterator[Planted]:
    """The value of another loss, reduced in the same way."""
    found = _measured(ground)
    if found is None:
        return
    own = found.row
    for row in LOSSES.values():
        alike = {HALVES.get(own.name), SAME_ON_CLASSES.get(own.name)}
        if row.name != own.name and row.name not in alike and _fits(own, row):
            said = f"this is the value of {row.name}, not of {own.name}"
            yield _summand(ground, found, row.bound().summand, "another loss", said)


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


def _times(ground: Ground, factor: Expr, kind: str, said: str) -> Planted:
    return Planted(kind, said, times(_loss(ground), factor))


def _summand(ground: Ground, found: Measured, summand: Expr, kind: str, said: str) -> Planted:
    equation = _loss(ground)
    body = found.factor * summand.xreplace({p: found.prediction, y: found.target})
    changed = equation_of_terms(equation.target, (Term(body, equation.terms[0].over),))
    return Planted(kind, said, {equation.name: changed})


def _divides(factor: Expr, axis: Expr) -> bool:
    """Whether a factor falls as an axis grows."""
    return factor.has(axis) and not (factor * axis).has(axis)


# A row each, in the order in which they are told.
LOSS_MISTAKES: tuple[Callable[[Ground], Iterator[Planted]], ...] = (
    half,
    reduced_otherwise,
    sign,
    not_squared,
    part_of_cross_entropy,
    other_logarithm,
    another_loss,
)
