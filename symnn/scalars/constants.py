"""Reading a float constant as the rational it was written as.

``1/m`` in a gradient is the double nearest to 1/3 where the loss divides by 3 exactly. Taken as a
double, the two would differ in the 17th digit and a certified comparison would raise a false alarm.
So a float that running code brings in is read as the rational it was written as, if there is one
simple enough to be no accident. Reading is a function of the double alone, hence the same constant
means the same number wherever it occurs.

``np.sqrt(2 / np.pi)`` is a double too, and not meant as one: where expressions are kept, it is read as the root.
"""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from flint import fmpq

DECIMAL_DIGITS = 12
"""A typed decimal: about one double in 10**4 has so short a decimal by accident."""

QUOTIENT_HEIGHT = 2**32
"""Largest ``p*q`` of a quotient p/q: less than one double in 10**5 is so near to one by accident."""

DYADIC_BITS = 20
"""Longest odd part of a double that is meant as it is, such as the machine epsilon 2**-52."""

_LARGEST_DENOMINATOR = 10**7

LARGEST_HEIGHT = 1000
"""Largest ``p*q`` of the p/q under a root: less than one double in 10**10 is so near to such a root by accident."""

# A product, a quotient and a root, each rounded.
_ROUNDINGS = 4

# Bits of what may be a rounded root: a double of fewer is meant as it is, and none has more.
_ROUNDED, _LONGEST_DOUBLE = 40, 80


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


@lru_cache(maxsize=2**16)
def as_root(x: float) -> tuple[Fraction, int] | None:
    """Return r and k where the float ``x`` is the rounding of the square root of r π**k, or None where it is none.

    A whole power of two, or any other perfect square without π, is no such root.

    >>> as_root(math.sqrt(2 / math.pi)), as_root(math.pi), as_root(-math.sqrt(2))
    ((Fraction(2, 1), -1), (Fraction(1, 1), 2), (Fraction(2, 1), 0))
    >>> as_root(0.3), as_root(0.123456789012345)
    (None, None)
    """
    if not math.isfinite(x) or not 1e-6 < abs(x) < 1e6:
        return None
    for k in (0, 1, -1, 2, -2):
        r = Fraction(x * x / math.pi**k).limit_denominator(LARGEST_HEIGHT)
        if r.numerator * r.denominator > LARGEST_HEIGHT or not r:
            continue
        square = not k and all(math.isqrt(n) ** 2 == n for n in r.as_integer_ratio())
        if not square and abs(math.sqrt(r * math.pi**k) - abs(x)) <= _ROUNDINGS * math.ulp(x):
            return r, k
    return None


def root_meant(q: Any) -> tuple[int, Any, int] | None:
    """Return s, r and k where an fmpq is a double that is the rounding of s times the root of r π**k, else None.

    >>> root_meant(fmpq(-6369051672525773, 4503599627370496))  # -1.4142135623730951
    (-1, 2, 0)
    """
    dyadic = q.q & (q.q - 1) == 0 and _ROUNDED < q.height_bits() < _LONGEST_DOUBLE
    root = as_root(int(q.p) / int(q.q)) if dyadic else None
    return None if root is None else (-1 if q < 0 else 1, fmpq(*root[0].as_integer_ratio()), root[1])
