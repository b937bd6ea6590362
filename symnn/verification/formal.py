"""Formal: what the formulas and slopes of the elementary functions compute with where numbers are no scalars."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from flint import fmpq

from symnn.scalars.elementary import Elementary, with_elementary
from symnn.scalars.operators import both_ways


class Operations(NamedTuple):
    """How expressions of one kind are made: from a rational number, by arithmetic, and by the name of a function."""

    number: Callable[[Any], Any]
    add: Callable[[Any, Any], Any]
    multiply: Callable[[Any, Any], Any]
    power: Callable[[Any, int], Any]
    call: Callable[[str, Any], Any]


def _operand(one: Formal, x: Any) -> Formal:
    return x if isinstance(x, Formal) else one.constant(x)


def _sum(a: Formal, b: Formal) -> Formal:
    return Formal(a.over, a.over.add(a.it, b.it))


def _product(a: Formal, b: Formal) -> Formal:
    # A square stays one, as whoever reads the expression would write it.
    return Formal(a.over, a.over.power(a.it, 2) if a.it is b.it else a.over.multiply(a.it, b.it))


def _method(row: Elementary) -> Callable[[Any], Any]:
    return lambda self: Formal(self.over, self.over.call(row.name, self.it))


@with_elementary(_method)
class Formal:
    """An expression ``it`` over some operations, with the operators of Python and the methods of scalars.

    >>> from symnn.scalars import nodes
    >>> x = Formal(Operations(nodes.number, nodes.add, nodes.multiply, nodes.power, nodes.call), nodes.symbol("x"))
    >>> ((x * x - 1) / x.exp()).it
    Node((x**2 - 1)/exp(x))
    """

    __slots__ = ("it", "over")

    def __init__(self, over: Operations, it: Any) -> None:
        self.over, self.it = over, it

    def constant(self, q: Any) -> Formal:
        """Return a rational number over the same operations."""
        return Formal(self.over, self.over.number(fmpq(q)))

    __add__, __radd__ = both_ways(_sum, _operand)
    __sub__, __rsub__ = both_ways(lambda a, b: a + -b, _operand)
    __mul__, __rmul__ = both_ways(_product, _operand)
    __truediv__, __rtruediv__ = both_ways(lambda a, b: a * b**-1, _operand)

    def __neg__(self) -> Any:
        return -1 * self

    def __pow__(self, n: int) -> Formal:
        return Formal(self.over, self.over.power(self.it, n))
