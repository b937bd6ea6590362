"""Expressions as rows of a table and back: each distinct node once, behind those that it is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flint import fmpq

from symnn.scalars import nodes
from symnn.scalars.elementary import ELEMENTARY
from symnn.scalars.nodes import Node, Op

_NAMES = {row.name for row in ELEMENTARY}
_BEYOND = {"inf", "-inf", "nan"}

# How many nodes each operation acts on.
_ARGUMENTS: dict[Op, int] = {"number": 0, "beyond": 0, "symbol": 0, "sum": 2, "product": 2, "power": 1, "call": 1}


def ratio_text(value: Any) -> str:
    """Return an fmpq as ``p/q``, in hexadecimal.

    >>> ratio_text(fmpq(-10, 3)), ratio("-a/3")
    ('-a/3', -10/3)
    """
    return f"{int(value.p):x}/{int(value.q):x}"


def ratio(text: str) -> Any:
    """Return the fmpq that a text stands for. Raises ValueError for text that is none."""
    above, below = (int(part, 16) for part in text.split("/"))
    if not below:
        raise ValueError(f"{text[:60]!r} is no number")
    return fmpq(above, below)


def table(roots: Sequence[Node]) -> dict[str, Any]:
    """Return the expressions as ``rows``, each an operation, its data and the rows it acts on, and as ``roots``.

    >>> x = nodes.symbol("x")
    >>> table([nodes.add(x, nodes.number(2))])
    {'rows': [['symbol', ['x', [], []]], ['number', '2/1'], ['sum', None, 0, 1]], 'roots': [2]}
    """
    order = nodes.ordered(roots)
    place = {node: k for k, node in enumerate(order)}
    rows = [[node.op, _written(node), *(place[arg] for arg in node.args)] for node in order]
    return {"rows": rows, "roots": [place[root] for root in roots]}


def roots_of(given: dict[str, Any]) -> list[Node]:
    """Return the expressions that a table holds. Raises ValueError, TypeError, KeyError or IndexError for any other."""
    made: list[Node] = []
    for op, data, *places in given["rows"]:
        if len(places) != _ARGUMENTS[op] or any(not 0 <= k < len(made) for k in places):
            raise ValueError(f"{op} does not act on {places}")
        made.append(nodes.made(op, _READ[op](data), *(made[k] for k in places)))
    return [made[k] for k in given["roots"]]


def _written(node: Node) -> Any:
    if node.op == "number":
        return ratio_text(node.data)
    return [node.data[0], list(node.data[1]), list(node.data[2])] if node.op == "symbol" else node.data


def _symbol(data: Any) -> tuple[str, tuple[int, ...], tuple[int, ...]]:
    name, index, shape = data
    return _text(name), tuple(map(int, index)), tuple(map(int, shape))


def _text(x: Any) -> str:
    if not isinstance(x, str):
        raise TypeError(f"{type(x).__name__} is no name")
    return x


def _one_of(names: set[str]) -> Callable[[Any], str]:
    def read(x: Any) -> str:
        if x not in names:
            raise ValueError(f"{str(x)[:60]!r} is none of them")
        return _text(x)

    return read


_READ: dict[Op, Callable[[Any], Any]] = {
    "number": ratio,
    "beyond": _one_of(_BEYOND),
    "symbol": _symbol,
    "sum": lambda data: None,
    "product": lambda data: None,
    "power": int,
    "call": _one_of(_NAMES),
}
