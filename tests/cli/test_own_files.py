"""``symnn report`` on a file of one's own: what it writes, and that a mistake in the file writes nothing."""

from __future__ import annotations

import os

import pytest

from symnn.report.pdf import HINT, find_engine
from tests.cli.test_cli import EQUAL, USAGE, here, run
from tests.library.files import write as write_python
from tests.library.toml_files import DRAWN, write
from tests.seeds import another_hash_seed


def reported(monkeypatch, *arguments):
    """Report, and see that nothing is said beside how to get a PDF where there is none."""
    done = here(monkeypatch, "report", *arguments)
    assert done.returncode == EQUAL
    assert done.stderr == ("" if find_engine() else f"{HINT}\n")


def test_a_toml_file_becomes_a_worked_solution_that_says_what_was_compared(tmp_path, monkeypatch):
    reported(monkeypatch, write(tmp_path), "--out", tmp_path / "out")
    text = " ".join((tmp_path / "out" / "mine.tex").read_text(encoding="utf-8").split())
    assert "Two classes from two numbers" in text
    assert "No code written by hand was checked" in text
    assert r"The derived gradient is \textbf{equal} to the exact derivative of the loss" in text
    assert "hand{-}written" not in text
    assert "were drawn with seed" not in text


def test_what_was_drawn_is_said_and_the_bytes_depend_on_nothing_else(tmp_path, monkeypatch):
    path = write(tmp_path, text=DRAWN)
    texts = []
    for number in range(2):
        folder = tmp_path / f"elsewhere{number}"
        folder.mkdir()
        monkeypatch.chdir(folder)
        arguments = ["report", path, "--out", "out"]
        other = {"PYTHONHASHSEED": another_hash_seed(), "TZ": "UTC1"}
        done = run(*arguments, cwd=folder, **other) if number else here(monkeypatch, *arguments)
        assert done.returncode == 0, done.stderr
        texts.append({one.name: one.read_bytes() for one in (folder / "out").iterdir() if one.suffix != ".pdf"})
    assert texts[0] == texts[1]
    assert b"were drawn with seed 7" in texts[0]["mine.tex"]


def test_a_derivation_of_ones_own_is_run_and_shown_with_its_code(tmp_path, monkeypatch):
    reported(monkeypatch, write_python(tmp_path), "--out", tmp_path / "out")
    text = (tmp_path / "out" / "doubling-it.tex").read_text(encoding="utf-8")
    assert "The hand{-}written code" in text or "The hand-written code" in text


MISTAKES = {
    "an unknown style": [('"delta"', '"dleta"')],
    "an unknown audience": [("style =", 'audience = "studnt"\nstyle =')],
    "decimals and digits": [("style =", "decimals = 3\ndigits = 3\nstyle =")],
    "a symbol for nothing": [("notation =", 'symbols = { Q = "q" }\nnotation =')],
    "a shape": [("b1 = [[0], [0.1], [0]]", "b1 = [0, 0.1, 0]")],
    "an unknown key": [("title =", "titel =")],
}


@pytest.mark.parametrize("changes", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_in_the_file_is_told_with_its_name_and_nothing_is_written(tmp_path, monkeypatch, changes):
    done = here(monkeypatch, "report", write(tmp_path, *changes), "--out", tmp_path / "out")
    assert done.returncode == USAGE
    assert done.stdout == ""
    assert done.stderr.startswith(f"error: {tmp_path / 'mine.toml'}: ")
    assert os.listdir(tmp_path) == ["mine.toml"]
