"""Categorical cross-entropy: two predictions of one digit.

Ten classes, and twice the true one is class 4, counted from 0. The loss of a sample is −Σ y log ŷ.

For a one-hot target that is −log ŷ₄: it looks at one probability only, and a probability of zero elsewhere costs
nothing, since 0 · log 0 counts as 0.

Shapes: P (10, 2), Y (10, 2), features first; a column of P holds the predictions of one sample. Source: a lecture on
the loss functions of classifiers that prints both predictions.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from symnn.library import Point
from symnn.network import program_of_loss

_loss = program_of_loss("categorical-cross-entropy", "sum", "features-first")

systems = (4,)
program = replace(_loss, parameters=_loss.inputs, inputs=())
point = Point(
    parameters={
        "P": [
            ["0.01", "0"],
            ["0.03", "0"],
            ["0.1", "0.01"],
            ["0.07", "0.03"],
            ["0.33", "0.92"],
            ["0.11", "0.02"],
            ["0.01", "0.01"],
            ["0.21", "0"],
            ["0.03", "0.01"],
            ["0.1", "0"],
        ]
    },
    data={"Y": [[0, 0], [0, 0], [0, 0], [0, 0], [1, 1], [0, 0], [0, 0], [0, 0], [0, 0], [0, 0]]},
    learning_rate="1/100",
)


def loss(params, Y):
    P = params["P"]
    # Where the target is 0 the logarithm sees a harmless 1 instead.
    return -np.sum(Y * np.log(np.where(Y > 0, P, 1 + 0 * P)))


def grad(params, Y):
    P = params["P"]
    return {"P": -Y / np.where(Y > 0, P, 1 + 0 * P)}


published = ()
