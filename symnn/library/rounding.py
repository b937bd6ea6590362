"""Certified rounding of exact numbers and balls to decimals, half away from zero, as figures are printed."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import arb, fmpq

from symnn.errors import UndecidedError
from symnn.scalars import Ball, Exact, precision

BITS = 1024
"""Far above the precision of any ball that is rounded here, so that rounding adds nothing to its radius."""

LARGEST = 10**40
"""Above it, a ball that cannot be rounded is so for its size, and not for what it holds."""


def rounded(number: Exact | Ball, decimals: int) -> Fraction:
    """Return the number rounded half away from zero.

    Raises `UndecidedError` for a ball that reaches over the midpoint between two decimals.

    >>> rounded(Exact("-0.0885"), 3)
    Fraction(-89, 1000)
    """
    return _scaled(number, decimals, fmpq(1, 2))


def truncated(number: Exact | Ball, decimals: int) -> Fraction:
    """Return the number cut off after some decimals.

    Raises `UndecidedError` for a ball that reaches over a decimal.

    >>> truncated(Exact("-0.0885"), 3)
    Fraction(-11, 125)
    """
    return _scaled(number, decimals, fmpq(0))


def _scaled(number: Exact | Ball, decimals: int, shift: Any) -> Fraction:
    # At a precision of its own: the caller's may be too low to tell apart what the ball holds.
    with precision(BITS):
        whole = (abs(number.value) * fmpq(10) ** decimals + shift).floor()
        if isinstance(whole, arb):
            whole = whole.unique_fmpz()
    if whole is None and not abs(number.value) < LARGEST:
        raise UndecidedError(f"{number} is too large to be printed with {decimals} decimals: give smaller numbers")
    if whole is None:
        raise UndecidedError(f"{number} lies too near to a rounding limit to be printed with {decimals} decimals")
    magnitude = Fraction(int(whole)) / Fraction(10) ** decimals
    negative = magnitude != 0 and bool(number < 0)
    return -magnitude if negative else magnitude
