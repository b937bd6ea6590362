"""Grids of cases: the whole under SYMNN_EXPLORE=1, else a part that still has every row of every table in it.

A grid is every combination of the rows of some tables. What a test shows of one combination it seldom shows anew of the
next, so an ordinary run takes few: `covering` those in which every row of every table occurs, `pairwise` those in which
every two rows of different tables meet. The same tables give the same part.
"""

from __future__ import annotations

import itertools
import os
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

import pytest
from _pytest.mark import ParameterSet

EVERYTHING = bool(os.environ.get("SYMNN_EXPLORE"))

Row = TypeVar("Row", bound=tuple[Hashable, ...])


def sparsely(names: Iterable[str], every: int = 2) -> list[ParameterSet]:
    """Return parameters of a test of which an ordinary run takes one in so many; the others need time."""
    return [pytest.param(name, marks=[pytest.mark.time] if k % every else []) for k, name in enumerate(names)]


def covering(rows: Iterable[Row], meet: int = 1) -> list[Row]:
    """Return few of the rows, such that what any of them has in a place, one of those returned has there too.

    With ``meet=2`` that holds of what any has in two places together. Under SYMNN_EXPLORE=1 all rows are returned. For
    the first thing that is still missing, of the rows that have it, the one is taken that has most of what is missing.

    >>> part([(1, "x"), (1, "y"), (2, "x"), (2, "y"), (3, "y")])
    [(1, 'x'), (2, 'y'), (3, 'y')]
    """
    rows = list(rows)
    return rows if EVERYTHING else part(rows, meet)


def part(rows: Sequence[Row], meet: int = 1) -> list[Row]:
    """Return what `covering` returns in an ordinary run."""
    having: dict[tuple, list[Row]] = {}
    for row in rows:
        for thing in _things(row, meet):
            having.setdefault(thing, []).append(row)
    # A dictionary, because a set would not keep the order.
    missing, taken, used = dict.fromkeys(having), [], Counter[tuple]()

    def merit(row: Row) -> tuple[int, int]:
        # Of equally good ones that with what was taken least, so that no row of a table stands in nearly all.
        return sum(thing in missing for thing in _things(row, meet)), -sum(used[thing] for thing in _things(row, 1))

    while missing:
        row = max(having[next(iter(missing))], key=merit)
        taken.append(row)
        used.update(_things(row, 1))
        for thing in _things(row, meet):
            missing.pop(thing, None)
    return taken


def _things(row: Row, meet: int) -> Iterable[tuple]:
    return itertools.combinations(enumerate(row), meet)


def whole(choices: Mapping[str, Sequence[str]]) -> list[tuple[str, ...]]:
    """Return every combination of one of each."""
    return list(itertools.product(*choices.values()))


def pairwise(choices: Mapping[str, Sequence[str]]) -> list[tuple[str, ...]]:
    """Return combinations, few of them, in which every two values of different options occur together.

    >>> pairwise({"a": ("1", "2"), "b": ("x", "y"), "c": ("+", "-")})
    [('1', 'x', '+'), ('1', 'y', '-'), ('2', 'x', '-'), ('2', 'y', '+')]
    """
    return part(whole(choices), meet=2)
