"""Mistakes that change one gradient, or all of them, as a whole: sign, factor, clipping, normalising."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from sympy import Expr, Integer, Piecewise, Rational, S, Sum, sqrt

from symnn.derivation import SumOverPaths
from symnn.equations import Equation
from symnn.mistakes.ground import Ground, Planted, raw, times, told
from symnn.notation import SAMPLES, indices_of, name_of, scalar

LIMITS = (1, 5)
"""The limits at which clipped gradients are looked for."""


def sign(ground: Ground) -> Iterator[Planted]:
    """A gradient with the wrong sign."""
    for step in ground.steps:
        yield Planted("negated", {"name": step.name}, times(told(step), Integer(-1)))


def factor(ground: Ground) -> Iterator[Planted]:
    """A gradient that is a simple factor, the number of samples or of outputs off."""
    m = SAMPLES
    shapes = ground.derivation.program.shapes
    outputs = [axis for axis in shapes[ground.derivation.steps[0].name] if axis not in (m, 1)]
    named: dict[str, Expr] = {"2": Integer(2), "1/2": Rational(1, 2)}
    sampled = any(m in shape for shape in shapes.values())
    if sampled:
        named |= {"m": m, "1/m": 1 / m, "1/m²": 1 / m**2}
    for axis in outputs:
        named |= {str(axis): axis, f"1/{axis}": 1 / axis}
        if sampled:
            named |= {f"1/(m {axis})": 1 / (m * axis), f"m {axis}": m * axis}
    for step in ground.steps:
        for text, value in named.items():
            yield Planted("factor", {"name": step.name, "factor": text}, times(told(step), value))


def zero(ground: Ground) -> Iterator[Planted]:
    """A gradient that is never computed."""
    for step in ground.steps:
        yield Planted("zero", {"name": step.name}, times(told(step), S.Zero))


def absolute(ground: Ground) -> Iterator[Planted]:
    """A gradient that has lost its signs."""
    for step in ground.steps:
        kept, helper = raw(told(step))
        name, entry = told(step).name, told(step).target
        yield Planted(
            "absolute-value",
            {"name": step.name},
            {name: Equation(entry, Piecewise((kept, kept > 0), (-kept, True)))},
            {name: (helper,)},
            f"|{entry}| − {entry}",
        )


def clipped(ground: Ground) -> Iterator[Planted]:
    """Gradients with respect to parameters that are clipped, entry by entry."""
    for limit in LIMITS:
        each = [(step, _clipped(step, limit)) for step in _of_parameters(ground)]
        if len(each) > 1:
            yield _together("all-clipped", {"limit": str(limit)}, [one for _, one in each])
        yield from (one for _, one in each)


def normalised(ground: Ground) -> Iterator[Planted]:
    """Gradients with respect to parameters that are divided by their Euclidean norm."""
    each = [_normalised(step) for step in _of_parameters(ground)]
    if len(each) > 1:
        yield _together("all-normalised", {}, each)
    yield from each


def _of_parameters(ground: Ground) -> list[SumOverPaths]:
    return [step for step in ground.derivation.steps if step.name in ground.parameters]


def _together(kind: str, arguments: Mapping[str, str], each: list[Planted]) -> Planted:
    instead = dict(chain.from_iterable(one.instead.items() for one in each))
    ahead = dict(chain.from_iterable(one.ahead.items() for one in each))
    return Planted(kind, arguments, instead, ahead, each[0].formula)


def _clipped(step: SumOverPaths, limit: int) -> Planted:
    kept, helper = raw(told(step))
    entry = told(step).target
    right = Piecewise((Integer(limit), kept > limit), (Integer(-limit), kept < -limit), (kept, True))
    arguments = {"name": step.name, "limit": str(limit)}
    formula = f"min(max({entry}, −{limit}), {limit}) − {entry}"
    return Planted("clipped", arguments, {name_of(entry): Equation(entry, right)}, {name_of(entry): (helper,)}, formula)


def _normalised(step: SumOverPaths) -> Planted:
    kept, helper = raw(told(step))
    entry = told(step).target
    square = scalar(f"{name_of(entry)}_square")
    axes = [axis for axis in indices_of(kept) if axis != 0]
    total = Equation(square, Sum(kept**2, *axes) if axes else kept**2)
    formula = f"(1/‖{name_of(entry)}‖ − 1)·{entry}"
    right = Equation(entry, kept / sqrt(square))
    return Planted("normalised", {"name": step.name}, {right.name: right}, {right.name: (helper, total)}, formula)
