"""4-3-2-1 sigmoid network: twenty-six parameters.

Three sigmoid layers with biases, each a function of the one before it.

Nested, they are σ(σ(σ(a⁰W¹ + b¹)W² + b²)W³ + b³). The gradient of an early weight is a sum over every path from it to
the output; going backwards layer by layer, each path is walked once for all of them.

Shapes: X (1, 4), W1 (4, 3), b1 (3), W2 (3, 2), b2 (2), W3 (2, 1), b3 (1), Y (1, 1), samples first. Source: a lecture
on the notation of deep networks, which counts the parameters; the numbers are chosen here.
"""

from __future__ import annotations

import numpy as np

from symnn.library import Figure, Point
from symnn.network import Dense, Network

systems = (22,)
style = "nested"
notation = "w-ij-k"
network = Network(
    inputs=4,
    layers=[Dense(3, "sigmoid"), Dense(2, "sigmoid"), Dense(1, "sigmoid")],
    loss="half-squared-error",
    reduction="sum",
    layout="samples-first",
)
point = Point(
    parameters={
        "W1": [["0.2", "-0.4", "0.1"], ["0.5", "0.3", "-0.2"], ["-0.3", "0.6", "0.4"], ["0.1", "-0.5", "0.7"]],
        "b1": ["0.1", "-0.1", "0.2"],
        "W2": [["0.6", "-0.3"], ["-0.2", "0.5"], ["0.4", "0.1"]],
        "b2": ["0", "0.1"],
        "W3": [["0.8"], ["-0.5"]],
        "b3": ["0.05"],
    },
    data={"X": [["1", "0.5", "-1", "2"]], "Y": [["1"]]},
    learning_rate="1/2",
)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(params, X):
    activations = [X]
    for k in (1, 2, 3):
        activations.append(sigmoid(activations[-1] @ params[f"W{k}"] + params[f"b{k}"]))
    return activations


def loss(params, X, Y):
    return 0.5 * np.sum((forward(params, X)[-1] - Y) ** 2)


def grad(params, X, Y):
    activations = forward(params, X)
    found = {}
    upstream = activations[-1] - Y
    for k in (3, 2, 1):
        delta = upstream * activations[k] * (1 - activations[k])
        found[f"W{k}"] = activations[k - 1].T @ delta
        found[f"b{k}"] = delta.sum(axis=0)
        upstream = delta @ params[f"W{k}"].T
    return found


published = (Figure("parameters", "26", "exact"),)
