"""Slips in statements: left out, doubled, exchanged, moved, added where they assign, pasted from another layer."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from benchmarks.truth.source import Edit, Planting, Source, called


def _sign(source: Source, node: ast.AugAssign | ast.Assign) -> tuple[int, int]:
    target = node.target if isinstance(node, ast.AugAssign) else node.targets[-1]
    start = source.span(target)[1]
    found = start + source.text[start:].index("=")
    return (found - 1 if isinstance(node, ast.AugAssign) else found), found + 1


def _signed(source: Source, node: ast.AugAssign | ast.Assign, sign: str) -> Planting:
    start, end = _sign(source, node)
    return Planting((Edit(start, end, sign),), f"`{sign}` for `{source.text[start:end]}`")


def deleted(source: Source) -> Iterator[Planting]:
    """A statement is left out."""
    for block, place in source.simple():
        if len(block) > 1:
            node = block[place]
            yield Planting((Edit(*source.whole(node), ""),), f"`{source.segment(node)}` is left out")


def doubled(source: Source) -> Iterator[Planting]:
    """A statement stands there twice."""
    for block, place in source.simple():
        end = source.whole(block[place])[1]
        yield Planting((Edit(end, end, source.lines(block[place])),), f"`{source.segment(block[place])}` twice")


def _plain(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign | ast.AugAssign | ast.Expr)


def exchanged(source: Source) -> Iterator[Planting]:
    """Two statements that follow each other are exchanged."""
    for block, place in source.simple():
        if place + 1 < len(block) and _plain(block[place + 1]):
            one, other = block[place], block[place + 1]
            edits = (Edit(*source.whole(one), source.lines(other)), Edit(*source.whole(other), source.lines(one)))
            yield Planting(edits, f"`{source.segment(one)}` after `{source.segment(other)}`")


def moved(source: Source) -> Iterator[Planting]:
    """A statement stands a few lines from its place, so that a value is used before it is updated, or after."""
    for block, place in source.simple():
        node = block[place]
        for step in (-4, -3, -2, 2, 3, 4):
            if 0 <= place + step < len(block) and _plain(block[place + step]):
                there = source.whole(block[place + step])[step > 0]
                edits = (Edit(*source.whole(node), ""), Edit(there, there, source.lines(node)))
                where = "below" if step > 0 else "above"
                yield Planting(
                    edits, f"`{source.segment(node)}` is moved {where} `{source.segment(block[place + step])}`"
                )


def assigned(source: Source) -> Iterator[Planting]:
    """``=`` for ``+=``."""
    for node in source.nodes(ast.AugAssign):
        if isinstance(node.op, ast.Add | ast.Sub):
            start, end = _sign(source, node)
            sign = "= -" if isinstance(node.op, ast.Sub) else "="
            yield Planting((Edit(start, end, sign),), f"`=` for `{source.text[start:end]}`")


def added(source: Source) -> Iterator[Planting]:
    """``+=`` for ``=``."""
    for node in source.nodes(ast.Assign):
        if not isinstance(node.targets[0], ast.Tuple):
            yield _signed(source, node, "+=")


def subtracted(source: Source) -> Iterator[Planting]:
    """``-=`` for ``+=``, or the other way round."""
    for node in source.nodes(ast.AugAssign):
        if isinstance(node.op, ast.Add | ast.Sub):
            yield _signed(source, node, "-=" if isinstance(node.op, ast.Add) else "+=")
        elif isinstance(node.op, ast.Div | ast.Mult):
            yield _signed(source, node, "*=" if isinstance(node.op, ast.Div) else "/=")


def _named(source: Source) -> Iterator[tuple[str, ast.FunctionDef, ast.AST]]:
    for node in source.nodes(ast.Assign, ast.AugAssign, ast.Dict):
        if isinstance(node, ast.Dict):
            yield from (
                (str(key.value), source.function(node), value)
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant)
            )
        else:
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
                yield str(target.slice.value), source.function(node), node.value
            elif isinstance(target, ast.Name):
                yield target.id, source.function(node), node.value


def pasted(source: Source) -> Iterator[Planting]:
    """The right-hand side of another layer, gate or array of a like name."""
    named = list(_named(source))
    for name, function, value in named:
        for other, there, said in named:
            alike = function is there and len(name) == len(other) > 1
            if alike and sum(a != b for a, b in zip(name, other, strict=True)) == 1:
                new = source.segment(said)
                if new != source.segment(value):
                    yield source.put(value, new, f"`{name}` is given what `{other}` is")


def indented(source: Source) -> Iterator[Planting]:
    """A statement is inside a loop where it belongs behind or before it, or the other way round."""
    for block in source.blocks():
        for place, node in enumerate(block):
            if isinstance(node, ast.For | ast.If):
                last = node.body[-1]
                if len(node.body) > 1 and _plain(last):
                    text = "\n".join(line[4:] for line in source.lines(last).split("\n"))
                    yield Planting((Edit(*source.whole(last), text),), f"`{source.segment(last)}` is behind the loop")
                if place + 1 < len(block) and _plain(block[place + 1]) and isinstance(node, ast.For):
                    following = block[place + 1]
                    edit = Edit(*source.whole(following), _deeper(source.lines(following)))
                    yield Planting((edit,), f"`{source.segment(following)}` is inside the loop")
                if place and _plain(block[place - 1]) and isinstance(node, ast.For):
                    before, inside = block[place - 1], source.whole(node.body[0])[0]
                    edits = (Edit(*source.whole(before), ""), Edit(inside, inside, _deeper(source.lines(before))))
                    yield Planting(edits, f"`{source.segment(before)}` is inside the loop")


def _deeper(lines: str) -> str:
    return "".join(f"    {line}" for line in lines.splitlines(keepends=True))


def aliased(source: Source) -> Iterator[Planting]:
    """A copy is forgotten, or an array is written into that is still in use."""
    for node in source.nodes(ast.Call):
        if called(node) == "copy" and isinstance(node.func, ast.Attribute):
            of = node.args[0] if node.args else node.func.value
            yield source.put(node, source.segment(of))
        elif any(keyword.arg == "copy" for keyword in node.keywords):
            yield source.put(node, source.segment(node.args[0]))
    for node in source.nodes(ast.Assign):
        value, target = node.value, node.targets[0]
        if (
            isinstance(value, ast.BinOp)
            and isinstance(target, ast.Name)
            and not isinstance(value.op, ast.MatMult | ast.Pow)
        ):
            left, right = source.sides(value)
            start, end = source.operator(value)
            symbol, indent = source.text[start:end], " " * node.col_offset
            same = source.shape(node, left) == source.shape(node, target.id)
            if left == target.id and same:
                yield source.put(node, f"{left} {symbol}= {right}")
            elif isinstance(value.left, ast.Name) and same and source.shape(node, left):
                text = f"{target.id} = {left}\n{indent}{target.id} {symbol}= {right}"
                yield source.put(node, text, f"`{target.id}` is written into `{left}`")
