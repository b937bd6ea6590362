"""What stands in for functions of ``math`` and ``statistics``, which would make a float of a scalar."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable
from functools import reduce
from operator import mul
from typing import Any

import numpy as np

from symnn.scalars.base import Scalar
from symnn.scalars.beyond import of_balls
from symnn.scalars.closeness import close_numbers
from symnn.scalars.kinds import one_scalar
from symnn.scalars.lifting import lift

# Named differently by NumPy or SciPy, whose ufuncs know what to do with a scalar.
_AS_UFUNC: dict[str, str] = {
    "pow": "power",
    "atan2": "arctan2",
    "copysign": "copysign",
    "fmod": "fmod",
    "isnan": "isnan",
    "isinf": "isinf",
    "isfinite": "isfinite",
    "degrees": "rad2deg",
    "radians": "deg2rad",
    "modf": "modf",
    "ldexp": "ldexp",
    "cbrt": "cbrt",
    "exp2": "exp2",
    "acosh": "arccosh",
    "fabs": "fabs",
}

_AS_METHOD: dict[str, str] = {
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
}

_AS_BALL = {"erfc": "erfc", "lgamma": "gammaln", "gamma": "gamma"}


def _of(*given: Any) -> bool:
    return any(isinstance(x, Scalar) for x in given)


def _accepting(original: Callable[..., Any], function: Callable[..., Any]) -> Callable[..., Any]:
    """The original for plain numbers; ours where one of them is a scalar, or an array of one."""

    def accept(*given: Any, **options: Any) -> Any:
        plain = [one_scalar(x) for x in given]
        return function(*plain, **options) if _of(*plain) else original(*given, **options)

    return accept


def _by_method(method: str) -> Callable[..., Any]:
    def function(x: Any, *base: Any) -> Any:
        # Only the logarithm has a second argument.
        near = next(a for a in (x, *base) if isinstance(a, Scalar))
        result = getattr(lift(x, near), method)()
        return result / getattr(lift(base[0], near), method)() if base else result

    return function


def _over(original: Callable[..., Any], function: Callable[..., Any]) -> Callable[..., Any]:
    """The original for iterables of plain numbers, ours where one entry is a scalar."""

    def accept(*iterables: Any, **options: Any) -> Any:
        lists = [list(x) if hasattr(x, "__iter__") else [x] for x in iterables]
        chosen = function if any(_of(*x) for x in lists) else original
        return chosen(*lists, **options)

    return accept


def _dist(p: Any, q: Any) -> Any:
    return np.sqrt(sum((a - b) ** 2 for a, b in zip(p, q, strict=True)))


def _product(factors: Any, *, start: Any = 1) -> Any:
    return reduce(mul, factors, start)


def _step(ufunc: Any) -> Callable[..., Any]:
    """Of what does not move an int, as ``math`` gives it."""
    return lambda x: ufunc(x) if x.tangent is not None else int(ufunc(x))


MATH: dict[str, Callable[..., Any]] = {
    **{name: _accepting(getattr(math, name), _by_method(method)) for name, method in _AS_METHOD.items()},
    **{name: _accepting(getattr(math, name), getattr(np, ufunc)) for name, ufunc in _AS_UFUNC.items()},
    **{name: _accepting(getattr(math, name), of_balls(function)) for name, function in _AS_BALL.items()},
    **{name: _accepting(getattr(math, name), _step(getattr(np, name))) for name in ("floor", "ceil", "trunc")},
    "hypot": _accepting(math.hypot, lambda *x: np.sqrt(sum(part * part for part in x))),
    "isclose": _accepting(math.isclose, close_numbers),
    "fsum": _over(math.fsum, sum),
    "prod": _over(math.prod, _product),
    "dist": _over(math.dist, _dist),
}
"""Functions of ``math`` by name."""


def _variance(freedom: int) -> Callable[..., Any]:
    def variance(data: Any, mean: Any = None) -> Any:
        middle = sum(data) / len(data) if mean is None else mean
        return sum((x - middle) ** 2 for x in data) / (len(data) - freedom)

    return variance


def _deviation(freedom: int) -> Callable[..., Any]:
    return lambda data, mean=None: np.sqrt(_variance(freedom)(data, mean))


STATISTICS: dict[str, Callable[..., Any]] = {
    "mean": _over(statistics.mean, lambda data: sum(data) / len(data)),
    "fmean": _over(statistics.fmean, lambda data: sum(data) / len(data)),
    "variance": _over(statistics.variance, _variance(1)),
    "pvariance": _over(statistics.pvariance, _variance(0)),
    "stdev": _over(statistics.stdev, _deviation(1)),
    "pstdev": _over(statistics.pstdev, _deviation(0)),
}
"""Functions of ``statistics`` by name."""
