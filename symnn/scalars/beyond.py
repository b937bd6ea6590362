"""Functions that balls know and no other scalar does: gamma and Bessel functions, and erfc, precise in its tail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import acb, arb

from symnn.errors import UndecidedError
from symnn.scalars.dual_numbers import Dual
from symnn.scalars.plain import Ball, noted_ball

Function = Callable[[Any], Any]


def _erfc_slope(x: Any) -> Any:
    return -2 * (-x * x).exp() / arb.const_sqrt_pi()


def _trigamma(x: Any) -> Any:
    return _polygamma(1)(x)


def _bessel_j(order: int) -> Function:
    return lambda x: x.bessel_j(order)


def _bessel_i(order: int) -> Function:
    return lambda x: x.bessel_i(order)


def _scaled(order: int) -> Function:
    return lambda x: (-abs(x)).exp() * x.bessel_i(order)


def _scaled_slope(order: int) -> Function:
    # Of exp(-|x|) I(x), where x is not zero.
    return lambda x: (-abs(x)).exp() * (_bessel_i_slope(order)(x) - x.sgn() * x.bessel_i(order))


def _bessel_i_slope(order: int) -> Function:
    return lambda x: x.bessel_i(1) if order == 0 else (x.bessel_i(order - 1) + x.bessel_i(order + 1)) / 2


def _erfcx(x: Any) -> Any:
    return (x * x).exp() * x.erfc()


def _ndtri(q: Any) -> Any:
    return arb(2).sqrt() * (2 * q - 1).erfinv()


BEYOND: dict[str, tuple[Function, Function]] = {
    "erfc": (lambda x: x.erfc(), _erfc_slope),
    "erfcx": (_erfcx, lambda x: 2 * x * _erfcx(x) - 2 / arb.const_sqrt_pi()),
    "erfinv": (lambda x: x.erfinv(), lambda x: arb.const_sqrt_pi() / 2 * (x.erfinv() ** 2).exp()),
    "ndtri": (_ndtri, lambda q: (2 * arb.pi()).sqrt() * (_ndtri(q) ** 2 / 2).exp()),
    "loggamma": (lambda x: x.lgamma(), lambda x: x.digamma()),
    "gammaln": (lambda x: x.lgamma(), lambda x: x.digamma()),
    "gamma": (lambda x: x.gamma(), lambda x: x.gamma() * x.digamma()),
    "digamma": (lambda x: x.digamma(), _trigamma),
    "psi": (lambda x: x.digamma(), _trigamma),
    "j0": (_bessel_j(0), lambda x: -x.bessel_j(1)),
    "j1": (_bessel_j(1), lambda x: (x.bessel_j(0) - x.bessel_j(2)) / 2),
    "i0": (_bessel_i(0), _bessel_i_slope(0)),
    "i1": (_bessel_i(1), _bessel_i_slope(1)),
    "i0e": (_scaled(0), _scaled_slope(0)),
    "i1e": (_scaled(1), _scaled_slope(1)),
}
"""Functions of an arb, each with its slope, by SciPy's names."""


def of_balls(name: str) -> Function:
    """Return a function of the table, of a ball or a dual. All but erfc raise UndecidedError for other scalars.

    >>> of_balls("gamma")(Ball(5))
    Ball(24)
    """
    of, slope = BEYOND[name]
    return through(name, of, slope, (lambda x: 1 - x.erf()) if name == "erfc" else None)


def polygamma(n: int, x: Any) -> Any:
    """Return a derivative of the digamma function of a ball or a dual. Raises UndecidedError for other scalars."""
    return through("polygamma", _polygamma(n), _polygamma(n + 1))(x)


def _polygamma(n: int) -> Function:
    return lambda x: acb(x).polygamma(n).real


def through(name: str, of: Function, slope: Function, otherwise: Function | None = None) -> Function:
    """Return a function of a ball or a dual from what it and its slope are of an arb; of other scalars ``otherwise``.

    It raises UndecidedError for other scalars without one.
    """

    def function(x: Any) -> Any:
        x = getattr(x, "full", x)
        if isinstance(x, Ball):
            return noted_ball(of(x.value), (lambda y, a: slope(a),), x.value)
        if isinstance(x, Dual):
            return Dual(of(x.value), None if x.tangent is None else slope(x.value) * x.tangent)
        if otherwise is not None:
            return otherwise(x)
        raise UndecidedError(f"{name} is known of balls only, not of the class {type(x).__name__}")

    return function
