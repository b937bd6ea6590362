"""Functions that jump: where a number is rounded, it is compared with the two whole numbers beside it.

So a point that lies on a jump is a kink like any other, and a run that keeps conditions learns where the number lies.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from symnn.errors import UndecidedError

_HALF = Fraction(1, 2)


def floor(x: Any) -> Any:
    """Return the largest whole number that is not above a scalar. Raises UndecidedError for what is not finite."""
    value = x.value
    if hasattr(value, "is_finite") and not value.is_finite():
        raise UndecidedError(f"{x} has no whole number beside it")
    k = int(value.mid().floor().unique_fmpz()) if hasattr(value, "mid") else int(value.p // value.q)
    if x < k:
        return k - 1
    return k + 1 if x >= k + 1 else k


def ceil(x: Any) -> Any:
    """Return the smallest whole number that is not below a scalar. Raises as ``floor``."""
    return -floor(-x)


def trunc(x: Any) -> Any:
    """Return the whole part of a scalar, towards zero. Raises as ``floor``."""
    return floor(x) if x >= 0 else ceil(x)


def rint(x: Any) -> Any:
    """Return the nearest whole number, of two the even one. Raises as ``floor``."""
    above = x + _HALF
    k = floor(above)
    return k - 1 if k % 2 and above == k else k


def remainder(x: Any, y: Any) -> Any:
    """Return what is left of x after whole multiples of y, with the sign of y. Raises as ``floor``."""
    return x - y * floor(x / y)


def fmod(x: Any, y: Any) -> Any:
    """Return what is left of x after whole multiples of y, with the sign of x. Raises as ``floor``."""
    return x - y * trunc(x / y)


def floor_divide(x: Any, y: Any) -> Any:
    """Return how often y goes into x, rounded down. Raises as ``floor``."""
    return floor(x / y)


def divmod_of(x: Any, y: Any) -> tuple[Any, Any]:
    """Return the quotient rounded down and the remainder. Raises as ``floor``."""
    quotient = floor(x / y)
    return quotient, x - y * quotient


def modf(x: Any) -> tuple[Any, Any]:
    """Return the broken and the whole part of a scalar. Raises as ``floor``."""
    whole = trunc(x)
    return x - whole, whole


def copysign(x: Any, y: Any) -> Any:
    """Return x with the sign of y, zero being positive."""
    return abs(x) if y >= 0 else -abs(x)
