"""NumPy's functions of samples and tables: quantiles, counts, and what lies between given points."""

from __future__ import annotations

from operator import le, lt
from typing import Any

import numpy as np

from symnn.errors import UndecidedError
from symnn.scalars.lifting import lift, lift_array
from symnn.scalars.replacing import replaces
from symnn.scalars.ufuncs import nearest, objects


@replaces(np.quantile)
def quantile(A: Any, q: Any, axis: Any = None, *, keepdims: bool = False, method: str = "linear") -> Any:
    """Return quantiles between the sorted entries, as ``numpy.quantile`` with its method "linear".

    Raises UndecidedError for other methods.
    """
    if method != "linear":
        raise UndecidedError(f"quantiles of certified numbers are linear: method={method!r} is not known")
    if isinstance(q, (list, tuple, np.ndarray)) and np.ndim(q):
        return np.stack([quantile(A, one, axis, keepdims=keepdims) for one in q])
    ordered = np.sort(A.ravel() if axis is None else np.moveaxis(A, axis, -1), axis=-1)
    last = ordered.shape[-1] - 1
    at = lift(q, A) * last
    below = min(max(int(np.floor(at)), 0), last)
    found = ordered[..., below] + (ordered[..., min(below + 1, last)] - ordered[..., below]) * (at - below)
    if not keepdims:
        return found
    return found.reshape((1,) * A.ndim) if axis is None else np.expand_dims(found, axis)


@replaces(np.percentile)
def _percentile(A: Any, q: Any, axis: Any = None, **options: Any) -> Any:
    return quantile(A, q / 100 if not isinstance(q, (list, tuple)) else [part / 100 for part in q], axis, **options)


@replaces(np.bincount)
def _bincount(x: Any, weights: Any = None, minlength: int = 0) -> Any:
    if weights is None:
        return np.bincount(x.astype(int), minlength=minlength)
    rows = np.asarray(x)
    counted = lift(np.zeros(max(int(rows.max(initial=-1)) + 1, minlength), dtype=int), weights)
    np.add.at(counted, rows, weights)
    return counted


@replaces(np.interp)
def _interp(x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None, period: Any = None) -> Any:
    if period is not None:
        raise UndecidedError("np.interp of certified numbers knows no period")
    like = nearest((x, xp, fp))
    at, values = objects(xp, like).tolist(), objects(fp, like).tolist()

    def between(t: Any) -> Any:
        if t < at[0]:
            return values[0] if left is None else left
        if t > at[-1]:
            return values[-1] if right is None else right
        k = next((k for k in range(len(at) - 1) if t < at[k + 1]), len(at) - 2)
        return values[k] + (values[k + 1] - values[k]) / (at[k + 1] - at[k]) * (t - at[k])

    found = np.frompyfunc(between, 1, 1)(objects(x, like))
    return lift_array(found) if isinstance(found, np.ndarray) else found


@replaces(np.searchsorted)
def _searchsorted(a: Any, v: Any, side: str = "left", sorter: Any = None) -> Any:
    like = nearest((a, v))
    ordered = objects(a, like)
    ordered = (ordered if sorter is None else ordered[sorter]).tolist()
    passes: Any = lt if side == "left" else le

    def place(t: Any) -> Any:
        return len([x for x in ordered if passes(x, t)])

    count: Any = np.frompyfunc(place, 1, 1)
    found = count(objects(v, like))
    return found.astype(np.intp) if isinstance(found, np.ndarray) and found.ndim else int(found)


@replaces(np.cov)
def _cov(m: Any, y: Any = None, rowvar: bool = True, bias: bool = False, ddof: Any = None) -> Any:
    rows = _variables(m, rowvar)
    if y is not None:
        rows = np.concatenate([rows, _variables(y, rowvar)])
    rows = rows - np.mean(rows, axis=1, keepdims=True)
    found = rows @ rows.T / (rows.shape[1] - ((0 if bias else 1) if ddof is None else ddof))
    return found[0, 0] if found.size == 1 else found


def _variables(m: Any, rowvar: bool) -> Any:
    rows = np.atleast_2d(m)
    return rows if rowvar or rows.shape[0] == 1 else rows.T


@replaces(np.corrcoef)
def _corrcoef(x: Any, y: Any = None, rowvar: bool = True) -> Any:
    covariance = _cov(x, y, rowvar)
    deviation = np.sqrt(np.diagonal(covariance))
    return covariance / deviation[:, None] / deviation[None, :]
