"""Small networks written by hand in the ways people write them, for proofs: 2-2-1 and their kin, right and wrong."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from scipy.special import expit

ACTIVATIONS = {
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda z, a: a * (1 - a)),
    "sigmoid by its own slope": (lambda z: 1 / (1 + np.exp(-z)), lambda z, a: np.exp(-z) / (1 + np.exp(-z)) ** 2),
    "expit": (expit, lambda z, a: expit(z) * expit(-z)),
    "tanh": (np.tanh, lambda z, a: 1 - a**2),
    "tanh by exponentials": (
        lambda z: (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z)),
        lambda z, a: 4 / (np.exp(z) + np.exp(-z)) ** 2,
    ),
    "tanh by the sigmoid": (lambda z: 2 * expit(2 * z) - 1, lambda z, a: 1 / np.cosh(z) ** 2),
    "relu": (lambda z: np.maximum(0, z), lambda z, a: (z > 0).astype(float)),
    "relu by a mask": (lambda z: z * (z > 0), lambda z, a: np.where(a > 0, 1, 0)),
    "leaky relu": (lambda z: np.where(z > 0, z, 0.01 * z), lambda z, a: np.where(z > 0, 1, 0.01)),
    "elu": (lambda z: np.where(z > 0, z, np.exp(z) - 1), lambda z, a: np.where(z > 0, 1, a + 1)),
    "softplus": (lambda z: np.log(1 + np.exp(z)), lambda z, a: expit(z)),
    "softplus, stable": (lambda z: np.logaddexp(0, z), lambda z, a: 1 - np.exp(-a)),
    "swish": (lambda z: z * expit(z), lambda z, a: a + expit(z) * (1 - a)),
    "mish": (
        lambda z: z * np.tanh(np.log1p(np.exp(z))),
        lambda z, a: np.tanh(np.log1p(np.exp(z))) + z * expit(z) * (1 - np.tanh(np.logaddexp(0, z)) ** 2),
    ),
    "softsign": (lambda z: z / (1 + np.abs(z)), lambda z, a: 1 / (1 + np.abs(z)) ** 2),
    "arctan": (np.arctan, lambda z, a: 1 / (1 + z**2)),
    "sine": (np.sin, lambda z, a: np.cos(z)),
    "square root": (lambda z: np.sqrt(1 + z**2), lambda z, a: z / a),
    "linear": (lambda z: z, lambda z, a: 1),
}


def parameters(*widths, seed=3):
    rng = np.random.default_rng(seed)
    arrays = {}
    for k, (below, here) in enumerate(pairwise(widths), 1):
        arrays[f"W{k}"] = rng.normal(size=(here, below))
        arrays[f"b{k}"] = rng.normal(size=(here, 1))
    return arrays


def batch(inputs, outputs, m=3, seed=4):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(inputs, m)), rng.random((outputs, m))


def squared_error(hidden, output="linear", slope=None):
    """Loss and gradient of a net of two layers under the mean squared error; ``slope`` stands in for the hidden one."""
    (f, df), (g, dg) = ACTIVATIONS[hidden], ACTIVATIONS[output]
    df = slope or df

    def forward(p, X):
        Z1 = p["W1"] @ X + p["b1"]
        A1 = f(Z1)
        Z2 = p["W2"] @ A1 + p["b2"]
        return Z1, A1, Z2, g(Z2)

    def loss(p, X, Y):
        return np.mean((forward(p, X)[3] - Y) ** 2)

    def grad(p, X, Y):
        Z1, A1, Z2, A2 = forward(p, X)
        return _backward(p, X, Z1, A1, 2 * (A2 - Y) / A2.size * dg(Z2, A2), df)

    return loss, grad


def binary_cross_entropy():
    """A sigmoid of tanh units under cross-entropy, its gradient through 1/a and 1/(1 - a)."""

    def forward(p, X):
        A1 = np.tanh(p["W1"] @ X + p["b1"])
        return A1, 1 / (1 + np.exp(-(p["W2"] @ A1 + p["b2"])))

    def loss(p, X, Y):
        A2 = forward(p, X)[1]
        return -np.mean(Y * np.log(A2) + (1 - Y) * np.log(1 - A2))

    def grad(p, X, Y):
        A1, A2 = forward(p, X)
        dA2 = (-(Y / A2) + (1 - Y) / (1 - A2)) / X.shape[1]
        return _backward(p, X, None, A1, dA2 * A2 * (1 - A2), lambda z, a: 1 - a**2)

    return loss, grad


def softmax_cross_entropy():
    """Softmax, shifted by its maximum, on sigmoid units: the gradient by ŷ − y holds for targets that add up to 1."""

    def forward(p, X):
        A1 = expit(p["W1"] @ X + p["b1"])
        Z2 = p["W2"] @ A1 + p["b2"]
        E = np.exp(Z2 - Z2.max(axis=0, keepdims=True))
        return A1, E / E.sum(axis=0, keepdims=True)

    def loss(p, X, Y):
        return -np.sum(Y * np.log(forward(p, X)[1])) / X.shape[1]

    def grad(p, X, Y):
        A1, P = forward(p, X)
        return _backward(p, X, None, A1, (P - Y) / X.shape[1], lambda z, a: a * (1 - a))

    return loss, grad


def _backward(p, X, Z1, A1, dZ2, slope):
    dZ1 = (p["W2"].T @ dZ2) * slope(Z1, A1)
    return {
        "W1": dZ1 @ X.T,
        "b1": dZ1.sum(axis=1, keepdims=True),
        "W2": dZ2 @ A1.T,
        "b2": dZ2.sum(axis=1, keepdims=True),
    }


def changed(grad, name, change):
    """A gradient with one array changed by a function."""

    def wrong(p, *data):
        gradients = grad(p, *data)
        gradients[name] = change(gradients[name])
        return gradients

    return wrong
