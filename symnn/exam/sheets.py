"""The student's sheet of a variant: what is given, what is asked, and room for it; it is made without any answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from types import MappingProxyType
from typing import Any

from symnn.exam.model import CODE, NUMBER, Answer, Ask, Place, Solved, Variant
from symnn.exam.wording import ROOM_LATEX, ROOM_WIDTH, Quantity, Wording, Wordings, counted
from symnn.mistakes.update import NEW
from symnn.report.drawing import PREAMBLE
from symnn.report.numbers import array_latex, number
from symnn.report.render import render
from symnn.report.rows import FULL, width_of_latex
from symnn.report.views import related

KINDS: Mapping[str, str] = MappingProxyType({"latex": "tex", "html": "html"})
"""The formats of a sheet, with the ending of their files."""


APART = 7.0
"""The width between two entries that stand beside one another, with the sign of equality, in digits."""


@dataclass(frozen=True)
class Room:
    """One entry that is asked for by itself: its name, and the sign with the room behind it, as LaTeX."""

    name: str
    blank: str


@dataclass(frozen=True)
class Question:
    """One question as it stands on a sheet: what it asks for, by number, and the room for the answer.

    ``name`` is the LaTeX of the quantity or of the entry that is asked for; ``entries`` are its entries where they are
    asked for one by one, in an order of their own, and ``columns`` says how many stand in a row. ``rounding`` says how
    answers are rounded, empty where that is said once for all.
    """

    ask: Ask
    number: str
    points: str
    quantity: Quantity
    name: str
    blank: str
    entries: tuple[Room, ...]
    columns: int
    rounding: str


@dataclass(frozen=True)
class Sheet:
    """One problem on a sheet: its givens as LaTeX, the equations that define it, and its questions."""

    number: int
    title: str
    text: tuple[str, ...]
    points: str
    wording: Wording
    givens: tuple[str, ...]
    defined: tuple[str, ...]
    rate: str
    questions: tuple[Question, ...]


def bare(variant: Variant) -> Variant:
    """Return a variant with nothing but what a student may see: no answer, and no value that is not given."""
    return replace(variant, problems=tuple(map(_bare, variant.problems)))


def _bare(solved: Solved) -> Solved:
    shown = {*solved.point.parameters, *solved.point.data, *solved.problem.given}
    values = {name: value for name, value in solved.values.items() if name in shown}
    blank = tuple(Answer(one.ask, one.place, None, "", Fraction(0), Fraction(0)) for one in solved.answers)
    return replace(solved, values=values, answers=blank)


def asked(solved: Solved) -> tuple[tuple[Ask, tuple[Answer, ...]], ...]:
    """Return what is asked in the order in which it is printed, each with its answers in the order of their places."""
    by_ask: dict[str, list[Answer]] = {}
    for one in solved.answers:
        by_ask.setdefault(one.ask.id, []).append(one)
    asks = {one.id: one for one in solved.problem.asks}
    numbers = iter(by_ask)
    # What has no answers in numbers keeps its place among the others.
    ids = [next(numbers) if one.id in by_ask else one.id for one in solved.problem.asks]
    return tuple((asks[one], tuple(sorted(by_ask.get(one, ()), key=lambda answer: answer.place))) for one in ids)


def sheet(wordings: Wordings, variant: Variant, kind: str) -> str:
    """Return the sheet of a variant as ``kind`` ``"latex"`` or ``"html"``: a function of what is given alone."""
    return render("exam/sheet.j2", kind, {**page(wordings, variant), **sheet_context(wordings, bare(variant))})


def page(wordings: Wordings, variant: Variant) -> dict[str, Any]:
    """Return what the pages of sheets and keys have in common."""
    return {
        "title": wordings.problem_set.title,
        "set_name": wordings.problem_set.name,
        "variant": variant.number,
        "audience": "student",
        "net": {"preamble": PREAMBLE},
        "parts": frozenset(),
        "exhibits": (),
        "all_points": counted(wordings.problem_set.points),
    }


def sheet_context(wordings: Wordings, variant: Variant) -> dict[str, Any]:
    """Return the problems of a sheet as views, and the sentence on rounding where one holds for all questions."""
    numeric = [ask for one in variant.problems for ask in one.problem.asks if ask.kind == NUMBER]
    said = {rounding(ask) for ask in numeric}
    common = said.pop() if len(said) == 1 else ""
    problems = tuple(
        _sheet(place, wordings.of(solved.problem), solved, bool(common))
        for place, solved in enumerate(variant.problems, start=1)
    )
    return {"problems": problems, "rounding": common}


def rounding(ask: Ask) -> str:
    """Return how the numbers of an answer are to be rounded.

    >>> rounding(Ask("l", "L", NUMBER, Fraction(1), decimals=1))
    'rounded to 1 decimal'
    """
    count, what = (ask.digits, "significant digit") if ask.digits is not None else (ask.decimals, "decimal")
    return f"rounded to {count} {what}{'' if count == 1 else 's'}" if count is not None else ""


def _sheet(place: int, wording: Wording, solved: Solved, rounded_alike: bool) -> Sheet:
    problem = solved.problem
    questions = tuple(
        _question(wording, ask, _order(solved, ask), f"{place}.{count}", "" if rounded_alike else rounding(ask))
        for count, (ask, _) in enumerate(asked(solved), start=1)
    )
    hidden = {ask.quantity for ask in problem.asks if ask.kind not in (NUMBER, CODE)}
    steps = any(ask.quantity.endswith(NEW) for ask in problem.asks)
    return Sheet(
        place,
        problem.title,
        tuple(" ".join(part.split()) for part in problem.text.split("\n\n")),
        counted(problem.points),
        wording,
        givens(wording, solved),
        tuple(one.entries for one in wording.definitions if one.key not in hidden),
        f"{wording.names.rate} = {number(solved.point.exact_rate, wording.form)[0]}" if steps else "",
        questions,
    )


def givens(wording: Wording, solved: Solved) -> tuple[str, ...]:
    """Return what is given, ``name = numbers``: data, parameters, and the quantities that the problem gives."""
    known = (*wording.data, *wording.parameters)
    values = {name: solved.point.exact(name) for name in known}
    values |= {name: solved.values[name] for name in solved.problem.given}
    return tuple(
        f"{wording.quantity(name).name} {related(*array_latex(value, wording.form))}" for name, value in values.items()
    )


def _order(solved: Solved, ask: Ask) -> tuple[Place, ...]:
    """Return the places of the entries that are asked for if they have an order of their own, else nothing."""
    places = tuple(one.place for one in solved.answers if one.ask.id == ask.id)
    return places if list(places) != sorted(places) else ()


def _question(wording: Wording, ask: Ask, places: tuple[Place, ...], count: str, rounded: str) -> Question:
    quantity = wording.quantity(ask.quantity) if ask.kind != CODE else wording.quantity(wording.loss)
    name = quantity.name if ask.place is None else wording.entry(ask.quantity, ask.place)
    blank = wording.blank(ask) if ask.kind == NUMBER else ""
    entries = tuple(Room(wording.entry(ask.quantity, one), f"{quantity.sign} {ROOM_LATEX}") for one in places)
    return Question(ask, count, counted(ask.points), quantity, name, blank, entries, columns(entries), rounded)


def columns(entries: tuple[Room, ...]) -> int:
    """Return how many entries stand in a row: as many as there is room for, and no row much shorter than another.

    >>> columns((Room("x_{1}", "="),) * 6)
    3
    """
    if not entries:
        return 0
    widest = max(width_of_latex(one.name) for one in entries) + ROOM_WIDTH + APART
    rows = ceil(len(entries) / max(1, int(FULL // widest)))
    return ceil(len(entries) / rows)
