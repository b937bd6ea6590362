"""np.matrix and masked arrays: W ** 2 is a matrix product there, and a mask hides entries."""

import warnings

import numpy as np
import symnn
from tests.people.case import Case, right


def matrix(rows):
    with warnings.catch_warnings():
        # NumPy tells of its matrices that they are not recommended: that is the case.
        warnings.simplefilter("ignore", PendingDeprecationWarning)
        return np.asmatrix(rows)


M = matrix([[1.0, 2.0], [3.0, 4.0]])
MASKED = np.ma.array([1.0, 2.0, 3.0], mask=[False, True, False])


def never(name, call):
    return Case(name, call, "refused")


def square(W):
    return np.sum(W**2)


def twice(W):
    return 2 * np.asarray(W)


def product(W, x):
    return np.sum(np.asarray(W * x))


def weighted(w, x):
    return np.sum(w * x)


def averaged(w, x):
    return np.mean(w * x)


CASES = [
    never("the square of a matrix", lambda seed: symnn.verify(square, twice, M, seed=seed)),
    never(
        "the square of a matrix in a dict",
        lambda s: symnn.verify(lambda p: square(p["W"]), lambda p: {"W": twice(p["W"])}, {"W": M}, seed=s),
    ),
    never(
        "* is no elementwise product",
        lambda s: symnn.verify(lambda w, x: np.sum(np.asarray(x * w)), lambda w, x: np.asarray(x), M, M.T, seed=s),
    ),
    never("a masked parameter", lambda s: symnn.verify(square, lambda w: 2 * np.ma.getdata(w), MASKED, seed=s)),
    never("masked data", lambda s: symnn.verify(weighted, lambda w, x: np.ma.getdata(x), np.ones(3), MASKED, seed=s)),
    never(
        "masked data, mean",
        lambda s: symnn.verify(averaged, lambda w, x: np.ma.getdata(x) / 3, np.ones(3), MASKED, seed=s),
    ),
    right("plain arrays", lambda seed: symnn.verify(square, twice, np.asarray(M), seed=seed)),
]
