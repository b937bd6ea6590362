"""Parameters in the last place: argnum= says so, and where it is missing the answer tells of it."""

import numpy as np
import symnn
from tests.people.case import Case, numbers, right, wrong

X, Y, W = numbers(5, 3), numbers(5, 1), numbers(3, 1)


def loss(X, Y, W):
    return np.sum((X @ W - Y) ** 2)


def grad(X, Y, W):
    return 2 * X.T @ (X @ W - Y)


def grad_one(X, Y, W):
    return X.T @ (X @ W - Y)


def both(X, Y, W):
    return loss(X, Y, W), grad(X, Y, W)


def deep_loss(X, params, Y):
    return np.mean((np.tanh(X @ params["W"]) @ params["v"] - Y) ** 2)


def deep_grad(X, params, Y):
    h = np.tanh(X @ params["W"])
    e = 2 * (h @ params["v"] - Y) / Y.size
    return {"W": X.T @ (e @ params["v"].T * (1 - h**2)), "v": h.T @ e}


def deep_grad_summed(X, params, Y):
    return {name: g * Y.size for name, g in deep_grad(X, params, Y).items()}


DEEP = (X, {"W": numbers(3, 4), "v": numbers(4, 1)}, Y)

CASES = [
    right("argnum=2", lambda seed: symnn.verify(loss, grad, X, Y, W, argnum=2, seed=seed)),
    right("argnum=-1", lambda seed: symnn.verify(loss, grad, X, Y, W, argnum=-1, seed=seed)),
    wrong("argnum=2, halved", lambda seed: symnn.verify(loss, grad_one, X, Y, W, argnum=2, seed=seed)),
    Case("not said", lambda seed: symnn.verify(loss, grad, X, Y, W, seed=seed), "asks", "argnum"),
    right("(loss, grad) in one", lambda seed: symnn.verify(both, X, Y, W, argnum=2, seed=seed)),
    right("a dict in the middle", lambda seed: symnn.verify(deep_loss, deep_grad, *DEEP, argnum=1, seed=seed)),
    wrong(
        "a dict in the middle, not averaged",
        lambda seed: symnn.verify(deep_loss, deep_grad_summed, *DEEP, argnum=1, seed=seed),
    ),
    Case(
        "a dict in the middle, not said",
        lambda seed: symnn.verify(deep_loss, deep_grad, *DEEP, seed=seed),
        "asks",
        "argnum",
    ),
]
