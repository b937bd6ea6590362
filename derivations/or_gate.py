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
    Figure("Z1", [["0", ".6", ".1", ".7"]], "exact"),
    Figure("A1", [[".5", ".646", ".525", ".668"]], "rounded"),
    Figure("L", ".089", "rounded"),
    Figure("dA1", [[".125", "-.089", "-.119", "-.083"]], "rounded"),
    Figure("A1_slope", [[".25", ".229", ".249", ".222"]], "rounded"),
    Figure("dZ1", [[".031", "-.020", "-.030", "-.018"]], "rounded"),
    Figure("dW1", [["-.048", "-.038"]], "carried", carry=3),
    Figure("db1", [["-.037"]], "rounded"),
    Figure("W1", [[".148", ".638"]], "carried", after=1, carry=3),
    Figure("b1", [[".037"]], "rounded", after=1),
    Figure("Z1", [[".037", ".675", ".185", ".823"]], "carried", after=1, carry=3),
    Figure("A1", [[".509", ".663", ".546", ".695"]], "rounded", after=1),
    Figure("L", ".084", "rounded", after=1),
)
