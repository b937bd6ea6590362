"""The record of a run over balls: what was made of which numbers, swept backwards for the derivative by each of them.

Numbers of flint never change, and NumPy moves references to them: a number is known by its identity wherever it lies.
Views, writes in place, sorting, choosing and joining need no record at all, only what makes new numbers does: an
operator of two scalars, or a call over arrays. A `pull` takes the adjoint of what was made to that of what it was made
of (reverse accumulation; Griewank and Walther, "Evaluating Derivatives", 2008, chapter 3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from flint import arb
from numpy import array, fromiter  # bound here, because a run replaces them in NumPy's namespace

from symnn.scalars.adjoints import Adjoints, Operation, Pull, Step
from symnn.scalars.calls import Calls

LARGE = 16_384
"""Blocks of so many numbers are looked up by their sorted identities; those of smaller ones are in one dictionary."""

_ZERO = arb(0)


class _Open:
    tape: Tape | None = None


class _Identified:
    """The identities of the numbers in an array that was made at once, with the place of the first."""

    def __init__(self, identities: Any, start: int) -> None:
        self.identities, self.start = identities, start
        self._order: Any = None

    def places(self, identities: Any) -> Any:
        """Return the places of numbers in it, -1 for others."""
        if self._order is None:
            self._order = np.argsort(self.identities, kind="stable")
            self._sorted = self.identities[self._order]
        at = np.minimum(np.searchsorted(self._sorted, identities), len(self._order) - 1)
        return np.where(self._sorted[at] == identities, self._order[at] + self.start, -1)


class Tape:
    """What was made of the numbers that move, in the order in which it was.

    >>> from symnn.scalars import array, ball, running, values
    >>> A = array([[2, 3]], ball())
    >>> with running(ball()), recording() as tape:
    ...     leaves = tape.leaves(values(A))
    ...     y = (A * A).sum() / 2
    >>> tape.adjoints(y.value)[leaves]
    [2.00000000000000, 3.00000000000000]
    """

    def __init__(self, calls: Calls | None = None) -> None:
        self.calls = calls
        self._places: dict[int, int] = {}
        self._by_first: dict[int, _Identified] = {}
        self._large: list[_Identified] = []
        self._count = 0
        self._made: list[Step | Operation] = []
        # As long as they are kept, no identity is given to another number.
        self._kept: list[Any] = []

    def leaves(self, numbers: list[Any]) -> slice:
        """Start from numbers, which move; return their places, by which their adjoints are found."""
        start = self._register(fromiter(map(id, numbers), np.uintp, len(numbers)))
        self._kept.append(numbers)
        return slice(start, self._count)

    def moves(self, number: Any) -> bool:
        """Return whether a number was made of those that move."""
        return self._place(number) is not None

    def any_moves(self, A: Any) -> bool:
        """Return whether any entry of an array of bare numbers does."""
        return self._find(A) is not None

    def operation(self, y: Any, slopes: Sequence[Callable[..., Any]], *operands: Any) -> None:
        """Record a number that was made of others; each slope is a function of it and of all of these."""
        if self.calls is not None:
            self.calls.operation(operands, y)
        places = [self._place(x) for x in operands]
        found = [(at, slope(y, *operands)) for at, slope in zip(places, slopes, strict=True) if at is not None]
        if found:
            self._kept.append(y)
            self._places[id(y)] = self._count
            self._made.append(Operation(self._count, found))
            self._count += 1

    def call(self, made: Any, operands: Sequence[tuple[Any, Pull]]) -> None:
        """Record an array of new bare numbers that was made of others, each operand an array with its `Pull`."""
        found = [(places, pull) for A, pull in operands if (places := self._find(A)) is not None]
        if found:
            start = self._register(_identities(made))
            self._kept.append(made.copy())
            self._made.append(Step(start, made.shape, found))

    def leaf(self, size: int) -> slice:
        """Start from an array of so many numbers, to be identified when they are asked for; return their places."""
        self._count += size
        return slice(self._count - size, self._count)

    def block(self, rows: int, columns: int, operands: Sequence[tuple[Any, Pull]]) -> int | None:
        """Record a matrix that was made of others; return its first place, or None where none of them moves.

        Operands are arrays of bare numbers, or the places of blocks as a range, each with its `Pull` of matrices.
        """
        found = [(places, pull) for given, pull in operands if (places := self._find(given)) is not None]
        if not found:
            return None
        start = self.leaf(rows * columns).start
        self._made.append(Step(start, (rows, columns), found, by_matrix=True))
        return int(start)

    def identify(self, start: int, numbers: list[Any]) -> None:
        """Tell which numbers the entries of a block are, from its first place on."""
        self._kept.append(numbers)
        self._know(fromiter(map(id, numbers), np.uintp, len(numbers)), start)

    def adjoints(self, y: Any) -> Adjoints:
        """Return the derivatives of a number by all that it was made of."""
        found = Adjoints(self._count, self._place(y))
        for step in reversed(self._made):
            found.pull_back(step)
        return found

    def adjoint(self, A: Any, found: Adjoints) -> Any:
        """Return, of the adjoints that were found, those of the entries of an array of bare numbers, in its shape."""
        places = self._find(A)
        entries = [None] * A.size if places is None else found[places]
        return fromiter([_ZERO if x is None else x for x in entries], object, A.size).reshape(A.shape)

    def _register(self, identities: Any) -> int:
        start = self._count
        self._count += len(identities)
        self._know(identities, start)
        return start

    def _know(self, identities: Any, start: int) -> None:
        if not len(identities):
            return
        block = _Identified(identities, start)
        self._by_first[int(identities[0])] = block
        if len(identities) < LARGE:
            self._places.update(zip(identities.tolist(), range(start, start + len(identities)), strict=True))
        else:
            self._large.append(block)

    def _place(self, number: Any) -> int | None:
        at = self._places.get(id(number))
        if at is None and self._large and type(number) is arb:
            for block in self._large:
                (found,) = block.places(array([id(number)], dtype=np.uintp))
                if found >= 0:
                    return int(found)
        return at

    def _find(self, A: Any) -> Any:
        """The places of the entries of an array, a slice where it was made at once; None where none of them moves."""
        if A is None or isinstance(A, range):
            return A
        identities = _identities(A)
        if not len(identities):
            return None
        block = self._by_first.get(int(identities[0]))
        if block is not None and np.array_equal(block.identities, identities):
            return slice(block.start, block.start + len(identities))
        places = [-1 if at is None else at for at in map(self._places.get, identities.tolist())]
        if self._large:
            places = np.maximum.reduce([places, *(block.places(identities) for block in self._large)]).tolist()
        return places if max(places) >= 0 else None


def _identities(A: Any) -> Any:
    return fromiter(map(id, A.ravel().tolist()), np.uintp, A.size)


@contextmanager
def recording(with_calls: bool = False) -> Iterator[Tape]:
    """Record meanwhile what is made of moving balls, and by which calls of the user's code if that is asked for."""
    before, _Open.tape = _Open.tape, Tape(Calls() if with_calls else None)
    try:
        yield _Open.tape
    finally:
        _Open.tape = before


def kept_call(name: Callable[[Any, Any], str], hook: Callable[..., Any]) -> Callable[..., Any]:
    """Return what answers a call of NumPy's and keeps it where calls are recorded, by its name and its arguments."""

    def answered(function: Any, *given: Any) -> Any:
        record = _Open.tape
        if record is None or record.calls is None:
            return hook(function, *given)
        inputs = next(part for part in given if isinstance(part, tuple))
        return record.calls.run(name(function, given[0]), inputs, lambda: hook(function, *given))

    return answered


def tape() -> Tape | None:
    """Return the record that is open, or None."""
    return _Open.tape


def unbroadcast(adjoint: Any, shape: tuple[int, ...]) -> Any:
    """Return an adjoint summed over the axes along which an operand of a shape was repeated.

    >>> unbroadcast(np.ones((2, 3)), (3,))
    array([2., 2., 2.])
    """
    if adjoint.shape == shape:
        return adjoint
    extra = adjoint.ndim - len(shape)
    axes = (*range(extra), *(extra + k for k, n in enumerate(shape) if n == 1 and adjoint.shape[extra + k] != 1))
    summed = np.add.reduce(adjoint, axis=axes, keepdims=True) if axes else adjoint
    return np.reshape(summed, shape)
