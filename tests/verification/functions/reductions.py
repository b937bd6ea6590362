"""NumPy's sums, means, extremes and samples."""

from __future__ import annotations

import numpy as np

from tests.verification.functions.points import P, Q, R, T, U, V

KINDS = np.array([0, 2, 2, 1])
NAMES = np.array(["b", "a", "b", "c"])


def onto(w, places, values):
    """Zeros like w, with the values at the places."""
    g = np.zeros_like(w)
    g[places] = values
    return g


def largest(w, x):
    return onto(w, np.argmax(w * x), x[np.argmax(w * x)])


def middle(w, x):
    return onto(w, np.argsort(w * x)[1:3], x[np.argsort(w * x)[1:3]] / 2)


def quartile_grad(w, x):
    order = np.argsort(w)
    return onto(w, order[[0, 1]], [0.25, 0.75])


def median_rows_grad(w, x):
    g = np.zeros_like(w)
    np.put_along_axis(g, np.argsort(w, axis=1)[:, 1:3], 0.5, axis=1)
    return g


def weighted_spread(w, x):
    mean = np.average(w, weights=x)
    return np.average((w - mean) ** 2, weights=x)


def means_by_label(w, x):
    return np.sum((np.bincount(KINDS, weights=w) / np.bincount(KINDS)) ** 2)


def means_by_label_grad(w, x):
    counts = np.bincount(KINDS)
    return 2 * (np.bincount(KINDS, w) / counts**2)[KINDS]


def sums_by_name(w, x):
    names, of = np.unique(NAMES, return_inverse=True)
    total = np.zeros(len(names))
    np.add.at(total, of, w)
    return np.sum(total**2)


def correlation(w, x):
    return np.corrcoef(w, x)[0, 1]


def correlation_grad(w, x):
    a, b = w - w.mean(), x - x.mean()
    r = a @ b / np.sqrt(a @ a * (b @ b))
    return b / np.sqrt(a @ a * (b @ b)) - r * a / (a @ a)


def covariance_grad(w, x):
    Z = w - w.mean(axis=1, keepdims=True)
    return 2 * 2 * np.cov(w) @ Z / (w.shape[1] - 1)


def spread(w, x):
    return np.sum(np.var(w, axis=1, ddof=1) * x[:, 0] + np.std(w, axis=1, keepdims=True)[:, 0])


def spread_grad(w, x):
    Z = w - w.mean(axis=1, keepdims=True)
    return 2 * Z * x[:, :1] / 3 + Z / 4 / w.std(axis=1, keepdims=True)


def given_mean(w, x):
    mean = np.mean(w, axis=0, keepdims=True)
    return np.sum(x[0] * np.std(w, axis=0, mean=mean))


def masked_variance(w, x):
    return np.var(w, where=[True, False, True, True])


def masked_variance_grad(w, x):
    keep = np.array([1, 0, 1, 1])
    return 2 * keep * (w - np.sum(w * keep) / 3) / 3


def into_a_total(w, x):
    total = np.zeros(4)
    np.sum(w, axis=0, out=total)
    return np.sum(total**2)


def knots(w, x):
    return np.sum(np.interp([0.25, 0.5, 1.5, 1.75], [0, 1, 2, 3], w))


def top(w, x):
    best = np.argpartition(w, -2)[-2:]
    return np.sum(w[best] ** 2)


def ranks(w, x):
    order = w.argsort()[::-1]
    return np.sum(w[order] * x)


def ranks_grad(w, x):
    return onto(w, w.argsort()[::-1], x)


def running_largest(w, x):
    g = np.zeros_like(w)
    for k in range(len(w)):
        g[np.argmax(w[: k + 1])] += x[k]
    return g


def without_nan(w, x):
    return np.nansum(w**2 * x) + np.nanmean(w) + np.nanmax(w) + np.nanstd(w)


def without_nan_grad(w, x):
    return 2 * w * x + 1 / 4 + (w == w.max()) + (w - w.mean()) / 4 / w.std()


PAIRS = {
    "average": (V, lambda w, x: np.average(w**2), lambda w, x: w / 2),
    "average weights": (P, lambda w, x: np.average(w**2, weights=x), lambda w, x: 2 * w * x / x.sum()),
    "average by parameters": (
        P,
        lambda w, x: np.average(x, weights=w),
        lambda w, x: (x - np.average(x, weights=w)) / w.sum(),
    ),
    "average of rows": (
        R,
        lambda w, x: np.sum(np.average(w, axis=1, weights=[1, 2, 3, 4]) ** 2),
        lambda w, x: 2 * np.average(w, axis=1, weights=[1, 2, 3, 4])[:, None] * np.array([1, 2, 3, 4]) / 10,
    ),
    "average returned": (
        P,
        lambda w, x: np.average(w, weights=x, returned=True)[0] * np.average(w, weights=x, returned=True)[1],
        lambda w, x: x,
    ),
    "average keepdims": (
        R,
        lambda w, x: np.sum((w - np.average(w, axis=0, keepdims=True)) * x),
        lambda w, x: x - x.mean(axis=0),
    ),
    "spread by weights": (
        P,
        weighted_spread,
        lambda w, x: 2 * x * (w - np.average(w, weights=x)) / x.sum(),
    ),
    "percentile": (V, lambda w, x: np.percentile(w, 25), quartile_grad),
    "percentiles": (
        V,
        lambda w, x: np.subtract(*np.percentile(w, [25, 75])),
        lambda w, x: quartile_grad(w, x) - quartile_grad(-w, x),
    ),
    "quantile lower": (
        V,
        lambda w, x: np.quantile(w, 0.4, method="lower") ** 2,
        lambda w, x: onto(w, np.argsort(w)[1], 2 * np.sort(w)[1]),
    ),
    "quantile median_unbiased": (
        V,
        lambda w, x: np.quantile(w, 0.5, method="median_unbiased"),
        lambda w, x: onto(w, np.argsort(w)[1:3], 0.5),
    ),
    "quantile of rows": (R, lambda w, x: np.quantile(w, 0.5, axis=1).sum(), median_rows_grad),
    "median": (V, lambda w, x: np.median(w * x), middle),
    "median of rows": (R, lambda w, x: np.median(w, axis=1).sum(), median_rows_grad),
    "median keepdims": (
        R,
        lambda w, x: np.sum(np.median(w, axis=1, keepdims=True) * x),
        lambda w, x: median_rows_grad(w, x) * x.sum(axis=1, keepdims=True),
    ),
    "absolute deviation": (
        V,
        lambda w, x: np.mean(np.abs(w - np.median(x))),
        lambda w, x: np.sign(w - np.median(x)) / 4,
    ),
    "bincount": (P, means_by_label, means_by_label_grad),
    "bincount minlength": (
        V,
        lambda w, x: np.bincount(KINDS, weights=w * x, minlength=5) @ np.array([1, 2, 3, 4, 5]),
        lambda w, x: x * (KINDS + 1),
    ),
    "unique names": (V, sums_by_name, lambda w, x: 2 * np.array([w[0] + w[2], w[1], w[0] + w[2], w[3]])),
    "cov": (V, lambda w, x: np.cov(w, x)[0, 1], lambda w, x: (x - x.mean()) / 3),
    "cov of one": (V, lambda w, x: np.cov(w), lambda w, x: 2 * (w - w.mean()) / 3),
    "cov of rows": (R, lambda w, x: np.sum(np.cov(w) ** 2), covariance_grad),
    "cov of columns": (T, lambda w, x: np.sum(np.cov(w, rowvar=False) ** 2), lambda w, x: covariance_grad(w.T, x).T),
    "cov weights": (
        V,
        lambda w, x: np.cov(w, aweights=[1, 2, 2, 1], bias=True),
        lambda w, x: 2 * np.array([1, 2, 2, 1]) * (w - np.average(w, weights=[1, 2, 2, 1])) / 6,
    ),
    "corrcoef": (V, correlation, correlation_grad),
    "var and std": (R, spread, spread_grad),
    "std about a mean": (R, given_mean, lambda w, x: x[0] * (w - w.mean(0)) / 3 / w.std(axis=0)),
    "var where": (V, masked_variance, masked_variance_grad),
    "var correction": (V, lambda w, x: np.var(w, correction=1), lambda w, x: 2 * (w - w.mean()) / 3),
    "std of one kind": (V, lambda w, x: w.std(ddof=1), lambda w, x: (w - w.mean()) / 3 / w.std(ddof=1)),
    "sum where": (V, lambda w, x: np.sum(w**2, where=x > 0), lambda w, x: 2 * w * (x > 0)),
    "sum initial": (V, lambda w, x: np.sum(w**2, initial=2.5) ** 2, lambda w, x: 4 * w * (w @ w + 2.5)),
    "sum out": (R, into_a_total, lambda w, x: 2 * w.sum(axis=0) * np.ones((3, 1))),
    "sum of several axes": (R, lambda w, x: np.sum(w * x, axis=(0, 1)) ** 2, lambda w, x: 2 * x * np.sum(w * x)),
    "w.sum where": (V, lambda w, x: w.sum(where=w > 0) ** 2, lambda w, x: 2 * w[w > 0].sum() * (w > 0)),
    "mean where": (V, lambda w, x: np.mean(w, where=w > 0), lambda w, x: (w > 0) / np.sum(w > 0)),
    "w.mean where": (
        R,
        lambda w, x: w.mean(axis=1, where=x > 0).sum(),
        lambda w, x: (x > 0) / (x > 0).sum(1, keepdims=True),
    ),
    "mean out": (
        R,
        lambda w, x: np.sum(np.mean(w, axis=0, out=np.empty(4)) ** 2),
        lambda w, x: 2 * w.mean(axis=0) / 3 * np.ones((3, 1)),
    ),
    "prod where": (V, lambda w, x: np.prod(w, where=w > 0), lambda w, x: np.where(w > 0, np.prod(w[w > 0]) / w, 0)),
    "prod initial": (V, lambda w, x: np.prod(w, initial=3.0), lambda w, x: 3 * np.prod(w) / w),
    "prod keepdims": (
        R,
        lambda w, x: np.sum(np.prod(w, axis=1, keepdims=True) * x),
        lambda w, x: np.prod(w, axis=1, keepdims=True) / w * x.sum(axis=1, keepdims=True),
    ),
    "max": (V, lambda w, x: np.max(w * x), largest),
    "max initial": (V, lambda w, x: np.max(w, initial=-9.0) ** 2, lambda w, x: 2 * w * (w == w.max())),
    "max where": (
        V,
        lambda w, x: np.max(w, where=x < 1, initial=-np.inf) ** 2,
        lambda w, x: 2 * w * (w == np.max(w, where=x < 1, initial=-np.inf)),
    ),
    "w.max initial": (
        V,
        lambda w, x: w.max(initial=-9.0) ** 2 + w.min(initial=9.0),
        lambda w, x: 2 * w * (w == w.max()) + (w == w.min()),
    ),
    "min keepdims": (
        R,
        lambda w, x: np.sum(np.min(w, axis=1, keepdims=True) * x),
        lambda w, x: (w == w.min(1, keepdims=True)) * x.sum(1, keepdims=True),
    ),
    "max out": (R, lambda w, x: np.max(w, axis=0, out=np.zeros(4)).sum(), lambda w, x: 1.0 * (w == w.max(axis=0))),
    "ptp": (
        R,
        lambda w, x: np.ptp(w, axis=1).sum(),
        lambda w, x: 1.0 * (w == w.max(1, keepdims=True)) - (w == w.min(1, keepdims=True)),
    ),
    "maximum.reduce": (
        R,
        lambda w, x: np.maximum.reduce(w, axis=1).sum(),
        lambda w, x: 1.0 * (w == w.max(axis=1, keepdims=True)),
    ),
    "maximum.accumulate": (V, lambda w, x: np.maximum.accumulate(w) @ x, running_largest),
    "add.reduceat": (
        V,
        lambda w, x: np.sum(np.add.reduceat(w * x, [0, 1, 3]) ** 2),
        lambda w, x: 2 * x * np.repeat(np.add.reduceat(w * x, [0, 1, 3]), [1, 2, 1]),
    ),
    "multiply.accumulate": (
        V,
        lambda w, x: np.multiply.accumulate(w) @ x,
        lambda w, x: np.cumsum((x * np.cumprod(w))[::-1])[::-1] / w,
    ),
    "multiply.outer": (V, lambda w, x: np.multiply.outer(w, w).sum(), lambda w, x: 2 * w.sum() * np.ones(4)),
    "subtract.outer": (V, lambda w, x: np.sum(np.subtract.outer(w, x) ** 2), lambda w, x: 2 * (4 * w - x.sum())),
    "nan functions": (V, without_nan, without_nan_grad),
    "nan percentile": (
        V,
        lambda w, x: np.nanmedian(w) + np.nanpercentile(w, 25),
        lambda w, x: onto(w, np.argsort(w)[1:3], 0.5) + quartile_grad(w, x),
    ),
    "interp of knots": (V, knots, lambda w, x: np.array([1.25, 1.5, 1.25, 0])),
    "interp": (U, lambda w, x: x @ np.interp(w, [0, 0.5, 1], [1, 3, 2]), lambda w, x: x * np.where(w < 0.5, 4.0, -2.0)),
    "interp period": (
        V,
        lambda w, x: np.interp(w, [0, 1, 2], [0, 1, 3], period=4).sum(),
        lambda w, x: np.select([w % 4 < 1, w % 4 < 2], [1.0, 2.0], -1.5),
    ),
    "top two": (V, top, lambda w, x: 2 * w * (w >= np.sort(w)[-2])),
    "largest first": (V, ranks, ranks_grad),
    "sort": (V, lambda w, x: np.sort(w)[::-1] @ x, ranks_grad),
    "sort of columns": (R, lambda w, x: np.sum(np.sort(w, axis=0)[0] * x[0]), lambda w, x: (w == w.min(axis=0)) * x[0]),
    "partition": (V, lambda w, x: np.sum(np.partition(w, 2)[2:] ** 2), lambda w, x: 2 * w * (w >= np.sort(w)[2])),
    "argmax of rows": (
        R,
        lambda w, x: w[np.arange(3), w.argmax(axis=1)].sum(),
        lambda w, x: 1.0 * (w == w.max(axis=1, keepdims=True)),
    ),
    "searchsorted": (
        V,
        lambda w, x: np.sum(w**2 * np.searchsorted([-1, 0.5, 1], w)),
        lambda w, x: 2 * w * np.searchsorted([-1, 0.5, 1], w),
    ),
    "digitize": (
        V,
        lambda w, x: np.sum(w**2 * np.digitize(w, [-1, 0.5, 1])),
        lambda w, x: 2 * w * np.digitize(w, [-1, 0.5, 1]),
    ),
    "count_nonzero": (V, lambda w, x: w @ w / np.count_nonzero(w > 0), lambda w, x: 2 * w / np.count_nonzero(w > 0)),
    "sum of numbers": (
        V,
        lambda w, x: sum(w**2) + max(w) + min(w * 2),
        lambda w, x: 2 * w + (w == max(w)) + 2 * (w == min(w)),
    ),
    "cumulative": (
        Q,
        lambda w, x: np.sum(np.cumsum(w, axis=1) * x),
        lambda w, x: np.cumsum(x[:, ::-1], axis=1)[:, ::-1],
    ),
    "cumulative_sum": (
        V,
        lambda w, x: np.cumulative_sum(w, include_initial=True)[1:] @ x,
        lambda w, x: np.cumsum(x[::-1])[::-1],
    ),
}
