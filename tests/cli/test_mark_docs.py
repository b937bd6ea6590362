"""The page on marking says what the command does: its example is run, and its tables are complete."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from symnn.cli.app import app
from symnn.cli.mark_formats import READ, UNREAD, MarkFormat
from symnn.grade import Outcome
from symnn.grade.numbers import number
from symnn.grade.rows import COLUMNS

PAGE = (Path(__file__).parents[2] / "docs" / "marking.md").read_text(encoding="utf-8")
OPTIONS = [
    option
    for parameter in typer.main.get_command(app).commands["mark"].params
    for option in parameter.opts
    if option.startswith("--") and option != "--help"
]


def block(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return found


def test_the_example_is_marked_as_the_page_says(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, language in (("quiz.toml", "toml"), ("answers.csv", "csv")):
        Path(name).write_text(block(language), encoding="utf-8")
    result = CliRunner().invoke(app, block("sh").split()[1:])
    assert result.stdout == block("text")
    assert result.exit_code == UNREAD


def test_every_option_format_status_outcome_and_column_is_told():
    assert {"--exam", "--seed", "--keys", "--format", "--out"} == set(OPTIONS)
    for told in (*OPTIONS, *MarkFormat, *COLUMNS):
        assert f"`{told}`" in PAGE
    for status in (READ, 2, UNREAD):
        assert f"| {status} |" in PAGE
    for outcome in Outcome:
        assert f"**{outcome}**" in PAGE


@pytest.mark.parametrize("text", re.findall(r"`([^`]+)`", re.findall(r"is a number: (.*?) Or an array", PAGE, re.S)[0]))
def test_every_number_shown_is_read(text):
    assert number(text)
