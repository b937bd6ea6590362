"""OR gate, trained: five thousand epochs.

The OR gate's neuron takes the same step 5000 times, with learning rate 1.

The cost falls to about five ten-thousandths, and the line where the prediction is one half separates (0, 0) from the
other three points. With a very low learning rate the cost has hardly moved by then. With a very high one the first step
throws the neuron so far that its slope is nearly zero everywhere: the cost stays at one eighth.

Shapes: X (2, 4), W1 (1, 2), b1 (1, 1), Y (1, 4), features first. Source: a lecture that trains the example it has
worked by hand, and prints the cost and the parameters at the end.
"""

from __future__ import annotations

import numpy as np

from symnn.library import Curve, Curves, Figure, Line, Point, Separation
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


def exhibits():
    start = {name: point.floats(name) for name in point.parameters}
    X, Y = point.floats("X"), point.floats("Y")
    epochs = range(0, 5001, 25)
    runs = {rate: trained(start, X, Y, rate, 5000) for rate in (1.0, 0.001, 500.0)}
    last, _ = runs[1.0]
    return (
        Curves(
            "The cost over 5000 epochs with the learning rate 1, with a very low one, and with a very high one.",
            "epoch",
            "cost",
            tuple(
                Curve(f"learning rate {rate:g}", epochs, [costs[e] for e in epochs])
                for rate, (_, costs) in runs.items()
            ),
            logarithmic=True,
        ),
        Separation(
            "The four inputs by class, and the line on which the prediction is one half, before and after.",
            "first input",
            "second input",
            tuple(zip(*X, strict=True)),
            tuple(map(int, Y[0])),
            (
                Line("before training", tuple(start["W1"][0]), float(start["b1"].item())),
                Line("after 5000 epochs", tuple(last["W1"][0]), float(last["b1"].item())),
            ),
        ),
    )


published = (
    Figure("L", "5.28e-4", "rounded", after=5000),
    Figure("W1", [["6.434", "6.434"]], "rounded", after=5000),
    Figure("b1", [["-2.973"]], "rounded", after=5000),
)
