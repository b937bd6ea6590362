"""Sigmoid and binary cross-entropy as one: the same ŷ − y.

A sigmoid neuron answers with a probability, and the loss of a sample is −y log ŷ − (1 − y) log(1 − ŷ), averaged over
the batch.

The derivative of the loss divides by ŷ(1 − ŷ), that of the sigmoid multiplies by it: what is left with respect to the
pre-activation is ŷ − y, divided by the number of samples. Sure of a wrong answer, the neuron still has a gradient to
learn from; with the squared error it would have nearly none.

Shapes: X (2, 3), W1 (1, 2), b1 (1, 1), Y (1, 3), features first. Source: a lecture that lists the usual pairs of output
and loss; the numbers are chosen here.
"""

from __future__ import annotations

import numpy as np

from symnn.library import Point
from symnn.network import Dense, Network

systems = (20,)
network = Network(inputs=2, layers=[Dense(1, "sigmoid")], loss="binary-cross-entropy", reduction="mean")
point = Point(
    parameters={"W1": [["0.5", "-1"]], "b1": [["0.25"]]},
    data={"X": [["1", "-2", "0.5"], ["0.5", "1", "-3"]], "Y": [["1", "0", "0"]]},
    learning_rate="1/2",
)


def forward(params, X):
    return 1 / (1 + np.exp(-(params["W1"] @ X + params["b1"])))


def loss(params, X, Y):
    prediction = forward(params, X)
    return -np.mean(Y * np.log(prediction) + (1 - Y) * np.log(1 - prediction))


def grad(params, X, Y):
    dz = (forward(params, X) - Y) / X.shape[1]
    return {"W1": dz @ X.T, "b1": np.sum(dz, axis=1, keepdims=True)}


published = ()
