"""A course in a folder of its own, with one assignment that nbgrader releases and grades."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.exam.exports.notebook_run import answered

RUNNER = Path(__file__).with_name("nbgrader_runner.py")
LONGEST = 900
"""After how many seconds nbgrader is given up on."""


@dataclass(frozen=True)
class Graded:
    """What nbgrader makes of what one student hands in: points in all and of each cell, and what the cells print."""

    score: float
    most: float
    cells: Mapping[str, float]
    said: Mapping[str, str]


class Course:
    """A course with an assignment made of a notebook."""

    def __init__(self, folder: Path, name: str, notebook: bytes) -> None:
        """Have nbgrader release the assignment."""
        self.folder, self.name = folder, name
        source = self._file("source")
        source.parent.mkdir(parents=True)
        source.write_bytes(notebook)
        done = self._drive("release")
        assert done["success"], done["log"]
        self.released: dict[str, Any] = json.loads(self._file("release").read_text(encoding="utf-8"))

    def graded(self, answers: Mapping[str, Mapping[str, str]]) -> dict[str, Graded]:
        """Have nbgrader grade what students hand in: the notebook that was released, with their answers, by cell."""
        for student, own in answers.items():
            handed_in = self._file("submitted", student)
            handed_in.parent.mkdir(parents=True)
            handed_in.write_text(json.dumps(answered(self.released, own)), encoding="utf-8")
        found = {}
        for student, one in self._drive("grade").items():
            assert one["success"], one["log"]
            assert not one["by_hand"]
            after = json.loads(self._file("autograded", student).read_text(encoding="utf-8"))
            found[student] = Graded(one["score"], one["max"], one["cells"], dict(map(_said, after["cells"])))
        assert set(found) == set(answers)
        return found

    def _file(self, step: str, student: str = "") -> Path:
        return self.folder / step / student / self.name / f"{self.name}.ipynb"

    def _drive(self, command: str) -> Any:
        # Its folders for settings are its own, so that nobody's are read or written.
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        home = str(self.folder)
        own = {"HOME": home, "PATH": path, "JUPYTER_NO_CONFIG": "1", "PYTHONPATH": str(Path(__file__).parents[3])}
        done = subprocess.run(  # noqa: S603 -- this Python and a file of ours
            [sys.executable, str(RUNNER), command, home, self.name],
            capture_output=True,
            text=True,
            timeout=LONGEST,
            env=own,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout.splitlines()[-1])


def _said(cell: Mapping[str, Any]) -> tuple[str, str]:
    printed = (one["text"] for one in cell.get("outputs", ()) if one["output_type"] == "stream")
    return cell["metadata"]["nbgrader"]["grade_id"], "".join("".join(text) for text in printed)
