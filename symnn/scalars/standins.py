"""What stands in for NumPy, math and float in the modules under test while a run is open.

NumPy's own namespace stays as it is. Compiled libraries look up ``numpy.empty`` there and write doubles
into what they get: an array of Python objects in its place would crash the interpreter.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

from symnn.scalars.base import Scalar, ScalarArray
from symnn.scalars.lifting import is_floating, lift, lift_array

# Creation functions, and where their dtype stands among the positional arguments.
_CREATION: dict[str, int | None] = {
    "array": 1,
    "asarray": 1,
    "asanyarray": 1,
    "ascontiguousarray": 1,
    "asfortranarray": 1,
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
    "fromiter": 1,
}

# Uninitialised memory is no number: an array made without values starts from zeros.
_INSTEAD = {"empty": "zeros", "empty_like": "zeros_like"}

_MATH: dict[str, str] = {
    "exp": "exp",
    "expm1": "expm1",
    "log": "log",
    "log1p": "log1p",
    "log2": "log2",
    "log10": "log10",
    "sqrt": "sqrt",
    "tanh": "tanh",
    "sinh": "sinh",
    "cosh": "cosh",
    "sin": "sin",
    "cos": "cos",
    "tan": "tan",
    "atan": "arctan",
    "asin": "arcsin",
    "acos": "arccos",
    "atanh": "arctanh",
    "asinh": "arcsinh",
    "erf": "erf",
    "fabs": "__abs__",
}

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
        elif dtype is not None and args and isinstance(args[0], (Scalar, ScalarArray)):
            return args[0].astype(dtype)
        made = original(*args, **kwargs)
        if isinstance(made, tuple):
            # What atleast_2d makes of several arrays.
            return tuple(map(create, made))
        return lift_array(made) if real or made.dtype.kind in "fO" else made

    return create


def _accepting(original: Callable[..., Any], method: str) -> Callable[..., Any]:
    def function(x: Any, *base: Any) -> Any:
        scalar = x.reshape(())[()] if isinstance(x, ScalarArray) and x.size == 1 else x
        if not isinstance(scalar, Scalar):
            return original(x, *base)
        # Only the logarithm has a second argument.
        result = getattr(scalar, method)()
        return result / getattr(lift(base[0], scalar), method)() if base else result

    return function


class _FloatType(type):
    def __instancecheck__(cls, x: object) -> bool:
        return isinstance(x, (float, Scalar))

    def __call__(cls, x: Any = 0.0) -> Any:
        scalar = x.reshape(())[()] if isinstance(x, ScalarArray) and x.size == 1 else x
        return scalar if isinstance(scalar, (Scalar, ScalarArray)) else float(x)


class _Float(np.float64, metaclass=_FloatType):
    """Stands in for ``float``, so that ``float(loss)`` is the loss itself; as a dtype it is float64."""


def _finfo(dtype: Any) -> Any:
    return np.finfo(np.float64 if is_floating(dtype) else dtype)


class _Library(ModuleType):
    """A module in which some functions are replaced and all else is the original's."""

    def __init__(self, original: ModuleType, replaced: dict[str, Any]) -> None:
        super().__init__(original.__name__, original.__doc__)
        vars(self).update(replaced, _original=original)

    def __getattr__(self, name: str) -> Any:
        return getattr(vars(self)["_original"], name)


_NUMPY = {name: _creating(name, at) for name, at in _CREATION.items()}
_TYPES = dict.fromkeys((np.float64, np.float32), _Float)
_ELEMENTARY = {name: _accepting(getattr(math, name), method) for name, method in _MATH.items()}

STANDINS: dict[Any, Any] = {
    np: _Library(np, {**_NUMPY, **{kind.__name__: to for kind, to in _TYPES.items()}, "finfo": _finfo}),
    math: _Library(math, _ELEMENTARY),
    float: _Float,
    **_TYPES,
    **{_ORIGINAL[name]: function for name, function in _NUMPY.items()},
    **{getattr(math, name): function for name, function in _ELEMENTARY.items()},
}
"""What replaces a module, function or type, under whatever name a module under test knows it."""
