"""Indices, slices and ranges."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import permutations

from symnn.edits.rows.site import Site


def beside(site: Site) -> Iterator[str]:
    """Yield the index before or behind."""
    node = site.node
    if site.value.kind == "integer" and not isinstance(node, ast.Constant) and _is_index(site):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
            yield site.operand(node.left)
        yield f"{site.operand(node)} - 1"
        yield f"{site.operand(node)} + 1"


def exchanged(site: Site) -> Iterator[str]:
    """Yield two indices exchanged."""
    if isinstance(site.node, ast.Subscript) and isinstance(site.node.slice, ast.Tuple):
        parts = [site.of(one) for one in site.node.slice.elts]
        if "None" in parts and len(parts) <= 4:
            for order in dict.fromkeys(permutations(parts)):
                yield f"{site.operand(site.node.value)}[{', '.join(order)}]"
        for k in range(len(parts) - 1):
            turned = [*parts[:k], parts[k + 1], parts[k], *parts[k + 2 :]]
            yield f"{site.operand(site.node.value)}[{', '.join(turned)}]"


def left_out(site: Site) -> Iterator[str]:
    """Yield an array without its index."""
    if isinstance(site.node, ast.Subscript) and isinstance(site.node.ctx, ast.Load):
        yield site.operand(site.node.value)


def bound(site: Site) -> Iterator[str]:
    """Yield a slice with other bounds."""
    node = site.node
    if isinstance(node, ast.Slice):
        low, high, step = (site.of(one) if one is not None else "" for one in (node.lower, node.upper, node.step))
        behind = f":{step}" if step else ""
        for a, b in (
            (high.removeprefix("-"), "") if high.startswith("-") else ("", f"-{low}" if low else ""),
            ("", high),
            (low, ""),
            ("1", high),
            (low, "-1"),
            ("", "-1"),
            ("1", ""),
            (high, low),
        ):
            if (a, b) != (low, high):
                yield f"{a}:{b}{behind}"
        if not step:
            yield f"{low}:{high}:-1" if low or high else "::-1"
        else:
            yield f"{low}:{high}"


def sliced(site: Site) -> Iterator[str]:
    """Yield an array without its first or last row, or column."""
    if site.value.is_array and isinstance(site.node, ast.Name | ast.Attribute) and site.is_float:
        yield from (f"{site.text}[{one}]" for one in ("1:", ":-1", "0", "-1"))
        if len(site.value.shape) > 1:
            yield from (f"{site.text}[:, {one}]" for one in ("1:", ":-1", "0", "-1"))


def counted(site: Site) -> Iterator[str]:
    """Yield an index by a number that is counted there, and an array at such an index."""
    counters = [one.text for one in site.readable if one.value.kind == "integer" and one.text.isidentifier()]
    if isinstance(site.node, ast.Constant) and _is_index(site) and type(site.node.value) is int:
        yield from counters
    elif site.value.is_array and isinstance(site.node, ast.Name | ast.Attribute | ast.Subscript):
        yield from (f"{site.text}[{one}]" for one in counters)


def _is_index(site: Site) -> bool:
    node, parent = site.node, site.parent
    while isinstance(parent, ast.Tuple | ast.Slice | ast.BinOp | ast.UnaryOp):
        node, parent = parent, site.source.parents[parent]
    in_subscript = isinstance(parent, ast.Subscript) and parent.slice is node
    is_range = isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name) and parent.func.id == "range"
    return in_subscript or is_range
