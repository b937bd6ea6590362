"""The key of a variant for machines: every answer exactly, its interval, its points, and what wrong ones mean."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from symnn.errors import InputError, UndecidedError
from symnn.exam.key import Mistake, follows, mistake
from symnn.exam.model import CODE, NUMBER, Answer, Ask, Solved, Variant, Wrong
from symnn.exam.sheets import asked
from symnn.exam.wording import Wording, Wordings
from symnn.library import rounded
from symnn.report.numbers import decimal_latex
from symnn.scalars import Ball, Exact

FORMAT = "symnn-exam-key/1"
"""What a key says it is; the number goes up when a reader of the earlier format could misread it."""
DIGITS = 40
"""How many certified decimals stand for a number that is not rational."""
WIDE = 160
"""What is no longer than this stands on one line."""
FEWEST = 10
"""With fewer certified decimals than this a number is not written."""


def key_json(wordings: Wordings, variant: Variant) -> str:
    """Return the key of a variant as JSON, in the format that docs/exams.md describes."""
    return laid_out(key_data(wordings, variant)) + "\n"


def laid_out(value: Any, indent: str = "") -> str:
    """Return a value as JSON in which what fits a line stands on one.

    >>> laid_out({"place": [1, 2]})
    '{"place": [1, 2]}'
    """
    inner = value.values() if type(value) is dict else value if type(value) is list else ()
    if not any(type(part) is dict or type(part) is list for part in inner):
        text = _ENCODER.encode(value)
        if len(text) <= WIDE or not inner:
            return text
    within = indent + " "
    if type(value) is list and (rows := _rows(value)):
        # One call for all of them: a key holds thousands.
        return f"[\n{within}" + f",\n{within}".join(rows) + f"\n{indent}]"
    if isinstance(value, dict):
        parts = [f"{_ENCODER.encode(name)}: {laid_out(part, within)}" for name, part in value.items()]
    else:
        parts = [laid_out(part, within) for part in value]
    first, last = ("{", "}") if isinstance(value, dict) else ("[", "]")
    if sum(map(len, parts)) + 2 * len(parts) <= WIDE and not any("\n" in part for part in parts):
        return f"{first}{', '.join(parts)}{last}"
    return f"{first}\n{within}" + f",\n{within}".join(parts) + f"\n{indent}{last}"


def _rows(value: list[Any]) -> list[str]:
    """Return the parts of a list as JSON if they are objects that hold no others, else nothing."""
    if not all(type(one) is dict and not any(isinstance(part, dict | list) for part in one.values()) for one in value):
        return []
    rows = _ENCODER.encode(value)[2:-2].split("}, {")
    # A text may hold what stands between two objects.
    return [f"{{{row}}}" for row in rows] if len(rows) == len(value) else []


_ENCODER = json.JSONEncoder(ensure_ascii=False, check_circular=False)


def key_data(wordings: Wordings, variant: Variant) -> dict[str, Any]:
    """Return what the JSON key of a variant holds."""
    problem_set = wordings.problem_set
    return {
        "format": FORMAT,
        "set": problem_set.name,
        "title": problem_set.title,
        "variant": variant.number,
        "seed": variant.seed,
        "points": str(problem_set.points),
        "problems": [_problem(wordings.of(solved.problem), solved) for solved in variant.problems],
    }


def _problem(wording: Wording, solved: Solved) -> dict[str, Any]:
    names = (*wording.data, *wording.parameters)
    mistakes: dict[Mistake, Wrong] = {}
    for answer in solved.answers:
        for one in (*answer.wrong, *answer.coincides):
            mistakes.setdefault(mistake(one), one)
    numbers = {one: number for number, one in enumerate(mistakes, start=1)}
    given = {name: exactly(solved.point.exact(name)) for name in names}
    return {
        "id": solved.problem.id,
        "title": solved.problem.title,
        "points": str(solved.problem.points),
        "given": {**given, **{name: exactly(solved.values[name]) for name in solved.problem.given}},
        "learning_rate": exactly(solved.point.exact_rate),
        "mistakes": [
            {"number": number, "said": one.said, "kind": one.kind, "origin": one.origin, "made_at": one.made_at}
            for number, one in enumerate(mistakes.values(), start=1)
        ],
        "questions": [_question(wording, solved, ask, answers, numbers) for ask, answers in asked(solved)],
    }


def _question(
    wording: Wording, solved: Solved, ask: Ask, answers: tuple[Answer, ...], numbers: Mapping[Mistake, int]
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": ask.id,
        "quantity": ask.quantity,
        "kind": ask.kind,
        "points": str(ask.points),
        "follows": list(follows(wording, solved, ask)),
    }
    if ask.kind == NUMBER:
        each = ask.points / len(answers)
        found |= {
            "decimals": ask.decimals,
            "digits": ask.digits,
            "answers": [_answer(one, each, numbers) for one in answers],
        }
    elif ask.kind == CODE:
        found["code"] = wording.backward
    else:
        quantity = wording.quantity(ask.quantity)
        found["formula"] = quantity.entries if quantity.arrays is None else f"{quantity.name} = {quantity.arrays}"
    return found


def _answer(answer: Answer, points: Fraction, numbers: Mapping[Mistake, int]) -> dict[str, Any]:
    return {
        "id": answer.id,
        "place": [one + 1 for one in answer.place],
        "exact": exactly(answer.exact),
        "shown": answer.shown,
        "least": str(answer.least),
        "most": str(answer.most),
        "points": str(points),
        "wrong": [_wrong(one, numbers) for one in answer.wrong],
        "coincides": [_wrong(one, numbers) for one in answer.coincides],
    }


def _wrong(wrong: Wrong, numbers: Mapping[Mistake, int]) -> dict[str, Any]:
    return {"mistake": numbers[mistake(wrong)], "value": exactly(wrong.value), "shown": wrong.shown}


def exactly(value: Any) -> Any:
    """Return a number as text, or an array as lists of such: a fraction if it is rational, else certified decimals.

    Every decimal is certain: the number is rounded, and rounded right. Raises `UndecidedError` for a ball that is too
    wide for that, and `InputError` for what is no exact number.

    >>> exactly(Exact("-3/4")), exactly(Exact(2))
    ('-3/4', '2')
    """
    if isinstance(value, Exact):
        return str(value.value)
    if isinstance(value, np.ndarray):
        return [exactly(entry) for entry in value]
    if isinstance(value, int | Fraction):
        return str(value)
    if not isinstance(value, Ball):
        raise InputError(f"{value!r} is no exact number, so it is no answer of a key")
    for digits in range(DIGITS, FEWEST, -1):
        try:
            return decimal_latex(rounded(value, digits), digits)
        except UndecidedError:
            # It lies about the middle between two decimals, or the ball is wide.
            continue
    raise UndecidedError(f"{value} is not certain enough to be written in a key")
