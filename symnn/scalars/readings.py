"""What is read off an array of balls as flint numbers, doubles or truths, of a block without making its entries."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
from flint import arb, arb_mat
from numpy import array  # bound here, because a run replaces it in NumPy's namespace

from symnn.scalars.block import Block, numbers
from symnn.scalars.factored import Factored
from symnn.scalars.store import MOSTLY


def numbers_at(A: Any, places: Collection[int]) -> list[Any]:
    """Return the values of an array of scalars at some places of it, taken flat.

    >>> numbers_at(Block(arb_mat(2, 2, [1, 2, 3, 4])), [2, 1])
    [3.00000000000000, 2.00000000000000]
    """
    if type(A) is Block and len(places) * MOSTLY <= A.size and (parts := A.parts) is not None:
        held, changed = parts
        return [changed[k].value if k in changed else held[divmod(k, A.shape[1])] for k in places]
    found = numbers(A)
    return [found[k] for k in places]


def doubles(A: Any) -> Any:
    """Return the values of an array of balls as float64, to 13 digits at least; those of a block are made once.

    >>> doubles(Block(arb_mat(2, 2, [1, 2, 3, 4]))).tolist()
    [[1.0, 2.0], [3.0, 4.0]]
    """
    parts = A.parts if type(A) is Block else None
    if parts is None:
        return array(list(map(float, numbers(A))), dtype=np.float64).reshape(A.shape)
    found, (_, changed) = A.doubles, parts
    if changed:
        found = found.copy()
        for k, x in changed.items():
            found[divmod(k, A.shape[1])] = float(x.value)
    return found


def zeros(A: Any) -> Any:
    """Return which entries of an array of balls are certainly zero, taken flat.

    >>> zeros(Block(arb_mat(2, 2, [1, 0, arb(0, 1), arb("1e-1000")]))).tolist()
    [False, True, False, False]
    """
    parts = A.parts if type(A) is Block else None
    if parts is not None and isinstance(parts[0], Factored):
        found, unsure = _zeros_of(parts[0])
        unsure[list(parts[1])] = True
    else:
        found = unsure = doubles(A).ravel() == 0
    places = np.nonzero(unsure)[0].tolist()
    found[places] = [bool(x == 0) for x in numbers_at(A, places)]
    return found


def _zeros_of(held: Factored) -> tuple[Any, Any]:
    """Which entries of a product are certainly zero, and for which it takes the sum of several exact terms to tell."""
    masks = []
    for factor in (held.left, held.right):
        entries, shape = factor.entries(), (factor.nrows(), factor.ncols())
        exact = array(list(map(arb.is_exact, entries))).reshape(shape)
        zero = array([bool(x == 0) for x in entries]).reshape(shape)
        masks.append((np.where(zero, 0.0, 1.0), np.where(exact, 0.0, 1.0)))
    (left, wide), (right, wide_right) = masks
    terms = (left @ right).ravel()
    # Where one term has a radius their sum has one.
    is_wide = (wide @ right + left @ wide_right).ravel() > 0
    return terms == 0, (terms > 1) & ~is_wide


def all_finite(A: Any) -> bool:
    """Return whether all entries of an array of balls are finite.

    >>> all_finite(Block(arb_mat(1, 2, [1, 2]))), all_finite(Block(arb_mat(1, 2, [1, arb("nan")])))
    (True, False)
    """
    if type(A) is Block and (parts := A.parts) is not None:
        held, changed = parts
        return _is_finite(held) and all(x.value.is_finite() for x in changed.values())
    return all(map(arb.is_finite, numbers(A)))


def _is_finite(held: Any) -> bool:
    if isinstance(held, Factored):
        return held.is_finite()
    # A sum that holds an infinite number, or none at all, is not finite.
    rows, columns = held.nrows(), held.ncols()
    total = arb_mat(1, rows, [1] * rows) * held * arb_mat(columns, 1, [1] * columns)
    return bool(total[0, 0].is_finite())
