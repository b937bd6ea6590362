"""Guarded: a number beside the same number computed without its guards, such as the 1e-7 in ``log(p + 1e-7)``.

A guard is a small constant that code adds, lest a logarithm or a denominator meets zero. There, and only there, it is
left out: what is added and stays is part of the formula, so that an error of 1e-9 in a gradient remains one.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from operator import add, mul, sub
from typing import Any

import numpy as np

from symnn.scalars.base import Scalar, ScalarArray
from symnn.scalars.block import Block
from symnn.scalars.dual_numbers import Dual
from symnn.scalars.elementary import Elementary, with_elementary
from symnn.scalars.operators import Operator, Relation, both_ways, comparisons
from symnn.scalars.plain import Ball
from symnn.scalars.run import NumberSystem, current, number

LARGEST = 1e-4
"""The largest constant that is taken for a guard where it is added: no unit, step or coefficient is so small."""

NONE: frozenset[float] = frozenset()

_LOGARITHMS = {"log", "log2", "log10", "log1p"}


def is_guard(x: Any) -> bool:
    """Return whether a constant is a guard where it is added.

    >>> is_guard(1e-7), is_guard(0.5), is_guard(0.0)
    (True, False, False)
    """
    return isinstance(x, float | np.floating) and 0 < abs(float(x)) <= LARGEST


def _lifted(_: Any, x: Any) -> Any:
    """The other operand, or None where it is no number of ours."""
    if isinstance(x, Guarded):
        return x
    if isinstance(x, Ball | Dual):
        return Guarded(x)
    plain = number(x)
    return None if plain is NotImplemented else Guarded(Ball(plain))


def _addend(_: Any, x: Any) -> Any:
    """The other operand of a sum: a small constant of the code is a guard, of which nothing stays without it."""
    return Guarded(Ball(number(x)), Ball(0), frozenset({abs(float(x))})) if is_guard(x) else _lifted(_, x)


def _carried(op: Operator, a: Guarded, b: Guarded) -> Guarded:
    full = op(a.full, b.full)
    if a.bare is None and b.bare is None:
        return Guarded(full)
    sizes = a.sizes if a.sizes == b.sizes else a.sizes | b.sizes
    return Guarded(full, op(a.without, b.without), sizes)


def _quotient(a: Guarded, b: Guarded) -> Guarded:
    denominator = b.dropped(lambda value: not value.contains(0))
    return Guarded(a.full / denominator, None if a.bare is None else a.bare / denominator, a.sizes)


def _power(a: Guarded, b: Guarded) -> Guarded:
    exponent = b.full
    if exponent.value < 0:
        return Guarded(a.dropped(lambda value: not value.contains(0)) ** exponent)
    if a.bare is None or not exponent.value > 0:
        return Guarded(a.full**exponent)
    return Guarded(a.full**exponent, a.bare**exponent, a.sizes)


def _comparison(row: Relation) -> Operator:
    def method(self: Any, other: Any) -> Any:
        b = _lifted(self, other)
        return NotImplemented if b is None else row.holds(self.full, b.full)

    return method


def _method(row: Elementary) -> Callable[[Any], Any]:
    name = row.name

    def method(self: Guarded) -> Guarded:
        if name in _LOGARITHMS:
            least = -1 if name == "log1p" else 0
            return Guarded(getattr(self.dropped(lambda value: value > least), name)())
        full = getattr(self.full, name)()
        if name == "sqrt" and self.bare is not None:
            return Guarded(full, self.bare.sqrt(), self.sizes)
        return Guarded(full)

    return method


@with_elementary(_method)
class Guarded(Scalar):
    """A ball or dual ``full`` with the same number computed without guards, ``bare`` (None: it has none).

    ``sizes`` are the guards in it. It is compared, and read, as what it is in full. Where it is the argument of a
    logarithm, a denominator, or the base of a negative power, it is replaced by what it is without guards, which the
    current run records; but not where there is nothing without them. Raises as Ball.

    >>> from symnn.scalars import ball, running
    >>> with running(guarded(ball())) as run:
    ...     p = Guarded(Ball(1))
    ...     (p + 1e-7).log(), p + 1e-7, run.guards
    (Guarded(0), Guarded(1.0000001), {1e-07})
    """

    __slots__ = ("bare", "full", "sizes")

    def __init__(self, full: Any, bare: Any = None, sizes: frozenset[float] = NONE) -> None:
        if isinstance(full, Guarded):
            full, bare, sizes = full.full, full.bare, full.sizes
        self.full: Any = full if isinstance(full, Ball | Dual) else Ball(full)
        self.bare, self.sizes = bare, sizes

    @property
    def value(self) -> Any:
        """The ball of the number in full."""
        return self.full.value

    @property
    def tangent(self) -> Any:
        """The derivative of the number in full."""
        return self.full.tangent

    @property
    def without(self) -> Any:
        """The ball or dual without guards."""
        return self.full if self.bare is None else self.bare

    def dropped(self, allows: Callable[[Any], bool]) -> Any:
        """Return the ball or dual without guards where ``allows`` says so of its value, and record them; else all."""
        if self.bare is None or not self.bare.value.is_finite() or not allows(self.bare.value):
            return self.full
        current().guards.update(self.sizes)
        return self.bare

    @staticmethod
    def addend(x: Any) -> Any:
        """Return an operand of a sum, a plain float or an array of equal ones being a guard where it is small."""
        if isinstance(x, np.ndarray) and x.dtype.kind == "f" and x.size and bool((x == x.flat[0]).all()):
            one = float(x.flat[0])
            return np.full(x.shape, _addend(None, one), dtype=object).view(ScalarArray) if is_guard(one) else x
        return _addend(None, x) if is_guard(x) else x

    __add__, __radd__ = both_ways(partial(_carried, add), _addend)
    __sub__, __rsub__ = both_ways(partial(_carried, sub), _addend)
    __mul__, __rmul__ = both_ways(partial(_carried, mul), _lifted)
    __truediv__, __rtruediv__ = both_ways(_quotient, _lifted)
    __pow__, __rpow__ = both_ways(_power, _lifted)
    __lt__, __le__, __gt__, __ge__, __eq__, __ne__ = comparisons(_comparison)

    def __hash__(self) -> int:
        return hash(self.full)

    def __neg__(self) -> Guarded:
        return Guarded(-self.full, None if self.bare is None else -self.bare, self.sizes)

    def __abs__(self) -> Guarded:
        if self.bare is None:
            return Guarded(abs(self.full))
        return self if self >= 0 else -self

    def __str__(self) -> str:
        return str(self.full)


def guarded(system: NumberSystem) -> NumberSystem:
    """Return the system of guarded numbers over that of balls or of duals.

    >>> from symnn.scalars import dual
    >>> guarded(dual(100)).name
    'guarded_dual'
    """
    return NumberSystem(f"guarded_{system.name}", system.bits, Guarded)


def with_guards(A: Any) -> Any:
    """Return an array of balls or duals, or a single one, as guarded numbers.

    >>> from symnn.scalars import array, ball
    >>> with_guards(array([1, 2], ball()))
    ScalarArray([Guarded(1), Guarded(2)], dtype=object)
    """
    if isinstance(A, Scalar):
        return Guarded(A)
    return _each(Guarded, A)


def without_guards(A: Any) -> Any:
    """Return guarded numbers as the balls or duals that they are in full; other scalars stay as they are."""
    if isinstance(A, Scalar):
        return A.full if isinstance(A, Guarded) else A
    if type(A) is Block:
        return A.copy()
    if Guarded not in set(map(type, A.ravel().tolist())):
        return A.copy().view(ScalarArray)
    return _each(lambda x: x.full if isinstance(x, Guarded) else x, A)


def _each(function: Callable[[Any], Any], A: Any) -> Any:
    return np.asarray(np.frompyfunc(function, 1, 1)(A.view(np.ndarray)), dtype=object).view(ScalarArray)
