"""An nbgrader assignment for the questions that ask for code: a notebook in the place it has in a course's folder.

A student writes ``backward``. The cell that marks it is hidden and runs ``symnn.verify`` against the loss of the
problem, so symnn must be installed where submissions are graded, and nowhere else. What a function earns is said in
`symnn.library.backward_marks`; the sentence that names its mistake stands in the output of that cell, in the feedback.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Iterator
from hashlib import sha256
from textwrap import indent
from typing import Any

from markupsafe import Markup

from symnn.exam.exports.posed import file_name
from symnn.exam.exports.qti_files import prose
from symnn.exam.model import CODE, Ask, ProblemSet, Solved, Variant
from symnn.exam.sheets import Question, Sheet, bare, sheet_context
from symnn.exam.wording import Wording, Wordings
from symnn.library import Point
from symnn.library.backward_marks import Steps
from symnn.network import Network, to_table
from symnn.report.render import render

SCHEMA = 3
"""The version of nbgrader's metadata that is written."""
_FOLDER = "exam/exports/notebook"
# nbgrader looks for these words in every cell.
_WORDS = ("BEGIN ", "END ")


def nbgrader(problem_set: ProblemSet, variants: Iterable[Variant]) -> dict[str, bytes]:
    """Return the notebook of a set, and nothing for a set that asks for no code.

    Its numbers are those of the first variant.
    """
    wordings = Wordings(problem_set)
    for variant in variants:
        sheets = sheet_context(wordings, bare(variant))["problems"]
        cells = [
            cell
            for sheet, solved in zip(sheets, variant.problems, strict=True)
            for question in sheet.questions
            if question.ask.kind == CODE
            for cell in _cells(wordings.of(solved.problem), sheet, solved, question)
        ]
        name = file_name(problem_set.name)
        return {f"source/{name}/{name}.ipynb": _notebook(cells)} if cells else {}
    return {}


def _notebook(cells: list[dict[str, Any]]) -> bytes:
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    held = {
        "cells": cells,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return (json.dumps(held, indent=1, ensure_ascii=False) + "\n").encode()


def _cells(wording: Wording, sheet: Sheet, solved: Solved, question: Question) -> Iterator[dict[str, Any]]:
    ask, example = question.ask, solved.problem.example
    given = {
        "parameters": [(name, _array(solved.point, name)) for name in wording.parameters],
        "data": [(name, _array(solved.point, name)) for name in wording.data],
        "arguments": ", ".join(("params", *wording.data)),
        "names": wording.parameters,
        "network": Markup(repr(to_table(example.source))) if isinstance(example.source, Network) else "",  # noqa: S704
        "kernel": Markup(_without_import(wording.kernel)),  # noqa: S704 -- printed by symnn
        "solution": Markup(indent(_solution(wording.kernel), "    ")),  # noqa: S704 -- printed by symnn
        "steps": Steps.of(example.derivation),
        "rate": str(solved.point.exact_rate.value),
        "points": _points(ask),
    }
    name = f"{solved.problem.id}-{ask.id}"
    told = {
        "title": markdown(sheet.title),
        "text": [markdown(one) for one in sheet.text if one],
        "givens": sheet.givens,
        "defined": sheet.defined,
        "question": question,
        "wording": wording,
        "points": question.points,
        "number": question.number,
    }
    intro = render(f"{_FOLDER}/intro.j2", "html", told, blocks="markdown")
    yield _cell(f"{name}-task", "markdown", intro)
    yield _cell(f"{name}-given", "code", _code("given", given))
    yield _cell(name, "code", _code("answer", given), solution=True, locked=False)
    yield _cell(f"{name}-try", "code", _code("try", given))
    yield _cell(f"{name}-marks", "code", _code("marks", given), grade=True, points=_points(ask))


def markdown(text: str) -> Markup:
    """Return what people have written as Markdown that shows it, without the words that nbgrader looks for.

    >>> print(markdown("### BEGIN SOLUTION"))
    \\#\\#\\# BEGIN&#32;SOLUTION
    """
    escaped = str(prose(text))
    for word in _WORDS:
        escaped = escaped.replace(word, f"{word.rstrip()}&#32;")
    return Markup(escaped)  # noqa: S704 -- escaped above


def _code(template: str, given: dict[str, Any]) -> str:
    return render(f"{_FOLDER}/{template}.py.j2", "html", given).rstrip()


def _cell(name: str, kind: str, source: str, **settings: Any) -> dict[str, Any]:
    meta = {"grade": False, "grade_id": name, "locked": True, "solution": False, "task": False}
    cell: dict[str, Any] = {
        "cell_type": kind,
        "id": sha256(name.encode()).hexdigest()[:12],
        "metadata": {"nbgrader": {**meta, "schema_version": SCHEMA, **settings}},
        "source": source.rstrip().splitlines(keepends=True),
    }
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def _points(ask: Ask) -> int | float:
    return int(ask.points) if ask.points.denominator == 1 else float(ask.points)


def _array(point: Point, name: str) -> Markup:
    # The shortest text that gives the double back.
    return Markup(repr(point.floats(name).tolist()))  # noqa: S704 -- numbers


def _without_import(source: str) -> str:
    return source.replace("import numpy as np\n", "", 1).strip()


def _solution(source: str) -> str:
    """Return the body of a function that returns only the gradients, from the text of a kernel."""
    tree = ast.parse(source)
    lines = source.splitlines()
    *helpers, kernel = [one for one in tree.body if isinstance(one, ast.FunctionDef)]
    last: Any = kernel.body[-1]
    _, gradients = last.value.elts
    nested = ["\n".join(lines[one.lineno - 1 : one.end_lineno]) for one in helpers]
    body = lines[kernel.body[0].end_lineno or 0 : last.lineno - 1]
    own = "\n".join(line.removeprefix("    ") for line in body).strip("\n")
    return "\n\n".join([*nested, f"{own}\n\nreturn {ast.get_source_segment(source, gradients)}"])
