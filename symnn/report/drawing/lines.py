"""How lines are bent and where arrows end, for both ways of drawing them; and coordinates as text."""

from __future__ import annotations

from symnn.report.drawing.model import ACROSS, DOWN, Edge, Position

TIP, TIP_HALF = 4.0, 1.8
"""How long the head of an arrow is, and half how wide."""


def arrow_of(edge: Edge) -> tuple[Position, tuple[Position, Position, Position]]:
    """Return where the line of an edge with an arrow ends, and the corners of the arrow's head."""
    (x, y), (before_x, before_y) = edge.points[-1], edge.points[-2]
    # Curves arrive along the way that the drawing leads.
    across = edge.curved == ACROSS or (not edge.curved and abs(x - before_x) > abs(y - before_y))
    step = (1.0 if x >= before_x else -1.0, 0.0) if across else (0.0, 1.0 if y >= before_y else -1.0)
    back = (x - TIP * step[0], y - TIP * step[1])
    aside = (TIP_HALF * step[1], TIP_HALF * step[0])
    return back, ((x, y), (back[0] + aside[0], back[1] + aside[1]), (back[0] - aside[0], back[1] - aside[1]))


def handles(one: Position, other: Position, curved: str) -> tuple[Position, Position]:
    """Return the two points that bend a curve from one position to another, leaving and arriving straight."""
    if curved == DOWN:
        middle = (one[1] + other[1]) / 2
        return (one[0], middle), (other[0], middle)
    middle = (one[0] + other[0]) / 2
    return (middle, one[1]), (middle, other[1])


def decimal(value: float) -> str:
    """Return a coordinate with two decimals at most, the same on every machine.

    >>> decimal(1.5), decimal(-0.001), decimal(2.0)
    ('1.5', '0', '2')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
