"""Comparisons up to a tolerance, and the NaN test: decided from the balls alone, so that no tie arises at equality."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from flint import arb

from symnn.errors import UndecidedError
from symnn.scalars.base import TruthArray
from symnn.scalars.plain import certain
from symnn.scalars.replacing import FUNCTIONS, replaces
from symnn.scalars.run import number
from symnn.scalars.traces import Trace
from symnn.scalars.ufuncs import lifted, nearest, objects


def near(a: Any, b: Any, relative: Any, absolute: Any, scale: Callable[[Any, Any], Any] = lambda a, b: b) -> bool:
    """Return whether |a - b| is at most ``absolute + relative * |scale(|a|, |b|)|``, by the values alone.

    Raises UndecidedError where the balls are too large to say.
    """
    if isinstance(a, Trace) and a is not b:
        # A trace keeps what decided: the region in which the code goes this way.
        return bool(abs(a - b) <= absolute + relative * scale(abs(a), abs(b)))
    x, y = a.value, b.value
    if not (_finite(x) and _finite(y)):
        return bool(x == y)
    off, allowed = abs(x - y), number(absolute) + number(relative) * scale(abs(x), abs(y))
    return certain(bool(off <= allowed), bool(off > allowed), off, "<=", arb(allowed))


def _finite(x: Any) -> bool:
    return bool(x.is_finite()) if hasattr(x, "is_finite") else True


@replaces(np.isclose)
def isclose(a: Any, b: Any, rtol: Any = 1e-5, atol: Any = 1e-8, equal_nan: bool = False) -> Any:
    """Return where two arrays are equal within a tolerance, as ``numpy.isclose``."""
    like = nearest((a, b))
    close = np.frompyfunc(lambda x, y: near(x, y, rtol, atol), 2, 1)(objects(a, like), objects(b, like))
    return close.astype(bool).view(TruthArray) if isinstance(close, np.ndarray) and close.ndim else bool(close)


@replaces(np.allclose)
def allclose(a: Any, b: Any, rtol: Any = 1e-5, atol: Any = 1e-8, equal_nan: bool = False) -> bool:
    """Return whether two arrays are equal within a tolerance, as ``numpy.allclose``."""
    return bool(np.all(isclose(a, b, rtol, atol)))


def close_numbers(a: Any, b: Any, *, rel_tol: Any = 1e-9, abs_tol: Any = 0.0) -> bool:
    """Return whether two scalars are equal within a tolerance, as ``math.isclose``."""
    one, other = lifted(a, b)
    return near(one, other, rel_tol, abs_tol, lambda x, y: x if bool(x >= y) else y)


def _demand(truth: bool, what: str, a: Any, b: Any) -> None:
    if not truth:
        raise AssertionError(f"not {what}: {a!r} and {b!r}")


def _assert_allclose(actual: Any, desired: Any, rtol: Any = 1e-7, atol: Any = 0, *args: Any, **options: Any) -> None:
    _demand(np.shape(actual) == np.shape(desired) or 1 in (np.size(actual), np.size(desired)), "alike", actual, desired)
    _demand(bool(np.allclose(actual, desired, rtol, atol)), "close", actual, desired)


def _to_decimals(default: int) -> Callable[..., None]:
    def assert_almost_equal(actual: Any, desired: Any, decimal: int = default, *args: Any, **options: Any) -> None:
        _assert_allclose(actual, desired, 0, 1.5 * 10.0**-decimal)

    return assert_almost_equal


TESTING: dict[str, Callable[..., Any]] = {
    "assert_allclose": _assert_allclose,
    "assert_almost_equal": _to_decimals(7),
    "assert_array_almost_equal": _to_decimals(6),
}
"""Functions of ``numpy.testing`` by name."""


def _without_nan(function: Any) -> Callable[..., Any]:
    def of_numbers(A: Any, *args: Any, **kwargs: Any) -> Any:
        if np.any(np.isnan(A)):
            raise UndecidedError("a function that passes over NaN met one")
        return function(A, *args, **kwargs)

    return of_numbers


_PASSING_OVER = (
    *("sum", "mean", "max", "min", "prod", "var", "std", "median", "cumsum", "cumprod", "argmax", "argmin"),
    *("percentile", "quantile"),
)
for _name in _PASSING_OVER:
    FUNCTIONS[getattr(np, f"nan{_name}")] = _without_nan(getattr(np, _name))
