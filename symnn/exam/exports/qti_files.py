"""Quizzes in the plain text of text2qti, which makes QTI of them: a file for a variant, a question for a number.

Canvas keeps four decimals of a number and takes what is nearer to 0 than 0.0001 for 0. So a question whose numbers need
more asks for them in units of a power of ten, and its interval and wrong numbers are scaled alike. A numerical question
holds one feedback for all wrong numbers: it lists them, in their order, with what each one tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import groupby
from typing import Any

from markupsafe import Markup

from symnn.errors import InputError, aligned
from symnn.exam.exports.intervals import Interval, decimal, whole_shares
from symnn.exam.exports.posed import Entry, Posed, feedback, file_name, posed
from symnn.exam.model import ProblemSet, Variant
from symnn.report.escape import visible
from symnn.report.render import render

UNIT = Fraction(1, 10**4)
"""The last decimal that is kept of a number."""
FINE = 100
"""So many units wide an interval must be, for its ends to be told well enough, unless they are whole units."""
MOST_SCALED = 40
"""Numbers are scaled by powers of ten up to this one."""

# What means something to Markdown is escaped by a backslash where Markdown has that, else by its entity.
_MEANT = str.maketrans(
    {char: f"\\{char}" for char in "\\`*_{}[]()#+-.!$"} | {char: f"&#{ord(char)};" for char in "&<>\"'~^|=:"}
)


def qti(problem_set: ProblemSet, variants: Iterable[Variant]) -> dict[str, bytes]:
    """Return a quiz for every variant, to be converted by ``text2qti FILE``.

    Raises `InputError` for numbers that no scale makes fit for Canvas.
    """
    found = {}
    for number, questions in groupby(posed(problem_set, variants), key=lambda one: one.number):
        text = _quiz(problem_set, number, list(questions))
        found[f"{file_name(problem_set.name, f'{number:03d}')}.txt"] = text.encode()
    return found


def prose(text: str) -> Markup:
    r"""Return what people have written as Markdown that shows it, on a single line.

    >>> print(prose("1. *a* <b> $x$"))
    1\. \*a\* &#60;b&#62; \$x\$
    """
    return Markup(" ".join(visible(text).split()).translate(_MEANT))  # noqa: S704 -- every character is escaped


def power_of(entry: Entry) -> int:
    """Return the power of ten by which the numbers of an entry are scaled for Canvas.

    Raises `InputError` where no power is enough.
    """
    for power in range(MOST_SCALED):
        if _fits([one.scaled(Fraction(10) ** power) for one in entry.intervals]):
            return power
    right, *wrong = entry.intervals
    rows = [("right", f"{entry.answer.shown}, from {decimal(right.least)} to {decimal(right.most)}")]
    if wrong:
        nearest = min(wrong, key=lambda one: max(one.least - right.most, right.least - one.most))
        rows.append(("nearest wrong", f"from {decimal(nearest.least)} to {decimal(nearest.most)}"))
    rows.append(("do", "ask for fewer decimals or digits of it, or give another --seed"))
    said = f"the answer {entry.answer.id} is too near to a wrong one, or too small, for Canvas to hold"
    raise InputError(f"{said}\n{aligned(rows)}")


def _fits(scaled: Sequence[Interval]) -> bool:
    """Tell whether numbers are kept as they are, and right ones told from wrong ones, with four decimals of each."""
    right, *wrong = scaled
    printed = [abs(one.shown) for one in scaled]
    if any(0 < size < UNIT for size in printed) or (right.shown / UNIT).denominator != 1:
        return False
    ends_kept = all((end / UNIT).denominator == 1 for end in (right.least, right.most))
    if not ends_kept and 0 < right.most - right.least < FINE * UNIT:
        return False
    least, most = accepted(right)
    return all(one.most < least or one.least > most for one in wrong)


def accepted(right: Interval) -> tuple[Fraction, Fraction]:
    """Return the ends of an interval in whole units, none of them 0, which text2qti takes no more than Canvas does.

    >>> accepted(Interval(Fraction(0), Fraction(1, 3), Fraction(0)))
    (Fraction(-1, 10000), Fraction(1667, 5000))
    """
    least, most = right.least / UNIT // 1, -(-right.most / UNIT // 1)
    return (least or -1) * UNIT, (most or 1) * UNIT


def _quiz(problem_set: ProblemSet, number: int, questions: Sequence[Posed]) -> str:
    factor = whole_shares((entry.points for one in questions for entry in one.entries), part=2)
    problems = []
    for _, group in groupby(questions, key=lambda one: one.sheet.number):
        own = list(group)
        fields = [_field(one, entry, factor) for one in own for entry in one.entries]
        heading = _line(f"{own[0].sheet.number}. {own[0].sheet.title}")
        problems.append({**own[0].told(prose), "heading": heading, "number": own[0].sheet.number, "fields": fields})
    context = {"title": _line(problem_set.title), "variant": number, "factor": factor, "problems": problems}
    return render("exam/exports/qti.j2", "html", context, blocks="markdown")


def _line(text: str) -> Markup:
    # A title is no Markdown: text2qti escapes it as it is.
    return Markup(" ".join(visible(text).split()) or "-")  # noqa: S704 -- escaped by text2qti


def _field(one: Posed, entry: Entry, factor: int) -> dict[str, Any]:
    try:
        power = power_of(entry)
    except InputError as error:
        raise InputError(f"variant {one.number}, {one.problem.id}: {error}") from error
    right, *wrong = (interval.scaled(Fraction(10) ** power) for interval in entry.intervals)
    least, most = accepted(right)
    return {
        "id": f"{one.problem.id} {entry.answer.id}",
        "number": one.question.number,
        "points": decimal(entry.points * factor),
        "question": one.question,
        "latex": entry.latex,
        "power": power,
        "unit": decimal(Fraction(1, 10**power)),
        "wrong": [(prose(decimal(each.shown)), feedback(each, one.ask.quantity, prose)) for each in wrong],
        "accepted": f"[{decimal(least)}, {decimal(most)}]",
    }
