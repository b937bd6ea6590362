"""``symnn verify --fix`` writes the edit that makes a gradient right, after asking, and nothing else."""

from __future__ import annotations

import json

import pytest

from symnn.cli.checking import Request, finding
from symnn.cli.fixing import contents_of, fixed, write_all
from symnn.cli.formats import WRITERS, Format
from symnn.errors import InputError
from tests.cli.test_cli import here

WRONG = '''"""A slope that is left unsquared, in a file with a word that is not ASCII: größer."""
import numpy as np


def loss(w, x):
    return np.sum(np.tanh(w * x))


def grad(w, x):
    h = np.tanh(w * x)  # größer
    return (1 - h) * x


def example():
    return np.array([0.3, -0.7]), np.array([1.5, 0.5])
'''
RIGHT = WRONG.replace("(1 - h)", "(1 - h ** 2)")


@pytest.fixture
def mine(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(WRONG, encoding="utf-8")
    return path


def found(path):
    verdict = finding(path, Request()).verdict
    assert verdict is not None
    return verdict.diagnosis.mistakes


def test_the_edit_is_told_with_its_line_and_columns(mine):
    (mistake,) = found(mine)
    assert (mistake.line, mistake.edit) == (11, ("1 - h", "1 - h ** 2"))
    assert mistake.region == (11, 17, 11, 18)
    assert mistake.code == ("return (1 - h) * x", "return (1 - h ** 2) * x")


def test_it_is_written_where_that_is_confirmed(mine, monkeypatch):
    done = here(monkeypatch, "verify", mine, "--fix", "--yes")
    assert done.returncode == 0
    assert "+    return (1 - h ** 2) * x" in done.stdout
    assert "\nequal: " in done.stdout
    assert mine.read_text(encoding="utf-8") == RIGHT


def test_it_is_asked_for_and_a_no_writes_nothing(mine, monkeypatch):
    monkeypatch.setattr("typer.confirm", lambda *given, **more: False)
    done = here(monkeypatch, "verify", mine, "--fix")
    assert done.returncode == 1
    assert mine.read_text(encoding="utf-8") == WRONG


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_ends_of_lines_and_encoding_stay(mine, end, encoding):
    mine.write_bytes(WRONG.replace("\n", end).encode(encoding))
    (content,) = contents_of(mine, found(mine)).values()
    assert content == RIGHT.replace("\n", end).encode(encoding)


def test_the_rights_of_the_file_stay(mine):
    mine.chmod(0o640)
    write_all(contents_of(mine, found(mine)))
    assert mine.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in mine.parent.iterdir() if path.suffix != ".pyc" and path.is_file()] == ["mine.py"]


def test_a_file_that_has_changed_meanwhile_is_left_alone(mine):
    mistakes = found(mine)
    mine.write_text(WRONG.replace("(1 - h)", "(1 - h * 1)"), encoding="utf-8")
    with pytest.raises(InputError, match="has changed since it was checked"):
        fixed(mine, mistakes)


def test_nothing_is_written_outside_of_the_folder(mine, tmp_path):
    other = tmp_path / "below" / "other.py"
    other.parent.mkdir()
    other.write_text(WRONG, encoding="utf-8")
    with pytest.raises(InputError, match="not in the folder"):
        contents_of(other, found(mine))


@pytest.mark.parametrize("option", ["--fix", "--explain"])
def test_a_machine_is_not_asked(mine, monkeypatch, option):
    done = here(monkeypatch, "verify", mine, option, "--format", "json")
    assert done.returncode == 2
    assert option in done.stderr
    assert mine.read_text(encoding="utf-8") == WRONG


def test_machines_are_told_the_edit(mine):
    told = finding(mine, Request())
    (result,) = json.loads(WRITERS[Format.SARIF]([told]))["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 11}
    (change,) = result["fixes"][0]["artifactChanges"]
    (replacement,) = change["replacements"]
    assert replacement["insertedContent"]["text"] == "h ** 2"
    assert replacement["deletedRegion"] == {"startLine": 11, "startColumn": 17, "endLine": 11, "endColumn": 18}
    (row,) = json.loads(WRITERS[Format.JSON]([told]))
    (edit,) = row["mistake"]["edits"]
    assert (edit["line"], edit["before"], edit["after"]) == (11, "1 - h", "1 - h ** 2")
    assert "line=11," in WRITERS[Format.GITHUB]([told])


def test_no_effort_tells_no_edit(mine):
    verdict = finding(mine, Request(effort=0)).verdict
    assert verdict is not None
    assert (verdict.verdict, verdict.diagnosis.mistakes) == ("different", ())
