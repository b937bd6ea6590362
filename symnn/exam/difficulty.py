"""How much work the numbers of a variant make by hand: multiplications and additions, entry by entry.

A factor of 0 or ±1 is no multiplication, and adding 0 no addition. What is no plain product, as an activation, is the
same work with any number, and is not counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from sympy import Expr, Idx, Mul

from symnn.equations import Equation, Term, occurrences
from symnn.exam.bench import Bench, Scope
from symnn.library.entrywise import Numbers, Sizes, numeric, places
from symnn.notation import indices_of, name_of

ALIKE = 0.1
"""Variants are equally hard if their operations of either kind differ from the problem's own by no more than this."""


@dataclass(frozen=True)
class Work:
    """How many multiplications by other than 0 and ±1, and how many additions of other than 0, a solution takes."""

    multiplications: int
    additions: int

    def alike(self, other: Work) -> bool:
        """Whether a solution is as hard as another: about as many multiplications, and as many additions.

        >>> Work(42, 30).alike(Work(40, 30)), Work(46, 30).alike(Work(40, 30)), Work(40, 24).alike(Work(40, 30))
        (True, False, False)
        """
        more = abs(self.multiplications - other.multiplications), abs(self.additions - other.additions)
        return more[0] <= ALIKE * other.multiplications and more[1] <= ALIKE * other.additions


@dataclass(frozen=True)
class _Sum:
    """A term of an equation: for each factor its tensor and the places of its entries, an addend after another."""

    factors: tuple[tuple[str, Any], ...]
    outputs: int


class Meter:
    """Counts the work of a problem for any numbers; what leads to nothing that is asked for is left out."""

    def __init__(self, bench: Bench) -> None:
        wanted = set(bench.names)
        needed: list[Equation] = []
        for equation in reversed(bench.equations):
            if equation.name in wanted:
                wanted |= set(equation.reads)
                needed.append(equation)
        self._equations = [tuple(_sums(equation, bench.lesson.sizes)) for equation in reversed(needed)]
        self._names = sorted({name for sums in self._equations for one in sums for name, _ in one.factors})

    def count(self, right: Scope) -> Work:
        """Return the work that given right numbers make."""
        codes = {name: _codes(right[name]) for name in self._names}
        multiplications = additions = 0
        for sums in self._equations:
            addends = np.zeros(sums[0].outputs, dtype=int)
            for one in sums:
                if not one.factors:
                    addends += 1
                    continue
                kinds = [codes[name][at] for name, at in one.factors]
                there = np.logical_and.reduce([kind > 0 for kind in kinds])
                others = sum(kind > 1 for kind in kinds)
                multiplications += int(np.maximum(others - 1, 0)[there].sum())
                addends += there.reshape(one.outputs, -1).sum(axis=1)
            additions += int(np.maximum(addends - 1, 0).sum())
        return Work(multiplications, additions)


def _codes(numbers: Numbers) -> Any:
    """Return 0 for every number that is 0, 1 for ±1, and 2 for any other."""
    return np.array([0 if number == 0 else 1 if abs(number) == 1 else 2 for number in numbers])


def _sums(equation: Equation, sizes: Sizes) -> Iterator[_Sum]:
    for term in equation.terms:
        yield _sum(term, indices_of(equation.target), sizes)


def _sum(term: Term, own: Sequence[Expr], sizes: Sizes) -> _Sum:
    """Return the places of a plain product's factors; of anything else no factors."""
    axes = [index for index in own if isinstance(index, Idx)]
    extents = [numeric((index.upper + 1,), sizes)[0] for index in (*axes, *term.over)]
    outputs = prod(extents[: len(axes)])
    entries = occurrences(term.body)
    _, rest = term.body.as_independent(*entries, as_Add=False) if entries else (None, None)
    if rest is None or sorted(map(str, Mul.make_args(rest))) != sorted(map(str, entries)):
        return _Sum((), outputs)
    grid = dict(zip((*axes, *term.over), np.indices(extents), strict=True))
    each = tuple((name_of(entry), np.array(places(entry, grid, sizes, prod(extents)))) for entry in entries)
    return _Sum(each, outputs)
