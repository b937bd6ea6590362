"""The nbgrader notebook is what nbgrader asks for: released without its solution, it gives a right one full marks."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from symnn.exam.exports import EXPORTS
from tests.exam.exports.marked_back import HOSTILE, hostile, made
from tests.exam.exports.nbgrader_course import Course
from tests.exam.exports.notebook_run import answered, cells, marks

NAME = "backprop-quiz"
QUESTION = "two-three-two-code-backward"
POINTS = 9
"""What the question for code is worth in the set that ships with symnn."""


@pytest.fixture(scope="module")
def notebook() -> dict[str, Any]:
    ((path, data),) = EXPORTS["nbgrader"].write(*made()).items()
    assert path == f"source/{NAME}/{NAME}.ipynb"
    found: dict[str, Any] = json.loads(data)
    return found


def with_change(notebook: Mapping[str, Any], right: str, wrong: str) -> dict[str, Any]:
    """A notebook that is handed in, whose solution holds something else in one place."""
    text = cells(notebook, QUESTION)[""]
    assert text.count(right) == 1
    return answered(notebook, {QUESTION: text.replace(right, wrong)})


def test_a_right_backward_earns_everything(notebook: dict[str, Any]) -> None:
    earned, said = marks(notebook, QUESTION)
    assert earned == POINTS
    assert said.startswith("equal")
    known: dict[str, Any] = {}
    for name in ("-given", "", "-try"):
        exec(cells(notebook, QUESTION)[name], known)


def test_what_cannot_run_earns_nothing(notebook: dict[str, Any]) -> None:
    earned, said = marks(with_change(notebook, "dZ2 = Z2 - Y", "raise RuntimeError('no')"), QUESTION)
    assert earned == 0
    assert "RuntimeError" in said


def test_the_shapes_are_checked_where_everybody_sees_it(notebook: dict[str, Any]) -> None:
    wrong = cells(with_change(notebook, "dW1 = dZ1 @ X.T", "dW1 = X @ dZ1.T"), QUESTION)
    known: dict[str, Any] = {}
    for name in ("-given", ""):
        exec(wrong[name], known)
    with pytest.raises(AssertionError, match=r"W1 has shape \(3, 2\), its gradient \(2, 3\)"):
        exec(wrong["-try"], known)


def test_the_notebook_is_what_nbgrader_asks_for(notebook: dict[str, Any]) -> None:
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    ids = [cell["metadata"]["nbgrader"]["grade_id"] for cell in notebook["cells"]]
    assert len(set(ids)) == len(ids)
    assert len({cell["id"] for cell in notebook["cells"]}) == len(ids)
    for cell in notebook["cells"]:
        assert re.fullmatch(r"[a-zA-Z0-9-_]{1,64}", cell["id"])
        meta = cell["metadata"]["nbgrader"]
        assert meta["schema_version"] == 3
        assert ("points" in meta) == meta["grade"]
        assert meta["locked"] is not meta["solution"]


def test_a_set_without_code_has_no_notebook() -> None:
    whole, found = made()
    kept = tuple(one for one in found[0].problems if one.problem.id == "softmax")
    only = replace(whole, problems=tuple(one.problem for one in kept))
    assert EXPORTS["nbgrader"].write(only, [replace(found[0], problems=kept)]) == {}
    assert EXPORTS["nbgrader"].write(whole, []) == {}


def test_what_people_write_is_no_mark_of_a_solution() -> None:
    (data,) = EXPORTS["nbgrader"].write(*hostile()).values()
    assert "### BEGIN SOLUTION" in HOSTILE
    task = cells(json.loads(data), QUESTION)["-task"]
    assert "BEGIN SOLUTION" not in task
    assert "<script>" not in task


def test_the_same_set_gives_the_same_bytes() -> None:
    assert EXPORTS["nbgrader"].write(*made()) == EXPORTS["nbgrader"].write(*made())


@pytest.mark.nbgrader
def test_nbgrader_releases_it_without_its_solution_and_gives_the_solution_full_marks(tmp_path: Path) -> None:
    (data,) = EXPORTS["nbgrader"].write(*made()).values()
    course = Course(tmp_path, NAME, data)
    text = json.dumps(course.released)
    assert "NotImplementedError" in text
    assert "dW2 = " not in text
    assert "symnn" not in text
    found = course.graded({"right": {QUESTION: cells(json.loads(data), QUESTION)[""]}})["right"]
    assert found.score == found.most == POINTS
    assert found.cells[f"{QUESTION}-marks"] == POINTS
    assert found.said[f"{QUESTION}-marks"].startswith("equal")
