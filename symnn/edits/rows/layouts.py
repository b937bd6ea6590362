"""Transposition, axes and reductions."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from symnn.edits.rows.site import Site

REDUCTIONS = ("sum", "mean", "max", "min", "prod", "std", "var")
"""What takes an axis away."""


def transposed(site: Site) -> Iterator[str]:
    """Yield a matrix transposed, or without its transposition."""
    node = site.node
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield site.operand(node.value)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "transpose":
        yield site.of(node.args[0] if site.of(node.func.value) == site.np else node.func.value)
    elif site.value.is_array and len(site.value.shape) == 2 and not _is_before_t(site):
        yield f"{site.operand(node)}.T"
    elif site.value.is_array and len(site.value.shape) == 3:
        yield f"{site.np}.swapaxes({site.text}, -1, -2)"


def both_transposed(site: Site) -> Iterator[str]:
    """Yield a product of the other order with both factors transposed, which is its transpose."""
    node = site.node
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        for left, right in ((0, 1), (1, 0), (1, 1)):
            yield f"{_turned(site, node.left, bool(left))} @ {_turned(site, node.right, bool(right))}"
            yield f"{_turned(site, node.right, bool(left))} @ {_turned(site, node.left, bool(right))}"


def reversed_order(site: Site) -> Iterator[str]:
    """Yield an array or a range in reversed order, or as it stands."""
    node = site.node
    if isinstance(node, ast.Subscript) and site.of(node.slice) == "::-1":
        yield site.operand(node.value)
    elif site.value.is_array and isinstance(node, ast.Name | ast.Attribute):
        yield f"{site.text}[::-1]"
        if len(site.value.shape) > 1:
            yield f"{site.text}[:, ::-1]"


def loop(site: Site) -> Iterator[str]:
    """Yield what a loop goes through the other way round, or one of the rows that it goes through side by side."""
    node = site.node
    if _goes_through(site):
        text = site.text
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "reversed" and node.args:
            yield site.of(node.args[0])
        elif text.endswith("[::-1]"):
            yield text.removesuffix("[::-1]")
        elif getattr(getattr(node, "func", None), "id", "") not in ("zip", "enumerate"):
            yield f"reversed({text})"
            yield f"{site.operand(node)}[::-1]"


def _goes_through(site: Site) -> bool:
    node, parent = site.node, site.parent
    while (
        isinstance(parent, ast.Call) and getattr(parent.func, "id", "") in ("zip", "enumerate") and node in parent.args
    ):
        node, parent = parent, site.source.parents[parent]
    return isinstance(parent, ast.For | ast.comprehension) and parent.iter is node


def axis(site: Site) -> Iterator[str]:
    """Yield another axis, by its keyword."""
    if isinstance(site.parent, ast.keyword) and site.parent.arg == "axis":
        yield from (text for text in ("0", "1", "-1", "2", "None", "(0, 1)", "(1, 2)", "(0, 2)") if text != site.text)


def axis_left_out(site: Site) -> Iterator[str]:
    """Yield a reduction over all entries, or over an axis where it was over all."""
    node = site.node
    if not _is_reduction(node):
        return
    assert isinstance(node, ast.Call)  # noqa: S101
    own = [site.of(one) for one in node.args]
    kept = [site.of(one) for one in node.keywords if one.arg != "axis"]
    if len(kept) < len(node.keywords):
        yield f"{site.of(node.func)}({', '.join(own + kept)})"
    elif len(own) <= (site.of(node.func.value) == site.np):  # type: ignore[attr-defined]
        for text in ("0", "1", "-1"):
            yield f"{site.of(node.func)}({', '.join([*own[:1], f'axis={text}', *kept])})"


def kept_axis(site: Site) -> Iterator[str]:
    """Yield a reduction that keeps its axis, or one that does not."""
    node = site.node
    if not _is_reduction(node):
        return
    assert isinstance(node, ast.Call)  # noqa: S101
    others = [site.of(one) for one in (*node.args, *node.keywords) if getattr(one, "arg", "") != "keepdims"]
    if len(others) < len(node.args) + len(node.keywords):
        yield f"{site.of(node.func)}({', '.join(others)})"
    else:
        yield f"{site.of(node.func)}({', '.join([*others, 'keepdims=True'])})"


def reduced(site: Site) -> Iterator[str]:
    """Yield an array summed over an axis, or over all."""
    if site.is_term and len(site.value.shape) > 0:
        own = site.operand(site.node)
        yield f"{own}.sum(axis=0)"
        yield f"{own}.sum()"
        if len(site.value.shape) > 1:
            yield f"{own}.sum(axis=1)"
            yield f"{own}.sum(axis=0, keepdims=True)"
            yield f"{own}.sum(axis=1, keepdims=True)"
            yield f"{own}.mean(axis=0)"
            yield f"{own} - {own}.mean(axis=0)"
            yield f"{own} - {own}.mean(axis=1, keepdims=True)"
            yield f"{own} - {own}.sum(axis=1, keepdims=True)"
        if len(site.value.shape) > 2:
            yield f"{own}.sum(axis=(0, 1))"
            yield f"{own}.sum(axis=-1, keepdims=True)"


def _is_before_t(site: Site) -> bool:
    return isinstance(site.parent, ast.Attribute) and site.parent.attr == "T"


def _turned(site: Site, node: ast.expr, is_turned: bool) -> str:
    if not is_turned:
        return site.operand(node)
    is_t = isinstance(node, ast.Attribute) and node.attr == "T"
    return site.operand(node.value) if is_t else f"{site.operand(node)}.T"  # type: ignore[attr-defined]


def _is_reduction(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in REDUCTIONS
