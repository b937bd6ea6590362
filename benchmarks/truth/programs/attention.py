"""One head of scaled dot-product attention."""

import numpy as np


def softmax(s):
    e = np.exp(s - s.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def loss(p, X, T):
    Q, K, V = X @ p["Wq"], X @ p["Wk"], X @ p["Wv"]
    A = softmax(Q @ K.T / np.sqrt(Q.shape[1]))
    return 0.5 * np.sum((A @ V - T) ** 2)


def grad(p, X, T):
    Q, K, V = X @ p["Wq"], X @ p["Wk"], X @ p["Wv"]
    scale = np.sqrt(Q.shape[1])
    A = softmax(Q @ K.T / scale)
    dO = A @ V - T
    dV = A.T @ dO
    dA = dO @ V.T
    dS = A * (dA - (dA * A).sum(axis=1, keepdims=True))
    dQ = dS @ K / scale
    dK = dS.T @ Q / scale
    return {"Wq": X.T @ dQ, "Wk": X.T @ dK, "Wv": X.T @ dV}


def example():
    r = np.random.default_rng(12)
    p = {"Wq": r.normal(size=(3, 4)), "Wk": r.normal(size=(3, 4)), "Wv": r.normal(size=(3, 2))}
    return p, r.normal(size=(5, 3)), r.normal(size=(5, 2))
