"""Operators and their operands."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from symnn.edits.rows.site import Site

_OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.MatMult: "@", ast.Pow: "**"}

_INSTEAD = {"+": "-*", "-": "+*", "*": "/@+", "/": "*", "@": "*", "**": "*"}


def operator(site: Site) -> Iterator[str]:
    """Yield an operation with another operator."""
    if isinstance(site.node, ast.BinOp) and type(site.node.op) in _OPERATORS:
        left, right = site.operand(site.node.left), site.operand(site.node.right)
        # By one nothing is multiplied: there an operand is too many.
        others = [one for one in _INSTEAD[_OPERATORS[type(site.node.op)]] if one in "+-@" or "1" not in (left, right)]
        yield from (f"{left} {one} {right}" for one in others)


def operands_exchanged(site: Site) -> Iterator[str]:
    """Yield an operation with its operands exchanged."""
    if isinstance(site.node, ast.BinOp) and isinstance(site.node.op, ast.Sub | ast.Div | ast.MatMult | ast.Pow):
        left, right = site.operand(site.node.left), site.operand(site.node.right)
        yield f"{right} {_OPERATORS[type(site.node.op)]} {left}"


def sign(site: Site) -> Iterator[str]:
    """Yield an expression without its minus, or with one."""
    if isinstance(site.node, ast.UnaryOp) and isinstance(site.node.op, ast.USub):
        yield site.operand(site.node.operand)
    elif site.is_term:
        yield f"-{site.operand(site.node)}"


def operand_left_out(site: Site) -> Iterator[str]:
    """Yield one operand in the place of two."""
    if isinstance(site.node, ast.BinOp):
        yield site.of(site.node.left)
        yield f"-{site.operand(site.node.right)}" if isinstance(site.node.op, ast.Sub) else site.of(site.node.right)


def factors_left_out(site: Site) -> Iterator[str]:
    """Yield a product of three factors or more without two that stand side by side."""
    texts, node = [], site.node
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        texts.append(site.operand(node.right))
        node = node.left
    texts = [site.operand(node), *reversed(texts)] if len(texts) > 1 else []
    for k in range(len(texts) - 1):
        yield " * ".join(texts[:k] + texts[k + 2 :])


def power(site: Site) -> Iterator[str]:
    """Yield an expression squared, under a root, inverted; or without its power."""
    node = site.node
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        yield site.operand(node.left)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) and site.of(node.left) == site.of(node.right):
        yield site.of(node.left)
    elif site.is_float and not isinstance(node, ast.BinOp | ast.UnaryOp):
        yield f"{site.operand(node)} ** 2"
        yield f"{site.np}.sqrt({site.text})"
        yield f"1 / {site.operand(node)}"
    elif isinstance(node, ast.BinOp) and site.is_float:
        yield f"({site.text}) ** 2"
        yield f"{site.np}.sqrt({site.text})"


def complement(site: Site) -> Iterator[str]:
    """Yield one minus a value, or the value without that."""
    node = site.node
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) and site.of(node.left) in ("1", "1.0"):
        yield site.operand(node.right)
    elif site.is_float and isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
        yield f"1 - {site.text}"


def regrouped(site: Site) -> Iterator[str]:
    """Yield a sum or product of three with its parentheses elsewhere: ``a * (b - c)`` for ``a * b - c``, and back."""
    node = site.node
    if not isinstance(node, ast.BinOp):
        return
    if isinstance(node.left, ast.BinOp):
        inner = node.left
        first, second, third = site.operand(inner.left), site.operand(inner.right), site.operand(node.right)
        op, above = _OPERATORS.get(type(inner.op), "*"), _OPERATORS.get(type(node.op), "")
        if above in ("+", "-", "*", "/"):
            yield from (f"{first} {op} ({second} {one} {third})" for one in dict.fromkeys((above, "*", "@")))
    if isinstance(node.right, ast.BinOp) and isinstance(node.right.op, ast.Add | ast.Sub):
        inner = node.right
        op, below = _OPERATORS.get(type(node.op), ""), _OPERATORS[type(inner.op)]
        if op in ("*", "/", "@"):
            left = site.operand(node.left)
            yield f"{left} {op} {site.operand(inner.left)} {below} {site.operand(inner.right)}"
