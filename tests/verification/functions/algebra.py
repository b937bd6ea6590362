"""NumPy's products and linear algebra."""

from __future__ import annotations

import numpy as np
from numpy import linalg

from tests.verification.functions.points import Q, R, T, V

inv, solve = np.linalg.inv, np.linalg.solve


def gaussian(w, x):
    """The negative log-likelihood of samples under a covariance made of w."""
    S = w @ w.T + np.eye(3)
    _, logdet = np.linalg.slogdet(S)
    return 0.5 * logdet + 0.5 * np.sum(x * np.linalg.solve(S, x))


def gaussian_grad(w, x):
    S = np.linalg.inv(w @ w.T + np.eye(3))
    return S @ w - S @ x @ x.T @ S @ w


def ridge(w, x):
    A = w.T @ w + 0.5 * np.eye(4)
    return np.sum(np.linalg.inv(A) * 2)


def whitening(w, x):
    L = np.linalg.cholesky(w @ w.T + 2 * np.eye(3))
    return np.sum(np.linalg.solve(L, x) ** 2)


def whitening_grad(w, x):
    S = np.linalg.inv(w @ w.T + 2 * np.eye(3))
    return -2 * S @ x @ x.T @ S @ w


def volume(w, x):
    return linalg.slogdet(w).logabsdet * linalg.slogdet(w).sign


def stack_of(w):
    return np.stack([w, 2 * w, w @ w])


def stacked_solve(w, x):
    return np.sum(np.linalg.solve(stack_of(w), x) ** 2)


def stacked_solve_grad(w, x):
    g = np.zeros_like(w)
    for A, slope in ((w, lambda D: D), (2 * w, lambda D: 2 * D), (w @ w, lambda D: D @ w.T + w.T @ D)):
        Z = solve(A, x)
        g += slope(-solve(A.T, 2 * Z) @ Z.T)
    return g


def least_squares(w, x):
    return np.sum(np.linalg.lstsq(x, w, rcond=None)[0] ** 2)


def least_squares_grad(w, x):
    A = np.linalg.pinv(x)
    return 2 * A.T @ A @ w


def polynomial_fit(w, x):
    return np.sum(np.polyfit(x, w, 1) ** 2)


def polynomial_fit_grad(w, x):
    A = np.linalg.pinv(np.vander(x, 2))
    return 2 * A.T @ A @ w


def spectral_grad(w, x):
    u, _, v = np.linalg.svd(w, full_matrices=False)
    return np.outer(u[:, 0], v[0])


def nuclear_grad(w, x):
    u, _, v = np.linalg.svd(w, full_matrices=False)
    return u @ v


def eigenvalue(w, x):
    return np.linalg.eigvalsh(w + w.T)[-1]


def eigenvalue_grad(w, x):
    v = np.linalg.eigh(w + w.T)[1][:, -1]
    return 2 * np.outer(v, v)


def two_by_two(w, x):
    return np.linalg.det(w[:2, :2]) + w[2, 2] ** 2


def two_by_two_grad(w, x):
    g = np.zeros_like(w)
    g[:2, :2] = [[w[1, 1], -w[1, 0]], [-w[0, 1], w[0, 0]]]
    g[2, 2] = 2 * w[2, 2]
    return g


def attention(w, x):
    Z = np.einsum("...ij,...kj->...ik", np.stack([w, x]), np.stack([x, w]))
    return np.sum(np.tanh(Z))


def attention_grad(w, x):
    return 2 * (1 - np.tanh(w @ x.T) ** 2) @ x


def written_product(w, x):
    out = np.empty((3, 3))
    np.dot(w, x.T, out=out)
    np.einsum("ij,kj->ik", w, x, out=out)
    return np.sum(out**2)


PAIRS = {
    "solve": (Q, lambda w, x: np.sum(solve(w, x) ** 2), lambda w, x: -2 * solve(w.T, solve(w, x)) @ solve(w, x).T),
    "solve of a vector": (
        Q,
        lambda w, x: np.sum(solve(w, x[0])),
        lambda w, x: -np.outer(solve(w.T, np.ones(3)), solve(w, x[0])),
    ),
    "solve of stacks": (Q, stacked_solve, stacked_solve_grad),
    "inv": (Q, lambda w, x: np.sum(x * inv(w)), lambda w, x: -inv(w).T @ x @ inv(w).T),
    "inv of stacks": (Q, lambda w, x: np.sum(inv(np.stack([w, w]))[0] * x), lambda w, x: -inv(w).T @ x @ inv(w).T),
    "inv of a sum": (
        R,
        ridge,
        lambda w, x: -4 * w @ inv(w.T @ w + 0.5 * np.eye(4)) @ np.ones((4, 4)) @ inv(w.T @ w + 0.5 * np.eye(4)),
    ),
    "det": (Q, lambda w, x: np.linalg.det(w), lambda w, x: np.linalg.det(w) * inv(w).T),
    "det of a part": (Q, two_by_two, two_by_two_grad),
    "det of stacks": (
        Q,
        lambda w, x: np.sum(np.linalg.det(np.stack([w, -w])) * [2, 1]),
        lambda w, x: np.linalg.det(w) * inv(w).T,
    ),
    "slogdet": (R, gaussian, gaussian_grad),
    "slogdet by name": (Q, volume, lambda w, x: inv(w).T * linalg.slogdet(w)[0]),
    "cholesky": (R, whitening, whitening_grad),
    "cholesky upper": (
        Q,
        lambda w, x: 2 * np.sum(np.log(np.diag(np.linalg.cholesky(w.T @ w, upper=True)))),
        lambda w, x: 2 * inv(w).T,
    ),
    "pinv": (Q, lambda w, x: np.sum(np.linalg.pinv(w) * x), lambda w, x: -inv(w).T @ x @ inv(w).T),
    "pinv tall": (
        T,
        lambda w, x: np.sum(np.linalg.pinv(w) @ w) + np.sum(w**2),
        lambda w, x: 2 * w,
    ),
    "pinv hermitian": (
        Q,
        lambda w, x: np.sum(np.linalg.pinv(w @ w.T, hermitian=True)),
        lambda w, x: -2 * inv(w @ w.T) @ np.ones((3, 3)) @ inv(w @ w.T) @ w,
    ),
    "lstsq": (Q, least_squares, least_squares_grad),
    "lstsq of data": (
        T,
        lambda w, x: np.sum(np.linalg.lstsq(x, w[:, 0])[0] ** 2),
        lambda w, x: np.column_stack([least_squares_grad(w[:, 0], x), np.zeros((4, 2))]),
    ),
    "polyfit": (V, polynomial_fit, polynomial_fit_grad),
    "norm": (R, lambda w, x: np.linalg.norm(w - x), lambda w, x: (w - x) / np.linalg.norm(w - x)),
    "norm fro": (R, lambda w, x: np.linalg.norm(w, "fro") ** 2, lambda w, x: 2 * w),
    "norm fro of axes": (
        R,
        lambda w, x: np.linalg.norm(np.stack([w, 2 * w]), axis=(1, 2)).sum(),
        lambda w, x: 3 * w / np.linalg.norm(w),
    ),
    "norm 1": (V, lambda w, x: np.linalg.norm(w, 1), lambda w, x: np.sign(w)),
    "norm 1 of rows": (R, lambda w, x: np.linalg.norm(w, ord=1, axis=1) @ x[:, 0], lambda w, x: np.sign(w) * x[:, :1]),
    "norm 1 of a matrix": (
        R,
        lambda w, x: np.linalg.norm(w, 1),
        lambda w, x: np.sign(w) * (np.abs(w).sum(0) == np.abs(w).sum(0).max()),
    ),
    "norm -1 of a matrix": (
        R,
        lambda w, x: np.linalg.norm(w, -1),
        lambda w, x: np.sign(w) * (np.abs(w).sum(0) == np.abs(w).sum(0).min()),
    ),
    "norm inf": (V, lambda w, x: np.linalg.norm(w, np.inf), lambda w, x: np.sign(w) * (abs(w) == abs(w).max())),
    "norm -inf": (V, lambda w, x: np.linalg.norm(w, -np.inf), lambda w, x: np.sign(w) * (abs(w) == abs(w).min())),
    "norm inf of a matrix": (
        R,
        lambda w, x: np.linalg.norm(w, np.inf),
        lambda w, x: np.sign(w) * (np.abs(w).sum(1) == np.abs(w).sum(1).max())[:, None],
    ),
    "norm inf of axes": (
        R,
        lambda w, x: np.linalg.norm(w, np.inf, axis=(0, 1), keepdims=True).sum(),
        lambda w, x: np.sign(w) * (np.abs(w).sum(1) == np.abs(w).sum(1).max())[:, None],
    ),
    "norm 2 of rows": (
        R,
        lambda w, x: np.sum(np.linalg.norm(w, axis=1, keepdims=True) * x),
        lambda w, x: w / np.linalg.norm(w, axis=1, keepdims=True) * x.sum(axis=1, keepdims=True),
    ),
    "norm 3": (V, lambda w, x: np.linalg.norm(w, 3), lambda w, x: w * abs(w) / np.linalg.norm(w, 3) ** 2),
    "norm 1.5": (
        V,
        lambda w, x: np.linalg.norm(w, 1.5),
        lambda w, x: np.sign(w) * np.sqrt(abs(w)) / np.linalg.norm(w, 1.5) ** 0.5,
    ),
    "norm 0.5": (
        V,
        lambda w, x: np.linalg.norm(w, 0.5),
        lambda w, x: np.sign(w) * np.sqrt(np.linalg.norm(w, 0.5) / abs(w)),
    ),
    "norm 0": (V, lambda w, x: np.linalg.norm(w, 0) * w[0], lambda w, x: np.array([4.0, 0, 0, 0])),
    "vector_norm": (
        R,
        lambda w, x: np.linalg.vector_norm(w, axis=1, ord=3).sum(),
        lambda w, x: w * abs(w) / np.linalg.norm(w, 3, axis=1, keepdims=True) ** 2,
    ),
    "vector_norm of all": (R, lambda w, x: np.linalg.vector_norm(w, ord=1), lambda w, x: np.sign(w)),
    "matrix_norm": (R, lambda w, x: np.linalg.matrix_norm(w), lambda w, x: w / np.linalg.norm(w)),
    "norm 2 of a matrix": (Q, lambda w, x: np.linalg.norm(w, 2), spectral_grad),
    "norm nuc": (Q, lambda w, x: np.linalg.norm(w, "nuc"), nuclear_grad),
    "singular values": (Q, lambda w, x: np.sum(np.linalg.svd(w, compute_uv=False)), nuclear_grad),
    "singular values squared": (R, lambda w, x: np.sum(np.linalg.svdvals(w) ** 2), lambda w, x: 2 * w),
    "eigvalsh": (Q, eigenvalue, eigenvalue_grad),
    "eigvalsh of all": (Q, lambda w, x: np.sum(np.log(np.linalg.eigvalsh(w @ w.T))), lambda w, x: 2 * inv(w).T),
    "eigh": (
        Q,
        lambda w, x: np.linalg.eigh(w + w.T)[0][0],
        lambda w, x: 2 * np.outer(*[np.linalg.eigh(w + w.T)[1][:, 0]] * 2),
    ),
    "qr": (Q, lambda w, x: np.sum(np.log(np.abs(np.diag(np.linalg.qr(w)[1])))), lambda w, x: inv(w).T),
    "cond": (
        Q,
        lambda w, x: np.linalg.cond(w, "fro") ** 2,
        lambda w, x: 2 * w * np.sum(inv(w) ** 2) - 2 * np.sum(w**2) * inv(w).T @ inv(w) @ inv(w).T,
    ),
    "matrix_rank": (Q, lambda w, x: np.sum(w**2) * np.linalg.matrix_rank(x), lambda w, x: 6 * w),
    "multi_dot": (
        Q,
        lambda w, x: np.sum(np.linalg.multi_dot([x, w, x, w])),
        lambda w, x: x.T @ np.ones((3, 3)) @ (x @ w).T + (x @ w @ x).T @ np.ones((3, 3)),
    ),
    "matrix_power": (
        Q,
        lambda w, x: np.trace(np.linalg.matrix_power(w, 4)),
        lambda w, x: 4 * np.linalg.matrix_power(w, 3).T,
    ),
    "matrix_power -1": (
        Q,
        lambda w, x: np.sum(np.linalg.matrix_power(w, -1) * x),
        lambda w, x: -inv(w).T @ x @ inv(w).T,
    ),
    "trace": (Q, lambda w, x: np.trace(w @ x, offset=0) + w.trace(1), lambda w, x: x.T + np.eye(3, k=1)),
    "kron": (Q, lambda w, x: np.sum(np.kron(w, x) ** 2), lambda w, x: 2 * w * np.sum(x**2)),
    "outer": (V, lambda w, x: np.sum(np.outer(w, x) ** 2), lambda w, x: 2 * w * (x @ x)),
    "inner": (R, lambda w, x: np.sum(np.inner(w, x) ** 2), lambda w, x: 2 * np.inner(w, x) @ x),
    "vdot": (R, lambda w, x: np.vdot(w, w * x), lambda w, x: 2 * w * x),
    "vecdot": (R, lambda w, x: np.vecdot(w, w * x).sum() + np.linalg.vecdot(w, x).sum(), lambda w, x: 2 * w * x + x),
    "matvec": (R, lambda w, x: np.matvec(w, x[0]).sum() + np.vecmat(x[:, 0], w).sum(), lambda w, x: x[0] + x[:, :1]),
    "cross": (T, lambda w, x: np.sum(np.cross(w, x) ** 2), lambda w, x: 2 * np.cross(x, np.cross(w, x))),
    "tensordot": (R, lambda w, x: np.sum(np.tensordot(w, x, axes=(1, 1)) ** 2), lambda w, x: 2 * w @ x.T @ x),
    "tensordot of all": (R, lambda w, x: np.tensordot(w**2, x, axes=2), lambda w, x: 2 * w * x),
    "matmul out": (Q, lambda w, x: np.matmul(w, x, out=np.empty((3, 3))).sum(), lambda w, x: np.ones((3, 3)) @ x.T),
    "dot out": (R, written_product, lambda w, x: 2 * w @ x.T @ x),
    "w.dot": (R, lambda w, x: np.sum(w.dot(x.T)), lambda w, x: np.ones((3, 3)) @ x),
    "einsum lists": (
        R,
        lambda w, x: np.sum(np.einsum(w, [0, 1], x, [2, 1], [0, 2]) ** 2),
        lambda w, x: 2 * np.einsum(w @ x.T, [0, 2], x, [2, 1]),
    ),
    "einsum lists of all": (R, lambda w, x: np.einsum(w, [0, 1], w * x, [0, 1]), lambda w, x: 2 * w * x),
    "einsum lists with dots": (
        R,
        lambda w, x: np.sum(np.einsum(w, [..., 1], x, [..., 1], [...]) ** 2),
        lambda w, x: 2 * np.sum(w * x, axis=1, keepdims=True) * x,
    ),
    "einsum dots": (R, attention, attention_grad),
    "einsum dots of one": (R, lambda w, x: np.einsum("i...->...", w**2) @ x[0], lambda w, x: 2 * w * x[0]),
    "einsum spaces": (R, lambda w, x: np.einsum(" ij , ij -> ", w, w * x), lambda w, x: 2 * w * x),
    "einsum of three": (
        R,
        lambda w, x: np.einsum("ij,kj,kl->", w, x, w),
        lambda w, x: np.einsum("kj,kl,i->ij", x, w, np.ones(3)) + np.einsum("ij,kj,l->kl", w, x, np.ones(4)),
    ),
    "einsum diagonal": (Q, lambda w, x: np.einsum("ii->i", w) @ x[0], lambda w, x: np.diag(x[0])),
    "einsum trace": (Q, lambda w, x: np.einsum("ii", w @ x) ** 2, lambda w, x: 2 * np.trace(w @ x) * x.T),
    "einsum optimize": (
        Q,
        lambda w, x: np.einsum("ij,jk,kl->il", w, x, w, optimize="greedy").sum(),
        lambda w, x: np.ones((3, 3)) @ (x @ w).T + (w @ x).T @ np.ones((3, 3)),
    ),
    "einsum_path": (
        Q,
        lambda w, x: np.einsum("ij,jk->ik", w, x, optimize=np.einsum_path("ij,jk->ik", w, x)[0]).sum(),
        lambda w, x: np.ones((3, 3)) @ x.T,
    ),
}
