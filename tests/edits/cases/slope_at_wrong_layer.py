"""Two layers of equal width: the slope is taken at the second."""

import numpy as np


def loss(p, x, y):
    h = np.tanh(x @ p["W1"])
    return np.sum((np.tanh(h @ p["W2"]) - y) ** 2)


def grad(p, x, y):
    h = np.tanh(x @ p["W1"])
    out = np.tanh(h @ p["W2"])
    d2 = 2 * (out - y) * (1 - out**2)
    d1 = (d2 @ p["W2"].T) * (1 - out**2)
    return {"W1": x.T @ d1, "W2": h.T @ d2}


def example():
    r = np.random.default_rng(2)
    return {"W1": r.normal(size=(2, 3)), "W2": r.normal(size=(3, 3))}, r.normal(size=(5, 2)), r.normal(size=(5, 3))
