"""What a block holds: a matrix of flint, its entries once they were asked for, and what was written into them."""

from __future__ import annotations

from operator import is_
from typing import Any

import numpy as np

from symnn.scalars.doubles import doubles
from symnn.scalars.dual_numbers import Dual
from symnn.scalars.factored import evaluated
from symnn.scalars.lifting import arranged, lift
from symnn.scalars.plain import Ball
from symnn.scalars.tape import Tape, tape

SINGLE = 64
"""So many entries are asked for one by one before the array of all of them is made."""

MOSTLY = 16
"""Where more than one in so many entries is asked for, or was written, all of them are looked at."""

_BALL = Ball(0)


class Store:
    """A matrix with that of its tangents, its places on a record, and its entries once they were asked for.

    >>> from flint import arb_mat
    >>> held = Store(arb_mat(2, 2, [1, 2, 3, 4]))
    >>> held.write(3, Ball(5)), held.entry(3), held.changed()
    (True, Ball(5), {3: Ball(5)})
    """

    def __init__(self, held: Any, tangent: Any = None, record: Tape | None = None, start: int | None = None) -> None:
        self.held, self.tangent, self.record, self.start = held, tangent, record, start
        self.array: Any = None
        self._made: list[Any] = []
        self._numbers: list[Any] | None = None
        self._matrix: Any = None
        self._doubles: Any = None
        self._read: dict[int, Any] = {}
        self._written: dict[int, Any] = {}

    @property
    def shape(self) -> tuple[int, int]:
        """The rows and columns of the matrix."""
        return self.held.nrows(), self.held.ncols()

    @property
    def size(self) -> int:
        """The number of entries."""
        return self.shape[0] * self.shape[1]

    @property
    def matrix(self) -> Any:
        """The matrix as one of flint, in which no factors are left."""
        if self._matrix is None:
            self._matrix = evaluated(self.held)
        return self._matrix

    @property
    def numbers(self) -> list[Any]:
        """The values of the entries, as the matrix has them."""
        if self._numbers is None:
            self._numbers = self.held.entries()
            for k, x in self._read.items():
                self._numbers[k] = x.value
            self._identify(0, self._numbers)
        return self._numbers

    @property
    def doubles(self) -> Any:
        """The values of the entries as float64, to 13 digits, in an array of the shape of the matrix."""
        if self._doubles is None:
            self._doubles = doubles(self.held)
        return self._doubles

    def entries(self) -> Any:
        """Return the array of scalars, which is the truth from then on."""
        if self.array is None:
            tangents = None if self.tangent is None else self.tangent.entries()
            made: list[Any] = list(map(Ball, self.numbers) if tangents is None else map(Dual, self.numbers, tangents))
            for k, x in self._read.items():
                made[k] = x
            self._made, self.array = made, arranged(made, self.shape)
            for k, x in self._written.items():
                np.ndarray.__setitem__(self.array, divmod(k, self.shape[1]), x)
        return self.array

    def is_by_one(self) -> bool:
        """Return whether a further entry may be asked for, or written, by itself."""
        return self.array is None and len(self._read) + len(self._written) < SINGLE

    def entry(self, k: int) -> Any:
        """Return one entry, the array taken flat."""
        if k not in self._written and k not in self._read:
            at = divmod(k, self.shape[1])
            value = self.held[at]
            self._identify(k, [value])
            self._read[k] = Ball(value) if self.tangent is None else Dual(value, self.tangent[at])
        return self._written.get(k, self._read.get(k))

    def write(self, k: int, value: Any) -> bool:
        """Write one entry, and say so, if it is a ball as all others are, and no record keeps what is written."""
        x = lift(value, _BALL)
        if type(x) is not Ball or self.tangent is not None or tape() is not None:
            return False
        self._written[k] = x
        return True

    def changed(self) -> dict[int, Any] | None:
        """Return what was written into the entries, by place; None where the array has another shape by now."""
        if self.array is None:
            return self._written
        if self.array.shape != self.shape:
            return None
        now = self.array.ravel().tolist()
        return {k: x for k, (x, made) in enumerate(zip(now, self._made, strict=True)) if x is not made}

    def copy(self) -> Store | None:
        """Return a copy: the same matrix, which never changes, and what was written; None where that is too much."""
        changed = self.changed()
        if changed is None or len(changed) * MOSTLY > self.size or set(map(type, changed.values())) - {Ball}:
            return None
        copied = Store(self.held, self.tangent, self.record, self.start)
        copied._written.update(changed)
        return copied

    @property
    def is_as_made(self) -> bool:
        """Whether nothing has been written into the array."""
        if self.array is None:
            return not self._written
        return self.array.shape == self.shape and all(map(is_, self.array.ravel().tolist(), self._made))

    def _identify(self, k: int, numbers: list[Any]) -> None:
        if self.record is not None and self.start is not None:
            self.record.identify(self.start + k, numbers)
