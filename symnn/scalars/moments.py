"""Means, variances and covariances, with every option that NumPy gives them."""

from __future__ import annotations

from typing import Any

import numpy as np

from symnn.scalars.lifting import lift
from symnn.scalars.replacing import replaces
from symnn.scalars.ufuncs import filled, nearest, truth

_ABSENT: Any = np._NoValue


def _is_set(option: Any) -> bool:
    return option is not _ABSENT and bool(option)


def _count(shape: tuple[int, ...], axis: Any) -> int:
    axes = range(len(shape)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    return int(np.prod([shape[k] for k in axes], dtype=int))


def _kept(A: Any, axis: Any, where: Any) -> tuple[Any, Any]:
    """What ``where=`` keeps, as options of a sum, and how many entries that is, with the axes of the sum kept."""
    if where is True or where is _ABSENT:
        return {}, _count(A.shape, axis)
    mask = np.broadcast_to(truth(where), A.shape)
    return {"where": mask}, mask.sum(axis=axis, keepdims=True)


def _flat(count: Any, axis: Any, keepdims: Any) -> Any:
    return count if isinstance(count, int) or _is_set(keepdims) else np.squeeze(count, axis=axis)


@replaces(np.mean)
def mean(
    A: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: Any = False, *, where: Any = True
) -> Any:
    """Return the mean, as ``numpy.mean``."""
    kept, count = _kept(A, axis, where)
    found = np.sum(A, axis=axis, keepdims=_is_set(keepdims), **kept) / _flat(count, axis, keepdims)
    return filled(out, found)


@replaces(np.average)
def _average(A: Any, axis: Any = None, weights: Any = None, returned: bool = False, *, keepdims: Any = False) -> Any:
    near = nearest((A, weights))
    A = lift(A, near)
    if weights is None:
        found = mean(A, axis=axis, keepdims=keepdims)
        return (found, lift(np.full(np.shape(found), _count(A.shape, axis)), near)) if returned else found
    share = lift(np.asarray(weights), near)
    if share.shape != A.shape:
        axes = (axis,) if isinstance(axis, int) else axis
        if axes is None or share.shape != tuple(A.shape[k] for k in axes):
            raise ValueError("Shape of weights must be consistent with shape of a along specified axis.")
        along = [k % A.ndim for k in axes]
        order = np.argsort(along)
        share = np.expand_dims(share.transpose(order), tuple(k for k in range(A.ndim) if k not in along))
        share = share + A * 0
    total = np.sum(share, axis=axis, keepdims=_is_set(keepdims))
    found = np.sum(A * share, axis=axis, keepdims=_is_set(keepdims)) / total
    return (found, total) if returned else found


@replaces(np.var)
def _var(
    A: Any,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    ddof: Any = 0,
    keepdims: Any = False,
    *,
    where: Any = True,
    mean: Any = _ABSENT,
    correction: Any = _ABSENT,
) -> Any:
    kept, count = _kept(A, axis, where)
    middle = np.sum(A, axis=axis, keepdims=True, **kept) / count if mean is _ABSENT else mean
    freedom = _flat(count, axis, keepdims) - (ddof if correction is _ABSENT else correction)
    found = np.sum((A - middle) ** 2, axis=axis, keepdims=_is_set(keepdims), **kept) / freedom
    return filled(out, found)


@replaces(np.std)
def _std(A: Any, axis: Any = None, dtype: Any = None, out: Any = None, *args: Any, **options: Any) -> Any:
    return filled(out, np.sqrt(_var(A, axis, dtype, None, *args, **options)))


@replaces(np.cov)
def _cov(
    m: Any,
    y: Any = None,
    rowvar: bool = True,
    bias: bool = False,
    ddof: Any = None,
    fweights: Any = None,
    aweights: Any = None,
    **options: Any,
) -> Any:
    rows = _variables(m, rowvar)
    if y is not None:
        rows = np.concatenate([rows, _variables(y, rowvar)])
    ddof = (0 if bias else 1) if ddof is None else ddof
    weights = np.ones(rows.shape[1], dtype=int)
    for given in (fweights, aweights):
        weights = weights if given is None else weights * np.asarray(given)
    total = np.sum(weights)
    spread = total if aweights is None else np.sum(weights * np.asarray(aweights)) / total
    freedom = total - ddof if aweights is None else total - ddof * spread
    rows = rows - np.sum(rows * weights, axis=1, keepdims=True) / total
    found = (rows * weights) @ rows.T / freedom
    return found[0, 0] if found.size == 1 else found


def _variables(m: Any, rowvar: bool) -> Any:
    rows = np.atleast_2d(m)
    return rows if rowvar or rows.shape[0] == 1 else rows.T


@replaces(np.corrcoef)
def _corrcoef(x: Any, y: Any = None, rowvar: bool = True, **options: Any) -> Any:
    covariance = _cov(x, y, rowvar)
    if np.ndim(covariance) == 0:
        return covariance / covariance
    deviation = np.sqrt(np.diagonal(covariance))
    return covariance / deviation[:, None] / deviation[None, :]
