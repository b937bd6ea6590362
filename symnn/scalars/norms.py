"""Norms of vectors and matrices, and the condition number."""

from __future__ import annotations

from typing import Any

import numpy as np

from symnn.scalars.linear import inverse
from symnn.scalars.replacing import replaces
from symnn.scalars.spectral import singular_values

_OF_SUMS = {1: (np.max, -2), -1: (np.min, -2), np.inf: (np.max, -1), -np.inf: (np.min, -1)}
"""Norms of matrices that are the largest or smallest of the sums along an axis."""


@replaces(np.linalg.norm)
def norm(A: Any, ord: Any = None, axis: Any = None, keepdims: bool = False, **options: Any) -> Any:
    """Return a norm of vectors or matrices, as ``numpy.linalg.norm``.

    Raises ValueError for an order that is none, or that an array of more than two dimensions does not have.
    """
    if axis is None and ord is None:
        return vector_norm(A, axis=tuple(range(A.ndim)), keepdims=keepdims)
    axes = tuple(range(A.ndim)) if axis is None else tuple(np.atleast_1d(axis).tolist())
    if len(axes) == 1:
        return vector_norm(A, axis=axes, keepdims=keepdims, ord=2 if ord is None else ord)
    if len(axes) != 2:
        raise ValueError("Improper number of dimensions to norm.")
    found = matrix_norm(np.moveaxis(A, axes, (-2, -1)), ord="fro" if ord is None else ord)
    return np.expand_dims(found, tuple(k % A.ndim for k in axes)) if keepdims else found


@replaces(np.linalg.vector_norm)
def vector_norm(A: Any, *, axis: Any = None, keepdims: bool = False, ord: Any = 2) -> Any:
    """Return a norm of the vectors along axes, as ``numpy.linalg.vector_norm``."""
    if axis is not None and not isinstance(axis, tuple):
        axis = (axis,)
    if ord == 2:
        return np.sqrt(np.sum(A * A, axis=axis, keepdims=keepdims))
    if ord == 0:
        return np.sum(A != 0, axis=axis, keepdims=keepdims)
    size = np.abs(A)
    if ord in (np.inf, -np.inf):
        return (np.max if ord > 0 else np.min)(size, axis=axis, keepdims=keepdims)
    if isinstance(ord, str):
        raise ValueError(f"Invalid norm order '{ord}' for vectors")
    total = np.sum(size**ord, axis=axis, keepdims=keepdims)
    return total if ord == 1 else total ** (1 / ord)


@replaces(np.linalg.matrix_norm)
def matrix_norm(A: Any, *, keepdims: bool = False, ord: Any = "fro") -> Any:
    """Return a norm of the matrices in the last two axes, as ``numpy.linalg.matrix_norm``."""
    if ord in ("fro", "f", None):
        return np.sqrt(np.sum(A * A, axis=(-2, -1), keepdims=keepdims))
    if ord in _OF_SUMS:
        extreme, along = _OF_SUMS[ord]
        found = extreme(np.sum(np.abs(A), axis=along), axis=-1)
    elif ord in (2, -2, "nuc"):
        values = singular_values(A)
        found = np.sum(values, axis=-1) if ord == "nuc" else values[..., 0 if ord == 2 else -1]
    else:
        raise ValueError("Invalid norm order for matrices.")
    return np.expand_dims(found, (-2, -1)) if keepdims else found


@replaces(np.linalg.cond)
def _cond(A: Any, p: Any = None) -> Any:
    if p in (None, 2, -2):
        values = singular_values(A)
        ratio = values[..., 0] / values[..., -1]
        return 1 / ratio if p == -2 else ratio
    return matrix_norm(A, ord=p) * matrix_norm(inverse(A), ord=p)
