"""Slips in a branch, each beside the right code: a mask, a tie, a dead unit, dropout, a clip, a margin, a sign."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.people.case import numbers, one_hot

X, Y, W = numbers(4, 3), numbers(4, 2), numbers(3, 4)


@dataclass(frozen=True)
class Slip:
    """A loss, its gradient, the gradient with the slip, and the arguments of all three."""

    loss: Callable[..., Any]
    right: Callable[..., Any]
    wrong: Callable[..., Any]
    arguments: tuple[Any, ...]


def hidden(f, slope, at=W):
    """A layer with an activation, and a linear readout, over {"W", "v"}."""

    def loss(p, x):
        return np.sum((f(x @ p["W"]) @ p["v"]) ** 2)

    def grad_with(slope):
        def grad(p, x):
            z = x @ p["W"]
            e = 2 * (f(z) @ p["v"])
            return {"W": x.T @ (np.outer(e, p["v"]) * slope(z)), "v": f(z).T @ e}

        return grad

    return loss, grad_with, ({"W": at, "v": numbers(4)}, X)


def activation(f, right, wrong, at=W):
    loss, grad_with, arguments = hidden(f, right, at)
    return Slip(loss, grad_with(right), grad_with(wrong), arguments)


def relu(z):
    return np.maximum(z, 0)


def leaky(z):
    return np.where(z >= 0, z, 0.2 * z)


# Max-pool over overlapping windows of a line.


def pooled_loss(w, x):
    z = x @ w
    return np.sum([np.max(z[:, k : k + 3], axis=1) ** 2 for k in range(4)])


def pooled_grad(w, x, add=True, everywhere=False):
    z = x @ w
    dz = np.zeros_like(z)
    for i, k in np.ndindex(len(z), 4):
        window = z[i, k : k + 3]
        j = k + int(np.argmax(window))
        d = 2 * np.max(window)
        if everywhere:
            dz[i, k : k + 3] += d / 3
        else:
            dz[i, j] = d + (dz[i, j] if add else 0)
    return x.T @ dz


# A value that is read twice ties with itself, whatever the numbers are.
TWICE = np.array([0, 1, 1, 2, 0])


def tied_loss(w):
    return np.max(w[TWICE]) ** 2 + np.min(w[TWICE])


def tied_grad(w, shared=True):
    g, read = np.zeros_like(w), w[TWICE]
    for extreme, d in ((np.max(read), 2 * np.max(read)), (np.min(read), 1.0)):
        on = 1.0 * (read == extreme)
        np.add.at(g, TWICE, d * (on / on.sum() if shared else on))
    return g


# A unit that is off for every sample at the point given.
DEAD = {"W": numbers(3, 4) * 0.5, "b": np.array([0.2, -2.5, 0.1, 0.3])}


def dead_loss(p, x):
    return np.sum(relu(x @ p["W"] + p["b"]) ** 2)


def dead_grad(p, x, forgotten=()):
    d = 2 * relu(x @ p["W"] + p["b"])
    d[:, list(forgotten)] = 0
    return {"W": x.T @ d, "b": d.sum(axis=0)}


# Dropout by a mask given, and by one drawn from a seed.
MASK = np.ones((4, 3))
MASK[2, 1] = 0


def masked_loss(w, x, mask):
    return np.sum(np.tanh((x * mask) @ w))


def masked_grad(w, x, mask, used=True):
    return (x * mask if used else x).T @ (1 - np.tanh((x * mask) @ w) ** 2)


def seeded_loss(w, x):
    keep = np.random.default_rng(11).random((len(x), len(w))) < 0.9
    return np.sum(np.tanh(x * w) * keep / 0.9)


def seeded_grad(w, x, used=True):
    keep = np.random.default_rng(11).random((len(x), len(w))) < 0.9
    return np.sum((keep if used else 1) / 0.9 * (1 - np.tanh(x * w) ** 2) * x, axis=0)


# Clips, margins, signs.


def clipped_loss(w, x):
    return np.sum(np.clip(x @ w, -1, 1) ** 3)


def clipped_grad(w, x, masked=True):
    z = x @ w
    d = 3 * np.clip(z, -1, 1) ** 2
    return x.T @ (d * (np.abs(z) < 1) if masked else d)


def hinge_loss(w, x, y):
    return np.mean(np.maximum(0, 1 - y * (x @ w))) + 0.1 * w @ w


def hinge_grad(w, x, y, masked=True):
    on = (y * (x @ w) < 1) * 1.0 if masked else np.ones(len(y))
    return -x.T @ (y * on) / len(y) + 0.2 * w


def multiclass_loss(W, x, t):
    s = x @ W
    return np.sum(np.maximum(0, s - np.sum(s * t, axis=1, keepdims=True) + 1) * (1 - t))


def multiclass_grad(W, x, t, masked=True):
    s = x @ W
    on = (s - np.sum(s * t, axis=1, keepdims=True) + 1 > 0) * (1 - t) if masked else 1 - t
    return x.T @ (on - t * on.sum(axis=1, keepdims=True))


POSITIVE = np.array([0.4, 1.2, 0.7])


def lasso_loss(w, x):
    return np.sum((x @ w) ** 2) + 0.5 * np.abs(w).sum()


def lasso_grad(w, x, signed=True):
    return 2 * x.T @ (x @ w) + 0.5 * (np.sign(w) if signed else np.ones_like(w))


def absolute_loss(w, x, y):
    return np.abs(x @ w - y).mean()


def absolute_grad(w, x, y, signed=True):
    return x.T @ (np.sign(x @ w - y) if signed else -np.ones(len(y))) / len(y)


def huber_loss(w, x, y):
    e = np.abs(x @ w - y)
    return np.sum(np.where(e <= 1, e**2 / 2, e - 0.5))


def huber_grad(w, x, y, clipped=True):
    e = x @ w - y
    return x.T @ (np.clip(e, -1, 1) if clipped else e)


def quantile_loss(w, x, y):
    e = y - x @ w
    return np.sum(np.maximum(0.8 * e, -0.2 * e))


def quantile_grad(w, x, y, both=True):
    e = y - x @ w
    return -x.T @ np.where(e > 0, 0.8, -0.2 if both else 0.2)


def largest_loss(w):
    return np.max(np.abs(w)) + 0.5 * w @ w


def largest_grad(w, signed=True):
    g, k = 1.0 * w, int(np.argmax(np.abs(w)))
    g[k] += np.sign(w[k]) if signed else 1
    return g


NEAR = 0.3 * numbers(3)
SIGNS, HIGH = np.array([1.0, -1.0, 1.0, 1.0]), np.array([3.0, 2.5, 4.0, 3.5])

SLIPS = {
    "relu without its mask": activation(relu, lambda z: z > 0, np.ones_like),
    "relu masked by the wrong side": activation(relu, lambda z: z > 0, lambda z: z < 0),
    "relu masked at −1/2": activation(relu, lambda z: z > 0, lambda z: z > -0.5),
    "leaky relu with the mask of relu": activation(leaky, lambda z: np.where(z > 0, 1, 0.2), lambda z: z >= 0),
    "leaky relu with slope one": activation(leaky, lambda z: np.where(z > 0, 1, 0.2), np.ones_like),
    "leaky relu with its sides crossed": activation(
        leaky, lambda z: np.where(z > 0, 1, 0.2), lambda z: np.where(z > 0, 0.2, 1)
    ),
    "a cap forgotten": activation(lambda z: np.clip(z, 0, 1), lambda z: (z > 0) & (z < 1), lambda z: z > 0),
    "the sign of an absolute value": activation(np.abs, np.sign, np.ones_like),
    "max-pool, = for +=": Slip(pooled_loss, pooled_grad, lambda w, x: pooled_grad(w, x, add=False), (numbers(3, 6), X)),
    "max-pool, spread": Slip(
        pooled_loss, pooled_grad, lambda w, x: pooled_grad(w, x, everywhere=True), (numbers(3, 6), X)
    ),
    "a tie counted twice": Slip(tied_loss, tied_grad, lambda w: tied_grad(w, shared=False), (numbers(3),)),
    "a dead unit's gradient left out": Slip(dead_loss, dead_grad, lambda p, x: dead_grad(p, x, (1,)), (DEAD, X)),
    "a dropout mask forgotten": Slip(
        masked_loss, masked_grad, lambda w, x, m: masked_grad(w, x, m, used=False), (numbers(3, 2), X, MASK)
    ),
    "a drawn dropout mask forgotten": Slip(
        seeded_loss, seeded_grad, lambda w, x: seeded_grad(w, x, used=False), (numbers(3), numbers(5, 3))
    ),
    "a clip's mask forgotten": Slip(
        clipped_loss, clipped_grad, lambda w, x: clipped_grad(w, x, False), (numbers(3), X)
    ),
    "a clip's mask forgotten, nothing clipped": Slip(
        clipped_loss, clipped_grad, lambda w, x: clipped_grad(w, x, False), (NEAR, X)
    ),
    "a margin's mask forgotten": Slip(
        hinge_loss, hinge_grad, lambda w, x, y: hinge_grad(w, x, y, masked=False), (NEAR, X, SIGNS)
    ),
    "margins of classes forgotten": Slip(
        multiclass_loss,
        multiclass_grad,
        lambda W, x, t: multiclass_grad(W, x, t, masked=False),
        (0.3 * numbers(3, 3), X, one_hot([0, 2, 1, 1], 3)),
    ),
    "the sign of a penalty, all weights positive": Slip(
        lasso_loss, lasso_grad, lambda w, x: lasso_grad(w, x, signed=False), (POSITIVE, X)
    ),
    "the sign of errors, all negative": Slip(
        absolute_loss, absolute_grad, lambda w, x, y: absolute_grad(w, x, y, signed=False), (NEAR, X, HIGH)
    ),
    "huber's outer branch forgotten": Slip(
        huber_loss, huber_grad, lambda w, x, y: huber_grad(w, x, y, clipped=False), (NEAR, X, 0.2 * Y[:, 0])
    ),
    "one side of a quantile": Slip(
        quantile_loss, quantile_grad, lambda w, x, y: quantile_grad(w, x, y, both=False), (NEAR, X, HIGH)
    ),
    "the sign at the largest, which is positive": Slip(
        largest_loss, largest_grad, lambda w: largest_grad(w, signed=False), (np.array([0.3, -0.2, 0.9]),)
    ),
}
