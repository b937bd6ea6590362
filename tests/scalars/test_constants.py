"""A float constant is read as the rational it was written as, and as nothing else."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symnn.scalars import Ball, Exact, ball, running
from symnn.scalars.constants import as_written

WRITTEN = {
    "0.1": (0.1, Fraction(1, 10)),
    "1e-7": (1e-7, Fraction(1, 10**7)),
    "1e-12": (1e-12, Fraction(1, 10**12)),
    "0.01": (0.01, Fraction(1, 100)),
    "0.044715": (0.044715, Fraction(44715, 10**6)),
    "0.999": (0.999, Fraction(999, 1000)),
    "1 - 1e-7": (0.9999999, Fraction(9999999, 10**7)),
    "a third": (1 / 3, Fraction(1, 3)),
    "-2/7": (-2 / 7, Fraction(-2, 7)),
    "1/60000": (1 / 60000, Fraction(1, 60000)),
    "0.375": (0.375, Fraction(3, 8)),
    "1e300": (1e300, Fraction(10**300)),
    "the machine epsilon": (2.0**-52, Fraction(1, 2**52)),
    "0.0": (0.0, Fraction(0)),
}
INEXACT = {
    "1/sqrt(3)": 1 / math.sqrt(3),
    "sqrt(2/pi)": math.sqrt(2 / math.pi),
    "pi": math.pi,
    "1 - 0.9": 1 - 0.9,
    "0.1 + 0.2": 0.1 + 0.2,
    "1e10/3 + 1e-6": 1e10 / 3 + 1e-6,
}


@pytest.mark.parametrize(("x", "rational"), WRITTEN.values(), ids=WRITTEN)
def test_a_simple_constant_is_the_rational_it_was_written_as(x, rational):
    assert as_written(x) == rational


@pytest.mark.parametrize("x", INEXACT.values(), ids=INEXACT)
def test_no_rational_is_made_up_for_other_constants(x):
    assert as_written(x) is None


@pytest.mark.parametrize("x", [math.inf, -math.inf, math.nan])
def test_what_is_not_finite_is_no_rational(x):
    assert as_written(x) is None


@given(st.integers(1, 5000), st.integers(1, 5000))
def test_every_small_quotient_is_read_back(p, q):
    assert as_written(p / q) == Fraction(p, q)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_reading_always_rounds_to_the_very_double(x):
    written = as_written(x)
    assert written is None or float(written) == x


def test_random_doubles_are_hardly_ever_misread():
    drawn = np.random.default_rng(0).standard_normal(20_000).tolist()
    assert sum(as_written(x) is not None for x in drawn) <= 4


@pytest.mark.parametrize("m", range(1, 13))
def test_dividing_by_m_and_multiplying_by_one_over_m_are_the_same(m):
    with running(ball()):
        x = Ball("0.7").value
        assert (Ball(x) * (1 / m) - Ball(x) / m).value.overlaps(0)
        assert (Exact("0.7") * (1 / m)) == Exact("0.7") / m


def test_an_inexact_constant_is_recorded_and_taken_as_its_double():
    x = 1 / math.sqrt(3)
    with running(ball()) as run:
        assert Ball(0) + x == Ball(x)
    assert run.inexact_constants == {x}


def test_in_a_widened_run_an_inexact_constant_is_a_ball_of_one_ulp():
    x = 1 / math.sqrt(3)
    with running(ball(), widen=(1, 0.0)) as run:
        wide = Ball(0) + x
        assert wide.value.overlaps((1 / Ball(3).sqrt()).value)
        assert not Ball(x).value.overlaps((1 / Ball(3).sqrt()).value)
    assert run.inexact_constants == {x}
