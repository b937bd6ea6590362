"""The Jacobian of the cost.

Cost = (1/2m) Σ (y⁽ⁱ⁾ − ŷ⁽ⁱ⁾)². Its derivative with respect to every prediction is to be found for m = 2, then for any
m.

Written out for m = 2, then for any m: ∂Cost/∂ŷ⁽ⁱ⁾ = −(1/m)(y⁽ⁱ⁾ − ŷ⁽ⁱ⁾), one entry for each sample.

Shapes: P (2) and Y (2), for two samples; P holds the predictions ŷ. Source: a lecture that turns the loss of one sample
into the cost of a batch; the numbers are chosen here.
"""

from __future__ import annotations

import numpy as np
from sympy import Sum

from symnn.equations import Equation, Program
from symnn.library import Point
from symnn.notation import LOSS, SAMPLES, index, tensor

_i = index("i", SAMPLES)
_P, _Y = tensor("P", SAMPLES), tensor("Y", SAMPLES)

systems = (6,)
program = Program(
    equations=(Equation(LOSS, Sum((_Y[_i] - _P[_i]) ** 2, _i) / (2 * SAMPLES)),),
    parameters=(_P,),
    inputs=(),
    targets=(_Y,),
)
point = Point(parameters={"P": ["0.5", "0.8"]}, data={"Y": ["0", "1"]})


def loss(params, Y):
    return np.sum((Y - params["P"]) ** 2) / (2 * len(Y))


def grad(params, Y):
    return {"P": -(Y - params["P"]) / len(Y)}


published = ()
