"""Linear neuron: one step of gradient descent.

A neuron with three inputs and no activation predicts ŷ = w·x + b for one sample; the loss is (ŷ − y)². Find the
gradient of the loss with respect to every weight and the bias, take one step down with learning rate 1/100, and see
the loss fall.

Shapes: X (3, 1), W1 (1, 3), b1 (1, 1), Y (1, 1), features first. Source: a first lecture on gradient descent.
"""

from __future__ import annotations

from symnn.library import Figure, Point
from symnn.network import Dense, Network

systems = (1,)
network = Network(inputs=3, layers=[Dense(1)], loss="squared-error", reduction="sum", layout="features-first")
point = Point(
    parameters={"W1": [["0.1", "-0.2", "0.4"]], "b1": [["0.5"]]},
    data={"X": [["1"], ["-1"], ["2"]], "Y": [["1.5"]]},
    learning_rate="1/100",
)


def loss(params, X, Y):
    prediction = params["W1"] @ X + params["b1"]
    return ((prediction - Y) ** 2).sum()


def grad(params, X, Y):
    prediction = params["W1"] @ X + params["b1"]
    dprediction = 2 * (prediction - Y)
    return {"W1": dprediction @ X.T, "b1": dprediction}


published = (
    Figure("Z1", [["1.6"]], "exact"),
    Figure("L", "0.01", "exact"),
    Figure("dZ1", [["0.2"]], "exact"),
    Figure("dW1", [["0.2", "-0.2", "0.4"]], "exact"),
    Figure("db1", [["0.2"]], "exact"),
    Figure("W1", [["0.098", "-0.198", "0.396"]], "exact", after=1),
    Figure("b1", [["0.498"]], "exact", after=1),
    Figure("Z1", [["1.586"]], "exact", after=1),
    Figure("L", "0.007396", "exact", after=1),
)
