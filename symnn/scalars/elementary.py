"""The elementary functions of all scalars: one row each, and every scalar class gets them as methods.

NumPy's object loops call a method of the ufunc's own name, so the names here are NumPy's (and, for
``expit`` and its kin, SciPy's).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from flint import arb, fmpq

Function = Callable[[Any], Any]
Slope = Callable[[Any, Any], Any]


class Elementary(NamedTuple):
    """A function of one number, with its slope from (x, y = f(x)) and its one rational point."""

    name: str
    of: Function
    slope: Slope
    rational_at: tuple[Any, Any] | None


def _expit(x: Any) -> Any:
    return 1 / (1 + (-x).exp())


def _log_expit(x: Any) -> Any:
    return -(-x).exp().log1p()


def _log2(x: Any) -> Any:
    return x.log() / arb.const_log2()


def _log10(x: Any) -> Any:
    return x.log() / arb.const_log10()


def _exp2(x: Any) -> Any:
    return (x * arb.const_log2()).exp()


def _ndtr(x: Any) -> Any:
    # By erfc, which keeps its digits where the share is small; a rational number has no such method.
    return (-x / arb(2).sqrt()).erfc() / 2


def _cosine_like(x: Any) -> Any:
    return (1 - x * x).sqrt()


ELEMENTARY: tuple[Elementary, ...] = (
    Elementary("exp", lambda x: x.exp(), lambda x, y: y, (0, 1)),
    Elementary("exp2", _exp2, lambda x, y: y * arb.const_log2(), (0, 1)),
    Elementary("expm1", lambda x: x.expm1(), lambda x, y: y + 1, (0, 0)),
    Elementary("log", lambda x: x.log(), lambda x, y: 1 / x, (1, 0)),
    Elementary("log1p", lambda x: x.log1p(), lambda x, y: 1 / (1 + x), (0, 0)),
    Elementary("log2", _log2, lambda x, y: 1 / (x * arb.const_log2()), (1, 0)),
    Elementary("log10", _log10, lambda x, y: 1 / (x * arb.const_log10()), (1, 0)),
    Elementary("tanh", lambda x: x.tanh(), lambda x, y: 1 - y * y, (0, 0)),
    Elementary("sinh", lambda x: x.sinh(), lambda x, y: x.cosh(), (0, 0)),
    Elementary("cosh", lambda x: x.cosh(), lambda x, y: x.sinh(), (0, 1)),
    Elementary("sin", lambda x: x.sin(), lambda x, y: x.cos(), (0, 0)),
    Elementary("cos", lambda x: x.cos(), lambda x, y: -x.sin(), (0, 1)),
    Elementary("tan", lambda x: x.tan(), lambda x, y: 1 + y * y, (0, 0)),
    Elementary("arctan", lambda x: x.atan(), lambda x, y: 1 / (1 + x * x), (0, 0)),
    Elementary("arcsin", lambda x: x.asin(), lambda x, y: 1 / _cosine_like(x), (0, 0)),
    Elementary("arccos", lambda x: x.acos(), lambda x, y: -1 / _cosine_like(x), (1, 0)),
    Elementary("arctanh", lambda x: x.atanh(), lambda x, y: 1 / (1 - x * x), (0, 0)),
    Elementary("arcsinh", lambda x: x.asinh(), lambda x, y: 1 / (1 + x * x).sqrt(), (0, 0)),
    Elementary("erf", lambda x: x.erf(), lambda x, y: 2 * (-x * x).exp() / arb.const_sqrt_pi(), (0, 0)),
    Elementary("ndtr", _ndtr, lambda x, y: (-x * x / 2).exp() / (arb(2).sqrt() * arb.const_sqrt_pi()), (0, fmpq(1, 2))),
    Elementary("expit", _expit, lambda x, y: y * (1 - y), (0, fmpq(1, 2))),
    Elementary("log_expit", _log_expit, lambda x, y: _expit(-x), None),
    Elementary("logit", lambda x: (x / (1 - x)).log(), lambda x, y: 1 / (x * (1 - x)), (fmpq(1, 2), 0)),
    Elementary("sqrt", lambda x: x.sqrt(), lambda x, y: 1 / (2 * y), (0, 0)),
)
"""Every function that scalars have as a method."""


def with_elementary(method: Callable[[Elementary], Function]) -> Callable[[type], type]:
    """Return a class decorator that gives a scalar class one method per row, made by ``method``."""

    def decorate(cls: type) -> type:
        for row in ELEMENTARY:
            if row.name not in vars(cls):
                setattr(cls, row.name, method(row))
        return cls

    return decorate
