"""Losses: squared, absolute, Huber, hinge, and the cross-entropies.

The loss of one sample as a function of the prediction, and its derivative: squared, absolute and Huber's error, the
hinge, and the cross-entropies. The cost is the mean over the samples.

Squared error grows without bound and lets one outlier rule; absolute error has a slope of 1 everywhere but at its kink;
Huber's is the first near the target and the second far from it, with a joint at δ. The hinge is zero beyond a margin of
one. The number of mistakes, the 0/1 loss, is what a classifier is judged by, but it is flat: nothing can be learned
from it.

Shapes: P (3), Q (3), Y (3), B (3), S (3); P holds predictions, Q probabilities, Y numbers, B labels 0 or 1, S labels
−1 or 1. Source: a lecture that lists loss functions; the numbers are chosen here, away from every kink.
"""

from __future__ import annotations

import numpy as np
from sympy import Abs, Integer, Piecewise, Rational, Sum, log

from symnn.equations import Equation, Program
from symnn.library import Curve, Curves, Point, curves_of
from symnn.notation import LOSS, SAMPLES, index, scalar, tensor

_i = index("i", SAMPLES)
_P, _Q, _Y, _B, _S = (tensor(name, SAMPLES) for name in ("P", "Q", "Y", "B", "S"))
_squared, _absolute, _huber, _binary, _hinge = map(scalar, ("L1", "L2", "L3", "L4", "L5"))
_error = _P[_i] - _Y[_i]

systems = (3, 19)
drawn = (
    "squared-error",
    "absolute-error",
    "huber",
    "binary-cross-entropy",
    "categorical-cross-entropy",
    "sparse-categorical-cross-entropy",
    "hinge",
    "zero-one",
)
rows = (*drawn[:-1], "kl-divergence", "perceptron", "zero-one")
program = Program(
    equations=(
        Equation(_squared, Sum(_error**2, _i) / SAMPLES),
        Equation(_absolute, Sum(Abs(_error), _i) / SAMPLES),
        Equation(
            _huber,
            Sum(Piecewise((_error**2 / 2, Abs(_error) <= 1), (Abs(_error) - Rational(1, 2), True)), _i) / SAMPLES,
        ),
        Equation(_binary, Sum(-_B[_i] * log(_Q[_i]) - (1 - _B[_i]) * log(1 - _Q[_i]), _i) / SAMPLES),
        Equation(_hinge, Sum(Piecewise((1 - _S[_i] * _P[_i], _S[_i] * _P[_i] < 1), (Integer(0), True)), _i) / SAMPLES),
        Equation(LOSS, _squared + _absolute + _huber + _binary + _hinge),
    ),
    parameters=(_P, _Q),
    inputs=(),
    targets=(_Y, _B, _S),
)
point = Point(
    parameters={"P": ["0.5", "-1", "2"], "Q": ["0.8", "0.3", "0.6"]},
    data={"Y": ["0.25", "1.5", "1.75"], "B": ["1", "0", "1"], "S": [1, 1, 1]},
    learning_rate="1/10",
)


def squared(p, y):
    return (p - y) ** 2


def absolute(p, y):
    return abs(p - y)


def huber(p, y):
    error = p - y
    return np.where(abs(error) <= 1, error**2 / 2, abs(error) - 1 / 2)


def binary(q, b):
    return -b * np.log(q) - (1 - b) * np.log(1 - q)


def hinge(p, s):
    return np.maximum(0, 1 - s * p)


def loss(params, Y, B, S):
    P, Q = params["P"], params["Q"]
    return np.mean(squared(P, Y) + absolute(P, Y) + huber(P, Y) + binary(Q, B) + hinge(P, S))


def grad(params, Y, B, S):
    P, Q, m = params["P"], params["Q"], len(Y)
    error = P - Y
    dhuber = np.where(abs(error) <= 1, error, np.sign(error))
    dhinge = np.where(S * P < 1, -S, 0)
    return {"P": (2 * error + np.sign(error) + dhuber + dhinge) / m, "Q": ((1 - B) / (1 - Q) - B / Q) / m}


def exhibits():
    p = np.linspace(-2.5, 2.5, 200)
    q = np.linspace(0.02, 0.98, 193)
    return (
        Curves(
            "Three losses of a number whose target is 0.",
            "prediction",
            "loss",
            (
                Curve("squared error", p, squared(p, 0)),
                Curve("absolute error", p, absolute(p, 0)),
                Curve("Huber's, with its joint at 1", p, huber(p, 0)),
            ),
        ),
        Curves(
            "The hinge, for the label 1, beside the number of mistakes, which is flat.",
            "prediction",
            "loss",
            (Curve("hinge", p, hinge(p, 1)), Curve("mistakes", p, np.where(p > 0, 0, 1), (0,))),
        ),
        Curves(
            "Binary cross-entropy for either label.",
            "predicted probability of label 1",
            "loss",
            (Curve("label 1", q, binary(q, 1)), Curve("label 0", q, binary(q, 0))),
        ),
        *map(curves_of, drawn),
    )


published = ()
