"""A convolution of several channels by im2col, its gradient by its parameters and its input."""

import numpy as np


def im2col(x, size):
    n, c, h, w = x.shape
    oh, ow = h - size + 1, w - size + 1
    col = np.zeros((n, c, size, size, oh, ow))
    for i in range(size):
        for j in range(size):
            col[:, :, i, j] = x[:, :, i : i + oh, j : j + ow]
    return col.transpose(0, 4, 5, 1, 2, 3).reshape(n * oh * ow, -1)


def loss(p, target):
    n, _, h, w = p["x"].shape
    f, _, s, _ = p["W"].shape
    out = im2col(p["x"], s) @ p["W"].reshape(f, -1).T + p["b"]
    out = out.reshape(n, h - s + 1, w - s + 1, f).transpose(0, 3, 1, 2)
    return np.sum((out - target) ** 2) / 2


def col2im(dcol, shape, size):
    n, c, h, w = shape
    oh, ow = h - size + 1, w - size + 1
    col = dcol.reshape(n, oh, ow, c, size, size).transpose(0, 3, 4, 5, 1, 2)
    dx = np.zeros(shape)
    for i in range(size):
        for j in range(size):
            dx[:, :, i : i + oh, j : j + ow] += col[:, :, i, j]
    return dx


def grad(p, target):
    x, W, b = p["x"], p["W"], p["b"]
    n, _, h, w = x.shape
    f, _, s, _ = W.shape
    col = im2col(x, s)
    out = (col @ W.reshape(f, -1).T + b).reshape(n, h - s + 1, w - s + 1, f).transpose(0, 3, 1, 2)
    dout = out - target
    dflat = dout.transpose(0, 2, 3, 1).reshape(-1, f)
    dW = (dflat.T @ col).reshape(W.shape)
    db = dflat.sum(axis=0)
    dcol = dflat @ W.reshape(f, -1)
    return {"x": col2im(dcol, x.shape, s), "W": dW, "b": db}


def example():
    r = np.random.default_rng(6)
    p = {"x": r.normal(size=(2, 2, 4, 5)), "W": r.normal(size=(3, 2, 2, 2)), "b": r.normal(size=3)}
    return p, r.normal(size=(2, 3, 3, 4))
