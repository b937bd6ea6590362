"""The smooth pieces of a loss that meet at a point along a direction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from symnn.scalars.choices import Choices


@dataclass(frozen=True)
class Piece:
    """A smooth piece of the loss at a point: its value and slope, and the choices that led to it."""

    value: Any
    slope: Any
    choices: Choices


@dataclass(frozen=True)
class Sides:
    """The pieces of the loss behind and ahead of a point along a direction; one piece where no comparison is a tie."""

    behind: Piece
    ahead: Piece

    @property
    def tie(self) -> str:
        """What could not be decided first, with its place; "" where everything could."""
        return self.ahead.choices.first or self.behind.choices.first

    @property
    def apart(self) -> bool:
        """Whether the one-sided slopes certainly differ."""
        return bool(self.behind.slope != self.ahead.slope)

    @property
    def slope(self) -> Any:
        """A ball that holds both slopes."""
        return self.ahead.slope.union(self.behind.slope)
