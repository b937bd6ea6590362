"""The nbgrader notebook gives a right backward full marks, and a modelled mistake part of them with its sentence."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from symnn.exam.exports import EXPORTS
from tests.exam.exports.marked_back import HOSTILE, hostile, made

RUNNER = Path(__file__).with_name("nbgrader_runner.py")
NAME = "backprop-quiz"
POINTS = 9
"""What the question for code is worth in the set that ships with symnn."""

# What is written in place of a line of the solution, and what the marks say of it.
MISTAKES = {
    "doubled": ("dW2 = dZ2", "dW2 = 2*dZ2", "the gradient by W2 is 2 times what it should be"),
    "sign": ("db2 = dZ2", "db2 = -dZ2", "the sign of the gradient by b2 is wrong"),
    "early": ("dZ2 = Z2 - Y", "dZ2 = 2*(Z2 - Y)", "this is the gradient of squared-error"),
    "zero": ("dW1 = dZ1 @ X.T", "dW1 = 0*W1", "the gradient by W1 is left at zero"),
}
UNREADABLE = ("dZ2 = Z2 - Y", "raise RuntimeError('no')")


@pytest.fixture(scope="module")
def notebook() -> dict[str, Any]:
    ((path, data),) = EXPORTS["nbgrader"].write(*made()).items()
    assert path == f"source/{NAME}/{NAME}.ipynb"
    found: dict[str, Any] = json.loads(data)
    return found


def cells(notebook: Mapping[str, Any]) -> dict[str, str]:
    """The text of every cell, by what it is for."""
    return {
        cell["metadata"]["nbgrader"]["grade_id"].removeprefix("two-three-two-code-backward"): "".join(cell["source"])
        for cell in notebook["cells"]
    }


def with_change(notebook: Mapping[str, Any], change: tuple[str, ...]) -> dict[str, Any]:
    """A notebook that is handed in, whose solution holds something else in one place."""
    found: dict[str, Any] = json.loads(json.dumps(notebook))
    (cell,) = [one for one in found["cells"] if one["metadata"]["nbgrader"]["solution"]]
    text = "".join(cell["source"])
    assert text.count(change[0]) == 1
    cell["source"] = text.replace(change[0], change[1]).splitlines(keepends=True)
    return found


def marks(notebook: Mapping[str, Any], capsys: pytest.CaptureFixture[str]) -> tuple[float, str]:
    """What the cells give when they are run one after another, as a kernel runs them, and what they print."""
    known: dict[str, Any] = {}
    texts = cells(notebook)
    for name in ("-given", ""):
        exec(texts[name], known)  # what nbgrader does with a cell
    *cell, last = texts["-marks"].replace("### END HIDDEN TESTS", "").strip().rsplit("\n", 1)
    exec("\n".join(cell), known)
    capsys.readouterr()
    exec(f"earned = {last}", known)
    return known["earned"], capsys.readouterr().out


def test_a_right_backward_earns_everything(notebook: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    earned, said = marks(notebook, capsys)
    assert earned == POINTS
    assert said.startswith("equal")
    known: dict[str, Any] = {}
    for name in ("-given", "", "-try"):
        exec(cells(notebook)[name], known)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_modelled_mistake_earns_a_part_and_is_named(
    mistake: str, notebook: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    earned, said = marks(with_change(notebook, MISTAKES[mistake]), capsys)
    assert POINTS / 2 <= earned < POINTS
    assert MISTAKES[mistake][2] in said


def test_what_cannot_run_earns_nothing(notebook: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    earned, said = marks(with_change(notebook, UNREADABLE), capsys)
    assert earned == 0
    assert "RuntimeError" in said


def test_the_shapes_are_checked_where_everybody_sees_it(notebook: dict[str, Any]) -> None:
    wrong = cells(with_change(notebook, ("dW1 = dZ1 @ X.T", "dW1 = X @ dZ1.T")))
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
    task = cells(json.loads(data))["-task"]
    assert "BEGIN SOLUTION" not in task
    assert "<script>" not in task


def test_the_same_set_gives_the_same_bytes() -> None:
    assert EXPORTS["nbgrader"].write(*made()) == EXPORTS["nbgrader"].write(*made())


def drive(command: str, course: Path) -> Any:
    # Its folders for settings are its own, so that nobody's are read or written.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    own = {"HOME": str(course), "PATH": path, "JUPYTER_NO_CONFIG": "1", "PYTHONPATH": str(Path(__file__).parents[3])}
    done = subprocess.run(  # noqa: S603 -- this Python and a file of ours
        [sys.executable, str(RUNNER), command, str(course), NAME], capture_output=True, text=True, timeout=500, env=own
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.nbgrader
def test_nbgrader_releases_it_without_its_solution_and_grades_it(tmp_path: Path) -> None:
    for path, data in EXPORTS["nbgrader"].write(*made()).items():
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_bytes(data)
    full = json.loads((tmp_path / f"source/{NAME}/{NAME}.ipynb").read_text(encoding="utf-8"))
    released = drive("release", tmp_path)
    assert released["success"], released["log"]
    release = json.loads((tmp_path / f"release/{NAME}/{NAME}.ipynb").read_text(encoding="utf-8"))
    text = json.dumps(release)
    assert "NotImplementedError" in text
    assert "dW2 = " not in text
    assert "symnn" not in text
    # Handed in is what was released, with an answer of the student's.
    # Every one is graded in a kernel of its own, so these are few.
    mistakes = {name: with_change(full, MISTAKES[name]) for name in ("doubled", "sign", "early")}
    handed_in = {"right": full, **mistakes}
    for student, own in handed_in.items():
        folder = tmp_path / f"submitted/{student}/{NAME}"
        folder.mkdir(parents=True)
        answer = {cell["metadata"]["nbgrader"]["grade_id"]: cell for cell in own["cells"]}
        sheet = json.loads(json.dumps(release))
        for cell in sheet["cells"]:
            meta = cell["metadata"]["nbgrader"]
            if meta["solution"]:
                cell["source"] = answer[meta["grade_id"]]["source"]
        (folder / f"{NAME}.ipynb").write_text(json.dumps(sheet), encoding="utf-8")
    scores = drive("grade", tmp_path)
    for student, one in scores.items():
        assert one["success"], one["log"]
        assert not one["by_hand"]
        assert one["max"] == POINTS
        graded = (tmp_path / f"autograded/{student}/{NAME}/{NAME}.ipynb").read_text(encoding="utf-8")
        if student in MISTAKES:
            assert POINTS / 2 <= one["score"] < POINTS
            assert MISTAKES[student][2] in graded
        else:
            assert one["score"] == POINTS
    assert set(scores) == set(handed_in)
