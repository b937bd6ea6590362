"""The page on CI says what the command line has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from symnn.cli.app import EXIT, FAULT, app
from symnn.cli.fields import fields_of
from symnn.cli.finding import Finding
from symnn.cli.formats import Format
from symnn.cli.sarif import RULES

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
HOOKS = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
OPTIONS = [
    option
    for parameter in typer.main.get_command(app).commands["verify"].params
    for option in parameter.opts
    if option.startswith("--") and option != "--help"
]


def test_there_are_options():
    assert {"--jobs", "--timeout", "--memory", "--level", "--format"} <= set(OPTIONS)


@pytest.mark.parametrize("option", OPTIONS)
def test_every_option_is_told(option):
    assert f"`{option}" in PAGE


@pytest.mark.parametrize("status", [*EXIT.values(), FAULT])
def test_every_status_is_told(status):
    assert f"| {status} |" in PAGE


@pytest.mark.parametrize("name", [*Format, *RULES, *fields_of(Finding("a.py"))])
def test_every_format_rule_and_key_is_told(name):
    assert f"`{name}`" in PAGE or name == "file"


def test_the_commands_shown_are_commands():
    shown = [line for line in (PAGE + HOOKS).splitlines() if "symnn verify" in line]
    used = set(re.findall(r"(?<=\s)--[a-z]+", " ".join(line.partition("symnn verify")[2] for line in shown)))
    assert used
    assert used <= set(OPTIONS)
