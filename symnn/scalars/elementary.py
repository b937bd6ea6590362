"""The elementary functions: one row each, from which every number system takes what it knows of them.

NumPy's object loops call a method of the ufunc's own name, so the names here are NumPy's (and, for ``expit`` and its
kin, SciPy's). Slopes, and formulas, are of anything that has arithmetic and these methods: an arb, which has those that
they use under the same names, a scalar, a traced expression, a normal form.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, cast

from flint import arb, fmpq

Function = Callable[[Any], Any]
Slope = Callable[[Any, Any], Any]


class Elementary(NamedTuple):
    """A function of one number: the formula that defines it, its slope from (x, y = f(x)), its one rational point.

    ``flint`` is its value of an arb where that is not computed by the formula. A function without a formula is one of
    which every number system says itself what it is. ``math`` is its name in the module ``math``, and in SymPy.

    >>> NAMED["arctan"].of(arb(1)) * 4
    [3.14159265358979 +/- 3.34e-15]
    """

    name: str
    flint: Function | None
    formula: Function | None
    slope: Slope
    rational_at: tuple[Any, Any] | None
    math: str = ""

    @property
    def of(self) -> Function:
        """Its value of an arb."""
        return cast(Function, self.flint or self.formula)


def constant(q: Any, near: Any) -> Any:
    """Return a rational number as one of the kind of ``near``.

    >>> constant(fmpq(1, 2), arb("inf"))
    0.500000000000000
    """
    if isinstance(near, arb):
        return arb(q)
    return near.constant(q) if hasattr(near, "constant") else near * 0 + q


def log_of(n: int, near: Any) -> Any:
    """Return the logarithm of a whole number, as a number of the kind of ``near``."""
    return constant(n, near).log()


def root_of_pi(near: Any) -> Any:
    """Return the square root of π, as a number of the kind of ``near``."""
    if isinstance(near, arb):
        return arb.const_sqrt_pi()
    return near.root_of_pi if hasattr(near, "root_of_pi") else (4 * constant(1, near).arctan()).sqrt()


def _ndtr(x: Any) -> Any:
    # By erfc, which keeps its digits where the share is small.
    return (-x / arb(2).sqrt()).erfc() / 2


def _density(x: Any) -> Any:
    return (-x * x / 2).exp() / (constant(2, x).sqrt() * root_of_pi(x))


# fmt: off
ELEMENTARY: tuple[Elementary, ...] = (
    #          name         value of an arb      formula                                                slope                                               rational point   math
    Elementary("exp",       lambda x: x.exp(),   None,                                                  lambda x, y: y,                                     (0, 1),          "exp"),
    Elementary("exp2",      None,                lambda x: (x * log_of(2, x)).exp(),                    lambda x, y: y * log_of(2, x),                      (0, 1),          "exp2"),
    Elementary("expm1",     lambda x: x.expm1(), lambda x: x.exp() - 1,                                 lambda x, y: y + 1,                                 (0, 0),          "expm1"),
    Elementary("log",       lambda x: x.log(),   None,                                                  lambda x, y: 1 / x,                                 (1, 0),          "log"),
    Elementary("log1p",     lambda x: x.log1p(), lambda x: (1 + x).log(),                               lambda x, y: 1 / (1 + x),                           (0, 0),          "log1p"),
    Elementary("log2",      None,                lambda x: x.log() / log_of(2, x),                      lambda x, y: 1 / (x * log_of(2, x)),                (1, 0),          "log2"),
    Elementary("log10",     None,                lambda x: x.log() / log_of(10, x),                     lambda x, y: 1 / (x * log_of(10, x)),               (1, 0),          "log10"),
    Elementary("sqrt",      lambda x: x.sqrt(),  None,                                                  lambda x, y: 1 / (2 * y),                           (0, 0),          "sqrt"),
    Elementary("tanh",      lambda x: x.tanh(),  lambda x: 1 - 2 / (1 + (2 * x).exp()),                 lambda x, y: 1 - y * y,                             (0, 0),          "tanh"),
    Elementary("sinh",      lambda x: x.sinh(),  lambda x: (x.exp() - (-x).exp()) / 2,                  lambda x, y: x.cosh(),                              (0, 0),          "sinh"),
    Elementary("cosh",      lambda x: x.cosh(),  lambda x: (x.exp() + (-x).exp()) / 2,                  lambda x, y: x.sinh(),                              (0, 1),          "cosh"),
    Elementary("sin",       lambda x: x.sin(),   None,                                                  lambda x, y: x.cos(),                               (0, 0),          "sin"),
    Elementary("cos",       lambda x: x.cos(),   None,                                                  lambda x, y: -x.sin(),                              (0, 1),          "cos"),
    Elementary("tan",       lambda x: x.tan(),   lambda x: x.sin() / x.cos(),                           lambda x, y: 1 + y * y,                             (0, 0),          "tan"),
    Elementary("arctan",    lambda x: x.atan(),  None,                                                  lambda x, y: 1 / (1 + x * x),                       (0, 0),          "atan"),
    Elementary("arcsin",    lambda x: x.asin(),  None,                                                  lambda x, y: 1 / (1 - x * x).sqrt(),                (0, 0),          "asin"),
    Elementary("arccos",    lambda x: x.acos(),  lambda x: root_of_pi(x) ** 2 / 2 - x.arcsin(),         lambda x, y: -1 / (1 - x * x).sqrt(),               (1, 0),          "acos"),
    Elementary("arctanh",   lambda x: x.atanh(), lambda x: ((1 + x) / (1 - x)).log() / 2,               lambda x, y: 1 / (1 - x * x),                       (0, 0),          "atanh"),
    Elementary("arcsinh",   lambda x: x.asinh(), lambda x: (x + (1 + x * x).sqrt()).log(),              lambda x, y: 1 / (1 + x * x).sqrt(),                (0, 0),          "asinh"),
    Elementary("arccosh",   lambda x: x.acosh(), lambda x: (x + (x * x - 1).sqrt()).log(),              lambda x, y: 1 / (x * x - 1).sqrt(),                (1, 0),          "acosh"),
    Elementary("erf",       lambda x: x.erf(),   None,                                                  lambda x, y: 2 * (-x * x).exp() / root_of_pi(x),    (0, 0),          "erf"),
    Elementary("erfc",      lambda x: x.erfc(),  lambda x: 1 - x.erf(),                                 lambda x, y: -2 * (-x * x).exp() / root_of_pi(x),   (0, 1),          "erfc"),
    Elementary("erfcx",     None,                lambda x: (x * x).exp() * x.erfc(),                    lambda x, y: 2 * (x * y - 1 / root_of_pi(x)),       (0, 1)),
    Elementary("ndtr",      _ndtr,               lambda x: (1 + (x / constant(2, x).sqrt()).erf()) / 2, lambda x, y: _density(x),                           (0, fmpq(1, 2))),
    Elementary("expit",     None,                lambda x: 1 / (1 + (-x).exp()),                        lambda x, y: y * (1 - y),                           (0, fmpq(1, 2))),
    Elementary("log_expit", None,                lambda x: -(-x).exp().log1p(),                         lambda x, y: 1 / (1 + x.exp()),                     None),
    Elementary("logit",     None,                lambda x: (x / (1 - x)).log(),                         lambda x, y: 1 / (x * (1 - x)),                     (fmpq(1, 2), 0)),
)
# fmt: on
"""Every function that scalars have as a method."""

NAMED: dict[str, Elementary] = {row.name: row for row in ELEMENTARY}
"""The same by their names."""


def with_elementary(method: Callable[[Elementary], Function]) -> Callable[[type], type]:
    """Return a class decorator that gives a scalar class one method per row, made by ``method``."""

    def decorate(cls: type) -> type:
        for row in ELEMENTARY:
            if row.name not in vars(cls):
                setattr(cls, row.name, method(row))
        return cls

    return decorate
