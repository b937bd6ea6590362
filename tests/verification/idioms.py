"""Losses as people write them in NumPy, one function each of an array ``w`` of shape (3, 4) and data ``X`` (5, 3).

Their gradient is not written by hand but measured: see the tests.
"""

from __future__ import annotations

import math
from math import sqrt

import numpy as np
import scipy.linalg
import scipy.stats
from numpy.lib.stride_tricks import sliding_window_view
from scipy import special
from scipy.special import erf, expit, xlogy

LABELS = np.array([0, 3, 1, 1, 2])


def mask_as_floats(w, X):
    Z = X @ w
    mask = (Z > 0).astype(float)
    mask *= Z
    return np.sum(mask**2)


def mask_filled_in_place(w, X):
    Z = X @ w
    D = np.ones_like(Z)
    D[Z <= 0] = 0.01
    D *= Z
    return D.sum()


def clipped_cross_entropy(w, X):
    E = np.exp(X @ w - (X @ w).max(axis=1, keepdims=True))
    P = np.clip(E / E.sum(axis=1, keepdims=True), 1e-12, 1 - 1e-12)
    return -np.mean(np.log(P[range(len(LABELS)), LABELS]))


def one_hot_cross_entropy(w, X):
    Y = np.zeros((5, 4))
    Y[np.arange(5), LABELS] = 1
    Z = X @ w
    return np.mean(np.log(np.sum(np.exp(Z), axis=1)) - np.sum(Y * Z, axis=1))


def take_along_axis(w, X):
    P = np.exp(X @ w)
    return -np.sum(np.log(np.take_along_axis(P, LABELS[:, None], axis=1)))


def causal_attention(w, X):
    Q = X @ w
    S = Q @ Q.T / np.sqrt(Q.shape[-1])
    S = np.where(np.tril(np.ones_like(S)) == 1, S, -1e9)
    S = np.exp(S - S.max(axis=-1, keepdims=True))
    return np.sum((S / S.sum(axis=-1, keepdims=True)) @ Q)


def masked_by_infinity(w, X):
    S = X @ w
    S[np.triu_indices(4, k=1)[0][:2], [2, 3]] = -np.inf
    return np.sum(np.exp(S) * 0.1)


def batched_attention(w, X):
    Q = np.stack([X @ w, 2 * X @ w])
    S = np.matmul(Q, Q.transpose(0, 2, 1)) / 7
    return np.einsum("bij,bjd->bid", np.tanh(S), Q).mean() + np.einsum("bij->", S)


def batch_norm(w, X):
    Z = X @ w
    mean, var = Z.mean(axis=0), Z.var(axis=0)
    return np.sum(((Z - mean) / np.sqrt(var + 1e-5)) ** 3)


def layer_norm(w, X):
    Z = X @ w
    return np.sum(((Z - np.mean(Z, -1, keepdims=True)) / (np.std(Z, axis=-1, keepdims=True) + 1e-6)) ** 3)


def recurrence(w, X):
    h = np.zeros((1, 4))
    states = []
    for x in X:
        h = np.tanh(x.reshape(1, -1) @ w + 0.5 * h)
        states.append(h)
    return np.sum(np.concatenate(states, axis=0) ** 2) + np.array(states).sum()


def convolution_by_loops(w, X):
    image = np.pad(X, ((1, 1), (1, 1)), mode="constant")
    out = np.zeros((5, 2))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(image[i : i + 3, j : j + 4] * w)
    return np.sum(np.tanh(out))


def convolution_by_windows(w, X):
    image = np.pad(X, 1)
    return np.sum(np.tensordot(sliding_window_view(image, (3, 4)), w, axes=([2, 3], [0, 1])) ** 2)


def max_pooling(w, X):
    Z = (X @ w)[:4].reshape(2, 2, 2, 2)
    return np.sum(Z.max(axis=(1, 3)) ** 2) + np.amax(X @ w)


def gelu(w, X):
    Z = X @ w
    tanh_form = 0.5 * Z * (1 + np.tanh(np.sqrt(2 / np.pi) * (Z + 0.044715 * Z**3)))
    return np.sum(tanh_form + Z * 0.5 * (1 + erf(Z / np.sqrt(2))))


def softplus_and_swish(w, X):
    Z = X @ w
    return np.sum(np.logaddexp(0, Z) + Z * expit(Z) + np.log1p(np.exp(-np.abs(Z))))


def elu_selu_leaky(w, X):
    Z = X @ w
    return np.sum(np.where(Z > 0, Z, 1.6732 * (np.exp(np.minimum(Z, 0)) - 1)) + np.maximum(0.01 * Z, Z))


def huber_and_hinge(w, X):
    r = X @ w - 0.3
    return np.sum(np.where(np.abs(r) < 1, 0.5 * r**2, np.abs(r) - 0.5)) + np.mean(np.maximum(0, 1 - r))


def regularised(w, X):
    lam = 1e-4
    return lam / 2 * np.sum(np.square(w)) + lam * np.linalg.norm(w) + 1e-3 * np.abs(w).sum() + (X @ w).mean()


def embedding_sums(w, X):
    rows = np.array([0, 2, 2, 1])
    out = np.zeros((3, 4))
    np.add.at(out, rows, w[rows] ** 2)
    return np.sum(np.tanh(out))


def entropy(w, X):
    P = expit(X @ w)
    return -np.sum(xlogy(P, P))


def python_numbers(w, X):
    total = 0
    for row in w.tolist():
        for value in row:
            total += value**2 / 3 + abs(value) * 0.1
    return total / w.size


def scale_from_math(w, X):
    return float(np.sum(X @ w / sqrt(X.shape[1])) ** 2)


def item_and_squeeze(w, X):
    return np.squeeze(np.sum(np.tanh(X @ w), keepdims=True)).item()


def nditer_free_flat(w, X):
    return sum(v * v for v in w.flat) + w.ravel()[3] + np.ndarray.sum(w[1])


def out_arguments(w, X):
    Z = np.empty((5, 4))
    np.matmul(X, w, out=Z)
    np.maximum(Z, 0, out=Z)
    return (1 + np.sum(Z, axis=0)).prod()


def cosine_similarity(w, X):
    a, b = w[0], w[1]
    return np.dot(a, b) / (np.linalg.norm(a) * np.linalg.norm(b)) + np.inner(a, b) + np.vdot(a, b)


def lambda_and_reduce(w, X):
    return np.add.reduce(np.multiply.reduce(w, axis=0)) + np.prod(w[0]) + np.trace(w[:, :3]) + np.diag(w[:, :3]).sum()


def sorting(w, X):
    return np.sort(w.ravel())[-2:].sum() + w.ravel()[np.argsort(w.ravel())[:3]].sum()


def meshed(w, X):
    grid = np.linspace(0, 1, 4)
    return np.sum(np.outer(grid, w[0]) + np.kron(w[0], grid).reshape(4, 4) + np.arange(4) * w[1])


def type_checks(w, X):
    assert isinstance(w, np.ndarray)
    assert w.shape == (3, 4)
    assert w.ndim == 2
    scale = X.mean() if isinstance(0.5, float) else 0
    return np.sum(w) * np.float64(scale)


def machine_epsilon(w, X):
    Z = np.asarray(X @ w, dtype=np.float64)
    return np.sum(np.log(np.abs(Z) + np.finfo(float).eps)) + np.sum((Z > 0).astype(np.float32) * Z)


def integers_as_floats(w, X):
    counts = np.array([1, 2, 3, 4])
    return np.sum(np.exp(counts.astype(float) * 0.1) * w) + np.sum(w / np.sqrt(counts))


def rounding_for_print(w, X):
    loss = np.sum(w**2)
    assert f"{loss:.4f} {loss!s} {w!r}"
    return loss


def asserted_numbers(w, X):
    loss = np.squeeze(np.sum((X @ w) ** 2))
    assert loss.dtype == float
    assert loss.shape == ()
    assert isinstance(loss, np.floating) and np.isscalar(loss) and w.dtype == np.float64  # noqa: PT018
    assert np.issubdtype(w.dtype, np.floating) and w.dtype != np.float32  # noqa: PT018
    assert (loss.itemsize, loss.nbytes, loss.ndim, w.itemsize) == (8, 8, 0, 8)
    total = np.zeros(3, dtype=w.dtype)
    total[0] = loss.round(40) * 0 + loss.clip(0, None) + loss.std() + loss.imag
    return total.sum() + loss.tolist() if loss.any() else 0


def asserted_probabilities(w, X):
    P = special.softmax(X @ w, axis=1)
    assert np.allclose(P.sum(axis=1), np.ones(len(P)))
    assert np.isclose(P.sum(axis=1), 1).all()
    assert math.isclose(P[0].sum(), 1)
    assert abs(P[0].sum() - 1) < 1e-9
    np.testing.assert_allclose(P.sum(axis=1), 1)
    np.testing.assert_array_almost_equal(P.sum(axis=1), np.ones(5))
    assert round(P[1].sum(), 6) == 1
    return -np.sum(np.log(P[range(5), LABELS]))


def nan_tests(w, X):
    Z = np.exp(X @ w)
    assert not np.any(Z != Z)
    assert not np.isnan(Z).any()
    if math.isnan(Z[0, 0]) or Z[0, 0] != Z[0, 0]:
        return 0.0
    return np.nansum(Z) + np.nanmean(Z, axis=0)[0] + np.nanmax(Z) + np.nanstd(w)


def special_functions(w, X):
    Z = X @ w
    P = special.expit(Z)
    soft = special.logsumexp(Z, axis=1).sum() + special.log_softmax(Z, axis=1)[0, 1] + special.entr(P).sum()
    soft += special.rel_entr(P, 0.3).sum() + special.kl_div(P, 0.4).mean() + special.xlog1py(P, P)[0, 0]
    return soft + special.huber(1.0, Z).sum() + special.pseudo_huber(1.0, Z).sum() + special.erfc(Z).sum()


def gamma_functions(w, X):
    P = special.expit(X @ w)
    return np.sum(special.gammaln(P + 1) + special.digamma(P + 2) * 0.1) + sum(math.lgamma(p) for p in P[0])


def densities(w, X):
    normal = scipy.stats.norm
    return np.sum(normal.logpdf(X, loc=w[0, :3])) + np.sum(normal.pdf(w)) + normal.cdf(w[0, 0], 1, 2)


def elementary_functions(w, X):
    Z = X @ w
    plain = np.cbrt(Z) + np.hypot(Z, 1) + np.arctan2(Z, 2) + np.logaddexp2(Z, 0) + np.exp2(Z * 0.1) + np.fabs(Z)
    more = np.arccosh(1.5 + Z**2) + np.deg2rad(Z) + np.copysign(Z, -1.0) + np.float_power(np.abs(Z), 1.5)
    return np.sum(plain + more + np.sinc(Z / 3) + np.heaviside(Z, 0.5) * Z + np.sign(Z) * Z + np.reciprocal(Z))


def rounded_numbers(w, X):
    Z = X @ w
    broken = (Z - np.floor(Z)) + (Z - np.ceil(Z)) ** 2 + (Z - np.round(Z)) ** 2 + (Z - np.trunc(Z)) ** 3 + np.mod(Z, 1)
    return np.sum(broken + np.modf(Z)[0] + np.fmod(Z, 1) + np.divmod(Z, 0.7)[1] + (Z - Z // 1) ** 2 + Z % 0.5)


def written_in_place(w, X):
    A = X @ w
    S = A.T @ A
    np.fill_diagonal(S, 0)
    np.putmask(S, S < -5, 1)
    B, C = np.zeros((4, 4)), np.zeros(4)
    np.copyto(B, S)
    np.put(C, [0, 2], S[0, 1:3])
    C.put(1, 2)
    B.flat[::5] = 3
    B[0].fill(0)
    order = np.argsort(C)
    C.sort()
    return np.sum(np.tanh(B)) + np.sum(C * np.arange(4)) + order[0]


def masks_as_numbers(w, X):
    Z = X @ w
    g = 1.0 * (Z > 0)
    g[0, 0] += Z[0, 0] ** 2
    h = np.where(Z > 1, 1.0, 0.5)
    h[1] *= Z[1]
    k = np.asarray(Z < 0, dtype=float)
    k -= Z
    return np.sum(g * Z) + np.sum(h) + np.sum(k**2)


def reductions_in_part(w, X):
    Z = X @ w
    return np.sum(Z**2, where=Z > 0) + np.mean(Z, where=Z < 1) + np.max(Z, initial=0.0) + np.sum(Z, initial=1.0)


def sums_by_math(w, X):
    v = X @ w[:, 0]
    return (
        math.fsum(v**2) + math.prod(w[0]) + math.dist(w[0], w[1]) + math.hypot(*w[2]) + sum(math.pow(t, 2) for t in v)
    )


def einsum_by_lists(w, X):
    return np.einsum(X, [0, 1], w, [1, 2]).sum() + np.einsum(w, [0, 1], w, [0, 1]) + np.einsum(w, [0, 1], [1]).prod()


def from_iterables(w, X):
    squares = np.fromiter((t * t for t in w[0]), dtype=float)
    return np.sum(squares) + np.vectorize(lambda t: t**3, otypes=[float])(w).sum()


def linear_systems(w, X):
    A = w @ w.T + np.eye(3)
    x = np.linalg.solve(A, X[0]) + np.linalg.inv(A)[0] + scipy.linalg.solve(A, X[1])
    logarithm = np.linalg.slogdet(A)[1] + np.log(np.linalg.det(A)) + np.log(np.diag(np.linalg.cholesky(A))).sum()
    return x @ x + logarithm + np.trace(np.linalg.matrix_power(A, 3)) * 1e-3 + np.linalg.norm(w[0], 3)


def samples(w, X):
    Z = X @ w
    middle = np.median(Z[:, 0]) + np.percentile(Z, 30) + np.quantile(Z, 0.75, axis=0).sum() + np.ptp(Z)
    return middle + np.interp(w[0], [-1, 0, 2], [3, 1, 5]).sum() + np.cov(w[0], X[:4, 0])[0, 1] + np.corrcoef(w)[0, 1]


def weights_made_by_random_numbers(w, X):
    rng = np.random.RandomState(0)
    W = 0.1 * rng.randn(3, 4)
    W[...] = w
    noise = np.random.default_rng(1).normal(loc=w[0], scale=0.1)
    noise += w[1]
    mask = (np.random.RandomState(2).rand(5, 4) < 0.6) / 0.6
    return np.sum((X @ W * mask) ** 2) + np.sum(noise**2)


def sampled_rows(w, X):
    p = np.zeros(5)
    for k in range(5):
        p[k] = (k + 1) / 15
    rows = np.random.RandomState(3).choice(5, size=3, p=p)
    order = np.random.RandomState(4).permutation(w[0])
    return np.sum((X[rows] @ w) ** 2) + order[0] * 3 + np.random.RandomState(5).choice(w[1])


IDIOMS = [f for f in list(globals().values()) if getattr(f, "__module__", None) == __name__ and callable(f)]
