"""Two predictions of equal absolute error: what squaring sees.

The targets are (1, 1). One prediction, (5, 1), is far off once and right once; the other, (3, 3), is a little off
twice.

Their mean absolute errors are the same, their mean squared errors are not: squaring weighs the one large error more.

Shapes: P (2), Q (2), Y (2); P and Q hold the two predictions. Source: a lecture on regression losses that prints the
predictions and both errors.
"""

from __future__ import annotations

import numpy as np
from sympy import Abs, Sum

from symnn.equations import Equation, Program
from symnn.library import Figure, Point
from symnn.notation import LOSS, SAMPLES, index, scalar, tensor

_i = index("i", SAMPLES)
_P, _Q, _Y = (tensor(name, SAMPLES) for name in "PQY")
_M1, _M2, _S1, _S2 = map(scalar, ("M1", "M2", "S1", "S2"))

systems = (3,)
program = Program(
    equations=(
        Equation(_M1, Sum(Abs(_P[_i] - _Y[_i]), _i) / SAMPLES),
        Equation(_M2, Sum(Abs(_Q[_i] - _Y[_i]), _i) / SAMPLES),
        Equation(_S1, Sum((_P[_i] - _Y[_i]) ** 2, _i) / SAMPLES),
        Equation(_S2, Sum((_Q[_i] - _Y[_i]) ** 2, _i) / SAMPLES),
        Equation(LOSS, _M1 + _M2 + _S1 + _S2),
    ),
    parameters=(_P, _Q),
    inputs=(),
    targets=(_Y,),
)
point = Point(parameters={"P": [5, 1], "Q": [3, 3]}, data={"Y": [1, 1]}, learning_rate="1/10")


def mean_absolute_error(P, Y):
    return np.mean(abs(P - Y))


def mean_squared_error(P, Y):
    return np.mean((P - Y) ** 2)


def loss(params, Y):
    return sum(mean_absolute_error(params[name], Y) + mean_squared_error(params[name], Y) for name in ("P", "Q"))


def grad(params, Y):
    return {name: (np.sign(params[name] - Y) + 2 * (params[name] - Y)) / len(Y) for name in ("P", "Q")}


published = (
    Figure("M1", "2", "exact"),
    Figure("M2", "2", "exact"),
    Figure("S1", "8", "exact"),
    Figure("S2", "4", "exact"),
)
