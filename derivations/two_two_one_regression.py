"""2-2-1 linear regression: nine derivatives, one by one.

Two inputs (marks and resume score) go through two linear units, O₁₁ and O₁₂, into one linear output; the loss of a
sample is (y − ŷ)². Each of the nine parameters has its derivative by the chain rule, those of the first layer through
O₁₁ or O₁₂. All weights start at 1 and all biases at 0. Taken one after the other, the three samples train the network.

Shapes: X (1, 2), W1 (2, 2), b1 (2), W2 (2, 1), b2 (1), Y (1, 1), samples first; the sample is the first of three.
Source: a lecture that codes backpropagation by hand for predicting a salary, from the samples (80, 8) → 3, (60, 9) → 5
and (70, 5) → 8.
"""

from __future__ import annotations

import numpy as np

from symnn.library import Curve, Curves, Figure, Point
from symnn.network import Dense, Network

systems = (23,)
SAMPLES = (((80, 8), 3), ((60, 9), 5), ((70, 5), 8))
style = "chain"
notation = "w-ij-k"
network = Network(
    inputs=2,
    layers=[Dense(2), Dense(1)],
    loss="squared-error",
    reduction="sum",
    layout="samples-first",
)
point = Point(
    parameters={"W1": [[1, 1], [1, 1]], "b1": [0, 0], "W2": [[1], [1]], "b2": [0]},
    data={"X": [[80, 8]], "Y": [[3]]},
    learning_rate="1/100000",
)


def forward(params, X):
    O1 = X @ params["W1"] + params["b1"]
    return O1, O1 @ params["W2"] + params["b2"]


def loss(params, X, Y):
    return ((Y - forward(params, X)[1]) ** 2).sum()


def grad(params, X, Y):
    O1, prediction = forward(params, X)
    error = -2 * (Y - prediction)
    hidden = error @ params["W2"].T
    return {"W1": X.T @ hidden, "b1": hidden.sum(axis=0), "W2": O1.T @ error, "b2": error.sum(axis=0)}


def epoch(params, samples, learning_rate):
    losses = []
    for x, y in samples:
        X, Y = np.array([x]), np.array([[y]])
        losses.append(loss(params, X, Y))
        slopes = grad(params, X, Y)
        params = {name: params[name] - learning_rate * slopes[name] for name in params}
    return params, sum(losses) / len(losses)


def exhibits():
    curves = []
    for rate in (1e-5, 1e-6):
        params, losses = {name: point.floats(name) for name in point.parameters}, []
        for _ in range(50):
            params, mean = epoch(params, SAMPLES, rate)
            losses.append(mean)
        curves.append(Curve(f"learning rate {rate:g}", range(1, 51), losses))
    return (
        Curves(
            "The loss over 50 epochs, averaged over the three samples, each met before the step that it causes.",
            "epoch",
            "mean loss",
            tuple(curves),
            logarithmic=True,
        ),
    )


published = (Figure("parameters", "9", "exact"),)
