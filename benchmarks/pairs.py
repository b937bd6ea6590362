"""Time two things side by side: in turns, in one run, so that whatever else the machine does meets both."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any


@dataclass(frozen=True)
class Pairs:
    """The seconds that two things took, pair by pair."""

    first: tuple[float, ...]
    second: tuple[float, ...]

    @property
    def ratios(self) -> list[float]:
        """What the first took of the second's time, in each pair."""
        return [a / b for a, b in zip(self.first, self.second, strict=True)]

    @property
    def ratio(self) -> float:
        """The median of the ratios: what a claim is held to."""
        return median(self.ratios)

    def row(self, label: str) -> tuple[str, ...]:
        """Return the figures as cells of a table, to go with `HEADER`."""
        ratios = self.ratios
        low, _, high = quantiles(ratios, n=4) if len(ratios) > 1 else ratios * 3
        cells = (self.ratio, low, high, min(ratios), max(ratios))
        times = (f"{1e3 * median(self.first):.2f} ms", f"{1e3 * median(self.second):.2f} ms")
        return (label, *times, *(f"{cell:.3f}" for cell in cells), str(len(ratios)))


HEADER = ("", "symnn", "the other", "ratio", "quarter below", "quarter above", "least", "most", "pairs")


def seconds(run: Callable[[], Any]) -> float:
    """Return how long one run takes; what it returns is freed within the time."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def in_turns(
    first: Callable[[], Any],
    second: Callable[[], Any],
    pairs: int,
    warm: int = 1,
    seconds: Callable[[Callable[[], Any]], float] = seconds,
) -> Pairs:
    """Time ``first`` and ``second`` in turns, the one that begins changing with every pair.

    ``warm`` runs of each do not count; ``seconds`` says how long one run took.
    """
    for _ in range(warm):
        first()
        second()
    taken: list[tuple[float, float]] = []
    for number in range(pairs):
        if number % 2:
            after = seconds(second)
            taken.append((seconds(first), after))
        else:
            before = seconds(first)
            taken.append((before, seconds(second)))
    ones, others = zip(*taken, strict=True)
    return Pairs(ones, others)


def table(header: tuple[str, ...], *rows: tuple[str, ...]) -> str:
    """Return rows of cells as lines, the first column on the left, the others on the right."""
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    lines = [
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in (header, *rows)
    ]
    return "\n".join(["", lines[0], "-" * len(lines[0]), *lines[1:], ""])
