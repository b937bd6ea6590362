"""NumPy's functions on scalars: NumPy's own code where it runs on objects, a table where it does not."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

import numpy as np
from numpy import zeros  # bound here, because a run replaces it in NumPy's namespace

from symnn.errors import UndecidedError
from symnn.scalars.base import HOOKS, Scalar, ScalarArray
from symnn.scalars.block import in_entries
from symnn.scalars.closeness import allclose
from symnn.scalars.compared import QUIET, gathering
from symnn.scalars.lifting import boxed, lift, lift_array, wrap
from symnn.scalars.linear import BY_PRODUCTS, norm
from symnn.scalars.loops import LOOPS
from symnn.scalars.products import dot, einsum_as_product, tensordot
from symnn.scalars.replacing import FUNCTIONS, replaces
from symnn.scalars.samples import quantile
from symnn.scalars.tape import kept_call
from symnn.scalars.ufuncs import filled, lifted, nearest, objects, target, truth
from symnn.scalars.unknown import unknown


@replaces(np.where)
def _where(condition: Any, *choices: Any) -> Any:
    mask = truth(condition)
    if not choices:
        return np.where(mask)
    near = nearest(choices)
    return wrap(np.where(mask, *(objects(x, near) for x in choices)), near)


@replaces(np.dot)
def _dot(A: Any, B: Any, out: Any = None) -> Any:
    return filled(out, dot(*lifted(A, B)))


@replaces(np.vdot)
def _vdot(A: Any, B: Any) -> Any:
    return dot(*map(np.ravel, lifted(A, B)))


@replaces(np.tensordot)
def _tensordot(A: Any, B: Any, axes: Any = 2) -> Any:
    left, right = lifted(A, B)
    if isinstance(axes, int):
        axes = (range(left.ndim - axes, left.ndim), range(axes))
    over_a, over_b = ([k] if isinstance(k, int) else list(k) for k in axes)
    return tensordot(left, right, (over_a, over_b))


@replaces(np.einsum)
def _einsum(subscripts: Any, *operands: Any, out: Any = None, **options: Any) -> Any:
    if not isinstance(subscripts, str):
        subscripts, operands = _lettered((subscripts, *operands))
    given = lifted(*operands)
    product = einsum_as_product(subscripts, *given) if len(given) == 2 else None
    if product is None:
        product = wrap(np.einsum(subscripts, *(objects(x, x) for x in given)), nearest(given))
    return filled(out, product)


def _lettered(given: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
    """The subscripts in letters, and the operands, where each operand is followed by a list of numbers."""

    def letters(places: Any) -> str:
        return "".join("..." if k is Ellipsis else chr(ord("a") + k) for k in places)

    operands, lists = given[0::2], given[1::2]
    inputs = ",".join(map(letters, lists[: len(given) // 2]))
    if len(given) % 2:
        return f"{inputs}->{letters(given[-1])}", operands[:-1]
    return inputs, operands


# NumPy's is a sum of polynomials, good to float64 only.
replaces(np.i0)(LOOPS["i0"])


@replaces(np.nan_to_num)
def _nan_to_num(A: Any, copy: bool = True, nan: Any = 0.0, posinf: Any = None, neginf: Any = None) -> Any:
    if not np.all(np.isfinite(A)):
        raise UndecidedError("np.nan_to_num met a value that is not finite")
    return A.copy() if copy else A


@replaces(np.zeros_like, np.empty_like)
def _zeros_like(A: Any, dtype: Any = None, *, shape: Any = None, **layout: Any) -> Any:
    # NumPy would leave None in every entry of an empty object array.
    plain = zeros(A.shape if shape is None else shape, dtype=object if dtype is None else dtype)
    return plain if plain.dtype != object else lift(plain, A)


# What a large array tells of itself without its entries.
_ASKED = {
    name: attrgetter(asked)
    for name, asked in ((np.shape, "shape"), (np.ndim, "ndim"), (np.size, "size"), (np.transpose, "T"))
}


_WRITING = {np.fill_diagonal, np.copyto, np.put, np.place, np.putmask, np.put_along_axis}
"""Functions whose first argument is what they write into."""


def _written(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Run a function that writes into its first argument, and lift what it wrote there."""
    into = target(args[0]) if args and isinstance(args[0], np.ndarray) else None
    options = {name: _plain(x) for name, x in kwargs.items()}
    result = getattr(function, "_implementation", function)(*map(_plain, args), **options)
    if into is not None and into.dtype == object:
        into[...] = lift_array(into)
    return result


def _plain(x: Any) -> Any:
    """Scalars as an array of objects, which NumPy's own code takes without asking back."""
    if isinstance(x, list | tuple) and any(isinstance(part, Scalar) for part in x):
        return np.array(x, dtype=object)
    held = boxed(x) if isinstance(x, Scalar) else x
    return held.view(np.ndarray) if isinstance(held, ScalarArray) else held


def _boxed(x: Any) -> Any:
    if isinstance(x, Scalar):
        return boxed(x)
    return type(x)(map(_boxed, x)) if type(x) in (list, tuple) else x


def apply_function(func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Run a NumPy function on scalars and arrays of scalars.

    Raises UndecidedError for functions of ``numpy.linalg`` and ``numpy.fft`` that no row knows, and where scalars would
    have to go into an array of floats.
    """
    if func.__name__ in QUIET or func.__name__.startswith("nan"):
        with gathering():
            return _applied(func, args, kwargs)
    return _applied(func, args, kwargs)


def _applied(func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    if func in _ASKED and len(args) == 1 and not kwargs:
        return _ASKED[func](args[0])
    if func is not np.dot:
        args, kwargs = in_entries(args), in_entries(kwargs)
    if func in _WRITING:
        return _written(func, args, kwargs)
    args = tuple(map(_boxed, args))
    kwargs = {name: _boxed(x) for name, x in kwargs.items() if not (name == "dtype" and _real(x))}
    if func in FUNCTIONS:
        return FUNCTIONS[func](*args, **kwargs)
    if func.__module__ in ("numpy.linalg", "numpy.fft") and func.__name__ not in BY_PRODUCTS:
        raise unknown(f"{func.__module__.replace('numpy', 'np')}.{func.__name__}")
    near = _first_scalar((args, tuple(kwargs.values())))
    result = np.ndarray.__array_function__(near, func, (ScalarArray,), args, kwargs)
    return wrap(result, near)


def _real(dtype: Any) -> bool:
    return dtype is not None and np.dtype(dtype).kind == "f"


def _first_scalar(x: Any) -> Any:
    if isinstance(x, ScalarArray):
        return x
    if isinstance(x, (list, tuple)):
        return next((found for found in map(_first_scalar, x) if found is not None), None)
    return None


HOOKS["function"] = kept_call(lambda function, _: str(function.__name__), apply_function)
__all__ = ["FUNCTIONS", "allclose", "apply_function", "norm", "quantile"]
