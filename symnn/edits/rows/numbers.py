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
    others = [y for y in others if y not in (0, 1) or not _is_of_operator(site)]
    yield from dict.fromkeys(text for y in others if (text := _written(y)) != _written(x))


def far(site: Site) -> Iterator[str]:
    """Yield the number ten times as large or small, and three and four."""
    x = _number(site.node)
    if x is not None:
        yield from (_written(y) for y in (3, 4, -2, *((10 * x, x / 10) if isinstance(x, float) else ())) if y != x)


def _number(node: ast.AST) -> int | float | None:
    is_number = isinstance(node, ast.Constant) and type(node.value) in (int, float)
    return node.value if is_number else None  # type: ignore[attr-defined]


def _is_place(site: Site) -> bool:
    """Whether a number is an index, an axis or a size, which are whole."""
    return isinstance(site.parent, ast.Subscript | ast.Slice | ast.Tuple | ast.keyword | ast.Call)


def _is_of_operator(site: Site) -> bool:
    """Whether a number is added or multiplied: 0 and 1 are then no numbers, but an operand that is to go."""
    return isinstance(site.parent, ast.AugAssign | ast.BinOp) and not isinstance(
        site.parent.op, ast.Pow | ast.Sub | ast.Div
    )


def _written(x: float) -> str:
    return f"{x:g}" if isinstance(x, float) and not x.is_integer() else repr(x)
