"""Every number that an option takes has a least and a most, and what is no such number is a usage error."""

from __future__ import annotations

import itertools
import math
from typing import get_args, get_type_hints

import pytest
import typer

from symnn.cli.app import app
from symnn.errors import InputError
from symnn.sandbox import Limits
from tests.cli.test_cli import USAGE, here

COMMANDS = typer.main.get_command(app).commands
# Every option of every command that takes a number, with the command's name.
OPTIONS = [
    (command.name or command.callback.__name__, option)
    for command in app.registered_commands
    for option in COMMANDS[command.name or command.callback.__name__].params
    if {int, float} & {(hint := get_type_hints(command.callback)[option.name]), *get_args(hint)}
]
IDS = [f"{name} {option.opts[0]}" for name, option in OPTIONS]
# What no option takes, and what some take.
NEVER = ("nan", "inf", "-inf", "1e300", "1e400", "-1", "-1e300", "", "x", "9" * 30, "9" * 5000)
SOMETIMES = ("0", "1", "0.0", "1.5")


def read(name, option, text):
    """Return the status of the command line where an option is read, and its value; nothing is run."""
    command = COMMANDS[name]
    needed = [one for one in command.params if one.required and one is not option]
    given = [[one.opts[0], "x"] if one.opts[0].startswith("-") else ["x.toml"] for one in needed]
    try:
        context = command.make_context(name, [*itertools.chain.from_iterable(given), f"{option.opts[0]}={text}"])
    except Exception as error:
        return error.exit_code, None
    return 0, context.params[option.name]


def test_there_are_such_options():
    assert {
        "verify --points",
        "verify --timeout",
        "verify --memory",
        "exam --jobs",
        "mark --seed",
        "report --digits",
    } <= {*IDS}


@pytest.mark.parametrize(("name", "option"), OPTIONS, ids=IDS)
def test_an_option_that_takes_a_number_has_a_least_and_a_most(name, option):
    assert option.min is not None
    assert option.max is not None
    for text in NEVER:
        assert read(name, option, text) == (USAGE, None), text
    for text in SOMETIMES:
        status, value = read(name, option, text)
        assert status == USAGE or (math.isfinite(value) and option.min <= value <= option.max), text


@pytest.mark.parametrize(
    "arguments", [("--timeout", "inf"), ("--memory", "1e300"), ("--jobs", "-5"), ("--points", "nan")]
)
def test_a_number_that_cannot_be_is_said_with_its_option_and_nothing_runs(tmp_path, monkeypatch, arguments):
    done = here(monkeypatch, "verify", tmp_path / "none.py", *arguments)
    assert (done.returncode, done.stdout) == (USAGE, "")
    assert f"Invalid value for '{arguments[0]}'" in done.stderr


@pytest.mark.parametrize("given", [math.inf, math.nan, -1, 0, 1e300])
@pytest.mark.parametrize("limit", ["seconds", "memory"])
def test_limits_that_no_system_keeps_are_refused(limit, given):
    with pytest.raises(InputError, match=rf"{limit} cannot be the limit\n  given    {given!r}".replace("+", r"\+")):
        Limits(**{limit: given})
