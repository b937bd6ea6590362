"""What stands in for NumPy, math and float in the modules under test while a run is open.

NumPy's own namespace stays as it is. Compiled libraries look up ``numpy.empty`` there and write doubles
into what they get: an array of Python objects in its place would crash the interpreter.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable
from itertools import islice
from typing import Any

import numpy as np

from symnn.scalars import closeness, draws
from symnn.scalars.base import Scalar, ScalarArray
from symnn.scalars.complexes import Complex
from symnn.scalars.kinds import FLOAT, TYPES
from symnn.scalars.library import Library
from symnn.scalars.lifting import is_floating, lift_array
from symnn.scalars.mathematics import MATH, STATISTICS
from symnn.scalars.replacing import holds_scalars

# Creation functions, and where their dtype stands among the positional arguments.
_CREATION: dict[str, int | None] = {
    "array": 1,
    "asarray": 1,
    "asanyarray": 1,
    "ascontiguousarray": 1,
    "asfortranarray": 1,
    "require": 1,
    "copy": None,
    "zeros": 1,
    "ones": 1,
    "empty": 1,
    "full": 2,
    "eye": 3,
    "identity": 1,
    "zeros_like": 1,
    "ones_like": 1,
    "empty_like": 1,
    "full_like": 2,
    "arange": 3,
    "linspace": 5,
    "diag": None,
    "atleast_1d": None,
    "atleast_2d": None,
    "tri": 3,
    "logspace": 5,
    "geomspace": 4,
    "where": None,
    "concatenate": None,
    "stack": None,
    "hstack": None,
    "vstack": None,
    "column_stack": None,
    "tile": None,
    "repeat": None,
}

# Uninitialised memory is no number: an array made without values starts from zeros.
_INSTEAD = {"empty": "zeros", "empty_like": "zeros_like"}

_ORIGINAL: dict[str, Callable[..., Any]] = {name: getattr(np, name) for name in _CREATION}


def _creating(name: str, dtype_at: int | None) -> Callable[..., Any]:
    original = _ORIGINAL[_INSTEAD.get(name, name)]

    def create(*args: Any, **kwargs: Any) -> Any:
        if dtype_at is not None and len(args) > dtype_at:
            kwargs["dtype"], args = args[dtype_at], (*args[:dtype_at], *args[dtype_at + 1 :])
        dtype = kwargs.get("dtype")
        real = dtype is not None and is_floating(dtype)
        if real:
            # Without a dtype NumPy keeps the scalars; what it then gives as int is lifted below.
            del kwargs["dtype"]
        elif dtype is not None and np.dtype(dtype).kind == "c" and not holds_scalars(args):
            made = np.asarray(original(*args, **kwargs))
            return Complex(lift_array(made.real), lift_array(made.imag))
        elif dtype is not None and args and isinstance(args[0], (Scalar, ScalarArray)):
            return args[0].astype(dtype)
        return _lifted(original(*args, **kwargs), real)

    return create


def _lifted(made: Any, real: bool) -> Any:
    if isinstance(made, tuple | list):
        # What atleast_2d makes of several arrays.
        return type(made)(_lifted(part, real) for part in made)
    if not isinstance(made, np.ndarray):
        return made
    return lift_array(made) if real or np.ndarray.dtype.__get__(made).kind in "fO" else made


def _from_iterable(iterable: Any, dtype: Any, count: int = -1) -> Any:
    taken = list(iterable) if count < 0 else list(islice(iterable, count))
    return _CREATING["array"](taken, dtype=dtype)


def _vectorize(function: Any, otypes: Any = None, **options: Any) -> Any:
    # With a type for its results NumPy would make floats of them.
    real = otypes is not None and any(is_floating(kind) for kind in otypes)
    return np.vectorize(function, None if real else otypes, **options)


def _result_type(*given: Any) -> Any:
    plain = [np.float64 if isinstance(x, Scalar | ScalarArray) else x for x in given]
    return np.result_type(*plain)


def _finfo(dtype: Any) -> Any:
    return np.finfo(np.float64 if is_floating(dtype) else dtype)


_CREATING: dict[str, Callable[..., Any]] = {name: _creating(name, at) for name, at in _CREATION.items()}
_OTHERS: dict[str, Callable[..., Any]] = {
    "fromiter": _from_iterable,
    "vectorize": _vectorize,
    "result_type": _result_type,
    "finfo": _finfo,
}
_NUMPY = _CREATING | _OTHERS
_TESTING = {
    "assert_allclose": closeness.assert_allclose,
    "assert_almost_equal": closeness.assert_almost_equal,
    "assert_array_almost_equal": closeness.assert_array_almost_equal,
}
_KIND_NAMES = {name: to for name, kind in vars(np).items() for of, to in TYPES.items() if kind is of}


_TESTING_LIBRARY, _RANDOM_LIBRARY = Library(np.testing, _TESTING), Library(np.random, draws.DRAWING)

STANDINS: dict[int, Any] = {
    id(np): Library(np, {**_NUMPY, **_KIND_NAMES, "testing": _TESTING_LIBRARY, "random": _RANDOM_LIBRARY}),
    id(np.testing): _TESTING_LIBRARY,
    id(np.random): _RANDOM_LIBRARY,
    id(math): Library(math, MATH),
    id(statistics): Library(statistics, STATISTICS),
    id(float): FLOAT,
    **{id(kind): to for kind, to in TYPES.items()},
    **{id(getattr(np, name)): function for name, function in _NUMPY.items()},
    **{id(getattr(np.testing, name)): function for name, function in _TESTING.items()},
    **{id(getattr(np.random, name)): function for name, function in draws.DRAWING.items()},
    **{id(getattr(math, name)): function for name, function in MATH.items()},
    **{id(getattr(statistics, name)): function for name, function in STATISTICS.items()},
}
"""What replaces a module, function or type, by its identity, under whatever name a module under test knows it."""
