"""Dual: a ball and its derivative along one direction, carried through together."""

from __future__ import annotations

from collections.abc import Callable
from operator import add, mul, sub, truediv
from typing import Any

from flint import arb, arb_mat

from symnn.scalars.base import Scalar
from symnn.scalars.compared import noted
from symnn.scalars.elementary import Elementary, with_elementary
from symnn.scalars.operators import Operator, Relation, comparisons
from symnn.scalars.plain import Ball, certain, decimals, power
from symnn.scalars.run import current, number, placed

# A tangent of None is an exact zero; the rules below get at least one that is not None.
Rule = Callable[[Any, Any, Any, Any, Any], Any]


def _sum(y: Any, a: Any, b: Any, da: Any, db: Any) -> Any:
    if da is None:
        return db
    return da if db is None else da + db


def _difference(y: Any, a: Any, b: Any, da: Any, db: Any) -> Any:
    if da is None:
        return -db
    return da if db is None else da - db


def _product(y: Any, a: Any, b: Any, da: Any, db: Any) -> Any:
    if da is None:
        return a * db
    return da * b if db is None else da * b + a * db


def _quotient(y: Any, a: Any, b: Any, da: Any, db: Any) -> Any:
    if da is None:
        return -y * db / b
    return da / b if db is None else (da - y * db) / b


def _power(y: Any, a: Any, b: Any, da: Any, db: Any) -> Any:
    by_base = None if da is None or b == 0 else b * power(a, b - 1) * da
    by_exponent = None if db is None else y * a.log() * db
    return by_base if by_exponent is None else _sum(None, None, None, by_base, by_exponent)


def _operand(x: Any) -> Any:
    """The value and tangent of the other operand, or None where it is no number of ours."""
    if isinstance(x, (Dual, Ball)):
        return x.value, x.tangent
    plain = number(x)
    return None if plain is NotImplemented else (arb(plain), None)


def _operators(op: Operator, rule: Rule) -> tuple[Operator, Operator]:
    # Not by `both_ways`: checks spend their time here, and a scalar made of each constant is a sixth of it.
    def forward(self: Any, other: Any) -> Any:
        operand = _operand(other)
        if operand is None:
            return NotImplemented
        a, da = self.value, self.tangent
        b, db = operand
        y = op(a, b)
        return Dual(y, None if da is None and db is None else rule(y, a, b, da, db))

    def reflected(self: Any, other: Any) -> Any:
        operand = _operand(other)
        if operand is None:
            return NotImplemented
        a, da = operand
        b, db = self.value, self.tangent
        y = op(a, b)
        return Dual(y, None if da is None and db is None else rule(y, a, b, da, db))

    return forward, reflected


def _same(da: Any, db: Any) -> bool:
    if da is None:
        return db is None or bool(db == 0)
    return bool(da == (0 if db is None else db))


def _comparison(row: Relation) -> Operator:
    relation, holds, fails = row.sign, row.holds, row.fails

    def method(self: Any, other: Any) -> Any:
        if self is other:
            return row.of_itself(self.value.is_nan())
        operand = _operand(other)
        if operand is None:
            return NotImplemented
        a, da = self.value, self.tangent
        b, db = operand
        if a == b and not _same(da, db):
            said = f"{decimals(a, '')} {relation} {decimals(b, '')} is decided at equality"
            choices = current().choices
            if choices is not None:
                return noted(choices.holds(a, da, relation, b, db, lambda: placed(said)), relation)
            current().kink(said)
        return noted(holds(a, b) or certain(False, fails(a, b), a, relation, b, (da, db)), relation)

    return method


def _dual_method(row: Elementary) -> Callable[[Any], Any]:
    of, slope = row.of, row.slope

    def method(self: Dual) -> Dual:
        x, dx = self.value, self.tangent
        y = of(x)
        return Dual(y, None if dx is None else slope(x, y) * dx)

    return method


@with_elementary(_dual_method)
class Dual(Scalar):
    """A ball ``value`` with its ball ``tangent`` along one direction; a tangent of None is exactly 0.

    Comparisons look at the value. Where values are certainly equal and tangents are not, the point
    lies on a kink: the choices of the current run say which side is taken, or else it records that.
    Raises InputError for what is no real number.

    >>> x = Dual(3, 1)
    >>> x * x / 2
    Dual(4.5, tangent 3)
    """

    __slots__ = ("tangent", "value")
    holds_arb = True

    def __init__(self, value: Any, tangent: Any = None) -> None:
        if type(value) is arb:
            self.value = value
        elif isinstance(value, Dual):
            self.value, tangent = value.value, value.tangent if tangent is None else tangent
        else:
            self.value = Ball(value).value
        self.tangent = tangent if tangent is None or type(tangent) is arb else Ball(tangent).value

    __add__, __radd__ = _operators(add, _sum)
    __sub__, __rsub__ = _operators(sub, _difference)
    __mul__, __rmul__ = _operators(mul, _product)
    __truediv__, __rtruediv__ = _operators(truediv, _quotient)
    __pow__, __rpow__ = _operators(power, _power)
    __lt__, __le__, __gt__, __ge__, __eq__, __ne__ = comparisons(_comparison)

    def __hash__(self) -> int:
        return hash(self.value)

    def __neg__(self) -> Dual:
        return Dual(-self.value, None if self.tangent is None else -self.tangent)

    def __abs__(self) -> Dual:
        x, dx = self.value, self.tangent
        if x.contains(0) and not x.is_exact() and (dx is None or dx.contains(0)):
            # What is zero but for its radius, and stays so: one ball holds it on either side, and no side is taken.
            return Dual(abs(x), None if dx is None else arb(0, dx.abs_upper()))
        return self if noted(self >= 0, ">=") else -self

    def __str__(self) -> str:
        tangent = "0" if self.tangent is None else decimals(self.tangent, "")
        return f"{decimals(self.value, '')}, tangent {tangent}"


def tangent_matrix(rows: int, columns: int, tangents: list[Any]) -> Any:
    """Return tangents row by row, None being zero, as an arb_mat."""
    return arb_mat(rows, columns, [0 if tangent is None else tangent for tangent in tangents])
