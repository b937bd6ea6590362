"""Reading a float constant as the root that was computed: ``np.sqrt(2 / np.pi)`` is a double, and not meant as one."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache

LARGEST_HEIGHT = 1000
"""Largest ``p*q`` of the p/q under a root: less than one double in 10**10 is so near to such a root by accident."""

# A product, a quotient and a root, each rounded.
_ROUNDINGS = 4


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
