"""Slips in operations: signs, factors, terms, powers and numbers."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from benchmarks.truth.source import Edit, Planting, Source, called

EXCHANGED = {ast.Mult: ("/", "@"), ast.Div: ("*",), ast.MatMult: ("*",), ast.Add: ("*",)}
OTHER = {0: ("1",), 0.5: ("1", "2"), 1: ("2", "0.5"), 2: ("1", "3"), 3: ("2", "1")}
# How programs call the number of samples.
COUNTS = {"m", "n", "N", "num_train", "num_examples", "n_samples", "batch", "words", "area"}


def operations(source: Source) -> Iterator[ast.BinOp]:
    """Yield the operations on values."""
    yield from (node for node in source.nodes(ast.BinOp) if not source.sized(node))


def put(source: Source, node: ast.BinOp, symbol: str) -> Planting:
    """Return the slip of another operator."""
    left, right = source.sides(node)
    start, end = source.operator(node)
    return Planting((Edit(start, end, symbol),), f"`{symbol}` for `{source.text[start:end]}` in `{left} .. {right}`")


def operator(source: Source) -> Iterator[Planting]:
    """Another operator."""
    for node in operations(source):
        yield from (put(source, node, symbol) for symbol in EXCHANGED.get(type(node.op), ()))


def sign(source: Source) -> Iterator[Planting]:
    """The other sign."""
    for node in operations(source):
        if isinstance(node.op, ast.Add | ast.Sub):
            yield put(source, node, "-" if isinstance(node.op, ast.Add) else "+")
    for node in source.nodes(ast.UnaryOp):
        if isinstance(node.op, ast.USub) and not source.sized(node):
            yield source.put(node, source.segment(node.operand))
    for node in source.nodes(ast.Assign):
        if isinstance(node.value, ast.BinOp | ast.Call):
            text = source.segment(node.value)
            yield source.put(node.value, f"-({text})" if isinstance(node.value, ast.BinOp) else f"-{text}")


def _dropped(source: Source, *kinds: type[Any]) -> Iterator[tuple[ast.BinOp, str, str]]:
    for node in operations(source):
        if isinstance(node.op, kinds):
            left, right = source.sides(node)
            yield node, left, right


def term_missing(source: Source) -> Iterator[Planting]:
    """A term of a sum is left out."""
    for node, left, right in _dropped(source, ast.Add, ast.Sub):
        yield source.put(node, left, f"the term `{right}` is left out")
        if isinstance(node.op, ast.Add):
            yield source.put(node, right, f"the term `{left}` is left out")


def factor_missing(source: Source) -> Iterator[Planting]:
    """A factor of a product is left out."""
    for node, left, right in _dropped(source, ast.Mult, ast.Div, ast.MatMult):
        yield source.put(node, left, f"`{right}` is left out")
        if not isinstance(node.op, ast.Div):
            yield source.put(node, right, f"`{left}` is left out")


def _counts(node: ast.AST) -> bool:
    if isinstance(node, ast.Name):
        return node.id in COUNTS
    if isinstance(node, ast.Attribute):
        return node.attr == "size"
    if isinstance(node, ast.Subscript):
        return isinstance(node.value, ast.Attribute) and node.value.attr == "shape"
    return isinstance(node, ast.Call) and called(node) == "len"


def average_missing(source: Source) -> Iterator[Planting]:
    """The division by the number of samples is left out."""
    for node, left, right in _dropped(source, ast.Div):
        if _counts(node.right):
            yield source.put(node, "1" if left == "1" else left, f"`/ {right}` is left out")
    for node in source.nodes(ast.AugAssign):
        if isinstance(node.op, ast.Div) and _counts(node.value):
            yield Planting((Edit(*source.whole(node), ""),), f"`{source.segment(node)}` is left out")


def averaged_twice(source: Source) -> Iterator[Planting]:
    """The division by the number of samples is made twice."""
    divided = {source.segment(n.right) for n in operations(source) if isinstance(n.op, ast.Div) and _counts(n.right)}
    divided |= {source.segment(n.value) for n in source.nodes(ast.AugAssign) if _counts(n.value)}
    for node in source.nodes(ast.Assign):
        for count in sorted(divided):
            names = {inner.id for inner in ast.walk(ast.parse(count)) if isinstance(inner, ast.Name)}
            if isinstance(node.value, ast.BinOp | ast.Call) and all(
                (source.function(node).name, name) in source.shapes for name in names - {"len"}
            ):
                simple = not isinstance(node.value, ast.BinOp) or not isinstance(node.value.op, ast.Add | ast.Sub)
                text = source.segment(node.value)
                yield source.put(node.value, f"{text} / {count}" if simple else f"({text}) / {count}", "averaged again")


def factor_twice(source: Source) -> Iterator[Planting]:
    """A factor is there twice."""
    for node, _, right in _dropped(source, ast.Mult, ast.Div):
        symbol = "*" if isinstance(node.op, ast.Mult) else "/"
        yield source.put(node, f"{source.segment(node)} {symbol} {right}", f"`{symbol} {right}` twice")


def factor_two(source: Source) -> Iterator[Planting]:
    """A factor of 2 or 1/2 where none belongs."""
    for node in source.nodes(ast.Assign, ast.AugAssign):
        if isinstance(node.value, ast.BinOp) and not isinstance(node.value.op, ast.Add | ast.Sub):
            for factor in ("2", "0.5"):
                yield source.put(node.value, f"{factor} * {source.segment(node.value)}", f"`{factor} *` put in")


def operands_exchanged(source: Source) -> Iterator[Planting]:
    """The two sides of an operation are exchanged."""
    for node, left, right in _dropped(source, ast.Sub, ast.Div, ast.MatMult):
        yield source.put(node, f"{right} {source.text[slice(*source.operator(node))]} {left}")


def square_missing(source: Source) -> Iterator[Planting]:
    """A square is forgotten, or a cube is a square."""
    for node, left, right in _dropped(source, ast.Pow):
        yield source.put(node, left if right == "2" else f"{left} ** 2")
    for node, left, right in _dropped(source, ast.Mult):
        if left == right:
            yield source.put(node, left)
    for node in source.nodes(ast.Call):
        if called(node) in ("square", "power"):
            yield source.put(node, source.segment(node.args[0]))


def constant(source: Source) -> Iterator[Planting]:
    """Another number."""
    for node in source.nodes(ast.Constant):
        compared = isinstance(source.parents[node], ast.Compare)
        if type(node.value) in (int, float) and not compared and not source.sized(node):
            for text in OTHER.get(node.value, (f"{3 * node.value:g}", f"{node.value / 10:g}")):
                yield source.put(node, f"{text}.0" if isinstance(node.value, float) and text.isdigit() else text)
    for node in source.nodes(ast.Name):
        if node.id in source.numbers and not source.sized(node):
            yield source.put(node, f"{3 * source.numbers[node.id]:g}")


def parentheses(source: Source) -> Iterator[Planting]:
    """Parentheses are forgotten."""
    for node in operations(source):
        for side, text in zip((node.left, node.right), source.sides(node), strict=True):
            start, end = source.span(side)
            before = source.text[:start].rstrip()
            if isinstance(side, ast.BinOp) and text.startswith("(") and before.endswith("("):
                after = source.text.index(")", end)
                if source.text[end:after].strip() == "":
                    opened = Edit(len(before) - 1, start, "")
                    yield Planting((opened, Edit(end, after + 1, "")), f"`{text}` without its parentheses")
