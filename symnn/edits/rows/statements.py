"""Whole statements: left out, in another order, assigned another way."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from symnn.edits.rows.names import sizes
from symnn.edits.rows.site import Site

_BY_OPERATOR = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


def assigned(site: Site) -> Iterator[str]:
    """Yield an assignment of another kind: ``+=`` for ``=``, and the like."""
    node = site.node
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target, value = site.of(node.targets[0]), _behind(site, node.targets[0])
        yield from (f"{target} {op}= {value}" for op in "+-*/")
    elif isinstance(node, ast.AugAssign):
        target, value = site.of(node.target), _behind(site, node.target)
        own = _BY_OPERATOR.get(type(node.op), "")
        yield f"{target} = {value}"
        yield from (f"{target} {op}= {value}" for op in "+-*/" if op != own)


def unbuffered(site: Site) -> Iterator[str]:
    """Yield an addition that counts repeated indices, for one that does not."""
    node = site.node
    if not isinstance(node, ast.Assign | ast.AugAssign):
        return
    target = node.target if isinstance(node, ast.AugAssign) else node.targets[0]
    if isinstance(target, ast.Subscript):
        array, index = site.of(target.value), site.of(target.slice)
        index = f"({index})" if isinstance(target.slice, ast.Tuple) else index
        yield f"{site.np}.add.at({array}, {index}, {site.of(node.value)})"
        yield f"{site.np}.subtract.at({array}, {index}, {site.of(node.value)})"


def scaled(site: Site) -> Iterator[str]:
    """Yield a statement with another before it, by which an array that it goes on with is divided or multiplied."""
    node = site.node
    if not isinstance(node, ast.AugAssign | ast.Return):
        return
    value = node.target if isinstance(node, ast.AugAssign) else node.value
    names = [one.id for one in ast.walk(value) if isinstance(one, ast.Name)] if value is not None else []
    arrays = [one.text for one in site.readable if one.value.kind == "array" and one.text in names]
    for text in dict.fromkeys(arrays):
        for number in (*site.numbers(), *sizes(site)):
            yield f"{text} /= {number}{_next(site)}{site.text}"
            yield f"{text} *= {number}{_next(site)}{site.text}"


def one_hot(site: Site) -> Iterator[str]:
    """Yield an assignment with one taken from the entries of the classes that are right, as softmax has it."""
    node = site.node
    if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
        return
    name, value = node.targets[0].id, site.scope.value(node.value)
    if value.kind == "array" and len(value.shape) == 2:
        for one in site.readable:
            if one.value.kind == "integers" and one.value.shape in (value.shape[:1], value.shape[1:]):
                by_row = f"{site.np}.arange(len({one.text})), {one.text}"
                by_column = f"{one.text}, {site.np}.arange(len({one.text}))"
                index = by_row if one.value.shape == value.shape[:1] else by_column
                yield f"{site.text}{_next(site)}{name}[{index}] -= 1"


def like_another(site: Site) -> Iterator[str]:
    """Yield a statement that adds to an array, and behind it the same with the other numbers that names end with."""
    if not isinstance(site.node, ast.AugAssign):
        return
    own = {one[2] for one in _NUMBERED.finditer(site.text)}
    every = {one[2] for one in _NUMBERED.finditer(site.source.text_of(site.scope.function.node))}
    if len(own) == 1:
        for number in sorted(every - own):
            other = _NUMBERED.sub(rf"\g<1>{number}", site.text)
            yield f"{site.text}{_next(site)}{other}"


_NUMBERED = re.compile(r"\b([A-Za-z_]+?)(\d+)\b")


def left_out(site: Site) -> Iterator[str]:
    """Yield nothing in the place of a statement."""
    if isinstance(site.node, ast.Assign | ast.AugAssign | ast.Expr | ast.If | ast.Continue | ast.Break):
        yield "pass"


def branch(site: Site) -> Iterator[str]:
    """Yield what stands under a condition, without it."""
    node = site.node
    if isinstance(node, ast.If) and len(node.body) == 1 and not node.orelse:
        yield site.of(node.body[0])


def exchanged(site: Site) -> Iterator[tuple[str, ast.AST]]:
    """Yield a statement and the next in the other order."""
    following = _following(site)
    if following and isinstance(site.node, ast.stmt) and not isinstance(following[0], ast.Return):
        between = site.source.text[site.source.span(site.node)[1] : site.source.span(following[0])[0]]
        yield f"{site.of(following[0])}{between}{site.text}", following[0]


def later(site: Site) -> Iterator[tuple[str, ast.AST]]:
    """Yield the rest of a block with a statement behind it, such as an update that belongs to the end."""
    following = [one for one in _following(site) if not isinstance(one, ast.Return)]
    if len(following) > 1:
        span = site.source.span
        rest = site.source.text[span(following[0])[0] : span(following[-1])[1]]
        yield f"{rest}{_next(site)}{site.text}", following[-1]


def into_loop(site: Site) -> Iterator[tuple[str, ast.AST]]:
    """Yield a loop with the statement behind it as its last."""
    following = _following(site)
    if (
        isinstance(site.node, ast.For | ast.While)
        and following
        and isinstance(following[0], ast.Assign | ast.AugAssign)
    ):
        inner = " " * site.node.body[0].col_offset
        yield f"{site.text}\n{inner}{site.of(following[0])}", following[0]


def out_of_loop(site: Site) -> Iterator[str]:
    """Yield a loop with its last statement behind it, or its first before it."""
    node = site.node
    if isinstance(node, ast.For | ast.While) and len(node.body) > 1 and not node.orelse:
        start, (first, last) = site.source.span(node)[0], (node.body[0], node.body[-1])
        if isinstance(last, ast.Assign | ast.AugAssign | ast.Expr):
            end = site.source.span(node.body[-2])[1]
            yield f"{site.source.text[start:end]}{_next(site)}{site.of(last)}"
        if isinstance(first, ast.Assign):
            head = site.source.text[start : site.source.span(first)[0]]
            rest = site.source.text[site.source.span(node.body[1])[0] : site.source.span(node)[1]]
            yield f"{site.of(first)}{_next(site)}{head}{rest}"


def condition_put_in(site: Site) -> Iterator[tuple[str, ast.AST]]:
    """Yield a statement, alone or with the next, under the condition that a number which was just made is positive."""
    node = site.node
    if not isinstance(node, ast.AugAssign | ast.Assign) or not isinstance(site.parent, ast.For):
        return
    numbers = [one.text for one in site.readable if one.value.kind == "number" and one.line and one.text.isidentifier()]
    for last in (node, *_following(site)[:1]):
        text = site.source.text[site.source.span(node)[0] : site.source.span(last)[1]]
        body = "\n".join(f"    {row}" if k else row for k, row in enumerate(text.split("\n")))
        yield from ((f"if {one} > 0:{_next(site)}    {body}", last) for one in numbers)


def _behind(site: Site, target: ast.AST) -> str:
    """What stands behind the sign of an assignment."""
    start = site.source.span(target)[1]
    return site.source.text[start : site.source.span(site.node)[1]].partition("=")[2].strip()


def _next(site: Site) -> str:
    node = site.node
    assert isinstance(node, ast.stmt)  # noqa: S101
    return "\n" + " " * node.col_offset


def _following(site: Site) -> list[ast.stmt]:
    """The statements behind one in its block."""
    for field in ("body", "orelse", "finalbody"):
        block = getattr(site.parent, field, None)
        if isinstance(block, list) and site.node in block:
            return list(block[block.index(site.node) + 1 :])
    return []
