"""Poisson regression with an offset and an elastic penalty."""

import numpy as np

ALPHA, RATIO = 0.3, 0.6


def loss(beta, X, counts, exposure):
    eta = X @ beta + np.log(exposure)
    fit = np.sum(np.exp(eta) - counts * eta)
    return fit + ALPHA * (RATIO * np.sum(np.abs(beta)) + (1 - RATIO) / 2 * np.sum(beta**2))


def grad(beta, X, counts, exposure):
    mu = exposure * np.exp(X @ beta)
    g = X.T @ (mu - counts)
    g = g + ALPHA * RATIO * np.sign(beta)
    g = g + ALPHA * (1 - RATIO) * beta
    return g


def example():
    r = np.random.default_rng(21)
    return r.normal(size=4), r.normal(size=(6, 4)), np.array([2.0, 0, 1, 3, 5, 1]), np.array([1.0, 2, 1, 0.5, 3, 1])
