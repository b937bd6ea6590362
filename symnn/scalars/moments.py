"""Weighted means and covariances; NumPy's own code for means and variances runs on scalars."""

from __future__ import annotations

from typing import Any

import numpy as np

from symnn.scalars.replacing import replaces
from symnn.scalars.ufuncs import lifted


@replaces(np.average)
def _average(A: Any, axis: Any = None, weights: Any = None, returned: bool = False, *, keepdims: Any = False) -> Any:
    A, share = lifted(A, weights if weights is None else np.asarray(weights))
    if weights is None:
        found = np.mean(A, axis=axis, keepdims=keepdims)
        return (found, found * 0 + A.size // np.size(found)) if returned else found
    if share.shape != A.shape:
        axes = (axis,) if isinstance(axis, int) else axis
        if axes is None or share.shape != tuple(A.shape[k] for k in axes):
            raise ValueError("Shape of weights must be consistent with shape of a along specified axis.")
        along = [k % A.ndim for k in axes]
        order = np.argsort(along)
        share = np.expand_dims(share.transpose(order), tuple(k for k in range(A.ndim) if k not in along))
        share = share + A * 0
    total = np.sum(share, axis=axis, keepdims=keepdims)
    found = np.sum(A * share, axis=axis, keepdims=keepdims) / total
    return (found, total) if returned else found


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
