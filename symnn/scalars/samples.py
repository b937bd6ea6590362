"""NumPy's functions of samples and tables: quantiles, counts, what lies between points, weighted means, covariances.

NumPy's own code for means and variances runs on scalars.
"""

from __future__ import annotations

import math
from fractions import Fraction
from operator import le, lt
from typing import Any

import numpy as np

from symnn.errors import UndecidedError
from symnn.scalars.constants import as_written
from symnn.scalars.lifting import lift, lift_array, wrap
from symnn.scalars.plain import nearest_float
from symnn.scalars.replacing import replaces
from symnn.scalars.ufuncs import filled, lifted, nearest, objects
from symnn.scalars.unknown import unknown

# What each method makes of the share q of n numbers: where among the sorted ones, from 0, the quantile lies.
_BETWEEN: dict[str, tuple[Any, Any]] = {
    "linear": (1, 1),
    "weibull": (0, 0),
    "hazen": (Fraction(1, 2), Fraction(1, 2)),
    "median_unbiased": (Fraction(1, 3), Fraction(1, 3)),
    "normal_unbiased": (Fraction(3, 8), Fraction(3, 8)),
    "interpolated_inverted_cdf": (0, 1),
}
_AT: dict[str, Any] = {
    "lower": math.floor,
    "higher": math.ceil,
    "nearest": round,
    "midpoint": lambda at: Fraction(math.floor(at) + math.ceil(at), 2),
}


def _share(q: Any) -> Fraction:
    """A share as the rational that it was written as, so that it is certain which entries it lies between."""
    if getattr(q, "tangent", None) is not None:
        raise UndecidedError("np.quantile of certified numbers knows a fixed q only: give a number")
    plain = nearest_float(q.value) if hasattr(q, "value") else q
    return plain if isinstance(plain, Fraction) else as_written(float(plain)) or Fraction(plain)


@replaces(np.quantile)
def quantile(
    A: Any,
    q: Any,
    axis: Any = None,
    out: Any = None,
    overwrite_input: bool = False,
    method: str = "linear",
    keepdims: Any = False,
    **options: Any,
) -> Any:
    """Return quantiles between or at the sorted entries, as ``numpy.quantile``.

    Raises UndecidedError for weights and for methods that no row knows.
    """
    if options.get("weights") is not None or method not in {**_BETWEEN, **_AT}:
        said = "weights=" if options.get("weights") is not None else f"method={method!r}"
        raise UndecidedError(f"np.quantile of certified numbers does not know {said}: use method='linear'")
    if isinstance(q, (list, tuple, np.ndarray)) and np.ndim(q):
        every = [quantile(A, one, axis, method=method, keepdims=keepdims) for one in q]
        return filled(out, np.stack(every))
    if isinstance(axis, tuple):
        A = np.moveaxis(A, axis, range(-len(axis), 0))
        found = quantile(A.reshape(*A.shape[: -len(axis)], -1), q, -1, method=method)
        return filled(out, np.expand_dims(found, axis) if keepdims else found)
    ordered = np.sort(A.ravel() if axis is None else np.moveaxis(A, axis, -1), axis=-1)
    n = ordered.shape[-1]
    share = _share(q)
    if method in _AT:
        at = Fraction(_AT[method](share * (n - 1)))
    else:
        alpha, beta = _BETWEEN[method]
        at = share * (n + 1 - alpha - beta) + alpha - 1
    at = min(max(at, Fraction(0)), Fraction(n - 1))
    below = math.floor(at)
    above, part = min(below + 1, n - 1), at - below
    found = ordered[..., below] + (ordered[..., above] - ordered[..., below]) * part
    if not keepdims:
        return filled(out, found)
    return filled(out, np.reshape(found, (1,) * A.ndim) if axis is None else np.expand_dims(found, axis))


@replaces(np.percentile)
def _percentile(A: Any, q: Any, axis: Any = None, *args: Any, **options: Any) -> Any:
    shares = [_share(part) / 100 for part in np.ravel(q)] if np.ndim(q) else _share(q) / 100
    return quantile(A, shares, axis, *args, **options)


@replaces(np.median)
def _median(A: Any, axis: Any = None, out: Any = None, overwrite_input: bool = False, keepdims: Any = False) -> Any:
    return quantile(A, Fraction(1, 2), axis, out, keepdims=keepdims)


@replaces(np.pad)
def _pad(array: Any, pad_width: Any, mode: Any = "constant", **options: Any) -> Any:
    near = nearest((array, *options.values()))
    if mode != "median":
        values = {name: objects(x, near) if name.endswith("values") else x for name, x in options.items()}
        return lift_array(np.pad(objects(array, near), pad_width, mode, **values))
    if options:
        raise unknown("np.pad", "with stat_length= in the mode 'median'")
    padded = lift(array, near)
    for axis, (before, after) in enumerate(np.broadcast_to(pad_width, (padded.ndim, 2)).tolist()):
        middle = quantile(padded, Fraction(1, 2), axis, keepdims=True)
        padded = np.concatenate([np.repeat(middle, before, axis), padded, np.repeat(middle, after, axis)], axis)
    return padded


@replaces(np.histogram, np.histogram2d, np.histogramdd)
def _histogram(*args: Any, **options: Any) -> Any:
    raise unknown("np.histogram")


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
    x, xp, fp = lifted(x, xp, fp)
    if period is not None:
        return _periodic(x, xp, fp, period)
    at, values = xp.tolist(), fp.tolist()

    def between(t: Any) -> Any:
        if t < at[0]:
            return values[0] if left is None else left
        if t > at[-1]:
            return values[-1] if right is None else right
        k = next((k for k in range(len(at) - 1) if t < at[k + 1]), len(at) - 2)
        return values[k] + (values[k + 1] - values[k]) / (at[k + 1] - at[k]) * (t - at[k])

    return wrap(np.frompyfunc(between, 1, 1)(objects(x, x)))


def _periodic(x: Any, xp: Any, fp: Any, period: Any) -> Any:
    at = xp % period
    order = np.argsort(at)
    at, values = at[order], fp[order]
    at = np.concatenate([at[-1:] - period, at, at[:1] + period])
    return _interp(x % period, at, np.concatenate([values[-1:], values, values[:1]]))


@replaces(np.searchsorted)
def _searchsorted(a: Any, v: Any, side: str = "left", sorter: Any = None) -> Any:
    a, v = lifted(a, v)
    ordered = (a if sorter is None else a[sorter]).tolist()
    passes: Any = lt if side == "left" else le
    count: Any = np.frompyfunc(lambda t: len([x for x in ordered if passes(x, t)]), 1, 1)
    found = count(objects(v, v))
    return found.astype(np.intp) if isinstance(found, np.ndarray) and found.ndim else int(found)


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
