"""A support vector machine: the loss has the square of the weights, its gradient the weights once."""

import numpy as np

REG = 0.25


def loss(W, X, y):
    rows = np.arange(len(y))
    S = X @ W
    margins = np.maximum(S - S[rows, y][:, None] + 1, 0)
    margins[rows, y] = 0
    return np.sum(margins) / len(y) + REG * np.sum(W * W)


def grad(W, X, y):
    rows = np.arange(len(y))
    S = X @ W
    counted = (S - S[rows, y][:, None] + 1 > 0).astype(float)
    counted[rows, y] = 0
    counted[rows, y] = -counted.sum(axis=1)
    return X.T @ counted / len(y) + REG * W


def example():
    r = np.random.default_rng(3)
    return r.normal(size=(4, 3)), r.normal(size=(6, 4)), np.array([0, 1, 2, 2, 1, 0])
