"""OR gate, trained: five thousand epochs.

The OR gate's neuron takes the same step 5000 times, with learning rate 1. The cost falls to about five ten-thousandths,
and the line where the prediction is one half separates (0, 0) from the other three points. With a very low learning
rate the cost has hardly moved by then; with a very high one it leaps before it settles.

Shapes: X (2, 4), W1 (1, 2), b1 (1, 1), Y (1, 4), features first. Source: a lecture that trains the example it has
worked by hand, and prints the cost and the parameters at the end.
"""

from __future__ import annotations

import numpy as np

from symnn.library import Figure, Point
from symnn.network import Dense, Network

systems = (9, 24)
network = Network(inputs=2, layers=[Dense(1, "sigmoid")], loss="half-squared-error", reduction="mean")
point = Point(
    parameters={"W1": [["0.1", "0.6"]], "b1": [["0"]]},
    data={"X": [["0", "0", "1", "1"], ["0", "1", "0", "1"]], "Y": [["0", "1", "1", "1"]]},
    learning_rate=1,
)


def forward(params, X):
    return 1 / (1 + np.exp(-(params["W1"] @ X + params["b1"])))


def loss(params, X, Y):
    return np.sum((Y - forward(params, X)) ** 2) / (2 * X.shape[1])


def grad(params, X, Y):
    prediction = forward(params, X)
    dz = (prediction - Y) * prediction * (1 - prediction) / X.shape[1]
    return {"W1": dz @ X.T, "b1": np.sum(dz, axis=1, keepdims=True)}


def trained(params, X, Y, learning_rate, epochs):
    costs = [loss(params, X, Y)]
    for _ in range(epochs):
        slopes = grad(params, X, Y)
        params = {name: params[name] - learning_rate * slopes[name] for name in params}
        costs.append(loss(params, X, Y))
    return params, costs


published = (
    Figure("L", "5.28e-4", "rounded", after=5000),
    Figure("W1", [["6.434", "6.434"]], "rounded", after=5000),
    Figure("b1", [["-2.973"]], "rounded", after=5000),
)
