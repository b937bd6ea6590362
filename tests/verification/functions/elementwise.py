"""NumPy's functions of single entries."""

from __future__ import annotations

import numpy as np
from scipy import special

from tests.verification.functions.points import P, R, U, V


def guarded(w, x):
    if np.any(w != w) or np.isnan(w).any():
        raise FloatingPointError("not a number")
    return np.sum(x * w**2)


def mended(w, x):
    z = w * x
    z[z != z] = 0
    return np.sum(np.nan_to_num(z, nan=0.0, posinf=0.0) ** 2)


def close_enough(w, x):
    return np.sum(w**2) if not np.isclose(w, x).any() and not np.allclose(w, x, rtol=1e-3) else 0.0


def filled_where(w, x):
    z = np.full_like(w, 0.5)
    np.log(w, out=z, where=w > 0)
    return np.sum(z * x)


def filled_where_grad(w, x):
    g = np.zeros_like(w)
    np.divide(x, w, out=g, where=w > 0)
    return g


def divided(w, x):
    return np.sum(np.divide(x, w, out=np.zeros_like(x), where=w != 0))


def written(w, x):
    z = np.empty(w.shape)
    np.multiply(w, x, z)
    np.tanh(z, z)
    return z.sum()


def noise(w, x):
    rng = np.random.default_rng(3)
    z = rng.standard_normal(4)
    z += w
    z[0] = w[1]
    return np.sum(z**2 * x)


def noise_grad(w, x):
    rng = np.random.default_rng(3)
    z = rng.standard_normal(4)
    z += w
    g = 2 * z * x
    g[0] = 0
    g[1] += 2 * w[1] * x[0]
    return g


def kept_by_dropout(w, x):
    np.random.seed(1)
    mask = np.random.rand(*w.shape)
    mask[mask > 0.5] = 1
    mask /= 0.5
    mask *= w
    return np.sum(mask**2)


def kept_by_dropout_grad(w, x):
    np.random.seed(1)
    mask = np.random.rand(*w.shape)
    mask[mask > 0.5] = 1
    return 2 * w * (mask / 0.5) ** 2


def pieces(w, x):
    return np.sum(np.piecewise(w, [w < 0, (w >= 0) & (w < 1)], [lambda t: -t, lambda t: t**2, 1.0]) * x)


def pieces_grad(w, x):
    return x * np.select([w < 0, w < 1], [-1.0, 2 * w], 0.0)


@np.vectorize
def smooth_step(t):
    return t * t / 2 if abs(t) < 1 else abs(t) - 0.5


PAIRS = {
    "hypot": (V, lambda w, x: np.hypot(w, x).sum(), lambda w, x: w / np.hypot(w, x)),
    "arctan2 of sine": (V, lambda w, x: x @ np.arctan2(w, x), lambda w, x: x * x / (w * w + x * x)),
    "arctan2 of cosine": (V, lambda w, x: np.arctan2(x, w).sum(), lambda w, x: -x / (w * w + x * x)),
    "np.cbrt": (V, lambda w, x: x @ np.cbrt(w), lambda w, x: x / (3 * np.cbrt(w) ** 2)),
    "fabs": (V, lambda w, x: x @ np.fabs(w), lambda w, x: x * np.sign(w)),
    "copysign": (V, lambda w, x: np.copysign(w, x).sum(), lambda w, x: np.copysign(1, w) * np.copysign(1, x)),
    "float_power": (P, lambda w, x: x @ np.float_power(w, 1.5), lambda w, x: 1.5 * x * np.float_power(w, 0.5)),
    "power of a list": (P, lambda w, x: np.power(w, [1, 2, 3, 0]).sum(), lambda w, x: [1, 2, 3, 0] * w ** [0, 1, 2, 0]),
    "power with exponents": (P, lambda w, x: np.power(x, w).sum(), lambda w, x: x**w * np.log(x)),
    "remainder": (V, lambda w, x: x @ (w % 2.0) ** 2, lambda w, x: 2 * x * (w % 2.0)),
    "mod by itself": (P, lambda w, x: np.sum(np.mod(5.3, w)), lambda w, x: -np.floor(5.3 / w)),
    "fmod": (V, lambda w, x: x @ np.fmod(w, 1.0) ** 2, lambda w, x: 2 * x * np.fmod(w, 1.0)),
    "floor": (V, lambda w, x: np.sum(w * np.floor(w)), lambda w, x: np.floor(w)),
    "ceil": (V, lambda w, x: np.sum(w * np.ceil(w)), lambda w, x: np.ceil(w)),
    "rint": (V, lambda w, x: np.sum(w * np.rint(3 * w)), lambda w, x: np.rint(3 * w)),
    "round": (V, lambda w, x: np.sum(w * np.round(w / 3, 1)), lambda w, x: np.round(w / 3, 1)),
    "w.round": (V, lambda w, x: np.sum(w * (w / 7).round(2)), lambda w, x: (w / 7).round(2)),
    "around": (V, lambda w, x: np.sum(w * np.around(w)), lambda w, x: np.around(w)),
    "round of one": (
        V,
        lambda w, x: w[3] * round(w[3]) + w[0] * int(x[0]),
        lambda w, x: np.array([int(x[0]), 0, 0, round(w[3])]),
    ),
    "trunc": (V, lambda w, x: np.sum(w * np.trunc(w)), lambda w, x: np.trunc(w)),
    "fix": (V, lambda w, x: np.sum(w * np.fix(w)), lambda w, x: np.fix(w)),
    "floor_divide": (V, lambda w, x: np.sum(w * (w // 0.7)), lambda w, x: w // 0.7),
    "logaddexp": (
        V,
        lambda w, x: np.logaddexp(w, x).sum(),
        lambda w, x: 1 / (1 + np.exp(x - w)),
    ),
    "logaddexp2": (V, lambda w, x: np.logaddexp2(w, x).sum(), lambda w, x: 1 / (1 + np.exp2(x - w))),
    "logaddexp of rows": (
        R,
        lambda w, x: np.logaddexp.reduce(w, axis=1).sum(),
        lambda w, x: np.exp(w) / np.exp(w).sum(1)[:, None],
    ),
    "exp2 and log2": (
        P,
        lambda w, x: np.sum(np.exp2(w) + np.log2(w)),
        lambda w, x: np.exp2(w) * np.log(2) + 1 / w / np.log(2),
    ),
    "log10": (P, lambda w, x: x @ np.log10(w), lambda w, x: x / w / np.log(10)),
    "expm1": (V, lambda w, x: x @ np.expm1(w), lambda w, x: x * np.exp(w)),
    "log1p": (P, lambda w, x: x @ np.log1p(w), lambda w, x: x / (1 + w)),
    "sinc": (V, lambda w, x: x @ np.sinc(w), lambda w, x: x * (np.cos(np.pi * w) - np.sinc(w)) / w),
    "sinc at zero": (
        (np.array([0.0, 0.5, 1.5, -0.25]), V[1]),
        lambda w, x: x @ np.sinc(w),
        lambda w, x: x * np.where(w == 0, 0.0, (np.cos(np.pi * w) - np.sinc(w)) / np.where(w == 0, 1.0, w)),
    ),
    "degrees": (V, lambda w, x: x @ np.sin(np.deg2rad(w)), lambda w, x: x * np.cos(np.radians(w)) * np.pi / 180),
    "arcs": (
        U,
        lambda w, x: np.sum(np.arcsin(w) - np.arctanh(w)),
        lambda w, x: 1 / np.sqrt(1 - w * w) - 1 / (1 - w * w),
    ),
    "arcosh": (P, lambda w, x: x @ np.arccosh(1 + w), lambda w, x: x / np.sqrt(w * w + 2 * w)),
    "new names": (P, lambda w, x: np.sum(np.acos(w / 3) + np.pow(w, 2)), lambda w, x: 2 * w - 1 / np.sqrt(9 - w * w)),
    "clip by arrays": (
        V,
        lambda w, x: np.sum(np.clip(w, np.array([0, -1, 0, 0]), [1, 1, 1, 3]) * x),
        lambda w, x: x * (w >= np.array([0, -1, 0, 0])) * (w <= [1, 1, 1, 3]),
    ),
    "clip from below": (V, lambda w, x: np.clip(w, 0.5, None) @ x, lambda w, x: x * (w > 0.5)),
    "clip by name": (V, lambda w, x: np.clip(w, min=-1, max=1) @ x, lambda w, x: x * (np.abs(w) < 1)),
    "heaviside": (V, lambda w, x: np.sum(w**2 * np.heaviside(w, 0.5)), lambda w, x: 2 * w * np.heaviside(w, 0.5)),
    "maximum out": (V, lambda w, x: np.maximum(w, 0, out=np.zeros(4)) @ x, lambda w, x: x * (w > 0)),
    "fmax and fmin": (V, lambda w, x: np.fmax(w, x) @ x + np.fmin(w, x).sum(), lambda w, x: np.where(w > x, x, 1)),
    "x != x": (V, guarded, lambda w, x: 2 * w * x),
    "nan_to_num": (V, mended, lambda w, x: 2 * w * x * x),
    "isclose": (V, close_enough, lambda w, x: 2 * w),
    "where= of a ufunc": (V, filled_where, filled_where_grad),
    "where= of a quotient": (V, divided, lambda w, x: -x / w**2),
    "out by position": (V, written, lambda w, x: x * (1 - np.tanh(w * x) ** 2)),
    "into random numbers": (V, noise, noise_grad),
    "into a random mask": (R, kept_by_dropout, kept_by_dropout_grad),
    "piecewise": (V, pieces, pieces_grad),
    "select": (
        V,
        lambda w, x: np.sum(np.select([w < -1, w < 1], [w**3, w**2], default=w)),
        lambda w, x: np.select([w < -1, w < 1], [3 * w**2, 2 * w], default=1.0),
    ),
    "choose": (
        V,
        lambda w, x: np.choose([0, 1, 1, 0], [w**2, w**3]) @ x,
        lambda w, x: x * np.choose([0, 1, 1, 0], [2 * w, 3 * w**2]),
    ),
    "where of pairs": (V, lambda w, x: np.sum(w[np.where(w > 0)] ** 2), lambda w, x: np.where(w > 0, 2 * w, 0)),
    "where of a number": (V, lambda w, x: np.where(w.sum() > 0, w @ w, 0.0), lambda w, x: 2 * w * (w.sum() > 0)),
    "vectorize": (V, lambda w, x: smooth_step(w) @ x, lambda w, x: x * np.clip(w, -1, 1)),
    "vectorize with types": (
        V,
        lambda w, x: np.vectorize(lambda a, b: a * b if b > 0 else -a, otypes=[np.float64])(w, x).sum(),
        lambda w, x: np.where(x > 0, x, -1.0),
    ),
    "vectorize signature": (
        R,
        lambda w, x: np.vectorize(lambda a, b: a @ b, signature="(n),(n)->()")(w, x).sum(),
        lambda w, x: x,
    ),
    "frompyfunc": (V, lambda w, x: np.frompyfunc(lambda a: a**3, 1, 1)(w).sum(), lambda w, x: 3 * w**2),
    "sign": (V, lambda w, x: np.sum(np.sign(w) * w * x), lambda w, x: x * np.sign(w)),
    "signbit": (V, lambda w, x: np.sum(np.where(np.signbit(w), -w, w)), lambda w, x: np.sign(w)),
    "modf": (V, lambda w, x: np.sum(np.modf(w)[0] ** 2), lambda w, x: 2 * np.modf(w)[0]),
    "spacing": (V, lambda w, x: np.sum(w**2) + np.spacing(1.0), lambda w, x: 2 * w),
    "i0": (V, lambda w, x: x @ np.i0(w), lambda w, x: x * special.i1(w)),
    "real_if_close": (V, lambda w, x: np.sum(np.real_if_close(w) ** 2), lambda w, x: 2 * w),
}
