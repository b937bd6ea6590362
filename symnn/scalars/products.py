"""Products of arrays of scalars as products of flint matrices, which are far faster than object loops.

128x784 by 784x4 at 333 bits: 40 ms, against 0.8 s entry by entry.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from flint import arb, arb_mat, fmpq_mat
from numpy import empty

from symnn.errors import ShapeError, UndecidedError, aligned
from symnn.scalars.base import ScalarArray
from symnn.scalars.dual_numbers import Dual
from symnn.scalars.guards import Guarded, with_guards, without_guards
from symnn.scalars.kept import Entries, entries_of, matrix, product
from symnn.scalars.lifting import arranged
from symnn.scalars.plain import Ball, Exact
from symnn.scalars.signature_numbers import Signature
from symnn.scalars.signature_products import product_entries
from symnn.scalars.traces import Trace


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
    a, b = entries_of(A, _read), entries_of(B, _read)
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
    left, right = matrix(rows, inner, a.values), matrix(inner, columns, b.values)
    values = product(left, right)
    if Dual not in kinds:
        return arranged(list(map(Ball, values)), (rows, columns))
    moving = [
        tangents
        for tangents in (
            _left_moving(a.scalars, right) if Dual in a.kinds else None,
            _right_moving(left, a.values, b.scalars) if Dual in b.kinds else None,
        )
        if tangents is not None
    ]
    if len(moving) == 2:
        moving = [[one + other for one, other in zip(*moving, strict=True)]]
    tangents = moving[0] if moving else [None] * len(values)
    return arranged(list(map(Dual, values, tangents)), (rows, columns))


def _read(A: Any) -> Entries:
    scalars = A.ravel().tolist()
    return Entries(scalars, set(map(type, scalars)), [x.value for x in scalars])


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


def _left_moving(entries: list[Any], right: Any) -> list[Any] | None:
    """The entries of the product of the tangents of a matrix with another one; None if all of them are exactly zero."""
    inner, columns = right.nrows(), right.ncols()
    rows, moving = _moving_rows(entries, inner)
    if not moving:
        return None
    # Rows of zeros give rows of zeros, but for a matrix with entries that are not finite.
    if len(moving) < rows and not all(x == 0 for x in (arb_mat(1, inner) * right).entries()):
        moving = range(rows)
    found = product(_tangents(entries, moving, inner), right)
    if len(moving) == rows:
        return found
    made = [arb(0)] * (rows * columns)
    for at, k in enumerate(moving):
        made[k * columns : (k + 1) * columns] = found[at * columns : (at + 1) * columns]
    return made


def _right_moving(left: Any, values: list[Any], entries: list[Any]) -> list[Any] | None:
    """The same for the product of a matrix, given with its values, and the tangents of another one."""
    inner = left.ncols()
    columns = len(entries) // inner if inner else 0
    _, moving = _moving_rows(entries, columns)
    if not moving:
        return None
    if len(moving) < inner and all(map(arb.is_finite, values)):
        rows = left.nrows()
        left = arb_mat(rows, len(moving), [values[i * inner + k] for i in range(rows) for k in moving])
    else:
        moving = range(inner)
    return product(left, _tangents(entries, moving, columns))


def _moving_rows(entries: list[Any], columns: int) -> tuple[int, Sequence[int]]:
    """How many rows a matrix has, and in which of them something moves."""
    rows = [entries[k : k + columns] for k in range(0, len(entries), columns)] if columns else []
    duals = [k for k, row in enumerate(rows) if Dual in set(map(type, row))]
    return len(rows), [k for k in duals if any(x.tangent is not None for x in rows[k])]


def _tangents(entries: list[Any], moving: Sequence[int], columns: int) -> Any:
    """Rows of a matrix of tangents."""
    zero = arb(0)
    rows = (entries[k * columns : (k + 1) * columns] for k in moving)
    held = [zero if (tangent := x.tangent) is None else tangent for row in rows for x in row]
    return matrix(len(moving), columns, held)


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
    return (matrix(1, len(values), values, rounded=True) * arb_mat(len(weights), 1, weights)).entries()[0]


def squares(values: list[Any]) -> Any:
    """Return the sum of the squares of values, a list of arb, as one ball."""
    if not values:
        return arb(0)
    row = matrix(1, len(values), values, rounded=True)
    return (row * row.transpose()).entries()[0]
