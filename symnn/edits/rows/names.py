"""One name, or part, in the place of another."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator

from symnn.edits.rows.site import Site


def of_one_shape(site: Site) -> Iterator[str]:
    """Yield what else can be read that has the shape of what is read."""
    if isinstance(site.node, ast.Name | ast.Attribute | ast.Subscript) and site.value.kind != "other":
        yield from (one.text for one in site.like(site.value))


def throughout(site: Site) -> Iterator[str]:
    """Yield an expression that reads a name several times with another one in all of these places."""
    if not isinstance(site.node, ast.BinOp):
        return
    places: dict[str, list[ast.expr]] = {}
    for node in ast.walk(site.node):
        if isinstance(node, ast.Name) and site.scope.value(node).is_array:
            places.setdefault(node.id, []).append(node)
    start, _ = site.source.span(site.node)
    for name, nodes in places.items():
        if len(nodes) > 1:
            for other in site.like(site.scope.value(nodes[0])):
                if other.text != name:
                    text = site.text
                    for first, last in sorted(map(site.source.span, nodes), reverse=True):
                        text = text[: first - start] + other.text + text[last - start :]
                    yield text


def for_an_expression(site: Site) -> Iterator[str]:
    """Yield what can be read in the place of an expression of its shape, such as an output in that of its formula."""
    if isinstance(site.node, ast.Call | ast.BinOp | ast.UnaryOp) and site.value.is_array:
        yield from (one.text for one in site.readable if one.value == site.value)


def of_another_shape(site: Site) -> Iterator[str]:
    """Yield arrays of another shape in the place of one, and its transposes."""
    is_read = isinstance(site.node, ast.Name | ast.Attribute | ast.Subscript)
    if not is_read or not (site.value.is_array or site.value.is_number):
        return
    for one in site.readable:
        if (one.value.is_array or one.value.is_number) and one.value.shape != site.value.shape:
            yield one.text
            if one.value.shape == site.value.shape[::-1] and len(one.value.shape) > 1:
                yield f"{one.text}.T"


def number(site: Site) -> Iterator[str]:
    """Yield the numbers that can be read in the place of one that is written."""
    if isinstance(site.node, ast.Constant) and type(site.node.value) in (int, float):
        yield from site.numbers()


def written(site: Site) -> Iterator[str]:
    """Yield nought and one in the place of a number that has a name."""
    if not isinstance(site.node, ast.Name | ast.Attribute) or not site.value.is_number:
        return
    # What is nought in a sum, or one in a product, is an operand that is to go.
    op = site.parent.op if isinstance(site.parent, ast.BinOp) else None
    if not isinstance(op, ast.Add | ast.Sub | ast.Mult):
        yield "0"
    if not isinstance(op, ast.Add | ast.Mult | ast.Div):
        yield "1"


def copied(site: Site) -> Iterator[str]:
    """Yield a copy of an array that is given another name, and may be written into."""
    if isinstance(site.parent, ast.Assign) and site.value.is_array and isinstance(site.node, ast.Name | ast.Attribute):
        yield f"{site.text}.copy()"


def of_the_loop(site: Site) -> Iterator[str]:
    """Yield, for what a comprehension makes, its terms with another of the names that it goes through."""
    node, parent = site.node, site.parent
    if isinstance(parent, ast.ListComp) and parent.elt is node:
        names = [one.id for row in parent.generators for one in ast.walk(row.target) if isinstance(one, ast.Name)]
        for name in names:
            if name != site.text:
                yield from (name, f"{site.operand(node)} + {name}", f"{site.operand(node)} * {name}")


def size(site: Site) -> Iterator[str]:
    """Yield the sizes of arrays in the place of a number, or of another size."""
    if site.value.kind == "integer" or (isinstance(site.node, ast.Constant) and type(site.node.value) is int):
        yield from (text for text in sizes(site) if text != site.text)


def for_a_number(site: Site) -> Iterator[str]:
    """Yield an array, or one minus it, in the place of a written number."""
    if (
        isinstance(site.node, ast.Constant)
        and type(site.node.value) in (int, float)
        and isinstance(site.parent, ast.BinOp)
    ):
        for one in site.readable:
            if one.value.kind == "array":
                yield one.text
                yield f"1 - {one.text}"


def size_of(site: Site) -> Iterator[str]:
    """Yield the number of an array's entries along an axis in the place of the array."""
    if isinstance(site.node, ast.Name | ast.Attribute | ast.Subscript) and site.value.is_array:
        yield f"len({site.text})"
        yield from (f"{site.text}.shape[{axis}]" for axis in range(1, len(site.value.shape)))


def as_elsewhere(site: Site) -> Iterator[str]:
    """Yield what a name is given elsewhere in the file, as by the code of the loss."""
    parent = site.parent
    if isinstance(parent, ast.Assign) and parent.value is site.node and isinstance(parent.targets[0], ast.Name):
        yield from (text for text in site.source.assigned.get(parent.targets[0].id, ()) if text != site.text)


def sizes(site: Site) -> Iterator[str]:
    """Yield the sizes of arrays that a number may stand for, each number of entries by one text only."""
    known: set[int] = set()
    for one in sorted(site.readable, key=lambda one: not one.text.isidentifier()):
        if one.value.is_array and not one.text.endswith(".T"):
            for axis, length in enumerate(one.value.shape[:2]):
                if length not in known:
                    known.add(length)
                    yield f"len({one.text})" if axis == 0 else f"{one.text}.shape[{axis}]"
            many = math.prod(one.value.shape)
            if len(one.value.shape) > 1 and many not in known:
                known.add(many)
                yield f"{one.text}.size"


def target(site: Site) -> Iterator[str]:
    """Yield another target of an assignment: a key that is stored elsewhere, or another name."""
    node = site.node
    if not isinstance(node, ast.Subscript | ast.Name | ast.Attribute) or isinstance(node.ctx, ast.Load):
        return
    others = [
        one
        for one in ast.walk(site.scope.function.node)
        if isinstance(one, ast.Subscript | ast.Name | ast.Attribute) and isinstance(one.ctx, ast.Store)
    ]
    found = [site.of(one) for one in others]
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        holder = f"{site.of(node.value)}["
        found += [one.text for one in site.readable if one.text.startswith(holder)]
    yield from dict.fromkeys(text for text in found if text != site.text)


def key(site: Site) -> Iterator[str]:
    """Yield the other keys of the dict that a key stands in."""
    if isinstance(site.node, ast.Constant) and isinstance(site.node.value, str) and isinstance(site.parent, ast.Dict):
        keys = [one for one in site.parent.keys if isinstance(one, ast.Constant)]
        yield from (site.of(one) for one in keys if one.value != site.node.value)
