"""Losses with a kink at a point, by hand, and their gradients by every convention for the kink."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import i0e, i1e


@dataclass(frozen=True)
class Case:
    """A loss that has a kink at ``params``, in ``entry`` of them, with the one-sided derivatives there.

    ``grad(params, share)`` gives the kink the value that is ``share`` of the way from its left to its right.
    """

    loss: Any
    grad: Any
    params: Any
    entry: tuple[int, ...]
    interval: tuple[str, str]


def slope(z, left, right, share):
    """The slope of a function with a kink at z = 0, as certified numbers where z is made of them."""
    left, right = 0 * z + left, 0 * z + right
    return np.where(z > 0, right, np.where(z < 0, left, left + share * (right - left)))


def leaky_loss(w):
    z = w * X
    return np.sum(np.maximum(z, 0) + 0.1 * np.minimum(z, 0))


def hinge_loss(w):
    return np.mean(np.maximum(0, 1 - SIGNS * (w @ FEATURES)))


def hinge_grad(w, share):
    active = slope(1 - SIGNS * (w @ FEATURES), 0, 1, share)
    return -FEATURES @ (active * SIGNS) / 2


def pool_loss(w):
    return np.sum(np.max(w.reshape(2, 2, 2), axis=(0, 2)) ** 2 * SIGNS)


def pool_grad(w, share):
    """The windows are entries 0, 1, 4, 5 and 2, 3, 6, 7; the first holds its maximum twice."""
    windows = w.reshape(2, 2, 2)
    top = np.max(windows, axis=(0, 2))
    out = np.zeros((2, 2, 2))
    for window in range(2):
        held = [(i, window, j) for i, j in itertools.product(range(2), repeat=2)]
        best = [index for index in held if windows[index] == top[window]]
        shares = [share, 1 - share] if len(best) == 2 else [1]
        for index, part in zip(best, shares, strict=True):
            out[index] = part * 2 * top[window] * SIGNS[window]
    return out.ravel()


def nets_loss(w):
    return np.sum(np.tanh(np.maximum(OUTER @ np.maximum(w, 0), 0)))


def nets_grad(w, share):
    a = np.maximum(w, 0)
    z = OUTER @ a
    return OUTER.T @ ((1 - np.tanh(np.maximum(z, 0)) ** 2) * slope(z, 0, 1, share)) * slope(w, 0, 1, share)


def python_loss(w):
    return sum(max(x, 0) + 3 * abs(x - 1) for x in w)


def gathered_loss(w):
    return w[np.argmax(w)] ** 2 + w[1]


def gathered_grad(w, share):
    best = [k for k in range(3) if all(w[k] >= x for x in w)]
    shares = [share, 1 - share] if len(best) == 2 else [1]
    out = np.array([0.0, 1.0, 0.0])
    for k, part in zip(best, shares, strict=True):
        out[k] += part * 2 * w[k]
    return out


def masked_loss(w):
    z = w.copy()
    z[w < 0] *= 0.25
    return np.sum(z * X)


def median_loss(w):
    return np.sort(w)[1] * 3


def median_grad(w, share):
    middle = np.sort(w)[1]
    held = [k for k in range(3) if w[k] == middle]
    shares = [share, 1 - share] if len(held) == 2 else [1]
    out = np.zeros(3)
    for k, part in zip(held, shares, strict=True):
        out[k] = 3 * part
    return out


X = np.array([2.0, -1.0, 0.5])
FEATURES = np.array([[1.0, 2.0], [0.5, -1.0]])
SIGNS = np.array([1.0, -1.0])
OUTER = np.array([[1.0, 0.5], [-2.0, 4.0]])
AT = np.array([0.0, 1.5, -0.5])

CASES = {
    "relu": Case(
        lambda w: np.sum(np.maximum(w * X, 0)), lambda w, c: slope(w * X, 0, X, c), AT, (0,), ("0", "2")
    ),
    "abs": Case(lambda w: np.sum(np.abs(w)) / 2, lambda w, c: slope(w, -0.5, 0.5, c), AT, (0,), ("-0.5", "0.5")),
    "a scaled Bessel function": Case(
        lambda w: np.sum(i0e(w)), lambda w, c: i1e(w) - slope(w, -1, 1, c) * i0e(w), AT, (0,), ("-1", "1")
    ),
    "leaky relu": Case(leaky_loss, lambda w, c: slope(w * X, 0.1 * X, X, c), AT, (0,), ("0.2", "2")),
    "mean absolute error": Case(
        lambda w: np.mean(np.abs(w * X - 1)), lambda w, c: slope(w * X - 1, -1, 1, c) * X / 3,
        np.array([0.5, 3.0, 1.0]), (0,), ("-0.6666666666666667", "0.6666666666666667"),
    ),
    "hinge": Case(hinge_loss, hinge_grad, np.array([0.5, 1.0]), (0,), ("0.5", "1")),
    "clip at its lower end": Case(
        lambda w: np.sum(np.clip(w, 0, 1) * X), lambda w, c: slope(w, 0, 1, c) * slope(w - 1, 1, 0, c) * X,
        AT, (0,), ("0", "2"),
    ),
    "max pool": Case(
        pool_loss, pool_grad, np.array([1.0, 0.5, 0.0, -1.0, 1.0, 0.25, 0.5, -2.0]), (0,), ("0", "2")
    ),
    "two layers": Case(nets_loss, nets_grad, np.array([0.0, 1.0]), (0,), ("0", "0.7837658315998757")),
    "python's max and abs": Case(
        python_loss, lambda w, c: slope(w, 0, 1, c) + 3 * slope(w - 1, -1, 1, c), AT, (0,), ("-3", "-2")
    ),
    "the entry that argmax names": Case(gathered_loss, gathered_grad, np.array([2.0, 0.5, 2.0]), (0,), ("0", "4")),
    "a mask": Case(masked_loss, lambda w, c: slope(w, 0.25 * X, X, c), AT, (0,), ("0.5", "2")),
    "a median": Case(median_loss, median_grad, np.array([1.0, 4.0, 1.0]), (0,), ("0", "3")),
}  # fmt: skip
