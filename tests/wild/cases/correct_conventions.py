"""Correct code that was reported as wrong: nothing is off but the reader's convention."""

from __future__ import annotations

import numpy as np

from symnn import Dense, Network
from tests.wild.wild_case import Case

REPORTED = "correct, reported as wrong"


def network_of(loss, reduction, activation="linear", outputs=3):
    return Network(
        inputs=4, layers=[Dense(outputs, activation)], loss=loss, reduction=reduction, layout="features-first"
    )


def example(outputs=3):
    rng = np.random.default_rng(10)
    params = {"W1": rng.normal(size=(outputs, 4)), "b1": rng.normal(size=(outputs, 1))}
    return params, rng.normal(size=(4, 5)), rng.integers(0, 2, size=(outputs, 5)).astype(float)


def _out(params, X):
    return params["W1"] @ X + params["b1"]


def _through(slope, X):
    return {"W1": slope @ X.T, "b1": np.sum(slope, axis=1, keepdims=True)}


def whole_square(params, X, Y):
    return np.sum((_out(params, X) - Y) ** 2) / X.shape[1]


def whole_square_right(params, X, Y):
    return _through(2 * (_out(params, X) - Y) / X.shape[1], X)


def half_square(params, X, Y):
    return 0.5 * np.sum((_out(params, X) - Y) ** 2) / X.shape[1]


def half_square_right(params, X, Y):
    return _through((_out(params, X) - Y) / X.shape[1], X)


def summed(params, X, Y):
    return 0.5 * np.sum((_out(params, X) - Y) ** 2)


def summed_right(params, X, Y):
    return _through(_out(params, X) - Y, X)


def _chance(params, X):
    return 1 / (1 + np.exp(-_out(params, X)))


def cross_entropy(params, X, Y):
    P = _chance(params, X)
    return -np.sum(Y * np.log(P) + (1 - Y) * np.log(1 - P)) / X.shape[1]


def error_alone(params, X, Y):
    return _through((_chance(params, X) - Y) / X.shape[1], X)


def error_with_a_slope(params, X, Y):
    P = _chance(params, X)
    return _through((P - Y) * P * (1 - P) / X.shape[1], X)


CASES = (
    Case(
        name="no ½ in the loss, and its own 2 in the gradient",
        source=REPORTED,
        loss=whole_square,
        right=whole_square_right,
        example=example,
        wrong=half_square_right,
        differs=("W1", "b1"),
        shown=("yours = 1/2 × exact",),
        network=network_of("squared-error", "mean"),
        diagnosis="this is the gradient of half-squared-error with reduction 'mean', "
        "not of squared-error with reduction 'mean'",
    ),
    Case(
        name="a ½ in the loss, and no 2 in the gradient",
        source=REPORTED,
        loss=half_square,
        right=half_square_right,
        example=example,
        wrong=whole_square_right,
        differs=("W1", "b1"),
        shown=("yours = 2 × exact",),
        network=network_of("half-squared-error", "mean"),
        diagnosis="this is the gradient of squared-error with reduction 'mean', "
        "not of half-squared-error with reduction 'mean'",
    ),
    Case(
        name="1/N left to the learning rate, in loss and gradient",
        source=REPORTED,
        loss=summed,
        right=summed_right,
        example=example,
        wrong=half_square_right,
        differs=("W1", "b1"),
        shown=("yours = 1/5 × exact",),
        network=network_of("half-squared-error", "sum"),
        diagnosis="this is the gradient of half-squared-error with reduction 'mean', "
        "not of half-squared-error with reduction 'sum'",
    ),
    Case(
        name="ŷ − y alone for sigmoid with cross-entropy",
        source=REPORTED,
        loss=cross_entropy,
        right=error_alone,
        example=example,
        wrong=error_with_a_slope,
        differs=("W1", "b1"),
        network=network_of("binary-cross-entropy", "mean", "sigmoid"),
        diagnosis="this is the gradient of half-squared-error with reduction 'mean', "
        "not of binary-cross-entropy with reduction 'mean': "
        "the slope of sigmoid is multiplied in although A1 − Y already contains it",
    ),
)
