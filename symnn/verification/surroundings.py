"""Where a subject is looked at: parameters, data and random draws, as given and drawn anew.

Data are drawn anew together: what belongs to one sample stays together, so that one-hot targets go on saying what the
class numbers beside them say, and only numbers that may be any of their kind become others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, Literal, TypeAlias

import numpy as np

from symnn.verification.domains import REAL, around, domain_of, domains_of, is_bounded, spread, sums_to_one
from symnn.verification.points import Point, direction, points
from symnn.verification.subject import Subject
from symnn.verification.trees import flatten, mapped

# What is drawn anew beside the parameters: nothing that could matter to whether a gradient is right; the data, between
# which there may be relations; or parameters larger than those given, or beyond their domain.
Kind: TypeAlias = Literal["given", "other data", "wide", "beyond"]

WIDE = 8.0
"""How much farther than the parameters given some of those drawn reach, and others by its square."""

UPSTREAM = "the upstream gradient"


@dataclass(frozen=True)
class Situation:
    """A subject with its data, a point of its parameters, and the number of the random draws it is to see there.

    What is ``extra`` is looked at for what is wrong there, and counts for nothing else.
    """

    label: str
    subject: Subject
    point: Point
    draws: int = 0
    kind: Kind = "given"
    extra: bool = False


@dataclass(frozen=True)
class Surroundings:
    """Draws situations for a subject, the same for the same seed."""

    subject: Subject
    seed: int

    def first(self) -> Iterator[Situation]:
        """Yield the situation given, then random ones, every other one with other data; endlessly."""
        arrays = self.subject.parameters.arrays
        for number, (label, point) in enumerate(points(arrays, self.seed, self.subject.data)):
            if number:
                yield self._with_data(Situation(label, self.subject, point, number), number % 2 == 1)
            else:
                yield Situation(label, self.subject, point)

    def further(self) -> Iterator[Situation]:
        """Yield random situations that reach farther: near ones, other data, wide ones, and beyond the domain."""
        arrays = self.subject.parameters.arrays
        domains = domains_of(arrays, [x for x in self.subject.data if isinstance(x, np.ndarray)])
        rng = np.random.default_rng([self.seed, 5])
        beyond = [name for name, row in domains.items() if row is not REAL and not is_bounded(row)]
        # Drawn so often that how far they reach is looked at once.
        spreads = {name: spread(A) for name, A in arrays.items() if domains[name] is REAL}
        for number in count(1):
            way = number % 4
            point = {
                name: around(*spreads[name], A.shape, rng) if name in spreads else domains[name].draw(A, rng)
                for name, A in arrays.items()
            }
            kind: Kind = "given"
            if way == 3:
                factor = WIDE ** (1 + number // 4 % 2)
                with np.errstate(over="ignore"):
                    wide = {name: factor * A for name, A in point.items() if not is_bounded(domains[name])}
                point |= {name: A for name, A in wide.items() if np.all(np.isfinite(A))}
                kind = "wide"
            elif way == 0 and beyond:
                point |= {
                    name: around(0.0, sum(map(abs, spread(arrays[name]))), point[name].shape, rng) for name in beyond
                }
                kind = "beyond"
            label = f"further point {number}"
            yield self._with_data(Situation(label, self.subject, point, 1000 + number, kind, extra=True), way == 2)

    def _with_data(self, situation: Situation, other: bool) -> Situation:
        """The situation with another upstream gradient, and with other data if they are to be."""
        subject = self.subject
        free = [k for k, word in enumerate(subject.words[2:]) if word == UPSTREAM and k < len(subject.data)]
        if not (free or other):
            return situation
        rng = np.random.default_rng([self.seed, 6, situation.draws])
        drawn = redrawn(subject.data, rng, free) if other else None
        kind: Kind = situation.kind if drawn is None else "other data"
        data = list(subject.data if drawn is None else drawn)
        for k in free:
            if isinstance(data[k], np.ndarray):
                data[k] = np.round(direction(data[k].size, rng) * 2**10).reshape(data[k].shape) / 2**10
        return replace(situation, subject=replace(subject, data=tuple(data)), kind=kind)


def redrawn(data: Sequence[Any], rng: np.random.Generator, without: Sequence[int] = ()) -> tuple[Any, ...] | None:
    """Return data of the same kind, or None where there is nothing to draw: numbers and words stay as they are.

    >>> X, y = np.array([[0.5, -1.0], [2.0, 0.25]]), np.array([0, 1])
    >>> other = redrawn((X, y, 0.1), np.random.default_rng(0))
    >>> other[0].shape, other[2], bool(np.any(other[0] == X))
    ((2, 2), 0.1, False)
    """
    leaves = [A for k, x in enumerate(data) if k not in without for A in flatten(x).values() if _is_drawn(A)]
    shared = _samples(leaves)
    order = _order(leaves, shared[1], rng) if shared else None
    drawn = {id(A): _redrawn(A, shared, order, rng) for A in {id(A): A for A in leaves}.values()}
    if not any(drawn[id(A)] is not A for A in leaves):
        return None
    return tuple(x if k in without else mapped(x, lambda _, A: drawn.get(id(A), A)) for k, x in enumerate(data))


def resized(data: Sequence[Any], rng: np.random.Generator) -> tuple[Any, ...] | None:
    """Return data with one sample more, drawn from those there are, or None where no arrays share their samples.

    >>> X, y = np.array([[0.5, -1.0], [2.0, 0.25], [1.0, 1.0]]), np.array([0, 1, 1])
    >>> [A.shape for A in resized((X, y), np.random.default_rng(0))]
    [(4, 2), (4,)]
    """
    leaves = [A for x in data for A in flatten(x).values() if _is_drawn(A)]
    shared = _samples(leaves)
    if shared is None:
        return None
    order = rng.permutation(np.append(np.arange(shared[1]), rng.integers(shared[1])))

    def grown(_: str, A: Any) -> Any:
        axis = _axis(A, shared) if _is_drawn(A) else None
        return A if axis is None else np.take(A, order, axis=axis)

    return tuple(mapped(x, grown) for x in data)


def _order(leaves: Sequence[Any], many: int, rng: np.random.Generator) -> Any:
    """Samples in another order, some left out for others; none where that could take classes for samples.

    As many one-hot targets as classes sum to one along either side, and go on doing so in another order alone.
    """
    if any(
        sums_to_one(A.astype(np.float64)) == sums_to_one(A.T.astype(np.float64)) == 1 for A in leaves if A.ndim == 2
    ):
        return rng.permutation(many)
    return rng.integers(0, many, many)


def _redrawn(A: Any, shared: tuple[int, int] | None, order: Any, rng: np.random.Generator) -> Any:
    row = domain_of(A)
    axis = _axis(A, shared)
    if axis is not None:
        A = np.take(A, order, axis=axis)
    elif not row.moves and A.dtype.kind in "bf" and A.size > 1:
        # A mask by itself.
        A = rng.permutation(A, axis=0)
    return row.draw(A, rng) if row.moves or A.dtype.kind == "b" else A


def _samples(leaves: Sequence[Any]) -> tuple[int, int] | None:
    """The side, 0 or -1, on which most arrays have their samples, and how many samples there are."""
    votes: dict[tuple[int, int], int] = {}
    for A in leaves:
        for side in (0, -1):
            if _is_of_classes(A, side):
                continue
            votes[side, A.shape[side]] = votes.get((side, A.shape[side]), 0) + 1
    best = max(votes, key=lambda one: (votes[one], one[0]), default=None)
    return best if best is not None and votes[best] > 1 and best[1] > 1 else None


def _axis(A: Any, shared: tuple[int, int] | None) -> int | None:
    if shared is None:
        return None
    side, many = shared
    other = -1 - side
    return next((one for one in (side, other) if A.shape[one] == many and not _is_of_classes(A, one)), None)


def _is_of_classes(A: Any, side: int) -> bool:
    """Whether the entries along a side sum to one, as those of one sample do: other rows would be no targets."""
    return bool(A.ndim > 1 and sums_to_one(A.astype(np.float64)) == side % A.ndim)


def _is_drawn(leaf: Any) -> bool:
    return bool(type(leaf) is np.ndarray and leaf.ndim and leaf.size and leaf.dtype.kind in "biuf")
