"""PrairieLearn questions: a folder for every problem, whose ``server.py`` draws one of the variants by the seed.

A number is a ``pl-number-input``, in a table as its array is: so every entry earns its share and is told its own
mistake. ``grade`` decides by the intervals of the key, kept in ``variants.json`` beside it, after the elements have
decided by their tolerances. The identifiers follow from the names of the set and the problem, so that a later export
updates the same questions.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID, uuid5

from markupsafe import Markup

from symnn.exam.exports.intervals import Interval, decimal, whole_shares
from symnn.exam.exports.posed import Entry, Posed, feedback, file_name, posed
from symnn.exam.model import ProblemSet, Variant
from symnn.report.escape import visible
from symnn.report.render import render

# Drawn once; what is named under it are questions of symnn.
NAMESPACE = UUID("2f0c2f0e-5d0a-4b5c-9c62-0d5b7c1f6a11")
"""Under which the identifiers of questions are made from their names."""

# What means something to HTML, and the braces that mean something to the templates of PrairieLearn.
_MEANT = str.maketrans({char: f"&#{ord(char)};" for char in "&<>\"'{}"})


def prairielearn(problem_set: ProblemSet, variants: Iterable[Variant]) -> dict[str, bytes]:
    """Return the folders of a set's questions, a file each by its path."""
    by_problem: dict[str, dict[int, list[Posed]]] = {one.id: {} for one in problem_set.problems}
    for one in posed(problem_set, variants):
        by_problem[one.problem.id].setdefault(one.number, []).append(one)
    found: dict[str, bytes] = {}
    for name, numbers in by_problem.items():
        if numbers:
            folder = file_name(problem_set.name, name)
            files = _folder(problem_set, list(numbers.values()))
            found |= {f"{folder}/{path}": text.encode() for path, text in files.items()}
    return found


def prose(text: str) -> Markup:
    """Return what people have written as text of a page that no template of PrairieLearn reads as its own.

    >>> print(prose("{{x}} <b>"))
    &#123;&#123;x&#125;&#125; &#60;b&#62;
    """
    return Markup(visible(text).translate(_MEANT))  # noqa: S704 -- every character is escaped


def plain(text: str) -> Markup:
    """Return text as it is, for where PrairieLearn escapes it."""
    return Markup(visible(text))  # noqa: S704 -- escaped where it is shown


def _folder(problem_set: ProblemSet, drawn: Sequence[Sequence[Posed]]) -> dict[str, str]:
    """Return the files of one problem from its questions in every variant."""
    first = sorted(drawn[0], key=_place)
    problem = first[0].problem
    info = {
        "uuid": str(uuid5(NAMESPACE, f"{problem_set.name}/{problem.id}")),
        "title": _line(problem.title),
        "topic": _line(problem_set.title),
        "tags": ["symnn"],
        "type": "v3",
    }
    asked = [
        {"question": one.question, "rows": [[(entry.latex, entry.answer.id) for entry in row] for row in one.rows]}
        for one in first
    ]
    context = {**first[0].told(prose), "asked": asked}
    page = render("exam/exports/prairielearn.html.j2", "html", context, blocks="dollars")
    server = render("exam/exports/server.py.j2", "html", {})
    return {
        "info.json": _json(info),
        "question.html": page,
        "server.py": server,
        "variants.json": _json([_variant(sorted(one, key=_place)) for one in drawn]),
    }


def _place(one: Posed) -> int:
    # The page is one for all variants; where these shuffle their questions, it keeps the order of the file.
    return one.problem.asks.index(one.ask)


def _line(text: str) -> str:
    return " ".join(visible(text).split())


def _json(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def _variant(questions: Sequence[Posed]) -> dict[str, Any]:
    sheet = questions[0].sheet
    factor = whole_shares(entry.points for one in questions for entry in one.entries)
    return {
        "number": questions[0].number,
        "params": {"givens": list(sheet.givens), "rate": sheet.rate},
        "answers": {entry.answer.id: _answer(one, entry, factor) for one in questions for entry in one.entries},
    }


def _answer(one: Posed, entry: Entry, factor: int) -> dict[str, Any]:
    right, *wrong = entry.intervals
    return {
        "shown": decimal(right.shown),
        "right": _ends(right),
        "weight": int(entry.points * factor),
        "wrong": [{"interval": _ends(each), "feedback": feedback(each, one.ask.quantity, plain)} for each in wrong],
    }


def _ends(interval: Interval) -> tuple[str, str]:
    return decimal(interval.least), decimal(interval.most)
