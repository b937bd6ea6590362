"""NumPy's functions on scalars: NumPy's own code where it runs on objects, a table where it does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import zeros  # bound here, because a run replaces it in NumPy's namespace

from symnn.errors import UndecidedError
from symnn.scalars.base import HOOKS, Scalar, ScalarArray
from symnn.scalars.lifting import boxed, lift, wrap
from symnn.scalars.products import dot, einsum_as_product, tensordot
from symnn.scalars.ufuncs import nearest, objects

FUNCTIONS: dict[Any, Callable[..., Any]] = {}
"""What replaces a NumPy function when one of its arguments holds scalars."""


def _replaces(*functions: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def register(replacement: Callable[..., Any]) -> Callable[..., Any]:
        FUNCTIONS.update(dict.fromkeys(functions, replacement))
        return replacement

    return register


@_replaces(np.where)
def _where(condition: Any, *choices: Any) -> Any:
    truth = condition.astype(bool) if isinstance(condition, (Scalar, ScalarArray)) else condition
    if not choices:
        return np.where(truth)
    near = nearest(choices)
    return wrap(np.where(truth, *(objects(x, near) for x in choices)), near)


def _count(shape: tuple[int, ...], axis: Any) -> int:
    axes = range(len(shape)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    return int(np.prod([shape[k] for k in axes], dtype=int))


@_replaces(np.mean)
def _mean(A: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: bool = False) -> Any:
    return np.sum(A, axis=axis, out=out, keepdims=keepdims) / _count(A.shape, axis)


@_replaces(np.average)
def _average(A: Any, axis: Any = None, weights: Any = None, **options: Any) -> Any:
    if weights is None:
        return _mean(A, axis=axis, **options)
    if options or np.shape(weights) != np.shape(A):
        raise UndecidedError("np.average of certified numbers needs weights of the array's own shape")
    return np.sum(A * weights, axis=axis) / np.sum(weights, axis=axis)


@_replaces(np.var)
def _var(A: Any, axis: Any = None, dtype: Any = None, out: Any = None, ddof: int = 0, keepdims: bool = False) -> Any:
    deviation = A - _mean(A, axis=axis, keepdims=True)
    count = _count(A.shape, axis) - ddof
    return np.sum(deviation * deviation, axis=axis, out=out, keepdims=keepdims) / count


@_replaces(np.std)
def _std(A: Any, **options: Any) -> Any:
    return np.sqrt(_var(A, **options))


@_replaces(np.dot)
def _dot(A: Any, B: Any, out: Any = None) -> Any:
    near = nearest((A, B))
    return dot(lift(A, near), lift(B, near))


@_replaces(np.vdot)
def _vdot(A: Any, B: Any) -> Any:
    near = nearest((A, B))
    return dot(np.ravel(lift(A, near)), np.ravel(lift(B, near)))


@_replaces(np.tensordot)
def _tensordot(A: Any, B: Any, axes: Any = 2) -> Any:
    near = nearest((A, B))
    left, right = lift(A, near), lift(B, near)
    if isinstance(axes, int):
        axes = (list(range(left.ndim - axes, left.ndim)), list(range(axes)))
    over_a, over_b = ([k] if isinstance(k, int) else list(k) for k in axes)
    return tensordot(left, right, (over_a, over_b))


@_replaces(np.einsum)
def _einsum(subscripts: Any, *operands: Any, **options: Any) -> Any:
    near = nearest(operands)
    if isinstance(subscripts, str) and len(operands) == 2:
        product = einsum_as_product(subscripts, lift(operands[0], near), lift(operands[1], near))
        if product is not None:
            return product
    return wrap(np.einsum(subscripts, *(objects(x, near) for x in operands)), near)


@_replaces(np.linalg.norm)
def _norm(A: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    flat_vector = np.ndim(A) == 1 or isinstance(axis, int)
    if ord in (None, "fro") or (ord == 2 and flat_vector):
        return np.sqrt(np.sum(A * A, axis=axis, keepdims=keepdims))
    if ord == 1 and flat_vector:
        return np.sum(np.abs(A), axis=axis, keepdims=keepdims)
    raise UndecidedError(f"np.linalg.norm with ord={ord!r} cannot run on certified numbers")


@_replaces(np.nan_to_num)
def _nan_to_num(A: Any, copy: bool = True, nan: Any = 0.0, posinf: Any = None, neginf: Any = None) -> Any:
    if not np.all(np.isfinite(A)):
        raise UndecidedError("np.nan_to_num met a value that is not finite")
    return A


@_replaces(np.zeros_like, np.empty_like)
def _zeros_like(A: Any, dtype: Any = None, *, shape: Any = None, **layout: Any) -> Any:
    # NumPy would leave None in every entry of an empty object array.
    plain = zeros(A.shape if shape is None else shape, dtype=object if dtype is None else dtype)
    return wrap(plain, A)


def _boxed(x: Any) -> Any:
    if isinstance(x, Scalar):
        return boxed(x)
    return type(x)(map(_boxed, x)) if type(x) in (list, tuple) else x


def apply_function(func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Run a NumPy function on scalars and arrays of scalars.

    Raises UndecidedError for functions of ``numpy.linalg`` and ``numpy.fft`` other than ``norm``.
    """
    args = tuple(map(_boxed, args))
    kwargs = {name: _boxed(x) for name, x in kwargs.items() if not (name == "dtype" and _real(x))}
    if func in FUNCTIONS:
        return FUNCTIONS[func](*args, **kwargs)
    if func.__module__ in ("numpy.linalg", "numpy.fft"):
        raise UndecidedError(f"{func.__module__}.{func.__name__} cannot run on certified numbers")
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


HOOKS["function"] = apply_function
