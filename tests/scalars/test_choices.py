"""At a tie a run takes the side it is told to, the same one for the same two numbers, and all sides can be had."""

from __future__ import annotations

from operator import eq, ge, gt, le, lt, ne

import numpy as np
import pytest
from flint import arb

from symnn.errors import UndecidedError
from symnn.scalars import Ball, Dual, ball, dual, duals, running
from symnn.scalars.choices import MOST_TIES, Choices, above, backwards, below, forwards, pieces


def run(function, *args, system=None, **options):
    with running(system or dual()) as opened:
        opened.choices = Choices(**options)
        return function(*args), opened


RELATIONS = {
    "z > 0": (lambda z: gt(z, 0), 1),
    "z >= 0": (lambda z: ge(z, 0), 1),
    "0 < z": (lambda z: lt(0, z), 1),
    "0 <= z": (lambda z: le(0, z), 1),
    "z < 0": (lambda z: lt(z, 0), -1),
    "z <= 0": (lambda z: le(z, 0), -1),
    "0 > z": (lambda z: gt(0, z), -1),
    "z == 0": (lambda z: eq(z, 0), 0),
    "not z != 0": (lambda z: not ne(z, 0), 0),
    "not z": (lambda z: not z, 0),
}


@pytest.mark.parametrize("side", [1, -1])
@pytest.mark.parametrize(("compare", "holds_on"), RELATIONS.values(), ids=RELATIONS)
@pytest.mark.parametrize("z", [Dual(0, 1), Dual(arb(0, 1e-90), 1), Ball(arb(0, 1e-90))], ids=["0", "about 0", "ball"])
def test_every_comparison_of_one_number_with_zero_falls_on_the_side_taken(compare, holds_on, side, z):
    system = dual() if isinstance(z, Dual) else ball()
    truth, opened = run(lambda: (z > 0, compare(z)), script=(side,), system=system)
    assert truth == (side > 0, holds_on == side)
    assert opened.choices.taken == [side]
    assert not opened.kinks


@pytest.mark.parametrize("side", [1, -1])
def test_two_numbers_that_move_are_compared_the_same_way_round_or_the_other(side):
    a, b = Dual(2, 1), Dual(2, 3)
    (first, second, third), opened = run(lambda: (a > b, b > a, b <= a), script=(side,))
    assert (first, second, third) == (side > 0, side < 0, side > 0)
    assert opened.choices.taken == [side]


@pytest.mark.parametrize(
    ("rule", "sides"), [(forwards, [1, -1, 1]), (backwards, [-1, 1, -1]), (above, [1, 1, 1]), (below, [-1, -1, -1])]
)
def test_a_rule_decides_by_the_speed(rule, sides):
    def compare(z, w, c):
        return z > 0, w > 0, c > z

    _, opened = run(compare, Dual(0, 2), Dual(0, -2), Dual(0, 5), rule=rule)
    assert opened.choices.taken == sides


@pytest.mark.parametrize("same", [(Dual(1, 2), Dual(1, 2)), (Dual(0), Dual(0)), (Dual(0, 0), Dual(0)), (Dual(2), 2)])
def test_numbers_that_stay_equal_are_no_tie(same):
    truth, opened = run(lambda a, b: (a == b, a > b, a >= b), *same)
    assert truth == (True, False, True)
    assert opened.choices.taken == []


def test_entries_of_an_array_choose_each_for_itself():
    z = duals([0, 0, 0, 1], [1, 3, -2, 1])
    truth, opened = run(lambda: z > 0, script=(1, -1, 1))
    assert truth.tolist() == [True, False, True, True]
    assert opened.choices.taken == [1, -1, 1]


def slopes(function, *z):
    def piece(choices):
        with running(dual()) as opened:
            opened.choices = choices
            result = function(*z)
        return 0 if result.tangent is None else float(result.tangent)

    return sorted(pieces(piece))


PIECES = {
    "abs": (lambda a, b: abs(a), [-1, 1]),
    "relu": (lambda a, b: np.maximum(a, 0), [0, 1]),
    "relu turned": (lambda a, b: np.maximum(0, a), [0, 1]),
    "leaky relu": (lambda a, b: np.maximum(a, 0) + np.minimum(0, a) / 4, [0.25, 1]),
    "where": (lambda a, b: np.where(a > 0, a, 0) + np.where(a <= 0, -a, 0), [-1, 1]),
    "clip": (lambda a, b: np.clip(a, 0, 1), [0, 1]),
    "sign": (lambda a, b: np.sign(a) * a, [-1, 1]),
    "maximum": (lambda a, b: np.maximum(a, b), [1, 3]),
    "max of three": (lambda a, b: np.max(np.array([a, b, -a])), [-1, 1, 3]),
    "sorted": (lambda a, b: np.sort(np.array([b, a]))[0], [1, 3]),
    "two relus": (lambda a, b: np.maximum(a, 0) + np.maximum(b, 0), [0, 1, 3, 4]),
    "relu of relu": (lambda a, b: np.maximum(np.maximum(a, 0), 0), [0, 1]),
    "relus that make up for each other": (lambda a, b: np.maximum(a, 0) - np.maximum(-a, 0), [0, 1, 1, 2]),
}


@pytest.mark.parametrize(("function", "expected"), PIECES.values(), ids=PIECES)
def test_all_pieces_that_meet_are_found(function, expected):
    found = slopes(function, Dual(0, 1), Dual(0, 3))
    assert sorted(set(found)) == sorted(set(expected))


def test_more_pieces_than_asked_for_are_an_error():
    def relus(*z):
        return sum(np.maximum(x, 0) for x in z)

    six, seven = ([Dual(0, 2**k) for k in range(n)] for n in (6, 7))
    assert slopes(relus, *six) == list(range(64))
    with pytest.raises(UndecidedError, match=r"more than 64 pieces meet there: 0 >= 0.*test_choices.py"):
        slopes(relus, *seven)


def test_a_loop_that_waits_for_a_tie_to_end_is_stopped():
    def endless():
        while Dual(0, 1) > 0:
            continue

    with pytest.raises(UndecidedError, match=f"more than {MOST_TIES} comparisons"):
        run(endless)


def test_what_is_not_finite_is_no_tie():
    with pytest.raises(UndecidedError, match="cannot decide"):
        run(lambda: Ball(arb("nan")) > 0, system=ball())


def test_the_first_tie_is_told_with_its_place_and_whether_it_is_certain():
    for z, certain in ((Dual(0, 1), True), (Dual(arb(0, 1e-90), 1), False)):
        _, opened = run(lambda z: z > 0, z)
        assert "test_choices.py:" in opened.choices.first
        assert opened.choices.certain is certain
