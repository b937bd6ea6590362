"""What a wrong number looks like that no modelled mistake leads to: a slip of the pen, named as a likeness only."""

from __future__ import annotations

from fractions import Fraction

from symnn.exam import Answer

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
    decimals = answer.ask.decimals
    if decimals is not None:
        if any(_accepts(answer, other) for other in _swapped(value, decimals)):
            return "as with two digits swapped"
        coarse = _decimals(value, decimals)
        if coarse is not None and coarse < decimals:
            half = Fraction(1, 2 * 10**coarse)
            if answer.least - half <= value <= answer.most + half:
                return f"as if rounded to {coarse} decimal{'' if coarse == 1 else 's'}, where {decimals} are asked for"
    return ""


def _accepts(answer: Answer, value: Fraction) -> bool:
    return answer.least <= value <= answer.most


def _swapped(value: Fraction, decimals: int) -> list[Fraction]:
    """Return the numbers that differ from one by two neighbouring digits, swapped."""
    scaled = abs(value) * 10**decimals
    if scaled.denominator != 1:
        return []
    digits = str(scaled.numerator).zfill(decimals + 1)
    pairs = [at for at in range(len(digits) - 1) if digits[at] != digits[at + 1]]
    swapped = (digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :] for at in pairs)
    sign = -1 if value < 0 else 1
    return [Fraction(sign * int(other), 10**decimals) for other in swapped]


def _decimals(value: Fraction, most: int) -> int | None:
    """Return how many decimals show a number in full, None if it takes more than ``most``."""
    return next((count for count in range(most + 1) if (value * 10**count).denominator == 1), None)
