"""A residual block, a mean over tokens and a linear head."""

import numpy as np


def loss(p, x, y):
    z = x @ p["W1"]
    a = np.maximum(z, 0)
    r = x + a @ p["W2"]
    pooled = r.mean(axis=1)
    logits = pooled @ p["V"]
    return np.mean(np.log(1 + np.exp(-y * logits)))


def grad(p, x, y):
    z = x @ p["W1"]
    a = np.maximum(z, 0)
    r = x + a @ p["W2"]
    pooled = r.mean(axis=1)
    logits = pooled @ p["V"]
    dlogits = -y / (1 + np.exp(y * logits)) / len(y)
    dV = pooled.T @ dlogits
    dpooled = np.outer(dlogits, p["V"])
    dr = np.repeat(dpooled[:, None, :], x.shape[1], axis=1) / x.shape[1]
    dW2 = np.einsum("nth,ntd->hd", a, dr)
    da = dr @ p["W2"].T
    dz = np.where(z > 0, da, 0)
    dW1 = np.einsum("ntd,nth->dh", x, dz)
    return {"W1": dW1, "W2": dW2, "V": dV}


def example():
    r = np.random.default_rng(16)
    p = {"W1": r.normal(size=(3, 5)), "W2": r.normal(size=(5, 3)), "V": r.normal(size=3)}
    return p, r.normal(size=(6, 4, 3)), np.array([1.0, -1, 1, 1, -1, -1])
