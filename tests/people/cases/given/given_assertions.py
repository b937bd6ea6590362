"""Assertions that people leave in: sums to one, allclose, dtype and shape of a number, NaN tests, logsumexp."""

import numpy as np
import symnn
from scipy import special
from tests.people.case import numbers, one_hot, right, wrong

Z, Y = numbers(4, 3), one_hot([0, 2, 1, 1], 3)


def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    assert np.allclose(P.sum(axis=1), np.ones(len(P)))
    assert np.all(np.isfinite(P))
    assert not np.isnan(P).any()
    assert np.isclose(P[0].sum(), 1)
    assert abs(P.sum() - len(P)) < 1e-9
    return P


def loss(Z, Y):
    return -(Y * np.log(softmax(Z))).sum()


def grad(Z, Y):
    return softmax(Z) - Y


def grad_uncentred(Z, Y):
    return softmax(Z) - Y.mean()


def tested_loss(Z, Y):
    P = softmax(Z)
    np.testing.assert_allclose(np.sum(P, axis=1), 1.0, rtol=1e-6)
    np.testing.assert_almost_equal(P.sum(axis=1), np.ones(len(P)))
    return -(Y * np.log(P)).sum()


def cost(p, x, y):
    J = np.squeeze(np.mean((p["w"].T @ x + p["b"] - y) ** 2))
    assert J.shape == ()
    assert J.dtype == float
    assert isinstance(float(x[0, 0]), float)
    return J


def derivatives(p, x, y):
    e = 2 * (p["w"].T @ x + p["b"] - y) / x.shape[1]
    dw, db = x @ e.T, np.sum(e)
    assert dw.shape == p["w"].shape
    assert db.dtype == np.float64
    return {"dw": dw, "db": db}


def derivatives_summed(p, x, y):
    e = 2 * (p["w"].T @ x + p["b"] - y)
    return {"dw": x @ e.T, "db": np.sum(e)}


NUMBERS = ({"w": numbers(3, 1), "b": 0.3}, numbers(3, 6), numbers(1, 6))


def nan_free(w):
    a = np.exp(w)
    return np.sum(a) if not np.any(a != a) else 0.0


def logistic(w, x, y):
    a = special.expit(x @ w)
    return np.nansum(-y * np.log(a) - (1 - y) * np.log(1 - a))


def logistic_grad(w, x, y):
    return x.T @ (special.expit(x @ w) - y)


def logistic_grad_slope(w, x, y):
    a = special.expit(x @ w)
    return x.T @ ((a - y) * a * (1 - a))


LABELLED = (numbers(3), numbers(5, 3), np.array([0.0, 1, 1, 0, 1]))
V = numbers(5)


CASES = [
    right("sums to one", lambda seed: symnn.verify(loss, grad, Z, Y, seed=seed)),
    wrong("sums to one, targets averaged", lambda seed: symnn.verify(loss, grad_uncentred, Z, Y, seed=seed)),
    right("np.testing", lambda seed: symnn.verify(tested_loss, grad, Z, Y, seed=seed)),
    right("dtype and shape of a number", lambda seed: symnn.verify(cost, derivatives, *NUMBERS, seed=seed)),
    wrong("sum for mean beside them", lambda seed: symnn.verify(cost, derivatives_summed, *NUMBERS, seed=seed)),
    right("a != a", lambda seed: symnn.verify(nan_free, np.exp, np.arange(1.0, 7.0), seed=seed)),
    wrong("a != a, and a slope", lambda seed: symnn.verify(nan_free, lambda w: -np.exp(w), V, seed=seed)),
    right("nansum", lambda seed: symnn.verify(logistic, logistic_grad, *LABELLED, seed=seed)),
    wrong("nansum, the slope twice", lambda seed: symnn.verify(logistic, logistic_grad_slope, *LABELLED, seed=seed)),
    right("logsumexp", lambda seed: symnn.verify(special.logsumexp, special.softmax, V, seed=seed)),
    right(
        "logsumexp of rows",
        lambda seed: symnn.verify(
            lambda Z: np.sum(special.logsumexp(Z, axis=1, keepdims=True)),
            lambda Z: special.softmax(Z, axis=1),
            Z,
            seed=seed,
        ),
    ),
    wrong("logsumexp, log softmax", lambda seed: symnn.verify(special.logsumexp, special.log_softmax, V, seed=seed)),
    right(
        "xlogy",
        lambda seed: symnn.verify(
            lambda z: np.sum(special.xlogy(z**2, z**2)), lambda z: 2 * z * (np.log(z**2) + 1), V, seed=seed
        ),
    ),
    right(
        "log_softmax",
        lambda seed: symnn.verify(
            lambda z: np.sum(special.log_softmax(z)), lambda z: 1 - z.size * special.softmax(z), V, seed=seed
        ),
    ),
    right(
        "softplus by logaddexp",
        lambda seed: symnn.verify(lambda z: np.sum(np.logaddexp(0, z)), lambda z: special.expit(z), V, seed=seed),
    ),
]
