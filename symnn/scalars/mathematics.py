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
from symnn.scalars.replacing import accepting


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
