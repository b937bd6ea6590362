"""What stands in for the ufuncs that have no loop over objects, or one that asks for what scalars have not."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from symnn.scalars import steps
from symnn.scalars.beyond import BEYOND, of_balls

_THIRD = Fraction(1, 3)


def _is_nan(x: Any) -> bool:
    return bool(x.value.is_nan()) if hasattr(x.value, "is_nan") else False


def _is_finite(x: Any) -> bool:
    return bool(x.value.is_finite()) if hasattr(x.value, "is_finite") else True


def _is_infinite(x: Any) -> bool:
    return not _is_nan(x) and not _is_finite(x)


def _is_zero(x: Any) -> bool:
    """Whether a number is zero and stays there."""
    return bool(x.value == 0) and x.tangent is None


def _logaddexp(a: Any, b: Any) -> Any:
    return a + (b - a).exp().log1p()


def _logaddexp2(a: Any, b: Any) -> Any:
    return a + (1 + (b - a).exp2()).log2()


def _xlogy(x: Any, y: Any) -> Any:
    return x * 0 if _is_zero(x) else x * y.log()


def _xlog1py(x: Any, y: Any) -> Any:
    return x * 0 if _is_zero(x) else x * y.log1p()


def _relative_entropy(x: Any, y: Any) -> Any:
    return x * 0 if _is_zero(x) else x * (x / y).log()


def _heaviside(x: Any, at_zero: Any) -> Any:
    if x > 0:
        return x * 0 + 1
    return at_zero if x == 0 else x * 0


def _arctan2(y: Any, x: Any) -> Any:
    if x > 0:
        return (y / x).arctan()
    half_pi = 2 * (x * 0 + 1).arctan()
    if y > 0:
        return half_pi - (x / y).arctan()
    return -half_pi - (x / y).arctan() if y < 0 else half_pi * 2


def _cbrt(x: Any) -> Any:
    return x**_THIRD if x >= 0 else -((-x) ** _THIRD)


def _huber(delta: Any, r: Any) -> Any:
    size = abs(r)
    return r * r / 2 if size <= delta else delta * (size - delta / 2)


def _pseudo_huber(delta: Any, r: Any) -> Any:
    return delta * delta * ((1 + (r / delta) ** 2).sqrt() - 1)


def _exprel(x: Any) -> Any:
    # Where it is a quotient of zeros, its first two terms are all of it that a slope depends on.
    return 1 + x / 2 if x.value == 0 else x.expm1() / x


def _betaln(a: Any, b: Any) -> Any:
    gammaln = of_balls("gammaln")
    return gammaln(a) + gammaln(b) - gammaln(a + b)


def _boxcox(x: Any, power: Any) -> Any:
    return x.log() if _is_zero(power) else (x**power - 1) / power


def _objects(function: Callable[..., Any], arguments: int, results: int = 1) -> Any:
    return np.frompyfunc(function, arguments, results)


def _method(name: str) -> Any:
    return _objects(lambda x: getattr(x, name)(), 1)


LOOPS: dict[str, Any] = {
    "isnan": _objects(_is_nan, 1),
    "isfinite": _objects(_is_finite, 1),
    "isinf": _objects(_is_infinite, 1),
    "signbit": _objects(lambda x: bool(x < 0), 1),
    "expit": _method("expit"),
    "log_expit": _method("log_expit"),
    "logit": _method("logit"),
    "erf": _method("erf"),
    "exp2": _method("exp2"),
    "exp10": _objects(lambda x: 10**x, 1),
    "expm1": _method("expm1"),
    "log1p": _method("log1p"),
    "exprel": _objects(_exprel, 1),
    "cosm1": _objects(lambda x: x.cos() - 1, 1),
    "betaln": _objects(_betaln, 2),
    "beta": _objects(lambda a, b: _betaln(a, b).exp(), 2),
    "ndtr": _method("ndtr"),
    "log_ndtr": _objects(lambda x: x.ndtr().log(), 1),
    "logaddexp": _objects(_logaddexp, 2),
    "logaddexp2": _objects(_logaddexp2, 2),
    "xlogy": _objects(_xlogy, 2),
    "xlog1py": _objects(_xlog1py, 2),
    "entr": _objects(lambda x: -_xlogy(x, x), 1),
    "rel_entr": _objects(_relative_entropy, 2),
    "kl_div": _objects(lambda x, y: _relative_entropy(x, y) - x + y, 2),
    "huber": _objects(_huber, 2),
    "pseudo_huber": _objects(_pseudo_huber, 2),
    "boxcox": _objects(_boxcox, 2),
    "boxcox1p": _objects(lambda x, power: _boxcox(1 + x, power), 2),
    "inv_boxcox": _objects(lambda y, power: y.exp() if _is_zero(power) else (1 + power * y) ** (1 / power), 2),
    "heaviside": _objects(_heaviside, 2),
    "fabs": _objects(abs, 1),
    "copysign": _objects(steps.copysign, 2),
    "hypot": _objects(lambda x, y: (x * x + y * y).sqrt(), 2),
    "arctan2": _objects(_arctan2, 2),
    "arccosh": _objects(lambda x: (x + (x * x - 1).sqrt()).log(), 1),
    "cbrt": _objects(_cbrt, 1),
    "float_power": _objects(lambda x, y: x**y, 2),
    "ldexp": _objects(lambda x, k: x * Fraction(2) ** int(k), 2),
    "deg2rad": _objects(lambda x: x * (math.pi / 180), 1),
    "radians": _objects(lambda x: x * (math.pi / 180), 1),
    "rad2deg": _objects(lambda x: x * (180 / math.pi), 1),
    "degrees": _objects(lambda x: x * (180 / math.pi), 1),
    "floor": _objects(steps.floor, 1),
    "ceil": _objects(steps.ceil, 1),
    "trunc": _objects(steps.trunc, 1),
    "rint": _objects(steps.rint, 1),
    "remainder": _objects(steps.remainder, 2),
    "fmod": _objects(steps.fmod, 2),
    "floor_divide": _objects(steps.floor_divide, 2),
    "divmod": _objects(steps.divmod_of, 2, 2),
    "modf": _objects(steps.modf, 1, 2),
    **{name: _objects(of_balls(name), 1) for name in BEYOND},
}
"""By the name of the ufunc; absent ones run in NumPy's own object loops, which call the methods of the scalars."""

PREDICATES = {"isnan", "isfinite", "isinf", "signbit"}
"""Those whose answer is a truth value."""
