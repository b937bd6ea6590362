"""A layer normalisation whose gradient leaves out that the mean moves too."""

import numpy as np


def normalised(x):
    centred = x - x.mean(axis=1, keepdims=True)
    deviation = np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-5)
    return centred / deviation, deviation


def loss(p, target):
    y, _ = normalised(p["x"])
    return 0.5 * np.sum((p["gain"] * y - target) ** 2)


def grad(p, target):
    y, deviation = normalised(p["x"])
    dout = p["gain"] * y - target
    dy = dout * p["gain"]
    dx = (dy - y * (dy * y).mean(axis=1, keepdims=True)) / deviation
    return {"x": dx, "gain": (dout * y).sum(axis=0)}


def example():
    r = np.random.default_rng(9)
    return {"x": r.normal(size=(3, 4)), "gain": r.normal(size=4)}, r.normal(size=(3, 4))
