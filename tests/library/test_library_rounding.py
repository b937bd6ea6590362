"""Rounding is certified: half away from zero for what is known, undecided for what is not known well enough."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import flint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symnn.errors import UndecidedError
from symnn.library import rounded, truncated
from symnn.scalars import Ball, Exact, ball, running

NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=7, min_value=-(10**6), max_value=10**6)
PLACES = st.integers(min_value=0, max_value=7)


def unit(decimals):
    return Decimal(1).scaleb(-decimals)


@given(NUMBERS, PLACES)
def test_an_exact_number_is_rounded_half_away_from_zero(number, decimals):
    assert rounded(Exact(str(number)), decimals) == Fraction(number.quantize(unit(decimals), ROUND_HALF_UP))


@given(NUMBERS, PLACES)
def test_an_exact_number_is_cut_off_towards_zero(number, decimals):
    assert truncated(Exact(str(number)), decimals) == Fraction(number.quantize(unit(decimals), ROUND_DOWN))


HALVES = {"0.125": "0.13", "-0.125": "-0.13", "0.135": "0.14", "2.5e-3": "0", "-0.005": "-0.01", "0.995": "1"}


@pytest.mark.parametrize(("number", "meant"), HALVES.items())
def test_a_half_goes_away_from_zero(number, meant):
    assert rounded(Exact(number), 2) == Fraction(meant)


@given(NUMBERS, PLACES)
def test_a_ball_is_rounded_as_the_number_in_it_or_not_at_all(number, decimals):
    with running(ball()):
        third = Ball(str(number)) / 3
        exact = Exact(str(number)) / 3
    try:
        assert rounded(third, decimals) == rounded(exact, decimals)
    except UndecidedError:
        # Only a number on the limit itself may be left undecided: three times a half unit is a number of 8 places.
        assert (Fraction(number) / 3 * 10**decimals * 2).denominator == 1
    try:
        assert truncated(third, decimals) == truncated(exact, decimals)
    except UndecidedError:
        assert (Fraction(number) / 3 * 10**decimals).denominator == 1


def around(middle, radius="1e-60"):
    return Ball(flint.arb(middle, radius))


def test_a_ball_over_the_middle_of_two_decimals_is_undecided():
    with pytest.raises(UndecidedError, match="too near to a rounding limit to be printed with 3 decimals"):
        rounded(around("0.0125", "1e-20"), 3)
    assert rounded(around("0.0125", "1e-20"), 5) == Fraction("0.0125")


def test_a_ball_over_a_decimal_cannot_be_cut_off():
    with pytest.raises(UndecidedError):
        truncated(around("0.25", "1e-20"), 2)
    assert rounded(around("0.25", "1e-20"), 2) == Fraction("0.25")


@pytest.mark.parametrize("wide", ["nan", "inf"])
def test_what_is_not_finite_is_undecided(wide):
    with pytest.raises(UndecidedError):
        rounded(Ball(flint.arb(wide)), 3)


def test_rounding_does_not_depend_on_the_precision_around_it():
    with running(ball()):
        number = Ball(10) ** 40 / 3
    with flint.ctx.workprec(53):
        assert rounded(number, 2) == rounded(Exact(10) ** 40 / 3, 2)


def test_a_number_that_rounds_to_zero_has_no_sign():
    assert rounded(Exact("-0.0001"), 2) == 0
    assert str(rounded(Exact("-0.0001"), 2)) == "0"


@pytest.mark.parametrize("value", ["nan", "inf", "1e308 +/- 1e200"])
def test_a_number_that_is_too_large_to_be_told_is_said_to_be(value):
    with pytest.raises(UndecidedError, match="too large to be printed with 3 decimals: give smaller numbers"):
        rounded(Ball(flint.arb(value)), 3)
