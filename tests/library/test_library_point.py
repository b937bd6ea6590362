"""The numbers of an example stay what was written, and what is no number is refused by the name of its array."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symnn.errors import InputError, ShapeError
from symnn.library import Point
from symnn.scalars import Exact

WRITTEN = {
    "decimal": ("0.1", Fraction(1, 10)),
    "negative decimal without a zero": ("-.038", Fraction(-38, 1000)),
    "power of ten": ("5.28e-4", Fraction(528, 10**6)),
    "fraction": ("1/3", Fraction(1, 3)),
    "negative fraction": ("-2/7", Fraction(-2, 7)),
    "int": (3, Fraction(3)),
    "int as text": ("3", Fraction(3)),
    "Fraction": (Fraction(5, 8), Fraction(5, 8)),
}


@pytest.mark.parametrize(("written", "meant"), WRITTEN.values(), ids=WRITTEN)
def test_a_number_is_held_exactly(written, meant):
    point = Point(parameters={"W": [[written, 0]]}, data={}, learning_rate=written)
    assert point.fractions("W") == [[meant, 0]]
    assert point.exact("W")[0, 0] == Exact(meant)
    assert point.exact_rate == Exact(meant)
    assert point.floats("W")[0, 0] == float(meant)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=9, min_value=-(10**6), max_value=10**6))
def test_no_decimal_passes_through_a_float(number):
    assert Point(parameters={"w": [str(number)]}, data={}).exact("w")[0] == Exact(Fraction(number))


NO_NUMBERS = {
    "a word": "one",
    "nothing": "",
    "not a number": "nan",
    "infinity": "inf",
    "infinity as a Decimal": Decimal("Infinity"),
    "division by zero": "1/0",
    "two numbers": "1 2",
    "None": None,
    "a dictionary": {},
}


@pytest.mark.parametrize("given_", NO_NUMBERS.values(), ids=NO_NUMBERS)
@pytest.mark.parametrize("where", ["parameters", "data"])
def test_nonsense_is_refused_by_the_name_of_its_array(where, given_):
    arrays = {"parameters": {}, "data": {}, where: {"W7": [["0.1", given_]]}}
    with pytest.raises(InputError, match=r"W7 holds .*neither a decimal nor a fraction"):
        Point(**arrays)


@pytest.mark.parametrize("where", ["parameters", "data", "learning_rate"])
def test_a_float_is_refused_with_what_to_do(where):
    arrays = {"parameters": {}, "data": {}, where: {"W7": [0.1]} if where != "learning_rate" else 0.1}
    with pytest.raises(InputError, match=r"(W7|learning_rate) holds the float 0.1(?: at \[0\])?: write it in quotes"):
        Point(**arrays)


def test_rows_of_different_length_are_refused():
    with pytest.raises(ShapeError, match="W7 is ragged"):
        Point(parameters={"W7": [["1", "2"], ["3"]]}, data={})


def test_an_array_that_is_not_there_is_named():
    with pytest.raises(InputError, match="unknown array of the point 'W2'"):
        Point(parameters={"W1": ["1"]}, data={}).exact("W2")
