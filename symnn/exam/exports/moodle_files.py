"""Moodle XML: a category for every question that is asked, with that question in the numbers of every variant.

A quiz draws one question at random from each category. A single number is a *numerical* question; an array is a *cloze*
question with a field for every entry, all of the same weight. Every modelled wrong answer earns nothing and is told the
mistake. Formulas stand between ``\\(`` and ``\\)``, as Moodle's MathJax filter reads them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from markupsafe import Markup

from symnn.exam.exports.intervals import Interval, decimal
from symnn.exam.exports.posed import Entry, Posed, feedback, file_name, posed
from symnn.exam.model import ProblemSet, Variant
from symnn.report.escape import visible
from symnn.report.render import render

LONGEST_NAME = 200
"""Characters of a name; Moodle holds 255 of them in a category or a question."""
LONGEST_ID = 100
"""Characters that Moodle holds of the number by which a question is known."""

_BLOCKS = "mathjax"
# What means something to HTML or to the syntax of cloze questions, or would begin a formula.
_MEANT = str.maketrans({char: f"&#{ord(char)};" for char in "&<>\"'{}~#\\$"})


@dataclass
class Category:
    """A category: its path below the course's, what it holds, and its questions."""

    path: str
    says: Markup
    questions: list[dict[str, Any]] = field(default_factory=list)


def moodle(problem_set: ProblemSet, variants: Iterable[Variant]) -> dict[str, bytes]:
    """Return the question bank of a set as one file."""
    categories: dict[tuple[str, str], Category] = {}
    for one in posed(problem_set, variants):
        key = one.problem.id, one.ask.id
        if key not in categories:
            categories[key] = Category(_path(problem_set, one), _page(prose(one.sheet.title)))
        categories[key].questions.append(_question(problem_set, one))
    places = {problem.id: place for place, problem in enumerate(problem_set.problems)}
    found = sorted(categories, key=lambda key: places[key[0]])
    text = render("exam/exports/moodle.j2", "html", {"categories": [categories[key] for key in found]})
    return {f"{file_name(problem_set.name)}.xml": text.encode()}


def prose(text: str) -> Markup:
    """Return what people have written as text of a page that neither the cloze syntax nor MathJax reads as its own.

    >>> print(prose("{1:NM:=3} is <b>"))
    &#123;1:NM:=3&#125; is &#60;b&#62;
    """
    return Markup(visible(text).translate(_MEANT))  # noqa: S704 -- every character is escaped


def in_cloze(page: str) -> Markup:
    """Return a piece of a page as the feedback of a cloze field; Moodle decodes entities once before it shows it.

    >>> print(in_cloze("a &lt; b}"))
    a &#38;lt; b&#125;
    """
    return Markup(page.translate(_MEANT))  # noqa: S704 -- every character is escaped


def _path(problem_set: ProblemSet, one: Posed) -> str:
    # A slash parts categories; one that is meant is doubled.
    parts = (problem_set.title, f"{one.problem.id}: {one.sheet.title}", one.ask.id)
    return "/".join(("$course$", "top", *(_short(part).replace("/", "//") for part in parts)))


def _short(text: str) -> str:
    text = " ".join(visible(text).split())
    return text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1]}…"


def _page(html: str) -> Markup:
    """Return a piece of a page as XML holds it."""
    return Markup(f"<![CDATA[{html.replace(']]>', ']]]]><![CDATA[>')}]]>")  # noqa: S704 -- nothing ends it early


def _question(problem_set: ProblemSet, one: Posed) -> dict[str, Any]:
    single = len(one.entries) == 1
    fields = "" if single else _fields(one)
    text = render("exam/exports/question.j2", "html", {**one.told(prose), "fields": fields}, blocks=_BLOCKS)
    name = f"{one.number:03d} {one.problem.id} {one.ask.id}"
    return {
        "kind": "numerical" if single else "cloze",
        "name": _short(name),
        "text": _page(text),
        "grade": decimal(one.ask.points),
        "id": file_name(problem_set.name, *name.split())[-LONGEST_ID:],
        "answers": tuple(_answers(one.entries[0], one)) if single else (),
    }


def _answers(entry: Entry, one: Posed) -> Iterator[dict[str, Any]]:
    for interval in entry.intervals:
        said = "" if interval is entry.right else f"<p>{_said(interval, one)}</p>"
        for number, tolerance in interval.around():
            yield {
                "fraction": 0 if interval.wrong else 100,
                "number": decimal(number),
                "tolerance": decimal(tolerance),
                "feedback": _page(said),
            }


def _said(interval: Interval, one: Posed) -> Markup:
    return feedback(interval, one.ask.quantity, prose)


def _fields(one: Posed) -> Markup:
    # Weights are whole numbers; where the points of an entry are none, all entries weigh the same all the same.
    weight = one.entries[0].points
    weight = weight if weight.denominator == 1 and weight else Fraction(1)
    rows = [[(entry.latex, _field(entry, one, weight)) for entry in row] for row in one.rows]
    return Markup(render("exam/exports/cloze.j2", "html", {"rows": rows}, blocks=_BLOCKS))  # noqa: S704 -- a template's


def _field(entry: Entry, one: Posed, weight: Fraction) -> Markup:
    """Return the field of one entry: alternatives parted by tildes, of which the first that fits is taken."""
    found = []
    for interval in entry.intervals:
        sign, said = ("=", "") if not interval.wrong else ("", f"#{in_cloze(_said(interval, one))}")
        found += [f"{sign}{decimal(number)}:{decimal(by)}{said}" for number, by in interval.around()]
    return Markup(f"{{{weight}:NUMERICAL:{'~'.join(found)}}}")  # noqa: S704 -- numbers, and feedback escaped above
