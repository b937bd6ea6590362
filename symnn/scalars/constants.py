"""Reading a float constant as the rational it was written as.

``1/m`` in a gradient is the double nearest to 1/3 where the loss divides by 3 exactly. Taken as a
double, the two would differ in the 17th digit and a certified comparison would raise a false alarm.
So a float that running code brings in is read as the rational it was written as, if there is one
simple enough to be no accident. Reading is a function of the double alone, hence the same constant
means the same number wherever it occurs.
"""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

DECIMAL_DIGITS = 12
"""A typed decimal: about one double in 10**4 has so short a decimal by accident."""

QUOTIENT_HEIGHT = 2**32
"""Largest ``p*q`` of a quotient p/q: less than one double in 10**5 is so near to one by accident."""

DYADIC_BITS = 20
"""Longest odd part of a double that is meant as it is, such as the machine epsilon 2**-52."""

_LARGEST_DENOMINATOR = 10**7


@lru_cache(maxsize=2**16)
def as_written(x: float) -> Fraction | None:
    """Return the simple rational that rounds to ``x``, or None if ``x`` is no rounded simple rational.

    Doubles with few bits, such as 0.375, are simple rationals themselves. Raises nothing: infinities
    and NaN give None.

    >>> as_written(0.1), as_written(1 / 3), as_written(1e-7), as_written(1 / 60000)
    (Fraction(1, 10), Fraction(1, 3), Fraction(1, 10000000), Fraction(1, 60000))
    >>> as_written(0.5773502691896258) is None
    True
    """
    if not math.isfinite(x):
        return None
    # A zero is a rational too: ask for None, not for truth.
    readings = (read(x) for read in (_decimal, _quotient, _dyadic))
    return next((rational for rational in readings if rational is not None), None)


def _decimal(x: float) -> Fraction | None:
    shortest = Decimal(repr(x))
    return Fraction(shortest) if len(shortest.normalize().as_tuple().digits) <= DECIMAL_DIGITS else None


def _quotient(x: float) -> Fraction | None:
    near = Fraction(x).limit_denominator(_LARGEST_DENOMINATOR)
    height = abs(near.numerator) * near.denominator
    return near if height <= QUOTIENT_HEIGHT and float(near) == x else None


def _dyadic(x: float) -> Fraction | None:
    exact = Fraction(x)
    odd = exact.numerator // (exact.numerator & -exact.numerator)
    return exact if odd.bit_length() <= DYADIC_BITS else None
