"""A row of the activations as curves: the function and its derivative, computed from the row itself."""

from __future__ import annotations

from typing import Any

import numpy as np
from sympy import Expr, Sum

from symnn.equations import Equation, Program
from symnn.errors import unknown
from symnn.kernels import extend
from symnn.library.exhibits import Curve, Curves
from symnn.notation import LOSS, SAMPLES, index, tensor
from symnn.rules import ACTIVATIONS, Activation
from symnn.rules.activations import a, z

REACH = 3.0
"""How far to either side of 0 a function is drawn."""

_POINTS = 400
_NEAR = 1e-9
_JUMP = 1e-6


def curves_of(name: str) -> Curves:
    """Return the function of a row and its derivative as curves, interrupted where they jump.

    A row without a useful gradient is shown with the derivative that it has beside its jump, which is 0. Raises
    `InputError` for a name that is in no table, or whose row acts on several entries at once.

    >>> [curve.jumps for curve in curves_of("relu").curves], [curve.jumps for curve in curves_of("step").curves]
    ([(), (0.0,)], [(0.0,), (0.0,)])
    """
    if name not in ACTIVATIONS:
        raise unknown("activation of single entries", name, ACTIVATIONS)
    row = ACTIVATIONS[name].bound()
    # An even number of points, so that none falls on a kink at 0.
    at: Any = np.linspace(-REACH, REACH, _POINTS)
    slope = _slope(row)
    kinks = tuple(float(place) for place, _ in row.kinks)
    jumps = _jumps(row.forward, kinks)
    # Where a function jumps it has no derivative either.
    breaks = tuple(sorted({*jumps, *_jumps(slope, kinks)}))
    return Curves(
        f"The function {name} and its derivative.",
        "z",
        "a",
        (
            Curve("function", at, _values(row.forward, at), jumps),
            Curve("derivative", at, _values(slope, at), breaks),
        ),
    )


def _slope(row: Activation) -> Expr:
    if row.slope is None:
        return row.forward.diff(z)
    return row.slope.xreplace({a: row.forward})


def _jumps(formula: Expr, kinks: tuple[float, ...]) -> tuple[float, ...]:
    sides = ((kink, _values(formula, np.array([kink - _NEAR, kink + _NEAR]))) for kink in kinks)
    return tuple(kink for kink, (before, after) in sides if abs(after - before) > _JUMP)


def _values(formula: Expr, at: Any) -> Any:
    i = index("i", SAMPLES)
    given, made = tensor("Z", SAMPLES), tensor("A", SAMPLES)
    equation = Equation(made[i], formula.xreplace({z: given[i]}))
    # A program tells the sizes; its loss is not computed.
    program = Program(equations=(Equation(LOSS, Sum(given[i], i)),), parameters=(given,), inputs=())
    return np.asarray(extend(program, {"Z": at}, [equation])["A"], dtype=float)
