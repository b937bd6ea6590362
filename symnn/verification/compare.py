"""Certified numbers that were compared, as a Check: how many digits agree, or which entry differs by how much."""

from __future__ import annotations

from dataclasses import replace
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from typing import Any

import numpy as np

from symnn.errors import aligned
from symnn.scalars import certified_digits, log10_upper, precision
from symnn.verification.verdict import Check

SPARE_DIGITS = 6
"""How many digits of a value are kept behind the first that differs."""


def digits_within(difference: Any, scale: Any, bits: int) -> int:
    """Return the decimal digits to which an arb difference is certainly zero, measured by ``scale``.

    No more are claimed than the working precision of ``bits`` has.
    """
    return min(certified_digits(difference, scale), int(bits * 0.30103))


def decimal(value: Any, digits: int) -> Decimal:
    """Return the midpoint of an arb in ``digits`` significant decimal digits; 0 for a ball about zero.

    >>> from flint import arb
    >>> decimal(arb("0.25"), 5), decimal(arb(1e-100, 1e-99), 5)
    (Decimal('0.25'), Decimal('0'))
    """
    if value.contains(0):
        return Decimal(0)
    shown = Decimal(str(value.mid().str(digits, radius=False)))
    return shown.normalize(Context(prec=digits, Emax=MAX_EMAX, Emin=MIN_EMIN)) if shown else Decimal(0)


def differing(name: str, shape: tuple[int, ...], index: int, yours: Any, exact: Any, bits: int) -> Check:
    """Return the check of an array whose entry at flat ``index`` is certainly ``yours``, not ``exact``."""
    with precision(bits):
        difference = yours - exact
        agreeing = log10_upper(exact) - log10_upper(difference)
        kept = 17 + SPARE_DIGITS if not np.isfinite(agreeing) else max(17, int(agreeing)) + SPARE_DIGITS
        return Check(
            name,
            shape,
            "different",
            unravelled(index, shape),
            decimal(yours, kept),
            decimal(exact, kept),
            decimal(difference, SPARE_DIGITS),
        )


def outside(name: str, shape: tuple[int, ...], index: int, yours: Any, ends: tuple[Any, Any], bits: int) -> Check:
    """Return the check of an array whose entry at flat ``index`` is certainly not between two derivatives.

    ``exact`` is the end that is nearer, ``difference`` the distance to it.

    >>> from flint import arb
    >>> print(outside("w", (2,), 1, arb(3), (arb(0), arb("1.5")), 333))
    ✗ w  (2,)  differs at w[1]: on a kink
        yours       3
        exact       between 0 and 1.5
        difference  1.5e+0
    """
    with precision(bits):
        nearer = min(ends, key=lambda end: float(abs(yours - end).mid().log()))
        check = differing(name, shape, index, yours, nearer, bits)
        kept = len(check.exact.as_tuple().digits) if check.exact else SPARE_DIGITS
        low, high = (check.exact if end is nearer else decimal(end, max(17, kept)) for end in ends)
        return replace(check, interval=(low or Decimal(0), high or Decimal(0)), note="on a kink")


def between(name: str, shape: tuple[int, ...], index: int, yours: Any, ends: tuple[Any, Any], digits: int) -> Check:
    """Return the check of an array that is right, whose entry at flat ``index`` lies between two derivatives.

    >>> from flint import arb
    >>> check = between("w", (2,), 1, arb(0), (arb(0), arb("1.5")), 98)
    >>> check.entry, check.interval
    ('w[1]', (Decimal('0'), Decimal('1.5')))
    """
    low, high = (decimal(end, 17) for end in ends)
    at = unravelled(index, shape)
    return Check(name, shape, "equal", at, decimal(yours, 17), digits=digits, interval=(low, high))


def unravelled(index: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return a flat index as one of an array of ``shape``.

    >>> unravelled(4, (2, 3)), unravelled(0, ())
    ((1, 1), ())
    """
    return tuple(int(k) for k in np.unravel_index(index, shape)) if shape else ()


def misshapen(name: str, yours: tuple[int, ...], expected: tuple[int, ...]) -> Check:
    """Return the check of a gradient whose shape is not its parameter's.

    >>> print(misshapen("W", (3, 2), (2, 3)))
    ✗ W  (2, 3)  differs: the shape is wrong: yours (3, 2)  expected (2, 3)
    """
    shapes = aligned([("yours", str(yours)), ("expected", str(expected))], indent="").split("\n")
    note = "  ".join(" ".join(row.split(maxsplit=1)) for row in shapes)
    return Check(name, expected, "different", note=f"the shape is wrong: {note}")


ALL_ZERO = "it is zero at every point looked at, so nothing was compared"
"""Why an array of zeros is no evidence."""

LOST = "no digit of it is certain, so nothing was compared"
"""Why an array of balls about zero is none, where more digits were needed."""
