"""What every format exports: the questions of all variants as they are posed, with the intervals of their answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from hashlib import sha256
from re import sub
from typing import Any

from markupsafe import Markup

from symnn.exam.exports.intervals import Interval, intervals
from symnn.exam.model import NUMBER, Answer, Ask, Problem, ProblemSet, Solved, Variant
from symnn.exam.sheets import Question, Sheet, asked, bare, rounding, sheet_context
from symnn.exam.wording import Wordings
from symnn.report.render import render


@dataclass(frozen=True)
class Entry:
    """One number to be given: its answer, how its place is written, how it is told from wrong ones, and its points."""

    answer: Answer
    latex: str
    intervals: tuple[Interval, ...]
    points: Fraction

    @property
    def right(self) -> Interval:
        """The interval of the right answer."""
        return self.intervals[0]


@dataclass(frozen=True)
class Posed:
    """One question in the numbers of one variant: the problem as on its sheet, what is asked, and its entries.

    ``rows`` are the entries as they stand in their array, a single row where they do not.
    """

    number: int
    problem: Problem
    sheet: Sheet
    question: Question
    entries: tuple[Entry, ...]

    @property
    def ask(self) -> Ask:
        """What is asked for."""
        return self.question.ask

    @property
    def rows(self) -> tuple[tuple[Entry, ...], ...]:
        """The entries row by row."""
        rows: dict[tuple[int, ...], list[Entry]] = {}
        for one in self.entries:
            rows.setdefault(one.answer.place[:-1], []).append(one)
        return tuple(map(tuple, rows.values()))

    def told(self, prose: Prose) -> dict[str, Any]:
        """Return what a template tells a question from; ``prose`` escapes what people have written."""
        return {
            "title": prose(self.sheet.title),
            "text": [prose(one) for one in self.sheet.text if one],
            "givens": self.sheet.givens,
            "defined": self.sheet.defined,
            "rate": self.sheet.rate,
            "question": self.question,
            "wording": self.sheet.wording,
            "points": self.question.points,
        }


def posed(problem_set: ProblemSet, variants: Iterable[Variant]) -> Iterator[Posed]:
    """Yield every question for numbers, in the order of the variants and of their sheets."""
    wordings = Wordings(problem_set)
    for variant in variants:
        sheets = sheet_context(wordings, bare(variant))["problems"]
        for sheet, solved in zip(sheets, variant.problems, strict=True):
            yield from _of_problem(wordings, sheet, solved, variant.number)


def _of_problem(wordings: Wordings, sheet: Sheet, solved: Solved, number: int) -> Iterator[Posed]:
    wording = wordings.of(solved.problem)
    by_ask = {ask.id: answers for ask, answers in asked(solved)}
    for question in sheet.questions:
        ask, answers = question.ask, by_ask[question.ask.id]
        if ask.kind == NUMBER and answers:
            share = ask.points / len(answers)
            entries = tuple(
                Entry(one, wording.entry(ask.quantity, one.place), intervals(one), share) for one in answers
            )
            told = replace(question, rounding=rounding(ask))
            yield Posed(number, solved.problem, sheet, told, entries)


Prose = Callable[[str], Markup]
"""What escapes text for a format."""


def feedback(interval: Interval, quantity: str, prose: Prose) -> Markup:
    """Return what is said to a wrong number: the mistake, and where it was made if that is earlier."""
    said = tuple(dict.fromkeys(one.said for one in interval.wrong))
    places = {one.made_at for one in interval.wrong}
    return _feedback(said, () if quantity in places else tuple(sorted(places)), prose)


@cache
def _feedback(said: tuple[str, ...], earlier: tuple[str, ...], prose: Prose) -> Markup:
    first, *others = said
    context = {"said": list(map(prose, (first[:1].upper() + first[1:], *others))), "earlier": list(map(prose, earlier))}
    return Markup(" ".join(render("exam/exports/feedback.j2", "html", context).split()))  # noqa: S704 -- escaped above


def file_name(*parts: str) -> str:
    """Return a name for a file made of parts, fit for any system; what had to be replaced leaves a mark of its own.

    >>> file_name("quiz", "001"), file_name("../a b")
    ('quiz-001', 'a-b-2c2c79')
    """
    own = "-".join(parts)
    name = sub(r"[^A-Za-z0-9_-]+", "-", own).strip("-")
    if name == own and name.upper() not in _TAKEN:
        return name
    return f"{name or 'set'}-{sha256(own.encode()).hexdigest()[:6]}"


# Names that one system keeps for its devices.
_TAKEN = {"CON", "PRN", "AUX", "NUL", *(f"{name}{number}" for name in ("COM", "LPT") for number in range(1, 10))}
