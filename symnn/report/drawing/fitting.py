"""How much a network's drawing may say so that it fits its page: how edges are labelled, how wide its gaps are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from symnn.report.drawing.cells import Cell
from symnn.report.drawing.columns import LABELS, MOST_LABELS, Column, Gap

LEAD, TAIL = 7.5, 11.0
"""How far a label stands from the column before it, and at least from the one behind it."""
NARROW, WIDE = 18.0, 76.0
"""The least and the greatest gap between columns whose edges carry no labels."""
CUT = 48.0
"""The gap where layers are left out."""
CLEAR = 9.0
"""Room between the units of a column."""
ABOVE_UNIT = 8.0
"""Room for the arrow from a bias to its unit."""
TALLEST = 480.0
"""No network is drawn higher than this if fewer words on its edges can help it."""
FRAME = 5.0
"""Room between units that share out one and the frame around them."""


@dataclass(frozen=True)
class Fitted:
    """A gap with the cells of its labels, all of one width; ``labels`` is empty where edges carry none."""

    labels: dict[tuple[int, int], Cell]
    cut: bool = False

    @property
    def width(self) -> float:
        """How wide a label is."""
        return max((cell.width for cell in self.labels.values()), default=0.0)

    @property
    def height(self) -> float:
        """How high a label is."""
        return max((cell.height for cell in self.labels.values()), default=0.0)

    @property
    def needs(self) -> float:
        """How wide the gap is at least."""
        return CUT if self.cut else self.width + LEAD + TAIL if self.labels else NARROW


def breadth(column: Column) -> float:
    """Return how wide a column is, with the frame around it if there is one."""
    return column.width + (2 * FRAME if column.coupled else 0.0)


def choices(gap: Gap) -> tuple[Fitted, ...]:
    """Return the ways of labelling the edges of a gap, the fullest first; the last has no labels."""
    if gap.cut:
        return (Fitted({}, cut=True),)
    few = len(gap.weights) <= MOST_LABELS
    ways = LABELS if few else LABELS[-1:]
    return tuple(
        Fitted({key: way(quantity) for key, quantity in gap.weights.items()} if way is not None else {}) for way in ways
    )


def pitch(column: Column, behind: Fitted | None, above: int) -> float:
    """Return how far apart the units of a column are, for labels on the edges to so many units behind it."""
    bias = column.bias_height + ABOVE_UNIT if column.bias_height else 0.0
    own = column.tallest + bias + CLEAR
    return max(own, behind.height * above + 2.0) if behind is not None else own


def fitted(columns: Sequence[Column], gaps: Sequence[Gap], room: float) -> tuple[Fitted, ...] | None:
    """Return how each gap is labelled so that all of them are at most ``room`` wide, or None if none is narrow enough.

    What takes most room gives way first.
    """
    ways = [choices(gap) for gap in gaps]
    chosen = [0] * len(gaps)

    def now() -> list[Fitted]:
        return [way[at] for way, at in zip(ways, chosen, strict=True)]

    def give_way(cost: Sequence[float], smaller: str) -> bool:
        """Let the dearest gap that can have smaller labels have them."""
        for place in sorted(range(len(gaps)), key=lambda place: -cost[place]):
            have = getattr(ways[place][chosen[place]], smaller)
            for at in range(chosen[place] + 1, len(ways[place])):
                if getattr(ways[place][at], smaller) < have:
                    chosen[place] = at
                    return True
        return False

    while True:
        if sum(each.needs for each in now()) > room:
            if not give_way([each.needs for each in now()], "width"):
                return None
        elif any(height(column, each, above) > TALLEST for column, each, above in _sources(columns, now())):
            if not give_way([each.height * len(each.labels) for each in now()], "height"):
                return tuple(now())
        else:
            return tuple(now())


def _sources(columns: Sequence[Column], now: Sequence[Fitted]) -> list[tuple[Column, Fitted, int]]:
    return [(column, each, len(above.drawn)) for column, each, above in zip(columns, now, columns[1:], strict=False)]


def height(column: Column, behind: Fitted | None, above: int) -> float:
    """Return how high a column is."""
    return pitch(column, behind, above) * len(column.units)
