"""Which numbers an answer is told from: the interval that is right, and one around each modelled wrong number.

No two of them meet, so that a format that takes the first that fits takes the right one. A wrong number is known by
what is printed of it and by what careful rounding makes of it: it is as wide as the right one, but ends half way to the
next, so that of two mistakes that lie close together the nearer is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Any

from symnn.errors import InputError
from symnn.exam.model import Answer, Wrong
from symnn.scalars import Exact

KEPT = 15
"""Decimals that are written of a number that has no last one; no system that marks keeps more digits."""
TIDY = 3
"""Digits of a width that nothing forces to be finer."""


@dataclass(frozen=True)
class Interval:
    """Numbers that are taken alike: from ``least`` to ``most``, with ``shown`` among them as it is printed.

    ``wrong`` are the mistakes that lead there, none for the right answer.
    """

    least: Fraction
    most: Fraction
    shown: Fraction
    wrong: tuple[Wrong, ...] = ()

    def __contains__(self, number: Fraction) -> bool:
        return self.least <= number <= self.most

    def around(self) -> tuple[tuple[Fraction, Fraction], ...]:
        """Return numbers with what an answer may be off by to either side; together they are the interval.

        The first is the number that is printed. Where it is not in the middle, the middle comes after it.

        >>> Interval(Fraction(1), Fraction(4), Fraction(2)).around()
        ((Fraction(2, 1), Fraction(1, 1)), (Fraction(5, 2), Fraction(3, 2)))
        """
        middle, half = (self.least + self.most) / 2, (self.most - self.least) / 2
        near = min(self.shown - self.least, self.most - self.shown)
        return ((self.shown, near),) if near == half else ((self.shown, near), (middle, half))

    def scaled(self, factor: Fraction) -> Interval:
        """Return the interval of the numbers times a factor above 0."""
        return Interval(self.least * factor, self.most * factor, self.shown * factor, self.wrong)


@dataclass(frozen=True)
class _Spot:
    """Where a wrong number lies: between what it is and what is printed of it."""

    low: Fraction
    high: Fraction
    shown: Fraction
    wrong: tuple[Wrong, ...]


def intervals(answer: Answer) -> tuple[Interval, ...]:
    """Return the interval of the right answer, and those of the wrong ones in the order of their numbers.

    Raises `InputError` for an answer whose printed number is none, or lies outside its own interval.
    """
    shown = _printed(answer.shown, answer.id)
    if not answer.least <= shown <= answer.most:
        raise InputError(f"the answer {answer.id} is printed as {answer.shown}, outside its own interval")
    right = Interval(answer.least, answer.most, shown)
    return right, *_wrong(right, answer)


def rational(value: Any) -> Fraction:
    """Return a number as a fraction: an exact one itself, and the middle of a ball.

    >>> rational(Exact("1/3"))
    Fraction(1, 3)
    """
    if isinstance(value, Exact):
        return Fraction(int(value.value.p), int(value.value.q))
    mantissa, exponent = value.value.mid().man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def decimal(number: Fraction) -> str:
    """Return a number as a plain decimal; one without a last decimal is rounded to 15.

    >>> decimal(Fraction(-1, 8)), decimal(Fraction(20)), decimal(Fraction(2, 3))
    ('-0.125', '20', '0.666666666666667')
    """
    places = _places(number.denominator)
    places = KEPT + max(0, -_magnitude(number)) if places is None else places
    return f"{Decimal(round(number * 10**places)).scaleb(-places):f}" if places else str(round(number))


def _places(denominator: int) -> int | None:
    """Return how many decimals a fraction with this denominator has, None for one without end."""
    twos = fives = 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    return max(twos, fives) if denominator == 1 and max(twos, fives) <= 2 * KEPT else None


def _magnitude(number: Fraction) -> int:
    """Return about how many digits stand in front of the point; below 0 as many zeros behind it."""
    return len(str(abs(number.numerator))) - len(str(number.denominator))


def _printed(shown: str, name: str) -> Fraction:
    """Return the number that is printed."""
    try:
        return Fraction(shown)
    except ValueError as error:
        raise InputError(f"the answer {name} is printed as {shown}, which is no number") from error


def _wrong(right: Interval, answer: Answer) -> Iterator[Interval]:
    half = (right.most - right.least) / 2
    spots = _spots(right, answer)
    for place, spot in enumerate(spots):
        floors = [(spots[place - 1].high + spot.low) / 2] if place else []
        ceilings = [(spots[place + 1].low + spot.high) / 2] if place + 1 < len(spots) else []
        floors += [(right.most + spot.low) / 2] if right.most < spot.low else []
        ceilings += [(right.least + spot.high) / 2] if spot.high < right.least else []
        yield _interval(spot, half, max(floors, default=None), min(ceilings, default=None))


def _spots(right: Interval, answer: Answer) -> list[_Spot]:
    """Return the wrong numbers in their order, those that cannot be told apart together."""
    found = []
    for one in answer.wrong:
        value, shown = rational(one.value), _printed(one.shown, answer.id)
        if value in right:
            continue
        # Printed as if it were right: then only the number itself is known to be wrong.
        shown = value if shown in right or (shown < right.least) != (value < right.least) else shown
        found.append(_Spot(min(value, shown), max(value, shown), shown, (one,)))
    spots: list[_Spot] = []
    for spot in sorted(found, key=lambda one: (one.low, one.high)):
        if spots and spot.low <= spots[-1].high:
            last = spots.pop()
            spot = _Spot(last.low, max(last.high, spot.high), last.shown, (*last.wrong, *spot.wrong))
        spots.append(spot)
    return spots


def _interval(spot: _Spot, half: Fraction, floor: Fraction | None, ceiling: Fraction | None) -> Interval:
    """Return an interval around a wrong number, with what is printed in the middle where there is room for that."""
    reach = max(spot.high - spot.shown, spot.shown - spot.low)
    ends = [end for end in (floor, ceiling) if end is not None]
    # Short of half way, so that two intervals never share an end.
    room = min((abs(end - spot.shown) for end in ends), default=None)
    radius = _tidied(reach + half, up=True)
    if room is not None and radius >= room:
        radius = _tidied(room * Fraction(9, 10), up=False)
    if radius >= reach:
        return Interval(spot.shown - radius, spot.shown + radius, spot.shown, spot.wrong)
    return Interval(spot.low, spot.high, spot.shown, spot.wrong)


def _tidied(width: Fraction, *, up: bool) -> Fraction:
    """Return a width of few digits that is no smaller, or no larger."""
    if not width:
        return width
    unit = Fraction(10) ** (_magnitude(width) - TIDY)
    whole = width / unit
    return unit * (-(-whole.numerator // whole.denominator) if up else whole.numerator // whole.denominator)


def whole_shares(shares: Iterable[Fraction], part: int = 1) -> int:
    """Return the least factor that makes every share a multiple of 1 / ``part``.

    >>> whole_shares([Fraction(1, 3), Fraction(1, 2)]), whole_shares([Fraction(3, 2)], part=2)
    (6, 1)
    """
    return lcm(1, *((share * part).denominator for share in shares))
