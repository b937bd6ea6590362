"""The grid of tellings: the part that is run meets every pair of choices, and the whole is all of them."""

from __future__ import annotations

import itertools

import pytest

import symnn.report
from symnn.library import names
from tests.pages import grid

TABLES = {
    "one of two": {"a": "12", "b": "xy"},
    "three of two": {"a": "12", "b": "xy", "c": "+-"},
    "of unequal lengths": {"a": "123456789", "b": "vwxyz", "c": "+-*/", "d": "!?."},
    "one with a single value": {"a": "1", "b": "xyz", "c": "+-"},
}


def pairs_missing(rows, choices):
    """Return the pairs of values of different options that no row has."""
    columns = list(choices.values())
    return [
        (one, other)
        for i, j in itertools.combinations(range(len(columns)), 2)
        for one, other in itertools.product(columns[i], columns[j])
        if not any(row[i] == one and row[j] == other for row in rows)
    ]


@pytest.mark.parametrize("choices", TABLES.values(), ids=TABLES)
def test_every_two_choices_meet_in_few_rows(choices):
    rows = grid.pairwise(choices)
    assert pairs_missing(rows, choices) == []
    most = sorted(map(len, choices.values()))
    assert len(rows) <= 1.5 * most[-1] * most[-2]
    assert set(rows) <= set(grid.whole(choices))


@pytest.mark.parametrize("choices", TABLES.values(), ids=TABLES)
def test_a_row_left_out_is_seen(choices):
    rows = grid.pairwise(choices)
    assert all(pairs_missing([row for row in rows if row != left_out], choices) for left_out in rows)


def test_this_run_has_every_derivation_in_every_choice():
    choices = {"derivation": names(), **grid.CHOICES}
    assert pairs_missing(list(grid.CASES.values()), choices) == []
    assert {row[-1] for row in grid.CASES.values()} == set(symnn.report.NOTATIONS)
    assert "style" in grid.CHOICES


def test_a_third_of_the_tellings_has_every_derivation_and_every_choice():
    rows = [grid.CASES[case] for case in grid.every_third()]
    # But for the notation: what a page is made of is the same in all.
    assert [set(column) for column in zip(*rows, strict=True)][:-1] == [set(names()), *map(set, grid.CHOICES.values())]
    assert 3 * len(rows) < len(grid.CASES) + 3 or grid.EVERYTHING


def test_the_whole_grid_has_every_combination_once():
    rows = grid.whole({"a": "12", "b": "xyz"})
    assert len(rows) == len(set(rows)) == 6
