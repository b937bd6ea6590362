"""Two classifiers of equal accuracy: what cross-entropy and divergence see.

Two classifiers answer three samples with probabilities for three classes. Their losses are the cross-entropy and the
divergence D(p‖q) = Σ p log p − Σ p log q.

Both are right twice and wrong once, but one is only just right and badly wrong, the other surely right and only just
wrong. The divergence is the cross-entropy less the entropy of the targets, which is zero for one-hot targets: there the
two are one.

Shapes: P (3, 3), Q (3, 3), Y (3, 3), samples first: P holds the first classifier's answers, Q the second's. Source: a
lecture on cross-entropy that prints both tables.
"""

from __future__ import annotations

import numpy as np
from sympy import Sum, log

from symnn.equations import Equation, Program
from symnn.library import Point, curves_of
from symnn.notation import LOSS, SAMPLES, index, scalar, tensor, width

_i, _j = index("i", SAMPLES), index("j", width(1))
_P, _Q, _Y = (tensor(name, SAMPLES, width(1)) for name in "PQY")
_first, _second = scalar("H1"), scalar("H2")

systems = (21,)
program = Program(
    equations=(
        Equation(_first, -Sum(_Y[_i, _j] * log(_P[_i, _j]), _i, _j) / SAMPLES),
        Equation(_second, -Sum(_Y[_i, _j] * log(_Q[_i, _j]), _i, _j) / SAMPLES),
        Equation(LOSS, _first + _second),
    ),
    parameters=(_P, _Q),
    inputs=(),
    targets=(_Y,),
)
point = Point(
    parameters={
        "P": [["0.3", "0.3", "0.4"], ["0.3", "0.4", "0.3"], ["0.1", "0.2", "0.7"]],
        "Q": [["0.1", "0.2", "0.7"], ["0.1", "0.7", "0.2"], ["0.3", "0.4", "0.3"]],
    },
    data={"Y": [[0, 0, 1], [0, 1, 0], [1, 0, 0]]},
    learning_rate="1/100",
)


def cross_entropy(answers, Y):
    return -np.sum(Y * np.log(answers)) / len(Y)


def divergence(answers, Y):
    entropy = -np.sum(np.where(Y > 0, Y * np.log(np.where(Y > 0, Y, 1)), 0)) / len(Y)
    return cross_entropy(answers, Y) - entropy


def loss(params, Y):
    return cross_entropy(params["P"], Y) + cross_entropy(params["Q"], Y)


def grad(params, Y):
    return {name: -Y / params[name] / len(Y) for name in ("P", "Q")}


def exhibits():
    return (curves_of("kl-divergence"),)


published = ()
