"""The table of comparisons says of each what holds of numbers, and every scalar class has all operators from it."""

from __future__ import annotations

import math

import pytest

from symnn.scalars.dual_numbers import Dual
from symnn.scalars.guards import Guarded
from symnn.scalars.operators import RELATION, RELATIONS
from symnn.scalars.plain import Ball, Exact
from symnn.scalars.traces import Trace

PAIRS = [(1, 2), (2, 1), (1, 1)]
CLASSES = (Exact, Ball, Dual, Guarded, Trace)


@pytest.mark.parametrize("row", RELATIONS, ids=lambda row: row.sign)
def test_a_row_of_the_comparisons_says_what_holds_of_numbers(row):
    for a, b in PAIRS:
        assert row.holds(a, b) is not row.fails(a, b)
        assert RELATION[row.negated].holds(a, b) is row.fails(a, b)
        assert RELATION[row.mirrored].holds(b, a) is row.holds(a, b)
    assert row.of_itself(False) is row.holds(1, 1)
    assert row.of_itself(True) is row.holds(math.nan, math.nan)


@pytest.mark.parametrize("kind", CLASSES)
@pytest.mark.parametrize("row", RELATIONS, ids=lambda row: row.sign)
def test_scalars_compare_as_their_numbers_do_on_either_side(kind, row):
    for a, b in PAIRS:
        expected = row.holds(a, b)
        assert [row.holds(kind(a), kind(b)), row.holds(kind(a), b), row.holds(a, kind(b))] == [expected] * 3
    with pytest.raises(TypeError):
        RELATION["<"].holds(kind(1), "1")


@pytest.mark.parametrize("kind", CLASSES)
def test_scalars_reckon_on_either_side(kind):
    x = kind(3)
    assert [x + 1, 1 + x, x - 1, 1 - x, 2 * x, x / 2, 6 / x, x**2, 2**x] == [4, 4, 2, -2, 6, 1.5, 2, 9, 8]
    with pytest.raises(TypeError):
        x + "1"
