"""The constructs of hand-written NumPy code, one small plain function each.

Each takes W of shape (3, 4) and X of shape (4, 3), both without ties and zeros, and knows nothing of symnn.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from math import exp as imported_exp
from typing import Any

import numpy as np
from numpy import zeros as imported_zeros
from scipy.special import expit, log_expit


def matrix_product(W, X):
    return W @ X


def dot_method(W, X):
    return W.dot(X) + np.dot(X, W)[:3, :3]


def vector_products(W, X):
    return W[0] @ X[:, 0] + np.dot(W[1], X[:, 1]) * (W @ X[:, 2])


def batched_product(W, X):
    return np.stack([W, 2 * W]) @ X


def broadcast_bias(W, X):
    return W @ X + W[:, 0] + W[:, 1].reshape(3, 1)


def in_place_arithmetic(W, X):
    Z = W.copy()
    Z += 1
    Z -= X.T
    Z *= 0.1
    Z /= W
    return Z


def zeros_then_assignment(W, X):
    Z = np.zeros((3, 3))
    for i in range(3):
        Z[i, 0] = W[i, 0] * 2
        Z[i, 1:] = X[i, 1:]
    Z[2, 2] = 0.25
    return Z


def imported_names(W, X):
    Z = imported_zeros(3)
    Z[1] = imported_exp(W[1, 1])
    return Z


def boolean_mask(W, X):
    Z = W.copy()
    Z[Z < 0] = 0
    Z[Z > 1] *= 0.5
    return Z


def mask_product(W, X):
    return W * (W > 0) + X.T * (X.T <= 0)


def where(W, X):
    return np.where(W > 0, W, 0) + np.where(X.T > 0, 0.1, X.T)


def maximum_minimum(W, X):
    return np.maximum(W, 0) + np.minimum(0.3, X.T) + np.fmax(W, X.T)


def reductions(W, X):
    return np.max(W, axis=0) + W.min(axis=0) + np.max(X) - X.min()


def all_but_one_axis(W, X):
    T = np.stack([W, X.T])
    return T.max(axis=(0, 1)) + T.sum(axis=(0, 2))[0]


def argmax_argmin(W, X):
    return W[np.arange(3), np.argmax(W, axis=1)] + X.T[np.arange(3), X.T.argmin(axis=1)]


def accuracy(W, X):
    return np.mean(np.argmax(W, axis=1) == np.argmax(X.T, axis=1)) + W


def clip(W, X):
    return np.clip(W, -0.5, 0.5) + X.T.clip(1e-7, 1 - 1e-7)


def sign_abs(W, X):
    return np.sign(W) * W + np.abs(X.T) + abs(W)


def means(W, X):
    return np.mean(W, axis=1) + W.mean() + X.mean(axis=0) + np.average(W, axis=1)


def keepdims(W, X):
    return W - W.mean(axis=1, keepdims=True) + np.sum(X.T, axis=0, keepdims=True) / 3


def deviations(W, X):
    return (W - np.mean(W, axis=0)) / np.sqrt(np.var(W, axis=0) + 1e-5) + W.std(axis=0) + np.std(X)


def powers(W, X):
    return W**2 + 2**W + np.power(X.T, 3) + np.square(W) + np.abs(W) ** 0.5 + abs(W) ** X.T


def outer(W, X):
    return np.outer(W[0], X[:, 0]) + np.multiply.outer(W[1], X[:, 1])


def reshaping(W, X):
    return np.concatenate([W.reshape(-1), X.ravel(), X.T.flatten()]).reshape(9, 4).T


def stacking(W, X):
    return np.vstack([W, X.T]) + np.hstack([W[:, :2], W[:, 2:]]).repeat(2, axis=0)


def add_at(W, X):
    Z = np.zeros((4, 3))
    np.add.at(Z, [0, 2, 2], X[:3])
    return Z


def einsums(W, X):
    batch = np.einsum("ij,ji->i", W, X)
    return np.einsum("ij,jk->ki", W, X) + batch + np.einsum("ij,ij->j", W, X.T)[:3] + np.einsum("ij->", W)


def tensor_products(W, X):
    return np.tensordot(W, X, axes=1) + np.tensordot(W, X.T, axes=([1], [1])) + np.vdot(W, X.T)


def norms(W, X):
    return W / np.linalg.norm(W) + np.linalg.norm(X, axis=1)


def logistic(W, X):
    return 1 / (1 + np.exp(-W)) + expit(X.T) + log_expit(W)


def logarithms(W, X):
    return np.log(np.abs(W)) + np.log1p(np.exp(X.T)) + np.log2(abs(W)) + np.logaddexp(0, W)


def hyperbolics(W, X):
    return np.tanh(W) + np.sinh(W) * np.cosh(X.T) + np.expm1(W) + np.sin(W) * np.cos(X.T) + np.arctan(W)


def softmax(W, X):
    Z = np.exp(W - np.max(W, axis=1, keepdims=True))
    return Z / np.sum(Z, axis=1, keepdims=True)


def cross_entropy(W, X):
    P = softmax(W, X)
    labels = np.array([0, 3, 1])
    return -np.mean(np.log(P[np.arange(3), labels])) + P


def one_hot(W, X):
    Y = np.eye(4)[np.array([0, 3, 1])]
    return (Y - W) * np.ones_like(W) + np.full((3, 4), 0.1)


def per_sample_loop(W, X):
    total = 0.0
    for x in X.T:
        z = W @ x
        total += np.sum(z**2) / (2 * len(X))
    return total


def explicit_loops(W, X):
    Z = np.empty((3, 3))
    for i in range(3):
        for j in range(3):
            Z[i, j] = 0.0
            for k in range(4):
                Z[i, j] += W[i, k] * X[k, j]
    return Z


def math_functions(W, X):
    Z = np.array([[math.exp(w) + math.tanh(w) + math.sqrt(abs(w)) for w in row] for row in W])
    return Z + math.log(abs(W[0, 0]), 2) + math.log(abs(W[0, 1]))


def numpy_scalars_on_the_left(W, X):
    return np.float64(0.1) * W + np.float32(0.5) / X.T + np.int64(3) - W[0, 0] + np.float64(2) ** W


def python_builtins(W, X):
    return max(W[0]) + min(X[0]) + sum(W[1]) + abs(W[0, 0]) + float(W[0, 1])


def transposes(W, X):
    return (W.T + X).T @ np.transpose(W) + np.swapaxes(X, 0, 1)[:, :3]


def cumulative(W, X):
    return np.cumsum(W, axis=1) + np.prod(X.T, axis=1, keepdims=True) + np.add.accumulate(W, axis=0)


def padding(W, X):
    return np.pad(W, 1) + np.pad(X.T, ((1, 1), (1, 1)), constant_values=0.5)


def windows(W, X):
    padded = np.pad(W, 1)
    return np.stack([padded[i : i + 3, j : j + 4] * 0.1 for i in range(3) for j in range(3)]).sum(axis=0)


def asarray_and_dtypes(W, X):
    Z = np.asarray(W, dtype=np.float64) + np.array(X.T, dtype=float) + W.astype(float)
    return Z + np.array([1, 2, 3, 4], dtype=float) / 3 + np.zeros_like(X.T)


def lists_of_scalars(W, X):
    return np.array([np.sum(W[i]) for i in range(3)]) + np.concatenate([[0.5], W[0, :2]])


def finite_checks(W, X):
    assert np.all(np.isfinite(W))
    assert not np.isnan(X).any()
    return np.nan_to_num(W)


def ufunc_out(W, X):
    Z = np.zeros((3, 3))
    np.matmul(W, X, out=Z)
    np.exp(Z, out=Z)
    return np.multiply(Z, 2, where=Z > 0, out=Z)


CONSTRUCTS: list[Callable[..., Any]] = [
    value for name, value in list(globals().items()) if getattr(value, "__module__", None) == __name__
]
