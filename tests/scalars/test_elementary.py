"""The tables of functions: every row against difference quotients in balls, in every number system that it serves."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import scipy.special
from flint import arb, fmpq

from symnn.errors import InexactError, UndecidedError
from symnn.scalars import (
    Ball,
    Dual,
    Exact,
    Guarded,
    Scalar,
    Tower,
    Trace,
    ball,
    dual,
    midpoint,
    moving,
    running,
    signature,
    signatures,
)
from symnn.scalars.elementary import ELEMENTARY, NAMED
from symnn.scalars.loops import LOOPS, OTHERS, PREDICATES
from symnn.scalars.nodes import call, symbol
from symnn.scalars.standins import MATH
from symnn.verification.forms import Field, function_form
from symnn.verification.reverse import derivatives, evaluated
from tests.scalars.inside import point

BITS, STEP, APART = 400, Fraction(1, 10**30), 1e-50

SECOND = Fraction(5, 7)
"""The other argument of a function of two."""

BOTH = [pytest.param(row, id=row.name) for row in ELEMENTARY + OTHERS]
ROWS = [pytest.param(row, id=row.name) for row in ELEMENTARY]
BY_FORMULA = [pytest.param(row, id=row.name) for row in ELEMENTARY if row.formula]
SMOOTH = [
    pytest.param(row, k, id=f"{row.name} by argument {k}")
    for row in OTHERS
    if row.name not in PREDICATES and row.name != "ldexp"
    for k in range(row.arity)
]


def quotient(of, x):
    """The central difference quotient of a function of a ball."""
    x = Ball(x)
    return (of(x + STEP) - of(x - STEP)).value / (2 * arb(fmpq(STEP.numerator, STEP.denominator)))


def agrees(a, b):
    return abs(a - b) < APART * (1 + abs(b))


@pytest.mark.parametrize("row", ROWS)
def test_the_slope_of_a_dual_is_the_difference_quotient(row):
    with running(dual(BITS)):
        expected = quotient(lambda t: getattr(t, row.name)(), point(row.name))
        assert agrees(getattr(Dual(point(row.name), 1), row.name)().tangent, expected)


@pytest.mark.parametrize("row", ROWS)
def test_the_slope_of_a_guarded_dual_is_the_difference_quotient(row):
    with running(dual(BITS)):
        expected = quotient(lambda t: getattr(t, row.name)(), point(row.name))
        assert agrees(getattr(Guarded(Dual(point(row.name), 1)), row.name)().tangent, expected)


@pytest.mark.parametrize("row", ROWS)
def test_the_slope_of_a_traced_expression_is_the_difference_quotient(row):
    x = symbol("x")
    with running(ball(BITS)):
        expected = quotient(lambda t: getattr(t, row.name)(), point(row.name))
        (found,) = evaluated(derivatives(call(row.name, x), [x]), {x: Ball(point(row.name)).value})
        assert agrees(found, expected)


@pytest.mark.parametrize("row", ROWS)
def test_the_slope_of_a_signature_has_the_difference_quotient_for_its_shadow(row):
    tower = Tower(4, seed=0)
    with running(signature(tower)):
        x = signatures("x", [point(row.name)], tower)[0]
        found = row.slope(x, getattr(x, row.name)()).value
    with running(ball(BITS)):
        expected = quotient(lambda t: getattr(t, row.name)(), point(row.name))
        assert found.overlaps(arb(expected.mid(), APART))


@pytest.mark.parametrize("row", BY_FORMULA)
def test_the_slope_of_a_signature_is_that_of_the_formula(row):
    # Half of all towers have no root of a number: what is made of one there is unknown.
    for tower in (Tower(4, seed) for seed in range(20)):
        with running(signature(tower)):
            x = moving(signatures("x", [point(row.name)], tower), "x")[0]
            by_rule, by_formula = getattr(x, row.name)(), row.formula(x)
        assert by_rule.residues[0] == by_formula.residues[0]
        if not tower.strayed:
            break
    assert not tower.strayed
    assert by_rule.slope.residue == by_formula.slope.residue


@pytest.mark.parametrize("row", BY_FORMULA)
@pytest.mark.parametrize("kind", [Ball, Dual, Guarded, Trace])
def test_a_formula_is_of_any_scalar_what_the_method_is(row, kind):
    with running(ball(BITS)):
        x = kind(point(row.name))
        assert agrees(row.formula(x).value, getattr(x, row.name)().value)


@pytest.mark.parametrize("row", BY_FORMULA)
def test_a_normal_form_is_that_of_the_formula(row):
    field, x = Field(), symbol("x")
    by_name = field.form(call(row.name, x))
    assert by_name == function_form(field, row.name, field.symbol(x))
    assert {field.generators[g].name for m in by_name for g, _ in m} != {row.name}


@pytest.mark.parametrize("row", [p for p in ROWS if p.values[0].rational_at])
def test_the_rational_point_is_that_of_balls(row):
    x, y = row.rational_at
    assert getattr(Exact(x), row.name)() == Exact(y)
    assert row.of(arb(x)).contains(y)


@pytest.mark.parametrize("row", ROWS)
def test_an_irrational_value_of_an_exact_number_is_refused(row):
    with pytest.raises(InexactError):
        getattr(Exact("0.3"), row.name)()


@pytest.mark.parametrize(("row", "k"), SMOOTH)
def test_the_slope_of_every_other_function_is_the_difference_quotient(row, k):
    given = [Fraction(11, 15), SECOND][: row.arity]

    def of(t):
        found = row.formula(*(t if i == k else Ball(x) for i, x in enumerate(given)))
        return (sum(found) if row.results > 1 else found) + 0 * t

    with running(dual(BITS)):
        expected = quotient(of, given[k])
        found = of(Dual(given[k], 1))
        assert agrees(found.tangent, expected)


def same(found, expected):
    """Whether a scalar, a plain number or a pair of them has the values of floats."""
    if isinstance(expected, tuple):
        return all(map(same, found, expected))
    value = midpoint(found) if isinstance(found, Scalar) else found
    return bool(value == pytest.approx(expected, rel=1e-13))


def arguments(row):
    return [float(point(row.name)), 3 if row.name == "ldexp" else float(SECOND)][: getattr(row, "arity", 1)]


@pytest.mark.parametrize("row", BOTH)
def test_a_value_is_that_of_numpy_or_scipy(row):
    original = getattr(np, row.name, None) or getattr(scipy.special, row.name)
    with running(ball(BITS)):
        found = LOOPS[row.name](*(Ball(x) if isinstance(x, float) else x for x in arguments(row)))
    assert same(found, original(*arguments(row)))


@pytest.mark.parametrize("row", [p for p in BOTH if p.values[0].math])
def test_a_function_of_math_is_the_row_of_that_name(row):
    first, *others = arguments(row)
    with running(ball(BITS)):
        found = MATH[row.math](Ball(first), *others)
    assert same(found, getattr(math, row.math)(first, *others))


def test_no_function_stands_in_two_rows():
    names = [row.name for row in ELEMENTARY + OTHERS]
    assert len(names) == len(set(names))
    spelt = [row.math for row in ELEMENTARY + OTHERS if row.math]
    assert len(spelt) == len(set(spelt))


def test_the_row_that_contributors_are_shown_stands_in_the_table():
    root = Path(__file__).parents[2]
    (shown,) = re.findall(r"^Elementary\(.*", (root / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.MULTILINE)
    table = (root / "symnn" / "scalars" / "elementary.py").read_text(encoding="utf-8")
    assert shown in [re.sub(" +", " ", line).strip() for line in table.splitlines()]


def test_what_balls_alone_know_is_undecided_of_others():
    with pytest.raises(UndecidedError, match="gamma is known of balls only, not of the class Exact"):
        LOOPS["gamma"](Exact(3))


MISTAKEN = {
    "a sign": ("cos", lambda x, y: x.sin()),
    "a factor": ("erf", lambda x, y: (-x * x).exp()),
    "the slope is taken at the value": ("tanh", lambda x, y: 1 - x * x),
    "a root left out": ("arccosh", lambda x, y: 1 / (x * x - 1)),
}


@pytest.mark.parametrize("mistake", MISTAKEN)
def test_a_mistaken_slope_is_no_difference_quotient(mistake):
    name, slope = MISTAKEN[mistake]
    with running(ball(BITS)):
        x = Ball(point(name))
        expected = quotient(lambda t: getattr(t, name)(), point(name))
        assert not agrees(slope(x.value, NAMED[name].of(x.value)), expected)
