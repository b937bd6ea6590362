"""How an answer is printed."""

from __future__ import annotations

import pytest
from flint import arb

from symnn.exam.shown import shown
from symnn.exam.tolerance import Rounding
from symnn.scalars import Ball

# A ball, and what is printed of it to three digits.
PRINTED = {
    "what is 0 as far as is certain": (arb("-2.5e-101", "3e-100"), "0"),
    "what is small and not 0": (arb("-2.5e-101", "1e-120"), f"-0.{100 * '0'}250"),
    "what is about one": (arb("1.23456", "1e-100"), "1.23"),
}


@pytest.mark.parametrize("what", PRINTED)
def test_a_ball_is_printed_to_the_digits_it_has(what):
    ball, text = PRINTED[what]
    assert shown(Ball(ball), Rounding(digits=3)) == text
