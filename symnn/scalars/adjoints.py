"""The adjoints of what a record holds: the derivative of one number by every other, found by one sweep backwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from flint import arb, arb_mat
from numpy import fromiter  # bound here, because a run replaces it in NumPy's namespace

Pull = Callable[[Any], Any]
"""From the adjoint of what was made to that of one operand: arrays of bare numbers, or matrices of flint."""

_ZERO, _ONE = arb(0), arb(1)


class Step(NamedTuple):
    """What was made at once, by its places from ``start`` on, of what: each operand with its places and its `Pull`.

    The pulls of a step ``by_matrix`` take a matrix of flint, the others an array of its shape.
    """

    start: int
    shape: tuple[int, ...]
    operands: list[tuple[Any, Pull]]
    by_matrix: bool = False


class Operation(NamedTuple):
    """A single number, by its place, and those that it was made of, each with the derivative by it."""

    place: int
    operands: list[tuple[int, Any]]


class Adjoints:
    """The adjoints found so far by place, those of what is kept as a matrix beside the others.

    >>> found = Adjoints(3, 2)
    >>> found.pull_back(Operation(2, [(0, arb(5)), (1, arb(7))]))
    >>> found[slice(0, 3)]
    [5.00000000000000, 7.00000000000000, 1.00000000000000]
    """

    def __init__(self, count: int, place: int | None) -> None:
        self._found: list[Any] = [None] * count
        self._matrices: dict[int, Any] = {}
        if place is not None:
            self._found[place] = _ONE

    def __getitem__(self, places: Any) -> list[Any]:
        """Return those at some places, a slice or a list in which -1 stands for none; None stands for zero."""
        first, last = (places.start, places.stop) if isinstance(places, slice) else (0, len(self._found))
        for start, matrix in list(self._matrices.items()):
            stop = start + matrix.nrows() * matrix.ncols()
            if start < last and first < stop:
                self._add(slice(start, stop), matrix.entries())
                del self._matrices[start]
        return self._found[places] if isinstance(places, slice) else [None if k < 0 else self._found[k] for k in places]

    def matrix(self, start: int, rows: int, columns: int) -> Any:
        """Return those of an array from a place on as a matrix, or its factors; None where all are zero."""
        entries = self._found[start : start + rows * columns]
        held = self._matrices.get(start)
        if entries.count(None) == len(entries):
            return held
        made = arb_mat(rows, columns, [_ZERO if x is None else x for x in entries])
        return made if held is None else held + made

    def pull_back(self, step: Step | Operation) -> None:
        """Add to the adjoints of the operands what that of the result makes of them."""
        if isinstance(step, Operation):
            if (adjoint := self._found[step.place]) is not None:
                for at, slope in step.operands:
                    before = self._found[at]
                    self._found[at] = adjoint * slope if before is None else before + adjoint * slope
        elif (upstream := self.matrix(step.start, *step.shape) if step.by_matrix else self._array(step)) is not None:
            for places, pull in step.operands:
                self._give(places, pull(upstream))

    def _array(self, step: Step) -> Any:
        size = int(np.prod(step.shape, dtype=int))
        entries = self._found[step.start : step.start + size]
        if entries.count(None) == len(entries):
            return None
        return fromiter([_ZERO if x is None else x for x in entries], object, size).reshape(step.shape)

    def _give(self, places: Any, pulled: Any) -> None:
        if isinstance(places, range):
            before = self._matrices.get(places.start)
            self._matrices[places.start] = pulled if before is None else before + pulled
        else:
            self._add(places, pulled.ravel().tolist() if isinstance(pulled, np.ndarray) else pulled.entries())

    def _add(self, places: Any, pulled: list[Any]) -> None:
        if isinstance(places, slice):
            before = self._found[places]
            if before.count(None) == len(before):
                self._found[places] = pulled
            else:
                self._found[places] = [x if b is None else b + x for b, x in zip(before, pulled, strict=True)]
        else:
            for at, x in zip(places, pulled, strict=True):
                if at >= 0:
                    before = self._found[at]
                    self._found[at] = x if before is None else before + x
