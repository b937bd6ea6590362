"""The tower that both sides of a conversation draw over, and what the child says has come of its own copy of it.

A tower follows from its seed, so that each side draws the same; what code remembers over it, such as the logarithms it
has taken, stays with the code. The parent gives every tower a number: only the one that the last run was opened over
is at hand, and the child starts a new one, that remembers nothing, when it hears of a new number.
"""

from __future__ import annotations

from typing import Any

from flint import fmpz

from symnn.errors import UndecidedError
from symnn.scalars import Tower
from symnn.scalars.signature_rules import OF_ANOTHER_RUN
from symnn.scalars.tower import Residues


class Towers:
    """The tower at hand on one side of a conversation: the child makes what the parent names.

    >>> parent, child = Towers(), Towers(of_child=True)
    >>> tower = Tower(1, seed=0)
    >>> parent.written(tower)
    [1, 1, 0, 256]
    >>> copy = child.read([1, 1, 0, 256])
    >>> copy.primes == tower.primes, child.read([1, 1, 0, 256]) is copy, parent.numbered(1) is tower
    (True, True, True)
    """

    def __init__(self, of_child: bool = False) -> None:
        self.of_child = of_child
        self._number = 0
        self._tower: Tower | None = None
        # The roots that the parent has been told of.
        self._told: set[Any] = set()

    def is_new(self, tower: Tower) -> bool:
        """Return whether the other side has not heard of a tower, or of another one since."""
        return tower is not self._tower

    def written(self, tower: Tower) -> list[Any]:
        """Return what the other side makes its copy of a tower from; this tower is now the one at hand."""
        if self.is_new(tower):
            self._number, self._tower = self._number + 1, tower
        return [self._number, tower.height, tower.seed, tower.bits]

    def read(self, about: list[Any]) -> Tower:
        """Return the tower that was written, made anew by a child that has not heard of its number."""
        number, height, seed, bits = about
        if self.of_child and number != self._number:
            self._number, self._tower, self._told = number, Tower(height, seed, bits), set()
        return self.numbered(number)

    def number_of(self, tower: Tower) -> int:
        """Return the number of the tower at hand. Raises UndecidedError for any other."""
        if tower is not self._tower:
            raise UndecidedError(OF_ANOTHER_RUN)
        return self._number

    def numbered(self, number: int) -> Tower:
        """Return the tower at hand by its number. Raises ValueError for the number of another."""
        if number != self._number or self._tower is None:
            raise ValueError(f"there is no tower {str(number)[:60]}")
        return self._tower

    def drawn(self, tower: Tower, name: str, count: int, levels: int | None) -> list[Residues]:
        """Return so many indeterminates, as ``Tower.indeterminates``.

        Only a child draws for this; a parent looks up what it has drawn, and raises ValueError for anything else.
        """
        known = tower.draws.get(name, [])
        if len(known) == count:
            return known
        if not self.of_child:
            raise ValueError(f"{name[:60]!r} was not drawn")
        return tower.indeterminates(name, count, levels)

    def records(self) -> dict[str, Any]:
        """Return what has come of the tower of a child, with those roots that were not told of before."""
        tower = self.numbered(self._number)
        new = sorted(tower.rooted - self._told)
        self._told.update(new)
        return {"exceeded": tower.exceeded, "strayed": tower.strayed, "rooted": [f"{int(y):x}" for y in new]}

    def take_in(self, records: dict[str, Any]) -> None:
        """Say of the tower at hand what the child says of its own. Raises ValueError, TypeError or KeyError."""
        tower = self.numbered(self._number)
        flags, rooted = [records["exceeded"], records["strayed"]], [int(text, 16) for text in records["rooted"]]
        if not all(isinstance(flag, bool) for flag in flags) or not all(0 <= y < tower.primes[0] for y in rooted):
            raise ValueError("these are no records of a tower")
        tower.exceeded |= flags[0]
        tower.strayed |= flags[1]
        tower.rooted.update(map(fmpz, rooted))
