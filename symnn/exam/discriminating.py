"""Whether wrong answers tell which mistake was made: every modelled mistake worked out at the numbers of a draw.

A mistake shows if it leads to another number somewhere than careful rounding does. Two are told apart if somewhere
their numbers are further apart than the interval of rounding is wide. What fails in nearly all of the draws that a
problem is tried on lies in the problem and not in the numbers: it is said, and not asked of a variant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from flint import arb, fmpq

from symnn.exam.bench import Bench, Scope
from symnn.exam.degenerate import double
from symnn.exam.tolerance import Reach
from symnn.library.entrywise import Numbers
from symnn.library.mistaken import Place as Mistake
from symnn.library.wrong_answers import SAME_TO

NEARLY_ALL = 0.75
"""What holds in this share of the draws that a problem is tried on counts as lying in the problem."""

GRACE = 1e-9
"""Numbers within this of the end of an interval are taken to be inside: doubles are surer than that."""

Rows = Sequence[int]


@dataclass(frozen=True, eq=False)
class Judged:
    """Mistakes of a problem at the numbers of one draw, a row each; the columns are the numbers asked for.

    ``rows`` numbers the mistakes, ``numbers`` are their wrong arrays. ``values`` are doubles, the right ones where a
    mistake changes nothing; ``changed`` says whether the number is changed, ``inside`` whether it is and lies in the
    interval of the right answer all the same. ``hidden`` holds the mistakes that show nowhere, ``alike`` the pairs of
    others that are not told apart.
    """

    rows: Rows
    numbers: Sequence[Mapping[str, Numbers]]
    values: Any
    changed: Any
    inside: Any
    hidden: Any
    alike: Any

    def faults(self, lasting: Lasting) -> tuple[int, int, int]:
        """Return how many mistakes are hidden, pairs alike, and numbers inside, beyond those that always are."""
        rows = list(self.rows)
        return (
            int((self.hidden & ~lasting.hidden[rows]).sum()),
            int((self.alike & ~lasting.alike[np.ix_(rows, rows)]).sum()) // 2,
            int((self.inside & ~lasting.inside[rows]).sum()),
        )


@dataclass(frozen=True, eq=False)
class Lasting:
    """What holds of the mistakes of a problem in nearly all draws that it was tried on; ``unmade`` change nothing.

    ``troublesome`` numbers the mistakes that fail to show in some draws, or to be told apart, the most frequent first.
    """

    hidden: Any
    alike: Any
    inside: Any
    unmade: Any
    troublesome: Rows

    @classmethod
    def of(cls, tried: Sequence[Judged]) -> Lasting:
        """Return what draws have in common."""
        hidden, alike, inside = (
            np.mean([getattr(one, what) for one in tried], axis=0) >= NEARLY_ALL
            for what in ("hidden", "alike", "inside")
        )
        often = np.sum([_troubled(one, hidden, alike, inside) for one in tried], axis=0)
        order = np.argsort(-often, kind="stable")
        unmade = ~np.logical_or.reduce([one.changed.any(axis=1) for one in tried])
        return cls(hidden, alike, inside, unmade, [int(row) for row in order if often[row]])


class Slips:
    """The modelled mistakes that may change what is asked for in a problem, each cut down to what leads there."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._names = frozenset(bench.names)
        self.mistakes: tuple[Mistake, ...] = tuple(self._leading(bench.lesson.places))
        # What is said of each, its kind, the row of the tables that models it, and the array where it is made.
        self.told = tuple((one.said, one.kind, one.row, _made_at(one)) for one in self.mistakes)
        # By array the columns of its entries, and their places in the flat array.
        self._columns: dict[str, list[tuple[int, int]]] = {}
        for column, slot in enumerate(bench.slots):
            self._columns.setdefault(slot.name, []).append((column, slot.at))

    def _leading(self, places: Sequence[Mistake]) -> Iterator[Mistake]:
        for place in places:
            wanted, kept = set(self._names), []
            for move in reversed(place.moves):
                # What is printed on the sheet nobody gets wrong, nor carries a mistake through it.
                if move.equation.name in wanted and move.equation.name not in self._bench.problem.given:
                    wanted |= move.equation.reads
                    for helper in move.ahead:
                        wanted |= helper.reads
                    kept.append(move)
            if any(move.changed for move in kept):
                yield replace(place, moves=tuple(reversed(kept)))

    def judge(self, right: Scope, reach: Reach, rows: Rows | None = None) -> Judged:
        """Return mistakes worked out at right numbers, held against the intervals of rounding; all, or some rows."""
        rows = range(len(self.mistakes)) if rows is None else rows
        numbers = self._wrong(right, rows)
        own = [double(right[slot.name][slot.at]) for slot in self._bench.slots]
        # Filled as lists: entry by entry they are much faster than arrays.
        table: list[list[float]] = []
        differs: list[list[bool]] = []
        done: dict[int, int] = {}
        for row, arrays in enumerate(numbers):
            same = done.setdefault(id(arrays), row)
            if same != row:
                table.append(table[same])
                differs.append(differs[same])
                continue
            table.append(own.copy())
            differs.append([False] * len(own))
            for name, wrong in arrays.items():
                for column, at in self._columns[name]:
                    if wrong[at] != right[name][at]:
                        table[row][column], differs[row][column] = double(wrong[at]), True
        values = np.array(table, dtype=float).reshape(len(numbers), len(own))
        changed = np.array(differs, dtype=bool).reshape(values.shape)
        low, high = (np.array([float(end[side]) for end in reach.ends]) for side in (0, 1))
        grace = GRACE * (1 + abs(np.array(own)))
        inside = changed & (values >= low - grace) & (values <= high + grace)
        hidden = ~(changed & ~inside).any(axis=1)
        alike = _alike(values, changed, high - low + grace)
        alike[hidden, :] = alike[:, hidden] = False
        return Judged(rows, numbers, values, changed, inside, hidden, alike)

    def _wrong(self, right: Scope, rows: Rows) -> list[Mapping[str, Numbers]]:
        """Return for every mistake the arrays asked for that it changes, with their wrong numbers."""
        known: dict[tuple[object, ...], Mapping[str, Numbers]] = {}
        found: list[Mapping[str, Numbers]] = []
        for row in rows:
            mistake = self.mistakes[row]
            wrong = self._bench.lesson.wrong(right, mistake)
            start = next(wrong, None)
            if start is None:
                found.append({})
                continue
            beginning = (mistake.told, start[0], *map(_whole, start[1]))
            if not mistake.single or beginning not in known:
                arrays = {name: numbers for name, numbers in (start, *wrong) if name in self._names}
                if not mistake.single:
                    found.append(arrays)
                    continue
                known[beginning] = arrays
            # What follows is computed from the same numbers by the same equations.
            found.append(known[beginning])
        return found


def _troubled(one: Judged, hidden: Any, alike: Any, inside: Any) -> Any:
    """Return which mistakes fail in a draw, beyond what lasts."""
    return (one.hidden & ~hidden) | (one.alike & ~alike).any(axis=1) | (one.inside & ~inside).any(axis=1)


def _alike(values: Any, changed: Any, widths: Any) -> Any:
    """Return which rows are nowhere further apart than the widths of the columns."""
    rows, columns = values.shape
    one, other = np.triu_indices(rows, 1)
    # Where most mistakes change something most pairs differ, and need not be looked at again.
    for column in np.argsort(-changed.sum(axis=0), kind="stable") if columns else ():
        close = abs(values[one, column] - values[other, column]) <= widths[column]
        one, other = one[close], other[close]
    alike = np.zeros((rows, rows), dtype=bool)
    alike[one, other] = alike[other, one] = True
    return alike


def _made_at(mistake: Mistake) -> str:
    """Return the first array that a mistake changes."""
    return next(move.equation.name for move in mistake.moves if move.changed)


def _whole(number: Any) -> object:
    """Return what is the same for equal numbers: of a rational both its parts, of a ball its middle to many places."""
    if isinstance(number, fmpq):
        return int(number.p), int(number.q)
    return int((arb(number).mid() * 2**SAME_TO).floor().unique_fmpz())
