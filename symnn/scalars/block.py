"""A large array of balls, or of duals, kept as a matrix of flint until somebody asks for its entries.

To make a scalar of each of 100,000 entries, and a matrix of them again, takes several times as long as the product that
they come from. A `Block` passes for the array: products of blocks, their sums and multiples stay matrices; every other
call gets the array of scalars, which is made once, and which all views of the block share.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter, is_
from typing import Any

import numpy as np
from flint import arb, arb_mat
from numpy import fromiter  # bound here, because a run replaces it in NumPy's namespace
from numpy.lib.mixins import NDArrayOperatorsMixin

from symnn.scalars.adjoints import Pull
from symnn.scalars.asking import real_dtype
from symnn.scalars.base import HOOKS, ScalarArray
from symnn.scalars.dual_numbers import Dual
from symnn.scalars.lifting import arranged
from symnn.scalars.plain import Ball
from symnn.scalars.tape import Tape

FEWEST = 4096
"""From how many entries on an array is kept as a matrix."""

_OBJECT = np.dtype(object)


class _Store:
    """A matrix with the matrix of its tangents, its places on a record, and its entries once they were asked for."""

    def __init__(self, matrix: Any, tangent: Any, record: Tape | None, start: int | None) -> None:
        self.matrix, self.tangent, self.record, self.start = matrix, tangent, record, start
        self.array: Any = None
        self._made: list[Any] = []
        self._numbers: list[Any] | None = None

    @property
    def numbers(self) -> list[Any]:
        """The values of the entries, as the matrix has them."""
        if self._numbers is None:
            self._numbers = self.matrix.entries()
            if self.record is not None and self.start is not None:
                self.record.identify(self.start, self._numbers)
        return self._numbers

    def entries(self) -> Any:
        """Return the array of scalars, which is the truth from then on."""
        if self.array is None:
            tangents = None if self.tangent is None else self.tangent.entries()
            self._made = list(map(Ball, self.numbers) if tangents is None else map(Dual, self.numbers, tangents))
            self.array = arranged(self._made, (self.matrix.nrows(), self.matrix.ncols()))
        return self.array

    @property
    def is_as_made(self) -> bool:
        """Whether nothing has been written into the array."""
        return self.array is None or (
            self.array.shape == (self.matrix.nrows(), self.matrix.ncols())
            and all(map(is_, self.array.ravel().tolist(), self._made))
        )


class Block(NDArrayOperatorsMixin):
    """A two-dimensional array of balls or duals whose entries are made when they are asked for.

    >>> A = Block(arb_mat(2, 2, [1, 2, 3, 4]))
    >>> isinstance(A, np.ndarray), A.T.shape, (A @ A)[0, 1], A.sum()
    (True, (2, 2), Ball(10), Ball(10))
    """

    def __init__(self, matrix: Any, tangent: Any = None, record: Tape | None = None, start: int | None = None) -> None:
        self._store = _Store(matrix, tangent, record, start)
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
    def matrix(self) -> Any:
        """The matrix of values; None where something has been written into the array."""
        return self._turned(self._store.matrix) if self._store.is_as_made else None

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

    def _with(self, store: _Store, is_transposed: bool) -> Block:
        found = object.__new__(Block)
        found._store, found._is_transposed = store, is_transposed
        return found

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the array."""
        if self._store.array is not None:
            return tuple(self.array.shape)
        rows, columns = self._store.matrix.nrows(), self._store.matrix.ncols()
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
        store = self._store
        if not store.is_as_made:
            return self.array.copy()
        return self._with(_Store(store.matrix, store.tangent, store.record, store.start), self._is_transposed)

    def __deepcopy__(self, memo: Any) -> Any:
        return self.copy()

    def __reduce_ex__(self, protocol: Any) -> Any:
        return self.array.__reduce_ex__(protocol)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.array, name)

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


_SPECIAL = ("getitem", "setitem", "len", "iter", "bool", "float", "int", "index", "repr", "str", "format", "contains")
for _name in _SPECIAL:
    setattr(Block, f"__{_name}__", _delegated(f"__{_name}__"))


def leaf(record: Tape, A: Any) -> tuple[Any, slice]:
    """Return an array of balls whose numbers move from now on, and their places on a record."""
    if type(A) is not Block:
        return A, record.leaves(numbers(A))
    places = record.leaf(A.size)
    return Block(A.matrix, None, record, places.start), places


def off_record(A: Any) -> Any:
    """Return an array of balls as one that no record knows, so that none is kept for it."""
    return Block(A.matrix) if type(A) is Block else A


def numbers(A: Any) -> list[Any]:
    """Return the values of an array of scalars as a flat list of flint numbers."""
    if type(A) is Block and A.matrix is not None:
        return A.numbers
    return list(map(attrgetter("value"), A.ravel().tolist()))


def numbers_at(A: Any, places: Iterable[int]) -> list[Any]:
    """Return the values of an array of scalars at some places of it, taken flat.

    >>> numbers_at(Block(arb_mat(2, 2, [1, 2, 3, 4])), [2, 1])
    [3.00000000000000, 2.00000000000000]
    """
    if type(A) is Block and (matrix := A.matrix) is not None:
        return [matrix[divmod(k, A.shape[1])] for k in places]
    held = numbers(A)
    return [held[k] for k in places]


def all_finite(A: Any) -> bool:
    """Return whether all entries of an array of balls are finite."""
    if type(A) is Block and (matrix := A.matrix) is not None:
        # A sum that holds an infinite number, or none at all, is not finite.
        rows, columns = A.shape
        total = arb_mat(1, rows, [1] * rows) * matrix * arb_mat(columns, 1, [1] * columns)
        return bool(total[0, 0].is_finite())
    return all(map(arb.is_finite, numbers(A)))


def moving_block(A: Any, places: Iterable[int], slopes: list[Any]) -> Block | None:
    """Return a block of which the entries at some places have tangents; None where it is no block any more."""
    if type(A) is not Block or (matrix := A.matrix) is None:
        return None
    tangent = arb_mat(*A.shape)
    for k, slope in zip(places, slopes, strict=True):
        tangent[divmod(k, A.shape[1])] = slope
    return Block(matrix, tangent)


def in_entries(x: Any) -> Any:
    """Return what a call was given with the arrays of scalars in place of blocks."""
    if type(x) is Block:
        return x.array
    if type(x) is dict:
        return {key: in_entries(value) for key, value in x.items()}
    return type(x)(map(in_entries, x)) if type(x) in (list, tuple) else x
