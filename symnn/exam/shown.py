"""How an answer is printed: in full where the digits asked show it exactly, else rounded half away from zero."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import fmpq

from symnn.errors import UndecidedError
from symnn.exam.tolerance import Rounding, magnitude
from symnn.library import rounded
from symnn.scalars import Ball, Exact


def shown(number: Exact | Ball, rounding: Rounding) -> str:
    """Return a number as a key prints it.

    A ball that reaches over a rounding limit, which it does only if it is narrower than anybody can tell from that
    limit, is rounded by its middle. One that is 0 as far as is certain is printed as 0.

    >>> [shown(Exact(one), Rounding(decimals=3)) for one in ("7", "-1/4", "2/3", "-1/9999", "5/2000")]
    ['7', '-0.25', '0.667', '0.000', '0.003']
    >>> [shown(Exact(one), Rounding(digits=2)) for one in ("7", "1234", "-2/3", "1/300", "0.999")]
    ['7', '1200', '-0.67', '0.0033', '1.0']
    """
    raw = number.value
    if not isinstance(raw, fmpq) and rounding.digits is not None and raw.contains(0):
        # Its middle has digits, none of which is one of the number.
        return "0"
    if rounding.decimals is not None:
        if isinstance(raw, fmpq) and raw.q == 1:
            return str(raw.p)
        return _decimal(number, rounding.decimals)
    power = magnitude(raw if isinstance(raw, fmpq) else _middle(raw))
    decimals = (rounding.digits or 1) - 1 - power
    whole, _ = _units(number, decimals)
    # Rounding 0.999 to two digits makes it 1.0.
    return _decimal(number, decimals - (len(str(abs(whole))) > (rounding.digits or 1)))


class Printing:
    """Prints the numbers of one variant in one rounding, each once: hundreds of wrong answers share few numbers."""

    def __init__(self, rounding: Rounding) -> None:
        self._rounding = rounding
        self._rationals: dict[tuple[int, int], tuple[Exact | Ball, str]] = {}
        # Told apart by which object they are, so that each has to stay while it is known.
        self._seen: dict[int, tuple[Any, tuple[Exact | Ball, str]]] = {}

    def of(self, raw: Any) -> tuple[Exact | Ball, str]:
        """Return a raw number as a scalar, and as a key prints it; the same scalar for the same rational."""
        seen = self._seen.get(id(raw))
        if seen is not None:
            return seen[1]
        # Its parts are hashed ten times as fast as the number.
        parts = (int(raw.p), int(raw.q)) if isinstance(raw, fmpq) else None
        found = None if parts is None else self._rationals.get(parts)
        if found is None:
            scalar = Ball(raw) if parts is None else Exact(raw)
            found = scalar, shown(scalar, self._rounding)
            if parts is not None:
                self._rationals[parts] = found
        self._seen[id(raw)] = raw, found
        return found


def _middle(ball: Any) -> Any:
    mantissa, exponent = ball.mid().man_exp()
    return fmpq(mantissa) * fmpq(2) ** int(exponent)


def _units(number: Exact | Ball, decimals: int) -> tuple[int, bool]:
    """Return a number as a whole number of units of a decimal place, and whether it is one exactly."""
    raw = number.value
    if not isinstance(raw, fmpq):
        try:
            value = rounded(number, decimals)
        except UndecidedError:
            value = rounded(Exact(_middle(raw)), decimals)
        return int(value * Fraction(10) ** decimals), False
    above, below = abs(int(raw.p)), int(raw.q)
    above, below = (above * 10**decimals, below) if decimals >= 0 else (above, below * 10**-decimals)
    whole, rest = divmod(above, below)
    whole += 2 * rest >= below
    return (-whole if raw < 0 else whole), rest == 0


def _decimal(number: Exact | Ball, decimals: int) -> str:
    whole, exact = _units(number, decimals)
    text = _pointed(whole, decimals)
    return text.rstrip("0").rstrip(".") if exact and "." in text else text


def _pointed(whole: int, decimals: int) -> str:
    """Return a whole number of units of a decimal place as a decimal."""
    if decimals <= 0:
        return str(whole * 10**-decimals)
    digits = str(abs(whole)).rjust(decimals + 1, "0")
    return f"{'-' if whole < 0 else ''}{digits[:-decimals]}.{digits[-decimals:]}"
