"""OR gate, batch of four: one step of gradient descent.

A sigmoid neuron learns the OR gate from all four samples at once. The cost is the half squared error averaged over
the samples. Run forward, run backward, update with learning rate 1, and run forward again.

Shapes: X (2, 4), W1 (1, 2), b1 (1, 1), Y (1, 4), features first. Source: a lecture that works the example by hand,
carrying figures with three decimals.
"""

from __future__ import annotations

import numpy as np

from symnn.library import Figure, Point
from symnn.network import Dense, Network

systems = (7,)
style = "upstream-local"
network = Network(inputs=2, layers=[Dense(1, "sigmoid")], loss="half-squared-error", reduction="mean")
point = Point(
    parameters={"W1": [["0.1", "0.6"]], "b1": [["0"]]},
    data={"X": [["0", "0", "1", "1"], ["0", "1", "0", "1"]], "Y": [["0", "1", "1", "1"]]},
    learning_rate=1,
)


def forward(params, X):
    return 1 / (1 + np.exp(-(params["W1"] @ X + params["b1"])))


def loss(params, X, Y):
    m = X.shape[1]
    return np.sum((Y - forward(params, X)) ** 2) / (2 * m)


def grad(params, X, Y):
    m = X.shape[1]
    prediction = forward(params, X)
    dprediction = -(1 / m) * (Y - prediction)
    dz = dprediction * prediction * (1 - prediction)
    return {"W1": dz @ X.T, "b1": np.sum(dz, axis=1, keepdims=True)}


published = (
    Figure("Z1", [["0", "0.6", "0.1", "0.7"]], "exact"),
    Figure("A1", [["0.5", "0.646", "0.525", "0.668"]], "rounded"),
    Figure("L", "0.089", "rounded"),
    Figure("dA1", [["0.125", "-0.089", "-0.119", "-0.083"]], "rounded"),
    Figure("A1_slope", [["0.25", "0.229", "0.249", "0.222"]], "rounded"),
    Figure("dZ1", [["0.031", "-0.020", "-0.030", "-0.018"]], "rounded"),
    Figure("dW1", [["-0.048", "-0.038"]], "carried", carry=3),
    Figure("db1", [["-0.037"]], "rounded"),
    Figure("W1", [["0.148", "0.638"]], "carried", after=1, carry=3),
    Figure("b1", [["0.037"]], "rounded", after=1),
    Figure("Z1", [["0.037", "0.675", "0.185", "0.823"]], "carried", after=1, carry=3),
    Figure("A1", [["0.509", "0.663", "0.546", "0.695"]], "rounded", after=1),
    Figure("L", "0.084", "rounded", after=1),
)
