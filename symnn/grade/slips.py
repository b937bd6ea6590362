"""What a wrong number looks like that no modelled mistake leads to: a slip of the pen, named as a likeness only."""

from __future__ import annotations

from fractions import Fraction

from symnn.exam import Answer

MOST_DIGITS = 30
"""Nobody is asked for more."""
FURTHEST = 3
"""Over how many places the decimal point may have moved."""


def slip(answer: Answer, value: Fraction) -> str:
    """Return what a wrong number looks like beside the right one, empty if it looks like nothing.

    >>> from symnn.exam import Ask
    >>> ask = Ask("L", "L", "number", Fraction(1), decimals=2)
    >>> answer = Answer(ask, (), None, "1.25", Fraction("1.24"), Fraction("1.26"))
    >>> slip(answer, Fraction("-1.25")), slip(answer, Fraction("1.52")), slip(answer, Fraction("12.5"))
    ('as with the sign lost', 'as with two digits swapped', 'as with the decimal point misplaced')
    """
    if _accepts(answer, -value):
        return "as with the sign lost"
    # About zero every small number is one that a misplaced point would make right.
    is_zero = answer.least <= 0 <= answer.most
    if not is_zero and any(
        _accepts(answer, value * Fraction(10) ** power) for power in range(-FURTHEST, FURTHEST + 1) if power
    ):
        return "as with the decimal point misplaced"
    written = _written(value)
    if written is None:
        return ""
    if any(_accepts(answer, other) for other in _swapped(value, max(written[0], answer.ask.decimals or 0))):
        return "as with two digits swapped"
    return _coarsely(answer, value, *written)


def _coarsely(answer: Answer, value: Fraction, decimals: int, digits: int) -> str:
    """Return what a number with so many decimals and digits looks like if more of them are asked for."""
    if answer.ask.digits is not None:
        asked, count, what = answer.ask.digits, digits, "significant digit"
    else:
        asked, count, what = answer.ask.decimals or 0, max(decimals, 0), "decimal"
        decimals = count
    half = Fraction(10) ** -decimals / 2
    near = answer.least - half <= value <= answer.most + half
    # Zero has no significant digit.
    if not near or count >= asked or not (value or answer.ask.digits is None):
        return ""
    return f"as if rounded to {count} {what}{'' if count == 1 else 's'}, where {asked} are asked for"


def _accepts(answer: Answer, value: Fraction) -> bool:
    return answer.least <= value <= answer.most


def _swapped(value: Fraction, decimals: int) -> list[Fraction]:
    """Return the numbers that differ from one by two neighbouring digits, swapped."""
    scaled = abs(value) * 10**decimals
    digits = str(scaled.numerator).zfill(decimals + 1)
    pairs = [at for at in range(len(digits) - 1) if digits[at] != digits[at + 1]]
    swapped = (digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :] for at in pairs)
    sign = -1 if value < 0 else 1
    return [Fraction(sign * int(other), 10**decimals) for other in swapped]


def _written(value: Fraction) -> tuple[int, int] | None:
    """Return how many decimals and how many significant digits show a number in full; None if it takes more than 30.

    Zeros before the point that end a number count as no digits, and as decimals below 0.

    >>> _written(Fraction("-2.05")), _written(Fraction(1200)), _written(Fraction(1, 3))
    ((2, 3), (-2, 2), None)
    """
    decimals = next((count for count in range(MOST_DIGITS + 1) if (value * 10**count).denominator == 1), None)
    if decimals is None:
        return None
    digits = str(abs(int(value * 10**decimals)))
    zeros = len(digits) - len(digits.rstrip("0"))
    return decimals - zeros, len(digits) - zeros
