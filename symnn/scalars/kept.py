"""What a check makes again and again of the same numbers, kept while it runs: scalars of doubles, matrices, products.

All is found by what it holds, never by the array that it stands in, which code may write into. Neither numbers of flint
nor scalars ever change, so that two lists with the same numbers in them are one matrix.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

import numpy as np
from flint import arb, arb_mat, ctx

FEWEST = 1024
"""From how many entries on something is kept: what is smaller is made as fast as it is found."""

MOST = 2_000_000
"""How many entries are kept in all, some hundred megabytes; what was not asked for longest is dropped first."""


class Entries(NamedTuple):
    """The entries of an array of scalars, of which classes they are, and their values."""

    scalars: list[Any]
    kinds: set[type]
    values: list[Any]


class _Kept:
    """What is kept, what was asked for last at the end; ``matrices`` holds the identities of the matrices in it."""

    def __init__(self) -> None:
        self.matrices: set[int] = set()
        self._found: dict[Hashable, tuple[int, Any]] = {}
        self._entries = 0

    def get(self, key: Hashable) -> Any:
        """Return what is kept by a key, or None."""
        if key not in self._found:
            return None
        self._found[key] = self._found.pop(key)
        return self._found[key][1]

    def add(self, key: Hashable, size: int, made: Any) -> None:
        """Keep something of so many entries by a key that has nothing yet, or something else."""
        self._drop(key)
        if size > MOST:
            return
        self._found[key] = size, made
        self._entries += size
        if made[1] is not None:
            self.matrices.add(id(made[1]))
        while self._entries > MOST:
            self._drop(next(iter(self._found)))

    def _drop(self, key: Hashable) -> None:
        size, made = self._found.pop(key, (0, ((), None)))
        self._entries -= size
        self.matrices.discard(id(made[1]))


_KEPT: ContextVar[_Kept | None] = ContextVar("kept", default=None)


@contextmanager
def numbers_kept() -> Iterator[None]:
    """Keep meanwhile what is made of large arrays of doubles, and of large matrices of exact numbers."""
    token = _KEPT.set(_KEPT.get() or _Kept())
    try:
        yield
    finally:
        _KEPT.reset(token)


def scalars(doubles: Any, kind: Any, make: Callable[[], list[Any]]) -> list[Any]:
    """Return what ``make`` makes scalars of a class of, or made of the same doubles before: the entries of an array.

    >>> import numpy as np
    >>> with numbers_kept():
    ...     scalars(np.ones(2000), list, lambda: [1]) is scalars(np.ones(2000), list, lambda: [1])
    True
    """
    kept = _KEPT.get()
    if kept is None or doubles.size < FEWEST:
        return make()
    key = "scalars", kind, doubles.tobytes()
    if (found := kept.get(key)) is None:
        found = make(), None
        kept.add(key, doubles.size, found)
    made: list[Any] = found[0]
    return made


def entries_of(A: Any, read: Callable[[Any], Entries]) -> Entries:
    """Return what is read off an array of scalars, or was read off one with the very same scalars in it before."""
    kept = _KEPT.get()
    if kept is None or A.size < FEWEST:
        return read(A)
    key = "entries", A.shape, A.view(np.ndarray).tobytes()
    if (found := kept.get(key)) is None:
        # The scalars are kept with it, so that no others can come to have their identities.
        found = read(A), None
        if _is_exact(found[0].values):
            kept.add(key, A.size, found)
    made: Entries = found[0]
    return made


def _is_exact(values: list[Any]) -> bool:
    # Numbers that are no more than rounded come out of a calculation, and are others in the next one.
    return type(values[0]) is arb and bool(values[0].is_exact())


def matrix(rows: int, columns: int, values: list[Any], rounded: bool = False) -> Any:
    """Return numbers, row by row, as an arb_mat, which may be one that was made before.

    Only exact ones are kept, and others if it is said that what is ``rounded`` will be asked for again.

    >>> from flint import arb
    >>> numbers = [arb(k) for k in range(2000)]
    >>> with numbers_kept():
    ...     matrix(40, 50, numbers) is matrix(40, 50, list(numbers))
    True
    """
    kept = _KEPT.get()
    if kept is None or len(values) < FEWEST or not (rounded or _is_exact(values)):
        return arb_mat(rows, columns, values)
    key = "matrix", rows, columns, id(values[0]), id(values[-1])
    found = kept.get(key)
    # Equal are numbers that are one and the same, or exact and equal.
    if found is None or found[0] != values:
        found = values, arb_mat(rows, columns, values)
        kept.add(key, len(values), found)
    return found[1]


def product(left: Any, right: Any) -> list[Any]:
    """Return the entries of a product of two arb_mats at the precision that is set, row by row.

    >>> from flint import arb
    >>> product(arb_mat(1, 2, [1, 2]), arb_mat(2, 1, [3, 4])) == [arb(11)]
    True
    """
    kept = _KEPT.get()
    if kept is None or not {id(left), id(right)} <= kept.matrices:
        made: list[Any] = (left * right).entries()
        return made
    # Both are kept with their product, so that no other matrices can come to have their identities.
    key = "product", id(left), id(right), ctx.prec
    if (found := kept.get(key)) is None:
        found = (left, right), None, (left * right).entries()
        kept.add(key, len(found[2]), found)
    entries: list[Any] = found[2]
    return entries
