"""Linear algebra by elimination, and norms: in every number system, certain wherever no pivot can be zero.

A pivot is chosen by midpoints. Which one it is changes nothing but the size of the balls.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy import empty  # bound here, because a run replaces it in NumPy's namespace

from symnn.errors import UndecidedError
from symnn.scalars.base import ScalarArray
from symnn.scalars.lifting import lift
from symnn.scalars.plain import nearest_float
from symnn.scalars.replacing import replaces
from symnn.scalars.spectral import gram, singular_values
from symnn.scalars.ufuncs import lifted
from symnn.scalars.unknown import Untold

_SLOGDET: Any = type(np.linalg.slogdet(np.eye(1)))

BY_PRODUCTS = {
    *("matrix_power", "multi_dot", "cross", "outer", "matmul", "trace", "diagonal", "vecdot", "tensordot"),
    *("vector_norm", "matrix_norm", "fftshift", "ifftshift"),
}
"""Functions of ``numpy.linalg`` and ``numpy.fft`` whose own code runs on scalars."""


def _size(x: Any) -> float:
    value = x.value
    return abs(nearest_float(value)) if hasattr(value, "mid") else abs(int(value.p) / int(value.q))


def _eliminated(A: Any, B: Any) -> tuple[Any, Any]:
    """The solution X of A X = B, and the determinant of A."""
    n = A.shape[0]
    rows = np.concatenate([lift(A, A), lift(B, A)], axis=1).view(np.ndarray).copy()
    determinant: Any = 1
    for k in range(n):
        pivot = max(range(k, n), key=lambda i: _size(rows[i, k]))
        if pivot != k:
            rows[[k, pivot]] = rows[[pivot, k]]
            determinant = -determinant
        determinant = determinant * rows[k, k]
        rows[k, k + 1 :] = rows[k, k + 1 :] / rows[k, k]
        for i in range(n):
            if i != k:
                rows[i, k + 1 :] = rows[i, k + 1 :] - rows[i, k] * rows[k, k + 1 :]
    return rows[:, n:].view(ScalarArray), determinant


def _square(A: Any) -> Any:
    if np.ndim(A) < 2 or A.shape[-1] != A.shape[-2]:
        raise np.linalg.LinAlgError("Last 2 dimensions of the array must be square")
    return lift(A)


def _of_each(function: Any, *stacks: Any) -> Any:
    """A function of matrices, of every matrix in stacks of them."""
    if stacks[0].ndim == 2:
        return function(*stacks)
    parts = [_of_each(function, *matrices) for matrices in zip(*stacks, strict=True)]
    return np.stack(parts) if isinstance(parts[0], np.ndarray) else lift(parts)


def _identity(A: Any) -> Any:
    return lift(np.identity(A.shape[-1], dtype=int), A)


@replaces(np.linalg.solve)
def solve(A: Any, B: Any) -> Any:
    """Return the solution of A X = B, as ``numpy.linalg.solve``."""
    left, right = lifted(A, B)
    _square(left)
    flat = right.ndim == 1
    columns = right.reshape(-1, 1) if flat else right
    batch = np.broadcast_shapes(left.shape[:-2], columns.shape[:-2])
    # Each stack is repeated until it has the shape of the batch.
    stacks = (np.broadcast_to(M, batch + M.shape[-2:]) for M in (left, columns))
    found = _of_each(lambda M, C: _eliminated(M, C)[0], *stacks)
    return found[..., 0] if flat else found


@replaces(np.linalg.inv)
def inverse(A: Any) -> Any:
    """Return the inverse, as ``numpy.linalg.inv``."""
    return _of_each(lambda M: _eliminated(M, _identity(M))[0], _square(A))


@replaces(np.linalg.det)
def determinant(A: Any) -> Any:
    """Return the determinant, as ``numpy.linalg.det``."""
    return _of_each(lambda M: _eliminated(M, M[:, :0])[1], _square(A))


@replaces(np.linalg.slogdet)
def _slogdet(A: Any) -> Any:
    found = determinant(A)
    return _SLOGDET(np.sign(found), np.log(np.abs(found)))


@replaces(np.linalg.pinv)
def pseudo_inverse(A: Any, *args: Any, **options: Any) -> Any:
    """Return the pseudo-inverse, as ``numpy.linalg.pinv`` where the rank is full.

    Raises UndecidedError where the balls do not show that it is.
    """
    wide = np.swapaxes(A, -1, -2)
    return solve(wide @ A, wide) if A.shape[-2] >= A.shape[-1] else wide @ inverse(A @ wide)


@replaces(np.linalg.lstsq)
def least_squares(A: Any, B: Any, *args: Any, **options: Any) -> Any:
    """Return the solution of least squares, residuals and rank, as ``numpy.linalg.lstsq`` where the rank is full."""
    left, right = lifted(A, B)
    rows, columns = left.shape
    found = solve(left.T @ left, left.T @ right) if rows >= columns else left.T @ solve(left @ left.T, right)
    over = right - left @ found
    residuals = np.atleast_1d(np.sum(over * over, axis=0)) if rows > columns else np.zeros(0)
    return found, residuals, min(rows, columns), Untold("the singular values of np.linalg.lstsq", "np.linalg.svd")


@replaces(np.polyfit)
def _polyfit(x: Any, y: Any, deg: int, rcond: Any = None, full: bool = False, w: Any = None, cov: Any = False) -> Any:
    if full or cov is not False:
        raise UndecidedError("np.polyfit of certified numbers gives coefficients only: leave out full= and cov=")
    at, values, weights = lifted(x, y, w)
    powers = np.vander(at, deg + 1)
    if w is not None:
        powers, values = powers * weights[:, None], (values.T * weights).T
    return least_squares(powers, values)[0]


@replaces(np.linalg.matrix_rank)
def _matrix_rank(A: Any, *args: Any, **options: Any) -> Any:
    if np.all(determinant(gram(A)) != 0):
        return min(A.shape[-2:])
    raise UndecidedError("np.linalg.matrix_rank of certified numbers is known where the rank is full: write the rank")


@replaces(np.linalg.cholesky)
def cholesky(A: Any, *, upper: bool = False) -> Any:
    """Return the lower triangular factor, as ``numpy.linalg.cholesky``; the upper half of A is not looked at."""
    A = _square(A)
    if A.ndim > 2:
        return _of_each(lambda M: cholesky(M, upper=upper), A)
    n = A.shape[0]
    factor = empty((n, n), dtype=object)
    factor[...] = A[0, 0] * 0
    for i in range(n):
        for j in range(i + 1):
            left = A[j, i] if upper else A[i, j]
            rest = left - sum((factor[i, k] * factor[j, k] for k in range(j)), start=0)
            factor[i, j] = np.sqrt(rest) if i == j else rest / factor[j, j]
    return (factor.T if upper else factor).view(ScalarArray)


_OF_SUMS = {1: (np.max, -2), -1: (np.min, -2), np.inf: (np.max, -1), -np.inf: (np.min, -1)}
"""Norms of matrices that are the largest or smallest of the sums along an axis."""


@replaces(np.linalg.norm)
def norm(A: Any, ord: Any = None, axis: Any = None, keepdims: bool = False, **options: Any) -> Any:
    """Return a norm of vectors or matrices, as ``numpy.linalg.norm``.

    Raises ValueError for an order that is none, or that an array of more than two dimensions does not have.
    """
    axes = tuple(range(A.ndim)) if axis is None else tuple(np.atleast_1d(axis).tolist())
    if len(axes) == 1 or (axis is None and ord is None):
        return _norm_of_vectors(A, axes, keepdims, 2 if ord is None else ord)
    if len(axes) != 2:
        raise ValueError("Improper number of dimensions to norm.")
    found = _norm_of_matrices(np.moveaxis(A, axes, (-2, -1)), "fro" if ord is None else ord)
    return np.expand_dims(found, tuple(k % A.ndim for k in axes)) if keepdims else found


def _norm_of_vectors(A: Any, axes: tuple[int, ...], keepdims: bool, ord: Any) -> Any:
    if ord == 2:
        return np.sqrt(np.sum(A * A, axis=axes, keepdims=keepdims))
    if ord == 0:
        return np.sum(A != 0, axis=axes, keepdims=keepdims)
    size = np.abs(A)
    if ord in (np.inf, -np.inf):
        return (np.max if ord > 0 else np.min)(size, axis=axes, keepdims=keepdims)
    if isinstance(ord, str):
        raise ValueError(f"Invalid norm order '{ord}' for vectors")
    total = np.sum(size**ord, axis=axes, keepdims=keepdims)
    return total if ord == 1 else total ** (1 / ord)


def _norm_of_matrices(A: Any, ord: Any) -> Any:
    if ord in ("fro", "f"):
        return np.sqrt(np.sum(A * A, axis=(-2, -1)))
    if ord in _OF_SUMS:
        extreme, along = _OF_SUMS[ord]
        return extreme(np.sum(np.abs(A), axis=along), axis=-1)
    if ord not in (2, -2, "nuc"):
        raise ValueError("Invalid norm order for matrices.")
    values = singular_values(A)
    return np.sum(values, axis=-1) if ord == "nuc" else values[..., 0 if ord == 2 else -1]


@replaces(np.linalg.cond)
def _cond(A: Any, p: Any = None) -> Any:
    if p in (None, 2, -2):
        values = singular_values(A)
        ratio = values[..., 0] / values[..., -1]
        return 1 / ratio if p == -2 else ratio
    return _norm_of_matrices(A, p) * _norm_of_matrices(inverse(A), p)
