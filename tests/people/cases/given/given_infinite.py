"""An infinite loss has no gradient, nor has one that is not a number; huge parameters break nothing."""

import warnings

import numpy as np
import symnn
from tests.people.case import Case, numbers, right, wrong

W = np.array([1.0, 2.0])


def undecided(name, call, note=""):
    return Case(name, call, "undecided", note)


def quiet(function):
    def run(*arguments):
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return function(*arguments)

    return run


def infinite(w):
    return np.sum(w) + np.inf


def minus_infinite(w):
    return -np.inf * np.ones(2) @ w


def barrier(w):
    return np.sum(w) if np.all(w < 1) else np.inf


def no_number(w):
    return np.sum(w) * np.nan


def logarithm_of_zero(w):
    return np.sum(w * 0) + np.log(np.zeros(1))[0]


def ones(w):
    return np.ones_like(w)


def linear(w):
    return np.sum(w)


def twice(w):
    return 2 * np.ones_like(w)


def calm(size):
    return lambda seed: symnn.verify(linear, ones, np.array([size, 1.0]), seed=seed)


CASES = [
    undecided("plus inf", lambda seed: symnn.verify(infinite, ones, W, seed=seed), "inf"),
    undecided("minus inf", lambda seed: symnn.verify(quiet(minus_infinite), ones, W, seed=seed)),
    Case("inf behind a barrier", lambda seed: symnn.verify(barrier, ones, W, seed=seed), "refused"),
    Case("nan", lambda seed: symnn.verify(no_number, ones, W, seed=seed), "refused"),
    Case("log 0", lambda s: symnn.verify(quiet(logarithm_of_zero), np.zeros_like, W, seed=s), "refused"),
    Case("1e200", calm(1e200), "not different"),
    Case("1e308", calm(1e308), "not different"),
    Case("-1e308", calm(-1e308), "not different"),
    Case("1e-300", calm(1e-300), "not different"),
    Case(
        "both ends of float64",
        lambda s: symnn.verify(linear, ones, np.array([1.7e308, -1.7e308, 5e-324]), seed=s),
        "not different",
    ),
    Case(
        "1e200 squared",
        lambda s: symnn.verify(quiet(lambda w: np.sum(w**2)), lambda w: 2 * w, np.array([1e200, 1.0]), seed=s),
        "refused",
    ),
    Case(
        "1e200 as data",
        lambda s: symnn.verify(lambda w, x: w @ x, lambda w, x: x, W, np.array([1e200, 1.0]), seed=s),
        "not different",
    ),
    Case("1e200, twice", lambda s: symnn.verify(linear, twice, np.array([1e200, 1.0]), seed=s), "refused"),
    right("1e6", lambda seed: symnn.verify(linear, ones, numbers(3) * 1e6, seed=seed)),
    wrong("1e6, twice", lambda seed: symnn.verify(linear, twice, numbers(3) * 1e6, seed=seed)),
]
