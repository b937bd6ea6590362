"""NumPy's and SciPy's ufuncs on scalars: the object loops that exist, and a table for the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from symnn.errors import UndecidedError
from symnn.scalars.base import HOOKS, Scalar, ScalarArray, TruthArray
from symnn.scalars.lifting import boxed, lift, wrap
from symnn.scalars.products import matmul


def _is_nan(x: Any) -> bool:
    return bool(x.value.is_nan()) if hasattr(x.value, "is_nan") else False


def _is_finite(x: Any) -> bool:
    return bool(x.value.is_finite()) if hasattr(x.value, "is_finite") else True


def _logaddexp(a: Any, b: Any) -> Any:
    return a + (b - a).exp().log1p()


def _xlogy(x: Any, y: Any) -> Any:
    return x * 0 if x.value == 0 and x.tangent is None else x * y.log()


def _heaviside(x: Any, at_zero: Any) -> Any:
    if x == 0:
        return at_zero
    return x * 0 + (1 if x > 0 else 0)


def _objects(function: Callable[..., Any], arguments: int) -> Any:
    return np.frompyfunc(function, arguments, 1)


def _method(name: str) -> Any:
    return _objects(lambda x: getattr(x, name)(), 1)


# Absent rows run in NumPy's own object loops, which call the operators and methods of the scalars.
_LOOPS: dict[str, Any] = {
    "isnan": _objects(_is_nan, 1),
    "isfinite": _objects(_is_finite, 1),
    "isinf": _objects(lambda x: not _is_nan(x) and not _is_finite(x), 1),
    "expit": _method("expit"),
    "log_expit": _method("log_expit"),
    "logit": _method("logit"),
    "erf": _method("erf"),
    "ndtr": _method("ndtr"),
    "logaddexp": _objects(_logaddexp, 2),
    "xlogy": _objects(_xlogy, 2),
    "heaviside": _objects(_heaviside, 2),
}

_PREDICATES = {"isnan", "isfinite", "isinf"}


def objects(x: Any, near: Any) -> Any:
    """Return an operand as a plain object array of scalars, which NumPy's loops take as it is."""
    lifted = lift(x, near)
    if isinstance(lifted, Scalar):
        return boxed(lifted).view(np.ndarray)
    if isinstance(lifted, np.ndarray):
        return lifted.view(np.ndarray)
    raise UndecidedError(f"{x!r} of type {type(x).__name__} is no number")


def nearest(operands: Any) -> Any:
    """Return the operand that holds scalars, which tells what the others are lifted to."""
    return next((x for x in operands if isinstance(x, (Scalar, ScalarArray))), None)


def _target(out: Any) -> Any:
    if isinstance(out, ScalarArray):
        return out.view(np.ndarray)
    if out.dtype.kind == "f":
        raise UndecidedError(
            "a float64 array cannot hold certified numbers: it was made before the run began, "
            "or by a function that symnn does not know"
        )
    return out


def apply_ufunc(ufunc: Any, method: str, inputs: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Run a ufunc, or one of its methods, on scalars and arrays of scalars.

    Raises UndecidedError where a float64 array would have to hold the result, TypeError where there
    is no such function of scalars.
    """
    near = nearest(inputs) if nearest(inputs) is not None else nearest(kwargs.get("out", ()))
    if kwargs.get("dtype") is not None and np.dtype(kwargs["dtype"]).kind == "f":
        del kwargs["dtype"]
    outs = kwargs.get("out")
    if ufunc.__name__ == "matmul" and method == "__call__":
        product = matmul(lift(inputs[0], near), lift(inputs[1], near))
        return product if outs is None else _filled(outs[0], product)
    loop = _LOOPS.get(ufunc.__name__, ufunc)
    if outs is not None:
        kwargs["out"] = tuple(_target(out) for out in outs)
    if method == "at":
        values = [objects(x, near) for x in inputs[2:]]
        loop.at(_target(inputs[0]), inputs[1], *values)
        return None
    operands = len(inputs) if method in ("__call__", "outer") else 1
    plain = [objects(x, near) for x in inputs[:operands]]
    result = getattr(loop, method)(*plain, *inputs[operands:], **kwargs)
    if outs is not None:
        return outs[0] if len(outs) == 1 else outs
    if ufunc.__name__ in _PREDICATES:
        return result.astype(bool) if isinstance(result, np.ndarray) else result
    if isinstance(result, np.ndarray) and result.dtype == bool:
        return result.view(TruthArray)
    return _number(wrap(result, near), near)


def _filled(out: Any, values: Any) -> Any:
    out[...] = values
    return out


def _number(result: Any, near: Any) -> Any:
    """A count or an empty sum that NumPy gives as int becomes a scalar; truth values stay plain."""
    plain_truth = isinstance(result, (bool, np.bool_))
    return lift(result, near) if isinstance(result, (int, float)) and not plain_truth else result


HOOKS["ufunc"] = apply_ufunc
