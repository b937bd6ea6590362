"""Equations entry by entry: exact where numbers are rational, certain in every comparison, refused where unfit."""

from __future__ import annotations

import pytest
from flint import arb, fmpq
from sympy import Abs, Function, Piecewise, Rational, Sum, exp, log, sign, sqrt, tanh

from symnn.equations import Equation
from symnn.errors import UndecidedError
from symnn.library.entrywise import MOST_PRODUCTS, UnplannedError, entrywise
from symnn.notation import LOSS, index, scalar, size, tensor

u = scalar("u")
# expression in u, a number for u, the exact result
EXACT = [
    (exp(u), fmpq(0), fmpq(1)),
    (log(u), fmpq(1), fmpq(0)),
    (tanh(u), fmpq(0), fmpq(0)),
    (sqrt(u), fmpq(4, 9), fmpq(2, 3)),
    (1 / sqrt(u), fmpq(4, 9), fmpq(3, 2)),
    (u**-2, fmpq(2, 3), fmpq(9, 4)),
    (Abs(u), fmpq(-1, 2), fmpq(1, 2)),
    (sign(u), fmpq(-5), fmpq(-1)),
    (sign(u), fmpq(0), fmpq(0)),
    (Piecewise((u, u > 0), (u / 100, True)), fmpq(-1), fmpq(-1, 100)),
    (Piecewise((u, u >= Rational(1, 2)), (0, True)), fmpq(1, 2), fmpq(1, 2)),
]


def run(right, number):
    return entrywise(Equation(LOSS, right), {}).run({"u": [number]})[0]


@pytest.mark.parametrize(
    ("right", "number", "result"), EXACT, ids=[f"{right} at {number}" for right, number, _ in EXACT]
)
def test_what_is_rational_stays_rational(right, number, result):
    found = run(right, number)
    assert isinstance(found, fmpq)
    assert found == result


@pytest.mark.parametrize("right", [exp(u), log(u), tanh(u), sqrt(u)], ids=str)
def test_what_is_irrational_becomes_a_ball_about_it(right):
    found = run(right, fmpq(2))
    assert isinstance(found, arb)
    assert abs(float(found.mid()) - float(right.subs(u, 2))) < 1e-12


@pytest.mark.parametrize("right", [sign(u), Piecewise((u, u > 0), (0, True))], ids=str)
def test_a_comparison_that_a_ball_leaves_open_is_undecided(right):
    with pytest.raises(UndecidedError, match="cannot decide"):
        run(right, arb(0, 0.5))


def test_one_irrational_entry_makes_balls_of_all():
    j = index("j", size("n"))
    planned = entrywise(Equation(tensor("A", size("n"))[j], exp(tensor("Z", size("n"))[j])), {"n": 2})
    assert [type(number) for number in planned.run({"Z": [fmpq(0), fmpq(1)]})] == [arb, arb]


def test_an_equation_that_cannot_be_planned_is_refused():
    with pytest.raises(UnplannedError):
        entrywise(Equation(LOSS, Function("f")(u)), {})
    n = size("n")
    j, k = index("j", n), index("k", n)
    products = Equation(LOSS, Sum(tensor("A", n)[j] * tensor("B", n)[k], j, k))
    largest = int(MOST_PRODUCTS**0.5)
    assert entrywise(products, {"n": 2}).run({"A": [fmpq(1), fmpq(2)], "B": [fmpq(3), fmpq(4)]}) == [21]
    with pytest.raises(UnplannedError):
        entrywise(products, {"n": largest + 1})
