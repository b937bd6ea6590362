"""Numbers as people type them are read exactly, and what is no number, or could be two, is refused cheaply."""

from __future__ import annotations

import time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symnn.grade.numbers import LONGEST, UnreadableError, mark_of, number

READ = {
    "7": "7",
    "+7": "7",
    "-0.5": "-1/2",
    ".5": "1/2",
    "5.": "5",
    "007": "7",
    "0,5": "1/2",
    "-12,25": "-49/4",
    "0,125": "1/8",
    "1234,567": "1234567/1000",
    "1.234,5": "2469/2",
    "1,234.5": "2469/2",
    "1.234.567": "1234567",
    "1,234,567": "1234567",
    "1 234,5": "2469/2",
    "12\u202f345": "12345",
    "1'234.5": "2469/2",
    "1’234": "1234",
    "−3": "-3",
    "–3": "-3",
    "- 3": "-3",
    "１２．５": "25/2",
    "٣": "3",
    "1/3": "1/3",
    "-1/3": "-1/3",
    "1/-3": "-1/3",
    "2⁄4": "1/2",
    "0.5/2": "1/4",
    "½": "1/2",
    "-¾": "-3/4",
    "1e-3": "1/1000",
    "1E+3": "1000",
    "-2.5e2": "-250",
    "1e0000000000003": "1000",
    "2x10^3": "2000",
    "2 × 10^-3": "1/500",
    "2·10^{-3}": "1/500",
    "2*10**(-3)": "1/500",
    "2·10⁻³": "1/500",
    "10^-3": "1/1000",
    "-10³": "-1000",
    "12.5%": "1/8",
    "12,5 %": "1/8",
    "0.1000000000000000055511151231257827": "1000000000000000055511151231257827/10000000000000000000000000000000000",
}


@pytest.mark.parametrize("text", READ)
def test_a_number_is_read_exactly(text):
    assert number(text) == Fraction(READ[text])


REFUSED = (
    "",
    " ",
    "abc",
    "nan",
    "inf",
    "-",
    ".",
    ",",
    "e5",
    "1e",
    "--1",
    "1 2",
    "1 1/2",
    "1½",
    "½½",
    "1/2/3",
    "1/0",
    "1/3 %",
    "1/3 x 10^2",
    "1.2.3",
    "1,2,3",
    "1.23.456",
    "12,34,567.8",
    "0x10",
    "1_000",
    "2 10^3",
    "x10^3",
    "10^(3",
    "2²",
    "1e9999",
    "1e999999999999",
    "10^999999999",
    "1 000 00",
    "=1",
    "≈1",
    "1 cm",
    "Fraction(1)",
    "1j",
    "1" * (LONGEST + 1),
)


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(UnreadableError):
        number(text)


def test_one_comma_before_three_digits_could_be_either_unless_the_writer_is_known():
    with pytest.raises(UnreadableError, match=r"1,234 may be 1234 or 1\.234"):
        number("1,234")
    assert number("1,234", ",") == Fraction("1.234")
    assert number("1,234", ".") == 1234


MARKS = {"0,5": ",", "0.5": ".", "1.234,5": ",", "1,234.5": ".", "1,234": None, "12": None, "a,b": None, "1/3": None}


@pytest.mark.parametrize("text", MARKS)
def test_a_decimal_mark_is_seen_only_where_it_is_certain(text):
    assert mark_of(text) == MARKS[text]


def test_absurd_numbers_cost_nothing():
    start = time.process_time()
    for text in ("1e" + "9" * 190, "9" * 200 + "e999", "1" + " " * 150 + "x", "1." * 99, "1,234" * 39):
        try:
            number(text)
        except UnreadableError:
            continue
    assert time.process_time() - start < 1


@given(st.text(max_size=60))
def test_any_text_is_a_number_or_refused(text):
    try:
        value = number(text)
    except UnreadableError:
        return
    assert isinstance(value, Fraction)


@given(st.fractions())
def test_what_a_program_prints_is_read_back(value):
    assert number(str(value)) == value


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9))
def test_decimals_are_read_back_in_either_country(value):
    assert number(str(value), ".") == Fraction(value)
    assert number(str(value).replace(".", ","), ",") == Fraction(value)
