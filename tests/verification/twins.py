"""Losses of an array ``w`` of shape (3, 4) and data ``X`` of shape (5, 3), each with its right gradient by hand."""

from __future__ import annotations

import numpy as np
from scipy.special import erf, expit

LABELS = np.array([0, 3, 1, 1, 2])
HOT = np.eye(4)[LABELS]
SHARES = np.array([[0.5, 0.25, 0.125, 0.125]] * 5)


def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def log_softmax(Z):
    shifted = Z - Z.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def softmax_loss(w, X):
    return -np.sum(HOT * np.log(softmax(X @ w))) / 5


def softmax_grad(w, X):
    return X.T @ (softmax(X @ w) - HOT) / 5


def softmax_grad_by_logarithms(w, X):
    G = np.exp(log_softmax(X @ w))
    G[np.arange(5), LABELS] -= 1
    return X.T @ G * 0.2


def picked_loss(w, X):
    return -log_softmax(X @ w)[np.arange(5), LABELS].mean()


def shares_loss(w, X):
    return -np.sum(SHARES * log_softmax(X @ w))


def shares_grad(w, X):
    return X.T @ (softmax(X @ w) - SHARES)


def logistic_loss(w, X):
    Z = X @ w
    return np.sum(np.maximum(Z, 0) - Z * HOT + np.log1p(np.exp(-np.abs(Z))))


def logistic_grad(w, X):
    return X.T @ (expit(X @ w) - HOT)


def entropy_loss(w, X):
    P = softmax(X @ w)
    return -np.sum(P * np.log(P))


def entropy_grad(w, X):
    P = softmax(X @ w)
    inner = np.log(P) + 1
    return -X.T @ (P * (inner - np.sum(P * inner, axis=1, keepdims=True)))


def batch_norm_parts(w, X):
    Z = X @ w
    variance = Z.var(axis=0) + 1e-5
    return variance, (Z - Z.mean(axis=0)) / np.sqrt(variance)


def batch_norm_loss(w, X):
    return np.sum(batch_norm_parts(w, X)[1] ** 3)


def batch_norm_grad(w, X):
    variance, H = batch_norm_parts(w, X)
    dH = 3 * H**2
    return X.T @ ((5 * dH - dH.sum(axis=0) - H * np.sum(dH * H, axis=0)) / (5 * np.sqrt(variance)))


def batch_norm_grad_by_variance(w, X):
    Z = X @ w
    variance, H = batch_norm_parts(w, X)
    centred, dH = Z - Z.mean(axis=0), 3 * H**2
    along = (centred / variance) * np.sum(dH * centred, axis=0)
    return X.T @ (variance**-0.5 / 5 * (5 * dH - np.sum(dH, axis=0) - along))


def tanh_gelu(Z):
    return 0.5 * Z * (1 + np.tanh(np.sqrt(2 / np.pi) * (Z + 0.044715 * Z**3)))


def tanh_gelu_loss(w, X):
    return np.sum(tanh_gelu(X @ w))


def tanh_gelu_grad(w, X):
    Z = X @ w
    t = np.tanh(0.7978845608028654 * (Z + 0.044715 * Z**3))
    return X.T @ (0.5 * (1 + t) + 0.5 * Z * (1 - t**2) * np.sqrt(2 / np.pi) * (1 + 3 * 0.044715 * Z**2))


def erf_gelu_loss(w, X):
    Z = X @ w
    return np.sum(Z * 0.5 * (1 + erf(Z / np.sqrt(2))))


def erf_gelu_grad(w, X):
    Z = X @ w
    return X.T @ (0.5 * (1 + erf(Z / np.sqrt(2))) + Z * np.exp(-(Z**2) / 2) / np.sqrt(2 * np.pi))


def norm_loss(w, X):
    return np.linalg.norm(X @ w) + 0.01 * np.sqrt(np.sum(w**2))


def norm_grad(w, X):
    Z = X @ w
    return X.T @ Z / np.linalg.norm(Z) + 0.01 * w / np.linalg.norm(w)


def recurrent_loss(w, X):
    h = np.zeros(4)
    for x in X:
        h = np.tanh(x @ w + 0.5 * h)
    return np.sum(h**2)


def recurrent_grad(w, X):
    states = [np.zeros(4)]
    for x in X:
        states.append(np.tanh(x @ w + 0.5 * states[-1]))
    g, dh = np.zeros_like(w), 2 * states[-1]
    for x, h in zip(X[::-1], states[:0:-1], strict=True):
        dz = dh * (1 - h**2)
        g += np.outer(x, dz)
        dh = 0.5 * dz
    return g


def hinge_loss(w, X):
    Z = X @ w
    return np.mean(np.maximum(0, 1 - (2 * HOT - 1) * Z)) + np.sum(np.where(np.abs(Z) < 1, Z**2 / 2, np.abs(Z) - 0.5))


def hinge_grad(w, X):
    Z, S = X @ w, 2 * HOT - 1
    margin = np.where(1 - S * Z > 0, -S, 0) / Z.size
    return X.T @ (margin + np.clip(Z, -1, 1))


def weighted_loss(w, X):
    return np.sum(np.sin(X @ w) * np.arctan(X @ w)) + np.sum(np.sqrt(1 + (X @ w) ** 2))


def weighted_grad(w, X):
    Z = X @ w
    return X.T @ (np.cos(Z) * np.arctan(Z) + np.sin(Z) / (1 + Z**2) + Z / np.sqrt(1 + Z**2))


TWINS = [
    (softmax_loss, softmax_grad),
    (softmax_loss, softmax_grad_by_logarithms),
    (picked_loss, softmax_grad),
    (shares_loss, shares_grad),
    (logistic_loss, logistic_grad),
    (entropy_loss, entropy_grad),
    (batch_norm_loss, batch_norm_grad),
    (batch_norm_loss, batch_norm_grad_by_variance),
    (tanh_gelu_loss, tanh_gelu_grad),
    (erf_gelu_loss, erf_gelu_grad),
    (norm_loss, norm_grad),
    (recurrent_loss, recurrent_grad),
    (hinge_loss, hinge_grad),
    (weighted_loss, weighted_grad),
]
"""Pairs of a loss and its gradient."""
