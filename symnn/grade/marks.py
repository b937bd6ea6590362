"""What marking leads to: a mark for every number that is asked for, and sheets of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Outcome(StrEnum):
    """What became of an answer; the first three earn its points."""

    RIGHT = "right"
    FOLLOWS = "follows"
    SAME = "same mistake"
    MISTAKE = "mistake"
    SLIP = "slip"
    WRONG = "wrong"
    BLANK = "blank"
    UNREAD = "unread"

    @property
    def earns(self) -> bool:
        """Whether the points are earned."""
        return self in {Outcome.RIGHT, Outcome.FOLLOWS, Outcome.SAME}


@dataclass(frozen=True)
class Given:
    """What a student gave for one number: the text, its line in the file, and the number, None if it is none."""

    text: str
    line: int
    value: Fraction | None
    unread: bool = False


@dataclass(frozen=True)
class Named:
    """A mistake by its name: the row that models it, what is said of it, and where it is made."""

    origin: str
    said: str
    made_at: str


@dataclass(frozen=True)
class Mark:
    """The mark of one number: what became of it and what it earns.

    ``mistakes`` holds the modelled mistake that leads to it, and behind it others that lead to the same number.
    ``after`` names the student's own arrays that it follows from. ``alone`` says that other entries of the array do not
    show the mistake. ``slip`` says what a number looks like that no modelled mistake leads to.
    """

    problem: str
    question: str
    id: str
    given: Given | None
    outcome: Outcome
    possible: Fraction
    mistakes: tuple[Named, ...] = ()
    after: tuple[str, ...] = ()
    alone: bool = False
    slip: str = ""

    @property
    def points(self) -> Fraction:
        """The points that are earned."""
        return self.possible if self.outcome.earns else Fraction(0)

    @property
    def said(self) -> str:
        """What is said of the answer in a line; empty for a right one."""
        *others, last = self.after or ("",)
        own = f"your {', '.join(others)}{' and ' if others else ''}{last}" if last else ""
        name = self.mistakes[0].said if self.mistakes else ""
        if self.outcome is Outcome.FOLLOWS:
            return f"follows from {own}"
        if self.outcome is Outcome.SAME:
            return f"the same mistake: {name}"
        if self.outcome is Outcome.MISTAKE:
            return f"{name}{', in this entry alone' if self.alone else ''}{f' (with {own})' if own else ''}"
        return self.slip

    @property
    def costs(self) -> Named | None:
        """The mistake that points are lost by, None if there is none or none is named."""
        return self.mistakes[0] if self.outcome is Outcome.MISTAKE else None


@dataclass(frozen=True)
class Sheet:
    """The answers of one student to one variant, marked, in the order of the problem file."""

    student: str
    variant: int
    marks: tuple[Mark, ...]

    @property
    def points(self) -> Fraction:
        """The points of all marks."""
        return sum((mark.points for mark in self.marks), Fraction(0))

    @property
    def possible(self) -> Fraction:
        """The points that there are for numbers; formulas and code are marked elsewhere."""
        return sum((mark.possible for mark in self.marks), Fraction(0))
