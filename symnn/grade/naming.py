"""Which modelled mistake wrong numbers come from: an array is held against each, and the nearest is named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from flint import fmpq

from symnn.exam import Answer, Wrong
from symnn.exam.tolerance import Rounding
from symnn.grade.carrying import fraction
from symnn.grade.marks import Named

Numbers: TypeAlias = Mapping[int, Fraction]
"""Numbers by their place in the flat array."""


@dataclass(frozen=True)
class Suspect:
    """A mistake and the numbers that it leads to in one array, where it changes them."""

    mistake: Named
    numbers: Numbers


@dataclass(frozen=True)
class Found:
    """The mistakes that may have led to some wrong numbers, the nearest first, and the places of these numbers.

    ``alone`` says that right numbers stand beside them that would be wrong too by the same mistake.
    """

    mistakes: tuple[Named, ...]
    places: frozenset[int]
    alone: bool


def suspects(answers: Mapping[int, Answer]) -> tuple[Suspect, ...]:
    """Return the modelled mistakes that change some of the answers of one array, those made at it first."""
    numbers: dict[Named, dict[int, Fraction]] = {}
    for at, answer in answers.items():
        for wrong in (*answer.wrong, *answer.coincides):
            numbers.setdefault(named(wrong), {})[at] = fraction(wrong.value.value)
    name = next(iter(answers.values())).ask.quantity
    # Sorting keeps the order of the tables.
    order = sorted(numbers, key=lambda one: one.made_at != name)
    return tuple(Suspect(one, numbers[one]) for one in order)


def named(wrong: Wrong) -> Named:
    """Return the name of the mistake that leads to a number."""
    return Named(wrong.origin, wrong.said, wrong.made_at)


class Gauge:
    """How far rounding leads from the numbers that an answer may be: from the right one, and from wrong ones.

    ``slack`` is how far careful rounding leads from the answer, to the side where it leads further.
    """

    def __init__(self, answer: Answer) -> None:
        exact = fraction(answer.exact.value)
        self.answer, self.slack = answer, max(answer.most - exact, exact - answer.least)
        self._rounding = Rounding.of(answer.ask)
        self._nearly = float(self.slack)
        digits = self._rounding.digits
        # Half a unit is no more than this, for decimals, or this part of the number, for digits.
        self._half = 0.5 * 10.0**-self._rounding.decimals if self._rounding.decimals is not None else 0.0
        self._part = 0.0 if digits is None else 0.5 * 10.0 ** (1 - digits)

    def grace(self, number: Fraction) -> Fraction:
        """Return how far rounding leads from a wrong number: as from the answer, or half a unit, if that is more."""
        unit = self._rounding.unit(abs(fmpq(number.numerator, number.denominator)))
        return max(self.slack, fraction(unit) / 2)

    def is_near(self, number: Fraction, value: Fraction) -> bool:
        """Tell whether a value may be a wrong number, rounded on the way to it."""
        try:
            wrong = float(number)
            far = abs(float(value) - wrong) > 1.01 * max(self._nearly, self._half, self._part * abs(wrong))
        except OverflowError:
            far = False
        # Most numbers are nowhere near, and doubles can tell.
        return not far and abs(value - number) <= self.grace(number)


def find(
    candidates: Iterable[Suspect], gauges: Mapping[int, Gauge], wrong: Numbers, right: Numbers
) -> tuple[Found, ...]:
    """Return which mistakes lead to wrong numbers of an array, beside right ones; together they may not lead to all.

    A mistake that contradicts a right number is only named where no other is. Of two that lead to as many of the
    numbers the nearer one is named, and of two that are as near the one that comes first.
    """
    left = dict(wrong)
    found: list[Found] = []
    known = tuple(candidates)
    for alone in (False, True) if right else (False,):
        fitting = [one for one in known if alone or not _contradicted(one, gauges, right)]
        while left:
            best = _best(fitting, gauges, left)
            if best is None:
                break
            found.append(Found(best[0], best[1], alone))
            left = {at: value for at, value in left.items() if at not in best[1]}
    return tuple(found)


def _contradicted(one: Suspect, gauges: Mapping[int, Gauge], right: Numbers) -> bool:
    return any(at in one.numbers and not gauges[at].is_near(one.numbers[at], value) for at, value in right.items())


def _best(
    candidates: Sequence[Suspect], gauges: Mapping[int, Gauge], left: Numbers
) -> tuple[tuple[Named, ...], frozenset[int]] | None:
    ranked: list[tuple[int, frozenset[int], Named]] = []
    for one in candidates:
        near = [at for at in left if at in one.numbers and gauges[at].is_near(one.numbers[at], left[at])]
        if near:
            off = sum(abs(left[at] - one.numbers[at]) / gauges[at].grace(one.numbers[at]) for at in near)
            # Numbers that are the same are as near, however their last places were computed.
            ranked.append((round(off * 1000), frozenset(near), one.mistake))
    if not ranked:
        return None
    most = max(len(near) for _, near, _ in ranked)
    # Sorting keeps the order of those that are as near.
    nearest = sorted((one for one in ranked if len(one[1]) == most), key=lambda one: one[0])
    places = nearest[0][1]
    return tuple(mistake for _, near, mistake in nearest if near == places), places
