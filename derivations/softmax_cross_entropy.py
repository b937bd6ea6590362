"""Softmax and categorical cross-entropy as one: why the gradient is ŷ − y.

The logits of one sample go through softmax into the loss −Σ y log ŷ.

Through the Jacobian of softmax the gradient takes k² products; since the targets add up to one, all but ŷ − y cancels,
for any number of classes.

Shapes: Z (m, n1), Y (m, n1), samples first, with one sample and four classes. Source: a lecture that derives the joint
derivative; the numbers are chosen here.
"""

from __future__ import annotations

import numpy as np
from sympy import Sum, exp, log

from symnn.equations import Equation, Program
from symnn.library import Point, curves_of
from symnn.notation import LOSS, SAMPLES, index, tensor, width

_i, _j, _k = index("i", SAMPLES), index("j", width(1)), index("k", width(1))
_Z, _Y, _E, _A = (tensor(name, SAMPLES, width(1)) for name in "ZYEA")
_S = tensor("S", SAMPLES, 1)

systems = (14, 20)
rows = ("softmax",)
program = Program(
    equations=(
        Equation(_E[_i, _j], exp(_Z[_i, _j])),
        Equation(_S[_i, 0], Sum(_E[_i, _k], _k)),
        Equation(_A[_i, _j], _E[_i, _j] / _S[_i, 0]),
        Equation(LOSS, -Sum(_Y[_i, _j] * log(_A[_i, _j]), _i, _j)),
    ),
    parameters=(_Z,),
    inputs=(),
    targets=(_Y,),
    distributions={"Y": _j},
)
point = Point(parameters={"Z": [["2", "-1", "0.5", "1"]]}, data={"Y": [["0", "0", "1", "0"]]})


def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def loss(params, Y):
    return -np.sum(Y * np.log(softmax(params["Z"])))


def grad(params, Y):
    return {"Z": softmax(params["Z"]) - Y}


def exhibits():
    return tuple(map(curves_of, ("softmax", "log-softmax", "categorical-cross-entropy", "negative-log-likelihood")))


published = ()
