"""Linear algebra by elimination: in every number system, and certain wherever no pivot can be zero.

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
from symnn.scalars.ufuncs import nearest

BY_PRODUCTS = {"matrix_power", "multi_dot", "cross", "outer", "matmul", "trace", "diagonal", "vecdot", "tensordot"}
"""Functions of ``numpy.linalg`` whose own code runs on scalars."""


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
    parts = [function(*matrices) for matrices in zip(*stacks, strict=True)]
    return np.stack(parts) if isinstance(parts[0], np.ndarray) else lift(parts)


def _identity(A: Any) -> Any:
    return lift(np.identity(A.shape[-1], dtype=int), A)


@replaces(np.linalg.solve)
def solve(A: Any, B: Any) -> Any:
    """Return the solution of A X = B, as ``numpy.linalg.solve`` for one matrix A."""
    near = nearest((A, B))
    left, right = _square(lift(A, near)), lift(B, near)
    if left.ndim > 2:
        raise UndecidedError("np.linalg.solve of certified numbers takes one matrix: use a loop over the stack")
    flat = right.ndim == 1
    found = _eliminated(left, right.reshape(-1, 1) if flat else right)[0]
    return found[:, 0] if flat else found


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
    return np.sign(found), np.log(np.abs(found))


@replaces(np.linalg.pinv)
def _pinv(A: Any, rcond: Any = None, hermitian: bool = False, **options: Any) -> Any:
    # Where its rank is full, which a pivot that is certainly not zero shows.
    if A.shape[-2] >= A.shape[-1]:
        return solve(A.T @ A, A.T)
    return A.T @ inverse(A @ A.T)


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


@replaces(np.linalg.norm, np.linalg.vector_norm, np.linalg.matrix_norm)
def norm(A: Any, ord: Any = None, axis: Any = None, keepdims: bool = False, **options: Any) -> Any:
    """Return a norm of vectors, or a Frobenius, 1 or infinity norm of matrices, as ``numpy.linalg.norm``.

    Raises UndecidedError for the norms that are made of singular values.
    """
    vector = np.ndim(A) == 1 or isinstance(axis, int)
    if ord in (None, "fro") or (ord == 2 and vector):
        return np.sqrt(np.sum(A * A, axis=axis, keepdims=keepdims))
    if vector:
        return _vector_norm(A, ord, axis, keepdims)
    if ord in (1, np.inf) and np.ndim(A) == 2 and axis is None and not keepdims:
        return np.max(np.sum(np.abs(A), axis=0 if ord == 1 else 1))
    raise UndecidedError(f"np.linalg.norm with ord={ord!r} cannot run on certified numbers")


def _vector_norm(A: Any, ord: Any, axis: Any, keepdims: bool) -> Any:
    size = np.abs(A)
    if ord in (np.inf, -np.inf):
        return (np.max if ord > 0 else np.min)(size, axis=axis, keepdims=keepdims)
    if ord == 0:
        return np.sum(A != 0, axis=axis, keepdims=keepdims)
    total = np.sum(size**ord, axis=axis, keepdims=keepdims)
    return total if ord == 1 else total ** (1 / ord)
