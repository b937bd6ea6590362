"""The tellings of this run: every derivation in every choice, and every notation."""

from __future__ import annotations

import itertools

import symnn.report
from symnn.library import names
from tests.pages import grid


def test_this_run_has_every_derivation_in_every_choice():
    choices = {"derivation": names(), **grid.CHOICES}
    for (i, one), (j, other) in itertools.combinations(enumerate(choices.values()), 2):
        assert {(row[i], row[j]) for row in grid.CASES.values()} == set(itertools.product(one, other))
    assert {row[-1] for row in grid.CASES.values()} == set(symnn.report.NOTATIONS)
    assert "style" in grid.CHOICES


def test_a_third_of_the_tellings_has_every_derivation_and_every_choice():
    rows = [grid.CASES[case] for case in grid.every_third()]
    # But for the notation: what a page is made of is the same in all.
    assert [set(column) for column in zip(*rows, strict=True)][:-1] == [set(names()), *map(set, grid.CHOICES.values())]
    assert 3 * len(rows) < len(grid.CASES) + 3 or grid.EVERYTHING
