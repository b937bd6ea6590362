"""Symbols of one's own are letters with accents, faces and indices; everything else that LaTeX can do is refused."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symnn.errors import InputError
from symnn.library import load, names
from symnn.report import report
from symnn.report.notations import DEFAULT, NOTATIONS
from symnn.report.render import mathml_of
from symnn.report.symbols import AROUND, LETTERS, MOST, symbol, with_symbols
from symnn.report.telling import telling_of
from tests.report.examples import FINDINGS
from tests.report.telling import bare

# What is asked for, and what is printed.
GOOD = {
    "w": "w",
    r"\theta": r"\theta",
    r"\hat{y}": r"\hat{y}",
    r"\mathbf{W}": r"\mathbf{W}",
    "w_h": "{w_h}",
    "w_{hid}": "{w_{hid}}",
    "w'": "{w'}",
    r"\hat\theta": r"\hat\theta",
    r"\mathcal L": r"\mathcal L",
    "x^2_1": "{x^2_1}",
}
BAD = {
    "",
    " ",
    r"\input{/etc/passwd}",
    r"\write18{ls}",
    r"\def\a{b}",
    "$x$",
    "%",
    "x%y",
    "x&y",
    "#1",
    "~",
    "{",
    "}",
    "{}",
    "x}",
    "{x",
    "x^",
    "x_",
    "x^^41",
    "x_1_2",
    "x__",
    r"\hat",
    r"\\",
    "\\",
    "<b>",
    "x" * (MOST + 1),
    "\u0000",
    "猫",
    "\u202e",
    "{_}",
    "''",
}


@pytest.mark.parametrize(("text", "printed"), GOOD.items())
def test_a_letter_is_a_symbol(text, printed):
    assert symbol(text, "W") == printed
    assert "<math" in mathml_of(printed)


@pytest.mark.parametrize("text", sorted(BAD))
def test_anything_else_is_refused_with_the_name_of_the_tensor(text):
    with pytest.raises(InputError, match="the symbol of W cannot be used"):
        symbol(text, "W")


@given(st.text(alphabet=r"\{}^_$%&#~ abW1'<\"/", max_size=12))
def test_what_is_accepted_holds_nothing_but_letters_and_the_commands_of_the_tables(text):
    try:
        printed = symbol(text, "W")
    except InputError:
        return
    assert set(re.findall(r"\\([A-Za-z]+)", printed)) <= LETTERS | AROUND
    assert not re.search(r"[$%&#~<>/\"]|\\[^A-Za-z]", printed)
    assert printed.count("{") == printed.count("}")
    assert "<math" in mathml_of(printed)


@pytest.mark.parametrize("command", sorted(LETTERS | AROUND))
def test_every_command_of_the_tables_is_set_in_a_page(command):
    text = rf"\{command}{{x}}" if command in AROUND else rf"x\{command}" if command == "prime" else rf"\{command} x"
    assert "<math" in mathml_of(symbol(text, "W"))


def test_a_tensor_that_is_not_there_has_no_symbol():
    with pytest.raises(InputError, match="unknown symbol 'Q'"):
        with_symbols(DEFAULT, {"Q": "q"}, ["W", "b"])


@pytest.mark.parametrize("notation", NOTATIONS)
def test_a_symbol_stands_in_the_report_in_every_notation(notation):
    asked = {"style": "delta", "notation": notation, "symbols": {"W": r"\Theta", "rate": r"\kappa"}}
    texts = report(bare("two-three-one"), FINDINGS, **asked)
    assert r"\Theta" in texts["latex"]
    assert r"\kappa" in texts["latex"]
    assert "Θ" in texts["html"]


def test_a_symbol_that_another_tensor_has_is_refused():
    with pytest.raises(InputError, match="the symbol of A is taken"):
        telling_of(load("or-gate"), {"symbols": {"A": "Z"}})


@pytest.mark.parametrize("name", names())
def test_the_loss_of_any_derivation_can_have_a_symbol_of_its_own(name):
    assert telling_of(load(name), {"symbols": {"rate": r"\kappa"}}).notation.rate == r"\kappa"
