"""Traced expressions, differentiated backwards and evaluated: by rules of their own, one row per function.

The rules are neither those of the derivation nor those of dual balls, which they are held against.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flint import arb, fmpq

from symnn.errors import UndecidedError
from symnn.scalars.elementary import ELEMENTARY
from symnn.scalars.nodes import MINUS_ONE, ONE, ROOT_PI, ZERO, Node, add, call, multiply, number, ordered, power
from symnn.scalars.plain import power as ball_power

_OF = {row.name: row.of for row in ELEMENTARY}


def negative(a: Node) -> Node:
    """Return the node of ``-a``."""
    return multiply(MINUS_ONE, a)


def quotient(a: Node, b: Node) -> Node:
    """Return the node of ``a / b``."""
    return multiply(a, power(b, -1))


def _complement(a: Node) -> Node:
    return add(ONE, negative(a))


def _square(a: Node) -> Node:
    return power(a, 2)


_ROOT_TWO_PI = multiply(call("sqrt", number(2)), ROOT_PI)
_LOG2, _LOG10 = call("log", number(2)), call("log", number(10))

SLOPES: dict[str, Callable[[Node, Node], Node]] = {
    "exp": lambda x, y: y,
    "exp2": lambda x, y: multiply(y, _LOG2),
    "expm1": lambda x, y: add(y, ONE),
    "log": lambda x, y: power(x, -1),
    "log1p": lambda x, y: power(add(ONE, x), -1),
    "log2": lambda x, y: power(multiply(x, _LOG2), -1),
    "log10": lambda x, y: power(multiply(x, _LOG10), -1),
    "tanh": lambda x, y: _complement(_square(y)),
    "sinh": lambda x, y: call("cosh", x),
    "cosh": lambda x, y: call("sinh", x),
    "sin": lambda x, y: call("cos", x),
    "cos": lambda x, y: negative(call("sin", x)),
    "tan": lambda x, y: power(call("cos", x), -2),
    "arctan": lambda x, y: power(add(ONE, _square(x)), -1),
    "arcsin": lambda x, y: power(call("sqrt", _complement(_square(x))), -1),
    "arccos": lambda x, y: negative(power(call("sqrt", _complement(_square(x))), -1)),
    "arctanh": lambda x, y: power(_complement(_square(x)), -1),
    "arcsinh": lambda x, y: power(call("sqrt", add(ONE, _square(x))), -1),
    "erf": lambda x, y: quotient(multiply(number(2), call("exp", negative(_square(x)))), ROOT_PI),
    "ndtr": lambda x, y: quotient(call("exp", multiply(number(fmpq(-1, 2)), _square(x))), _ROOT_TWO_PI),
    "expit": lambda x, y: multiply(y, _complement(y)),
    "log_expit": lambda x, y: call("expit", negative(x)),
    "logit": lambda x, y: power(multiply(x, _complement(x)), -1),
    "sqrt": lambda x, y: power(multiply(number(2), y), -1),
}
"""The derivative of every function a trace can hold, from x and y = f(x)."""


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
            return [(a, SLOPES[node.data](a, node))]
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
                found[node] = _OF[node.data](args[0])
    return [found[node] for node in wanted]
