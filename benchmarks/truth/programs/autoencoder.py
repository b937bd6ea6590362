"""An autoencoder with tied weights and a penalty on the code."""

import numpy as np

sparsity = 0.2


def sigmoid(a):
    return 1.0 / (1.0 + np.exp(-a))


def loss(p, X):
    code = sigmoid(X @ p["W"] + p["b"])
    out = code @ p["W"].T + p["c"]
    return np.mean(np.sum((out - X) ** 2, axis=1)) + sparsity * np.sum(code)


def grad(p, X):
    W, b, c = p["W"], p["b"], p["c"]
    m = X.shape[0]
    code = sigmoid(X @ W + b)
    out = code @ W.T + c
    d_out = 2 * (out - X) / m
    d_c = d_out.sum(axis=0)
    d_code = d_out @ W + sparsity
    d_pre = d_code * code * (1 - code)
    d_b = d_pre.sum(axis=0)
    d_W = X.T @ d_pre + d_out.T @ code
    return {"W": d_W, "b": d_b, "c": d_c}


def example():
    r = np.random.default_rng(15)
    return {"W": r.normal(size=(5, 3)), "b": r.normal(size=3), "c": r.normal(size=5)}, r.normal(size=(4, 5))
