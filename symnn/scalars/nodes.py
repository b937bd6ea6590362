"""Expressions as shared nodes: what a trace carries, each distinct expression made once.

Nodes compare by identity. They fold what is a rational number and do no other algebra, so that they
show what the code computes, in the order in which it computes it.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Literal, TypeAlias
from weakref import WeakValueDictionary

from flint import fmpq
from flint.utils.flint_exceptions import DomainError

from symnn.errors import UndecidedError
from symnn.scalars.elementary import NAMED

# What a node is. "beyond" is an infinity or no number at all; the data of the others are told at their makers.
Op: TypeAlias = Literal["number", "beyond", "symbol", "sum", "product", "power", "call"]


class Node:
    """An expression: an operation, the nodes it acts on, and what else it needs to be itself.

    ``fixed`` tells that no symbol stands in it. Made by the functions of this module only.
    """

    __slots__ = ("__weakref__", "args", "data", "fixed", "op")

    op: Op
    args: tuple[Node, ...]
    data: Any
    fixed: bool

    def __repr__(self) -> str:
        return f"Node({text(self)})"


SMALLER = "try fewer samples in the batch, or fewer units"
"""What helps where expressions are too large."""

_made: WeakValueDictionary[Any, Node] = WeakValueDictionary()


class TooLargeError(UndecidedError):
    """Expressions grow beyond the work that may be spent on them."""


@contextmanager
def limited(most: int) -> Iterator[None]:
    """Allow so many operations on nodes inside. Raises TooLargeError there beyond.

    >>> with limited(1):
    ...     symbol("x")
    Node(x)
    """
    _left.append([most, most])
    try:
        yield
    finally:
        _left.pop()


_left: list[list[int]] = []


def made(op: Op, data: Any, *args: Node) -> Node:
    """Return the node of an operation just as it is given, the same one however often it is made.

    >>> x = symbol("x")
    >>> made("power", 2, x) is power(x, 2)
    True
    """
    if _left:
        _left[-1][0] -= 1
        if _left[-1][0] < 0:
            raise TooLargeError(f"the code takes more than {_left[-1][1]:,} steps: {SMALLER}")
    # As a pair of ints: flint's rationals cannot be hashed any more when the interpreter shuts down.
    key = (op, (int(data.p), int(data.q)) if op == "number" else data, args)
    node = _made.get(key)
    if node is None:
        node = Node()
        node.op, node.data, node.args = op, data, args
        node.fixed = op != "symbol" and all(arg.fixed for arg in args)
        _made[key] = node
    return node


def number(x: Any) -> Node:
    """Return the node of an int or fmpq.

    >>> number(2) is number(fmpq(2))
    True
    """
    return made("number", fmpq(x))


def beyond(name: str) -> Node:
    """Return the node of what is no real number: "inf", "-inf" or "nan"."""
    return made("beyond", name)


def symbol(name: str, index: tuple[int, ...] = (), shape: tuple[int, ...] = ()) -> Node:
    """Return the node of an entry of an array, or of a single number that has a name.

    >>> symbol("W", (0, 1), (2, 2))
    Node(W[0, 1])
    """
    return made("symbol", (name, index, shape))


ZERO, ONE, MINUS_ONE = number(0), number(1), number(-1)


def add(a: Node, b: Node) -> Node:
    """Return the node of ``a + b``."""
    if a.op == b.op == "number":
        return number(a.data + b.data)
    if a is ZERO:
        return b
    if b is ZERO:
        return a
    # What is shifted by its own maximum meets itself here.
    if any(one.op == "product" and one.args == (MINUS_ONE, other) for one, other in ((a, b), (b, a))):
        return ZERO
    return made("sum", None, a, b)


def multiply(a: Node, b: Node) -> Node:
    """Return the node of ``a * b``; a number stands first and takes up the number it meets.

    >>> x = symbol("x")
    >>> multiply(multiply(x, number(2)), number(3))
    Node(6*x)
    """
    if b.op == "number":
        a, b = b, a
    if a.op == "number":
        if b.op == "number":
            return number(a.data * b.data)
        if b.op == "product" and b.args[0].op == "number":
            return multiply(number(a.data * b.args[0].data), b.args[1])
        if a is ONE or (a is ZERO and b.op != "beyond"):
            return b if a is ONE else a
        return made("product", None, a, b)
    for one, other in ((a, b), (b, a)):
        if one.op == "product" and one.args[0].op == "number":
            inner = (one.args[1], other) if one is a else (other, one.args[1])
            return multiply(one.args[0], multiply(*inner))
    return made("product", None, a, b)


def power(a: Node, n: int) -> Node:
    """Return the node of ``a ** n`` for a whole n; no number where zero is divided by."""
    if n == 0 or n == 1:
        return ONE if n == 0 else a
    if a.op == "number":
        return beyond("nan") if a is ZERO and n < 0 else number(a.data**n)
    if a.op == "power":
        return power(a.args[0], a.data * n)
    return made("power", n, a)


def call(name: str, a: Node) -> Node:
    """Return the node of an elementary function, by the name that ELEMENTARY knows it by.

    >>> call("exp", ZERO), call("sqrt", number(fmpq(4, 9))), call("log", number(2))
    (Node(1), Node(2/3), Node(log(2)))
    """
    if a.op == "number":
        known = NAMED[name].rational_at
        if known is not None and a.data == known[0]:
            return number(known[1])
        if name == "sqrt" and (root := rational_root(a.data)) is not None:
            return number(root)
    if a.op == "beyond" and name == "exp" and a.data == "-inf":
        return ZERO
    return made("call", name, a)


def rational_root(x: Any) -> Any:
    """Return the square root of an fmpq that is a perfect square, else None.

    >>> rational_root(fmpq(1, 4)), rational_root(fmpq(2))
    (1/2, None)
    """
    try:
        return x.sqrt()
    except (DomainError, ValueError):
        return None


ROOT_PI = call("sqrt", multiply(number(4), call("arctan", ONE)))
"""The square root of π."""


def ordered(roots: Iterable[Node], known: Container[Node] = ()) -> list[Node]:
    """Return every node that the roots are made of, each once and behind what it is made of.

    What is ``known`` is left out, and so is what only that is made of.

    >>> x = symbol("x")
    >>> ordered([add(multiply(x, x), x)])
    [Node(x), Node(x*x), Node(x*x + x)]
    """
    found: dict[Node, None] = {}
    entered: set[Node] = set()
    stack = [root for root in reversed(list(roots)) if root not in known]
    while stack:
        node = stack[-1]
        if node in found:
            stack.pop()
        elif node in entered:
            found[stack.pop()] = None
        else:
            entered.add(node)
            stack.extend(arg for arg in reversed(node.args) if arg not in found and arg not in known)
    return list(found)


_SHOWN_PARTS = 4
_SHOWN_DEPTH = 6
_LONG_BITS = 24


def text(node: Node, depth: int = _SHOWN_DEPTH, most: int = _SHOWN_PARTS) -> str:
    """Return a node as Python would write it, "…" below ``depth`` and in sums of more than ``most`` terms.

    >>> x, y = symbol("x"), symbol("y")
    >>> text(add(multiply(x, power(add(x, y), -1)), multiply(MINUS_ONE, call("exp", y))))
    'x/(x + y) - exp(y)'
    """
    match node.op:
        case "number":
            # The fraction that a double is tells a reader less than its first digits.
            long = int(node.data.q).bit_length() > _LONG_BITS
            return f"{int(node.data.p) / int(node.data.q):.6g}" if long else str(node.data)
        case "beyond":
            return str(node.data)
        case "symbol":
            name, index, _ = node.data
            return f"{name}[{', '.join(map(str, index))}]" if index else str(name)
    if not depth:
        return f"{node.data}(…)" if node.op == "call" else "…"
    if node.op == "call":
        return f"{node.data}({text(node.args[0], depth - 1, most)})"
    return _sum(node, depth, most) if node.op == "sum" else _quotient(node, depth, most)


def _parts(node: Node, op: Op) -> list[Node]:
    """The nodes that a chain of sums or products joins, in order."""
    found: list[Node] = []
    stack = [node]
    while stack:
        part = stack.pop()
        if part.op == op:
            stack.extend(reversed(part.args))
        else:
            found.append(part)
    return found


def _sum(node: Node, depth: int, most: int) -> str:
    parts = _parts(node, "sum")
    first = parts if len(parts) <= most else parts[: max(1, most - 2)]
    shown = [text(part, depth - 1, most) for part in first]
    if len(first) < len(parts):
        shown += ["…", text(parts[-1], depth - 1, most)][: most - 1]
    shown = [part for k, part in enumerate(shown) if part != "…" or shown[k - 1 : k] != ["…"]]
    return shown[0] + "".join(f" - {part[1:]}" if part.startswith("-") else f" + {part}" for part in shown[1:])


def _quotient(node: Node, depth: int, most: int) -> str:
    """A product or a power, negative powers below a line."""
    above: list[str] = []
    below: list[str] = []
    for part in _parts(node, "product"):
        inverted = part.op == "power" and part.data < 0
        (below if inverted else above).append(_factor(part, depth, most))
    if {*above, *below} == {"…"}:
        return "…"
    sign = "-" if above[:1] == ["-1"] and (len(above) > 1 or below) else ""
    over = "*".join(above[1:] if sign else above) or "1"
    under = "*".join(below)
    return sign + over + (f"/{under}" if len(below) == 1 else f"/({under})" if below else "")


def _factor(part: Node, depth: int, most: int) -> str:
    base, n = (part.args[0], abs(part.data)) if part.op == "power" else (part, 1)
    shown = text(base, depth - 1, most)
    enclosed = base.op in ("sum", "product") and (n > 1 or base is not part or base.op == "sum") and shown != "…"
    return (f"({shown})" if enclosed else shown) + (f"**{n}" if n > 1 else "")
