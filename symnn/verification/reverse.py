"""Traced expressions, differentiated backwards and evaluated.

The slope of a function is that of the table that dual balls differentiate by, so that neither is a witness for the
other: the tests hold every row of the table against difference quotients in balls, and against SymPy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flint import arb, fmpq

from symnn.errors import UndecidedError
from symnn.scalars.elementary import NAMED
from symnn.scalars.nodes import MINUS_ONE, ONE, ZERO, Node, add, call, multiply, number, ordered, power
from symnn.scalars.plain import power as ball_power
from symnn.verification.formal import Formal, Operations


def negative(a: Node) -> Node:
    """Return the node of ``-a``."""
    return multiply(MINUS_ONE, a)


_OVER_NODES = Operations(number, add, multiply, power, call)


def _local(node: Node) -> list[tuple[Node, Node]]:
    """What a node is made of, each with the derivative of the node with respect to it."""
    match node.op:
        case "sum":
            return [(arg, ONE) for arg in node.args]
        case "product":
            a, b = node.args
            return [(a, b), (b, a)]
        case "power":
            (a,) = node.args
            return [(a, multiply(number(node.data), power(a, node.data - 1)))]
        case "call":
            (a,) = node.args
            x, y = Formal(_OVER_NODES, a), Formal(_OVER_NODES, node)
            return [(a, NAMED[node.data].slope(x, y).it)]
    return []


def derivatives(root: Node, by: Iterable[Node]) -> list[Node]:
    """Return the derivative of an expression with respect to each of some symbols, exactly.

    >>> from symnn.scalars.nodes import symbol
    >>> x = symbol("x")
    >>> derivatives(call("tanh", multiply(number(2), x)), [x])
    [Node(2*(1 - tanh(2*x)**2))]
    """
    adjoints = {root: ONE}
    for node in reversed(ordered([root])):
        upstream = adjoints.get(node)
        if upstream is None or node.fixed:
            continue
        for arg, local in _local(node):
            adjoints[arg] = add(adjoints.get(arg, ZERO), multiply(upstream, local))
    return [adjoints.get(x, ZERO) for x in by]


def evaluated(roots: Iterable[Node], at: Mapping[Node, Any]) -> list[Any]:
    """Return the expressions as balls, with the symbols at the balls given.

    Raises UndecidedError for a symbol that has no value.

    >>> from symnn.scalars.nodes import symbol
    >>> x = symbol("x")
    >>> [int(y.unique_fmpz()) for y in evaluated([power(x, 2)], {x: arb(3)})]
    [9]
    """
    wanted = list(roots)
    found: dict[Node, Any] = {}
    for node in ordered(wanted):
        args = [found[arg] for arg in node.args]
        match node.op:
            case "number" | "beyond":
                found[node] = arb(node.data)
            case "symbol":
                if node not in at:
                    raise UndecidedError(f"{node} has no value")
                found[node] = at[node]
            case "sum":
                found[node] = args[0] + args[1]
            case "product":
                found[node] = args[0] * args[1]
            case "power":
                found[node] = ball_power(args[0], fmpq(node.data))
            case "call":
                found[node] = NAMED[node.data].of(args[0])
    return [found[node] for node in wanted]
