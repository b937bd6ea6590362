"""Two steps of a cell with a memory: what comes back from the next step is overwritten."""

import numpy as np


def loss(p, xs, y):
    c = np.zeros(p["W"].shape[1])
    for x in xs:
        c = 0.5 * c + np.tanh(x @ p["W"])
    return np.sum((np.tanh(c) - y) ** 2)


def grad(p, xs, y):
    W = p["W"]
    c = np.zeros(W.shape[1])
    gates = []
    for x in xs:
        gates.append(np.tanh(x @ W))
        c = 0.5 * c + gates[-1]
    h = np.tanh(c)
    dc = 2 * (h - y) * (1 - h**2)
    dW = np.zeros_like(W)
    for x, g in zip(xs[::-1], gates[::-1], strict=True):
        dW = np.outer(x, dc * (1 - g**2))
        dc = 0.5 * dc
    return {"W": dW}


def example():
    r = np.random.default_rng(5)
    return {"W": r.normal(size=(3, 2))}, r.normal(size=(3, 3)), r.normal(size=2)
