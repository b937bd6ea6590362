"""A convolution by loops with a ReLU behind it and a linear readout."""

import numpy as np


def convolve(x, k, b):
    rows, cols = x.shape[0] - k.shape[0] + 1, x.shape[1] - k.shape[1] + 1
    out = np.zeros((rows, cols))
    for i in range(rows):
        for j in range(cols):
            out[i, j] = np.sum(x[i : i + k.shape[0], j : j + k.shape[1]] * k) + b
    return out


def loss(p, x, target):
    z = convolve(x, p["k"], p["b"][0])
    a = np.maximum(z, 0)
    return 0.5 * (np.sum(a * p["v"]) - target) ** 2


def grad(p, x, target):
    k = p["k"]
    z = convolve(x, k, p["b"][0])
    a = np.maximum(z, 0)
    error = np.sum(a * p["v"]) - target
    dv = error * a
    da = error * p["v"]
    dz = da * (z > 0)
    dk = np.zeros_like(k)
    for i in range(dz.shape[0]):
        for j in range(dz.shape[1]):
            dk += dz[i, j] * x[i : i + k.shape[0], j : j + k.shape[1]]
    db = np.array([np.sum(dz)])
    return {"k": dk, "b": db, "v": dv}


def example():
    r = np.random.default_rng(5)
    p = {"k": r.normal(size=(2, 3)), "b": r.normal(size=1), "v": r.normal(size=(4, 4))}
    return p, r.normal(size=(5, 6)), 0.7
