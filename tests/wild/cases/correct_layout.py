"""Gradients kept transposed, for the other layout: right for parameters that lie the same way."""

from __future__ import annotations

import numpy as np

from symnn import Dense, Network
from tests.wild.wild_case import Case

network = Network(
    inputs=3, layers=[Dense(2, "tanh", bias=False)], loss="half-squared-error", reduction="sum", layout="features-first"
)


def loss(params, X, Y):
    return np.sum((np.tanh(params["W1"] @ X) - Y) ** 2) / 2


def right(params, X, Y):
    A = np.tanh(params["W1"] @ X)
    return {"W1": ((A - Y) * (1 - A**2)) @ X.T}


def transposed(params, X, Y):
    return {"W1": right(params, X, Y)["W1"].T}


def loss_of_transposed(params, X, Y):
    return loss({"W1": params["W1"].T}, X, Y)


def right_of_transposed(params, X, Y):
    return transposed({"W1": params["W1"].T}, X, Y)


def example():
    rng = np.random.default_rng(12)
    return {"W1": rng.normal(size=(2, 3))}, rng.normal(size=(3, 4)), rng.normal(size=(2, 4))


def transposed_example():
    params, X, Y = example()
    return {"W1": params["W1"].T}, X, Y


CASES = (
    Case(
        name="a gradient transposed against its parameters",
        source="correct, reported as wrong",
        loss=loss,
        right=right,
        example=example,
        wrong=transposed,
        differs=("W1",),
        shown=("yours (3, 2)  expected (2, 3)",),
        network=network,
        diagnosis="the gradient with respect to W1 is transposed",
    ),
    Case(
        name="a gradient transposed as its parameters are",
        source="correct, reported as wrong",
        loss=loss_of_transposed,
        right=right_of_transposed,
        example=transposed_example,
    ),
)
