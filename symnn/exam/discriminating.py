"""Whether wrong answers tell which mistake was made: every modelled mistake worked out at the numbers of a draw.

A mistake shows if it leads to another number somewhere than careful rounding does. Two are told apart if somewhere
their numbers are further apart than the two intervals of rounding about them reach. What never holds, in none of the
draws that a problem is tried on, lies in the problem and not in the numbers: it is said, and not asked of a variant.
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


@dataclass(frozen=True, eq=False)
class Judged:
    """The mistakes of a problem at the numbers of one draw, a row each; the columns are the numbers asked for.

    ``values`` are doubles, the right ones where a mistake changes nothing; ``changed`` says whether the number is
    changed, ``inside`` whether it is and lies in the interval of the right answer all the same. ``hidden`` holds the
    mistakes that show nowhere, ``alike`` the pairs that are not told apart. ``numbers`` are the wrong arrays.
    """

    numbers: Sequence[Mapping[str, Numbers]]
    values: Any
    changed: Any
    inside: Any
    hidden: Any
    alike: Any

    def faults(self, lasting: Lasting) -> tuple[int, int, int]:
        """Return how many mistakes are hidden, pairs alike, and numbers inside, beyond those that always are."""
        return (
            int((self.hidden & ~lasting.hidden).sum()),
            int((self.alike & ~lasting.alike).sum()) // 2,
            int((self.inside & ~lasting.inside).sum()),
        )


@dataclass(frozen=True, eq=False)
class Lasting:
    """What holds of the mistakes of a problem in all draws that it was tried on; ``unmade`` change nothing asked."""

    hidden: Any
    alike: Any
    inside: Any
    unmade: Any

    @classmethod
    def of(cls, tried: Sequence[Judged]) -> Lasting:
        """Return what all draws have in common."""
        return cls(
            np.logical_and.reduce([one.hidden for one in tried]),
            np.logical_and.reduce([one.alike for one in tried]),
            np.logical_and.reduce([one.inside for one in tried]),
            ~np.logical_or.reduce([one.changed.any(axis=1) for one in tried]),
        )


class Slips:
    """The modelled mistakes that may change what is asked for in a problem, each cut down to what leads there."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._names = frozenset(bench.names)
        self._slots = [(slot.name, slot.at) for slot in bench.slots]
        self.mistakes: tuple[Mistake, ...] = tuple(self._leading(bench.lesson.places))
        self.made_at = tuple(_made_at(mistake) for mistake in self.mistakes)

    def _leading(self, places: Sequence[Mistake]) -> Iterator[Mistake]:
        for place in places:
            wanted, kept = set(self._names), []
            for move in reversed(place.moves):
                if move.equation.name in wanted:
                    wanted |= move.equation.reads
                    for helper in move.ahead:
                        wanted |= helper.reads
                    kept.append(move)
            if any(move.changed for move in kept):
                yield replace(place, moves=tuple(reversed(kept)))

    def judge(self, right: Scope, reach: Reach) -> Judged:
        """Return all mistakes worked out at right numbers, held against the intervals of rounding."""
        numbers = self._wrong(right)
        own = np.array([double(right[name][at]) for name, at in self._slots])
        values = np.tile(own, (len(numbers), 1))
        changed = np.zeros(values.shape, dtype=bool)
        for row, arrays in enumerate(numbers):
            for column, (name, at) in enumerate(self._slots):
                if name in arrays:
                    values[row, column] = double(arrays[name][at])
                    changed[row, column] = arrays[name][at] != right[name][at]
        low, high = (np.array([float(end[side]) for end in reach.ends]) for side in (0, 1))
        # Doubles are off by less than this, so that what seems to be outside is.
        grace = 1e-9 * (1 + abs(own))
        inside = changed & (values >= low - grace) & (values <= high + grace)
        hidden = ~(changed & ~inside).any(axis=1)
        alike = np.ones((len(numbers), len(numbers)), dtype=bool)
        for column, width in enumerate(high - low + grace):
            one = values[:, column]
            alike &= abs(one[:, None] - one[None, :]) <= width
        np.fill_diagonal(alike, False)
        return Judged(numbers, values, changed, inside, hidden, alike)

    def _wrong(self, right: Scope) -> list[dict[str, Numbers]]:
        """Return for every mistake the arrays asked for that it changes, with their wrong numbers."""
        known: dict[tuple[object, ...], dict[str, Numbers]] = {}
        found: list[dict[str, Numbers]] = []
        for mistake in self.mistakes:
            wrong = self._bench.lesson.wrong(right, mistake)
            start = next(wrong, None)
            if start is None:
                found.append({})
                continue
            beginning = (mistake.told, start[0], *map(_whole, start[1]))
            if mistake.single and beginning in known:
                # What follows is computed from the same numbers by the same equations.
                found.append(known[beginning])
                continue
            arrays = {name: numbers for name, numbers in (start, *wrong) if name in self._names}
            if mistake.single:
                known[beginning] = arrays
            found.append(arrays)
        return found


def _made_at(mistake: Mistake) -> str:
    """Return the first array that a mistake changes."""
    return next(move.equation.name for move in mistake.moves if move.changed)


def _whole(number: Any) -> object:
    """Return what is the same for equal numbers: a rational itself, of a ball its middle to very many places."""
    return number if isinstance(number, fmpq) else int((arb(number).mid() * 2**SAME_TO).floor().unique_fmpz())
