"""Losses as people write them in NumPy, one function each of an array ``w`` of shape (3, 4) and data ``X`` (5, 3).

Their gradient is not written by hand but measured: see the tests.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.special import erf, expit, xlogy

LABELS = np.array([0, 3, 1, 1, 2])


def mask_as_floats(w, X):
    Z = X @ w
    mask = (Z > 0).astype(float)
    mask *= Z
    return np.sum(mask**2)


def mask_filled_in_place(w, X):
    Z = X @ w
    D = np.ones_like(Z)
    D[Z <= 0] = 0.01
    D *= Z
    return D.sum()


def clipped_cross_entropy(w, X):
    E = np.exp(X @ w - (X @ w).max(axis=1, keepdims=True))
    P = np.clip(E / E.sum(axis=1, keepdims=True), 1e-12, 1 - 1e-12)
    return -np.mean(np.log(P[range(len(LABELS)), LABELS]))


def one_hot_cross_entropy(w, X):
    Y = np.zeros((5, 4))
    Y[np.arange(5), LABELS] = 1
    Z = X @ w
    return np.mean(np.log(np.sum(np.exp(Z), axis=1)) - np.sum(Y * Z, axis=1))


def take_along_axis(w, X):
    P = np.exp(X @ w)
    return -np.sum(np.log(np.take_along_axis(P, LABELS[:, None], axis=1)))


def causal_attention(w, X):
    Q = X @ w
    S = Q @ Q.T / np.sqrt(Q.shape[-1])
    S = np.where(np.tril(np.ones_like(S)) == 1, S, -1e9)
    S = np.exp(S - S.max(axis=-1, keepdims=True))
    return np.sum((S / S.sum(axis=-1, keepdims=True)) @ Q)


def masked_by_infinity(w, X):
    S = X @ w
    S[np.triu_indices(4, k=1)[0][:2], [2, 3]] = -np.inf
    return np.sum(np.exp(S) * 0.1)


def batched_attention(w, X):
    Q = np.stack([X @ w, 2 * X @ w])
    S = np.matmul(Q, Q.transpose(0, 2, 1)) / 7
    return np.einsum("bij,bjd->bid", np.tanh(S), Q).mean() + np.einsum("bij->", S)


def batch_norm(w, X):
    Z = X @ w
    mean, var = Z.mean(axis=0), Z.var(axis=0)
    return np.sum(((Z - mean) / np.sqrt(var + 1e-5)) ** 3)


def layer_norm(w, X):
    Z = X @ w
    return np.sum(((Z - np.mean(Z, -1, keepdims=True)) / (np.std(Z, axis=-1, keepdims=True) + 1e-6)) ** 3)


def recurrence(w, X):
    h = np.zeros((1, 4))
    states = []
    for x in X:
        h = np.tanh(x.reshape(1, -1) @ w + 0.5 * h)
        states.append(h)
    return np.sum(np.concatenate(states, axis=0) ** 2) + np.array(states).sum()


def convolution_by_loops(w, X):
    image = np.pad(X, ((1, 1), (1, 1)), mode="constant")
    out = np.zeros((5, 2))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(image[i : i + 3, j : j + 4] * w)
    return np.sum(np.tanh(out))


def convolution_by_windows(w, X):
    image = np.pad(X, 1)
    return np.sum(np.tensordot(sliding_window_view(image, (3, 4)), w, axes=([2, 3], [0, 1])) ** 2)


def max_pooling(w, X):
    Z = (X @ w)[:4].reshape(2, 2, 2, 2)
    return np.sum(Z.max(axis=(1, 3)) ** 2) + np.amax(X @ w)


def gelu(w, X):
    Z = X @ w
    tanh_form = 0.5 * Z * (1 + np.tanh(np.sqrt(2 / np.pi) * (Z + 0.044715 * Z**3)))
    return np.sum(tanh_form + Z * 0.5 * (1 + erf(Z / np.sqrt(2))))


def softplus_and_swish(w, X):
    Z = X @ w
    return np.sum(np.logaddexp(0, Z) + Z * expit(Z) + np.log1p(np.exp(-np.abs(Z))))


def elu_selu_leaky(w, X):
    Z = X @ w
    return np.sum(np.where(Z > 0, Z, 1.6732 * (np.exp(np.minimum(Z, 0)) - 1)) + np.maximum(0.01 * Z, Z))


def huber_and_hinge(w, X):
    r = X @ w - 0.3
    return np.sum(np.where(np.abs(r) < 1, 0.5 * r**2, np.abs(r) - 0.5)) + np.mean(np.maximum(0, 1 - r))


def regularised(w, X):
    lam = 1e-4
    return lam / 2 * np.sum(np.square(w)) + lam * np.linalg.norm(w) + 1e-3 * np.abs(w).sum() + (X @ w).mean()


def embedding_sums(w, X):
    rows = np.array([0, 2, 2, 1])
    out = np.zeros((3, 4))
    np.add.at(out, rows, w[rows] ** 2)
    return np.sum(np.tanh(out))


def entropy(w, X):
    P = expit(X @ w)
    return -np.sum(xlogy(P, P))


def python_numbers(w, X):
    total = 0
    for row in w.tolist():
        for value in row:
            total += value**2 / 3 + abs(value) * 0.1
    return total / w.size


def scale_from_math(w, X):
    return float(np.sum(X @ w / sqrt(X.shape[1])) ** 2)


def item_and_squeeze(w, X):
    return np.squeeze(np.sum(np.tanh(X @ w), keepdims=True)).item()


def nditer_free_flat(w, X):
    return sum(v * v for v in w.flat) + w.ravel()[3] + np.ndarray.sum(w[1])


def out_arguments(w, X):
    Z = np.empty((5, 4))
    np.matmul(X, w, out=Z)
    np.maximum(Z, 0, out=Z)
    return (1 + np.sum(Z, axis=0)).prod()


def cosine_similarity(w, X):
    a, b = w[0], w[1]
    return np.dot(a, b) / (np.linalg.norm(a) * np.linalg.norm(b)) + np.inner(a, b) + np.vdot(a, b)


def lambda_and_reduce(w, X):
    return np.add.reduce(np.multiply.reduce(w, axis=0)) + np.prod(w[0]) + np.trace(w[:, :3]) + np.diag(w[:, :3]).sum()


def sorting(w, X):
    return np.sort(w.ravel())[-2:].sum() + w.ravel()[np.argsort(w.ravel())[:3]].sum()


def meshed(w, X):
    grid = np.linspace(0, 1, 4)
    return np.sum(np.outer(grid, w[0]) + np.kron(w[0], grid).reshape(4, 4) + np.arange(4) * w[1])


def type_checks(w, X):
    assert isinstance(w, np.ndarray)
    assert w.shape == (3, 4)
    assert w.ndim == 2
    scale = X.mean() if isinstance(0.5, float) else 0
    return np.sum(w) * np.float64(scale)


def machine_epsilon(w, X):
    Z = np.asarray(X @ w, dtype=np.float64)
    return np.sum(np.log(np.abs(Z) + np.finfo(float).eps)) + np.sum((Z > 0).astype(np.float32) * Z)


def integers_as_floats(w, X):
    counts = np.array([1, 2, 3, 4])
    return np.sum(np.exp(counts.astype(float) * 0.1) * w) + np.sum(w / np.sqrt(counts))


def rounding_for_print(w, X):
    loss = np.sum(w**2)
    assert f"{loss:.4f} {loss!s} {w!r}"
    return loss


IDIOMS = [f for f in list(globals().values()) if getattr(f, "__module__", None) == __name__ and callable(f)]
