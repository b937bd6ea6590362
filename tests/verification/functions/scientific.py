"""Functions of SciPy and of Python's math."""

from __future__ import annotations

import math
import statistics

import numpy as np
import scipy.linalg as sl
from scipy import special, stats
from scipy.special import expit, gammaln, log_softmax, logsumexp, softmax
from scipy.stats import norm

from tests.verification.functions.points import P, Q, R, U, V


def logsumexp_rows(w, x):
    return logsumexp(w * x, axis=1).sum()


def logsumexp_of_samples(w, x):
    Z = w * x
    return np.mean(special.logsumexp(Z, axis=-1, keepdims=True) - Z)


def logsumexp_of_samples_grad(w, x):
    Z = w * x
    return (softmax(Z, axis=-1) - 1 / Z.shape[1]) * x / Z.shape[0]


def signs(w, x):
    size, sign = logsumexp(w, b=x, return_sign=True)
    return size * sign


def signs_grad(w, x):
    size, _ = logsumexp(w, b=x, return_sign=True)
    return x * np.exp(w - size)


def normal_likelihood(w, x):
    return -np.sum(norm.logpdf(x, loc=w[0], scale=np.exp(w[1])))


def normal_likelihood_grad(w, x):
    s = np.exp(w[1])
    z = (x - w[0]) / s
    return np.array([-np.sum(z) / s, np.sum(1 - z * z), 0.0, 0.0])


def frozen(w, x):
    return np.sum(norm(loc=0.5, scale=2).logpdf(w) * x)


def binary_cross_entropy(w, x):
    y = np.array([0.0, 1.0, 1.0, 0.0])
    return -np.mean(special.xlogy(y, expit(w)) + special.xlog1py(1 - y, -expit(w)))


def binary_cross_entropy_grad(w, x):
    return (expit(w) - np.array([0.0, 1.0, 1.0, 0.0])) / 4


ACTIVATIONS = {"softmax": (softmax, lambda p, g: p * (g - np.sum(p * g)))}


def from_a_dict(w, x):
    return np.sum(ACTIVATIONS["softmax"][0](w) * x)


def from_a_dict_grad(w, x):
    act, backward = ACTIVATIONS["softmax"]
    return backward(act(w), x)


def from_a_default(w, x, act=softmax):
    return np.sum(act(w) * x)


def _phi(z):
    return np.exp(-z * z / 2) / np.sqrt(2 * np.pi)


PAIRS = {
    "logsumexp": (V, lambda w, x: logsumexp(w * x), lambda w, x: softmax(w * x) * x),
    "logsumexp axis": (R, logsumexp_rows, lambda w, x: softmax(w * x, axis=1) * x),
    "logsumexp keepdims": (R, logsumexp_of_samples, logsumexp_of_samples_grad),
    "logsumexp two axes": (R, lambda w, x: logsumexp(w * x, axis=(0, 1)), lambda w, x: softmax(w * x) * x),
    "logsumexp b": (
        P,
        lambda w, x: special.logsumexp(w, b=x),
        lambda w, x: x * np.exp(w) / np.sum(x * np.exp(w)),
    ),
    "logsumexp b number": (V, lambda w, x: logsumexp(w, b=1 / w.size), lambda w, x: softmax(w)),
    "logsumexp sign": (V, signs, signs_grad),
    "log_softmax": (V, lambda w, x: np.sum(x * log_softmax(w)), lambda w, x: x - softmax(w) * x.sum()),
    "log_softmax axis": (
        R,
        lambda w, x: np.sum(x * special.log_softmax(w, axis=0)),
        lambda w, x: x - special.softmax(w, axis=0) * x.sum(axis=0),
    ),
    "softmax axis": (
        R,
        lambda w, x: np.sum(x * softmax(w, axis=-1)),
        lambda w, x: softmax(w, axis=-1) * (x - np.sum(x * softmax(w, axis=-1), axis=-1, keepdims=True)),
    ),
    "softmax of a list": (
        V,
        lambda w, x: softmax([w[0], w[1], 0.5])[0],
        lambda w, x: np.append(
            softmax([w[0], w[1], 0.5])[0] * (np.array([1, 0]) - softmax([w[0], w[1], 0.5])[:2]), [0, 0]
        ),
    ),
    "softmax from a dict": (V, from_a_dict, from_a_dict_grad),
    "softmax by default": (V, from_a_default, lambda w, x: from_a_dict_grad(w, x)),
    "expit": (V, lambda w, x: x @ expit(w), lambda w, x: x * expit(w) * (1 - expit(w))),
    "logit": (U, lambda w, x: x @ special.logit(w), lambda w, x: x / (w * (1 - w))),
    "log_expit": (V, lambda w, x: x @ special.log_expit(w), lambda w, x: x * expit(-w)),
    "erf": (V, lambda w, x: x @ special.erf(w), lambda w, x: x * 2 * np.exp(-w * w) / np.sqrt(np.pi)),
    "erfc": (V, lambda w, x: x @ special.erfc(w), lambda w, x: -x * 2 * np.exp(-w * w) / np.sqrt(np.pi)),
    "erfcx": (
        V,
        lambda w, x: x @ special.erfcx(w),
        lambda w, x: x * (2 * w * special.erfcx(w) - 2 / np.sqrt(np.pi)),
    ),
    "erfinv": (
        U,
        lambda w, x: x @ special.erfinv(w),
        lambda w, x: x * np.sqrt(np.pi) / 2 * np.exp(special.erfinv(w) ** 2),
    ),
    "ndtr": (V, lambda w, x: x @ special.ndtr(w), lambda w, x: x * _phi(w)),
    "ndtri": (U, lambda w, x: x @ special.ndtri(w), lambda w, x: x / _phi(special.ndtri(w))),
    "log_ndtr": (V, lambda w, x: x @ special.log_ndtr(w), lambda w, x: x * _phi(w) / special.ndtr(w)),
    "gammaln": (P, lambda w, x: x @ gammaln(w), lambda w, x: x * special.digamma(w)),
    "loggamma": (P, lambda w, x: x @ special.loggamma(w), lambda w, x: x * special.psi(w)),
    "gamma": (P, lambda w, x: x @ special.gamma(w), lambda w, x: x * special.gamma(w) * special.digamma(w)),
    "digamma": (P, lambda w, x: x @ special.digamma(w), lambda w, x: x * special.polygamma(1, w)),
    "polygamma": (P, lambda w, x: x @ special.polygamma(1, w), lambda w, x: x * special.polygamma(2, w)),
    "betaln": (
        P,
        lambda w, x: np.sum(special.betaln(w, x)),
        lambda w, x: special.digamma(w) - special.digamma(w + x),
    ),
    "beta": (
        P,
        lambda w, x: np.sum(special.beta(w, x)),
        lambda w, x: special.beta(w, x) * (special.digamma(w) - special.digamma(w + x)),
    ),
    "factorial": (P, lambda w, x: np.sum(w**2 / special.factorial([0, 1, 2, 3])), lambda w, x: 2 * w / [1, 1, 2, 6]),
    "comb": (P, lambda w, x: np.sum(w**2 * special.comb(3, [0, 1, 2, 3])), lambda w, x: 2 * w * [1, 3, 3, 1]),
    "i0": (V, lambda w, x: x @ special.i0(w), lambda w, x: x * special.i1(w)),
    "i0e": (
        P,
        lambda w, x: x @ special.i0e(w),
        lambda w, x: x * (special.i1e(w) - np.sign(w) * special.i0e(w)),
    ),
    "j0": (P, lambda w, x: x @ special.j0(w), lambda w, x: -x * special.j1(w)),
    "xlogy": (P, lambda w, x: special.xlogy(w, x * w).sum(), lambda w, x: np.log(x * w) + 1),
    "xlog1py": (P, lambda w, x: special.xlog1py(w, w).sum(), lambda w, x: np.log1p(w) + w / (1 + w)),
    "cross entropy by xlogy": (V, binary_cross_entropy, binary_cross_entropy_grad),
    "entr": (P, lambda w, x: x @ special.entr(w), lambda w, x: -x * (np.log(w) + 1)),
    "rel_entr": (P, lambda w, x: special.rel_entr(x, w).sum(), lambda w, x: -x / w),
    "kl_div": (P, lambda w, x: special.kl_div(x, w).sum(), lambda w, x: 1 - x / w),
    "huber": (V, lambda w, x: x @ special.huber(1.0, w), lambda w, x: x * np.clip(w, -1, 1)),
    "pseudo_huber": (
        V,
        lambda w, x: x @ special.pseudo_huber(1.5, w),
        lambda w, x: x * w / np.sqrt(1 + (w / 1.5) ** 2),
    ),
    "exprel": (V, lambda w, x: x @ special.exprel(w), lambda w, x: x * (np.exp(w) - special.exprel(w)) / w),
    "cbrt": (V, lambda w, x: x @ special.cbrt(w), lambda w, x: x / (3 * special.cbrt(w) ** 2)),
    "special.sinc": (V, lambda w, x: x @ special.sinc(w), lambda w, x: x * (np.cos(np.pi * w) - special.sinc(w)) / w),
    "expm1 and log1p": (
        P,
        lambda w, x: np.sum(special.expm1(w) + special.log1p(w)),
        lambda w, x: special.exp2(w / np.log(2)) + 1 / (1 + w),
    ),
    "exp10": (V, lambda w, x: x @ special.exp10(w), lambda w, x: x * special.exp10(w) * np.log(10)),
    "cosm1": (V, lambda w, x: x @ special.cosm1(w), lambda w, x: -x * np.sin(w)),
    "softplus": (V, lambda w, x: x @ special.softplus(w), lambda w, x: x * expit(w)),
    "boxcox": (P, lambda w, x: x @ special.boxcox(w, 0.5), lambda w, x: x / np.sqrt(w)),
    "boxcox1p": (P, lambda w, x: x @ special.boxcox1p(w, 2.0), lambda w, x: x * (1 + w)),
    "xlogy of labels": (
        U,
        lambda w, x: -special.xlogy([0, 1, 0, 1], w).sum(),
        lambda w, x: -np.array([0, 1, 0, 1]) / w,
    ),
    "norm.pdf": (V, lambda w, x: x @ stats.norm.pdf(w), lambda w, x: -x * w * stats.norm.pdf(w)),
    "norm.logpdf": (V, normal_likelihood, normal_likelihood_grad),
    "norm.logpdf scale": (
        P,
        lambda w, x: np.sum(norm.logpdf(x, 0, w)),
        lambda w, x: x * x / w**3 - 1 / w,
    ),
    "norm.cdf": (V, lambda w, x: x @ norm.cdf(w, scale=2), lambda w, x: x * norm.pdf(w, scale=2)),
    "norm.sf": (V, lambda w, x: x @ norm.sf(w), lambda w, x: -x * norm.pdf(w)),
    "norm.logcdf": (V, lambda w, x: x @ norm.logcdf(w), lambda w, x: x * norm.pdf(w) / norm.cdf(w)),
    "norm.logsf": (V, lambda w, x: x @ norm.logsf(w), lambda w, x: -x * norm.pdf(w) / norm.sf(w)),
    "norm.ppf": (U, lambda w, x: x @ norm.ppf(w), lambda w, x: x / norm.pdf(norm.ppf(w))),
    "norm frozen": (V, frozen, lambda w, x: -x * (w - 0.5) / 4),
    "multivariate_normal": (
        V,
        lambda w, x: stats.multivariate_normal.logpdf(w[:2], mean=x[:2], cov=np.eye(2)),
        lambda w, x: np.append(x[:2] - w[:2], [0, 0]),
    ),
    "laplace.logpdf": (V, lambda w, x: stats.laplace.logpdf(w).sum(), lambda w, x: -np.sign(w)),
    "expon.logpdf": (P, lambda w, x: stats.expon.logpdf(w).sum(), lambda w, x: -np.ones(4)),
    "poisson.logpmf": (P, lambda w, x: stats.poisson.logpmf([1, 0, 2, 3], w).sum(), lambda w, x: [1, 0, 2, 3] / w - 1),
    "bernoulli.logpmf": (
        U,
        lambda w, x: stats.bernoulli.logpmf([1, 0, 1, 0], w).sum(),
        lambda w, x: np.array([1, 0, 1, 0]) / w - np.array([0, 1, 0, 1]) / (1 - w),
    ),
    "logistic.logpdf": (V, lambda w, x: stats.logistic.logpdf(w, 0.5).sum(), lambda w, x: 1 - 2 * expit(w - 0.5)),
    "logistic.cdf": (V, lambda w, x: x @ stats.logistic.cdf(w), lambda w, x: x * stats.logistic.pdf(w)),
    "cauchy.logpdf": (V, lambda w, x: stats.cauchy.logpdf(w).sum(), lambda w, x: -2 * w / (1 + w * w)),
    "t.logpdf": (V, lambda w, x: stats.t.logpdf(w, df=3).sum(), lambda w, x: -4 * w / (3 + w * w)),
    "expon.cdf": (P, lambda w, x: x @ stats.expon.cdf(w, scale=2), lambda w, x: x * stats.expon.pdf(w, scale=2)),
    "gamma.logpdf": (P, lambda w, x: stats.gamma.logpdf(w, 2.5).sum(), lambda w, x: 1.5 / w - 1),
    "beta.logpdf": (U, lambda w, x: stats.beta.logpdf(w, 2, 3).sum(), lambda w, x: 1 / w - 2 / (1 - w)),
    "binom.logpmf": (
        U,
        lambda w, x: stats.binom.logpmf([1, 0, 2, 3], 3, w).sum(),
        lambda w, x: np.array([1, 0, 2, 3]) / w - np.array([2, 3, 1, 0]) / (1 - w),
    ),
    "multivariate_normal cov": (
        R,
        lambda w, x: np.log(stats.multivariate_normal.pdf(w.T, mean=[0, 1, 0], cov=[2, 1, 4])).sum(),
        lambda w, x: -(w - np.array([[0], [1], [0]])) / np.array([[2], [1], [4]]),
    ),
    "stats.entropy": (
        P,
        lambda w, x: stats.entropy(w),
        lambda w, x: -(np.log(w / w.sum()) + stats.entropy(w)) / w.sum(),
    ),
    "stats.entropy relative": (
        P,
        lambda w, x: stats.entropy(x, w, base=2),
        lambda w, x: (1 / w.sum() - x / x.sum() / w) / np.log(2),
    ),
    "stats.zscore": (
        V,
        lambda w, x: x @ stats.zscore(w),
        lambda w, x: (x - x.mean() - stats.zscore(w) * np.mean(x * stats.zscore(w))) / w.std(),
    ),
    "stats.gmean": (P, lambda w, x: stats.gmean(w), lambda w, x: stats.gmean(w) / w / 4),
    "scipy.linalg.solve": (
        Q,
        lambda w, x: np.sum(sl.solve(w, x) ** 2),
        lambda w, x: -2 * sl.solve(w.T, sl.solve(w, x)) @ sl.solve(w, x).T,
    ),
    "scipy.linalg.inv": (Q, lambda w, x: np.sum(x * sl.inv(w)), lambda w, x: -sl.inv(w).T @ x @ sl.inv(w).T),
    "scipy.linalg.det": (Q, lambda w, x: sl.det(w), lambda w, x: sl.det(w) * sl.inv(w).T),
    "scipy.linalg.norm": (Q, lambda w, x: sl.norm(w - x), lambda w, x: (w - x) / sl.norm(w - x)),
    "scipy.linalg.cholesky": (
        Q,
        lambda w, x: np.sum(np.log(np.diag(sl.cholesky(w @ w.T, lower=True)))),
        lambda w, x: sl.inv(w).T,
    ),
    "scipy.linalg.cho_solve": (
        Q,
        lambda w, x: x[0] @ sl.cho_solve(sl.cho_factor(w @ w.T), x[0]),
        lambda w, x: -2 * np.outer(sl.solve(w.T, sl.solve(w, x[0])), sl.solve(w, x[0])),
    ),
    "scipy.linalg.solve_triangular": (
        Q,
        lambda w, x: np.sum(sl.solve_triangular(w, x[0], lower=True)),
        lambda w, x: (
            -np.tril(
                np.outer(
                    sl.solve_triangular(w, np.ones(3), lower=True, trans=1), sl.solve_triangular(w, x[0], lower=True)
                )
            )
        ),
    ),
    "scipy.linalg.expm": (Q, lambda w, x: np.trace(sl.expm(w / 4)), lambda w, x: sl.expm(w / 4).T / 4),
    "scipy.linalg.block_diag": (
        Q,
        lambda w, x: np.sum(sl.block_diag(w, x) ** 2),
        lambda w, x: 2 * w,
    ),
    "scipy.linalg.toeplitz": (
        V,
        lambda w, x: np.sum(sl.toeplitz(w) @ x),
        lambda w, x: np.array([x.sum(), x.sum() + x[1] + x[2], x.sum(), x[0] + x[3]]),
    ),
    "math.pow": (P, lambda w, x: sum(math.pow(a, 3) for a in w), lambda w, x: 3 * w**2),
    "math.fsum": (V, lambda w, x: math.fsum(a * a for a in w), lambda w, x: 2 * w),
    "math.hypot": (V, lambda w, x: math.hypot(*w), lambda w, x: w / math.hypot(*w)),
    "math.prod": (V, lambda w, x: math.prod(w), lambda w, x: math.prod(w) / w),
    "math.dist": (V, lambda w, x: math.dist(w, x), lambda w, x: (w - x) / math.dist(w, x)),
    "math.exp": (V, lambda w, x: sum(map(math.exp, w)), lambda w, x: np.array([math.exp(a) for a in w])),
    "math.log base": (P, lambda w, x: sum(math.log(a, 2) for a in w), lambda w, x: 1 / w / math.log(2)),
    "math.erf and gamma": (
        P,
        lambda w, x: sum(math.erf(a) + math.erfc(a) + math.lgamma(a) for a in w),
        lambda w, x: special.digamma(w),
    ),
    "math.floor": (V, lambda w, x: sum(a * math.floor(a) for a in w), lambda w, x: np.floor(w)),
    "statistics.mean": (V, lambda w, x: statistics.mean(w) ** 2, lambda w, x: np.full(4, w.mean() / 2)),
    "statistics.stdev": (
        V,
        lambda w, x: statistics.stdev(w),
        lambda w, x: (w - w.mean()) / 3 / np.std(w, ddof=1),
    ),
}
