"""The marking of a worked solution: the points of every step, and its common wrong answers with what each means."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby
from typing import Any, TypeAlias

import numpy as np

from symnn.errors import InputError
from symnn.library import Example, Mistakes, Points, WrongAnswer, for_array
from symnn.library.rubric import rubric, total
from symnn.mistakes.update import NEW
from symnn.network import Network
from symnn.report.allotted import NEW_LOSS, UPDATE, counted, homes, key_of
from symnn.report.form import MOST, Form
from symnn.report.numbers import array_latex, number, width_of
from symnn.report.rows import width_of_latex
from symnn.report.said import Said, symbols_of, told_in
from symnn.report.story import Teller

MORE = (0, 2, 4, 8)
"""How many decimals more a wrong answer is printed with, until it looks different from the right one."""
CARRIED = 6
"""At most so many arrays show how one mistake is carried on."""
SOME, FULL = 3, 6
"""At most so many wrong answers an array are shown beside the steps, and where everything is told."""
APPROXIMATELY = r"\approx "

Forms: TypeAlias = tuple[Form, ...]


@dataclass(frozen=True)
class Wrong:
    """A wrong answer: its numbers, about how many digits wide they are, what it means, and what else gives them.

    ``alone`` tells that a single entry stands for an array, whose printed entries are all right.
    """

    latex: str
    width: float
    said: Said
    same_as: tuple[Said, ...]
    alone: bool = False


@dataclass(frozen=True)
class Graded:
    """The points for one array, for its rule and for its numbers, and its wrong answers.

    ``is_new`` says that it is what the array is after the update; ``follows``, that numbers which follow rightly from
    wrong ones earn their points; ``at`` names the step where it is marked if that is not its own, ``key`` is that step.
    """

    array: str
    key: str
    name: str
    is_new: bool
    at: str
    part: str
    rule: str
    numbers: str
    points: str
    follows: bool
    wrong: tuple[Wrong, ...]


@dataclass(frozen=True)
class Marks:
    """The points of a step that a style tells, and of the arrays in it.

    ``explains`` is set for the first step that says what follows from a wrong number.
    """

    key: str
    points: str
    graded: tuple[Graded, ...]
    explains: bool


@dataclass(frozen=True)
class Part:
    """A part of the solution, with the arrays graded in it and their points."""

    name: str
    graded: tuple[Graded, ...]
    points: str


@dataclass(frozen=True)
class Alike:
    """Mistakes that lead to the same numbers, and the arrays at which they do, by name."""

    names: tuple[str, ...]
    said: tuple[Said, ...]


@dataclass(frozen=True)
class Carried:
    """A mistake and what follows from it rightly: ``names`` with their wrong values, and how many more there are."""

    said: Said
    name: str
    latex: str
    rows: tuple[tuple[str, str], ...]
    more: int


@dataclass(frozen=True)
class Marking:
    """The marking of a whole solution; ``listed`` is not set where there are too many numbers for wrong answers."""

    steps: Mapping[str, Marks]
    parts: tuple[Part, ...]
    total: str
    carried: Carried | None
    alike: tuple[Alike, ...]
    listed: bool


def marking(example: Example, teller: Teller, keys: Collection[str], parts: Collection[str]) -> Marking:
    """Return the marking of an example as a style tells it in steps of these keys, where these parts are shown.

    No point is lost: an array that the style does not tell on its own is marked with the step that needs it.
    """
    derivation, points = example.derivation, rubric(example.derivation)
    source = example.source if isinstance(example.source, Network) else None
    mistakes = Mistakes(derivation, source)
    most = FULL if "entries" in parts else SOME if "steps" in parts else 1
    try:
        answers, right, listed = mistakes.at(example.point, most=most), mistakes.right(example.point), True
    except InputError:
        # Too many numbers to work out by hand. That the point fits was seen when its numbers were worked out.
        answers, right, listed = (), {}, False
    printer = _Printer(teller, right)
    home = homes(derivation, keys)
    by_array = {name: tuple(group) for name, group in groupby(points, key=lambda one: one.array)}
    # What no parameter needs earns nothing, but where a style tells it, its wrong answers are worth knowing.
    told = [one for one in dict.fromkeys(one.array for one in answers) if one not in by_array and one in keys]
    found = {name: _answers_at(name, answers)[:most] for name in (*by_array, *told)}
    graded = [printer.graded(name, key_of(group[0], home), group, found[name]) for name, group in by_array.items()]
    return Marking(
        _steps([*graded, *(printer.graded(name, name, (), found[name]) for name in told)], points, home),
        tuple(_parts(graded, points)),
        counted(total(points)),
        printer.carried(answers, by_array),
        printer.alike(found),
        listed,
    )


def _answers_at(array: str, answers: Sequence[WrongAnswer]) -> tuple[WrongAnswer, ...]:
    """Return the wrong answers at an array: those of mistakes made there, else those carried to it in its own pass."""
    own = [one for one in answers if one.array == array]
    return for_array(own or [one for one in answers if one.array.endswith(NEW) == array.endswith(NEW)], array)


def _parts(graded: Iterable[Graded], points: Iterable[Points]) -> Iterator[Part]:
    for name, group in groupby(graded, key=lambda one: one.part):
        yield Part(name, tuple(group), counted(total(one for one in points if _part(one) == name)))


def _part(one: Points) -> str:
    # A slope is a factor on the way back, and stands among the gradients.
    return "gradient" if one.part == "slope" else one.part


def _steps(graded: Sequence[Graded], points: Iterable[Points], home: Mapping[str, str]) -> dict[str, Marks]:
    earned: dict[str, Fraction] = {}
    for one in points:
        earned[key_of(one, home)] = earned.get(key_of(one, home), Fraction(0)) + one.points
    found: dict[str, Marks] = {}
    explained = False
    for key in dict.fromkeys(one.key for one in graded):
        own = tuple(one for one in graded if one.key == key)
        explains = not explained and any(one.follows for one in own)
        explained = explained or explains
        found[key] = Marks(key, counted(earned.get(key, Fraction(0))), own, explains)
    return found


class _Printer:
    """Prints wrong answers so that they differ from the right ones, in the form and the names of a report."""

    def __init__(self, teller: Teller, right: Mapping[str, Any]) -> None:
        self.names, self.form, self.right = teller.names, teller.form, right
        self.symbols = symbols_of(self.names, teller.sizes, {*right, *teller.values})

    def graded(self, array: str, key: str, points: Sequence[Points], answers: Iterable[WrongAnswer]) -> Graded:
        """Return the points and the wrong answers at an array."""
        by_reason = {one.for_: counted(one.points) for one in points}
        at = "" if key in (array, UPDATE, NEW_LOSS) else self.names.whole(key)
        return Graded(
            array,
            key,
            self.name(array),
            array.endswith(NEW) and key in (UPDATE, NEW_LOSS),
            at,
            _part(points[0]) if points else "",
            by_reason.get("rule", ""),
            by_reason.get("numbers", ""),
            counted(total(points)),
            any(one.follow_through for one in points),
            tuple(map(self.wrong, answers)),
        )

    def name(self, array: str) -> str:
        """Return the LaTeX of an array; one after the update is written as before it."""
        return self.symbols.get(array) or self.names.whole(array)

    def wrong(self, one: WrongAnswer) -> Wrong:
        """Return a wrong answer as it is printed."""
        latex, width, alone = self.shown(one.array, one.values)
        return Wrong(latex, width, told_in(one.said, self.symbols), self.said(one.same_as), alone)

    def said(self, texts: Iterable[str]) -> tuple[Said, ...]:
        """Return what is said of mistakes, with the symbols of the report in it."""
        return tuple(told_in(text, self.symbols) for text in texts)

    def shown(self, array: str, values: Any) -> tuple[str, float, bool]:
        """Return wrong numbers as LaTeX, their width, and whether it is one entry alone in which they differ."""
        right = self.right[array]
        for form in self.forms:
            latex, exact = array_latex(values, form)
            if latex != array_latex(right, form)[0]:
                return _about(latex, exact), width_of(values, form), False
        for form in self.forms:
            for place in np.ndindex(np.shape(values)):
                latex, exact = number(values[place], form)
                if latex != number(right[place], form)[0]:
                    name = self.entry(array, place, np.shape(values))
                    text = f"{name} {'=' if exact else APPROXIMATELY.strip()} {latex}"
                    return text, width_of_latex(text), True
        return _about(*array_latex(values, self.form)), width_of(values, self.form), False

    @property
    def forms(self) -> Forms:
        """The form of the report, then forms with more and more decimals or digits."""
        form = self.form
        digits = form.digits
        return tuple(
            replace(
                form,
                decimals=min(form.decimals + more, MOST),
                digits=None if digits is None else min(digits + more, MOST),
            )
            for more in MORE
        )

    def entry(self, array: str, place: tuple[int, ...], shape: tuple[int, ...]) -> str:
        """Return the LaTeX of one entry of an array, of one after the update as before it."""
        own = array if self.names.tensor_of(array) in self.names.shapes else array.removesuffix(NEW)
        return self.names.at(own, place, shape)

    def alike(self, found: Mapping[str, Iterable[WrongAnswer]]) -> tuple[Alike, ...]:
        """Return the mistakes that cannot be told apart, those that are the same at several arrays taken together."""
        groups: dict[tuple[str, ...], list[str]] = {}
        for name, answers in found.items():
            own = re.compile(rf"gradient with respect to {re.escape(self.names.tensor_of(name))}(?!\w)")
            for one in answers:
                if one.same_as and one.array == name:
                    groups.setdefault(tuple(own.sub("gradient", text) for text in (one.said, *one.same_as)), []).append(
                        name
                    )
        return tuple(Alike(tuple(map(self.name, names)), self.said(texts)) for texts, names in groups.items())

    def carried(self, answers: Sequence[WrongAnswer], graded: Collection[str]) -> Carried | None:
        """Return the mistake that is carried furthest within one pass, with what follows from it."""
        reach = {one: [name for name in one.follows if name in graded and not name.endswith(NEW)] for one in answers}
        one = max(answers, key=lambda answer: len(reach[answer]), default=None)
        if one is None or not reach[one]:
            return None
        rows = tuple((self.name(name), self.shown(name, one.follows[name])[0]) for name in reach[one][:CARRIED])
        latex = self.shown(one.array, one.values)[0]
        more = len(reach[one]) - len(rows)
        return Carried(told_in(one.said, self.symbols), self.name(one.array), latex, rows, more)


def _about(latex: str, exact: bool) -> str:
    return latex if exact else APPROXIMATELY + latex
