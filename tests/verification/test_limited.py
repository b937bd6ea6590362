"""Constants that code computed limit what is certified; they hide no entry that is wrong and raise no alarm."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symnn import verify

LARGE_AND_SMALL = np.random.default_rng(0).normal(size=3) * np.array([1e6, 1e-9, 1])
ONES = np.ones(3)

# Doubles that are no rounded rational: constants that something computed.
ROOT = 1 / np.sqrt(3)
SPREAD = np.random.default_rng(1).normal(size=300) * 10.0 ** np.random.default_rng(2).integers(-9, 6, size=300)
SPREAD[::7] = 0


def of(weights, factors):
    return verify(lambda w: np.sum(w * weights / np.sqrt(3)), lambda w: weights * ROOT * factors, np.ones(len(weights)))


@pytest.mark.parametrize("held", ["an array", "made in the call"])
@pytest.mark.parametrize("factor", [2.0, 1.001, 1 + 1e-9, 0.0])
def test_a_small_entry_that_is_wrong_is_different_beside_a_large_one(held, factor):
    def weights():
        return LARGE_AND_SMALL if held == "an array" else np.array(LARGE_AND_SMALL.tolist())

    found = verify(lambda w: np.sum(w * weights()), lambda w: weights() * np.array([1.0, factor, 1.0]), ONES)
    assert found.verdict == "different", found
    assert found.checks[0].entry == "params[1]"


@pytest.mark.parametrize("index", [1, int(np.argmin(np.where(SPREAD, abs(SPREAD), np.inf))), 299])
@pytest.mark.parametrize("factor", [-1.0, 1 + 1e-8])
def test_one_wrong_entry_of_a_large_array_is_different_whatever_its_size(index, factor):
    factors = np.ones(len(SPREAD))
    factors[index] = factor
    found = of(SPREAD, factors)
    assert found.verdict == "different"
    assert found.checks[0].worst == (index,)


@pytest.mark.parametrize("weights", [LARGE_AND_SMALL, SPREAD], ids=["few", "many"])
def test_what_only_a_constant_limits_is_equal_and_says_so(weights):
    found = of(weights, np.ones(len(weights)))
    assert found.verdict == "equal"
    assert "limited by the float64 constant" in found.evidence


def test_a_number_where_the_gradient_is_zero_is_different_beside_large_entries():
    extra = np.zeros(len(SPREAD))
    extra[14] = 1e-13
    root = np.sqrt(3)
    found = verify(lambda w: np.sum(w * SPREAD / root), lambda w: SPREAD * ROOT + extra, np.ones(len(SPREAD)))
    assert found.verdict == "different"
    assert found.checks[0].entry == "params[14]"


def test_a_slope_left_out_is_different_beside_large_entries():
    found = verify(
        lambda w: np.sum(w * LARGE_AND_SMALL / np.sqrt(3)), lambda w: ROOT * LARGE_AND_SMALL * [1, 0, 1], ONES
    )
    assert found.verdict == "different"
    assert found.checks[0].entry == "params[1]"


DIVISORS = st.lists(st.sampled_from([0.1, 0.3, 7.0, 0.7, 1.9, 0.05, 13.0, 0.61]), min_size=2, max_size=8)


@settings(max_examples=8, deadline=None)
@given(DIVISORS)
def test_a_constant_of_several_roundings_is_no_mistake(divisors):
    made = 1.0
    for one in divisors:
        made /= one

    def loss(w):
        z = np.tanh(w)
        for one in divisors:
            z = z / one
        return np.sum(z)

    assert verify(loss, lambda w: (1 - np.tanh(w) ** 2) * made, np.array([0.3, -0.4])).verdict == "equal"


def test_a_mean_made_beforehand_is_no_certain_mistake_and_a_wrong_one_is():
    X = np.random.default_rng(3).normal(size=400) * np.array([1.0, 1e3] * 200)
    made = X.mean()

    def loss(w):
        return np.sum(w**2) * np.mean(X)

    def found(factor):
        return verify(loss, lambda w: 2 * w * (made * factor), np.array([0.3, -0.4]))

    assert found(1.0).verdict in {"equal", "undecided"}
    slight = found(1 + 1e-13)
    assert slight.verdict == "undecided"
    assert "no more than many roundings leave in float64 constants such as" in slight.reasons[0]
    assert found(1 + 1e-10).verdict == "different"


def test_an_entry_that_cancels_to_less_than_its_constants_leave_is_not_called_equal():
    one, other = 1e6 * ROOT, 1e6 * float(np.nextafter(ROOT, 1))

    def found(factor):
        return verify(
            lambda w: np.sum(w * np.array([1.0, 0.0])) + w[1] * (np.exp(0 * w[0]) * one - other),
            lambda w: np.array([1.0, (one - other) * factor]),
            np.array([0.5, 0.5]),
        )

    assert found(3.0).verdict != "equal"


POWERS = np.array([1.5, -0.5, 0.75, 0.25])
COSINES, SINES = (f(2 * np.pi * np.outer(np.arange(4), np.arange(4)) / 4) for f in (np.cos, np.sin))


def by_matrices(w):
    return 2 * (COSINES.T @ (POWERS * (COSINES @ w)) + SINES.T @ (POWERS * (SINES @ w)))


def by_loops_of_numbers(w):
    total = 0
    for k in range(4):
        z = sum(w[n : n + 1] * np.exp(-2j * np.pi * k * n / 4) for n in range(4))
        total = total + np.sum(np.abs(z) ** 2)
    return total


LEFT_OF_ZERO = {
    "a transform by matrices": (lambda w: np.sum(POWERS * np.abs(np.fft.fft(w)) ** 2), by_matrices),
    "a transform by loops": (by_loops_of_numbers, lambda w: 8 * w),
    "cosines in a loop": (
        lambda w: sum((w[k] * np.cos(np.pi * k / 2)) ** 2 for k in range(4)),
        lambda w: 2 * np.array([w[0], 0, w[2], 0]),
    ),
}


@pytest.mark.parametrize("name", LEFT_OF_ZERO)
def test_what_rounding_left_of_zero_is_no_mistake_and_a_wrong_gradient_beside_it_is(name):
    loss, grad = LEFT_OF_ZERO[name]
    w = np.array([0.625, -1.25, 0.375, 2.125])
    assert verify(loss, grad, w).verdict in {"equal", "undecided"}
    assert verify(loss, lambda w: grad(w) * 1.001, w).verdict == "different"
    assert verify(loss, lambda w: grad(w) * np.array([1, 1, 2, 1]), w).verdict == "different"
