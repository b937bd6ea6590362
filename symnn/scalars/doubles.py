"""The entries of a matrix of flint as float64; those of a product by its factors, where that is as good."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy import array, concatenate  # bound here, because a run replaces them in NumPy's namespace

from symnn.scalars.factored import AT_ONCE, FEW_BITS, Factored, by_rows

WITHIN = 2.0**-44
"""How near to themselves entries of a product are as doubles."""

LEAST = 1e-290
"""Smaller numbers have fewer digits as doubles."""

_EPS = float(np.finfo(np.float64).eps)


def doubles(matrix: Any) -> Any:
    """Return the entries of a matrix as float64: cut off, or of a product to 13 digits at least.

    >>> from flint import arb_mat
    >>> doubles(Factored(arb_mat(2, 1, [1, 2]), arb_mat(1, 2, [3, 4]))).tolist()
    [[3.0, 4.0], [6.0, 8.0]]
    """
    if not isinstance(matrix, Factored):
        return _cut_off(matrix)
    if (found := _of_factors(matrix)) is not None:
        return found
    return concatenate([_cut_off(rows) for _, rows in by_rows(matrix, max(1, AT_ONCE // matrix.ncols()))])


def _cut_off(matrix: Any) -> Any:
    return array(list(map(float, matrix.entries())), dtype=np.float64).reshape(matrix.nrows(), matrix.ncols())


def _of_factors(product: Factored) -> Any:
    """The entries by the doubles of the factors; None where these have too few digits."""
    left, right = factors = _cut_off(product.left), _cut_off(product.right)
    least = [float(np.min(np.abs(A), initial=1.0, where=A != 0)) for A in factors]
    lost = any(np.any((A == 0) != _zeros(M)) for A, M in zip(factors, (product.left, product.right), strict=True))
    if lost or product.bits < FEW_BITS or min(*least, least[0] * least[1]) < LEAST:
        return None
    with np.errstate(all="ignore"):
        found, sizes = left @ right, np.abs(left) @ np.abs(right)
        # So much may be lost by roundings, which is too much where a sum cancels.
        sure = (_EPS * (left.shape[1] + 6) * sizes <= WITHIN * np.abs(found)) & np.isfinite(sizes)
    for i, j in np.argwhere(~sure).tolist():
        found[i, j] = float(product[i, j])
    return found


def _zeros(matrix: Any) -> Any:
    return array([bool(x.mid() == 0) for x in matrix.entries()]).reshape(matrix.nrows(), matrix.ncols())
