"""The part of a grid that is run has every row of every table, or every pair of them; the whole is all of them."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest

from tests.grids import covering, pairwise, part, whole

TABLES = {
    "one of two": {"a": "12", "b": "xy"},
    "three of two": {"a": "12", "b": "xy", "c": "+-"},
    "of unequal lengths": {"a": "123456789", "b": "vwxyz", "c": "+-*/", "d": "!?."},
    "one with a single value": {"a": "1", "b": "xyz", "c": "+-"},
}


def missing(rows, every, meet):
    """Return what some row of the grid has in so many places together and no row of the part has."""

    def things(some):
        return {thing for row in some for thing in itertools.combinations(enumerate(row), meet)}

    return things(every) - things(rows)


@pytest.mark.parametrize("choices", TABLES.values(), ids=TABLES)
def test_every_two_choices_meet_in_few_rows(choices):
    rows = pairwise(choices)
    assert missing(rows, whole(choices), 2) == set()
    most = sorted(map(len, choices.values()))
    assert len(rows) <= 1.5 * most[-1] * most[-2]
    assert set(rows) <= set(whole(choices))


@pytest.mark.parametrize("choices", TABLES.values(), ids=TABLES)
def test_every_value_occurs_in_as_many_rows_as_the_longest_table_has(choices):
    rows = part(whole(choices))
    assert missing(rows, whole(choices), 1) == set()
    assert len(rows) == max(map(len, choices.values()))
    assert part(whole(choices)) == rows


def test_no_value_of_a_short_table_is_passed_over():
    counts = Counter(value for _, *values in part(list(itertools.product(range(12), "xy", "+-"))) for value in values)
    assert set(counts.values()) == {6}


def test_what_is_no_product_is_covered_too():
    rows = [("a", 1), ("a", 2), ("b", 3), ("c", 3), ("c", 1)]
    assert part(rows) == [("a", 1), ("a", 2), ("b", 3), ("c", 3)]
    assert part(rows, 2) == rows


@pytest.mark.parametrize("choices", TABLES.values(), ids=TABLES)
def test_a_row_left_out_is_seen(choices):
    for meet in (1, 2):
        rows = part(whole(choices), meet)
        assert all(missing([row for row in rows if row != left_out], rows, meet) for left_out in rows)


def test_the_whole_grid_has_every_combination_once_and_is_run_on_request(monkeypatch):
    rows = whole({"a": "12", "b": "xyz"})
    assert len(rows) == len(set(rows)) == 6
    monkeypatch.setattr("tests.grids.EVERYTHING", False)
    assert covering(rows) == part(rows) != rows
    monkeypatch.setattr("tests.grids.EVERYTHING", True)
    assert covering(rows) == rows
