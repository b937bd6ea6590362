"""OR gate, one sample: upstream times local gradient.

A sigmoid neuron with two inputs learns the OR gate from the single sample x = (0, 0), y = 0 with the loss ½(y − ŷ)².
Its bias takes one step with learning rate 1.

At every node the gradient of the loss is the upstream gradient times the local gradient; after one step on the bias the
loss is lower. Both inputs are 0, so the weights have no influence on this sample.

Shapes: X (2, 1), W1 (1, 2), b1 (1, 1), Y (1, 1), features first. Source: a lecture on backpropagation at one neuron.
"""

from __future__ import annotations

import numpy as np

from symnn.library import Figure, Point
from symnn.network import Dense, Network

systems = (5,)
style = "upstream-local"
network = Network(inputs=2, layers=[Dense(1, "sigmoid")], loss="half-squared-error", reduction="sum")
point = Point(
    parameters={"W1": [["0.1", "0.6"]], "b1": [["0"]]},
    data={"X": [["0"], ["0"]], "Y": [["0"]]},
    learning_rate=1,
)


def forward(params, X):
    return 1 / (1 + np.exp(-(params["W1"] @ X + params["b1"])))


def loss(params, X, Y):
    return np.sum((Y - forward(params, X)) ** 2) / 2


def grad(params, X, Y):
    prediction = forward(params, X)
    upstream = -(Y - prediction)
    local = prediction * (1 - prediction)
    dz = upstream * local
    return {"W1": dz @ X.T, "b1": dz}


published = (
    Figure("Z1", [["0"]], "exact"),
    Figure("A1", [["0.5"]], "exact"),
    Figure("L", "0.125", "exact"),
    Figure("dA1", [["0.5"]], "exact"),
    Figure("A1_slope", [["0.25"]], "exact"),
    Figure("dZ1", [["0.125"]], "exact"),
    Figure("dW1", [["0", "0"]], "exact"),
    Figure("db1", [["0.125"]], "exact"),
    Figure("b1", [["-0.125"]], "exact", after=1),
    Figure("A1", [["0.469"]], "rounded", after=1),
    Figure("L", "0.10998", "carried", after=1, carry=3),
)
