"""Every activation's derivative is derived step by step, and every step is true; every loss has a derivation, too."""

from __future__ import annotations

import dataclasses
import itertools
import random

import pytest
from sympy import Add, Derivative, KroneckerDelta, Rational, S, Sum, Symbol, simplify

from symnn.derivation.ways import WAYS, ways_of
from symnn.derivation.ways_laws import LAWS
from symnn.derivation.ways_normalisers import LOGITS, OUTPUTS, J, K, L
from symnn.errors import InputError
from symnn.rules import ACTIVATIONS, LOSSES, NORMALISERS
from symnn.rules.activations import a, alpha, z
from tests.rules.spelled import spelled_out

ROWS = {**ACTIVATIONS, **NORMALISERS}
HERE = {key: way for key, way in WAYS.items() if way.row in ROWS}
MOVES = {
    f"{row}, {name}, {number}": (way, move)
    for (row, name), way in HERE.items()
    for number, move in enumerate(way.moves)
}
POINTS = [Rational(random.Random(0).randint(-40, 40), 7) + Rational(number, 3) for number in range(-4, 5)]  # noqa: S311


def with_numbers(expression):
    """The expression in functions that SymPy can evaluate, with a number for a constant."""
    return spelled_out(expression).subs(alpha, Rational(1, 5))


def value(way, expression, place):
    """The number that an expression of a way is at a place, to 30 digits."""
    if way.row in NORMALISERS:
        own, other, logits = place
        letters = [Symbol(f"z{unit}") for unit in range(len(logits))]
        written = expression.xreplace(dict(way.letters)).replace(
            Sum, lambda body, _: Add(*(body.xreplace({L: S(unit)}) for unit in range(3)))
        )
        written = written.xreplace({J: S(own), K: S(other)})
        written = written.xreplace({LOGITS[unit]: letter for unit, letter in enumerate(letters)}).doit()
        return S(written.subs(dict(zip(letters, logits, strict=True)))).evalf(30)
    return S(with_numbers(expression.subs(way.letters)).doit().subs(z, place)).evalf(30)


def places(way):
    if way.row in NORMALISERS:
        logits = (Rational(1, 2), Rational(-3, 4), Rational(2))
        return [(own, other, logits) for own, other in itertools.product(range(3), repeat=2)]
    kinks = [point for point, _ in ACTIVATIONS[way.row].kinks]
    return [point for point in POINTS if point not in kinks]


def is_true(way, move):
    return all(
        abs(value(way, move.before, at) - value(way, move.after, at)) < Rational(1, 10**25) for at in places(way)
    )


@pytest.mark.parametrize("name", MOVES)
def test_a_move_changes_nothing_but_the_form(name):
    assert is_true(*MOVES[name])


@pytest.mark.parametrize("name", MOVES)
def test_a_wrong_move_is_refused(name):
    way, move = MOVES[name]
    for wrong in (move.after + 1, 2 * move.after + Rational(1, 7), move.after * (1 + S(10) ** -20) + S(10) ** -20):
        assert not is_true(way, dataclasses.replace(move, after=wrong))


@pytest.mark.parametrize("row", ROWS)
def test_every_row_lists_its_derivations_and_the_table_has_no_others(row):
    assert ROWS[row].ways
    assert [way.name for way in ways_of(row)] == list(ROWS[row].ways)


@pytest.mark.parametrize("row", [*ROWS, *LOSSES])
def test_every_activation_normaliser_and_loss_has_a_derivation_or_a_reason(row):
    found = ROWS.get(row) or LOSSES[row]
    assert ways_of(row) or found.no_gradient
    assert all(way.moves and way.row == row for way in ways_of(row))


def test_only_a_loss_without_a_gradient_has_no_derivation():
    assert [row for row in (*ROWS, *LOSSES) if not ways_of(row)] == ["zero-one"]
    assert {row for row, _ in WAYS} == {*ROWS, *LOSSES} - {"zero-one"}


@pytest.mark.parametrize("key", WAYS, ids=str)
def test_each_move_starts_where_the_last_one_ended_and_changes_something(key):
    way = WAYS[key]
    assert isinstance(way.moves[0].before, Derivative)
    assert all(one.after == two.before for one, two in itertools.pairwise(way.moves))
    assert all(move.before != move.after and LAWS[move.rule] == move.law for move in way.moves)


def test_the_logistic_function_is_derived_by_substitution_and_by_the_quotient_rule():
    assert [way.name for way in ways_of("sigmoid")] == ["substitution", "quotient rule"]


@pytest.mark.parametrize("key", HERE, ids=str)
def test_a_way_starts_at_the_derivative_of_the_function(key):
    way = WAYS[key]
    inner = way.moves[0].before.expr
    if way.row in ACTIVATIONS:
        assert inner == ACTIVATIONS[way.row].forward
    else:
        assert inner == way.letters[OUTPUTS[J]]


@pytest.mark.parametrize("key", HERE, ids=str)
def test_a_way_ends_at_the_slope_of_the_row(key):
    way = WAYS[key]
    if way.row in NORMALISERS:
        share = NORMALISERS[way.row].share
        by_log = share / share.diff(a)
        jacobian = (KroneckerDelta(J, K) - share.subs(a, OUTPUTS[K])) * by_log.subs(a, OUTPUTS[J])
        assert simplify(way.result - jacobian) == 0
    else:
        row = ACTIVATIONS[way.row]
        assert way.result == (row.slope if row.slope is not None else 0)


@pytest.mark.parametrize("row", [name for name, row in ACTIVATIONS.items() if row.kinks])
def test_the_slope_at_a_kink_is_the_one_declared(row):
    for point, declared in ACTIVATIONS[row].kinks:
        for way in ways_of(row):
            output = ACTIVATIONS[row].forward.subs(z, point)
            assert way.result.subs({a: output, z: point}) == declared


def test_every_law_is_used():
    assert {move.rule for way in WAYS.values() for move in way.moves} == set(LAWS)


@pytest.mark.parametrize(("name", "nearest"), [("softplos", "softplus"), ("hingge", "hinge")])
def test_a_name_that_is_in_no_table_is_refused_with_the_nearest(name, nearest):
    with pytest.raises(InputError, match=f"unknown activation or loss '{name}': did you mean '{nearest}'"):
        ways_of(name)
