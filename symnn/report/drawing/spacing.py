"""Positions on a line that keep their order and their distances and lie as near as can be to where they are wanted."""

from __future__ import annotations

from collections.abc import Sequence


def spread(wanted: Sequence[float], distances: Sequence[float], weights: Sequence[float] | None = None) -> list[float]:
    """Return positions in order, each at least its distance behind the one before, nearest to ``wanted`` in squares.

    ``distances`` has one number less than ``wanted``; ``weights`` tell how much each wish counts, by default the same.

    >>> spread([0, 0, 10], [2, 2])
    [-1.0, 1.0, 10.0]
    """
    offsets = [0.0]
    for distance in distances:
        offsets.append(offsets[-1] + distance)
    # Without the distances only the order is left: neighbours in the wrong order are pooled (isotonic regression).
    pools: list[tuple[float, float, int]] = []
    for place, offset, weight in zip(wanted, offsets, weights or [1.0] * len(wanted), strict=True):
        mean, weighs, count = place - offset, weight, 1
        while pools and pools[-1][0] > mean:
            before, had, size = pools.pop()
            mean, weighs, count = (before * had + mean * weighs) / (had + weighs), had + weighs, size + count
        pools.append((mean, weighs, count))
    means = [mean for mean, _, count in pools for _ in range(count)]
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]


def evenly(count: int, pitch: float) -> list[float]:
    """Return so many positions about 0, a pitch apart.

    >>> evenly(3, 10)
    [-10.0, 0.0, 10.0]
    """
    return [(place - (count - 1) / 2) * pitch for place in range(count)]
