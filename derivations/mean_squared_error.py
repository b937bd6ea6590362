"""Mean squared error: three outputs, five samples, averaged over all of them.

The predictions are given, so the loss is a function of them alone: MSE = (1/(m n)) Σ (ŷ − y)², averaged over the m
samples and the n outputs.

Its gradient is 2(ŷ − y)/(m n), entry by entry.

Shapes: P (3, 5), Y (3, 5), features first; P holds the predictions ŷ. Source: a lecture on regression losses that
prints the data and the error.
"""

from __future__ import annotations

import numpy as np
from sympy import Sum

from symnn.equations import Equation, Program
from symnn.library import Figure, Point
from symnn.notation import LOSS, SAMPLES, index, tensor, width

_i, _j = index("i", SAMPLES), index("j", width(1))
_P, _Y = tensor("P", width(1), SAMPLES), tensor("Y", width(1), SAMPLES)

systems = (3,)
program = Program(
    equations=(Equation(LOSS, Sum((_P[_j, _i] - _Y[_j, _i]) ** 2, _j, _i) / (SAMPLES * width(1))),),
    parameters=(_P,),
    inputs=(),
    targets=(_Y,),
)
point = Point(
    parameters={
        "P": [
            ["0.03", "0.43", "-0.25", "0.61", "-0.92"],
            ["-1.84", "-0.35", "2.32", "0.82", "0.51"],
            ["-1.11", "-0.19", "0.48", "2.1", "0.6"],
        ],
    },
    data={
        "Y": [
            ["1.9", "0.24", "-0.38", "-0.86", "2.49"],
            ["-0.22", "0.17", "-0.74", "1.12", "1.06"],
            ["-2.39", "0.98", "-1.87", "-1.62", "0.23"],
        ],
    },
)


def loss(params, Y):
    return np.mean((Y - params["P"]) ** 2)


def grad(params, Y):
    return {"P": 2 * (params["P"] - Y) / Y.size}


published = (Figure("L", "3.49966", "exact"),)
