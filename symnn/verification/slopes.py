"""Slopes of a loss one by one: what a gradient says, the difference quotients, and how far the two are apart."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import arb

from symnn.scalars import midpoint
from symnn.verification.differences import Move, Side, bends, quotient
from symnn.verification.points import Point, direction

MOST_ENTRIES = 2000
"""Up to how many parameters each is moved by itself; beyond, all of them along random directions."""

DIRECTIONS = 50
"""How many directions stand for more parameters than that in float64, where one may hide an error."""

BALL_DIRECTIONS = 5
"""How many do in balls, where none does."""

MOST_KINKS = 100
"""For how many of the worst slopes a kink is looked for."""

SUSPECT = 1e-7
"""A kink is looked for where a slope is off by more than this share of the largest."""


def moves_of(point: Point, rng: np.random.Generator, directions: int = DIRECTIONS) -> list[Move]:
    """Return a move for each parameter, or, beyond `MOST_ENTRIES`, along random directions of length one.

    >>> [move.label for move in moves_of({"W": np.ones((1, 2)), "b": np.ones(())}, np.random.default_rng(0))]
    ['W[0, 0]', 'W[0, 1]', 'b']
    """
    if sum(A.size for A in point.values()) <= MOST_ENTRIES:
        return [
            Move(_entry(name, np.unravel_index(k, A.shape)), name, k)
            for name, A in point.items()
            for k in range(A.size)
        ]
    length = math.sqrt(sum(A.size for A in point.values()))
    return [
        Move(
            f"direction {number}",
            tangents={name: direction(A.size, rng).reshape(A.shape) / length for name, A in point.items()},
        )
        for number in range(1, directions + 1)
    ]


def _entry(name: str, index: tuple[Any, ...]) -> str:
    return f"{name}[{', '.join(map(str, map(int, index)))}]" if index else name


@dataclass(frozen=True)
class Slopes:
    """Slope by slope: what the gradient says, the quotient, and whether a kink may lie within the step."""

    moves: list[Move]
    yours: list[Any]
    quotients: list[Any]
    kinked: frozenset[int]

    @classmethod
    def of(cls, side: Side, moves: list[Move], length: float) -> Slopes:
        """Take every quotient, and look for kinks where it differs the most from the gradient."""
        h = side.step(length)
        gradient = side.gradient()
        yours = [move.slope(gradient) for move in moves]
        quotients = [quotient(side, move, h) for move in moves]
        gaps = [abs(g - n) for g, n in zip(yours, quotients, strict=True)]
        suspect = SUSPECT * max((upper(abs(n)) for n in quotients), default=0.0)
        worst = sorted(range(len(moves)), key=lambda k: -upper(gaps[k]))[:MOST_KINKS]
        kinked = frozenset(k for k in worst if upper(gaps[k]) > suspect and bends(side, moves[k], h, gaps[k]))
        return cls(moves, yours, quotients, kinked)

    def error(self, without: frozenset[int] = frozenset()) -> tuple[float, float]:
        """Return a lower and an upper bound of ‖g − n‖ / ‖g + n‖; both are the value itself in float64."""
        rows = [(g, n) for k, (g, n) in enumerate(zip(self.yours, self.quotients, strict=True)) if k not in without]
        off, size = _norm([g - n for g, n in rows]), _norm([g + n for g, n in rows])
        return _ratio(off[0], size[1]), _ratio(off[1], size[0])

    @property
    def gap(self) -> float:
        """‖g − n‖, its upper bound."""
        return _norm([g - n for g, n in zip(self.yours, self.quotients, strict=True)])[1]

    @property
    def is_zero(self) -> bool:
        """Whether nothing but zeros was compared."""
        return not any(upper(abs(x)) for x in (*self.yours, *self.quotients))


def _norm(numbers: list[Any]) -> tuple[float, float]:
    """Return a lower and an upper bound of a Euclidean norm."""
    if numbers and isinstance(numbers[0], arb):
        least = sum((x.abs_lower() ** 2 for x in numbers), arb(0)).sqrt()
        most = sum((x.abs_upper() ** 2 for x in numbers), arb(0)).sqrt()
        return float(least.mid()), float(most.mid())
    value = math.hypot(*numbers)
    return value, value


def _ratio(over: float, under: float) -> float:
    if not over:
        return 0.0
    return over / under if under else math.inf


def upper(x: Any) -> float:
    """Return the largest absolute value that a float or an arb can have."""
    return float(x.abs_upper().mid()) if isinstance(x, arb) else abs(x)


def nearest(x: Any) -> float:
    """Return a float or the midpoint of an arb as a float."""
    return midpoint(x) if isinstance(x, arb) else float(x)
