"""A ball's midpoint as a float: the nearest one, at whatever precision, and nearly so where it is cut off."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from flint import arb, fmpq

from symnn.errors import UndecidedError
from symnn.scalars import Ball, array, ball, compared, floats, midpoint, midpoints, precision
from symnn.scalars.operators import RELATIONS

DRAWN = np.random.default_rng(0)


def drawn(bits):
    """A random number of so many bits."""
    return int("1" + "".join(map(str, DRAWN.integers(0, 2, size=bits - 1))), 2)


def exact(mantissa, exponent):
    """A ball that is this number and nothing else."""
    return arb(mantissa) * arb(2) ** exponent


def nearest(mantissa, exponent):
    try:
        return float(Fraction(mantissa) * Fraction(2) ** exponent)
    except OverflowError:
        return math.inf if mantissa > 0 else -math.inf


@pytest.mark.parametrize("bits", [10, 53, 64, 333])
def test_a_midpoint_is_rounded_to_the_nearest_float(bits):
    for exponent in (0, -60, -400, 600, -1090, -1130, -1200, 960, 1000, -5000, 5000):
        for length in (1, 30, 53, 54, 55, 80, 200, 1400, 6400):
            mantissa = drawn(length) * (-1) ** length
            with precision(10_000):
                one = exact(mantissa, exponent)
            with precision(bits):
                assert midpoint(one) == nearest(mantissa, exponent)


@pytest.mark.parametrize("below", [1, 20, 40, 70])
def test_what_lies_beside_the_middle_of_two_floats_is_rounded_to_its_own_side(below):
    for side in (-1, 0, 1):
        middle = (2 * drawn(53) + 1) * 2**below + side
        with precision(1000):
            assert midpoint(exact(middle, -below)) == nearest(middle, -below)


def test_numbers_without_digits_stay_what_they_are():
    assert midpoint(arb(0)) == 0.0
    assert midpoint(arb("inf")) == math.inf
    assert math.isnan(midpoint(arb("nan")))


def test_floats_are_off_by_one_unit_in_the_last_place_at_most():
    with precision(333):
        A = array(np.random.default_rng(0).normal(size=200), ball()) / 3
    assert np.all(np.abs(floats(A) - midpoints(A)) <= np.spacing(np.abs(midpoints(A))))
    assert floats(np.array([Ball(fmpq(1, 2))], dtype=object)).tolist() == [0.5]


UFUNCS = {sign: name for name, sign in compared.RELATIONS.items()}


@pytest.mark.parametrize("sign", UFUNCS)
def test_comparing_all_at_once_is_comparing_one_by_one(sign):
    row = next(row for row in RELATIONS if row.sign == sign)
    numbers = [k / 4 for k in range(-100, 100)]
    entries, other = array(np.array(numbers).reshape(20, 10), ball()), array([0.25], ball())
    with compared.gathering() as nothing:
        outcomes = getattr(np, UFUNCS[sign])(entries, other)
    assert outcomes.ravel().tolist() == [bool(row.holds(x, 0.25)) for x in numbers]
    assert nothing == set()


def test_what_is_not_certain_is_not_compared_at_once():
    entries, other = array(np.arange(100.0), ball()), array([3.0], ball())
    entries[50] = Ball(arb(3, 1))
    with pytest.raises(UndecidedError, match="the balls overlap"):
        np.less(entries, other)
    assert (entries == entries.copy()).all(), "an entry is equal to itself"
