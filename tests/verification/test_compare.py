"""Two arrays of balls are compared entry by entry, and nothing is claimed that was not seen."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symnn.scalars import array, ball, running
from symnn.verification import Check, Verdict, compare_arrays
from symnn.verification.verdict import apart

BITS = 333
EXACT = array([[1.5, -2.0, 0.25], [4.0, 0.0, -8.0]], ball(BITS))


def shifted(index, by):
    other = EXACT.copy()
    with running(ball(BITS)):
        other[index] += ball(BITS).lift(by)
    return other


def thirds():
    with running(ball(BITS)):
        return EXACT / 3


@pytest.mark.parametrize("by", ["1", "-1e-20", "1e-60", "1e-90"])
@pytest.mark.parametrize("index", [(0, 0), (0, 2), (1, 1)])
def test_a_shifted_entry_is_named_with_its_difference(index, by):
    check = compare_arrays("W", shifted(index, by), EXACT, BITS)
    assert (check.verdict, check.worst) == ("different", index)
    assert math.isclose(check.difference, Decimal(by), rel_tol=1e-5)


def test_of_two_wrong_entries_the_worse_is_named():
    twice = shifted((0, 1), "1e-3")
    twice[1, 2] = 7
    assert compare_arrays("W", twice, EXACT, BITS).worst == (1, 2)


def test_equal_arrays_agree_to_the_digits_their_radius_allows():
    assert compare_arrays("W", EXACT, EXACT, BITS).digits == 100
    assert 95 <= compare_arrays("W", thirds(), thirds(), BITS).digits <= 100


def test_wide_balls_give_few_digits():
    with running(ball(BITS), widen=True):
        wide = EXACT * (1 / math.sqrt(3))
    check = compare_arrays("W", wide, wide, BITS)
    assert check.verdict == "equal"
    assert 14 <= check.digits <= 16


def test_zeros_and_values_that_are_not_finite_are_undecided():
    zeros = array(np.zeros((2, 3)), ball(BITS))
    assert compare_arrays("W", zeros, zeros, BITS).verdict == "undecided"
    infinite = array([[math.inf, 0, 0]], ball(BITS))
    assert compare_arrays("W", infinite, infinite, BITS).verdict == "undecided"


def test_another_shape_is_different():
    check = compare_arrays("W", EXACT.T, EXACT, BITS)
    assert check.verdict == "different"
    assert "yours (3, 2)  expected (2, 3)" in check.note


@given(st.decimals("-1e6", "1e6", places=40), st.decimals("-1e6", "1e6", places=40))
def test_different_numbers_are_shown_differently(yours, exact):
    shown = apart(yours, exact)
    close = yours and abs(yours - exact) < abs(exact) * Decimal("1e-38")
    assert yours == exact or close or shown[0] != shown[1]


def test_a_verdict_is_printed_in_aligned_lines():
    checks = (
        Check("W1", (12, 3), "equal", digits=90),
        Check("b10", (3,), "different", (2,), Decimal("0.5"), Decimal("-0.5"), Decimal("1.0")),
        Check("W2", (3, 1), "undecided", note="it is zero"),
    )
    printed = str(Verdict("different", 0, "wrong at b10[2]", checks, ("the point given does not count",)))
    assert printed == "\n".join(
        [
            "different: wrong at b10[2]",
            "  ✓ W1   (12, 3)  90 digits",
            "  ✗ b10  (3,)     differs at b10[2]",
            "      yours       0.5",
            "      exact       -0.5",
            "      difference  1.0e+0  (relative 2.0e+0)  yours = -1 × exact",
            "  ? W2   (3, 1)   undecided: it is zero",
            "  note: the point given does not count",
        ]
    )
