"""Batch normalisation between two linear maps, in training."""

import numpy as np

eps = 1e-5


def loss(p, x, t):
    h = x @ p["W"]
    mu, var = h.mean(axis=0), h.var(axis=0)
    xhat = (h - mu) / np.sqrt(var + eps)
    out = p["gamma"] * xhat + p["beta"]
    return np.sum((out - t) ** 2) / len(x)


def grad(p, x, t):
    N = x.shape[0]
    h = x @ p["W"]
    mu = h.mean(axis=0)
    xmu = h - mu
    var = np.mean(xmu**2, axis=0)
    ivar = 1 / np.sqrt(var + eps)
    xhat = xmu * ivar
    out = p["gamma"] * xhat + p["beta"]
    dout = 2 * (out - t) / N
    dbeta = dout.sum(axis=0)
    dgamma = np.sum(dout * xhat, axis=0)
    dxhat = dout * p["gamma"]
    dvar = np.sum(dxhat * xmu, axis=0) * -0.5 * ivar**3
    dmu = -np.sum(dxhat * ivar, axis=0) - 2 * dvar * np.mean(xmu, axis=0)
    dh = dxhat * ivar + 2 * dvar * xmu / N + dmu / N
    return {"W": x.T @ dh, "gamma": dgamma, "beta": dbeta}


def example():
    r = np.random.default_rng(8)
    p = {"W": r.normal(size=(3, 4)), "gamma": r.normal(size=4), "beta": r.normal(size=4)}
    return p, r.normal(size=(6, 3)), r.normal(size=(6, 4))
