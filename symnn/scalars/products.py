"""Products of arrays of scalars as products of flint matrices, which are far faster than object loops.

128x784 by 784x4 at 333 bits: 40 ms, against 0.8 s entry by entry.
"""

from __future__ import annotations

import math
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
from flint import arb, arb_mat, fmpq_mat
from numpy import empty, fromiter

from symnn.errors import ShapeError, UndecidedError, aligned
from symnn.scalars.base import ScalarArray
from symnn.scalars.dual_numbers import Dual, tangent_matrix
from symnn.scalars.guards import Guarded, with_guards, without_guards
from symnn.scalars.lifting import arranged
from symnn.scalars.plain import Ball, Exact
from symnn.scalars.signature_numbers import Signature
from symnn.scalars.signature_products import product_entries
from symnn.scalars.tape import Pull, tape
from symnn.scalars.traces import Trace


class _Entries(NamedTuple):
    """The entries of an array of scalars, of which classes they are, and their values."""

    scalars: list[Any]
    kinds: set[type]
    values: list[Any]


def matmul(A: Any, B: Any) -> Any:
    """Return ``A @ B`` for arrays of scalars of any dimensions, as ``numpy.matmul``.

    Raises ShapeError when the inner sizes differ, ValueError for operands of shape ().
    """
    if np.ndim(A) == 0 or np.ndim(B) == 0:
        raise ValueError("matmul: an operand is a scalar; use * instead")
    if A.ndim > 2 or B.ndim > 2:
        return _stacked(A, B)
    rows = A.reshape(1, -1) if A.ndim == 1 else A
    columns = B.reshape(-1, 1) if B.ndim == 1 else B
    if rows.shape[1] != columns.shape[0]:
        shapes = aligned([("left", str(A.shape)), ("right", str(B.shape))])
        raise ShapeError(f"matmul: inner sizes differ\n{shapes}")
    result = _product(rows, columns).reshape(A.shape[:-1] + B.shape[1:])
    return result if result.ndim else result[()]


def _stacked(A: Any, B: Any) -> Any:
    left = A.reshape(1, -1) if A.ndim == 1 else A
    right = B.reshape(-1, 1) if B.ndim == 1 else B
    batch = np.broadcast_shapes(left.shape[:-2], right.shape[:-2])
    left = np.broadcast_to(left.view(np.ndarray), batch + left.shape[-2:])
    right = np.broadcast_to(right.view(np.ndarray), batch + right.shape[-2:])
    result = empty((*batch, left.shape[-2], right.shape[-1]), dtype=object)
    for index in np.ndindex(*batch):
        result[index] = matmul(left[index], right[index])
    if A.ndim == 1:
        result = result[..., 0, :]
    return (result[..., 0] if B.ndim == 1 else result).view(ScalarArray)


def _product(A: Any, B: Any) -> Any:
    (rows, inner), columns = A.shape, B.shape[1]
    a, b = _read(A), _read(B)
    kinds = a.kinds | b.kinds
    if any(issubclass(kind, Trace) for kind in kinds):
        return np.matmul(A.view(np.ndarray), B.view(np.ndarray)).view(ScalarArray)
    if Guarded in kinds:
        return _guarded_product(A, B, a.scalars, b.scalars)
    if kinds == {Signature}:
        return arranged(product_entries(a.scalars, b.scalars, rows, inner, columns), (rows, columns))
    if kinds == {Exact}:
        exact = fmpq_mat(rows, inner, a.values) * fmpq_mat(inner, columns, b.values)
        return arranged(list(map(Exact, exact.entries())), (rows, columns))
    if Exact in kinds:
        raise UndecidedError("exact numbers and balls do not mix: run both in one number system")
    left, right = arb_mat(rows, inner, a.values), arb_mat(inner, columns, b.values)
    values = (left * right).entries()
    if Dual not in kinds:
        if (record := tape()) is not None:
            pairs = [(_flat(a.values), _by_right(right)), (_flat(b.values), _by_left(left))]
            record.call(_flat(values).reshape(rows, columns), pairs)
        return arranged(list(map(Ball, values)), (rows, columns))
    moving = [
        part
        for part in (
            _by_tangent(a, rows, inner, lambda tangent: tangent * right) if Dual in a.kinds else None,
            _by_tangent(b, inner, columns, lambda tangent: left * tangent) if Dual in b.kinds else None,
        )
        if part is not None
    ]
    tangents = sum(moving[1:], moving[0]).entries() if moving else [None] * len(values)
    return arranged(list(map(Dual, values, tangents)), (rows, columns))


def _by_right(right: Any) -> Pull:
    """From the adjoint of a product to that of its left factor."""
    return lambda adjoint: _entries(arb_mat(*adjoint.shape, adjoint.ravel().tolist()) * right.transpose())


def _by_left(left: Any) -> Pull:
    """From the adjoint of a product to that of its right factor."""
    return lambda adjoint: _entries(left.transpose() * arb_mat(*adjoint.shape, adjoint.ravel().tolist()))


def _flat(numbers: list[Any]) -> Any:
    return fromiter(numbers, object, len(numbers))


def _entries(A: Any) -> Any:
    return _flat(A.entries()).reshape(A.nrows(), A.ncols())


def _read(A: Any) -> _Entries:
    scalars = A.ravel().tolist()
    return _Entries(scalars, set(map(type, scalars)), list(map(attrgetter("value"), scalars)))


def _guarded_product(A: Any, B: Any, a: list[Any], b: list[Any]) -> Any:
    """The product in full, and where guards stand in it also the one without them."""
    full = _product(without_guards(A), without_guards(B))
    sizes: frozenset[float] = frozenset().union(*(x.sizes for x in (*a, *b) if isinstance(x, Guarded)))
    if not sizes:
        return with_guards(full)
    left, right = (arranged([getattr(x, "without", x) for x in part], C.shape) for part, C in ((a, A), (b, B)))
    bare = _product(left, right).ravel().tolist()
    held = zip(full.ravel().tolist(), bare, strict=True)
    return arranged([Guarded(one, other, sizes) for one, other in held], full.shape)


def _by_tangent(held: Any, rows: int, columns: int, times: Any) -> Any:
    """The product with the matrix of tangents, or None if all of them are exactly zero."""
    tangents = [x.tangent if type(x) is Dual else None for x in held.scalars]
    return None if all(tangent is None for tangent in tangents) else times(tangent_matrix(rows, columns, tangents))


def dot(A: Any, B: Any) -> Any:
    """Return ``numpy.dot(A, B)`` for arrays of scalars or single scalars."""
    if np.ndim(A) == 0 or np.ndim(B) == 0:
        return A * B
    if B.ndim <= 2:
        return matmul(A, B)
    return tensordot(A, B, ([A.ndim - 1], [B.ndim - 2]))


def tensordot(A: Any, B: Any, axes: tuple[list[int], list[int]]) -> Any:
    """Return the sum over paired axes of two arrays of scalars, as ``numpy.tensordot``."""
    over_a, over_b = [k % A.ndim for k in axes[0]], [k % B.ndim for k in axes[1]]
    free_a = [k for k in range(A.ndim) if k not in over_a]
    free_b = [k for k in range(B.ndim) if k not in over_b]
    inner = math.prod(A.shape[k] for k in over_a)
    shape_a, shape_b = tuple(A.shape[k] for k in free_a), tuple(B.shape[k] for k in free_b)
    left = A.transpose(free_a + over_a).reshape(math.prod(shape_a), inner)
    right = B.transpose(over_b + free_b).reshape(inner, math.prod(shape_b))
    result = matmul(left, right).reshape(shape_a + shape_b)
    return result if result.ndim else result[()]


def einsum_as_product(subscripts: str, A: Any, B: Any) -> Any:
    """Return a two-operand einsum as one matrix product, or None where it is none.

    It is one when every letter stands in exactly two of the three index lists, once in each.
    """
    inputs, _, output = subscripts.replace(" ", "").partition("->")
    left, _, right = inputs.partition(",")
    lists = (left, right, output)
    if "->" not in subscripts or "." in subscripts or "," in right:
        return None
    if any(sorted(part.count(x) for part in lists) != [0, 1, 1] for x in left + right + output):
        return None
    summed = [x for x in left if x in right]
    found = tensordot(A, B, ([left.index(x) for x in summed], [right.index(x) for x in summed]))
    given = [x for x in left + right if x not in summed]
    return found.transpose([given.index(x) for x in output]) if output else found


def total(values: list[Any], weights: list[Any]) -> Any:
    """Return the sum of values times weights, a list of arb and one of arb or doubles, as one ball."""
    if not values:
        return arb(0)
    return (arb_mat(1, len(values), values) * arb_mat(len(weights), 1, weights)).entries()[0]


def squares(values: list[Any]) -> Any:
    """Return the sum of the squares of values, a list of arb, as one ball."""
    if not values:
        return arb(0)
    row = arb_mat(1, len(values), values)
    return (row * row.transpose()).entries()[0]
