"""A bias whose gradient is multiplied by what the layer before gives, as that of a weight is."""

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def loss(p, X, Y):
    H = sigmoid(p["W1"] @ X + p["b1"])
    A = sigmoid(p["w2"] @ H + p["b2"])
    return -np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A)) / Y.size


def grad(p, X, Y):
    m = Y.size
    H = sigmoid(p["W1"] @ X + p["b1"])
    A = sigmoid(p["w2"] @ H + p["b2"])
    d2 = (A - Y) / m
    d1 = np.outer(p["w2"], d2) * H * (1 - H)
    db1 = np.sum(d1 * H, axis=1, keepdims=True)
    return {"W1": d1 @ X.T, "b1": db1, "w2": H @ d2, "b2": np.array([np.sum(d2)])}


def example():
    r = np.random.default_rng(4)
    p = {"W1": r.normal(size=(4, 2)), "b1": r.normal(size=(4, 1)), "w2": r.normal(size=4), "b2": r.normal(size=1)}
    return p, r.normal(size=(2, 5)), np.array([1.0, 0, 1, 1, 0])
