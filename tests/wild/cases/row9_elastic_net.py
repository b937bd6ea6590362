"""A penalty of absolute values and squares, with the gradient w (l1 + l2) for both."""

from __future__ import annotations

import numpy as np

from tests.wild.wild_case import Case


def loss(params, X, y, l1, l2):
    w = params["w"]
    chance = 1 / (1 + np.exp(-(X @ w + params["b"])))
    fit = -np.mean(y * np.log(chance) + (1 - y) * np.log(1 - chance))
    return fit + l1 * np.sum(np.abs(w)) + l2 / 2 * np.sum(w**2)


def _fit(params, X, y):
    gap = (1 / (1 + np.exp(-(X @ params["w"] + params["b"]))) - y) / len(y)
    return X.T @ gap, np.sum(gap)


def right(params, X, y, l1, l2):
    dw, db = _fit(params, X, y)
    return {"w": dw + l1 * np.sign(params["w"]) + l2 * params["w"], "b": db}


def wrong(params, X, y, l1, l2):
    dw, db = _fit(params, X, y)
    return {"w": dw + params["w"] * (l1 + l2), "b": db}


def example(l1=0.03, l2=0.2):
    rng = np.random.default_rng(9)
    params = {"w": rng.normal(size=4), "b": 0.25}
    return params, rng.normal(size=(6, 4)), np.array([0, 1, 1, 0, 1, 0]), l1, l2


CASES = (
    Case(
        name="absolute values penalised, squares differentiated",
        source="row 9, early MLP of a machine-learning book",
        loss=loss,
        right=right,
        example=example,
        wrong=wrong,
        differs=("w",),
        shown=("✓ b",),
    ),
)
