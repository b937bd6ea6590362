"""Named constants of rows, such as the slope of a leaky ReLU: exact, with a default, and bound to values of the user.

A constant is given as a whole number, a fraction or a text such as ``"1/5"`` or ``"0.2"``; a float is refused, because
what was typed is lost in it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sympy import Rational, Symbol

from symnn.errors import InputError, aligned, shortened, unknown


@dataclass(frozen=True)
class Constant:
    """A positive constant of a row, by its symbol and the value it has unless the user gives another."""

    symbol: Symbol
    default: Rational

    @property
    def name(self) -> str:
        """The name under which a value is given."""
        return str(self.symbol.name)


def values_of(row: str, constants: tuple[Constant, ...], given: Mapping[str, Any]) -> dict[Symbol, Rational]:
    """Return the value of every constant of a row: as given, or its default.

    Raises `InputError`, naming the row and the constant, for a name it does not have or a value that is no positive
    exact number.

    >>> from symnn.notation import scalar
    >>> values_of("leaky-relu", (Constant(scalar("alpha"), Rational(1, 100)),), {"alpha": "1/5"})
    {alpha: 1/5}
    """
    if not isinstance(given, Mapping):
        rows = [("given", shortened(given)), ("allowed", 'names and values, such as {"alpha": "1/5"}')]
        raise InputError(f"the constants of {row!r} must be named\n{aligned(rows)}")
    names = [constant.name for constant in constants]
    for name in given:
        if name not in names:
            raise unknown(f"constant of {row!r}", name, names)
    return {c.symbol: _exact(row, c.name, given[c.name]) if c.name in given else c.default for c in constants}


def _exact(row: str, name: str, value: Any) -> Rational:
    if isinstance(value, float):
        rows = [("given", repr(value)), ("do", f'write it in quotes, {name} = "{value!r}", so that it stays exact')]
        raise InputError(f"constant {name!r} of {row!r} is a float\n{aligned(rows)}")
    try:
        exact = None if isinstance(value, bool) or is_endless(value) else Fraction(value)
    except (ValueError, TypeError, ArithmeticError):
        exact = None
    if exact is None or not 1 / LARGEST <= exact <= LARGEST:
        rows = [
            ("given", shortened(value)),
            ("allowed", 'a positive whole number, fraction or decimal, such as "1/5", from 1e-100 to 1e100'),
        ]
        raise InputError(f"constant {name!r} of {row!r} must be a positive exact number\n{aligned(rows)}")
    return Rational(exact.numerator, exact.denominator)


LARGEST = Fraction(10**100)
"""A larger constant, or one nearer to 0, would not leave its square a float64."""

# A power of ten of four digits, which is written out in thousands of them.
_ENDLESS = re.compile(r"[eE][+-]?(?:_?0)*_?(?!0)\d(?:_?\d){3}")
_LONGEST = 1000


def is_endless(value: object) -> bool:
    """Tell whether a number, or what shows itself as one, would be written out in more digits than anybody means.

    >>> is_endless("1e999"), is_endless("1e1000"), is_endless(10**4000)
    (False, True, True)
    """
    if isinstance(value, int | Fraction):
        return bool(abs(value) >= 10**_LONGEST)
    text = str(value)
    return len(text) > _LONGEST or _ENDLESS.search(text) is not None
