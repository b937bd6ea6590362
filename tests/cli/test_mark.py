"""``symnn mark``: what it prints in every format, what it returns, and that nothing in a file gets out of it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from symnn.cli import marking
from symnn.cli.app import app
from symnn.exam.key_json import key_json
from symnn.exam.reading import read_problem_set
from symnn.exam.variants import variants
from symnn.exam.wording import Wordings
from tests.cli.test_cli import here
from tests.grade.lessons import ASK, HEAD, PROBLEM

GOOD = 'ada,1,Z2,"-12; -2"\nada,1,L,102.5\nbob,1,L,520\nbob,1,Z2-1-1,-21\n'
HOSTILE = (
    '=HYPERLINK(""x""),1,L,260',
    "+1-1,1,L,260",
    "@SUM(A1),1,L,260",
    "a;=1+1,1,L,260",
    "\x1b[31mred\x07,1,L,260",
    "\u202eevil,1,L,260",
    "[bold]x[/bold],1,L,260",
    "<script>,1,L,=1+1",
    "ada,1,L,-1+1",
    "ada,1,Z9,__import__('os')",
)


@pytest.fixture(scope="module")
def exam(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("exam") / "quiz.toml"
    asks = "\n".join(ASK.format(quantity=one, points=3) for one in ("Z2", "L", "formula:dW1"))
    path.write_text(f'title = "Quiz"\n{PROBLEM.format(id="two", asks=asks, decimals=2)}', encoding="utf-8")
    problem_set = read_problem_set(path)
    (path.parent / "keys").mkdir()
    for variant in variants(problem_set, 1, 3):
        text = key_json(Wordings(problem_set), variant)
        (path.parent / "keys" / "quiz-1-key.json").write_text(text, encoding="utf-8")
    return path


def run(exam: Path, tmp_path: Path, rows: str, *options: str):
    answers = tmp_path / "answers.csv"
    answers.write_bytes((HEAD + rows).encode())
    return CliRunner().invoke(app, ["mark", str(answers), "--exam", str(exam), "--keys", str(exam.parent), *options])


def test_the_text_tells_what_is_not_right_and_why(exam, tmp_path):
    result = run(exam, tmp_path, GOOD)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "ada, variant 1: 4.5 of 6 points",
        "  Z2-1-1  0 of 1.5  -12    as with two digits swapped",
        "  L         3 of 3  102.5  follows from your Z2",
        "bob, variant 1: 1.5 of 6 points",
        "  Z2-2-1  0 of 1.5       blank",
        "  L         0 of 3  520  the factor 1/2 is left out of the loss",
        "",
        "questions",
        "  Z2  1.5 of 3 on average: 2 right, 1 slip, 1 blank",
        "  L   1.5 of 3 on average: 1 follows, 1 mistake",
        "",
        "mistakes, and how many sheets they cost points on",
        "     1  the factor 1/2 is left out of the loss",
        "",
        "to be marked by hand",
        "  two/formula-dW1 (3 points)",
    ]


def test_json_holds_everything(exam, tmp_path):
    held = json.loads(run(exam, tmp_path, f"{GOOD}cid,1,L,x\n", "--format", "json").stdout)
    assert list(held) == ["sheets", "questions", "mistakes", "by_hand", "listed", "doubt"]
    assert [(one["student"], one["points"], one["possible"]) for one in held["sheets"]] == [
        ("ada", "4.5", "6"),
        ("bob", "1.5", "6"),
        ("cid", "0", "6"),
    ]
    last = held["sheets"][0]["marks"][-1]
    assert (last["outcome"], last["after"], last["number"], last["line"]) == ("follows", ["Z2"], "205/2", 3)
    assert [one["line"] for one in held["listed"]] == [6]


def test_csv_is_a_row_a_number_and_totals_a_row_a_sheet(exam, tmp_path):
    rows = list(csv.DictReader(io.StringIO(run(exam, tmp_path, GOOD, "--format", "csv").stdout)))
    assert [(one["student"], one["question"], one["points"]) for one in rows[:3]] == [
        ("ada", "Z2-1-1", "0"),
        ("ada", "Z2-2-1", "1.5"),
        ("ada", "L", "3"),
    ]
    totals = list(csv.DictReader(io.StringIO(run(exam, tmp_path, GOOD, "--format", "totals").stdout)))
    assert totals[0] == {"student": "ada", "variant": "1", "points": "4.5", "possible": "6", "two": "4.5"}


@pytest.mark.parametrize("form", ["text", "json", "csv", "totals"])
def test_a_row_that_cannot_be_read_makes_the_status_3_and_is_named_whatever_the_format(form, exam, tmp_path):
    result = run(exam, tmp_path, f"{GOOD}cid,1,L\n", "--format", form)
    assert result.exit_code == 3
    said = result.stdout if form in {"text", "json"} else result.stderr
    assert "line" in said
    assert "3 cells, and the header has 4" in said


@pytest.mark.parametrize("form", ["text", "json", "csv", "totals"])
def test_a_file_gets_what_the_screen_would(form, exam, tmp_path):
    into = tmp_path / "marks"
    result = run(exam, tmp_path, f"{GOOD}cid,1,L\n", "--format", form, "--out", str(into))
    assert (result.exit_code, result.stdout.strip()) == (3, str(into))
    assert "line 6" in result.stderr
    assert into.read_text(encoding="utf-8") == run(exam, tmp_path, f"{GOOD}cid,1,L\n", "--format", form).stdout


@pytest.mark.parametrize("form", ["text", "json", "csv", "totals"])
def test_marks_of_an_earlier_run_are_replaced(form, exam, tmp_path):
    into = tmp_path / "marks"
    run(exam, tmp_path, GOOD, "--format", form, "--out", str(into))
    before = into.read_bytes()
    for rows in ("", GOOD):
        assert run(exam, tmp_path, rows, "--format", form, "--out", str(into)).exit_code == 0
    assert into.read_bytes() == before


# Places that marks may not be written to, and what is said.
PLACES = {
    "the answers": ("answers.csv", "answers.csv is there already: nothing is replaced"),
    "a file of somebody else": ("notes.txt", "notes.txt is there already: nothing is replaced"),
    "a folder": (".", "is no plain file"),
    "a folder that is not there": ("none/marks.csv", "there is no folder"),
    "below a file": ("notes.txt/marks.csv", "there is no folder"),
}


@pytest.mark.parametrize("place", PLACES)
def test_marks_are_never_written_over_anything_else_and_nothing_is_marked_for_nothing(
    place, exam, tmp_path, monkeypatch
):
    name, said = PLACES[place]
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    monkeypatch.setattr(marking, "mark_answers", None)
    result = run(exam, tmp_path, GOOD, "--out", str(tmp_path / name))
    assert said in str(result.exception)
    assert (tmp_path / "answers.csv").read_bytes() == (HEAD + GOOD).encode()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answers.csv", "notes.txt"]


def test_no_cell_of_the_csv_is_a_formula_and_nothing_moves_the_cursor(exam, tmp_path):
    rows = "\n".join(HOSTILE)
    for form in ("csv", "totals"):
        text = run(exam, tmp_path, rows, "--format", form).stdout
        for row in csv.reader(io.StringIO(text)):
            for cell in row:
                number = cell.lstrip("+-").replace(".", "", 1).isdigit()
                assert number or not cell.lstrip().startswith(("=", "+", "-", "@"))
        # In a country of semicolons too.
        assert '"a;=1+1"' in text
        assert text.replace("\n", "").isprintable()
    result = run(exam, tmp_path, rows)
    assert (result.stdout + result.stderr).replace("\n", "").isprintable()
    assert "[bold]x[/bold]" in result.stdout
    assert result.exit_code == 3


UNUSABLE = {
    "no answers": (None, "", "cannot read"),
    "no header": ("ada,1,L,5\n", "", "does not say which column is which"),
    "no exam": (HEAD, "none.toml", "none.toml"),
    "an exam that is no TOML": (HEAD, "answers.csv", "answers.csv"),
}


@pytest.mark.parametrize("what", UNUSABLE)
def test_a_file_that_cannot_be_used_is_status_2_and_says_why(what, exam, tmp_path, monkeypatch):
    content, other, said = UNUSABLE[what]
    answers = tmp_path / "answers.csv"
    if content is not None:
        answers.write_text(content, encoding="utf-8")
    # Errors become text and a status in main.
    done = here(monkeypatch, "mark", answers, "--exam", tmp_path / other if other else exam)
    assert done.returncode == 2
    assert said in done.stderr.replace("\n", " ")
    assert "Traceback" not in done.stderr


def test_without_keys_the_seed_makes_the_variants(exam, tmp_path):
    answers = tmp_path / "answers.csv"
    answers.write_text(HEAD + GOOD, encoding="utf-8")
    by_seed = CliRunner().invoke(app, ["mark", str(answers), "--exam", str(exam), "--seed", "3"])
    assert by_seed.stdout == run(exam, tmp_path, GOOD).stdout


def test_two_runs_are_the_same_bytes(exam, tmp_path):
    for form in ("text", "json", "csv", "totals"):
        first, second = (run(exam, tmp_path, GOOD, "--format", form).stdout for _ in range(2))
        assert first == second
