"""The nodes of a graph in ranks: every edge leads from one rank to the next, with as few crossings as sweeps find."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

SWEEPS = 8
"""How often the order of all ranks is put right, forwards and backwards."""


@dataclass(frozen=True)
class Bend:
    """Where an edge that is longer than one rank passes through a rank between."""

    source: str
    target: str
    rank: int


Knot = str | Bend


@dataclass(frozen=True)
class Ranks:
    """The knots of each rank in order, and the chain of knots that each edge runs through."""

    rows: tuple[tuple[Knot, ...], ...]
    chains: Mapping[tuple[str, str], tuple[Knot, ...]]


def ranked(names: Sequence[str], edges: Sequence[tuple[str, str]]) -> Ranks:
    """Return the ranks of a graph without cycles whose names stand in an order that its edges follow.

    What nothing leads to stands just before the first that it leads to.

    >>> ranked(["a", "b", "c"], [("a", "b"), ("b", "c"), ("a", "c")]).rows
    (('a',), ('b', Bend(source='a', target='c', rank=1)), ('c',))
    """
    rank = _rank(names, edges)
    rows: list[list[Knot]] = [[] for _ in range(max(rank.values()) + 1)]
    for name in names:
        rows[rank[name]].append(name)
    chains: dict[tuple[str, str], tuple[Knot, ...]] = {}
    for source, target in edges:
        bends = [Bend(source, target, number) for number in range(rank[source] + 1, rank[target])]
        for bend in bends:
            rows[bend.rank].append(bend)
        chains[source, target] = (source, *bends, target)
    return Ranks(tuple(map(tuple, _uncrossed(rows, chains))), chains)


def _rank(names: Sequence[str], edges: Sequence[tuple[str, str]]) -> dict[str, int]:
    fed = {target for _, target in edges}
    rank: dict[str, int] = {}
    for name in names:
        if name in fed:
            rank[name] = 1 + max((rank.get(source, 0) for source, target in edges if target == name), default=0)
    for name in names:
        if name not in fed:
            rank[name] = min((rank[target] for source, target in edges if source == name), default=1) - 1
    return rank


def _uncrossed(rows: list[list[Knot]], chains: Mapping[tuple[str, str], tuple[Knot, ...]]) -> list[list[Knot]]:
    """Return the rows in the order with the fewest crossings that sweeps by the means of neighbours come across."""
    links = [link for chain in chains.values() for link in pairwise(chain)]
    before: dict[Knot, list[Knot]] = {}
    behind: dict[Knot, list[Knot]] = {}
    for one, other in links:
        before.setdefault(other, []).append(one)
        behind.setdefault(one, []).append(other)
    best, fewest = [list(row) for row in rows], crossings(rows, links)
    for sweep in range(SWEEPS):
        forwards = sweep % 2 == 0
        ranks = range(1, len(rows)) if forwards else range(len(rows) - 2, -1, -1)
        for number in ranks:
            beside = rows[number - 1] if forwards else rows[number + 1]
            rows[number] = _by_means(rows[number], beside, before if forwards else behind)
        count = crossings(rows, links)
        if count < fewest:
            best, fewest = [list(row) for row in rows], count
    return best


def _by_means(row: Sequence[Knot], other: Sequence[Knot], neighbours: Mapping[Knot, Sequence[Knot]]) -> list[Knot]:
    """Return a row in the order of the means of its neighbours' places; what has none stays where it is."""
    at = {knot: place for place, knot in enumerate(other)}
    means = {}
    for place, knot in enumerate(row):
        places = [at[each] for each in neighbours.get(knot, ())]
        means[knot] = (sum(places) / len(places) if places else float(place), place)
    return sorted(row, key=means.__getitem__)


def crossings(rows: Sequence[Sequence[Knot]], links: Sequence[tuple[Knot, Knot]]) -> int:
    """Return how many pairs of links between the same two rows cross."""
    at = {knot: (number, place) for number, row in enumerate(rows) for place, knot in enumerate(row)}
    spans = [(at[one][0], at[one][1], at[other][1]) for one, other in links]
    return sum(
        one[0] == other[0] and (one[1] - other[1]) * (one[2] - other[2]) < 0
        for place, one in enumerate(spans)
        for other in spans[:place]
    )
