"""Right programs whose branches hang on data, masks and ties, and slips in those branches that few points show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Program:
    """A loss with its gradient, slips in it by name, and what it is given, drawn from a generator."""

    loss: Callable[..., Any]
    grad: Callable[..., Any]
    slips: dict[str, Callable[..., Any]]
    given: Callable[[np.random.Generator], tuple[Any, ...]]


def softmax(Z):
    E = np.exp(Z)
    return E / E.sum(axis=1, keepdims=True)


def smoothed(rng, samples, classes):
    Y = np.full((samples, classes), 0.1 / classes)
    Y[np.arange(samples), rng.integers(0, classes, samples)] += 0.9
    return Y


def soft_loss(W, X, Y):
    return -np.sum(Y * np.log(softmax(X @ W))) / len(X)


def soft_grad(W, X, Y):
    return X.T @ (softmax(X @ W) - Y) / len(X)


def clipped_loss(p, y):
    q = np.clip(p, 1e-7, 1 - 1e-7)
    return -np.mean(y * np.log(q) + (1 - y) * np.log(1 - q))


def clipped_grad(p, y):
    q = np.clip(p, 1e-7, 1 - 1e-7)
    return -(y / q - (1 - y) / (1 - q)) / p.size


def relu_loss(p, X, y):
    H = np.maximum(X @ p["W"] + p["b"], 0)
    return np.mean((H @ p["v"] - y) ** 2)


def relu_grad(p, X, y, mask=lambda Z: Z > 0):
    Z = X @ p["W"] + p["b"]
    H = np.maximum(Z, 0)
    d = 2 * (H @ p["v"] - y) / len(y)
    dZ = np.outer(d, p["v"]) * mask(Z)
    return {"W": X.T @ dZ, "b": dZ.sum(axis=0), "v": H.T @ d}


def pooled(img, size, stride):
    return np.stack([np.max(img[:, j : j + size], axis=1) for j in range(0, img.shape[1] - size + 1, stride)], axis=1)


def pool_loss(p, X, y):
    return np.mean((pooled(X @ p["A"], 3, 2) @ p["v"] - y) ** 2)


def pool_grad(p, X, y, adds=True):
    img = X @ p["A"]
    P = pooled(img, 3, 2)
    d = 2 * (P @ p["v"] - y) / len(y)
    dimg = np.zeros(img.shape)
    for i in range(len(y)):
        for j in range(P.shape[1]):
            k = 2 * j + np.argmax(img[i, 2 * j : 2 * j + 3])
            dimg[i, k] = d[i] * p["v"][j] + (dimg[i, k] if adds else 0)
    return {"A": X.T @ dimg, "v": P.T @ d}


def dropped(w):
    return (np.random.rand(*w.shape) < 0.9) / 0.9


def dropout_loss(w):
    return np.sum(np.tanh(w) * dropped(w))


def dropout_grad(w):
    return (1 - np.tanh(w) ** 2) * dropped(w)


def masked_loss(w, mask):
    return np.sum(np.sin(w) * mask)


def hinge_loss(w, X, y):
    return np.mean(np.maximum(0, 1 - y * (X @ w)))


def hinge_grad(w, X, y, active=lambda m: m < 1):
    m = y * (X @ w)
    return -X.T @ (y * active(m)) / len(y)


def huber_loss(w, X, y):
    r = X @ w - y
    return np.sum(np.where(np.abs(r) <= 3, r**2 / 2, 3 * np.abs(r) - 4.5))


def huber_grad(w, X, y):
    r = X @ w - y
    return X.T @ np.where(np.abs(r) <= 3, r, 3 * np.sign(r))


def _net(rng, positive=False):
    draw = (lambda size: rng.uniform(0.2, 1.5, size)) if positive else (lambda size: rng.normal(size=size))
    return {"W": draw((3, 4)), "b": draw(4), "v": draw(4)}, draw((5, 3)), rng.normal(size=5)


PROGRAMS: dict[str, Program] = {
    "soft targets": Program(
        soft_loss,
        soft_grad,
        {"one-hot only": lambda W, X, Y: soft_grad(W, X, np.round(Y))},
        lambda rng: (rng.normal(size=(2, 3)), rng.normal(size=(4, 2)), smoothed(rng, 4, 3)),
    ),
    "clipped probabilities": Program(
        clipped_loss,
        clipped_grad,
        {"a sign": lambda p, y: -clipped_grad(p, y)},
        lambda rng: (rng.uniform(0.1, 0.9, size=(5, 3)), (rng.random((5, 3)) > 0.5) * 1.0),
    ),
    "relu": Program(
        relu_loss, relu_grad, {"no mask": lambda p, X, y: relu_grad(p, X, y, lambda Z: 1.0)}, lambda rng: _net(rng)
    ),
    "relu of positive numbers": Program(
        relu_loss,
        relu_grad,
        {"no mask": lambda p, X, y: relu_grad(p, X, y, lambda Z: 1.0)},
        lambda rng: _net(rng, True),
    ),
    "overlapping pools": Program(
        pool_loss,
        pool_grad,
        {"= for +=": lambda p, X, y: pool_grad(p, X, y, adds=False)},
        lambda rng: (
            {"A": rng.normal(size=(3, 7)), "v": rng.normal(size=3)},
            rng.normal(size=(4, 3)),
            np.array([0.0, 1.0, 1.0, 0.0]),
        ),
    ),
    "dropout of three": Program(
        dropout_loss,
        dropout_grad,
        {"no mask": lambda w: (1 - np.tanh(w) ** 2) / 0.9},
        lambda rng: (rng.normal(size=3),),
    ),
    "a mask of ones": Program(
        masked_loss,
        lambda w, mask: np.cos(w) * mask,
        {"no mask": lambda w, mask: np.cos(w)},
        lambda rng: (rng.normal(size=3), np.ones(3)),
    ),
    "hinge": Program(
        hinge_loss,
        hinge_grad,
        {"always active": lambda w, X, y: hinge_grad(w, X, y, lambda m: 1.0)},
        lambda rng: (rng.normal(size=2) / 8, rng.normal(size=(6, 2)), np.array([1.0, -1, 1, 1, -1, -1])),
    ),
    "huber": Program(
        huber_loss,
        huber_grad,
        {"only the square": lambda w, X, y: X.T @ (X @ w - y)},
        lambda rng: (rng.normal(size=2), rng.normal(size=(6, 2)), rng.normal(size=6) / 4),
    ),
}
