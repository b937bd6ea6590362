"""Which mistakes the numbers of a problem tell from one another: what lies in the problem, and what in a variant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from symnn.exam.degenerate import double
from symnn.exam.model import Problem, Solved, Wrong
from symnn.exam.variants import Maker


@dataclass(frozen=True)
class Separation:
    """What becomes of the modelled mistakes of a problem, whatever its numbers.

    Of ``mistakes``, those ``unmade`` change nothing that is asked for, and those ``hidden`` change it by less than
    rounding does. Each group of ``alike`` leads to the same numbers. This was so in nearly all of ``tried`` draws; of
    ``single`` mistakes, every variant tells each from all others, if there are numbers within the bounds that do.
    """

    problem: Problem
    tried: int
    mistakes: int
    unmade: tuple[str, ...]
    hidden: tuple[str, ...]
    alike: tuple[tuple[str, ...], ...]

    @property
    def single(self) -> int:
        """How many mistakes lead to numbers that no other leads to."""
        return self.mistakes - len(self.unmade) - len(self.hidden) - sum(map(len, self.alike))


def separation(problem: Problem | Maker) -> Separation:
    """Return which mistakes of a problem coincide whatever its numbers, and which can never show.

    Whoever has its maker gives that, and saves trying the problem once more. Raises `InputError` as
    `symnn.exam.variants.variants` does.
    """
    maker = problem if isinstance(problem, Maker) else Maker(problem)
    lasting, said = maker.lasting, [mistake.said for mistake in maker.slips.mistakes]
    never = lasting.unmade | lasting.hidden
    return Separation(
        maker.bench.problem,
        len(maker.probes),
        len(said),
        tuple(text for text, unmade in zip(said, lasting.unmade, strict=True) if unmade),
        tuple(text for text, out, unmade in zip(said, never, lasting.unmade, strict=True) if out and not unmade),
        tuple(tuple(said[row] for row in group) for group in _groups(lasting.alike, never)),
    )


def _groups(alike: Any, never: Any) -> Iterable[list[int]]:
    """Yield the rows that are alike, directly or by others between them, in groups."""
    left = [int(row) for row in np.flatnonzero(~never)]
    while left:
        group, added = [], [left[0]]
        while added:
            group += added
            left = [row for row in left if row not in added]
            added = [row for row in left if alike[row, group].any()]
        if len(group) > 1:
            yield sorted(group)


def unseparated(solved: Solved) -> tuple[tuple[str, ...], ...]:
    """Return the groups of mistakes that no answer of a variant tells apart, from what its answers hold alone.

    A mistake that every answer takes for right stands alone in its group.
    """
    widths = {answer.id: float(answer.most - answer.least) for answer in solved.answers}
    found: dict[tuple[str, str, str], dict[str, float]] = {}
    for answer in solved.answers:
        for one in answer.wrong:
            found.setdefault(_name(one), {})[answer.id] = double(one.value.value)
        for one in answer.coincides:
            found.setdefault(_name(one), {})
    right = {answer.id: double(answer.exact.value) for answer in solved.answers}
    groups: list[list[tuple[str, str, str]]] = []
    for name, values in found.items():
        if not values:
            groups.append([name, name])
            continue
        group = next((one for one in groups if _same(found[one[0]], values, right, widths)), None)
        if group is None:
            groups.append([name])
        else:
            group.append(name)
    return tuple(tuple(dict.fromkeys(said for _, _, said in group)) for group in groups if len(group) > 1)


def _name(one: Wrong) -> tuple[str, str, str]:
    return one.origin, one.made_at, one.said


Doubles = Mapping[str, float]


def _same(one: Doubles, other: Doubles, right: Doubles, widths: Doubles) -> bool:
    """Whether two mistakes are nowhere further apart than rounding."""
    if not one:
        return False
    return all(
        abs(one.get(name, right[name]) - other.get(name, right[name])) <= widths[name] for name in {**one, **other}
    )
