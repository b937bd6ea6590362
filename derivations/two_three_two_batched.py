"""2-3-2 network in batches, with activations: the same three rules.

The network of the linear example, with an activation in between, takes a whole batch of samples.

The matrix rules of the linear network hold for any batch and with an activation in between: the gradient of a layer's
values is multiplied entry by entry with the slope, the gradients of the weights are products that add up over the
samples, and those of the biases are sums over the batch.

Shapes: X (2, 4), W1 (3, 2), b1 (3, 1), W2 (2, 3), b2 (2, 1), Y (2, 4), features first. Source: a lecture that goes from
vectors to matrices; the numbers are chosen here, away from the kink of ReLU.
"""

from __future__ import annotations

import numpy as np

from symnn.library import Point
from symnn.network import Dense, Network

systems = (11,)
network = Network(
    inputs=2,
    layers=[Dense(3, "relu"), Dense(2, "tanh")],
    loss="half-squared-error",
    reduction="sum",
)
point = Point(
    parameters={
        "W1": [["0.5", "-1"], ["1", "0.5"], ["-0.5", "1"]],
        "b1": [["0.25"], ["-0.5"], ["0.1"]],
        "W2": [["0.3", "-0.2", "0.4"], ["-0.6", "0.5", "0.1"]],
        "b2": [["0.1"], ["-0.2"]],
    },
    data={
        "X": [["1", "2", "-1", "0.5"], ["0.5", "-1", "2", "1.5"]],
        "Y": [["0.5", "-0.5", "1", "0"], ["0", "0.25", "-0.5", "0.75"]],
    },
    learning_rate="1/10",
)


def forward(params, X):
    Z1 = params["W1"] @ X + params["b1"]
    A1 = np.maximum(Z1, 0)
    return Z1, A1, np.tanh(params["W2"] @ A1 + params["b2"])


def loss(params, X, Y):
    _, _, A2 = forward(params, X)
    return np.sum((A2 - Y) ** 2) / 2


def grad(params, X, Y):
    Z1, A1, A2 = forward(params, X)
    dZ2 = (A2 - Y) * (1 - A2**2)
    dZ1 = (params["W2"].T @ dZ2) * (Z1 > 0)
    return {
        "W1": dZ1 @ X.T,
        "b1": np.sum(dZ1, axis=1, keepdims=True),
        "W2": dZ2 @ A1.T,
        "b2": np.sum(dZ2, axis=1, keepdims=True),
    }


published = ()
