"""An embedding in which a word stands twice: its row is added to once."""

import numpy as np


def loss(E, words, targets):
    return 0.5 * np.sum((np.tanh(E[words]) - targets) ** 2)


def grad(E, words, targets):
    rows = np.tanh(E[words])
    d = (rows - targets) * (1 - rows**2)
    dE = np.zeros_like(E)
    dE[words] += d
    return dE


def example():
    r = np.random.default_rng(7)
    return r.normal(size=(6, 3)), np.array([0, 2, 2, 5]), r.normal(size=(4, 3))
