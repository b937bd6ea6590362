"""The help of commands fills the terminal: paragraphs end where they end, and else only where no word more fits."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
import typer
from typer.testing import CliRunner

from symnn.cli.app import app
from symnn.cli.checking import Level
from symnn.cli.helping import let_help_flow

COMMANDS = sorted(typer.main.get_command(app).commands)


def help_of(command, width, of=app):
    """Return the lines of a command's help, without the margin, as a terminal of a width shows them."""
    # A terminal that is called dumb is taken to be 80 wide, and what is bold may be so in any other.
    result = CliRunner().invoke(of, [*command, "--help"], env={"COLUMNS": f"{width}", "TERM": "xterm-256color"})
    assert result.exit_code == 0, result.output
    return [line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", result.output).split("\n")]


def short_lines(lines, width):
    """Return the lines of prose that end before they must: the first word of the next line would have fitted."""
    prose = lines[: next(place for place, line in enumerate(lines) if line.startswith("╭"))]
    return [
        (line, after)
        for line, after in pairwise(prose)
        if line.strip() and after.strip() and len(line) + 1 + len(after.split()[0]) < width
    ]


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS)], ids=["symnn", *COMMANDS])
def test_the_paragraphs_of_help_flow_to_the_width(command, width):
    lines = help_of(command, width)
    assert max(map(len, lines)) <= width
    assert short_lines(lines, width) == []


def test_a_paragraph_that_kept_its_line_ends_would_be_found():
    def one() -> None:
        """Do one thing.

        First line
        and its second.
        """

    own = typer.Typer()
    own.command("one")(one)
    own.command("two")(lambda: None)
    assert short_lines(help_of(["one"], 80, own), 80) == [(" First line", " and its second.")]
    let_help_flow(own)
    assert short_lines(help_of(["one"], 80, own), 80) == []


@pytest.mark.parametrize("width", [80, 120])
def test_no_name_in_a_table_of_options_is_broken(width):
    told = " ".join("\n".join(help_of(["verify"], width)).replace("│", " ").split())
    assert all(level in told for level in Level)
