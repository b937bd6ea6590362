"""The answers that careful rounding can lead to: an interval for every number, by interval arithmetic on the equations.

Whoever rounds every intermediate number to the digits asked, in whatever way, is off by half a unit of the last place
at most, each time, and so is whoever keeps more digits, or all of them. So every number becomes the interval of what it
may be, half a unit to either side, and the next equation is computed with intervals. A number that the digits asked
show in full is not widened: rounding leaves it as it is. Python-flint's balls bound every sum and product from outside.
Numbers that come in twice are taken as independent, so that the interval may be wider than what rounding reaches, and
never narrower.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb, fmpq

from symnn.errors import UndecidedError
from symnn.exam.bench import Bench, Scope
from symnn.exam.model import Ask
from symnn.library.entrywise import Numbers

FINER = 100
"""The ends of an interval are rounded outwards to so many parts of a unit."""

EXACT_TO = 2**64
"""A ball narrower than a unit by this factor holds a number that nothing has been rounded before."""


@dataclass(frozen=True)
class Rounding:
    """How numbers are rounded: to so many ``decimals``, or else to so many ``digits`` that count."""

    decimals: int | None = None
    digits: int | None = None

    @classmethod
    def of(cls, ask: Ask) -> Rounding:
        """Return how the answers to an ask are rounded."""
        return cls(ask.decimals, ask.digits)

    def unit(self, size: Any) -> Any:
        """Return the unit of the last place that is kept of a number of this size.

        >>> Rounding(decimals=3).unit(fmpq(7, 2)), Rounding(digits=3).unit(fmpq(7, 2))
        (1/1000, 1/100)
        """
        if self.decimals is not None:
            return fmpq(1, 10**self.decimals)
        return fmpq(10) ** (magnitude(size) + 1 - (self.digits or 1))


def magnitude(number: Any) -> int:
    """Return the power of ten of the first digit of a rational number, 0 for 0.

    >>> [magnitude(fmpq(*one)) for one in ((999, 10), (1, 1000), (10, 1))]
    [1, -3, 1]
    """
    size = abs(number)
    if size == 0:
        return 0
    power = len(str(size.p)) - len(str(size.q))
    while size < fmpq(10) ** power:
        power -= 1
    while size >= fmpq(10) ** (power + 1):
        power += 1
    return power


@dataclass(frozen=True)
class Reach:
    """What careful rounding can lead to: the ``ends`` of an interval for every slot, in their order, as rationals."""

    ends: tuple[tuple[Fraction, Fraction], ...]


def reach(bench: Bench, right: Scope) -> Reach:
    """Return the intervals of all numbers that are asked for, given all right numbers.

    An intermediate that is asked for itself is rounded as it is asked for, if that is coarser, and others as the answer
    is. Raises `UndecidedError` where an interval reaches over a kink, or to where a function is not defined.
    """
    passes: dict[Rounding, Mapping[str, Numbers]] = {}
    own: dict[str, Rounding] = {}
    for slot in bench.slots:
        own.setdefault(slot.name, Rounding.of(slot.ask))
    found = []
    for slot in bench.slots:
        rounding = Rounding.of(slot.ask)
        if rounding not in passes:
            passes[rounding] = dict(_widened(bench, right, rounding, own))
        low, high = _ends(passes[rounding][slot.name][slot.at])
        unit = rounding.unit(max(abs(low), abs(high)))
        exact = right[slot.name][slot.at]
        if isinstance(exact, fmpq):
            # Its last rounding is that of the answer itself; a number shown in full may be typed half a unit off.
            low, high = min(low, exact - unit / 2), max(high, exact + unit / 2)
        found.append((_outwards(low, unit, -1), _outwards(high, unit, 1)))
    return Reach(tuple(found))


def _widened(
    bench: Bench, right: Scope, rounding: Rounding, own: Mapping[str, Rounding]
) -> Iterator[tuple[str, Numbers]]:
    """Yield every array that is computed, each entry the interval of what it may be once it is rounded."""
    lesson = bench.lesson
    computed = {one.name for one in (*lesson.told, *lesson.aside)}
    scope: dict[str, Numbers] = {name: numbers for name, numbers in right.items() if name not in computed}
    for one in lesson.told:
        kinds = [rounding, own[one.name]] if one.name in own and own[one.name] != rounding else [rounding]
        entries = [
            _rounded(number, exact, kinds) for number, exact in zip(one.run(scope), right[one.name], strict=True)
        ]
        scope[one.name] = entries if all(isinstance(e, fmpq) for e in entries) else list(map(_ball, entries))
        yield one.name, scope[one.name]


def _ball(number: Any) -> Any:
    return arb(number) if isinstance(number, fmpq) else number


def _rounded(number: Any, exact: Any, kinds: list[Rounding]) -> Any:
    """Return what an entry may be after rounding: itself if every kind of rounding leaves it as it is, else a ball."""
    if not isinstance(number, fmpq) and not number.is_finite():
        raise UndecidedError("rounding may lead to where a function is not defined")
    unit = max(kind.unit(_size(number)) for kind in kinds)
    sure = isinstance(exact, fmpq) and (isinstance(number, fmpq) or number.rad() * EXACT_TO < unit)
    if sure and all((exact / kind.unit(exact)).q == 1 for kind in kinds):
        return exact
    return _ball(number) + arb(0, unit / 2)


def _size(number: Any) -> Any:
    """Return the largest size of what an entry may be, as a rational that is no smaller."""
    return abs(number) if isinstance(number, fmpq) else _rational(number.abs_upper())


def _ends(number: Any) -> tuple[Any, Any]:
    if isinstance(number, fmpq):
        return number, number
    return _rational(number.lower()), _rational(number.upper())


def _rational(number: Any) -> Any:
    """Return a ball of no width as the rational that it is."""
    mantissa, exponent = number.man_exp()
    return fmpq(mantissa) * fmpq(2) ** int(exponent)


def _outwards(end: Any, unit: Any, side: int) -> Fraction:
    """Return an end rounded away from the middle, to a part of a unit."""
    part = unit / FINER
    whole = (end / part).floor() if side < 0 else (end / part).ceil()
    result = whole * part
    return Fraction(int(result.p), int(result.q))


def within(number: Any, ends: tuple[Fraction, Fraction]) -> bool:
    """Whether a rational number lies in an interval, or a ball reaches into it.

    >>> half = Fraction(1, 2)
    >>> within(fmpq(1, 2), (-half, half)), within(fmpq(2, 3), (-half, half))
    (True, False)
    """
    least, most = (fmpq(end.numerator, end.denominator) for end in ends)
    if isinstance(number, fmpq):
        return bool(least <= number <= most)
    return not (number < least or number > most)
