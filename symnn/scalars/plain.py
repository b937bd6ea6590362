"""Exact and Ball: scalars that carry a value and nothing else."""

from __future__ import annotations

import copyreg
import math
from collections.abc import Callable
from fractions import Fraction
from operator import add, mul, pow, sub, truediv
from typing import Any

import numpy as np
from flint import arb, ctx, fmpq, fmpz

from symnn.errors import InexactError, InputError, UndecidedError
from symnn.scalars.base import HOOKS, Scalar
from symnn.scalars.compared import noted
from symnn.scalars.elementary import Elementary, with_elementary
from symnn.scalars.nodes import rational_root
from symnn.scalars.operators import Operator, Relation, comparisons
from symnn.scalars.run import current, number, placed
from symnn.scalars.tape import tape


def _forward(op: Operator, slopes: Slopes) -> Operator:
    def method(self: Any, other: Any) -> Any:
        cls = self.__class__
        operand = other.value if other.__class__ is cls else number(other)
        if operand is NotImplemented:
            return operand
        return noted_number(cls, op(self.value, operand), slopes, self.value, operand)

    return method


def _reflected(op: Operator, slopes: Slopes) -> Operator:
    def method(self: Any, other: Any) -> Any:
        cls, operand = self.__class__, number(other)
        if operand is NotImplemented:
            return operand
        operand = cls(operand).value
        return noted_number(cls, op(operand, self.value), slopes, operand, self.value)

    return method


def noted_number(cls: Any, y: Any, slopes: Slopes, *operands: Any) -> Any:
    """Return a scalar that was made of bare numbers, recorded where there is a record with the derivative by each."""
    record = tape()
    if record is not None:
        record.operation(y, slopes, *operands)
    return cls(y)


MOVING = object()
"""The tangent of a ball that moves, and has none of its own."""

Slopes = tuple[Callable[..., Any], ...]

_ONE = arb(1)
ADDED: Slopes = (lambda y, a, b: _ONE, lambda y, a, b: _ONE)
SUBTRACTED: Slopes = (lambda y, a, b: _ONE, lambda y, a, b: -_ONE)
MULTIPLIED: Slopes = (lambda y, a, b: b, lambda y, a, b: a)
DIVIDED: Slopes = (lambda y, a, b: 1 / arb(b), lambda y, a, b: -y / b)
RAISED: Slopes = (lambda y, a, b: arb(0) if b == 0 else b * power(a, b - 1), lambda y, a, b: y * arb(a).log())
NEGATED: Slopes = (lambda y, a: -_ONE,)
"""The derivatives of what operators make, y, by each operand."""


def power(base: Any, exponent: Any) -> Any:
    """Return an arb to a power; a whole exponent multiplies, so that balls about zero and below have one too.

    >>> power(arb(0, 0.5), 2).contains(0), power(arb(2), -3)
    (True, 0.125000000000000)
    """
    whole = exponent if isinstance(exponent, int) else _whole(exponent)
    if whole is None:
        return pow(base, exponent)
    result, square, left = arb(1), base, abs(whole)
    while left:
        if left & 1:
            result = result * square
        left >>= 1
        square = square * square if left else square
    return 1 / result if whole < 0 else result


def _whole(exponent: Any) -> int | None:
    if isinstance(exponent, arb):
        exact = exponent.unique_fmpz() if exponent.is_exact() else None
        return None if exact is None else int(exact)
    return int(exponent.p) if isinstance(exponent, fmpq) and exponent.q == 1 else None


def certain(
    holds: bool, fails: bool, left: Any, relation: str, right: Any, slopes: tuple[Any, Any] = (None, None)
) -> bool:
    """Return whether a relation holds; if it neither certainly holds nor fails, the run's choices say.

    ``slopes`` are the tangents of both numbers. Raises UndecidedError in a run without choices.
    """
    if holds or fails:
        return holds
    choices = current().choices
    said = f"cannot decide whether {_brief(left)} {relation} {_brief(right)}: the balls overlap"
    if choices is None or not (left - right).is_finite():
        raise UndecidedError(said)
    return choices.holds(left, slopes[0], relation, right, slopes[1], lambda: placed(said))


def decided(truth: Callable[[Relation, Any, Any], bool], operand: Operator) -> Any:
    """Return the comparisons from what ``truth`` says of a relation and two scalars, ``operand`` as in `both_ways`."""

    def method(row: Relation) -> Operator:
        def compare(self: Any, other: Any) -> Any:
            b = operand(self, other)
            return NotImplemented if b is None else noted(truth(row, self, b), row.sign)

        return compare

    return comparisons(method)


def _brief(value: Any) -> str:
    return str(value.str(8)) if isinstance(value, arb) else str(value)


def _comparison(row: Relation) -> Operator:
    relation, holds, fails = row.sign, row.holds, row.fails

    def method(self: Any, other: Any) -> Any:
        a = self.value
        if self is other:
            return row.of_itself(isinstance(a, arb) and a.is_nan())
        b = other.value if other.__class__ is self.__class__ else number(other)
        if b is NotImplemented:
            return b
        if a == b and (record := tape()) is not None and (record.moves(a) or record.moves(b)):
            current().kink(f"{decimals(a, '')} {relation} {decimals(arb(b), '')} is decided at equality")
        outcome = bool(holds(a, b))
        if not outcome and not fails(a, b):
            outcome = certain(False, False, a, relation, b)
        return noted(outcome, relation)

    return method


class Plain(Scalar):
    """A scalar that is its value: arithmetic acts on it, comparisons are certain or raise."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    __add__, __radd__ = _forward(add, ADDED), _reflected(add, ADDED)
    __sub__, __rsub__ = _forward(sub, SUBTRACTED), _reflected(sub, SUBTRACTED)
    __mul__, __rmul__ = _forward(mul, MULTIPLIED), _reflected(mul, MULTIPLIED)
    __truediv__, __rtruediv__ = _forward(truediv, DIVIDED), _reflected(truediv, DIVIDED)

    def __neg__(self) -> Any:
        return noted_number(self.__class__, -self.value, NEGATED, self.value)

    def __abs__(self) -> Any:
        if self.value != 0:
            noted(bool(self.value > 0), ">=")
        if self.tangent is not None:
            return self if self >= 0 else -self
        return self.__class__(abs(self.value))

    __lt__, __le__, __gt__, __ge__, __eq__, __ne__ = comparisons(_comparison)

    def __hash__(self) -> int:
        return hash(self.value)


def _rational(value: Any) -> Any:
    match value:
        case fmpq() | fmpz() | int():
            return fmpq(value)
        case Scalar():
            return _rational(value.value)
        case float() | str() | Fraction() | np.integer() | np.floating():
            try:
                ratio = Fraction(value.item() if isinstance(value, np.generic) else value)
            except (ValueError, OverflowError) as error:
                raise InputError(f"{value!r} is no rational number: write it as '0.1' or '1/3'") from error
            return fmpq(ratio.numerator, ratio.denominator)
    return None


def _exact_method(row: Elementary) -> Callable[[Any], Any]:
    def method(self: Exact) -> Exact:
        if row.rational_at is not None and self.value == row.rational_at[0]:
            return Exact(row.rational_at[1])
        raise InexactError(f"{row.name}({self}) is irrational: use balls instead of exact numbers")

    return method


@with_elementary(_exact_method)
class Exact(Plain):
    """A rational number, from an int, Fraction, str like "0.1" or "1/3", or the exact double.

    Raises InputError for what is no rational number, InexactError where a result is irrational.

    >>> Exact("0.1") + Exact(0.5) / 3, Exact(4) ** -2, Exact("4/9").sqrt()
    (Exact(4/15), Exact(1/16), Exact(2/3))
    """

    __slots__ = ()

    def __init__(self, value: Any) -> None:
        self.value = value if type(value) is fmpq else _rational(value)
        if self.value is None:
            raise InexactError(f"{value} cannot be an exact number")

    def sqrt(self) -> Exact:
        """Return the square root of a perfect square. Raises InexactError for others."""
        root = rational_root(self.value)
        if root is None:
            raise InexactError(f"sqrt({self}) is irrational: use balls instead of exact numbers")
        return Exact(root)

    def __pow__(self, exponent: Any) -> Any:
        power = exponent.value if isinstance(exponent, Exact) else number(exponent)
        if power is NotImplemented:
            return power
        ratio = fmpq(power)
        if ratio.denominator == 1:
            return Exact(self.value ** int(ratio.numerator))
        if ratio.denominator == 2:
            return Exact(self.sqrt().value ** int(ratio.numerator))
        raise InexactError(f"({self}) ** ({ratio}) is not a power or a square root")

    def __rpow__(self, base: Any) -> Any:
        plain = number(base)
        return plain if plain is NotImplemented else Exact(plain) ** self

    def __str__(self) -> str:
        return str(self.value)

    def __format__(self, spec: str) -> str:
        return format(int(self.value.numerator) / int(self.value.denominator), spec) if spec else str(self)


def _real(value: Any) -> Any:
    if isinstance(value, (float, arb, int, fmpz, fmpq)):
        return arb(value)
    if isinstance(value, np.floating):
        return arb(float(value))
    ratio = _rational(value)
    if ratio is None:
        raise InputError(f"{value!r} is no real number: give an int, float, Fraction or decimal string")
    return arb(ratio)


_FLOAT_BITS = 53
_BEYOND = 1100
"""Numbers of that many bits before or behind the point are infinite, or zero, as floats."""

_SURE = 2.0**-20
"""By what share the rest of a midpoint behind its first 53 bits may be off and still round it the same way."""


def nearest_float(value: Any) -> float:
    """Return the midpoint of an arb as a float; flint's own conversion truncates instead of rounding."""
    mid = value.mid()
    truncated = float(mid)
    bits = mid.bits()
    # Where floats have all their 53 bits, one that needs no more is exact; 0, infinities and nan have none.
    if not bits or (1e-290 < abs(truncated) < 1e300 and bits <= _FLOAT_BITS):
        return truncated
    if 1e-290 < abs(truncated) < 1e300 and ctx.prec >= _FLOAT_BITS:
        rest = float(mid - truncated)
        rounded = truncated + rest * (1 - _SURE)
        if rounded == truncated + rest * (1 + _SURE):
            return rounded
    mantissa, exponent = map(int, mid.man_exp())
    sign, length = 1.0 if mantissa > 0 else -1.0, mantissa.bit_length() + exponent
    if abs(length) > _BEYOND:
        return sign * (math.inf if length > 0 else 0.0)
    try:
        return mantissa / (1 << -exponent) if exponent < 0 else float(mantissa << exponent)
    except OverflowError:
        return sign * math.inf


def decimals(value: Any, spec: str) -> str:
    """Return the midpoint of a ball in decimals, after the format ``spec`` of a float."""
    if spec or not value.mid().is_finite():
        return format(nearest_float(value), spec)
    text = str(value.mid().str(17, radius=False))
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


HOOKS["decimals"] = decimals


def _ball_method(row: Elementary) -> Callable[[Any], Any]:
    of, slopes = row.of, (lambda y, x: row.slope(x, y),)
    return lambda self: noted_number(Ball, of(self.value), slopes, self.value)


def parts(value: Any) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return midpoint and radius of an arb as pairs (mantissa, exponent of 2)."""
    mid, rad = value.mid().man_exp(), value.rad().man_exp()
    return (int(mid[0]), int(mid[1])), (int(rad[0]), int(rad[1]))


# Flint's rationals can be pickled, and its balls cannot.
copyreg.pickle(arb, lambda x: (arb, parts(x) if x.is_finite() else (nearest_float(x),)))


@with_elementary(_ball_method)
class Ball(Plain):
    """A real number with a rigorous radius, computed at flint's working precision.

    Raises InputError for what is no real number; comparisons raise UndecidedError when balls overlap.

    >>> third = Ball(1) / 3
    >>> third < Ball("0.34"), third.value.contains(third.value.mid())
    (True, True)
    """

    __slots__ = ()
    holds_arb = True

    def __init__(self, value: Any) -> None:
        self.value = value if type(value) is arb else _real(value)

    __pow__, __rpow__ = _forward(power, RAISED), _reflected(power, RAISED)

    @property
    def tangent(self) -> Any:
        """Something, not None, where the number moves along with what a record started from."""
        record = tape()
        return MOVING if record is not None and record.moves(self.value) else None
