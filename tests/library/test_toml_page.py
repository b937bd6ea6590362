"""The page on TOML files shows files that are read as it says, and names every key."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from symnn.library import SETTINGS, check, load, read_described
from symnn.library.described import MOST_DRAWN, POINT
from symnn.library.drawn_numbers import MOST_TRIES, WIDE
from symnn.network import BESIDE
from symnn.report.concrete import FEW_ENTRIES, LARGE, MOST_ENTRIES
from symnn.report.numbers import SHOWN

PAGE = (Path(__file__).parents[2] / "docs" / "toml.md").read_text(encoding="utf-8")
FILES = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


def shown(tmp_path, number):
    path = tmp_path / "shown.toml"
    path.write_text(FILES[number], encoding="utf-8")
    return read_described(path)


def test_the_first_file_is_the_or_gate(tmp_path):
    example, or_gate = shown(tmp_path, 0), load("or-gate")
    assert example.source == or_gate.source
    for name in ("W1", "b1", "X", "Y"):
        assert example.point.fractions(name) == or_gate.point.fractions(name)
    assert example.style == "scalar"
    assert check(example).state == "verified"


def test_the_second_file_draws_everything(tmp_path):
    example = shown(tmp_path, 1)
    assert example.drawn == ("W1", "b1", "W2", "b2", "X", "Y")
    assert check(example).state == "verified"


@pytest.mark.parametrize("key", [*POINT, *SETTINGS, *BESIDE])
def test_every_key_is_told(key):
    assert f"`{key}`" in PAGE or f"`[{key}]`" in PAGE


def test_the_limits_told_are_those_of_the_code():
    said = " ".join(PAGE.split())
    assert f"more than {SHOWN} rows or columns" in said
    assert f"more than {MOST_ENTRIES} entries" in said
    assert f"an array of more than {LARGE}, of those with more than {FEW_ENTRIES}" in said
    assert f"With {WIDE} inputs or more" in said
    assert MOST_TRIES == 50
    assert f"{MOST_DRAWN:,} numbers" in said
