"""What is right over real numbers and another thing in float64, as the code is called, is not equal."""

from __future__ import annotations

import math

import numpy as np
import pytest

from symnn.verification import verify
from tests.verification.pairs import verify_pair

W = np.array([1.0, 2.0])


def square(w):
    return np.sum(w**2)


def softplus(w):
    return np.sum(np.maximum(w, 0) + np.log(1 + np.exp(-np.abs(w))))


def naive_slope(w):
    return np.exp(w) / (1 + np.exp(w))


def integer_buffer(w):
    g = np.zeros_like(w)
    g[:] = np.cos(w)
    return g


def swallowed(w):
    try:
        return 2 * w + np.frombuffer(w.tobytes(), dtype=np.float64)
    except Exception:
        return 2 * w


def by_type(w):
    return 2 * w if w.dtype == object or type(w).__name__ != "ndarray" else 3 * w


HOLLOW = {
    "a gradient that is nan": (
        softplus,
        naive_slope,
        np.array([1000.0, 2.0]),
        "different",
        "np.exp(w) / (1 + np.exp(w))",
    ),
    "a buffer of integers": (lambda w: np.sum(np.sin(w)), integer_buffer, np.array([1, 2]), "different", "params["),
    "a loss that is infinite in float64": (
        lambda w: np.sum(np.log(np.exp(w))),
        np.ones_like,
        np.array([1000.0, 1.0]),
        "undecided",
        "in float64 the loss is inf, certified it is 1001",
    ),
    "integers that wrap": (square, lambda w: 2.0 * w, np.array([2**40, 1]), "undecided", "it is another function"),
    "a masked array": (
        square,
        lambda w: 2 * np.asarray(w),
        np.ma.array([1.0, 2.0], mask=[False, True]),
        "undecided",
        "certified it is 5",
    ),
    "a half": (square, lambda w: 2 * w, np.array([300.0, 1.0], dtype=np.float16), "undecided", "inf"),
    "an exception": (lambda w: math.exp(w) - math.exp(w) + w, lambda w: 1.0, 1000.0, "undecided", "OverflowError"),
}


@pytest.mark.parametrize("what", HOLLOW)
def test_what_float64_makes_otherwise_is_never_equal(what):
    loss, grad, w, outcome, said = HOLLOW[what]
    verdict = verify_pair(loss, grad, w)
    assert verdict.verdict == outcome, verdict
    assert said in str(verdict)


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")
def test_a_matrix_squared_is_no_elementwise_square():
    verdict = verify_pair(square, lambda w: 2 * np.asarray(w), np.asmatrix([[1.0, 2.0], [3.0, 4.0]]))
    assert verdict.verdict == "undecided"
    assert "in float64 the loss is 54, certified it is 30" in verdict.reasons[0]


@pytest.mark.parametrize("grad", [swallowed, by_type])
def test_another_branch_in_float64_is_never_equal(grad):
    assert verify_pair(square, grad, W).verdict != "equal"


def test_an_infinite_loss_has_no_gradient():
    verdict = verify_pair(lambda w: np.sum(w) + np.inf, np.ones_like, W)
    assert verdict.verdict == "undecided"
    assert "the loss is infinite there, and has no gradient" in verdict.reasons[0]


HONEST = {
    "cancellation": (lambda w: np.sum((w + 1e15) - 1e15 + w**2), lambda w: 1 + 2 * w, np.array([0.3, 1.7])),
    "a gradient that cancels": (
        lambda w: np.sum(np.log(np.cosh(w))),
        lambda w: (np.exp(w) - np.exp(-w)) / (np.exp(w) + np.exp(-w)),
        np.array([1e-12, 1e-9]),
    ),
    "floats of half the size": (square, lambda w: 2 * w, np.array([0.3, 1.7], dtype=np.float32)),
    "whole numbers": (square, lambda w: 2 * w, np.array([1, 2])),
    "a list": (lambda w: w[0] * w[1] ** 2, lambda w: [w[1] ** 2, 2 * w[0] * w[1]], [0.5, 1.5]),
}


@pytest.mark.parametrize("what", HONEST)
def test_honest_rounding_is_no_alarm(what):
    assert verify_pair(*HONEST[what]).verdict == "equal"


def test_a_numerical_level_that_disagrees_is_never_outvoted():
    calls = {"n": 0}

    def loss(w):
        calls["n"] += 1
        far = w.dtype != object and np.any(w != W)
        return np.sum(w**2) + (np.sum(w - W) if far else 0)

    verdict = verify(loss, lambda w: 2 * w, W, level="all")
    assert verdict.verdict != "equal"


SHAPES = {"(n,) for (n, 1)": (3, 1), "(n,) for (1, n)": (1, 3)}


@pytest.mark.parametrize("what", SHAPES)
def test_axes_of_length_one_are_no_difference_and_are_told(what):
    w = np.array([0.5, -1.5, 2.0]).reshape(SHAPES[what])
    verdict = verify_pair(square, lambda w: 2 * w.ravel(), w)
    assert verdict.verdict == "equal"
    assert "compared after reshaping" in verdict.reasons[0]
    assert verify_pair(square, lambda w: 3 * w.ravel(), w).verdict == "different"


@pytest.mark.parametrize("level", ["numerical", "identical", "proved", "all"])
def test_axes_of_length_one_are_no_difference_at_any_level(level):
    w = np.array([[0.5], [-1.5]])
    assert verify(square, lambda w: 2 * w.ravel(), w, level=level).verdict == "equal"


@pytest.mark.parametrize("level", ["identical", "proved", "all"])
def test_soft_targets_that_sum_to_one_as_floats_do_are_right_at_every_level(level):
    def loss(z, y):
        return np.log(np.sum(np.exp(z))) * np.sum(y) - np.sum(y * z)

    def grad(z, y):
        return np.exp(z) / np.sum(np.exp(z)) - y

    y = np.array([0.9, 0.05, 0.05])
    assert verify(loss, grad, np.array([0.5, -1.0, 0.25]), y, level=level).verdict == "equal"


def guarded(p, y):
    return -np.sum(y * np.log(p + 1e-7))


P, Y = np.array([0.25, 0.75]), np.array([1.0, 0.0])


def test_a_guard_is_told_with_its_size():
    verdict = verify_pair(guarded, lambda p, y: -y / p, P, Y)
    assert verdict.verdict == "equal", verdict
    assert verdict.evidence.startswith("equal up to the guard 1e-07: certified to ")
    assert verdict.guards == (1e-7,)


@pytest.mark.parametrize(
    "grad",
    [lambda p, y: -y / p + 1e-9, lambda p, y: -y / (p + 1e-7) * (1 + 1e-12), lambda p, y: -y / p * 1.000001],
    ids=["added", "factor", "larger factor"],
)
def test_a_guard_hides_no_error(grad):
    assert verify_pair(guarded, grad, P, Y).verdict == "different"


def test_a_guard_hides_no_missing_penalty():
    verdict = verify_pair(lambda p, y: guarded(p, y) + 1e-6 * np.sum(p**2), lambda p, y: -y / p, P, Y)
    assert verdict.verdict == "different"


def test_a_gradient_that_is_no_number_where_the_exact_one_is_is_different():
    def loss(w):
        return np.sum(w**2)

    def grad(w):
        return 2 * w * np.log(w) / np.log(w)

    verdict = verify(loss, grad, np.array([0.5, -1.5]))
    assert verdict.verdict == "different"
    assert "params[1] is nan, certified -3" in str(verdict)


def test_a_gradient_that_is_infinite_where_the_loss_has_none_is_no_mistake():
    verdict = verify(lambda w: np.sum(np.sqrt(w)), lambda w: 0.5 / np.sqrt(w), np.array([0.0, 1.0]))
    assert verdict.verdict != "different"


def test_a_gradient_that_is_no_number_only_at_the_point_given_is_different():
    verdict = verify(lambda w: np.sum(w**2), lambda w: 2 * w * np.sin(w) / np.sin(w), np.array([0.0, 1.0]))
    assert verdict.verdict == "different"
