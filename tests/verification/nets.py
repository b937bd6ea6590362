"""A small network written by hand in ordinary NumPy, its loss and its gradient, right and wrong."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np


def parameters(seed=0):
    rng = np.random.default_rng(seed)
    return {
        "W1": rng.standard_normal((3, 4)),
        "b1": rng.standard_normal((3, 1)),
        "W2": rng.standard_normal((2, 3)),
        "b2": rng.standard_normal((2, 1)),
        "W3": rng.standard_normal((1, 2)),
        "b3": rng.standard_normal((1, 1)),
    }


def data(m=5, seed=1):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((4, m)), rng.integers(0, 2, (1, m)).astype(float)


def forward(p, X):
    A1 = np.tanh(p["W1"] @ X + p["b1"])
    Z2 = p["W2"] @ A1 + p["b2"]
    A2 = np.maximum(Z2, 0) + 0.1 * np.minimum(Z2, 0)
    return A1, Z2, A2, 1 / (1 + np.exp(-(p["W3"] @ A2 + p["b3"])))


def loss(p, X, Y):
    A3 = forward(p, X)[3]
    return -np.mean(Y * np.log(A3) + (1 - Y) * np.log(1 - A3))


def grad(p, X, Y):
    m = X.shape[1]
    A1, Z2, A2, A3 = forward(p, X)
    dZ3 = (A3 - Y) * (1 / m)
    dZ2 = (p["W3"].T @ dZ3) * np.where(Z2 > 0, 1, 0.1)
    dZ1 = (p["W2"].T @ dZ2) * (1 - A1**2)
    return {
        "W1": dZ1 @ X.T,
        "b1": dZ1.sum(axis=1, keepdims=True),
        "W2": dZ2 @ A1.T,
        "b2": np.sum(dZ2, axis=1, keepdims=True),
        "W3": np.dot(dZ3, A2.T),
        "b3": dZ3.sum(axis=1, keepdims=True),
    }


def planted(name, index, relative):
    """The gradient with one entry off by a relative error, an exact decimal such as "1e-60"."""
    factor = 1 + Fraction(Decimal(relative))

    def wrong(p, X, Y):
        gradients = grad(p, X, Y)
        gradients[name][index] *= factor
        return gradients

    return wrong


def changed(name, change):
    """The gradient with one array changed by a function."""

    def wrong(p, X, Y):
        gradients = grad(p, X, Y)
        gradients[name] = change(gradients[name])
        return gradients

    return wrong
