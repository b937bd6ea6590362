"""Names of tensors, sizes and indices are identifiers of any script and length; a formula shows them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sympy import Sum

from symnn.derivation import derive
from symnn.equations import Equation, Program
from symnn.errors import InputError
from symnn.library import Point, check
from symnn.notation import LOSS, index, scalar, size, tensor
from symnn.report.escape import LONG_NAME, WIDE_NAME, escape_name, set_in_math, visible
from symnn.report.pdf import typeset
from symnn.report.solution import report_files
from tests.report.examples import OR_GATE
from tests.report.hostile import faults, shown
from tests.report.pages import Page
from tests.report.tex import complaints

FINDINGS = replace(check(OR_GATE), accounts=())
NAMES = {
    "CJK": "猫",
    "an accent": "é1",
    "Greek": "σ",
    "right to left": "שלום",
    "digits of another script": "W\u0661",
    "two underscores": "a__b",
    "dunder": "__init__",
    "an underscore at the end": "x_",
    "a letter that nobody sees": "a\u1160b",
    "a mark that combines": "x\u0301\u0302",
    "beyond the first plane": "𐤀",
    "words": "weight_of_the_first_layer",
    "a long name": "x" * 10_000,
    "a long name of every kind": "é_猫" * 3000,
    "a long number": "W" + "1" * 5000,
}
WIDE = {
    "capitals": "M" * 20,
    "CJK": "猫" * 7,
    "as much CJK as a name has": "猫" * 20,
    "every kind": "é_猫" * 3000,
    "words": "weight_of_the_first_layer",
}


def example(name):
    """Return an example whose weight, size and index have a name."""
    m = size(f"{name}m")
    i = index(f"{name}i", m)
    w, X, Y = scalar(name), tensor(f"{name}X", m), tensor("Y", m)
    program = Program((Equation(LOSS, Sum((w * X[i] - Y[i]) ** 2, i)),), (w,), (X,), (Y,))
    point = Point(parameters={name: "2"}, data={f"{name}X": ["1", "2"], "Y": ["1", "1"]}, learning_rate="1/10")
    return replace(OR_GATE, source=program, derivation=derive(program), point=point, published=(), title="Names")


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_name_of_any_script_is_shown_on_the_page(name):
    files = report_files(example(name), FINDINGS)
    page = files["or-gate.html"].decode()
    assert faults(Page(page)) == []
    assert (visible(name) if len(name) <= LONG_NAME else name[:8]) in shown(page)


@pytest.mark.tex
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_name_of_any_script_compiles(name):
    files = report_files(example(name), FINDINGS)
    assert complaints(typeset({"or-gate.tex": files["or-gate.tex"]}, "or-gate.tex").log) == ()


@pytest.mark.tex
@pytest.mark.parametrize("name", WIDE.values(), ids=WIDE)
def test_a_name_that_is_wide_in_print_fits_the_tables_of_a_full_report(name):
    files = report_files(example(name), FINDINGS, audience="solution", detail="full")
    assert complaints(typeset({"or-gate.tex": files["or-gate.tex"]}, "or-gate.tex").log) == ()


@pytest.mark.parametrize("name", ["猫" * 3, "猫" * 4, "猫" * 20, "é_猫" * 3000, "a\u1160" * 6, "\u1160猫" * 9, "w_猫"])
def test_a_name_in_latex_is_as_wide_as_its_codes_allow(name):
    shown = re.sub(r"\\(text|dots)|[\\{}]", "", set_in_math(escape_name(name)))
    assert len(shown) <= WIDE_NAME
    assert ("[U+" in shown) or len(escape_name(name)) > WIDE_NAME


def test_two_names_that_are_shortened_for_their_codes_are_not_shown_alike():
    assert set_in_math("猫" * 10 + "x") != set_in_math("猫" * 10 + "y")


def test_commands_before_a_name_are_left_alone():
    assert set_in_math(r"\alpha" + "猫" * 9).startswith(r"\alpha\text{[U+732B]")


def test_two_long_names_are_not_shown_alike():
    one, other = (escape_name("x" * 100 + end) for end in "ab")
    assert one != other
    assert max(len(one), len(other)) <= LONG_NAME


@pytest.mark.parametrize("letter", [r"\input{x}", "a b", "$", "", "i^2", "<b>", "ﬁ", "𝐖", "if"])
def test_an_index_is_a_name(letter):
    with pytest.raises(InputError, match="cannot name a size, an index or a tensor"):
        index(letter, size("m"))


def test_a_name_that_was_not_escaped_would_be_no_formula():
    assert set_in_math("a") == "a"
    assert set_in_math(r"\mathrm{é}") == r"\mathrm{\text{é}}"
