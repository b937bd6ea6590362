"""Numbers and arrays are shown exactly where they can be, rounded where not, and said to be the one or the other."""

from __future__ import annotations

from fractions import Fraction

import flint
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symnn.errors import UndecidedError
from symnn.report.numbers import ENDS, ROOM, SHOWN, array_latex, is_elided, number, width_of
from symnn.scalars import EXACT, Ball, Exact, array, ball, running

EXACT_NUMBERS = {
    "0": ("0", True),
    "1": ("1", True),
    "-22": ("-22", True),
    "0.5": ("0.5", True),
    "-0.125": ("-0.125", True),
    "0.007396": ("0.007396", True),
    "0.0073961": ("0.0074", False),
    "1/3": (r"\tfrac{1}{3}", True),
    "-2/7": (r"-\tfrac{2}{7}", True),
    "22/7": (r"\tfrac{22}{7}", True),
    "1/999": (r"\tfrac{1}{999}", True),
    "1/1001": ("0.0010", False),
    "-1000/1001": ("-0.9990", False),
    "1e-30": (r"1.00 \cdot 10^{-30}", False),
    "-1/3000000": (r"-3.33 \cdot 10^{-7}", False),
    "0.0000999999": (r"1.00 \cdot 10^{-4}", False),
    "99999999": ("99999999", True),
    "100000000": (r"1.00 \cdot 10^{8}", False),
    "-123456789012": (r"-1.23 \cdot 10^{11}", False),
    "1e50": (r"1.00 \cdot 10^{50}", False),
    "1e50/3": (r"3.33 \cdot 10^{49}", False),
}


@pytest.mark.parametrize(("written", "shown"), EXACT_NUMBERS.items())
def test_an_exact_number_is_shown_as_what_it_is(written, shown):
    above, _, below = written.partition("/")
    assert number(Exact(Fraction(above) / Fraction(below or 1))) == shown


def test_a_plain_integer_is_exact():
    assert number(3) == ("3", True)


BALLS = {
    "-0.0387": "-0.0387",
    "0.123456": "0.1235",
    "0.00049996": r"5.00 \cdot 10^{-4}",
    "0.000123456": r"1.23 \cdot 10^{-4}",
    "-1e-40": r"-1.00 \cdot 10^{-40}",
    "12345.67891": "12345.6789",
    "987654321.5": r"9.88 \cdot 10^{8}",
    "-1e60": r"-1.00 \cdot 10^{60}",
}


@pytest.mark.parametrize(("written", "shown"), BALLS.items())
def test_a_ball_is_shown_rounded_and_is_not_exact(written, shown):
    with running(ball()):
        value = Ball(written) / 3 * 3
    assert number(value) == (shown, False)


def test_at_a_tie_one_more_decimal_is_shown():
    with running(ball()):
        assert number(Ball("0.01875") / 3 * 3) == ("0.01875", False)
        assert number(Ball("-1.00005") / 3 * 3) == ("-1.00005", False)


def test_a_ball_that_may_be_zero_is_shown_as_zero():
    with running(ball()):
        assert number(Ball(1) / 3 * 3 - 1) == ("0.0000", False)


def test_a_ball_too_wide_to_be_shown_is_undecided():
    for wide in (flint.arb("0.5", "0.25"), flint.arb("nan"), flint.arb("inf")):
        with pytest.raises(UndecidedError):
            number(Ball(wide))


@given(st.fractions(min_value=-(10**6), max_value=10**6))
def test_what_is_said_to_be_exact_reads_back_as_the_number(value):
    text, exact = number(Exact(value))
    plain = text.replace(r"\tfrac{", "").replace("}{", "/").replace("}", "")
    if exact:
        assert Fraction(plain) == value
    elif r"\cdot" not in plain:
        assert abs(Fraction(plain) - value) <= Fraction(1, 2 * 10**4)


def test_the_precision_around_it_does_not_change_what_is_shown():
    with running(ball()):
        value = Ball(10) ** 7 / 3
    with flint.ctx.workprec(53):
        assert number(value) == ("3333333.3333", False)


def test_arrays_are_matrices_rows_and_single_numbers():
    assert array_latex(array([["1/2", 3], [-1, 0]], EXACT)) == (
        r"\begin{bmatrix} 0.5 & 3 \\ -1 & 0 \end{bmatrix}",
        True,
    )
    assert array_latex(array(["1/3", 2], EXACT)) == (r"\begin{bmatrix} \tfrac{1}{3} & 2 \end{bmatrix}", True)
    assert array_latex(Exact("0.25")) == ("0.25", True)


def test_one_rounded_entry_makes_an_array_inexact():
    with running(ball()):
        mixed = array([[1, 2]], EXACT)
        mixed[0, 1] = Ball(2) / 3
    assert array_latex(mixed) == (r"\begin{bmatrix} 1 & 0.6667 \end{bmatrix}", False)


def cells(latex):
    rows = latex.removeprefix(r"\begin{bmatrix} ").removesuffix(r" \end{bmatrix}").split(r" \\ ")
    return [row.split(" & ") for row in rows]


@pytest.mark.parametrize("rows", [1, SHOWN, SHOWN + 1, 40])
@pytest.mark.parametrize("columns", [1, SHOWN, SHOWN + 1, 40])
def test_the_middle_of_a_large_matrix_is_left_out(rows, columns):
    whole = np.arange(rows * columns).reshape(rows, columns)
    shown = cells(array_latex(array(whole, EXACT))[0])
    assert len(shown) == (rows if rows <= SHOWN else 2 * ENDS + 1)
    assert {len(row) for row in shown} == {columns if columns <= SHOWN else 2 * ENDS + 1}
    assert shown[0][0] == "0"
    assert shown[-1][-1] == str(rows * columns - 1)
    if rows > SHOWN:
        assert set(shown[ENDS]) <= {r"\vdots", r"\ddots"}
    if columns > SHOWN:
        assert {row[ENDS] for row in shown} <= {r"\cdots", r"\ddots"}


def test_what_is_left_out_is_not_written_and_tells_nothing_of_what_is_shown():
    whole = np.full((3, 40), EXACT.lift(1), dtype=object)
    whole[1, 20] = object()
    assert array_latex(whole)[1]
    assert is_elided(whole)
    assert not is_elided(whole[:, :SHOWN])


@pytest.mark.parametrize("columns", range(1, 13))
@pytest.mark.parametrize("entry", ["-0.12345", "1e-9", "-12345678.1", "7"])
def test_no_matrix_is_wider_than_the_room_unless_two_columns_are(columns, entry):
    value = array([[entry] * columns], EXACT)
    assert width_of(value) <= ROOM
    shown = cells(array_latex(value)[0])[0]
    assert len(shown) == columns or r"\cdots" in shown
