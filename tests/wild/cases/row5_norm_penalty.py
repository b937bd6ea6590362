"""A penalty that is a Euclidean norm, with the gradient of the sum of absolute values; and each with its own."""

from __future__ import annotations

import numpy as np

from tests.wild.wild_case import Case

SOURCE = "row 5, ML-From-Scratch"


def norm_loss(params, X, y, strength):
    return np.mean((X @ params["w"] - y) ** 2) + strength * np.linalg.norm(params["w"])


def _fit(params, X, y):
    return 2 / len(y) * X.T @ (X @ params["w"] - y)


def norm_right(params, X, y, strength):
    w = params["w"]
    return {"w": _fit(params, X, y) + strength * w / np.linalg.norm(w)}


def with_signs(params, X, y, strength):
    return {"w": _fit(params, X, y) + strength * np.sign(params["w"])}


def absolute_loss(params, X, y, strength):
    return np.mean((X @ params["w"] - y) ** 2) + strength * np.linalg.norm(params["w"], 1)


def example():
    rng = np.random.default_rng(5)
    return {"w": rng.normal(size=4)}, rng.normal(size=(6, 4)), rng.normal(size=6), 0.1


CASES = (
    Case(
        name="the norm as a penalty with the signs as its gradient",
        source=SOURCE,
        loss=norm_loss,
        right=norm_right,
        example=example,
        wrong=with_signs,
        differs=("w",),
    ),
    Case(
        name="absolute values as a penalty with the norm's gradient",
        source=SOURCE,
        loss=absolute_loss,
        right=with_signs,
        example=example,
        wrong=norm_right,
        differs=("w",),
    ),
)
