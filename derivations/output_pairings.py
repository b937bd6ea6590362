"""Outputs and their losses: four pairings, one derivative.

Each loss has an output that it goes with: squared error with a linear one, binary cross-entropy with a sigmoid,
cross-entropy with a softmax.

In all three the derivative with respect to the pre-activation is the prediction less the target. The hinge goes with a
linear output whose sign is the answer, and its derivative is −y or nothing.

Shapes: U (2), V (2), Z (2, 3), H (2), T (2), B (2), Y (2, 3), S (2); U, V, Z and H are the pre-activations. Source: a
lecture that lists the usual pairs; the numbers are chosen here.
"""

from __future__ import annotations

import numpy as np
from sympy import Integer, Piecewise, Rational, Sum, exp, log

from symnn.equations import Equation, Program
from symnn.library import Point, curves_of
from symnn.notation import LOSS, SAMPLES, index, scalar, tensor, width

_i, _j, _k = index("i", SAMPLES), index("j", width(1)), index("k", width(1))
_U, _V, _H, _T, _B, _S, _A = (tensor(name, SAMPLES) for name in ("U", "V", "H", "T", "B", "S", "A"))
_Z, _Y, _E, _C = (tensor(name, SAMPLES, width(1)) for name in "ZYEC")
_D = tensor("D", SAMPLES, 1)
_L1, _L2, _L3, _L4 = map(scalar, ("L1", "L2", "L3", "L4"))
_margin = _S[_i] * _H[_i]

systems = (20,)
rows = (
    "half-squared-error",
    "binary-cross-entropy",
    "binary-cross-entropy-from-logits",
    "categorical-cross-entropy",
    "log-softmax",
    "negative-log-likelihood",
    "hinge",
)
program = Program(
    equations=(
        Equation(_L1, Rational(1, 2) * Sum((_U[_i] - _T[_i]) ** 2, _i)),
        Equation(_A[_i], 1 / (1 + exp(-_V[_i]))),
        Equation(_L2, Sum(-_B[_i] * log(_A[_i]) - (1 - _B[_i]) * log(1 - _A[_i]), _i)),
        Equation(_E[_i, _j], exp(_Z[_i, _j])),
        Equation(_D[_i, 0], Sum(_E[_i, _k], _k)),
        Equation(_C[_i, _j], _E[_i, _j] / _D[_i, 0]),
        Equation(_L3, -Sum(_Y[_i, _j] * log(_C[_i, _j]), _i, _j)),
        Equation(_L4, Sum(Piecewise((1 - _margin, _margin < 1), (Integer(0), True)), _i)),
        Equation(LOSS, _L1 + _L2 + _L3 + _L4),
    ),
    parameters=(_U, _V, _Z, _H),
    inputs=(),
    targets=(_T, _B, _Y, _S),
    distributions={"Y": _j},
)
point = Point(
    parameters={
        "U": ["1.5", "-0.5"],
        "V": ["0.4", "-1.2"],
        "Z": [["2", "-1", "0.5"], ["0.1", "0.3", "-0.2"]],
        "H": ["0.5", "1.75"],
    },
    data={"T": ["1", "0.25"], "B": ["1", "0"], "Y": [[0, 0, 1], [1, 0, 0]], "S": [1, 1]},
    learning_rate="1/10",
)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def loss(params, T, B, Y, S):
    A = sigmoid(params["V"])
    squared = 0.5 * np.sum((params["U"] - T) ** 2)
    binary = -np.sum(B * np.log(A) + (1 - B) * np.log(1 - A))
    categorical = -np.sum(Y * np.log(softmax(params["Z"])))
    hinge = np.sum(np.maximum(0, 1 - S * params["H"]))
    return squared + binary + categorical + hinge


def grad(params, T, B, Y, S):
    return {
        "U": params["U"] - T,
        "V": sigmoid(params["V"]) - B,
        "Z": softmax(params["Z"]) - Y,
        "H": np.where(S * params["H"] < 1, -S, 0),
    }


def exhibits():
    return tuple(map(curves_of, ("half-squared-error", "binary-cross-entropy-from-logits", "softmax", "hinge")))


published = ()
