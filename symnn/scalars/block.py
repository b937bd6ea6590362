"""A large array of balls, or of duals, kept as a matrix of flint until somebody asks for its entries.

To make a scalar of each of 100,000 entries, and a matrix of them again, takes several times as long as the product that
they come from. A `Block` passes for the array: products of blocks, their sums and multiples stay matrices, or products
of thin ones; so it stays where single entries are read and written. Every other call gets the array of scalars, which
is made once, and which all views of the block share.
"""

from __future__ import annotations

from collections.abc import Collection
from operator import attrgetter
from typing import Any

import numpy as np
from flint import arb_mat
from numpy import fromiter  # bound here, because a run replaces it in NumPy's namespace
from numpy.lib.mixins import NDArrayOperatorsMixin

from symnn.scalars.adjoints import Pull
from symnn.scalars.asking import real_dtype
from symnn.scalars.base import HOOKS, ScalarArray
from symnn.scalars.store import MOSTLY, Store
from symnn.scalars.tape import Tape

FEWEST = 4096
"""From how many entries on an array is kept as a matrix."""

_OBJECT = np.dtype(object)


class Block(NDArrayOperatorsMixin):
    """A two-dimensional array of balls or duals whose entries are made when they are asked for.

    >>> A = Block(arb_mat(2, 2, [1, 2, 3, 4]))
    >>> isinstance(A, np.ndarray), A.T.shape, (A @ A)[0, 1], A.sum()
    (True, (2, 2), Ball(10), Ball(10))
    """

    def __init__(self, matrix: Any, tangent: Any = None, record: Tape | None = None, start: int | None = None) -> None:
        self._store = Store(matrix, tangent, record, start)
        self._is_transposed = False

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        return ScalarArray

    @property
    def array(self) -> Any:
        """The array of scalars, into which may be written."""
        entries = self._store.entries()
        return entries.T if self._is_transposed else entries

    @property
    def held(self) -> Any:
        """The matrix of values, or its factors; None where something has been written into the array."""
        return self._turned(self._store.held) if self._store.is_as_made else None

    @property
    def matrix(self) -> Any:
        """The matrix of values as one of flint; None where something has been written into the array."""
        return self._turned(self._store.matrix) if self._store.is_as_made else None

    @property
    def parts(self) -> tuple[Any, dict[int, Any]] | None:
        """The matrix as it was made, or its factors, and what was written into it since, by flat places.

        None where that is so much, or such, that the array is better looked at itself.
        """
        changed = self._store.changed()
        if changed is None or len(changed) * MOSTLY > self.size:
            return None
        if self._is_transposed:
            rows, columns = self._store.shape
            changed = {k % columns * rows + k // columns: x for k, x in changed.items()}
        return self._turned(self._store.held), changed

    @property
    def doubles(self) -> Any:
        """The values as float64, to 13 digits at least, while nothing has been written into the array."""
        return self._turned(self._store.doubles)

    @property
    def tangent(self) -> Any:
        """The matrix of tangents, None being zero."""
        return None if self._store.tangent is None else self._turned(self._store.tangent)

    @property
    def numbers(self) -> list[Any]:
        """The values of the entries in a row, while nothing has been written into the array."""
        held = self._store.numbers
        if not self._is_transposed:
            return held
        numbers: list[Any] = fromiter(held, object, len(held)).reshape(self.shape[::-1]).T.ravel().tolist()
        return numbers

    def operand(self, record: Tape, pull: Pull) -> tuple[Any, Pull]:
        """Return the places on a record, None where none of them moves, and a pull to its matrix as it is stored."""
        store = self._store
        known = store.record is record and store.start is not None
        places = range(store.start, store.start + self.size) if known and store.start is not None else None
        return places, (lambda adjoint: pull(adjoint).transpose()) if self._is_transposed else pull

    def _turned(self, matrix: Any) -> Any:
        return matrix.transpose() if self._is_transposed else matrix

    def _with(self, store: Store, is_transposed: bool) -> Block:
        found = object.__new__(Block)
        found._store, found._is_transposed = store, is_transposed
        return found

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the array."""
        if self._store.array is not None:
            return tuple(self.array.shape)
        rows, columns = self._store.shape
        return (columns, rows) if self._is_transposed else (rows, columns)

    @shape.setter
    def shape(self, shape: Any) -> None:
        array = self.array
        array.shape = shape
        self._store.array, self._is_transposed = array, False

    @property
    def ndim(self) -> int:
        """The number of dimensions."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """The number of entries."""
        return int(np.prod(self.shape, dtype=int))

    @property
    def dtype(self) -> Any:
        """That of floats in a run, for the code under test; else that of objects."""
        return real_dtype(_OBJECT)

    @property
    def T(self) -> Block:
        """The transpose, of the same entries."""
        return self._with(self._store, not self._is_transposed)

    @property
    def is_turned(self) -> bool:
        """Whether it is the transpose of what is stored."""
        return self._is_transposed

    def transpose(self, *axes: Any) -> Any:
        """Return the array with its axes in another order, as ``numpy.ndarray.transpose``."""
        return self.array.transpose(*axes) if axes else self.T

    def copy(self, *order: Any, **options: Any) -> Any:
        """Return a copy: the same matrix, which never changes."""
        return self._with(copied, self._is_transposed) if (copied := self._store.copy()) else self.array.copy()

    def __deepcopy__(self, memo: Any) -> Any:
        return self.copy()

    def __reduce_ex__(self, protocol: Any) -> Any:
        return self.array.__reduce_ex__(protocol)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.array, name)

    def __getitem__(self, key: Any) -> Any:
        k = self._place(key)
        return self.array[key] if k is None else self._store.entry(k)

    def __setitem__(self, key: Any, value: Any) -> None:
        k = self._place(key)
        if k is None or not self._store.write(k, value):
            self.array[key] = value

    def _place(self, key: Any) -> int | None:
        """Where the matrix has the entry that a key names; None for another kind of key, and once the array is made."""
        if type(key) is not tuple or len(key) != 2 or not self._store.is_by_one():
            return None
        if any(isinstance(x, bool) or not isinstance(x, int | np.integer) for x in key):
            return None
        at = [int(x) + n if x < 0 else int(x) for x, n in zip(key, self.shape, strict=True)]
        if any(not 0 <= x < n for x, n in zip(at, self.shape, strict=True)):
            return None
        i, j = reversed(at) if self._is_transposed else at
        return i * self._store.shape[1] + j

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        held = self.array.view(np.ndarray)
        held = held if dtype is None else held.astype(dtype)
        return held.copy() if copy else held

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        return HOOKS["ufunc"](ufunc, method, inputs, kwargs)

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return HOOKS["function"](func, args, kwargs)


def _delegated(name: str) -> Any:
    def method(self: Block, *args: Any) -> Any:
        return getattr(self.array, name)(*args)

    method.__doc__ = f"Return what ``{name}`` of the array returns."
    return method


_SPECIAL = ("len", "iter", "bool", "float", "int", "index", "repr", "str", "format", "contains")
for _name in _SPECIAL:
    setattr(Block, f"__{_name}__", _delegated(f"__{_name}__"))


def leaf(record: Tape, A: Any) -> tuple[Any, slice]:
    """Return an array of balls whose numbers move from now on, and their places on a record."""
    if type(A) is not Block:
        return A, record.leaves(numbers(A))
    places = record.leaf(A.size)
    return Block(A.held, None, record, places.start), places


def off_record(A: Any) -> Any:
    """Return an array of balls as one that no record knows, so that none is kept for it."""
    return Block(A.held) if type(A) is Block else A


def numbers(A: Any) -> list[Any]:
    """Return the values of an array of scalars as a flat list of flint numbers."""
    if type(A) is Block and A.held is not None:
        return A.numbers
    return list(map(attrgetter("value"), A.ravel().tolist()))


def moving_block(A: Any, places: Collection[int], slopes: list[Any]) -> Block | None:
    """Return a block of which the entries at some places have tangents; None where it is no block any more."""
    if type(A) is not Block or (held := A.held) is None:
        return None
    tangent = arb_mat(*A.shape)
    for k, slope in zip(places, slopes, strict=True):
        tangent[divmod(k, A.shape[1])] = slope
    return Block(held, tangent)


def in_entries(x: Any) -> Any:
    """Return what a call was given with the arrays of scalars in place of blocks."""
    if type(x) is Block:
        return x.array
    if type(x) is dict:
        return {key: in_entries(value) for key, value in x.items()}
    return type(x)(map(in_entries, x)) if type(x) in (list, tuple) else x
