"""What follows from numbers that somebody has got: both passes, the update and the loss after it, computed onwards.

Every number is an interval, as in `symnn.exam.tolerance`: what a student wrote may have been rounded, as may everything
computed from it. Where an interval cannot be computed with, as at a kink, the numbers themselves are, and are widened.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Any, NamedTuple, TypeAlias

from flint import arb, fmpq

from symnn.errors import UndecidedError
from symnn.exam import Answer, Solved
from symnn.exam.bench import Bench, Scope
from symnn.exam.tolerance import Rounding
from symnn.library import BITS
from symnn.library.entrywise import Entrywise, Numbers, in_one_kind
from symnn.library.mistaken import flat
from symnn.notation import name_of
from symnn.scalars import precision


class Written(NamedTuple):
    """A number as somebody wrote it; ``sharp`` if it is known that nothing was rounded to get it."""

    number: Fraction
    sharp: bool = False


Own: TypeAlias = Mapping[str, Mapping[int, Written]]
"""Numbers of one's own: entries by their place in the flat array, by the name of the array."""

EXACT_TO = 2**64
"""A ball narrower than a unit by this factor holds a number that nothing has been rounded before."""

WIDEST = Fraction(1, 50)
"""How wide, to either side, an interval may be beside its number: beyond, it would take almost anything for right."""


MOST_BITS = 10_000
"""A power of two beyond this is written as this one: e to the power of what students write may fill a machine."""

LARGEST, FINEST = 10**30, 10**40
"""A number of one's own that is larger is not computed with, and none more finely than to so many parts of one."""


@dataclass(frozen=True, eq=False)
class Carried:
    """All arrays that could be computed from numbers of one's own: the ``middles``, and ``balls`` of what may be."""

    middles: Scope
    balls: Scope

    def interval(self, name: str, at: int, slack: Fraction) -> tuple[Fraction, Fraction] | None:
        """Return the interval of an entry, None if it could not be computed.

        It is never wider, to either side, than ten times the ``slack`` of the right answer or `WIDEST` of the number.
        """
        if name not in self.balls:
            return None
        middle, ball = fraction(self.middles[name][at]), self.balls[name][at]
        widest = max(10 * slack, WIDEST * abs(middle))
        half = widest if isinstance(ball, arb) and not ball.is_finite() else _reach(ball, middle)
        return middle - min(half, widest), middle + min(half, widest)


def written(number: Fraction, sharp: bool) -> Written | None:
    """Return a number as it is computed with, None for one that nobody can mean.

    >>> written(Fraction(1, 3), False).number == Fraction(1, 3), written(Fraction(10) ** 99, False)
    (True, None)
    """
    if abs(number) > LARGEST:
        return None
    if number.denominator > FINEST:
        return Written(Fraction(round(number * FINEST), FINEST))
    return Written(number, sharp)


def is_full(answer: Answer) -> bool:
    """Tell whether an answer is shown in full by the digits that are asked for, so that nothing is rounded."""
    exact = answer.exact.value
    return isinstance(exact, fmpq) and bool((exact / Rounding.of(answer.ask).unit(exact)).q == 1)


def leaves_of(bench: Bench, solved: Solved) -> dict[str, Numbers]:
    """Return the data and parameters of a variant, flat, with what else its equations read."""
    names = map(name_of, bench.derivation.program.leaves)
    return {**bench.given, **{name: flat(solved.values[name]) for name in names}}


def carried(bench: Bench, leaves: Scope, own: Own, rounding: Rounding, planted: Scope | None = None) -> Carried:
    """Return what follows from numbers of one's own, where everything is rounded by ``rounding`` on the way.

    Entries of an array that are not one's own are computed. Arrays that are ``planted`` stand as they are.
    """
    lesson = bench.lesson
    roundings = {slot.name: Rounding.of(slot.ask) for slot in bench.slots}
    middles, balls = dict(leaves), dict(leaves)
    with precision(BITS):
        for one in lesson.told:
            size, mine = prod(lesson.shapes[one.name]), own.get(one.name, {})
            if planted and one.name in planted:
                computed = widened = planted[one.name]
            else:
                computed = _run(one, middles) or [None] * size
                widened = _run(one, balls) or computed
            kind = roundings.get(one.name, rounding)
            entries = [
                _own(mine[at], kind) if at in mine else _rounded(middle, ball, rounding)
                for at, (middle, ball) in enumerate(zip(computed, widened, strict=True))
            ]
            # What cannot be computed, nothing is computed from.
            known = [entry for entry in entries if entry is not None]
            if len(known) == size:
                middles[one.name] = in_one_kind([middle for middle, _ in known])
                balls[one.name] = in_one_kind([ball for _, ball in known])
    return Carried(middles, balls)


def _run(one: Entrywise, scope: Scope) -> Numbers | None:
    if not one.reads <= scope.keys():
        return None
    try:
        numbers = one.run(scope)
    except (UndecidedError, ZeroDivisionError):
        return None
    return numbers if all(isinstance(number, fmpq) or number.is_finite() for number in numbers) else None


def _own(mine: Written, rounding: Rounding) -> tuple[Any, Any]:
    middle = fmpq(mine.number.numerator, mine.number.denominator)
    if mine.sharp:
        return middle, middle
    return middle, arb(middle) + arb(0, rounding.unit(abs(middle)) / 2)


def _rounded(middle: Any, ball: Any, rounding: Rounding) -> tuple[Any, Any] | None:
    """Return an entry and what it may be after rounding, as `symnn.exam.tolerance` has it."""
    if middle is None:
        return None
    unit = rounding.unit(_rational(abs(arb(middle)).mid()))
    sharp = isinstance(ball, fmpq) or ball.rad() * EXACT_TO < unit
    if sharp and isinstance(middle, fmpq) and (middle / unit).q == 1:
        return middle, middle
    return middle, arb(ball) + arb(0, unit / 2)


def fraction(number: Any) -> Fraction:
    """Return a flint number as a fraction, a ball as its middle.

    >>> fraction(fmpq(1, 3)), fraction(arb("0.5"))
    (Fraction(1, 3), Fraction(1, 2))
    """
    rational = number if isinstance(number, fmpq) else _rational(number.mid())
    return Fraction(int(rational.p), int(rational.q))


def _reach(ball: Any, middle: Fraction) -> Fraction:
    """Return how far a ball goes from a number, to the side where it goes further."""
    if isinstance(ball, fmpq):
        return Fraction(0)
    low, high = (fraction(_rational(end)) for end in (ball.lower(), ball.upper()))
    return max(high - middle, middle - low)


def _rational(number: Any) -> Any:
    """Return a ball of no width as the rational that it is, within the powers of two that a machine can write out."""
    mantissa, exponent = number.man_exp()
    if abs(int(exponent)) <= MOST_BITS:
        return fmpq(mantissa) * fmpq(2) ** int(exponent)
    if exponent < 0:
        return fmpq(0)
    return fmpq(2) ** MOST_BITS * (-1 if mantissa < 0 else 1)
