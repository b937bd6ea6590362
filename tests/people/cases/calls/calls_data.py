"""Data as people hold it: frames with .values, .to_numpy() and __array__, lists, read-only and sliced arrays."""

import numpy as np
import symnn
from tests.people.case import numbers, right, wrong

A, W, Y = numbers(5, 3), numbers(3), numbers(5)


class Series:
    """A column as table libraries have it."""

    def __init__(self, values, name="y"):
        self.values, self.name = np.asarray(values), name

    def __array__(self, dtype=None, copy=None):
        return np.array(self.values, dtype=dtype)

    def __len__(self):
        return len(self.values)

    def to_numpy(self):
        return self.values


class Frame:
    """A table as table libraries have it: columns by name, no arithmetic of its own but through arrays."""

    def __init__(self, values, columns):
        self._values, self.columns = np.asarray(values), list(columns)

    @property
    def values(self):
        return self._values

    @property
    def shape(self):
        return self._values.shape

    def to_numpy(self):
        return self._values

    def __array__(self, dtype=None, copy=None):
        return np.array(self._values, dtype=dtype)

    def __len__(self):
        return len(self._values)

    def __getitem__(self, name):
        return Series(self._values[:, self.columns.index(name)], name)


FRAME, COLUMN = Frame(A, "abc"), Series(Y)


def by_values(w, X, y):
    return np.sum((X.values @ w - y.values) ** 2)


def by_values_grad(w, X, y):
    return 2 * X.values.T @ (X.values @ w - y.values)


def by_values_halved(w, X, y):
    return X.values.T @ (X.values @ w - y.values)


def by_to_numpy(w, X, y):
    return np.mean((X.to_numpy() @ w - y.to_numpy()) ** 2)


def by_to_numpy_grad(w, X, y):
    return 2 * X.to_numpy().T @ (X.to_numpy() @ w - y.to_numpy()) / len(X)


def by_asarray(w, X, y):
    X, y = np.asarray(X), np.asarray(y)
    return np.sum((X @ w - y) ** 2)


def by_asarray_grad(w, X, y):
    X, y = np.asarray(X), np.asarray(y)
    return 2 * X.T @ (X @ w - y)


def by_columns(w, X):
    return np.sum((w[0] * X["a"].values + w[1] * X["c"].values) ** 2)


def by_columns_grad(w, X):
    e = 2 * (w[0] * X["a"].values + w[1] * X["c"].values)
    return np.array([e @ X["a"].values, e @ X["c"].values])


def by_columns_crossed(w, X):
    e = 2 * (w[0] * X["a"].values + w[1] * X["c"].values)
    return np.array([e @ X["c"].values, e @ X["a"].values])


class Model:
    """Fitted by frames: loss and gradient take them."""

    def __init__(self):
        self.coef = numbers(3)

    def loss(self, X, y):
        return by_values(self.coef, X, y)

    def gradient(self, X, y):
        return self.slope(X, y)

    def slope(self, X, y):
        return by_values_grad(self.coef, X, y)


class ModelHalved(Model):
    def slope(self, X, y):
        return by_values_halved(self.coef, X, y)


def plain(w, X, y):
    return np.sum((np.array(X) @ w - np.array(y)) ** 2)


def plain_grad(w, X, y):
    return 2 * np.array(X).T @ (np.array(X) @ w - np.array(y))


def plain_grad_sum(w, X, y):
    return 2 * np.array(X).sum(axis=0) * np.sum(np.array(X) @ w - np.array(y))


def frozen(array):
    array = array.copy()
    array.flags.writeable = False
    return array


def with_options(w, X, y, options):
    return options["scale"] * plain(w, X, y) if options["on"] else 0.0


def with_options_grad(w, X, y, options):
    return options["scale"] * plain_grad(w, X, y)


def with_options_forgotten(w, X, y, options):
    return plain_grad(w, X, y)


def batches(w, loader):
    return sum(plain(w, X, y) for X, y in loader)


def batches_grad(w, loader):
    return sum(plain_grad(w, X, y) for X, y in loader)


def batches_last(w, loader):
    return plain_grad(w, *loader[-1])


BATCHES = [(A[:2], Y[:2]), (A[2:], Y[2:])]
OPTIONS = {"scale": 0.25, "on": True, "name": "ridge", "callback": None}
WIDE = numbers(6, 5)

CASES = [
    right(".values", lambda s: symnn.verify(by_values, by_values_grad, W, FRAME, COLUMN, seed=s)),
    wrong(".values, halved", lambda s: symnn.verify(by_values, by_values_halved, W, FRAME, COLUMN, seed=s)),
    right(".to_numpy()", lambda s: symnn.verify(by_to_numpy, by_to_numpy_grad, W, FRAME, COLUMN, seed=s)),
    wrong(".to_numpy(), summed", lambda s: symnn.verify(by_to_numpy, by_values_grad, W, FRAME, COLUMN, seed=s)),
    right("np.asarray", lambda s: symnn.verify(by_asarray, by_asarray_grad, W, FRAME, COLUMN, seed=s)),
    wrong("np.asarray, halved", lambda s: symnn.verify(by_asarray, by_values_halved, W, FRAME, COLUMN, seed=s)),
    right("columns", lambda s: symnn.verify(by_columns, by_columns_grad, W[:2], FRAME, seed=s)),
    wrong("columns, crossed", lambda s: symnn.verify(by_columns, by_columns_crossed, W[:2], FRAME, seed=s)),
    right("a model of frames", lambda s: symnn.verify(Model(), FRAME, COLUMN, seed=s)),
    wrong("a model of frames, halved", lambda s: symnn.verify(ModelHalved(), FRAME, COLUMN, seed=s)),
    right("lists", lambda s: symnn.verify(plain, plain_grad, W, A.tolist(), Y.tolist(), seed=s)),
    wrong("lists, sums multiplied", lambda s: symnn.verify(plain, plain_grad_sum, W, A.tolist(), Y.tolist(), seed=s)),
    right("a list of parameters", lambda s: symnn.verify(plain, plain_grad, list(W), A, Y, seed=s)),
    right("read-only", lambda s: symnn.verify(plain, plain_grad, frozen(W), frozen(A), frozen(Y), seed=s)),
    right("columns first in memory", lambda s: symnn.verify(plain, plain_grad, W, np.asfortranarray(A), Y, seed=s)),
    right("slices", lambda s: symnn.verify(plain, plain_grad, WIDE[0, 1:4], WIDE[1:, ::2], WIDE[1:, 1], seed=s)),
    right("float32 data", lambda s: symnn.verify(plain, plain_grad, W, A.astype("f"), Y.astype("f"), seed=s)),
    right(
        "whole numbers as data", lambda s: symnn.verify(plain, plain_grad, W, np.round(3 * A).astype(int), Y, seed=s)
    ),
    right("options", lambda s: symnn.verify(with_options, with_options_grad, W, A, Y, OPTIONS, seed=s)),
    wrong("options, forgotten", lambda s: symnn.verify(with_options, with_options_forgotten, W, A, Y, OPTIONS, seed=s)),
    right("a loader of batches", lambda s: symnn.verify(batches, batches_grad, W, BATCHES, seed=s)),
    wrong("a loader, the last batch", lambda s: symnn.verify(batches, batches_last, W, BATCHES, seed=s)),
]
