"""Activations: seven functions and their derivatives.

The linear function, the unit step (½ at 0), the sign, the piecewise linear, the logistic function, the hyperbolic
tangent and ReLU, each with its derivative; the loss adds up those that have a useful one.

Step and sign are flat on either side of their jump: their derivative is zero or does not exist, no step downhill would
move anything, and so the loss here adds up the other five.

Shapes: Z (4); Z holds pre-activations. Source: a lecture that shows the functions in a table of seven rows; the
numbers are chosen here, away from every kink.
"""

from __future__ import annotations

import numpy as np
from sympy import Sum

from symnn.equations import Equation, Program
from symnn.library import Point, curves_of
from symnn.notation import LOSS, SAMPLES, index, tensor
from symnn.rules import ACTIVATIONS
from symnn.rules.activations import z

_i = index("i", SAMPLES)
_Z = tensor("Z", SAMPLES)
_outputs = {name: tensor(f"A{k}", SAMPLES) for k, name in enumerate(("piecewise-linear", "sigmoid", "tanh", "relu"), 1)}

systems = (13, 18)
rows = ("linear", "step", "sign", "piecewise-linear", "sigmoid", "tanh", "relu")
program = Program(
    equations=(
        *(Equation(A[_i], ACTIVATIONS[name].forward.subs(z, _Z[_i])) for name, A in _outputs.items()),
        Equation(LOSS, Sum(_Z[_i] + sum(A[_i] for A in _outputs.values()), _i)),
    ),
    parameters=(_Z,),
    inputs=(),
)
point = Point(parameters={"Z": ["-2", "-0.25", "0.3", "1.5"]}, data={}, learning_rate="1/10")


def step(z):
    return np.where(z > 0, 1, np.where(z == 0, 1 / 2, 0))


def sign(z):
    return np.where(z > 0, 1, np.where(z == 0, 0, -1))


def piecewise_linear(z):
    return np.clip(z + 1 / 2, 0, 1)


def logistic(z):
    return 1 / (1 + np.exp(-z))


def relu(z):
    return np.maximum(z, 0)


def piecewise_linear_slope(z):
    return np.where(abs(z) < 1 / 2, 1, 0)


def logistic_slope(z):
    return logistic(z) * (1 - logistic(z))


def tanh_slope(z):
    return 1 - np.tanh(z) ** 2


def relu_slope(z):
    return np.where(z > 0, 1, 0)


def loss(params):
    z = params["Z"]
    return np.sum(z + piecewise_linear(z) + logistic(z) + np.tanh(z) + relu(z))


def grad(params):
    z = params["Z"]
    return {"Z": 1 + piecewise_linear_slope(z) + logistic_slope(z) + tanh_slope(z) + relu_slope(z)}


def exhibits():
    return tuple(map(curves_of, rows))


published = ()
