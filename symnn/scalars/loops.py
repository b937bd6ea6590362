"""The functions that scalars have no method of: a formula over any scalar each, or what balls alone know.

They stand in for the ufuncs that have no loop over objects, or one that asks for what scalars have not. What jumps is
compared with the two whole numbers beside it: so a point that lies on a jump is a kink like any other, and a run that
keeps conditions learns where the number lies.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from operator import methodcaller
from typing import Any, NamedTuple

import numpy as np
from flint import acb, arb

from symnn.errors import UndecidedError
from symnn.scalars.dual_numbers import Dual
from symnn.scalars.elementary import ELEMENTARY, Function, Slope
from symnn.scalars.plain import Ball, noted_number


class Loop(NamedTuple):
    """A function of as many scalars as its ``arity`` says, by the ufunc's name; ``math`` is its name in ``math``."""

    name: str
    arity: int
    formula: Callable[..., Any]
    math: str = ""
    results: int = 1


def through(name: str, of: Function, slope: Slope) -> Function:
    """Return a function of a ball or a dual from its value of an arb and its slope, from (x, y = f(x)).

    It raises UndecidedError for other scalars.

    >>> through("gamma", lambda x: x.gamma(), lambda x, y: y * x.digamma())(Ball(5))
    Ball(24)
    """

    def function(x: Any) -> Any:
        x = getattr(x, "full", x)
        if not isinstance(x, Ball | Dual):
            raise UndecidedError(f"{name} is known of balls only, not of the class {type(x).__name__}")
        y = of(x.value)
        if isinstance(x, Ball):
            return noted_number(Ball, y, (lambda y, a: slope(a, y),), x.value)
        return Dual(y, None if x.tangent is None else slope(x.value, y) * x.tangent)

    return function


def polygamma(n: int, x: Any) -> Any:
    """Return a derivative of the digamma function of a ball or a dual. Raises UndecidedError for other scalars."""
    return through("polygamma", lambda t: _polygamma(n, t), lambda t, y: _polygamma(n + 1, t))(x)


def trunc(x: Any) -> Any:
    """Return the whole part of a scalar, towards zero. Raises UndecidedError for what is not finite."""
    return _floor(x) if x >= 0 else -_floor(-x)


def _floor(x: Any) -> Any:
    value = x.value
    if not _is_finite(x):
        raise UndecidedError(f"{x} has no whole number beside it")
    k = int(value.mid().floor().unique_fmpz()) if hasattr(value, "mid") else int(value.p // value.q)
    if x < k:
        return k - 1
    return k + 1 if x >= k + 1 else k


def _rint(x: Any) -> Any:
    above = x + _HALF
    k = _floor(above)
    return k - 1 if k % 2 and above == k else k


_HALF, _THIRD = Fraction(1, 2), Fraction(1, 3)


def _is_nan(x: Any) -> bool:
    return bool(x.value.is_nan()) if hasattr(x.value, "is_nan") else False


def _is_finite(x: Any) -> bool:
    return bool(x.value.is_finite()) if hasattr(x.value, "is_finite") else True


def _is_zero(x: Any) -> bool:
    """Whether a number is zero and stays there."""
    return bool(x.value == 0) and x.tangent is None


def _times(x: Any, factor: Callable[[], Any]) -> Any:
    return x * 0 if _is_zero(x) else x * factor()


def _boxcox(x: Any, power: Any) -> Any:
    return x.log() if _is_zero(power) else (x**power - 1) / power


def _arctan2(y: Any, x: Any) -> Any:
    if x > 0:
        return (y / x).arctan()
    half_pi = 2 * (x * 0 + 1).arctan()
    if y > 0:
        return half_pi - (x / y).arctan()
    return -half_pi - (x / y).arctan() if y < 0 else half_pi * 2


def _polygamma(n: int, x: Any) -> Any:
    return acb(x).polygamma(n).real


def _betaln(a: Any, b: Any) -> Any:
    return _gammaln(a) + _gammaln(b) - _gammaln(a + b)


_gammaln = through("gammaln", lambda x: x.lgamma(), lambda x, y: x.digamma())
_i0 = through("i0", lambda x: x.bessel_i(0), lambda x, y: x.bessel_i(1))
_i1 = through("i1", lambda x: x.bessel_i(1), lambda x, y: (x.bessel_i(0) + x.bessel_i(2)) / 2)


def _of_balls(name: str, of: Function, slope: Slope, math: str = "") -> Loop:
    return Loop(name, 1, through(name, of, slope), math)


# fmt: off
OTHERS: tuple[Loop, ...] = (
    #    name            arity formula over any scalar                                                                  math
    # What is told of a number.
    Loop("isnan",        1,    _is_nan,                                                                                 "isnan"),
    Loop("isfinite",     1,    _is_finite,                                                                              "isfinite"),
    Loop("isinf",        1,    lambda x: not (_is_nan(x) or _is_finite(x)),                                             "isinf"),
    Loop("signbit",      1,    lambda x: bool(x < 0)),
    # Powers, exponentials and logarithms.
    Loop("float_power",  2,    lambda x, y: x**y),
    Loop("cbrt",         1,    lambda x: x**_THIRD if x >= 0 else -((-x) ** _THIRD),                                    "cbrt"),
    Loop("hypot",        2,    lambda x, y: (x * x + y * y).sqrt()),
    Loop("exp10",        1,    lambda x: 10**x),
    Loop("ldexp",        2,    lambda x, k: x * Fraction(2) ** int(k),                                                  "ldexp"),
    # Where it is a quotient of zeros, its first two terms are all of it that a slope depends on.
    Loop("exprel",       1,    lambda x: 1 + x / 2 if x.value == 0 else x.expm1() / x),
    Loop("logaddexp",    2,    lambda a, b: a + (b - a).exp().log1p()),
    Loop("logaddexp2",   2,    lambda a, b: a + (1 + (b - a).exp2()).log2()),
    Loop("log_ndtr",     1,    lambda x: x.ndtr().log()),
    Loop("boxcox",       2,    _boxcox),
    Loop("boxcox1p",     2,    lambda x, power: _boxcox(1 + x, power)),
    Loop("inv_boxcox",   2,    lambda y, power: y.exp() if _is_zero(power) else (1 + power * y) ** (1 / power)),
    # Entropies.
    Loop("xlogy",        2,    lambda x, y: _times(x, y.log)),
    Loop("xlog1py",      2,    lambda x, y: _times(x, y.log1p)),
    Loop("entr",         1,    lambda x: -_times(x, x.log)),
    Loop("rel_entr",     2,    lambda x, y: _times(x, lambda: (x / y).log())),
    Loop("kl_div",       2,    lambda x, y: _times(x, lambda: (x / y).log()) - x + y),
    # Angles.
    Loop("cosm1",        1,    lambda x: x.cos() - 1),
    Loop("arctan2",      2,    _arctan2,                                                                                "atan2"),
    Loop("deg2rad",      1,    lambda x: x * (math.pi / 180)),
    Loop("radians",      1,    lambda x: x * (math.pi / 180),                                                           "radians"),
    Loop("rad2deg",      1,    lambda x: x * (180 / math.pi)),
    Loop("degrees",      1,    lambda x: x * (180 / math.pi),                                                           "degrees"),
    # Kinks and jumps.
    Loop("fabs",         1,    abs,                                                                                     "fabs"),
    Loop("copysign",     2,    lambda x, y: abs(x) if y >= 0 else -abs(x),                                              "copysign"),
    Loop("heaviside",    2,    lambda x, at_zero: x * 0 + 1 if x > 0 else at_zero if x == 0 else x * 0),
    Loop("huber",        2,    lambda delta, r: r * r / 2 if (size := abs(r)) <= delta else delta * (size - delta / 2)),
    Loop("pseudo_huber", 2,    lambda delta, r: delta * delta * ((1 + (r / delta) ** 2).sqrt() - 1)),
    Loop("floor",        1,    _floor),
    Loop("ceil",         1,    lambda x: -_floor(-x)),
    Loop("trunc",        1,    trunc),
    Loop("rint",         1,    _rint),
    Loop("floor_divide", 2,    lambda x, y: _floor(x / y)),
    Loop("remainder",    2,    lambda x, y: x - y * _floor(x / y)),
    Loop("fmod",         2,    lambda x, y: x - y * trunc(x / y),                                                       "fmod"),
    Loop("divmod",       2,    lambda x, y: (k := _floor(x / y), x - y * k),                                            "", 2),
    Loop("modf",         1,    lambda x: (x - (whole := trunc(x)), whole),                                              "modf", 2),
    # Gamma and Bessel functions, and what else balls alone know.
    Loop("gammaln",      1,    _gammaln,                                                                                "lgamma"),
    Loop("betaln",       2,    _betaln),
    Loop("beta",         2,    lambda a, b: _betaln(a, b).exp()),
    Loop("i0",           1,    _i0),
    Loop("i1",           1,    _i1),
    Loop("i0e",          1,    lambda x: (-abs(x)).exp() * _i0(x)),
    Loop("i1e",          1,    lambda x: (-abs(x)).exp() * _i1(x)),
    #           name        value of an arb                                 slope                                                                             math
    _of_balls("erfinv",   lambda x: x.erfinv(),                           lambda x, y: arb.const_sqrt_pi() / 2 * (y * y).exp()),
    _of_balls("ndtri",    lambda x: arb(2).sqrt() * (2 * x - 1).erfinv(), lambda x, y: (2 * arb.pi()).sqrt() * (y * y / 2).exp()),
    _of_balls("loggamma", lambda x: x.lgamma(),                           lambda x, y: x.digamma()),
    _of_balls("gamma",    lambda x: x.gamma(),                            lambda x, y: y * x.digamma(),                                                     "gamma"),
    _of_balls("psi",      lambda x: x.digamma(),                          lambda x, y: _polygamma(1, x)),
    _of_balls("j0",       lambda x: x.bessel_j(0),                        lambda x, y: -x.bessel_j(1)),
    _of_balls("j1",       lambda x: x.bessel_j(1),                        lambda x, y: (x.bessel_j(0) - x.bessel_j(2)) / 2),
)
# fmt: on
"""Every other function, the names of SciPy's beside those of NumPy's."""

LOOPS: dict[str, Any] = {
    **{row.name: np.frompyfunc(methodcaller(row.name), 1, 1) for row in ELEMENTARY},
    **{row.name: np.frompyfunc(row.formula, row.arity, row.results) for row in OTHERS},
}
"""By the name of the ufunc; absent ones run in NumPy's own object loops, which call the methods of the scalars."""

PREDICATES = {"isnan", "isfinite", "isinf", "signbit"}
"""Those whose answer is a truth value."""
