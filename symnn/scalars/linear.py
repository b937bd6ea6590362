"""Linear algebra by elimination: in every number system, and certain wherever no pivot can be zero.

A pivot is chosen by midpoints. Which one it is changes nothing but the size of the balls.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy import empty  # bound here, because a run replaces it in NumPy's namespace

from symnn.errors import UndecidedError
from symnn.scalars.base import ScalarArray
from symnn.scalars.lifting import lift, lift_array
from symnn.scalars.plain import nearest_float
from symnn.scalars.replacing import replaces
from symnn.scalars.ufuncs import nearest
from symnn.scalars.unknown import Untold

_SLOGDET: Any = type(np.linalg.slogdet(np.eye(1)))

BY_PRODUCTS = {
    "matrix_power",
    "multi_dot",
    "cross",
    "outer",
    "matmul",
    "trace",
    "diagonal",
    "vecdot",
    "tensordot",
    "fftshift",
    "ifftshift",
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


def _alike(A: Any, batch: tuple[int, ...]) -> Any:
    """A stack of matrices repeated until it has the shape of the batch."""
    return lift_array(np.broadcast_to(A.view(np.ndarray), batch + A.shape[-2:]))


def _identity(A: Any) -> Any:
    return lift(np.identity(A.shape[-1], dtype=int), A)


@replaces(np.linalg.solve)
def solve(A: Any, B: Any) -> Any:
    """Return the solution of A X = B, as ``numpy.linalg.solve``."""
    near = nearest((A, B))
    left, right = _square(lift(A, near)), lift(B, near)
    flat = right.ndim == 1
    columns = right.reshape(-1, 1) if flat else right
    batch = np.broadcast_shapes(left.shape[:-2], columns.shape[:-2])
    found = _of_each(lambda M, C: _eliminated(M, C)[0], _alike(left, batch), _alike(columns, batch))
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
    near = nearest((A, B))
    left, right = lift(A, near), lift(B, near)
    rows, columns = left.shape
    found = solve(left.T @ left, left.T @ right) if rows >= columns else left.T @ solve(left @ left.T, right)
    over = right - left @ found
    residuals = np.atleast_1d(np.sum(over * over, axis=0)) if rows > columns else np.zeros(0)
    return found, residuals, min(rows, columns), Untold("the singular values of np.linalg.lstsq", "np.linalg.svd")


@replaces(np.polyfit)
def _polyfit(x: Any, y: Any, deg: int, rcond: Any = None, full: bool = False, w: Any = None, cov: Any = False) -> Any:
    if full or cov is not False:
        raise UndecidedError("np.polyfit of certified numbers gives coefficients only: leave out full= and cov=")
    near = nearest((x, y, w))
    powers, values = np.vander(lift(x, near), deg + 1), lift(y, near)
    if w is not None:
        weights = lift(w, near)
        powers, values = powers * weights[:, None], (values.T * weights).T
    return least_squares(powers, values)[0]


@replaces(np.linalg.matrix_rank)
def _matrix_rank(A: Any, *args: Any, **options: Any) -> Any:
    wide = np.swapaxes(A, -1, -2)
    gram = wide @ A if A.shape[-2] >= A.shape[-1] else A @ wide
    if np.all(determinant(gram) != 0):
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
