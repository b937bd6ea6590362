"""What stands in for functions of ``math`` and ``statistics``, which would make a float of a scalar."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable
from functools import reduce
from operator import methodcaller, mul, truediv
from typing import Any

import numpy as np

from symnn.scalars.base import Scalar
from symnn.scalars.closeness import close_numbers
from symnn.scalars.elementary import ELEMENTARY
from symnn.scalars.kinds import one_scalar
from symnn.scalars.lifting import lift
from symnn.scalars.loops import LOOPS, OTHERS


def _of(*given: Any) -> bool:
    return any(isinstance(x, Scalar) for x in given)


def _accepting(original: Callable[..., Any], function: Callable[..., Any]) -> Callable[..., Any]:
    """The original for plain numbers; ours where one of them is a scalar, or an array of one."""

    def accept(*given: Any, **options: Any) -> Any:
        plain = [one_scalar(x) for x in given]
        return function(*plain, **options) if _of(*plain) else original(*given, **options)

    return accept


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


def _log(*x_and_base: Any) -> Any:
    near = next(x for x in x_and_base if isinstance(x, Scalar))
    return reduce(truediv, [lift(x, near).log() for x in x_and_base])


def _step(ufunc: Any) -> Callable[..., Any]:
    """Of what does not move an int, as ``math`` gives it."""
    return lambda x: ufunc(x) if x.tangent is not None else int(ufunc(x))


_ROWS: dict[str, Any] = {
    **{row.math: methodcaller(row.name) for row in ELEMENTARY},
    **{row.math: getattr(np, row.name, LOOPS[row.name]) for row in OTHERS},
    **{name: _step(getattr(np, name)) for name in ("floor", "ceil", "trunc")},
    "log": _log,
    "pow": np.power,
    "hypot": lambda *x: np.sqrt(sum(part * part for part in x)),
    "isclose": close_numbers,
}

MATH: dict[str, Callable[..., Any]] = {
    **{name: _accepting(getattr(math, name), function) for name, function in _ROWS.items() if name},
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
