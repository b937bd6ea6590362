"""One written number in the place of another."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from symnn.edits.rows.site import Site


def near(site: Site) -> Iterator[str]:
    """Yield the number one more or less, twice or half as large, of the other sign, zero and one."""
    x = _number(site.node)
    if x is None:
        return
    others = [x + 1, x - 1, -x, 2 * x, 0, 1]
    others += [x / 2, 0.5] if isinstance(x, float) or not _is_place(site) else []
    others += [] if isinstance(x, int) and _is_place(site) else [x * x, 1 / x if x else 0, 1 - x]
    others = [y for y in others if y not in _neutral(site)]
    yield from dict.fromkeys(text for y in others if (text := _written(y)) != _written(x))


def far(site: Site) -> Iterator[str]:
    """Yield the number ten times as large or small, and three and four."""
    x = _number(site.node)
    if x is not None:
        yield from (_written(y) for y in (3, 4, -2, *((10 * x, x / 10) if isinstance(x, float) else ())) if y != x)


def elsewhere(site: Site) -> Iterator[str]:
    """Yield, for a number that is no index and no size, those that stand elsewhere in the file."""
    x = _number(site.node)
    if x is not None and not _is_place(site):
        yield from (repr(y) for y in site.source.numbers if y != x)


def _number(node: ast.AST) -> int | float | None:
    is_number = isinstance(node, ast.Constant) and type(node.value) in (int, float)
    return node.value if is_number else None  # type: ignore[attr-defined]


def _is_place(site: Site) -> bool:
    """Whether a number is an index, an axis or a size, which are whole."""
    parents = ast.Subscript | ast.Slice | ast.Tuple | ast.keyword | ast.Call
    return isinstance(_number(site.node), int) and isinstance(site.parent, parents)


_NEUTRAL = {ast.Add: (0, 1), ast.Mult: (0, 1), ast.MatMult: (0, 1), ast.Sub: (0,), ast.Div: (0, 1), ast.Pow: (0, 1)}


def _neutral(site: Site) -> tuple[int, ...]:
    """What is no number beside an operator: an operand that changes nothing, or leaves nothing, is to go."""
    parent = site.parent
    return _NEUTRAL.get(type(parent.op), ()) if isinstance(parent, ast.AugAssign | ast.BinOp) else ()


def _written(x: float) -> str:
    return f"{x:g}" if isinstance(x, float) and not x.is_integer() else repr(x)
