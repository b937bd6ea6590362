"""Functions that balls know and no other scalar does: gamma and Bessel functions, and erfc, precise in its tail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import acb, arb

from symnn.errors import UndecidedError
from symnn.scalars.dual_numbers import Dual
from symnn.scalars.plain import Ball

Function = Callable[[Any], Any]


def _erfc_slope(x: Any) -> Any:
    return -2 * (-x * x).exp() / arb.const_sqrt_pi()


def _trigamma(x: Any) -> Any:
    return acb(x).polygamma(1).real


def _bessel_j(order: int) -> Function:
    return lambda x: x.bessel_j(order)


BEYOND: dict[str, tuple[Function, Function]] = {
    "erfc": (lambda x: x.erfc(), _erfc_slope),
    "gammaln": (lambda x: x.lgamma(), lambda x: x.digamma()),
    "gamma": (lambda x: x.gamma(), lambda x: x.gamma() * x.digamma()),
    "digamma": (lambda x: x.digamma(), _trigamma),
    "psi": (lambda x: x.digamma(), _trigamma),
    "j0": (_bessel_j(0), lambda x: -x.bessel_j(1)),
    "j1": (_bessel_j(1), lambda x: (x.bessel_j(0) - x.bessel_j(2)) / 2),
}
"""Functions of an arb, each with its slope, by SciPy's names."""


def of_balls(name: str) -> Function:
    """Return a function of the table, of a ball or a dual. All but erfc raise UndecidedError for other scalars.

    >>> of_balls("gamma")(Ball(5))
    Ball(24)
    """
    of, slope = BEYOND[name]

    def function(x: Any) -> Any:
        x = getattr(x, "full", x)
        if isinstance(x, Ball):
            return Ball(of(x.value))
        if isinstance(x, Dual):
            return Dual(of(x.value), None if x.tangent is None else slope(x.value) * x.tangent)
        if name == "erfc":
            return 1 - x.erf()
        raise UndecidedError(f"{name} is known of balls only, not of the class {type(x).__name__}")

    return function
