"""What stands in for NumPy, math and float in the modules under test while a run is open.

NumPy's own namespace stays as it is. Compiled libraries look up ``numpy.empty`` there and write doubles
into what they get: an array of Python objects in its place would crash the interpreter.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any

import numpy as np

from symnn.scalars.base import Scalar, ScalarArray
from symnn.scalars.closeness import TESTING
from symnn.scalars.complexes import Complex
from symnn.scalars.draws import DRAWING
from symnn.scalars.kinds import FLOAT, TYPES
from symnn.scalars.lifting import is_floating, lift_array
from symnn.scalars.mathematics import MATH, STATISTICS
from symnn.scalars.replacing import holds_scalars, standing_in

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
