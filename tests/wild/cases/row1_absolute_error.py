"""Mean absolute error: the published slope takes the difference the wrong way round."""

from __future__ import annotations

import numpy as np

from tests.wild.wild_case import Case


class AbsoluteError:
    def forward(self, predicted, wanted):
        self.gap = predicted - wanted
        return np.mean(np.abs(self.gap))

    def backward(self):
        return np.sign(self.gap) / self.gap.size

    def backward_turned(self):
        return np.sign(-self.gap) / self.gap.size


criterion = AbsoluteError()


def loss(params, X, Y):
    return criterion.forward(X @ params["W"] + params["b"], Y)


def _through(slope, X):
    return {"W": X.T @ slope, "b": slope.sum(axis=0)}


def right(params, X, Y):
    criterion.forward(X @ params["W"] + params["b"], Y)
    return _through(criterion.backward(), X)


def wrong(params, X, Y):
    criterion.forward(X @ params["W"] + params["b"], Y)
    return _through(criterion.backward_turned(), X)


def example():
    rng = np.random.default_rng(1)
    params = {"W": rng.normal(size=(3, 2)), "b": rng.normal(size=2)}
    return params, rng.normal(size=(5, 3)), rng.normal(size=(5, 2))


CASES = (
    Case(
        name="absolute error with the sign of y − ŷ",
        source="row 1, nnfs book",
        loss=loss,
        right=right,
        example=example,
        wrong=wrong,
        differs=("W", "b"),
        shown=("yours = -1 × exact",),
    ),
)
