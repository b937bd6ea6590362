"""Trace: a ball that remembers the expression it was computed by."""

from __future__ import annotations

from collections.abc import Callable
from operator import add, mul, sub, truediv
from typing import Any

from flint import arb, fmpq

from symnn.errors import UndecidedError
from symnn.scalars import nodes
from symnn.scalars.base import Scalar
from symnn.scalars.constants import root_meant
from symnn.scalars.elementary import Elementary, with_elementary
from symnn.scalars.nodes import Node
from symnn.scalars.operators import RELATION, Operator, Relation, both_ways
from symnn.scalars.plain import Exact, certain, decided, decimals, parts, power
from symnn.scalars.run import current, number


def _operand(_: Any, x: Any) -> Any:
    """The other operand as a trace, or None where it is no number of ours."""
    if isinstance(x, Trace):
        return x
    plain = number(x)
    return None if plain is NotImplemented else Trace(plain)


def _operators(of: Operator, node: Operator) -> tuple[Operator, Operator]:
    """An operator and its reflection, by what it is of values and of nodes."""
    return both_ways(lambda a, b: Trace(of(a.value, b.value), node(a.node, b.node)), _operand)


def _power(a: Trace, b: Trace) -> Trace:
    exponent = b.node.data if b.node.op == "number" else None
    value = power(a.value, b.value if exponent is None else exponent)
    if exponent is None or exponent.q > 2:
        return Trace(value, nodes.call("exp", nodes.multiply(b.node, nodes.call("log", a.node))))
    base = a.node if exponent.q == 1 else nodes.call("sqrt", a.node)
    return Trace(value, nodes.power(base, int(exponent.p)))


def _truth(row: Relation, one: Trace, other: Trace) -> bool:
    a, b = one.node, other.node
    if a.op == b.op == "number":
        return bool(row.holds(a.data, b.data))
    if a is b:
        return row.of_itself(False)
    x, y = one.value, other.value
    truth = certain(row.holds(x, y), row.fails(x, y), one, row.sign, other)
    if not (a.fixed and b.fixed):
        # Where both are equal, only the equality tells the region: on either side the code may go another way.
        _record(a, "==" if x == y else row.sign if truth else row.negated, b)
    return truth


def _record(a: Node, relation: str, b: Node) -> None:
    if a.op == "number":
        a, relation, b = b, RELATION[relation].mirrored, a
    current().condition(f"{nodes.text(a)} {relation} {nodes.text(b)}", (a, relation, b))


def _trace_method(row: Elementary) -> Callable[[Any], Any]:
    of, name = row.of, row.name
    return lambda self: Trace(of(self.value), nodes.call(name, self.node))


def _exactly(value: Any) -> Any:
    """A rational number where there is one, else an arb."""
    if isinstance(value, (arb, fmpq, int)):
        return value
    held = value.value if isinstance(value, Scalar) else value
    return held if isinstance(held, arb) else arb(held) if held in _BEYOND else Exact(held).value


_BEYOND = (float("inf"), float("-inf"))


def _constant(value: Any) -> Node:
    """The node of a number that the code brought in."""
    if not isinstance(value, arb):
        return nodes.number(value)
    if not value.is_finite():
        return nodes.beyond("inf" if value > 0 else "-inf" if value < 0 else "nan")
    if not value.is_exact():
        raise UndecidedError(f"a constant known only as the ball {decimals(value, '')} has no exact expression")
    (mantissa, exponent), _ = parts(value)
    return nodes.number(fmpq(mantissa) * fmpq(2) ** exponent)


def _meant(q: Any) -> tuple[Any, Node] | None:
    """The ball and the node of the root that a double is the rounding of, or None."""
    root = root_meant(q)
    if root is None:
        return None
    sign, r, k = root
    node = nodes.multiply(nodes.call("sqrt", nodes.number(r)), nodes.power(nodes.ROOT_PI, k))
    return sign * arb(r).sqrt() * arb.const_sqrt_pi() ** k, nodes.multiply(nodes.number(sign), node)


@with_elementary(_trace_method)
class Trace(Scalar):
    """A ball ``value`` with the ``node`` of the expression that it was computed by.

    Comparisons are decided by the value, and recorded in the current run where a symbol stands in what is compared.
    Without a node, the number is a constant: a float is the double it is; a rational, which is how floats of running
    code come, is a root where it is a rounded one, such as that of 2/π. Raises InputError for what is no real number.

    >>> from symnn.scalars import running, trace, traced
    >>> with running(trace()) as run:
    ...     x, y = traced("x", [2, -1])
    ...     abs(y) * x / 2, run.conditions
    (Trace(-1/2*x[1]*x[0]), ['x[1] < 0'])
    """

    __slots__ = ("node", "value")

    def __init__(self, value: Any, node: Node | None = None) -> None:
        if isinstance(value, Trace):
            value, node = value.value, value.node
        root = _meant(value) if node is None and isinstance(value, fmpq) else None
        if root is not None:
            self.value, self.node = root
            return
        exact = _exactly(value)
        self.value = exact if isinstance(exact, arb) else arb(exact)
        self.node = _constant(exact) if node is None else node

    __add__, __radd__ = _operators(add, nodes.add)
    __sub__, __rsub__ = _operators(sub, lambda a, b: nodes.add(a, nodes.multiply(nodes.MINUS_ONE, b)))
    __mul__, __rmul__ = _operators(mul, nodes.multiply)
    __truediv__, __rtruediv__ = _operators(truediv, lambda a, b: nodes.multiply(a, nodes.power(b, -1)))
    __pow__, __rpow__ = both_ways(_power, _operand)
    __lt__, __le__, __gt__, __ge__, __eq__, __ne__ = decided(_truth, _operand)

    def __hash__(self) -> int:
        return hash(self.node)

    def __neg__(self) -> Trace:
        return Trace(-self.value, nodes.multiply(nodes.MINUS_ONE, self.node))

    @property
    def tangent(self) -> Any:
        """None for a constant; for what moves with the symbols, the expression in them."""
        return None if self.node.fixed else self.node

    def __str__(self) -> str:
        return nodes.text(self.node)
