"""A row of the tables as curves: the function and its derivative, computed from the row itself.

What acts on several entries is drawn as a function of one of them: a normaliser over one logit with the others at 0, a
loss over one prediction with its target fixed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
from sympy import Expr, FiniteSet, Integer, Interval, Rational, S, Set, Sum, oo, solveset

from symnn.equations import Equation, Program
from symnn.errors import InputError, aligned, unknown
from symnn.kernels import extend
from symnn.library.exhibits import Curve, Curves
from symnn.notation import LOSS, SAMPLES, index, tensor
from symnn.rules import ACTIVATIONS, LOSSES, NORMALISERS, Activation, Constant, Loss, Normaliser
from symnn.rules.activations import a, z
from symnn.rules.losses import p, y
from symnn.rules.normalisers import e, s
from symnn.rules.normalisers import z as logit

REACH = 3.0
"""How far to either side of its middle a function is drawn."""

INSET = 0.08
"""How far from the ends of a bounded set of predictions a loss is drawn: the logarithm of 0 is off any paper."""

UNITS = 3
"""How many units share out one in the picture of a normaliser."""

_POINTS = 400
_NEAR = 1e-9
_JUMP = 1e-6

# What the predictions of a loss are called on an axis, by the set that they come from.
_AXES: Mapping[Set, str] = {
    S.Reals: "prediction",
    Interval.open(0, 1): "predicted probability",
    Interval.open(-oo, 0): "predicted log-probability",
}

# Where there is no derivative, and the value declared there, or None.
Kinks: TypeAlias = tuple[tuple[float, float | None], ...]


@dataclass(frozen=True)
class _Drawing:
    """A formula in ``variable``, its slope and its kinks, over a stretch of an axis."""

    caption: str
    labels: tuple[str, str, str]
    stretch: tuple[float, float]
    variable: Expr
    formula: Expr
    slope: Expr
    kinks: Kinks


def curves_of(name: str, *, target: int | str | Fraction | None = None) -> Curves:
    """Return the function of a row and its derivative as curves, interrupted where they jump and marked at kinks.

    A loss is drawn for ``target``; by default that is 0 where targets are any numbers, and else 1. A row without a
    useful gradient is shown with the derivative that it has beside its jump, which is 0. Raises `InputError` for a name
    that is in no table, and for a target that is not the row's.

    >>> [curve.jumps for curve in curves_of("relu").curves], [curve.jumps for curve in curves_of("step").curves]
    ([(), (0.0,)], [(0.0,), (0.0,)])
    >>> curves_of("hinge", target=-1).curves[1].marks
    ((-1.0, 0.0),)
    """
    if name in LOSSES:
        row = LOSSES[name].bound()
        return _curves(_loss(row, _target(row, target)))
    if name not in ACTIVATIONS and name not in NORMALISERS:
        raise unknown("row of the tables", name, [*ACTIVATIONS, *NORMALISERS, *LOSSES])
    if target is not None:
        raise InputError(f"{name} is no loss: it has no target\n{aligned([('given', f'target={target!r}')])}")
    return _curves(_normaliser(NORMALISERS[name]) if name in NORMALISERS else _activation(ACTIVATIONS[name].bound()))


def _activation(row: Activation) -> _Drawing:
    return _Drawing(
        f"The function {row.name}{_with(row.constants)} and its derivative.",
        ("z", "a", "function"),
        (-REACH, REACH),
        z,
        row.forward,
        row.forward.diff(z) if row.slope is None else row.slope.xreplace({a: row.forward}),
        _places(row),
    )


def _normaliser(row: Normaliser) -> _Drawing:
    total = row.weight + (UNITS - 1) * row.weight.subs(logit, 0)
    formula = row.output.subs({e: row.weight, s: total})
    return _Drawing(
        f"The function {row.name} over one of {UNITS} logits, the others being 0, and its derivative.",
        ("its own logit", "a", "function"),
        (-REACH, REACH),
        logit,
        formula,
        formula.diff(logit),
        (),
    )


def _loss(row: Loss, target: Rational) -> _Drawing:
    summand = row.summand.subs(y, target)
    caption = f"The loss {row.name}{_with(row.constants)} for the target {target}"
    if isinstance(row.predictions, FiniteSet):
        # Of a few numbers there is no curve: it is drawn behind the function that puts them out.
        partner = ACTIVATIONS[row.partner].bound()
        formula = summand.subs(p, partner.forward)
        return _Drawing(
            f"{caption}, behind the function {partner.name}, and its derivative.",
            ("pre-activation", "loss", "loss"),
            (-REACH, REACH),
            z,
            formula,
            formula.diff(z),
            _places(partner),
        )
    kinks = [
        (float(place), float(value.subs({y: target, p: place})))
        for zero, value in row.kinks
        for place in solveset(zero.subs(y, target), p, S.Reals)
    ]
    return _Drawing(
        f"{caption}, and its derivative.",
        ("logit" if row.logits else _AXES.get(row.predictions, "prediction"), "loss", "loss"),
        _stretch(row.predictions, float(target) if row.targets == S.Reals else 0.0),
        p,
        summand,
        summand.diff(p) if row.slope is None else row.slope.subs(y, target),
        tuple(kinks),
    )


def _target(row: Loss, given: int | str | Fraction | None) -> Rational:
    if given is None:
        return Integer(0) if row.targets == S.Reals else row.targets.sup
    try:
        fraction = Fraction(given)
    except (ValueError, TypeError, ArithmeticError) as error:
        raise InputError(f"target must be a decimal or a fraction, given {given!r}") from error
    target = Rational(fraction.numerator, fraction.denominator)
    if target not in row.targets:
        rows = [("given", str(target)), ("its targets", str(row.targets))]
        raise InputError(f"loss {row.name!r} is not defined for that target\n{aligned(rows)}")
    return target


def _with(constants: tuple[Constant, ...]) -> str:
    said = ", ".join(f"{constant.name} = {constant.default}" for constant in constants)
    return f" with {said}" if said else ""


def _places(row: Activation) -> Kinks:
    """Return the kinks of an activation; a value declared for a derivative that is of no use is not shown."""
    return tuple((float(place), None if row.no_gradient else float(value)) for place, value in row.kinks)


def _stretch(predictions: Set, middle: float) -> tuple[float, float]:
    low, high = predictions.inf, predictions.sup
    if low.is_finite and high.is_finite:
        inset = INSET * float(high - low)
        return float(low) + inset, float(high) - inset
    if high.is_finite:
        return float(high) - REACH, float(high)
    return (float(low), float(low) + REACH) if low.is_finite else (middle - REACH, middle + REACH)


def _curves(drawing: _Drawing) -> Curves:
    x_label, y_label, label = drawing.labels
    places = tuple(place for place, _ in drawing.kinks)
    at = _grid(drawing.stretch, places)

    def values(formula: Expr, at: Any) -> Any:
        return _values(formula, drawing.variable, at)

    def jumps(formula: Expr) -> tuple[float, ...]:
        sides = ((place, values(formula, np.array([place - _NEAR, place + _NEAR]))) for place in places)
        return tuple(place for place, (before, after) in sides if abs(after - before) > _JUMP)

    own = jumps(drawing.formula)
    # Where a function jumps it has no derivative either.
    breaks = tuple(sorted({*own, *jumps(drawing.slope)}))
    heights = values(drawing.formula, np.array(places)) if places else ()
    marks = tuple((place, float(height)) for place, height in zip(places, heights, strict=True))
    declared = tuple((place, value) for place, value in drawing.kinks if value is not None)
    return Curves(
        drawing.caption,
        x_label,
        y_label,
        (
            Curve(label, at, values(drawing.formula, at), own, marks),
            Curve("derivative", at, values(drawing.slope, at), breaks, declared),
        ),
    )


def _grid(stretch: tuple[float, float], kinks: tuple[float, ...]) -> Any:
    """Return where a curve is computed: close by every kink on either side, and never on one."""
    evenly = np.linspace(*stretch, _POINTS)
    away = [x for x in evenly if all(abs(x - kink) > _NEAR for kink in kinks)]
    return np.array(sorted([*away, *(kink + side for kink in kinks for side in (-_NEAR, _NEAR))]))


def _values(formula: Expr, variable: Expr, at: Any) -> Any:
    i = index("i", SAMPLES)
    given, made = tensor("Z", SAMPLES), tensor("A", SAMPLES)
    equation = Equation(made[i], formula.xreplace({variable: given[i]}))
    # A program tells the sizes; its loss is not computed.
    program = Program(equations=(Equation(LOSS, Sum(given[i], i)),), parameters=(given,), inputs=())
    return np.asarray(extend(program, {"Z": at}, [equation])["A"], dtype=float)
