"""Whatever stands at a key of a TOML file, the file is read, or refused in words that name it: nothing crashes.

The files hold every key there is. Each of them gets each value in turn, and is read as the command line reads it.
"""

from __future__ import annotations

import copy
import json
import os
import tomllib
from collections.abc import Iterator
from dataclasses import fields

import pytest

from symnn.derivation import derive
from symnn.errors import SymnnError
from symnn.exam.reading import ASK, BOUNDS, PROBLEM, TOP, read_problem_set
from symnn.library import SETTINGS, read_described
from symnn.library.described import POINT
from symnn.network import BESIDE, Dense, Network, read_network

NETWORK = """
inputs = 2
loss = "huber"
loss_constants = { delta = "1/2" }
reduction = "mean"
layout = "features-first"
layers = [{ units = 1, activation = "leaky-relu", bias = false, constants = { alpha = "0.2" } }]
"""
POINTED = """
[point]
seed = 7
samples = 2
learning_rate = 0.1
parameters = { W1 = [[0.1, "1/3"]] }
data = { X = [[1, 2], [4, 5]], Y = [[1, 2]] }
"""
DESCRIBED = f"""title = "One neuron"
text = "It learns."
{NETWORK}
{POINTED}
[report]
style = "scalar"
notation = "brackets"
audience = "solution"
detail = "brief"
decimals = 3
fractions = "exact"
symbols = {{ L = "J" }}
"""
QUIZ = f"""title = "One neuron"
shuffle_problems = true
shuffle_entries = false
report = {{ notation = "subscript", digits = 3 }}
[[problems]]
id = "one"
title = "A neuron"
text = "It learns."
given = ["A1"]
dead = true
decimals = 2
bounds = {{ least = -4, most = 4, step = 1, zeros = false, fixed = ["X"] }}
[[problems.asks]]
quantity = "Z1"
kind = "number"
points = 2
digits = 3
[problems.network]
{NETWORK}
{POINTED.replace("[point]", "[problems.point]")}
"""
# The file, how it is read, and the keys that must stand in it.
FILES = {
    "network": (NETWORK, lambda path: derive(read_network(path)), [*fields(Network), *fields(Dense)]),
    "described": (DESCRIBED, read_described, [*BESIDE, *POINT, *SETTINGS.keys() - {"digits"}]),
    "quiz": (QUIZ, read_problem_set, [*TOP, *PROBLEM.keys() - {"derivation", "toml", "digits"}, *BOUNDS, *ASK]),
}
FEW = ("false", "1", "-1", "1.5", "nan", "inf", '""', '"x"', "[]", "{}", "[[1], 2]", "1979-05-27")
MORE = (
    *("true", "0", "-inf", "1e308", "1e400", "1e-400", "07:32:00", "123456789012345678901234567890", "9" * 5000),
    *('" "', r'"\u0000"', '"1/0"', '"nan"', '"1e999999999"', "[[]]", "[1]", '["x"]', "[{}]", "[nan]", "[false]"),
    *("{ x = 1 }", "{ alpha = false }", "{ L = 1 }"),
)
EXPLORE = bool(os.environ.get("SYMNN_EXPLORE"))
VALUES = (*FEW, *MORE) if EXPLORE else FEW
LONGEST_SAID = 12


class Raw(str):
    """A value as it stands in the file."""


def places(table, at=()) -> Iterator[tuple]:
    """Yield the way to every value in a table, also to those within."""
    for key, value in table.items() if isinstance(table, dict) else enumerate(table):
        yield (*at, key)
        if isinstance(value, dict | list):
            yield from places(value, (*at, key))


def written(value) -> str:
    if isinstance(value, Raw):
        return value
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key} = {written(part)}' for key, part in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    return json.dumps(value)


def changed(table, at, value) -> str:
    """Return a file with another value in one place."""
    table = copy.deepcopy(table)
    *way, last = at
    home = table
    for key in way:
        home = home[key]
    home[last] = Raw(value)
    return "\n".join(f"{key} = {written(part)}" for key, part in table.items())


# What stands within these is read by the code that reads the other two files.
SAME = (("problems", 0, "network"), ("problems", 0, "point"))
CASES = [
    (name, at)
    for name, (text, *_) in FILES.items()
    for at in places(tomllib.loads(text))
    if EXPLORE or at[:3] not in SAME or len(at) == len(SAME[0])
]


@pytest.mark.parametrize("name", FILES)
def test_the_files_are_good_and_hold_every_key(name, tmp_path):
    text, read, keys = FILES[name]
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    read(tmp_path / "mine.toml")
    held = {key for way in places(tomllib.loads(text)) for key in way}
    assert {getattr(key, "name", key) for key in keys} <= held


@pytest.mark.time
@pytest.mark.parametrize(("name", "at"), CASES, ids=[f"{name} {'.'.join(map(str, at))}" for name, at in CASES])
def test_any_value_at_a_key_is_read_or_refused_in_words(name, at, tmp_path):
    text, read, _ = FILES[name]
    table, path = tomllib.loads(text), tmp_path / "mine.toml"
    for value in VALUES:
        path.write_text(changed(table, at, value), encoding="utf-8")
        try:
            read(path)
        except SymnnError as error:
            said = str(error)
            assert str(path) in said, value
            assert len(said.splitlines()) <= LONGEST_SAID, value
            assert "Error" not in said, value


# What has no business at these keys whatever else stands in the file, and what must be said of it.
WRONG = {
    "network": (("loss_constants",), ("layers", 0, "constants"), ("layers", 0, "bias"), ("loss",), ("layout",)),
    "described": (("title",), ("text",), ("point",), ("point", "parameters"), ("report",), ("report", "symbols")),
    "quiz": (("problems", 0, "bounds"), ("problems", 0, "given"), ("problems", 0, "asks"), ("problems", 0, "id")),
}
NEVER = ("0", "1", "1.5", "nan", "1979-05-27")


@pytest.mark.parametrize("name", FILES)
def test_a_value_of_the_wrong_kind_is_refused_by_its_key_with_what_is_allowed(name, tmp_path):
    text, read, _ = FILES[name]
    path = tmp_path / "mine.toml"
    for at in WRONG[name]:
        for value in NEVER:
            path.write_text(changed(tomllib.loads(text), at, value), encoding="utf-8")
            with pytest.raises(SymnnError, match=str(at[-1])) as told:
                read(path)
            assert "given" in str(told.value), (at, value)
