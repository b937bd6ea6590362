"""Matrices that stay the same while a check runs, and their products: every slope of a loss asks for them again.

What is kept is found by what it holds, entry by entry, never by the array that it stands in, which code may write into.
Numbers of flint never change, so that two lists with the same numbers in them are one matrix.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from flint import arb_mat, ctx

FEWEST = 1024
"""From how many entries on a matrix is kept: a smaller one is made as fast as it is found."""

MOST = 4_000_000
"""How many entries are kept in all; all that is kept is dropped where more come."""


class _Kept:
    def __init__(self) -> None:
        self.matrices: dict[tuple[int, int], list[tuple[list[Any], Any]]] = {}
        self.products: dict[tuple[int, int, int], list[Any]] = {}
        self.entries = 0

    def makes_room(self, entries: int) -> None:
        """Drop everything if so many entries more would be too many."""
        if self.entries + entries > MOST:
            self.matrices, self.products, self.entries = {}, {}, 0
        self.entries += entries


_KEPT: ContextVar[_Kept | None] = ContextVar("kept", default=None)


@contextmanager
def matrices_kept() -> Iterator[None]:
    """Keep large matrices of exact numbers meanwhile, and their products."""
    token = _KEPT.set(_KEPT.get() or _Kept())
    try:
        yield
    finally:
        _KEPT.reset(token)


def matrix(rows: int, columns: int, values: list[Any]) -> Any:
    """Return numbers, row by row, as an arb_mat, which may be one that was made before.

    >>> from flint import arb
    >>> numbers = [arb(k) for k in range(2000)]
    >>> with matrices_kept():
    ...     matrix(40, 50, numbers) is matrix(40, 50, list(numbers))
    True
    """
    kept = _KEPT.get()
    # Numbers that are no more than rounded come out of a calculation, and are others in the next one.
    if kept is None or len(values) < FEWEST or not values[0].is_exact():
        return arb_mat(rows, columns, values)
    alike = kept.matrices.get((rows, columns), ())
    for known, found in alike:
        # Equal are numbers that are one and the same, or exact and equal.
        if known == values:
            return found
    made = arb_mat(rows, columns, values)
    kept.makes_room(len(values))
    kept.matrices.setdefault((rows, columns), []).append((values, made))
    return made


def product(left: Any, right: Any) -> list[Any]:
    """Return the entries of a product of two arb_mats at the precision that is set, row by row.

    >>> from flint import arb
    >>> product(arb_mat(1, 2, [1, 2]), arb_mat(2, 1, [3, 4])) == [arb(11)]
    True
    """
    kept = _KEPT.get()
    if kept is None or not (_is_kept(kept, left) and _is_kept(kept, right)):
        return _entries(left * right)
    key = id(left), id(right), ctx.prec
    if key not in kept.products:
        made = _entries(left * right)
        if kept.entries + len(made) > MOST:
            return made
        kept.entries += len(made)
        kept.products[key] = made
    return kept.products[key]


def _entries(one: Any) -> list[Any]:
    entries: list[Any] = one.entries()
    return entries


def _is_kept(kept: _Kept, one: Any) -> bool:
    return any(found is one for _, found in kept.matrices.get((one.nrows(), one.ncols()), ()))
