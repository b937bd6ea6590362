"""Deciding what a comparison cannot: at a kink code may take either branch, and a run says which it takes.

A *tie* is a comparison of two numbers that are equal but move apart, or of two balls that overlap. Some comparison of
every kink is a tie exactly on the kink. A run that holds ``Choices`` takes one side of each tie, the same side for the
same two numbers wherever they meet; running again with another script takes another piece of the function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias, TypeVar

from symnn.errors import UndecidedError
from symnn.scalars.operators import RELATION

# From the speed at which the first number leaves the second behind (None: unknown) to the side taken: 1 is above.
Rule: TypeAlias = Callable[[Any], int]

T = TypeVar("T")

MOST_TIES = 10_000
"""A run with more ties than this is taken for a loop that waits for a comparison to turn out otherwise."""

PIECES = 64
"""How many pieces are looked at where kinks meet: all of those around six kinks."""


def forwards(speed: Any) -> int:
    """Take the side on which a small step along the direction ends.

    >>> forwards(-2), forwards(None)
    (-1, 1)
    """
    return -1 if speed is not None and speed < 0 else 1


def backwards(speed: Any) -> int:
    """Take the side from which a small step along the direction comes.

    >>> backwards(-2), backwards(None)
    (1, -1)
    """
    return -forwards(speed)


def above(speed: Any) -> int:
    """Take every first number for the larger one, as code does whose slope at a kink is that on its right."""
    return 1


def below(speed: Any) -> int:
    """Take every first number for the smaller one, as code does whose ReLU has slope 0 at 0."""
    return -1


class Choices:
    """The sides that one run takes at its ties: those of a script first, then by a rule.

    ``taken`` lists the sides in the order in which new ties were met, ``first`` says what the first of them was and
    ``certain`` whether all were between numbers that are certainly equal. Of two numbers, one that moves stands before
    one that does not, so that ``z > 0`` and ``0 < z`` are one tie.

    >>> from flint import arb
    >>> choices = Choices(script=(-1,))
    >>> z, dz = arb(0), arb(1)
    >>> choices.holds(z, dz, ">", arb(0), None, "z > 0"), choices.holds(arb(0), None, ">=", z, dz, "0 >= z")
    (False, True)
    >>> choices.taken, choices.first
    ([-1], 'z > 0')
    """

    def __init__(self, rule: Rule = above, script: tuple[int, ...] = ()) -> None:
        self.rule = rule
        self.script = script
        self.taken: list[int] = []
        self.first = ""
        self.certain = True
        self._sides: dict[Any, int] = {}
        # A label holds the identity of numbers, which must not be given to others meanwhile.
        self._kept: list[Any] = []

    def holds(self, a: Any, da: Any, relation: str, b: Any, db: Any, said: str | Callable[[], str]) -> bool:
        """Return whether ``a relation b`` holds on the side taken, for values a and b with tangents da and db.

        A tangent of None is exactly 0. Raises UndecidedError for more than 10,000 ties.
        """
        holds, moving = RELATION[relation].holds, (_moves(da), _moves(db))
        if moving == (False, True):
            return bool(holds(-self._side(b, db, a, None, said), 0))
        return bool(holds(self._side(a, da if moving[0] else None, b, db if moving[1] else None, said), 0))

    def _side(self, a: Any, da: Any, b: Any, db: Any, said: str | Callable[[], str]) -> int:
        one, other = _label(a, da), _label(b, db)
        if (one, other) in self._sides:
            return self._sides[one, other]
        if len(self.taken) == MOST_TIES:
            raise UndecidedError(f"more than {MOST_TIES} comparisons cannot be decided: {self.first}")
        if not self.taken:
            self.first = said if isinstance(said, str) else said()
        self.certain = self.certain and bool(a == b)
        known = len(self.taken)
        side = self.script[known] if known < len(self.script) else self.rule(_speed(da, db))
        self.taken.append(side)
        self._kept += [a, da, b, db]
        self._sides[one, other], self._sides[other, one] = side, -side
        return side


def _moves(tangent: Any) -> bool:
    return tangent is not None and not bool(tangent == 0)


def _speed(da: Any, db: Any) -> Any:
    if da is None:
        return None
    return da if db is None else da - db


def _label(value: Any, tangent: Any) -> Any:
    """What makes two numbers one: the identity of the tangent, else the value, an inexact one by identity."""
    if tangent is not None:
        return "moving", id(tangent)
    if hasattr(value, "is_exact") and not value.is_exact():
        return "ball", id(value)
    return "number", value.man_exp() if hasattr(value, "man_exp") and value.is_finite() else str(value)


def pieces(run: Callable[[Choices], T], most: int = PIECES) -> Iterator[T]:
    """Yield what ``run(choices)`` returns for every way to decide its ties; once if there are none.

    Raises UndecidedError after ``most`` ways when there are more.

    >>> from flint import arb
    >>> def absolute(choices):
    ...     return 1 if choices.holds(arb(0), arb(1), ">", arb(0), None, "x > 0") else -1
    >>> list(pieces(absolute))
    [1, -1]
    """
    scripts: list[tuple[int, ...]] = [()]
    for _ in range(most):
        script = scripts.pop(0)
        choices = Choices(script=script)
        yield run(choices)
        taken = choices.taken
        scripts += [(*taken[:k], -taken[k]) for k in range(len(script), len(taken))]
        if not scripts:
            return
    raise UndecidedError(f"more than {most} pieces meet there: {choices.first}")
