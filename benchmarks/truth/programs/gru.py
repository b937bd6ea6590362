"""One step of a GRU with its parameters in a tuple."""

import numpy as np


def sigmoid(v):
    return 1 / (1 + np.exp(-v))


def loss(params, x, h, w):
    Wz, Wr, Wn = params
    xh = np.concatenate([x, h], axis=1)
    z = sigmoid(xh @ Wz)
    r = sigmoid(xh @ Wr)
    n = np.tanh(np.concatenate([x, r * h], axis=1) @ Wn)
    return np.sum(w * ((1 - z) * n + z * h))


def grad(params, x, h, w):
    Wz, Wr, Wn = params
    xh = np.concatenate([x, h], axis=1)
    z = sigmoid(xh @ Wz)
    r = sigmoid(xh @ Wr)
    xrh = np.concatenate([x, r * h], axis=1)
    n = np.tanh(xrh @ Wn)
    dz = w * (h - n)
    dn = w * (1 - z)
    dn_pre = dn * (1 - n**2)
    dWn = xrh.T @ dn_pre
    dxrh = dn_pre @ Wn.T
    dr = dxrh[:, x.shape[1] :] * h
    dWz = xh.T @ (dz * z * (1 - z))
    dWr = xh.T @ (dr * r * (1 - r))
    return dWz, dWr, dWn


def example():
    r = np.random.default_rng(20)
    params = tuple(r.normal(size=(5, 3)) for _ in range(3))
    return params, r.normal(size=(4, 2)), r.normal(size=(4, 3)), r.normal(size=(4, 3))
