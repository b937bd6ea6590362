"""NumPy's functions that move entries about, and those that write into an array."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view

from tests.verification.functions.points import Q, R, V

LABELS = np.array([2, 0, 3])


def without_diagonal(w, x):
    A = w @ w.T
    np.fill_diagonal(A, 0)
    B = np.zeros((3, 3))
    np.fill_diagonal(B, w[0])
    return np.sum(A**2) + np.sum(B * x)


def without_diagonal_grad(w, x):
    A = w @ w.T
    np.fill_diagonal(A, 0)
    g = 4 * A @ w
    g[0] += np.diag(x)
    return g


def from_a_generator(w, x):
    return np.fromiter((a * a for a in w), float, count=4) @ x


def put_along(w, x):
    A = np.zeros_like(w)
    np.put_along_axis(A, LABELS[:, None], w[:, :1] ** 2, axis=1)
    return np.sum(A * x)


def put_along_grad(w, x):
    g = np.zeros_like(w)
    g[:, 0] = 2 * w[:, 0] * x[np.arange(3), LABELS]
    return g


def taken_grad(w, x):
    g = np.zeros_like(w)
    np.put_along_axis(g, LABELS[:, None], -1 / np.take_along_axis(w, LABELS[:, None], 1), 1)
    return g


def gathered(w, x):
    A = np.zeros(3)
    np.add.at(A, [0, 2, 2, 1], w)
    np.subtract.at(A, 1, w[0] ** 2)
    np.multiply.at(A, [0], w[1])
    return np.sum(A * [1, 2, 3])


def gathered_grad(w, x):
    return np.array([w[1] - 4 * w[0], w[0] + 3, 3, 2.0])


def strided(w, x):
    step = w.strides[0]
    return np.sum(as_strided(w, shape=(3, 2), strides=(step, step)) @ x[:2])


def patches(w, x):
    step = w.strides
    view = as_strided(w, shape=(2, 3, 2, 2), strides=step + step, writeable=False)
    return np.sum(view**2)


def patches_grad(w, x):
    return 2 * w * np.array([[1, 2, 2, 1], [2, 4, 4, 2], [1, 2, 2, 1]])


def padded(**options):
    def loss(w, x):
        return np.sum(np.pad(w, 2, **options) * np.arange(1.0, 9.0))

    return loss


def halves(w, x):
    a, b = np.split(w, [1])
    c, _ = np.array_split(x, 2)
    left, right = np.hsplit(np.atleast_2d(w), 2)
    return a.sum() ** 2 + b @ b * c.sum() + np.sum(left * right)


def halves_grad(w, x):
    return np.append(2 * w[:1], 2 * w[1:] * (x[0] + x[1])) + np.roll(w, 2)


def by_rows(w, x):
    return np.sum(np.apply_along_axis(lambda r: r / np.sqrt(r @ r), 1, w) * x)


def by_rows_grad(w, x):
    n = np.linalg.norm(w, axis=1, keepdims=True)
    return x / n - w * np.sum(w * x, axis=1, keepdims=True) / n**3


def copied(w, x):
    A = np.zeros_like(w)
    np.copyto(A, w**2, where=w > 0)
    np.putmask(A, w < -1, w * 3)
    np.put(A, [0], w[3])
    B = np.ones(4)
    B[1:3] += w[1:3]
    B.fill(w[2])
    return np.sum(A * x) + B.sum()


def copied_grad(w, x):
    g = np.where(w > 0, 2 * w * x, np.where(w < -1, 3 * x, 0))
    g[0] = 0
    g[3] += x[0]
    g[2] += 4
    return g


def flattened(w, x):
    A = np.zeros((3, 4))
    A.flat[:6] = w.flat[6:]
    A.ravel()[6] = w[0, 0]
    return np.sum(A**2)


def flattened_grad(w, x):
    g = np.zeros_like(w)
    g.flat[6:] = 2 * w.flat[6:]
    g[0, 0] = 2 * w[0, 0]
    return g


def through_nditer(w, x):
    total = 0
    for a, b in np.nditer([w, x], flags=["refs_ok"]):
        total = total + a * a * b
    return total


def walked(w, x):
    total = 0.0
    for index, value in np.ndenumerate(w):
        total += value**2 * x[index]
    for index in np.ndindex(w.shape):
        total += w[index]
    return total


def structured(w, x):
    A = np.zeros(2, dtype=object)
    A[0], A[1] = w[:1], w[1:]
    return sum(np.sum(part**2) for part in A)


PAD_ENDS = {
    "constant": [3, 4, 5, 6],
    "edge": [1 + 2 + 3, 4, 5, 6 + 7 + 8],
    "reflect": [3, 4 + 2 + 8, 5 + 1 + 7, 6],
    "symmetric": [3 + 2, 4 + 1, 5 + 8, 6 + 7],
    "wrap": [3 + 7, 4 + 8, 5 + 1, 6 + 2],
    "linear_ramp": [3 + 2 / 2, 4, 5, 6 + 7 / 2],
    "mean": [3 + 18 / 4, 4 + 18 / 4, 5 + 18 / 4, 6 + 18 / 4],
    "empty": None,
}
"""What each entry counts in a sum weighted by 1 to 8 of the array padded by two on either side."""

PAIRS = {
    **{
        f"pad {mode}": (
            V,
            lambda w, x, mode=mode: np.sum(np.pad(w, 2, mode=mode) * np.arange(1.0, 9.0)),
            lambda w, x, ends=ends: np.array(ends, dtype=float),
        )
        for mode, ends in PAD_ENDS.items()
        if ends
    },
    "pad maximum": (
        V,
        lambda w, x: np.pad(w, 1, mode="maximum").sum() + np.pad(w, 1, "minimum").sum(),
        lambda w, x: 2 + 2.0 * (w == w.max()) + 2 * (w == w.min()),
    ),
    "pad median": (
        V,
        lambda w, x: np.pad(w, 1, mode="median").sum(),
        lambda w, x: 1.0 + ((w == np.sort(w)[1]) | (w == np.sort(w)[2])),
    ),
    "pad images": (
        R,
        lambda w, x: np.sum(
            np.pad(w[None, :, :, None], ((0, 0), (1, 1), (2, 0), (0, 0)), mode="constant", constant_values=0.5) ** 2
        ),
        lambda w, x: 2 * w,
    ),
    "pad by a dict": (R, lambda w, x: np.sum(np.pad(w, {-1: (1, 2)}) ** 2), lambda w, x: 2 * w),
    "fill_diagonal": (
        (R[0], Q[1]),
        lambda w, x: without_diagonal(w[:, :3], x),
        lambda w, x: np.column_stack([without_diagonal_grad(w[:, :3], x), np.zeros(3)]),
    ),
    "fromiter": (V, from_a_generator, lambda w, x: 2 * w * x),
    "gradient": (
        V,
        lambda w, x: np.gradient(w) @ x,
        lambda w, x: np.array([-x[0] - x[1] / 2, x[0] - x[2] / 2, x[1] / 2 - x[3], x[2] / 2 + x[3]]),
    ),
    "gradient of spacing": (
        V,
        lambda w, x: np.gradient(w, 0.5) @ x,
        lambda w, x: 2 * np.array([-x[0] - x[1] / 2, x[0] - x[2] / 2, x[1] / 2 - x[3], x[2] / 2 + x[3]]),
    ),
    "gradient of an image": (
        R,
        lambda w, x: np.sum(np.gradient(w)[1][:, 0] * x[:, 0]),
        lambda w, x: x[:, :1] * [-1, 1, 0, 0],
    ),
    "diff": (
        R,
        lambda w, x: np.sum(np.diff(w, axis=0) ** 2),
        lambda w, x: -2 * np.diff(w, axis=0, prepend=w[:1], append=w[-1:])[1:] + 2 * np.diff(w, axis=0, prepend=w[:1]),
    ),
    "diff twice": (V, lambda w, x: np.diff(w, n=2).sum(), lambda w, x: np.array([1.0, -1, -1, 1])),
    "diff prepend": (V, lambda w, x: np.diff(w, prepend=0) @ x, lambda w, x: -np.diff(x, append=0)),
    "ediff1d": (
        V,
        lambda w, x: np.sum(np.ediff1d(w, to_begin=0) ** 2),
        lambda w, x: -2 * np.diff(np.diff(w, prepend=w[0], append=w[-1])),
    ),
    "cumsum": (V, lambda w, x: np.cumsum(w) @ x, lambda w, x: np.cumsum(x[::-1])[::-1]),
    "cumprod": (V, lambda w, x: np.cumprod(w) @ x, lambda w, x: np.cumsum((np.cumprod(w) * x)[::-1])[::-1] / w),
    "cumsum out": (V, lambda w, x: np.cumsum(w, out=np.zeros(4)) @ x, lambda w, x: np.cumsum(x[::-1])[::-1]),
    "trapezoid": (V, lambda w, x: np.trapezoid(w**2, dx=0.5), lambda w, x: w * [0.5, 1, 1, 0.5]),
    "trapezoid over x": (
        V,
        lambda w, x: np.trapezoid(w, np.sort(x)),
        lambda w, x: (np.diff(np.sort(x), prepend=np.min(x)) + np.diff(np.sort(x), append=np.max(x))) / 2,
    ),
    "roll": (R, lambda w, x: np.sum(np.roll(w, 1, axis=1) * x), lambda w, x: np.roll(x, -1, axis=1)),
    "roll of axes": (
        R,
        lambda w, x: np.sum(np.roll(w, (1, 2), axis=(0, 1)) * x),
        lambda w, x: np.roll(x, (-1, -2), axis=(0, 1)),
    ),
    "flip": (R, lambda w, x: np.sum(np.flip(w, axis=1) * x + np.flip(w)), lambda w, x: x[:, ::-1] + 1),
    "rot90": (Q, lambda w, x: np.sum(np.rot90(w, 2) * x), lambda w, x: np.rot90(x, 2)),
    "split": (V, halves, halves_grad),
    "unstack": (R, lambda w, x: sum(a @ a for a in np.unstack(w)), lambda w, x: 2 * w),
    "take": (
        R,
        lambda w, x: np.take(w, [0, 0, 2], axis=1).sum(),
        lambda w, x: np.array([2, 0, 1, 0]) * np.ones((3, 1)),
    ),
    "w.take": (V, lambda w, x: w.take([1, 1]) @ x[:2], lambda w, x: np.array([0, x[0] + x[1], 0, 0])),
    "take_along_axis": (
        (np.abs(R[0]), R[1]),
        lambda w, x: -np.log(np.take_along_axis(w, LABELS[:, None], axis=1)).sum(),
        taken_grad,
    ),
    "put_along_axis": (R, put_along, put_along_grad),
    "add.at": (V, gathered, gathered_grad),
    "as_strided": (V, strided, lambda w, x: np.convolve(x[:2], np.ones(3))),
    "as_strided patches": (R, patches, patches_grad),
    "sliding_window_view": (R, lambda w, x: np.sum(sliding_window_view(w, (2, 2)) ** 2), patches_grad),
    "apply_along_axis": (R, by_rows, by_rows_grad),
    "apply_over_axes": (
        R,
        lambda w, x: np.sum(np.apply_over_axes(np.sum, w, [1]) ** 2),
        lambda w, x: 2 * w.sum(axis=1, keepdims=True) * np.ones(4),
    ),
    "copyto, putmask, put": (V, copied, copied_grad),
    "flat": (R, flattened, flattened_grad),
    "nditer": (R, through_nditer, lambda w, x: 2 * w * x),
    "ndenumerate": (R, walked, lambda w, x: 2 * w * x + 1),
    "arrays in an array": (V, structured, lambda w, x: 2 * w),
    "triu and tril": (
        R,
        lambda w, x: np.sum(np.triu(w, 1) * x) + np.sum(np.tril(w) ** 2),
        lambda w, x: np.triu(x, 1) + 2 * np.tril(w),
    ),
    "triu_indices": (Q, lambda w, x: np.sum(w[np.triu_indices(3, k=1)] ** 2), lambda w, x: 2 * np.triu(w, 1)),
    "meshgrid": (V, lambda w, x: np.sum(np.multiply(*np.meshgrid(w, x)) ** 2), lambda w, x: 2 * w * (x @ x)),
    "meshgrid sparse": (
        V,
        lambda w, x: np.sum(np.add(*np.meshgrid(w, x, indexing="ij", sparse=True)) ** 2),
        lambda w, x: 2 * (4 * w + x.sum()),
    ),
    "broadcast_arrays": (
        V,
        lambda w, x: np.sum(np.multiply(*np.broadcast_arrays(w[:, None], x))),
        lambda w, x: x.sum() * np.ones(4),
    ),
    "r_ and c_": (
        V,
        lambda w, x: np.sum(np.r_[w, 1.0, w[:2]] ** 2) + np.sum(np.c_[w, np.ones(4), x] @ np.ones(3)),
        lambda w, x: 2 * w * [2, 2, 1, 1] + 1,
    ),
    "r_ of numbers": (V, lambda w, x: np.sum(np.r_[0.5, w[0], 2] ** 2), lambda w, x: np.array([2 * w[0], 0, 0, 0])),
    "append, insert, delete": (
        V,
        lambda w, x: np.append(w, w[0]) @ np.insert(x, 0, 2.0) + np.delete(w, 1).sum(),
        lambda w, x: np.append(2.0, x[:3]) + np.array([x[3], 0, 0, 0]) + [1, 0, 1, 1],
    ),
    "column_stack": (
        V,
        lambda w, x: np.sum(np.column_stack([np.ones(4), w, w**2]) @ x[:3]),
        lambda w, x: x[1] + 2 * w * x[2],
    ),
    "block": (
        Q,
        lambda w, x: np.sum(np.block([[w, np.zeros((3, 1))], [np.ones((1, 3)), w[:1, :1]]]) ** 2),
        lambda w, x: 2 * w * (1 + (np.arange(9) == 0).reshape(3, 3)),
    ),
    "tile and repeat": (
        V,
        lambda w, x: np.tile(w, (2, 1))[1] @ x + np.repeat(w, [1, 2, 0, 1]).sum(),
        lambda w, x: x + np.array([1, 2, 0, 1]),
    ),
    "resize": (V, lambda w, x: np.sum(np.resize(w, 6) ** 2), lambda w, x: 2 * w * [2, 2, 1, 1]),
    "vander": (V, lambda w, x: np.sum(np.vander(w, 3, increasing=True) * x[:3]), lambda w, x: x[1] + 2 * w * x[2]),
    "diag": (
        V,
        lambda w, x: np.sum(np.diag(w) ** 2) + np.diagflat(w, 1)[0, 1] + np.diag(np.diag(w)) @ x,
        lambda w, x: 2 * w + x + [1, 0, 0, 0],
    ),
    "moveaxis": (R, lambda w, x: np.sum(np.moveaxis(w[None], 0, -1)[..., 0] * x), lambda w, x: x),
    "matrix_transpose": (R, lambda w, x: np.sum(np.matrix_transpose(w) * x.T + w.mT * x.mT), lambda w, x: 2 * x),
    "unravel_index": (
        R,
        lambda w, x: w[np.unravel_index(np.argmax(w), w.shape)] ** 2,
        lambda w, x: 2 * w * (w == w.max()),
    ),
    "ravel_multi_index": (
        R,
        lambda w, x: w.ravel()[np.ravel_multi_index(([0, 1], [2, 3]), w.shape)].sum(),
        lambda w, x: 1.0 * (np.arange(12).reshape(3, 4) % 5 == 2),
    ),
    "extract and compress": (V, lambda w, x: np.extract(w > 0, w) @ np.compress(w > 0, x), lambda w, x: x * (w > 0)),
    "isin": (V, lambda w, x: np.sum(w**2 * np.isin([0, 1, 2, 3], [1, 3])), lambda w, x: 2 * w * [0, 1, 0, 1]),
    "argwhere": (V, lambda w, x: sum(w[k] ** 2 for (k,) in np.argwhere(w > 0)), lambda w, x: 2 * w * (w > 0)),
    "lexsort": (V, lambda w, x: w[np.lexsort((w,))] @ x, lambda w, x: x[np.argsort(np.argsort(w))]),
    "fromfunction": (
        V,
        lambda w, x: np.fromfunction(lambda i: w * (i + 1), (4,)).sum(),
        lambda w, x: np.arange(1.0, 5.0),
    ),
    "polyval": (V, lambda w, x: np.sum(np.polyval(w, x)), lambda w, x: np.sum(x[:, None] ** [3, 2, 1, 0], axis=0)),
    "polymul": (
        V,
        lambda w, x: np.sum(np.polymul(w, x)) + np.poly1d(w)(2.0),
        lambda w, x: x.sum() + np.array([8.0, 4, 2, 1]),
    ),
    "Polynomial": (
        V,
        lambda w, x: np.sum(np.polynomial.Polynomial(w)(x)) + np.polynomial.polynomial.polyval(2.0, w),
        lambda w, x: np.sum(x[:, None] ** [0, 1, 2, 3], axis=0) + np.array([1, 2, 4, 8]),
    ),
    "require": (V, lambda w, x: np.sum(np.require(w, dtype=float, requirements="C") ** 2), lambda w, x: 2 * w),
    "array_equal": (V, lambda w, x: np.sum(w**2) if not np.array_equal(w, x) else 0.0, lambda w, x: 2 * w),
    "masked_where": (
        V,
        lambda w, x: np.ma.masked_where(x < 0, w).sum() ** 2,
        lambda w, x: 2 * w[x >= 0].sum() * (x >= 0),
    ),
}
