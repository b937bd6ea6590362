"""A problem file is read as it is meant; what cannot be meant is refused with the place, the key, and what may be."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from symnn.errors import InputError, ShapeError
from symnn.exam import Ask, Bounds
from symnn.exam.model import CODE, FORMULA, NUMBER
from symnn.exam.reading import read_problem_set
from symnn.library import folder, names
from tests.exam.problems import described

SHIPPED = folder() / "backprop-quiz.toml"

NETWORK = """
[problems.network]
inputs = 2
loss = "half-squared-error"
layers = [{ units = 1 }]
[problems.point]
seed = 1
samples = 1
"""

ASK = '[[problems.asks]]\nquantity = "L"\n'

SET = f"""
title = "A set"
[[problems]]
derivation = "two-three-two"
{ASK}"""


def put(folder, text):
    return described(folder, text)


def one(folder, top="", asks=ASK):
    return put(folder, f'[[problems]]\nderivation = "two-three-two"\n{top}\n{asks}').problems[0]


def test_the_set_that_ships_asks_for_numbers_a_formula_and_a_function():
    shipped = read_problem_set(SHIPPED)
    assert [problem.id for problem in shipped.problems] == ["or-gate", "two-three-two", "two-three-one", "softmax"]
    assert {ask.kind for problem in shipped.problems for ask in problem.asks} == {NUMBER, FORMULA, CODE}
    assert "backprop-quiz" not in names()


def test_what_a_file_leaves_out_comes_from_the_example_and_the_rubric(tmp_path):
    problem = one(tmp_path, asks=ASK + '[[problems.asks]]\nquantity = "dW1[1, 2]"\n')
    assert problem.id == "two-three-two"
    assert problem.title == "2-3-2 linear network"
    assert problem.text.startswith("Two dense layers")
    assert problem.bounds == Bounds()
    assert problem.asks == (
        Ask("L", "L", NUMBER, Fraction(2), None, 3, None),
        Ask("dW1-1-2", "dW1", NUMBER, Fraction(1), (0, 1), 3, None),
    )


def test_everything_that_may_be_said_is_taken_as_said(tmp_path):
    read = put(
        tmp_path,
        """
        title = "All of it"
        shuffle_problems = true
        shuffle_entries = true
        [report]
        decimals = 2
        [[problems]]
        id = "mine"
        title = "A title"
        text = "A text."
        derivation = "two-three-two"
        given = ["Z1"]
        dead = true
        [problems.bounds]
        least = -0.5
        most = "3/2"
        step = 0.25
        zeros = true
        fixed = ["Y"]
        [[problems.asks]]
        quantity = "formula:dW1"
        points = 0.5
        [[problems.asks]]
        kind = "code"
        [[problems.asks]]
        quantity = "L_new"
        digits = 4
        """,
    )
    assert (read.shuffle_problems, read.shuffle_entries, dict(read.report)) == (True, True, {"decimals": 2})
    (problem,) = read.problems
    assert (problem.id, problem.title, problem.text, problem.given, problem.dead) == (
        "mine",
        "A title",
        "A text.",
        ("Z1",),
        True,
    )
    assert problem.bounds == Bounds(Fraction(-1, 2), Fraction(3, 2), Fraction(1, 4), True, ("Y",))
    assert [(ask.id, ask.kind, ask.decimals, ask.digits) for ask in problem.asks] == [
        ("formula-dW1", FORMULA, 2, None),
        ("code-backward", CODE, 2, None),
        ("L-new", NUMBER, None, 4),
    ]
    assert problem.asks[0].points == Fraction(1, 2)


def test_a_network_may_stand_in_the_file_or_in_another_beside_it(tmp_path):
    inline = put(tmp_path, f"[[problems]]\n{NETWORK}{ASK}").problems[0]
    text = NETWORK.replace("[problems.network]\n", "").replace("[problems.point]", "[point]")
    (tmp_path / "net.toml").write_text(text, encoding="utf-8")
    beside = put(tmp_path, f'[[problems]]\ntoml = "net.toml"\n{ASK}').problems[0]
    assert inline.example.source == beside.example.source
    assert inline.example.point == beside.example.point
    assert (inline.id, beside.id) == ("network", "net")


def test_problems_on_the_same_derivation_get_names_of_their_own(tmp_path):
    text = '[[problems]]\nderivation = "or-gate"\n' + ASK
    assert [problem.id for problem in put(tmp_path, text * 3).problems] == ["or-gate", "or-gate-2", "or-gate-3"]


# What is wrong, as a whole file, and what the error must hold.
REFUSED = {
    "no problem": ('title = "A set"', ["problems cannot be used", "nothing", "[[problems]]"]),
    "a key at the top": (f"titel = 1\n{SET}", ["unknown key 'titel'", "did you mean 'title'"]),
    "a title that is a number": (SET.replace('"A set"', "7"), ["title cannot be used", "a text in quotes"]),
    "a flag that is a text": (f'shuffle_entries = "yes"\n{SET}', ["shuffle_entries cannot be used", "true or false"]),
    "a setting of the report": (f'report = {{ styel = "scalar" }}\n{SET}', ["styel", "did you mean 'style'"]),
    "a key of a problem": (SET.replace("derivation", "derivaton"), ["problem 1", "did you mean 'derivation'"]),
    "a derivation": (SET.replace("two-three-two", "two-three-to"), ["problem 1", "did you mean 'two-three-two'"]),
    "a derivation that is a file to be run": (
        SET.replace("two-three-two", "mine.py"),
        ["unknown derivation 'mine.py'"],
    ),
    "a file that is no TOML file": (
        SET.replace('derivation = "two-three-two"', 'toml = "x.py"'),
        ["toml cannot be used"],
    ),
    "a file that is not there": (
        SET.replace('derivation = "two-three-two"', 'toml = "x.toml"'),
        ["x.toml", "problem 1"],
    ),
    "two sources": (
        f"{SET}".replace("[[problems.asks]]", 'toml = "x.toml"\n[[problems.asks]]'),
        ["one derivation or network"],
    ),
    "no source": (SET.replace('derivation = "two-three-two"', ""), ["one derivation or network", "none"]),
    "numbers beside a derivation": (f"{SET}[problems.point]\nseed = 1\n", ["point stands beside derivation"]),
    "an inline network": (
        f"[[problems]]\n{NETWORK.replace('inputs', 'input')}{ASK}",
        ["problem 1", "did you mean 'inputs'"],
    ),
    "numbers of an inline network": (
        f"[[problems]]\n{NETWORK}{ASK}".replace("[problems.point]", "[problems.point]\nlr = 1"),
        ["problem 1", "unknown key of [problems.point] 'lr'"],
    ),
    "no ask": ('[[problems]]\nderivation = "or-gate"', ["problem 1", "asks cannot be used", "[[problems.asks]]"]),
    "a key of an ask": (SET.replace("quantity", "quantty"), ["problem 1, ask 1", "did you mean 'quantity'"]),
    "a quantity": (SET.replace('"L"', '"dW3"'), ["ask 1", "unknown quantity 'dW3'", "'dW2'", "'L_new'"]),
    "a quantity that is given": (SET.replace('"L"', '"X"'), ["unknown quantity 'X'"]),
    "a formula of an update": (SET.replace('"L"', '"formula:W1_new"'), ["unknown quantity 'W1_new'"]),
    "a kind": (SET.replace('"L"', '"L"\nkind = "essay"'), ["unknown kind 'essay'", "'formula'"]),
    "two kinds": (SET.replace('"L"', '"formula:L"\nkind = "number"'), ["two kinds of answer"]),
    "an entry that is not there": (SET.replace('"L"', '"dW1[3, 3]"'), ["dW1 has no such entry", "(3, 2)", "from 1"]),
    "an entry counted from 0": (SET.replace('"L"', '"dW1[0, 1]"'), ["dW1 has no such entry"]),
    "an entry of a number": (SET.replace('"L"', '"L[1]"'), ["L has no such entry", "a single number"]),
    "an entry of a formula": (SET.replace('"L"', '"formula:dW1[1, 1]"'), ["of a formula no entry"]),
    "what is no quantity": (SET.replace('"L"', '"L + 1"'), ["quantity cannot be read", "dW1[1, 2]"]),
    "the same twice": (f"{SET}{ASK}", ["ask 2", "L is asked for twice"]),
    "the whole and an entry": (SET.replace('"L"', '"dW1"') + ASK.replace('"L"', '"dW1[1, 1]"'), ["asked for twice"]),
    "no points": (SET + "points = 0\n", ["points cannot be used", "positive"]),
    "points without end": (SET + 'points = "1e999999999"\n', ["points cannot be used", "'1e999999999'"]),
    "decimals and digits": (SET + "decimals = 2\ndigits = 3\n", ["either so many decimals or so many digits"]),
    "too many decimals": (SET + "decimals = 31\n", ["decimals cannot be used", "from 0 to 30"]),
    "no digits": (SET + "digits = 0\n", ["digits cannot be used", "from 1 to 30"]),
    "decimals that are true": (SET + "decimals = true\n", ["decimals cannot be used"]),
    "bounds the wrong way round": (SET + "[problems.bounds]\nleast = 4\n", ["the wrong way round", "most"]),
    "a step of nothing": (SET + "[problems.bounds]\nstep = 0\n", ["step cannot be used"]),
    "bounds that are words": (SET + '[problems.bounds]\nleast = "low"\n', ["least cannot be used", "'low'"]),
    "a key of the bounds": (SET + "[problems.bounds]\nlest = 1\n", ["did you mean 'least'"]),
    "a fixed array": (SET + '[problems.bounds]\nfixed = ["W3"]\n', ["unknown array in fixed 'W3'"]),
    "given that is not there": (
        SET.replace("[[problems.asks]]", 'given = ["Z3"]\n[[problems.asks]]'),
        ["'Z3'", "given"],
    ),
    "given that is asked": (
        SET.replace("[[problems.asks]]", 'given = ["L"]\n[[problems.asks]]'),
        ["given and asked for"],
    ),
    "an id with blanks": (
        SET.replace("[[problems.asks]]", 'id = "a b"\n[[problems.asks]]'),
        ["id cannot be used", "hyphens"],
    ),
    "an id of two": (
        2 * SET.replace('title = "A set"', "").replace("[[problems.asks]]", 'id = "a"\n[[problems.asks]]'),
        ["problem 2", "id stands for two problems"],
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_meant_is_refused(what, tmp_path):
    text, said = REFUSED[what]
    with pytest.raises(InputError) as caught:
        put(tmp_path, text)
    assert str(tmp_path / "quiz.toml") in str(caught.value)
    assert [part for part in said if part not in str(caught.value)] == []


def test_an_entry_that_is_not_there_is_an_error_of_shapes(tmp_path):
    with pytest.raises(ShapeError):
        put(tmp_path, SET.replace('"L"', '"dW1[4, 1]"'))


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path):
    with pytest.raises(InputError, match="cannot read"):
        read_problem_set(Path(tmp_path / "no.toml"))
