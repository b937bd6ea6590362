"""Products of arrays of scalars as products of flint matrices, which are far faster than object loops.

128x784 by 784x4 at 333 bits: 40 ms, against 0.8 s entry by entry. A product of thin factors is not made at all.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property
from itertools import repeat
from operator import attrgetter, mul
from typing import Any

import numpy as np
from flint import arb, arb_mat, fmpq_mat
from numpy import empty, fromiter

from symnn.errors import ShapeError, UndecidedError, aligned
from symnn.scalars.adjoints import Pull
from symnn.scalars.base import ScalarArray
from symnn.scalars.block import FEWEST, Block
from symnn.scalars.dual_numbers import Dual, tangent_matrix
from symnn.scalars.factored import FEW_BITS, product
from symnn.scalars.guards import Guarded, with_guards, without_guards
from symnn.scalars.lifting import arranged
from symnn.scalars.plain import Ball, Exact
from symnn.scalars.run import current, number, precision
from symnn.scalars.signature_numbers import Signature
from symnn.scalars.signature_products import product_entries
from symnn.scalars.tape import Tape, tape
from symnn.scalars.traces import Trace


class _Operand:
    """An array of scalars as a factor: of which classes its entries are, and their values and tangents as matrices."""

    def __init__(self, A: Any) -> None:
        self.array, self._shape = A, A.shape
        self._block = A if type(A) is Block and A.held is not None else None
        self.scalars: list[Any] = [] if self._block is not None else A.ravel().tolist()
        kind = Ball if self._block is None or A.tangent is None else Dual
        self.kinds: set[Any] = set(map(type, self.scalars)) if self._block is None else {kind}

    @cached_property
    def values(self) -> list[Any]:
        """The values of the entries."""
        return list(map(attrgetter("value"), self.scalars))

    @cached_property
    def matrix(self) -> Any:
        """The values as a matrix of flint, or its factors."""
        return arb_mat(*self._shape, self.values) if self._block is None else self._block.held

    @cached_property
    def tangent(self) -> Any:
        """The tangents as a matrix of flint, or None if all of them are exactly zero."""
        if self._block is not None:
            return self._block.tangent
        tangents = [x.tangent if type(x) is Dual else None for x in self.scalars]
        rows, columns = self._shape
        return None if all(one is None for one in tangents) else tangent_matrix(rows, columns, tangents)

    def operand(self, record: Tape, pull: Pull) -> tuple[Any, Pull]:
        """Return what a record knows the entries by, with the pull to them."""
        if self._block is not None:
            return self._block.operand(record, pull)
        return fromiter(self.values, object, len(self.values)), pull


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
    result = _product(rows, columns)
    if A.ndim == B.ndim == 2:
        return result
    result = result.reshape(A.shape[:-1] + B.shape[1:])
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
    a, b = _Operand(A), _Operand(B)
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
    left, right = a.matrix, b.matrix
    made = product(left, right)
    if Dual in kinds:
        moving = [] if a.tangent is None else [product(a.tangent, right)]
        moving += [] if b.tangent is None else [product(left, b.tangent)]
        return array_of(made, sum(moving[1:], moving[0]) if moving else None, is_dual=True)
    if (record := tape()) is None:
        return array_of(made)
    pairs = [a.operand(record, _by_right(right)), b.operand(record, _by_left(left))]
    return recorded_matrix(record, made, pairs)


def recorded_matrix(record: Tape, matrix: Any, operands: list[tuple[Any, Pull]]) -> Any:
    """Return a matrix that was made of others as an array, put on the record with its operands."""
    rows, columns = matrix.nrows(), matrix.ncols()
    start = record.block(rows, columns, operands)
    if rows * columns >= FEWEST:
        return Block(matrix, None, record, start)
    numbers = matrix.entries()
    if start is not None:
        record.identify(start, numbers)
    return arranged(list(map(Ball, numbers)), (rows, columns))


def array_of(matrix: Any, tangent: Any = None, is_dual: bool = False) -> Any:
    """Return a matrix, or one with its tangent, as an array of balls or duals: a block if it is large."""
    shape = matrix.nrows(), matrix.ncols()
    if shape[0] * shape[1] >= FEWEST and (tangent is not None or not is_dual):
        return Block(matrix, tangent)
    numbers = matrix.entries()
    if not is_dual:
        return arranged(list(map(Ball, numbers)), shape)
    return arranged(list(map(Dual, numbers, repeat(None) if tangent is None else tangent.entries())), shape)


def of_blocks(name: str, operands: tuple[Any, ...]) -> Any:
    """Return what an operator makes of blocks, or of one and a number that stands still, as a block; else None."""
    blocks = [x if type(x) is Block and x.held is not None else None for x in operands]
    if (
        name not in (*_FACTORS, *_SIGNS)
        or all(one is None for one in blocks)
        or getattr(current().system, "addend", None)
    ):
        return None
    if all(one.is_turned for one in blocks if one is not None):
        # NumPy keeps the order in memory, by which ravel is a view or a copy.
        turned = of_blocks(name, tuple(x if one is None else one.T for x, one in zip(operands, blocks, strict=True)))
        return None if turned is None else turned.T
    if name in _FACTORS:
        block, factor = blocks[0], _still(operands[1])
        if block is None and name == "multiply":
            block, factor = blocks[1], _still(operands[0])
        return None if block is None or factor is None else _linear([(block, _FACTORS[name](factor))])
    if any(one is None for one in blocks) or len({one.shape for one in blocks if one is not None}) > 1:
        return None
    return _linear(list(zip(blocks, _SIGNS[name], strict=True)))


def _still(x: Any) -> Any:
    """A single number that does not move, as an arb; None for anything else."""
    if type(x) is Ball:
        return x.value if x.tangent is None else None
    plain = number(x)
    return None if plain is NotImplemented else arb(plain)


def _linear(terms: list[tuple[Any, Callable[[Any], Any]]]) -> Any:
    """The sum of blocks, each through a linear function of matrices that is its own transpose."""
    matrix = sum((of(block.held) for block, of in terms[1:]), terms[0][1](terms[0][0].held))
    moving = [of(block.tangent) for block, of in terms if block.tangent is not None]
    if (record := tape()) is not None:
        return recorded_matrix(record, matrix, [block.operand(record, of) for block, of in terms])
    return Block(matrix, sum(moving[1:], moving[0]) if moving else None)


def _same(matrix: Any) -> Any:
    return matrix


def _negated(matrix: Any) -> Any:
    return -matrix


_FACTORS: dict[str, Callable[[Any], Callable[[Any], Any]]] = {
    "multiply": lambda factor: lambda matrix: matrix * factor,
    "divide": lambda divisor: lambda matrix: matrix / divisor,
}
_SIGNS: dict[str, tuple[Callable[[Any], Any], ...]] = {
    "add": (_same, _same),
    "subtract": (_same, _negated),
    "negative": (_negated,),
}


def _by_right(right: Any) -> Pull:
    """From the adjoint of a product to that of its left factor."""
    return lambda adjoint: product(adjoint, right.transpose())


def _by_left(left: Any) -> Pull:
    """From the adjoint of a product to that of its right factor."""
    return lambda adjoint: product(left.transpose(), adjoint)


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
    """Return the sum of the squares of values, a list of arb, as one ball of few digits."""
    with precision(FEW_BITS):
        return sum(map(mul, values, values), arb(0))
