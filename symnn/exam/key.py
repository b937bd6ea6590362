"""The key of a variant: every answer with its formula, its interval and its points, and what wrong answers mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any, TypeVar

import numpy as np

from symnn.exam.model import CODE, FORMULA, NUMBER, Answer, Ask, Solved, Variant, Wrong
from symnn.exam.sheets import Sheet, asked, page, sheet_context
from symnn.exam.way import unasked, way
from symnn.exam.wording import Quantity, Wording, Wordings, counted
from symnn.report.form import Form
from symnn.report.numbers import array_latex, decimal_latex, number
from symnn.report.render import render
from symnn.report.said import Said
from symnn.report.views import related

SAME = r"\cdot"
"""What stands in an array of wrong answers where an entry is not wrong."""
PRINTED = 4
"""So many wrong answers to a question are printed, of different kinds; all are in the key for machines."""
TOLD = 2
"""Of mistakes with the same numbers so many are told; all are in the key for machines."""
FINER = 2
"""The ends of an interval are printed with so many decimals more than its answer."""


@dataclass(frozen=True)
class Accepted:
    """One number of an answer: its place, counted from 1, as it is to be given, and the ends of the interval.

    The ends are empty where no other number is right.
    """

    place: str
    shown: str
    least: str
    most: str


@dataclass(frozen=True)
class Mistaken:
    """A modelled mistake: the answer that it leads to, what it is, and whether a right answer may look the same."""

    value: str
    said: Said
    coincides: bool


@dataclass(frozen=True)
class Keyed:
    """A question with its answer: how it is found, what is accepted, what it earns, and wrong answers.

    ``way`` holds what nobody is asked for on the way to it, ``found`` the formula and the value, line by line; ``each``
    how many points an entry earns, and ``rule`` how many the rule alone does, both empty where there is nothing to
    share; ``after`` names the questions whose answers go into this one. ``code`` is the answer to a question for code.
    """

    number: str
    ask: Ask
    points: str
    quantity: Quantity
    name: str
    entries: str
    way: tuple[str, ...]
    found: tuple[str, ...]
    accepted: tuple[Accepted, ...]
    wrong: tuple[Mistaken, ...]
    each: str
    rule: str
    after: tuple[str, ...]
    code: str


@dataclass(frozen=True)
class KeyedProblem:
    """A problem of a key: what the sheet shows of it, its answers, and how many mistakes show earlier or later."""

    sheet: Sheet
    answers: tuple[Keyed, ...]


def key(wordings: Wordings, variant: Variant, kind: str) -> str:
    """Return the key of a variant as ``kind`` ``"latex"`` or ``"html"``."""
    sheets: dict[str, Any] = sheet_context(wordings, variant)
    problems = tuple(
        KeyedProblem(sheet, keyed(sheet, solved))
        for sheet, solved in zip(sheets["problems"], variant.problems, strict=True)
    )
    context = {**page(wordings, variant), "audience": "instructor", "keyed": problems, "rounding": sheets["rounding"]}
    return render("exam/key.j2", kind, context)


def keyed(sheet: Sheet, solved: Solved) -> tuple[Keyed, ...]:
    """Return the answers to the questions of a problem, in the order of its sheet."""
    wording = sheet.wording
    numbers = {question.ask.id: question.number for question in sheet.questions}
    first = first_shown(wording, solved)
    needed = unasked(wording)
    found = []
    for question, (ask, answers) in zip(sheet.questions, asked(solved), strict=True):
        rule = ask.points * wording.rule_share(ask.quantity) if ask.kind == NUMBER else Fraction(0)
        found.append(
            Keyed(
                question.number,
                ask,
                question.points,
                question.quantity,
                question.name,
                question.quantity.entries if ask.kind != CODE else "",
                way(wording, solved, needed[ask.id], form_of(wording, ask)),
                _found(wording, ask, question.quantity, answers),
                tuple(map(_accepted, answers)),
                tuple(_mistakes(wording, answers, first.get(ask.id, ()))),
                counted(ask.points / len(answers)) if len(answers) > 1 else "",
                counted(rule) if rule else "",
                tuple(numbers[one] for one in follows(wording, solved, ask)),
                wording.backward if ask.kind == CODE else "",
            )
        )
    return tuple(found)


def follows(wording: Wording, solved: Solved, ask: Ask) -> tuple[str, ...]:
    """Return the ids of the questions whose answers go into this one: their errors are carried forward to it.

    None do into a formula or code, which are right or wrong whatever the numbers are.
    """
    needed = wording.reads.get(ask.quantity, frozenset()) if ask.kind == NUMBER else frozenset()
    return tuple(one.id for one in solved.problem.asks if one.kind == NUMBER and one.quantity in needed)


# What tells one modelled mistake from another.
Mistake = tuple[str, str]


def mistake(wrong: Wrong) -> Mistake:
    """Return what tells a mistake from all others: the row that models it, and what is said of it."""
    return wrong.origin, wrong.said


def first_shown(wording: Wording, solved: Solved) -> Mapping[str, tuple[Mistake, ...]]:
    """Return for every question, by id, the mistakes that show in its answers and in none that it follows from."""
    shows: dict[str, dict[Mistake, None]] = {}
    for answer in solved.answers:
        shows.setdefault(answer.ask.id, {}).update((mistake(one), None) for one in (*answer.wrong, *answer.coincides))
    found = {}
    for ask in solved.problem.asks:
        before = [shows.get(one, {}) for one in follows(wording, solved, ask)]
        found[ask.id] = tuple(one for one in shows.get(ask.id, {}) if not any(one in earlier for earlier in before))
    return found


def _found(wording: Wording, ask: Ask, quantity: Quantity, answers: tuple[Answer, ...]) -> tuple[str, ...]:
    arrays = (f"{quantity.sign} {quantity.arrays}",) if quantity.arrays is not None else ()
    if ask.kind == CODE:
        return ()
    if ask.kind == FORMULA:
        return arrays
    if ask.place is not None:
        return (related(*_number(wording, answers[0])),)
    form = form_of(wording, ask)
    value = related(*array_latex(_array(quantity.shape, {one.place: one.exact for one in answers}), form))
    return (*arrays, value.replace("=", quantity.sign, 1) if not arrays else value)


def form_of(wording: Wording, ask: Ask) -> Form:
    """Return the form in which a key prints the numbers of an answer: finer than they are asked for."""
    if ask.digits is not None:
        return Form(digits=ask.digits + FINER, fractions=wording.form.fractions)
    return Form(max(wording.form.decimals, (ask.decimals or 0) + FINER), fractions=wording.form.fractions)


def _number(wording: Wording, answer: Answer) -> tuple[str, bool]:
    return number(answer.exact, form_of(wording, answer.ask))


def _array(shape: tuple[int, ...], entries: Mapping[tuple[int, ...], Any]) -> Any:
    if not shape:
        return entries[()]
    found = np.empty(shape, dtype=object)
    for place, entry in entries.items():
        found[place] = entry
    return found


def _accepted(answer: Answer) -> Accepted:
    place = ", ".join(str(one + 1) for one in answer.place)
    return Accepted(place, shown_latex(answer.shown), *interval(answer))


def interval(answer: Answer) -> tuple[str, str]:
    """Return the ends of the interval of accepted numbers as decimals, rounded inwards; empty for a single number.

    >>> from symnn.exam import Ask
    >>> ask = Ask("l", "L", NUMBER, Fraction(1), decimals=1)
    >>> interval(Answer(ask, (), None, "0.3", Fraction(1, 4), Fraction(1, 3)))
    ('0.250', '0.333')
    """
    if answer.least == answer.most:
        return "", ""
    places = _places(answer)
    scale = 10**places
    least, most = ceil(answer.least * scale), floor(answer.most * scale)
    return decimal_latex(Fraction(least, scale), places), decimal_latex(Fraction(most, scale), places)


def _places(answer: Answer) -> int:
    """Return how many decimals show both the interval and its width."""
    places = (answer.ask.decimals if answer.ask.decimals is not None else 0) + FINER
    while (answer.most - answer.least) * 10**places < 10 and places < 40:
        places += 1
    return places


def shown_latex(shown: str) -> str:
    r"""Return a printed number as LaTeX: a fraction as one, a power of ten as one.

    >>> shown_latex("-1/3"), shown_latex("2.5e-07"), shown_latex("0.10")
    ('-\\tfrac{1}{3}', '2.5 \\cdot 10^{-7}', '0.10')
    """
    if "/" in shown:
        sign = "-" if shown.startswith("-") else ""
        above, _, below = shown.removeprefix("-").partition("/")
        return rf"{sign}\tfrac{{{above}}}{{{below}}}"
    digits, _, power = shown.lower().partition("e")
    return rf"{digits} \cdot 10^{{{int(power)}}}" if power else shown


def _mistakes(wording: Wording, answers: tuple[Answer, ...], wanted: Iterable[Mistake]) -> Iterator[Mistaken]:
    """Yield a row for every mistake that is printed: its numbers where they are wrong, those of the same in one row."""
    by_mistake = [{mistake(one): one for one in (*answer.wrong, *answer.coincides)} for answer in answers]
    near = [{mistake(one) for one in answer.coincides} for answer in answers]
    rows: dict[tuple[tuple[str, ...], bool], list[Wrong]] = {}
    for one in wanted:
        entries = tuple(found[one].shown if one in found else "" for found in by_mistake)
        same = all(one in close for close, found in zip(near, by_mistake, strict=True) if one in found)
        rows.setdefault((entries, same), []).append(next(found[one] for found in by_mistake if one in found))
    for entries, same in _telling({row: group[0].kind for row, group in rows.items()}):
        said = [one.said for one in rows[entries, same]]
        first, others = said[:TOLD], len(said) - TOLD
        more = [f"or another of {others} mistakes with these numbers"] if others > 1 else said[TOLD:]
        text = "; or ".join(first + more).replace("; or or ", "; or ")
        yield Mistaken(_matrix(answers, list(entries)), wording.told(text), same)


_Row = TypeVar("_Row", bound=tuple[Any, bool])


def _telling(kinds: Mapping[_Row, str]) -> list[_Row]:
    """Return at most `PRINTED` rows, in their order: the first of each kind before the second of any.

    A row that a right answer may look like, as its second part says, tells least.
    """
    seen: Counter[str] = Counter()
    ranks = []
    for place, (row, kind) in enumerate(kinds.items()):
        ranks.append((row[1], seen[kind], place))
        seen[kind] += 1
    chosen = {place for _, _, place in sorted(ranks)[:PRINTED]}
    return [row for place, row in enumerate(kinds) if place in chosen]


def _matrix(answers: tuple[Answer, ...], entries: list[str]) -> str:
    cells = [shown_latex(one) if one else SAME for one in entries]
    if len(answers) == 1:
        return cells[0]
    grid: dict[tuple[int, ...], list[str]] = {}
    for answer, cell in zip(answers, cells, strict=True):
        grid.setdefault(answer.place[:-1], []).append(cell)
    return r"\begin{bmatrix} " + r" \\ ".join(map(" & ".join, grid.values())) + r" \end{bmatrix}"
