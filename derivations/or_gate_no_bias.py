"""OR gate, one sample, no bias: where nothing can be learned.

The neuron of the OR gate without a bias, on the sample x = (0, 0), y = 0 with the loss ½(y − ŷ)².

The upstream gradient and the local gradient of the activation are both far from zero, and yet the gradient with
respect to both weights is exactly zero: the sample is multiplied with the weights, and the sample is zero. That is
what a bias is for.

Shapes: X (2, 1), W1 (1, 2), Y (1, 1), features first. Source: a lecture on backpropagation at one neuron.
"""

from __future__ import annotations

import numpy as np

from symnn.library import Figure, Point
from symnn.network import Dense, Network

systems = (5,)
style = "upstream-local"
network = Network(inputs=2, layers=[Dense(1, "sigmoid", bias=False)], loss="half-squared-error", reduction="sum")
point = Point(
    parameters={"W1": [["0.1", "0.6"]]},
    data={"X": [["0"], ["0"]], "Y": [["0"]]},
    learning_rate=1,
)


def forward(params, X):
    return 1 / (1 + np.exp(-(params["W1"] @ X)))


def loss(params, X, Y):
    return np.sum((Y - forward(params, X)) ** 2) / 2


def grad(params, X, Y):
    prediction = forward(params, X)
    dz = -(Y - prediction) * prediction * (1 - prediction)
    return {"W1": dz @ X.T}


published = (
    Figure("Z1", [["0"]], "exact"),
    Figure("A1", [["0.5"]], "exact"),
    Figure("L", "0.125", "exact"),
    Figure("dA1", [["0.5"]], "exact"),
    Figure("A1_slope", [["0.25"]], "exact"),
    Figure("dZ1", [["0.125"]], "exact"),
    Figure("dW1", [["0", "0"]], "exact"),
)
