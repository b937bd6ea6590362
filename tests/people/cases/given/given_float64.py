"""What float64 gives at the point given is looked at, too: nan, inf, overflow, and ways that only objects take."""

import warnings

import numpy as np
import symnn
from tests.people.case import Case, numbers, right

W = np.array([1.0, 2.0])


def never(name, call, note=""):
    return Case(name, call, "refused", note)


def quiet(function):
    def run(*arguments):
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return function(*arguments)

    return run


def softplus(w, x):
    return np.sum(np.log(1 + np.exp(w * x)))


def softplus_grad(w, x):
    return x * np.exp(w * x) / (1 + np.exp(w * x))


def stable_softplus(w, x):
    return np.sum(np.logaddexp(0, w * x))


def stable_softplus_grad(w, x):
    return x / (1 + np.exp(-np.clip(w * x, -500, 500)))


def square(w):
    return np.sum(w**2)


def another_way(w):
    try:
        np.linalg.det(np.diag(w))
    except Exception:
        return 2 * w
    return 3 * w


def by_conversion(w):
    try:
        float(w[0])
        return 3 * w
    except (TypeError, ValueError, ArithmeticError):
        return 2 * w


def by_issubdtype(w):
    return 3 * w if np.issubdtype(w.dtype, np.floating) else 2 * w


def by_dtype(w):
    if w.dtype == np.float64:
        return 2 * w + 1
    return 2 * w


def by_kind(w):
    return (2 if w.dtype.kind == "O" else 5) * w


def by_instance(w):
    return np.array([3 * a if isinstance(a, np.floating) else 2 * a for a in w])


def by_type_of_a_number(w):
    return (3 if type(w[0]) is np.float64 else 2) * w


def by_itemsize(w):
    return 2 * w if w.nbytes > 1000 or w.dtype.hasobject else 4 * w


def underflow(w):
    return np.sum(np.log(np.exp(-w) + np.exp(-2 * w)))


def underflow_grad(w):
    a, b = np.exp(-w), np.exp(-2 * w)
    return -(a + 2 * b) / (a + b)


def half(w):
    return np.sum(w * w)


def cast_loss(w):
    return np.sum(w.astype(np.float16) ** 2)


def cast_grad(w):
    return (2 * w.astype(np.float16)).astype(np.float64)


def whole(w, x):
    return np.sum((x * x).astype(np.float64) * w)


def whole_grad(w, x):
    return (x * x).astype(np.float64)


def nan_at_the_point(w):
    return np.sum(w) if w[0] != 1.0 else np.sum(w) * np.nan


BIG = np.array([1000.0, 2.0])
ONE = np.array([1.0, 1.0])

CASES = [
    never(
        "nan in the gradient",
        lambda s: symnn.verify(quiet(softplus), quiet(softplus_grad), BIG, ONE, seed=s),
        "nan|inf",
    ),
    never(
        "the loss is infinite in float64",
        lambda s: symnn.verify(quiet(softplus), stable_softplus_grad, BIG, ONE, seed=s),
    ),
    right("a stable pair", lambda seed: symnn.verify(stable_softplus, stable_softplus_grad, W, ONE, seed=seed)),
    never("0 / 0 by underflow", lambda s: symnn.verify(quiet(underflow), quiet(underflow_grad), BIG, seed=s)),
    never("try another way", lambda s: symnn.verify(square, another_way, W, seed=s)),
    never("try float()", lambda seed: symnn.verify(square, by_conversion, W, seed=seed)),
    never("issubdtype", lambda s: symnn.verify(square, by_issubdtype, W, seed=s)),
    never("dtype ==", lambda seed: symnn.verify(square, by_dtype, W, seed=seed)),
    never("dtype.kind", lambda seed: symnn.verify(square, by_kind, W, seed=seed)),
    never("isinstance of a number", lambda seed: symnn.verify(square, by_instance, W, seed=seed)),
    never("type of a number", lambda seed: symnn.verify(square, by_type_of_a_number, W, seed=seed)),
    never("itemsize", lambda seed: symnn.verify(square, by_itemsize, W, seed=seed)),
    never("dtype ==, all levels", lambda seed: symnn.verify(square, by_dtype, W, seed=seed, level="all")),
    never("issubdtype, all levels", lambda seed: symnn.verify(square, by_issubdtype, W, seed=seed, level="all")),
    never("dtype.kind, identical", lambda seed: symnn.verify(square, by_kind, W, seed=seed, level="identical")),
    never(
        "float16 parameters that overflow",
        lambda s: symnn.verify(quiet(half), lambda w: 2 * w, np.array([300.0, 2.0], dtype=np.float16), seed=s),
    ),
    never(
        "a cast to float16 overflows", lambda s: symnn.verify(quiet(cast_loss), cast_grad, np.array([1e5, 1.0]), seed=s)
    ),
    never(
        "int8 parameters",
        lambda s: symnn.verify(quiet(half), lambda w: 2 * w, np.array([100, 2], dtype=np.int8), seed=s),
    ),
    never("uint8 data", lambda s: symnn.verify(whole, whole_grad, W, np.array([200, 3], dtype=np.uint8), seed=s)),
    never("int8 data", lambda s: symnn.verify(whole, whole_grad, W, np.array([100, 3], dtype=np.int8), seed=s)),
    never("int32 data", lambda s: symnn.verify(whole, whole_grad, W, np.array([70000, 3], dtype=np.int32), seed=s)),
    never("int64 data", lambda s: symnn.verify(whole, whole_grad, W, np.array([2**33, 3]), seed=s)),
    right(
        "uint8 data that fit", lambda s: symnn.verify(whole, whole_grad, W, np.array([15, 3], dtype=np.uint8), seed=s)
    ),
    right("int64 data that fit", lambda s: symnn.verify(whole, whole_grad, W, np.array([70000, 3]), seed=s)),
    never("nan at the very point", lambda s: symnn.verify(nan_at_the_point, np.ones_like, W, seed=s)),
    never("nan in the parameters", lambda s: symnn.verify(square, lambda w: 2 * w, np.array([np.nan, 1.0]), seed=s)),
    right("float32 parameters", lambda s: symnn.verify(square, lambda w: 2 * w, numbers(3).astype(np.float32), seed=s)),
]
