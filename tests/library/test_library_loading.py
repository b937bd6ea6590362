"""A file dropped into the folder is a derivation; one that is not says what it lacks."""

from __future__ import annotations

import os

import pytest

from symnn.errors import InputError
from symnn.library import Figure, Point, folder, load, loading, names, read
from symnn.network import Network
from tests.library.files import write


def test_a_file_is_read_with_everything_it_says(tmp_path):
    example = read(write(tmp_path))
    assert example.name == "doubling-it"
    assert example.title == "Doubling: one weight, one sample"
    assert example.text.startswith("The smallest derivation that there is.\n\nShapes: X (1, 1)")
    assert example.systems == (1, 2)
    assert isinstance(example.source, Network)
    assert isinstance(example.point, Point)
    assert all(isinstance(figure, Figure) for figure in example.published)
    assert example.code.startswith("def loss(params, X, Y):")
    assert example.code.endswith('return {"W1": 2 * (params["W1"] @ X - Y) @ X.T}')
    parameters, (X, Y) = example.arguments
    assert example.loss(parameters, X, Y) == pytest.approx(289 / 9)


def test_what_the_hand_written_code_needs_is_shown_with_it(tmp_path):
    example = read(write(tmp_path, ("def loss(", "class Helper:\n    rate = 1\n\n\ndef loss(")))
    assert example.code.startswith("class Helper:\n    rate = 1\n\n\ndef loss(")


def test_a_file_dropped_into_the_folder_is_listed_and_loaded(tmp_path, monkeypatch):
    write(tmp_path)
    write(tmp_path, name="_helpers")
    (tmp_path / "notes.txt").write_text("not Python")
    monkeypatch.setattr(loading, "folder", lambda: tmp_path)
    assert names() == ("doubling-it",)
    assert load("doubling-it").systems == (1, 2)


def test_a_file_is_run_once_and_again_when_it_was_changed(tmp_path, monkeypatch):
    path = write(tmp_path)
    monkeypatch.setattr(loading, "folder", lambda: tmp_path)
    first = load("doubling-it")
    assert load("doubling-it") is first
    write(tmp_path, ("(1, 2)", "(3,)"))
    os.utime(path, ns=(0, 0))
    assert load("doubling-it").systems == (3,)


def test_every_file_of_the_folder_is_listed():
    assert names() == tuple(sorted(path.stem.replace("_", "-") for path in folder().glob("[!_]*.py")))
    assert len(names()) >= 6


UNKNOWN = {"or-gat": "did you mean 'or-gate'", "OR-GATE": "unknown derivation 'OR-GATE'", "../or_gate": "unknown"}


@pytest.mark.parametrize(("name", "message"), UNKNOWN.items())
def test_an_unknown_name_is_refused_with_the_nearest_one(name, message):
    with pytest.raises(InputError, match=message) as caught:
        load(name)
    assert all(known in str(caught.value) for known in names())


LACKING = {
    "no docstring": ([('"""Doubling', 'text = """Doubling')], "__doc__ is missing or no docstring"),
    "empty docstring": ([('"""Doubling', '""""""\ntext = """Doubling')], "__doc__ is missing or no docstring"),
    "blank docstring": ([('"""Doubling', '"""  """\ntext = """Doubling')], "__doc__ is missing or no docstring"),
    "no systems": ([("systems =", "system =")], "systems is missing or no tuple"),
    "systems that are no tuple": ([("(1, 2)", "1")], "systems is missing or no tuple"),
    "no point": ([("point =", "points =")], "point is missing or no Point"),
    "no network": ([("network = Network", "net = Network")], "give a `network` or a `program`"),
    "a network of another kind": ([("network = Network", "network = 3 or Network")], "give a `network` or a `program`"),
    "no loss": ([("def loss", "def cost")], "loss and grad must be functions"),
    "a loss that is no function": ([("published =", "loss = 3\npublished =")], "loss and grad must be functions"),
    "no grad": ([("def grad", "def gradient")], "loss and grad must be functions"),
    "a style that is no text": ([("systems =", "style = 3\nsystems =")], "style is no text"),
    "a notation that is no text": ([("systems =", "notation = ['bare']\nsystems =")], "notation is no text"),
    "no published figures": ([("published =", "figures =")], "published is missing or no tuple"),
    "one figure for a tuple": (
        [("published = (", "published = Figure('L', '1', 'exact')\nx = (")],
        "published is",
    ),
    "an import that fails": (
        [("from symnn.library", "import nothing_of_the_kind\nfrom symnn.library")],
        "ModuleNotF",
    ),
    "a name that does not exist": ([("(1, 2)", "unheard_of")], "cannot be run: NameError: name 'unheard_of'"),
    "a syntax error": ([("(1, 2)", "(1, 2")], "cannot be run: SyntaxError"),
    "an exit": ([("systems =", "raise SystemExit(0)\nsystems =")], "cannot be run: SystemExit"),
    "a float in the point": ([('[["3"]]', "[[0.3]]")], "X holds the float 0.3"),
    "an unknown relation": ([('"rounded"', '"round"')], "unknown relation 'round'"),
}


@pytest.mark.parametrize(("changes", "message"), LACKING.values(), ids=LACKING)
def test_a_file_that_lacks_something_says_what(tmp_path, changes, message):
    with pytest.raises(InputError, match=message) as caught:
        read(write(tmp_path, *changes))
    assert "doubling_it.py" in str(caught.value)
