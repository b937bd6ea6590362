"""Inverted dropout with its mask among the data, leaky ReLU, squared error."""

import numpy as np

slope = 0.1


def loss(p, x, t, mask, keep):
    z = x @ p["W"] + p["b"]
    h = np.where(z > 0, z, slope * z)
    d = h * mask / keep
    return np.sum((d @ p["v"] - t) ** 2) / (2 * len(t))


def grad(p, x, t, mask, keep):
    m = len(t)
    z = x @ p["W"] + p["b"]
    h = np.where(z > 0, z, slope * z)
    d = h * mask / keep
    error = (d @ p["v"] - t) / m
    dv = d.T @ error
    dd = np.outer(error, p["v"])
    dh = dd * mask / keep
    dz = dh * np.where(z > 0, 1, slope)
    return {"W": x.T @ dz, "b": dz.sum(axis=0), "v": dv}


def example():
    r = np.random.default_rng(17)
    p = {"W": r.normal(size=(3, 5)), "b": r.normal(size=5), "v": r.normal(size=5)}
    mask = np.array(
        [[1.0, 1, 0, 1, 1], [0, 1, 1, 1, 0], [1, 1, 1, 0, 1], [1, 0, 1, 1, 1], [1, 1, 1, 1, 0], [0, 1, 1, 0, 1]]
    )
    return p, r.normal(size=(6, 3)), r.normal(size=6), mask, 0.8
