"""The perceptron: a line moved until no point is misclassified.

A perceptron answers with the sign of w · x + b. The perceptron loss (1/n) Σ max(0, −y (w · x + b)) is zero for points
on their own side and grows with the distance for the others.

Counting the mistakes, the 0/1 loss, gives no useful gradient: the count is flat, and a small step changes nothing. The
gradient of the perceptron loss is −y x/n for each misclassified point. Taken one point at a time that is the perceptron
rule w := w + η (y − ŷ) x with its four cases, and on separable points it comes to rest.

Shapes: X (6, 2), w (2), b (), S (6), samples first; S holds the labels −1 and 1. Source: a lecture on the perceptron
trick; the points are chosen here.
"""

from __future__ import annotations

import numpy as np
from sympy import Integer, Piecewise, Sum

from symnn.byhand.perceptron import separate
from symnn.equations import Equation, Program
from symnn.library import Line, Point, Separation, curves_of
from symnn.notation import LOSS, SAMPLES, index, scalar, tensor

_i, _k = index("i", SAMPLES), index("k", 2)
_X, _w, _S, _Z = tensor("X", SAMPLES, 2), tensor("w", 2), tensor("S", SAMPLES), tensor("Z", SAMPLES)
_b = scalar("b")
_margin = _S[_i] * _Z[_i]

systems = (17,)
rows = ("perceptron", "zero-one")
program = Program(
    equations=(
        Equation(_Z[_i], Sum(_X[_i, _k] * _w[_k], _k) + _b),
        Equation(LOSS, Sum(Piecewise((-_margin, _margin <= 0), (Integer(0), True)), _i) / SAMPLES),
    ),
    parameters=(_w, _b),
    inputs=(_X,),
    targets=(_S,),
)
point = Point(
    parameters={"w": ["1", "-0.5"], "b": "-0.5"},
    data={
        "X": [["1", "-0.5"], [0, "-2.5"], [2, 0], ["-1.5", -3], ["0.5", 1], ["1.5", "0.5"]],
        "S": [-1, -1, 1, -1, 1, 1],
    },
    learning_rate=1,
)


def loss(params, X, S):
    margins = S * (X @ params["w"] + params["b"])
    return np.sum(np.maximum(0, -margins)) / len(S)


def grad(params, X, S):
    wrong = np.where(S * (X @ params["w"] + params["b"]) <= 0, S, 0)
    return {"w": -(wrong @ X) / len(S), "b": -np.sum(wrong) / len(S)}


def exhibits():
    X, S = point.floats("X"), point.floats("S")
    moves = separate(X.T, (S > 0).astype(int))
    return (
        Separation(
            f"The line after each of its moves; after move {len(moves)} no point is misclassified.",
            "first input",
            "second input",
            tuple(map(tuple, X.tolist())),
            tuple(int(s > 0) for s in S),
            tuple(
                Line(f"after move {k}", tuple(map(float, move.line.weights)), float(move.line.bias))
                for k, move in enumerate(moves, start=1)
            ),
        ),
        curves_of("zero-one"),
        curves_of("perceptron"),
    )


published = ()
