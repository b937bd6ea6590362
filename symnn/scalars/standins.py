"""What stands in for NumPy, math, statistics and the types of floats in the modules under test while a run is open.

NumPy's own namespace stays as it is. Compiled libraries look up ``numpy.empty`` there and write doubles
into what they get: an array of Python objects in its place would crash the interpreter.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable
from functools import reduce
from itertools import islice
from operator import methodcaller, mul, truediv
from typing import Any

import numpy as np

from symnn.scalars.base import Scalar, ScalarArray
from symnn.scalars.closeness import TESTING, close_numbers
from symnn.scalars.complexes import Complex
from symnn.scalars.draws import DRAWING
from symnn.scalars.elementary import ELEMENTARY
from symnn.scalars.lifting import is_floating, lift, lift_array
from symnn.scalars.loops import LOOPS, OTHERS
from symnn.scalars.replacing import accepting, holds_scalars, standing_in


def one_scalar(x: Any) -> Any:
    """Return the scalar in an array of scalars with one entry; anything else as it is."""
    return x.reshape(())[()] if isinstance(x, ScalarArray) and x.size == 1 else x


class _FloatType(type):
    original: type

    def __instancecheck__(cls, x: object) -> bool:
        return isinstance(x, (cls.original, Scalar))

    def __subclasscheck__(cls, kind: type) -> bool:
        return type.__subclasscheck__(cls, kind) or issubclass(kind, cls.original)

    def __call__(cls, x: Any = 0.0) -> Any:
        scalar = one_scalar(x)
        return scalar if isinstance(scalar, (Scalar, ScalarArray)) else cls.original(x)

    def __hash__(cls) -> int:
        return hash(cls.original)

    def __eq__(cls, other: object) -> bool:
        # A dtype knows by itself which type is its own.
        return True if other is cls or other is cls.original else NotImplemented


def _floats(kind: type, base: type) -> Any:
    return _FloatType(kind.__name__, (base,), {"original": kind, "__doc__": f"Stands in for {kind.__name__}."})


FLOAT: Any = _floats(float, np.float64)
"""What stands in for Python's ``float``, so that ``float(loss)`` is the loss itself; as a dtype it is float64."""

TYPES: dict[Any, Any] = {
    kind: _floats(kind, kind)
    for kind in (np.float64, np.float32, np.float16, np.longdouble, np.floating, np.inexact, np.number)
}
"""What stands in for NumPy's types: a scalar is one of them, and to make one of a scalar leaves it as it is."""

# Creation functions, by the place of their dtype among the positional arguments.
_CREATION: dict[int | None, tuple[str, ...]] = {
    None: (
        *("copy", "diag", "atleast_1d", "atleast_2d", "where", "tile", "repeat"),
        *("concatenate", "stack", "hstack", "vstack", "column_stack"),
    ),
    1: (
        *("array", "asarray", "asanyarray", "ascontiguousarray", "asfortranarray", "require"),
        *("zeros", "ones", "empty", "identity", "zeros_like", "ones_like", "empty_like"),
    ),
    2: ("full", "full_like"),
    3: ("eye", "tri", "arange"),
    4: ("geomspace",),
    5: ("linspace", "logspace"),
}

# Uninitialised memory is no number: an array made without values starts from zeros.
_INSTEAD = {"empty": "zeros", "empty_like": "zeros_like"}


def _creating(name: str, dtype_at: int | None) -> Callable[..., Any]:
    original: Any = getattr(np, _INSTEAD.get(name, name))

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


_CREATING = {name: _creating(name, at) for at, names in _CREATION.items() for name in names}
_NUMPY: dict[str, Any] = {
    **_CREATING,
    **{name: TYPES[kind] for name, kind in vars(np).items() if isinstance(kind, type) and kind in TYPES},
    "fromiter": _from_iterable,
    "vectorize": _vectorize,
    "result_type": _result_type,
    "finfo": _finfo,
}


def _log(*x_and_base: Any) -> Any:
    near = next(x for x in x_and_base if isinstance(x, Scalar))
    return reduce(truediv, [lift(x, near).log() for x in x_and_base])


def _step(ufunc: Any) -> Callable[..., Any]:
    """Of what does not move an int, as ``math`` gives it."""
    return lambda x: ufunc(x) if x.tangent is not None else int(ufunc(x))


_OF_NUMBERS: dict[str, Any] = {
    **{row.math: methodcaller(row.name) for row in ELEMENTARY},
    **{row.math: getattr(np, row.name, LOOPS[row.name]) for row in OTHERS},
    **{name: _step(getattr(np, name)) for name in ("floor", "ceil", "trunc")},
    "log": _log,
    "pow": np.power,
    "hypot": lambda *x: np.sqrt(sum(part * part for part in x)),
    "isclose": close_numbers,
}
_OF_ITERABLES: dict[str, Any] = {
    "fsum": sum,
    "prod": lambda factors, *, start=1: reduce(mul, factors, start),
    "dist": lambda p, q: np.sqrt(sum((a - b) ** 2 for a, b in zip(p, q, strict=True))),
}


def _is_scalar(x: Any) -> bool:
    return isinstance(x, Scalar)


def _listed(x: Any) -> Any:
    return list(x) if hasattr(x, "__iter__") else x


MATH: dict[str, Callable[..., Any]] = {
    **{
        name: accepting(getattr(math, name), ours, one_scalar, _is_scalar) for name, ours in _OF_NUMBERS.items() if name
    },
    **{name: accepting(getattr(math, name), of, _listed) for name, of in _OF_ITERABLES.items()},
}
"""Functions of ``math`` by name."""


def _moment(of: Callable[..., Any], freedom: int) -> Callable[..., Any]:
    return lambda data, mean=np._NoValue: of(lift(data), ddof=freedom, mean=mean)


_OF_DATA: dict[str, Any] = {
    "mean": lambda data: np.mean(lift(data)),
    "fmean": lambda data: np.mean(lift(data)),
    "variance": _moment(np.var, 1),
    "pvariance": _moment(np.var, 0),
    "stdev": _moment(np.std, 1),
    "pstdev": _moment(np.std, 0),
}

STATISTICS = {name: accepting(getattr(statistics, name), ours, _listed) for name, ours in _OF_DATA.items()}
"""Functions of ``statistics`` by name."""

STANDINS: dict[int, Any] = {
    id(float): FLOAT,
    **standing_in(
        {
            "numpy": _NUMPY,
            np.testing.__name__: TESTING,
            "numpy.random": DRAWING,
            "math": MATH,
            "statistics": STATISTICS,
        }
    ),
}
"""What replaces a module, function or type, by its identity, under whatever name a module under test knows it."""
