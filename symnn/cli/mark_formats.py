"""Marks as text for people, as JSON, and as CSV for the spreadsheet that points are kept in."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any

from symnn.grade import Asked, Mark, Marked, Outcome, Sheet
from symnn.library import rounded
from symnn.report.numbers import decimal_latex
from symnn.scalars import Exact

PLACES = 4
"""How many decimals points have that are no shorter decimal."""

MOST_MISTAKES = 20
"""How many mistakes the text for people lists; the other formats have all."""

READ, UNREAD = 0, 3
"""The status if every row was read, and if some need a person: what they are worth is undecided."""


class MarkFormat(StrEnum):
    """How marks are printed."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    TOTALS = "totals"


def status_of(marked: Marked) -> int:
    """Return the exit status: 0 if every row was read, 3 if some need a person."""
    return UNREAD if marked.listed else READ


def listed_lines(marked: Marked) -> list[str]:
    """Return a line for every row that needs a person, with what to do, and one where the whole is in doubt."""
    lines = [f"line {one.line}: {safe(one.what)} ({one.do})" for one in marked.listed]
    return [*lines, *([marked.doubt] if marked.doubt else [])]


def points_text(points: Fraction) -> str:
    """Return points as a decimal: in full if it is short, else rounded.

    >>> points_text(Fraction(3, 2)), points_text(Fraction(4, 3)), points_text(Fraction(2))
    ('1.5', '1.3333', '2')
    """
    text = decimal_latex(rounded(Exact(points), PLACES), PLACES)
    return text.rstrip("0").rstrip(".")


def counted(points: Fraction) -> str:
    """Return points with the word.

    >>> counted(Fraction(1)), counted(Fraction(1, 2))
    ('1 point', '0.5 points')
    """
    return f"{points_text(points)} point{'' if points == 1 else 's'}"


def safe(text: str) -> str:
    r"""Return a text of other people with everything that does not print as its code.

    >>> safe("a\x1b[31m\u202eb")
    'a\\x1b[31m\\u202eb'
    """
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode("ascii") for one in text)


_NUMBER = re.compile(r"[-+]?[0-9][0-9.,/]*(?:[eE][-+]?[0-9]+)?")
_STARTS_FORMULA = tuple("=+-@|%\uff1d\uff0b\uff0d\uff20")


def cell(text: str) -> str:
    """Return a text of other people for a spreadsheet, which takes it for text: a formula gets an apostrophe.

    >>> cell("=1+1"), cell("-0.5"), cell("ada")
    ("'=1+1", '-0.5', 'ada')
    """
    plain = safe(text)
    return f"'{plain}" if plain.lstrip().startswith(_STARTS_FORMULA) and not _NUMBER.fullmatch(plain) else plain


# JSON


def to_json(marked: Marked) -> str:
    """Return everything as JSON; points and numbers are texts, so that they stay exact."""
    return json.dumps(
        {
            "sheets": [
                {
                    "student": sheet.student,
                    "variant": sheet.variant,
                    "points": points_text(sheet.points),
                    "exactly": str(sheet.points),
                    "possible": points_text(sheet.possible),
                    "marks": list(map(_mark, sheet.marks)),
                }
                for sheet in marked.sheets
            ],
            "questions": list(map(_asked, marked.questions)),
            "mistakes": [
                {"problem": one.problem, "said": one.said, "sheets": one.sheets, "also": list(one.also)}
                for one in marked.mistakes
            ],
            "by_hand": [
                {"problem": problem, "question": ask.id, "kind": ask.kind, "points": points_text(ask.points)}
                for problem, ask in marked.by_hand
            ],
            "listed": [{"line": one.line, "what": one.what, "do": one.do} for one in marked.listed],
            "doubt": marked.doubt,
        },
        indent=1,
    )


def _mark(mark: Mark) -> dict[str, Any]:
    given = mark.given
    return {
        "problem": mark.problem,
        "question": mark.question,
        "id": mark.id,
        "line": given.line if given else None,
        "value": given.text if given else None,
        "number": str(given.value) if given and given.value is not None else None,
        "outcome": str(mark.outcome),
        "points": points_text(mark.points),
        "possible": points_text(mark.possible),
        "said": mark.said,
        "mistakes": [{"origin": one.origin, "said": one.said, "made_at": one.made_at} for one in mark.mistakes],
        "after": list(mark.after),
        "alone": mark.alone,
    }


def _asked(one: Asked) -> dict[str, Any]:
    return {
        "problem": one.problem,
        "question": one.question,
        "sheets": one.sheets,
        "average": points_text(one.points),
        "possible": points_text(one.possible),
        "states": {str(outcome): count for outcome, count in one.states.items()},
    }


# CSV

_HEAD = ("student", "variant", "problem", "question", "value", "points", "possible", "outcome", "said", "line")
_TOTALS_HEAD = ("student", "variant", "points", "possible")


def to_csv(marked: Marked) -> str:
    """Return a row for every number that is asked for, in CSV that no spreadsheet finds a formula in."""
    rows = (
        (
            cell(sheet.student),
            str(sheet.variant),
            mark.problem,
            mark.id,
            cell(mark.given.text) if mark.given else "",
            points_text(mark.points),
            points_text(mark.possible),
            str(mark.outcome),
            mark.said,
            str(mark.given.line) if mark.given else "",
        )
        for sheet in marked.sheets
        for mark in sheet.marks
    )
    return _written([_HEAD, *rows])


def to_totals(marked: Marked) -> str:
    """Return a row for every sheet, with its points in all and by problem, in CSV for a gradebook."""
    problems = tuple(dict.fromkeys(one.problem for one in marked.questions))
    head = (*_TOTALS_HEAD, *problems)
    rows = (
        (
            cell(sheet.student),
            str(sheet.variant),
            points_text(sheet.points),
            points_text(sheet.possible),
            *(points_text(_of_problem(sheet, problem)) for problem in problems),
        )
        for sheet in marked.sheets
    )
    return _written([head, *rows])


def _of_problem(sheet: Sheet, problem: str) -> Fraction:
    return sum((mark.points for mark in sheet.marks if mark.problem == problem), Fraction(0))


def _written(rows: Iterable[tuple[str, ...]]) -> str:
    text = io.StringIO()
    # Where a list separator of another country stands in a cell, quotes keep the cell together.
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return text.getvalue().removesuffix("\n")


# Text

_SHEET = re.compile(r".*, variant \d+: \S+ of \S+ points")
_PARTS = ("questions", "mistakes, and how many sheets they cost points on", "to be marked by hand", "needs a person")


def to_text(marked: Marked) -> str:
    """Return the marks for people: each sheet with what is not right, the questions, the mistakes, and what is left."""
    several = len({one.problem for one in marked.questions}) > 1
    lines = [line for sheet in marked.sheets for line in _sheet_lines(sheet, several)]
    parts = (
        list(_question_lines(marked, several)),
        list(_mistake_lines(marked, several)),
        [f"{problem}/{ask.id} ({counted(ask.points)})" for problem, ask in marked.by_hand],
        listed_lines(marked),
    )
    for title, part in zip(_PARTS, parts, strict=True):
        if part:
            lines += ["", title, *(f"  {line}" for line in part)]
    return "\n".join(lines).strip("\n")


def _sheet_lines(sheet: Sheet, several: bool) -> Iterator[str]:
    points = f"{points_text(sheet.points)} of {points_text(sheet.possible)} points"
    yield f"{safe(sheet.student)}, variant {sheet.variant}: {points}"
    rows = list(_rows(sheet, several))
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    for name, points, value, said in rows:
        yield f"  {name:<{widths[0]}}  {points:>{widths[1]}}  {value:<{widths[2]}}  {said}".rstrip()


def _rows(sheet: Sheet, several: bool) -> Iterator[tuple[str, str, str, str]]:
    """Yield a row for every group of entries of a question of which the same is said; right ones are passed over."""
    groups: dict[tuple[str, str, Outcome, str], list[Mark]] = {}
    sizes: dict[tuple[str, str], int] = {}
    for mark in sheet.marks:
        sizes[mark.problem, mark.question] = sizes.get((mark.problem, mark.question), 0) + 1
        if mark.outcome is not Outcome.RIGHT:
            groups.setdefault((mark.problem, mark.question, mark.outcome, mark.said), []).append(mark)
    for (problem, question, outcome, said), marks in groups.items():
        whole = len(marks) == sizes[problem, question]
        name = question if whole else ", ".join(mark.id for mark in marks)
        points = sum((mark.points for mark in marks), Fraction(0)), sum((mark.possible for mark in marks), Fraction(0))
        texts = [safe(mark.given.text) for mark in marks if mark.given]
        # A text that was not read as an array stands at every entry.
        value = ", ".join(dict.fromkeys(texts) if outcome is Outcome.UNREAD else texts)
        yield (
            f"{problem}/{name}" if several else name,
            f"{points_text(points[0])} of {points_text(points[1])}",
            value if len(value) <= 40 else f"{value[:38]} …",
            said or str(outcome),
        )


def _question_lines(marked: Marked, several: bool) -> Iterator[str]:
    width = max((len(_name(one, several)) for one in marked.questions), default=0)
    for one in marked.questions:
        states = ", ".join(f"{count} {outcome}" for outcome, count in one.states.items() if count)
        points = f"{points_text(one.points)} of {points_text(one.possible)} on average"
        yield f"{_name(one, several):<{width}}  {points}: {states}"


def _name(one: Asked, several: bool) -> str:
    return f"{one.problem}/{one.question}" if several else one.question


def _mistake_lines(marked: Marked, several: bool) -> Iterator[str]:
    for one in marked.mistakes[:MOST_MISTAKES]:
        also = f" (or: {'; '.join(one.also[:2])}{' …' if len(one.also) > 2 else ''})" if one.also else ""
        yield f"{one.sheets:>4}  {f'{one.problem}: ' if several else ''}{one.said}{also}"
    if len(marked.mistakes) > MOST_MISTAKES:
        yield f"      and {len(marked.mistakes) - MOST_MISTAKES} more: --format json has them"


WRITERS: Mapping[MarkFormat, Callable[[Marked], str]] = MappingProxyType(
    {MarkFormat.TEXT: to_text, MarkFormat.JSON: to_json, MarkFormat.CSV: to_csv, MarkFormat.TOTALS: to_totals}
)
"""How each format is written."""


def is_marks(path: Path) -> bool:
    """Return whether a file holds marks that were written in one of the formats, by how it begins."""
    with path.open(encoding="utf-8", errors="replace") as file:
        first, second = file.readline().rstrip("\n"), file.readline().rstrip("\n")
    return (
        (first == "{" and second.startswith(' "sheets": ['))
        or first == _written([_HEAD])
        or first.startswith(_written([_TOTALS_HEAD]))
        or first in _PARTS
        or _SHEET.fullmatch(first) is not None
    )
