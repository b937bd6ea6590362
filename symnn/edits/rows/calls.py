"""Calls, conditions and choices."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise

from symnn.edits.rows.layouts import REDUCTIONS
from symnn.edits.rows.site import Site

FAMILIES = (
    REDUCTIONS,
    ("exp", "log", "tanh", "sin", "cos", "sinh", "cosh", "sqrt", "sign", "abs", "square", "log1p", "expm1", "arctan"),
    ("maximum", "minimum", "add", "subtract", "multiply"),
    ("zeros", "ones", "empty"),
    ("zeros_like", "ones_like", "empty_like"),
    ("argmax", "argmin"),
    ("dot", "matmul", "outer", "multiply", "inner"),
    ("triu", "tril"),
)
"""Names of functions that are taken for one another."""

_COMPARED = {ast.Gt: ">", ast.GtE: ">=", ast.Lt: "<", ast.LtE: "<=", ast.Eq: "==", ast.NotEq: "!="}


def function(site: Site) -> Iterator[str]:
    """Yield a call of another function of the same family, or of another function of the user's."""
    node = site.node
    if not isinstance(node, ast.Call):
        return
    rest = site.text[len(site.of(node.func)) :]
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    before = f"{site.operand(node.func.value)}." if isinstance(node.func, ast.Attribute) else ""
    for family in FAMILIES:
        if name in family:
            yield from (f"{before}{one}{rest}" for one in family if one != name)
    if not before:
        yield from (f"{one}{rest}" for one in site.scope.functions if one != name)


def left_out(site: Site) -> Iterator[str]:
    """Yield what a function is called with in the place of the call."""
    node = site.node
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and site.scope.value(node.func.value).is_array:
            yield site.operand(node.func.value)
        yield from (site.operand(one) for one in node.args[:2] if not isinstance(one, ast.Starred))


def term_outside(site: Site) -> Iterator[str]:
    """Yield a term of what a function is called with added to what it returns instead."""
    node = site.node
    if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.BinOp):
        inner = node.args[0]
        if isinstance(inner.op, ast.Add | ast.Sub):
            rest = "".join(f", {site.of(one)}" for one in (*node.args[1:], *node.keywords))
            sign = "+" if isinstance(inner.op, ast.Add) else "-"
            name = site.of(node.func)
            yield f"{name}({site.of(inner.left)}{rest}) {sign} {site.operand(inner.right)}"
            if sign == "+":
                yield f"{site.operand(inner.left)} + {name}({site.of(inner.right)}{rest})"


def put_in(site: Site) -> Iterator[str]:
    """Yield a value that a function is called with: one of the user's, or of NumPy's that the file calls."""
    if site.is_float:
        yield from (f"{one}({site.text})" for one in (*site.scope.functions, *site.source.functions_of_numpy))


def slope_called(site: Site) -> Iterator[str]:
    """Yield a term times a function of the user's of something of its shape."""
    if site.is_term and site.value.is_array:
        own = site.operand(site.node)
        yield from (f"{own} * {name}({text})" for name in site.scope.functions for text in site.alike())


def arguments_exchanged(site: Site) -> Iterator[str]:
    """Yield a call with two arguments exchanged."""
    if isinstance(site.node, ast.Call) and len(site.node.args) > 1:
        own = [site.of(one) for one in site.node.args]
        keywords = [site.of(one) for one in site.node.keywords]
        for k, (one, other) in enumerate(pairwise(own)):
            yield f"{site.of(site.node.func)}({', '.join([*own[:k], other, one, *own[k + 2 :], *keywords])})"


def elements_exchanged(site: Site) -> Iterator[str]:
    """Yield a tuple or list with two elements exchanged, or a dict with two values exchanged."""
    if isinstance(site.node, ast.Dict):
        start, end = site.source.span(site.node)
        text = site.source.text
        for k, one in enumerate(site.node.values):
            for other in site.node.values[k + 1 :]:
                (a, b), (c, d) = site.source.span(one), site.source.span(other)
                yield f"{text[start:a]}{text[c:d]}{text[b:c]}{text[a:b]}{text[d:end]}"
    if isinstance(site.node, ast.Tuple | ast.List) and not isinstance(site.parent, ast.Subscript):
        own = [site.of(one) for one in site.node.elts]
        marks = "[]" if isinstance(site.node, ast.List) else "()" if site.text.startswith("(") else ("", "")
        for k in range(len(own)):
            for j in range(k + 1, len(own)):
                turned = list(own)
                turned[k], turned[j] = own[j], own[k]
                yield f"{marks[0]}{', '.join(turned)}{marks[1]}"


def letters(site: Site) -> Iterator[str]:
    """Yield the letters of an einsum with two of one part exchanged, or one in the place of another."""
    node, parent = site.node, site.parent
    is_first = isinstance(parent, ast.Call) and parent.args[:1] == [node] and site.of(parent.func).endswith("einsum")
    if is_first and isinstance(node, ast.Constant) and isinstance(node.value, str):
        text = node.value
        known = sorted({one for one in text if one.isalpha()})
        for k, own in enumerate(text):
            if own.isalpha():
                yield from (repr(text[:k] + one + text[k + 1 :]) for one in known if one != own)
                for j in range(k + 1, len(text)):
                    if text[j].isalpha() and "," not in text[k:j] and ">" not in text[k:j]:
                        yield repr(text[:k] + text[j] + text[k + 1 : j] + own + text[j + 1 :])


def comparison(site: Site) -> Iterator[str]:
    """Yield another comparison of the same two, and the other order."""
    node = site.node
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _COMPARED:
        left, right, own = site.operand(node.left), site.operand(node.comparators[0]), _COMPARED[type(node.ops[0])]
        yield from (f"{left} {one} {right}" for one in _COMPARED.values() if one != own)


def choice(site: Site) -> Iterator[str]:
    """Yield one branch of a choice, or the other way round."""
    node = site.node
    if isinstance(node, ast.IfExp):
        yield site.operand(node.body)
        yield site.operand(node.orelse)
        yield f"{site.of(node.orelse)} if {site.of(node.test)} else {site.of(node.body)}"
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.Invert):
        yield site.operand(node.operand)
    elif isinstance(site.parent, ast.If | ast.IfExp) and site.parent.test is node:
        yield f"not {site.operand(node)}"
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield str(not node.value)
