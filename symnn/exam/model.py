"""What a problem set is made of, from the file to the answers: immutable, without prose, told by templates.

Everything that is printed, exported or marked comes from one `Variant`, so that no two of them can disagree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

from symnn.library import Example, Point

Place = tuple[int, ...]

NUMBER, FORMULA, CODE = "number", "formula", "code"
"""What is asked for: numbers, a formula in symbols, or a hand-written ``backward`` function."""
KINDS = (NUMBER, FORMULA, CODE)


@dataclass(frozen=True)
class Ask:
    """One thing that is asked: a quantity, the whole of it or the entry at ``place``.

    ``quantity`` is a name of the program (``Z1``, ``L``), a gradient (``dW1``), the slope of an activation
    (``A1_slope``), or with ``_new`` behind it a parameter or the loss after the update. ``decimals`` or ``digits`` say
    how an answer is to be rounded; one of the two is None. ``id`` is unique in the problem and fit for any format:
    letters, digits and hyphens.
    """

    id: str
    quantity: str
    kind: str
    points: Fraction
    place: Place | None = None
    decimals: int | None = None
    digits: int | None = None


@dataclass(frozen=True)
class Bounds:
    """What the numbers of a variant may be: from ``least`` to ``most`` in steps of ``step``; zero only if wanted.

    ``fixed`` names arrays that keep the numbers of the example in every variant.
    """

    least: Fraction = Fraction(-3)
    most: Fraction = Fraction(3)
    step: Fraction = Fraction(1)
    zeros: bool = False
    fixed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Problem:
    """One problem: the example it is on, what is asked, and what its numbers may be.

    ``given`` names quantities that are printed beside the data and the parameters, such as a forward pass that is not
    asked for. ``dead`` allows units that are off for all samples.
    """

    id: str
    title: str
    text: str
    example: Example
    asks: tuple[Ask, ...]
    bounds: Bounds = Bounds()
    given: tuple[str, ...] = ()
    dead: bool = False

    @property
    def points(self) -> Fraction:
        """The points of the whole problem."""
        return sum((ask.points for ask in self.asks), Fraction(0))


@dataclass(frozen=True)
class ProblemSet:
    """A problem file: problems in order, whether variants shuffle them and their entries, and how they are told."""

    name: str
    title: str
    problems: tuple[Problem, ...]
    shuffle_problems: bool = False
    shuffle_entries: bool = False
    report: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def points(self) -> Fraction:
        """The points of the whole set."""
        return sum((problem.points for problem in self.problems), Fraction(0))


class Wrong(NamedTuple):
    """A number that a modelled mistake leads to: exactly, as it is printed, and what is said of the mistake.

    ``origin`` is the row of the tables that models it; ``made_at`` the array where the mistake is made, which may come
    before the one that is asked for.
    """

    value: Any
    shown: str
    said: str
    kind: str
    origin: str
    made_at: str


@dataclass(frozen=True)
class Answer:
    """One number to be given: exactly, as printed, and the interval of answers that careful rounding can lead to.

    ``place`` is where in its array the number stands, () for a single number; where the ask is for one entry, it is the
    place of the ask. The ends of the interval are rational and contain the number; no number of a
    modelled mistake lies between them, unless ``coincides`` says which.
    """

    ask: Ask
    place: Place
    exact: Any
    shown: str
    least: Fraction
    most: Fraction
    wrong: tuple[Wrong, ...] = ()
    coincides: tuple[Wrong, ...] = ()

    @property
    def id(self) -> str:
        """The name of the answer, unique in its problem: that of what is asked, and the entry counted from 1."""
        if self.ask.place is not None:
            return self.ask.id
        return "-".join([self.ask.id, *(str(one + 1) for one in self.place)]) if self.place else self.ask.id


@dataclass(frozen=True)
class Solved:
    """A problem with the numbers of one variant and its answers; ``values`` holds all arrays by name, exactly."""

    problem: Problem
    point: Point
    values: Mapping[str, Any] = field(hash=False)
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True)
class Variant:
    """One variant of a problem set: its number, from 1, and its problems in the order in which they are printed."""

    number: int
    seed: int
    problems: tuple[Solved, ...]
