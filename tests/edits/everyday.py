"""A network of two layers as people write it, with slips that people make: in the line that is told with each."""

from __future__ import annotations

from typing import NamedTuple

TEXT = """import numpy as np

reg = 0.1
rng = np.random.default_rng(3)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(W1, b1, W2, b2, X):
    Z1 = W1 @ X + b1
    A1 = {act}
    Z2 = W2 @ A1 + b2
    return Z1, A1, Z2


def loss(W1, b1, W2, b2, X, Y):
    m = X.shape[1]
    Z1, A1, Z2 = forward(W1, b1, W2, b2, X)
{loss}


def grad(W1, b1, W2, b2, X, Y):
    m = X.shape[1]
    Z1, A1, Z2 = forward(W1, b1, W2, b2, X)
{out}
    dW2 = dZ2 @ A1.T{decay}
    db2 = dZ2.sum(axis=1, keepdims=True)
    dA1 = W2.T @ dZ2
    dZ1 = {slope}
    dW1 = dZ1 @ X.T
    db1 = {bias}
    return {returned}


def example():
    k = {units}
    W1, b1, W2, b2 = (rng.normal(size=shape) for shape in ((4, 3), (4, 1), (k, 4), (k, 1)))
    return W1, b1, W2, b2, rng.normal(size=(3, 6)), {targets}
"""

SQUARED = {
    "act": "np.tanh(Z1)",
    "loss": "return 0.5 * np.sum((Z2 - Y) ** 2) / m",
    "out": "dZ2 = (Z2 - Y) / m",
    "decay": "",
    "slope": "dA1 * (1 - A1**2)",
    "bias": "dZ1.sum(axis=1, keepdims=True)",
    "returned": "dW1, db1, dW2, db2",
    "units": "2",
    "targets": "rng.normal(size=(2, 6))",
}
CROSS_ENTROPY = SQUARED | {
    "loss": "A2 = sigmoid(Z2)\nreturn -np.mean(Y * np.log(A2) + (1 - Y) * np.log(1 - A2))",
    "out": "A2 = sigmoid(Z2)\ndZ2 = (A2 - Y) / m",
    "units": "1",
    "targets": "(rng.random((1, 6)) < 0.5) * 1.0",
}
SOFTMAX = SQUARED | {
    "loss": "e = np.exp(Z2 - Z2.max(axis=0))\nP = e / e.sum(axis=0)\nreturn -np.sum(Y * np.log(P)) / m",
    "out": "e = np.exp(Z2 - Z2.max(axis=0))\nP = e / e.sum(axis=0)\ndZ2 = (P - Y) / m",
    "units": "3",
    "targets": "np.eye(3)[:, rng.integers(0, 3, 6)]",
}
DECAYED = SQUARED | {"loss": SQUARED["loss"] + " + 0.5 * reg * np.sum(W2**2)", "decay": " + reg * W2"}
DECAYED_TWICE = SQUARED | {"loss": SQUARED["loss"] + " + reg * np.sum(W2**2)", "decay": " + 2 * reg * W2"}
GUARDED = "A2 = sigmoid(Z2)\ndA2 = (-Y / (A2 + 1e-2) + (1 - Y) / (1 - A2 + 1e-2)) / m\ndZ2 = dA2 * A2 * (1 - A2)"


class Slip(NamedTuple):
    """What is written in the place of what, the text of the edit that mends it, and a part of what is said."""

    program: dict[str, str]
    wrong: dict[str, str]
    right: str = ""
    said: str = ""


SLIPS = {
    "half a penalty": Slip(DECAYED_TWICE, {"decay": " + reg * W2"}, "2 * (reg * W2)"),
    "a penalty left out": Slip(DECAYED, {"decay": ""}, "(dZ2 @ A1.T) + reg * W2"),
    "the sign of a penalty": Slip(DECAYED, {"decay": " - reg * W2"}),
    "twice a penalty": Slip(DECAYED, {"decay": " + 2 * reg * W2"}, "reg"),
    "zeros": Slip(SQUARED, {"returned": "np.zeros_like(W1), db1, dW2, db2"}, "dW1", "W1 is left at zero"),
    "σ for σ′": Slip(
        CROSS_ENTROPY,
        {"act": "sigmoid(Z1)", "slope": "dA1 * A1"},
        "(dA1 * A1) * (1 - A1)",
        "at A1 the value of sigmoid stands where its slope belongs",
    ),
    "the output left out": Slip(SQUARED, {"out": "dZ2 = -Y / m"}),
    "a mean for a bias": Slip(
        SQUARED,
        {"bias": "dZ1.sum(axis=1, keepdims=True) / m"},
        "dZ1.sum(axis=1, keepdims=True)",
        "averaged over the samples",
    ),
    "a bias as sums of weights": Slip(SQUARED, {"bias": "dW1.sum(axis=1, keepdims=True)"}, "dZ1.sum"),
    "the slope at another layer": Slip(
        SQUARED | {"units": "4", "targets": "rng.normal(size=(4, 6))"},
        {"slope": "dA1 * (1 - np.tanh(Z2) ** 2)"},
        "np.tanh(Z1)",
    ),
    "plus the targets": Slip(CROSS_ENTROPY, {"out": "A2 = sigmoid(Z2)\ndZ2 = (A2 + Y) / m"}),
    "another threshold": Slip(
        SQUARED | {"act": "np.maximum(0, Z1)", "slope": "dA1 * (Z1 > 0)"}, {"slope": "dA1 * (Z1 > 1)"}, "Z1 > 0"
    ),
    "the diagonal of softmax": Slip(
        SOFTMAX,
        {"out": SOFTMAX["out"].replace("(P - Y)", "-Y / P * P * (1 - P)")},
        "",
        "diagonal of softmax's Jacobian",
    ),
    "another constant": Slip(
        SQUARED | {"act": "np.where(Z1 > 0, Z1, 0.1 * Z1)"},
        {"slope": "dA1 * np.where(Z1 > 0, 1, 0.3)"},
        "np.where(Z1 > 0, 1, 0.1)",
    ),
    "the negative gradient": Slip(
        SQUARED, {"returned": "-dW1, -db1, -dW2, -db2"}, "", "every gradient has the wrong sign"
    ),
    "guards": Slip(CROSS_ENTROPY, {"out": GUARDED}, "A2"),
    "infinite": Slip(SQUARED, {"bias": "dZ1.sum(axis=1, keepdims=True) / 0.0"}),
    "transposed": Slip(SQUARED, {"returned": "dW1.T, db1, dW2, db2"}, "dW1", "W1 is transposed"),
    "without its axis, and negative": Slip(
        SQUARED, {"bias": "-dZ1.sum(axis=1)"}, "dZ1.sum(axis=1)", "the sign of the gradient with respect to b1"
    ),
    "not divided by the samples": Slip(SQUARED, {"out": "dZ2 = Z2 - Y"}, "", "half-squared-error with reduction 'sum'"),
    "divided twice": Slip(SQUARED, {"out": "dZ2 = (Z2 - Y) / m**2"}, "m"),
    "times the features": Slip(
        SQUARED, {"bias": "dZ1.sum(axis=1, keepdims=True) * X.shape[0]"}, "dZ1.sum(axis=1, keepdims=True)"
    ),
    "the parameters after a step": Slip(SQUARED, {"returned": "W1 - reg * dW1, db1, dW2, db2"}, "dW1"),
}


def text_of(slip: Slip) -> str:
    """Return the program with the slip."""
    parts = slip.program | slip.wrong
    blocks = {key: "\n".join(f"    {row}" for row in parts[key].split("\n")) for key in ("loss", "out")}
    return TEXT.format(**(parts | blocks))
