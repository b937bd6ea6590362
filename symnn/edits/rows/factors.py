"""A factor or a term put in: a number, a size, a slope, a penalty's gradient."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from symnn.edits.rows.names import sizes
from symnn.edits.rows.site import Site


def number(site: Site) -> Iterator[str]:
    """Yield a term times a small number, or divided by it."""
    if site.is_term:
        yield f"2 * {site.operand(site.node)}"
        yield f"{site.operand(site.node)} / 2"


def named(site: Site) -> Iterator[str]:
    """Yield a term times a number that can be read, or divided by it."""
    if site.is_term:
        for text in site.numbers():
            yield f"{site.operand(site.node)} * {text}"
            yield f"{site.operand(site.node)} / {text}"
            yield f"{site.operand(site.node)} * (1 - {text})"
            yield f"{site.operand(site.node)} / (1 - {text})"


def size(site: Site) -> Iterator[str]:
    """Yield a term times a size, or divided by it."""
    if site.is_term:
        for text in sizes(site):
            yield f"{site.operand(site.node)} / {text}"
            yield f"{site.operand(site.node)} * {text}"


def array(site: Site) -> Iterator[str]:
    """Yield a term times an array of its shape, or one that stretches to it, or divided by it."""
    if not site.is_term or not site.value.is_array:
        return
    for one in site.readable:
        shapes = one.value.shape, site.value.shape
        if one.value.is_array and (_stretches(*shapes) or _stretches(*shapes[::-1])):
            yield f"{site.operand(site.node)} * {one.text}"
            yield f"{site.operand(site.node)} / {one.text}"


def of_the_file(site: Site) -> Iterator[str]:
    """Yield a term times what the file has as a factor elsewhere, or divided by it; one with a term of the file."""
    if site.is_term:
        own = site.operand(site.node)
        for text in site.source.factors:
            yield f"{own} * {text}"
            yield f"{own} / {text}"
    if site.is_float or (isinstance(site.node, ast.Constant) and type(site.node.value) in (int, float)):
        own = site.operand(site.node)
        for text in (*site.source.terms, "1"):
            yield f"{own} + {text}"
            yield f"{own} - {text}"


def softmax_slope(site: Site) -> Iterator[str]:
    """Yield a term without its mean under the shares of a softmax, and times these."""
    if site.is_term and len(site.value.shape) > 1:
        own = site.operand(site.node)
        for shares in site.alike():
            for axis in ("-1", "0"):
                less = f"{own} - ({own} * {shares}).sum(axis={axis}, keepdims=True)"
                yield less
                yield f"{shares} * ({less})"


def slope_of_itself(site: Site) -> Iterator[str]:
    """Yield the slope of an activation that is called, in terms of what it gives."""
    if isinstance(site.node, ast.Call) and site.is_float and len(site.text) < 40:
        yield f"{site.text} * (1 - {site.text})"
        yield f"1 - {site.text} ** 2"


def summed(site: Site) -> Iterator[str]:
    """Yield a term times the sums of an array of its shape, over rows or columns."""
    if site.is_term and len(site.value.shape) == 2:
        for other in site.alike():
            yield f"{site.operand(site.node)} * {other}.sum(axis=1, keepdims=True)"
            yield f"{site.operand(site.node)} * {other}.sum(axis=0)"


def slope(site: Site) -> Iterator[str]:
    """Yield a term times the slope of an activation, of its output or its input."""
    if not site.is_term or not site.value.is_array:
        return
    own = site.operand(site.node)
    for h in site.alike():
        yield f"{own} * (1 - {h} ** 2)"
        yield f"{own} * {h} * (1 - {h})"
        yield f"{own} * (1 - {h})"
        yield f"{own} * ({h} > 0)"
        yield f"{own} * (1 - {site.np}.tanh({h}) ** 2)"
        yield f"{own} * {site.np}.exp({h})"
        yield f"{own} * {site.np}.cos({h})"
        for below in (*site.numbers(), *(repr(x) for x in site.source.numbers if x)):
            yield f"{own} * {site.np}.where({h} > 0, 1, {below})"


def term(site: Site) -> Iterator[str]:
    """Yield a term, or what is divided, with an array of its shape added or taken away."""
    parent = site.parent
    is_divided = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Div) and parent.left is site.node
    if not (site.is_term or (site.is_float and is_divided)) or not site.value.is_array:
        return
    own = site.operand(site.node)
    for one in site.readable:
        if one.value.is_array and _stretches(one.value.shape, site.value.shape):
            yield f"{own} + {one.text}"
            yield f"{own} - {one.text}"
            yield f"{one.text} - {own}"


def product(site: Site) -> Iterator[str]:
    """Yield what an assignment gives as a product or a sum of arrays, of the shape of the array that it is named after.

    These are what gradients of sums over products are: an upstream gradient with the other factor.
    """
    wanted = _wanted(site)
    if not wanted:
        return
    arrays = [one for one in site.readable if one.value.kind == "array" and len(one.value.shape) == 2]
    turned = [(one.text, one.value.shape) for one in arrays if not one.text.endswith(".T")]
    turned += [(f"{text}.T", shape[::-1]) for text, shape in turned]
    for left, (n, k) in turned:
        for right, (own, m) in turned:
            if own == k and (n, m) in wanted:
                yield f"{left} @ {right}"
    for one in arrays:
        rows, columns = one.value.shape
        for shape, text in (
            ((columns,), f"{one.text}.sum(axis=0)"),
            ((rows,), f"{one.text}.sum(axis=1)"),
            ((1, columns), f"{one.text}.sum(axis=0, keepdims=True)"),
            ((rows, 1), f"{one.text}.sum(axis=1, keepdims=True)"),
            ((), f"{one.text}.sum()"),
        ):
            if shape in wanted:
                yield text


def _wanted(site: Site) -> set[tuple[int, ...]]:
    """The shapes that what an assignment gives may be meant to have: those of what its target ends with the name of."""
    parent = site.parent
    if not isinstance(parent, ast.Assign | ast.AugAssign) or parent.value is not site.node or not site.is_float:
        return set()
    target = parent.targets[0] if isinstance(parent, ast.Assign) else parent.target
    key = target.slice.value if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant) else None
    name = key if isinstance(key, str) else site.of(target)
    return {
        one.value.shape
        for one in site.readable
        if one.value.kind == "array" and one.text.isidentifier() and name != one.text and name.endswith(one.text)
    } | {one.value.shape for one in site.readable if one.text.endswith((f"['{name}']", f'["{name}"]'))}


def penalty(site: Site) -> Iterator[str]:
    """Yield a term with the gradient of a penalty: a number that can be read times an array of the term's shape."""
    if not site.is_term or not site.value.is_array:
        return
    own = site.operand(site.node)
    for w in site.alike():
        for rate in site.numbers():
            yield f"{own} + {rate} * {w}"
            yield f"{own} + 2 * {rate} * {w}"
            yield f"{own} + {rate} * {site.np}.sign({w})"


def _stretches(shape: tuple[int, ...], to: tuple[int, ...]) -> bool:
    """Whether an array of a shape is repeated to another by NumPy's rules, or has it."""
    return len(shape) <= len(to) and all(a in (1, b) for a, b in zip(shape[::-1], to[::-1], strict=False))
