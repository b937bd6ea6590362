"""The kinds of slips, a row each, as people make them in the code of a gradient."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any


@dataclass(frozen=True)
class Change:
    """Text in the place of that from ``start`` to ``end``."""

    start: int
    end: int
    text: str
    kind: str = ""


def span(node: Any, text: str) -> tuple[int, int]:
    """Return where a node of a text in ASCII stands."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset


def put(node: Any, new: str, text: str) -> Change:
    """Return the change that puts a text, in parentheses where it is an expression, in the place of a node."""
    start, end = span(node, text)
    is_whole = isinstance(node, ast.stmt) or new.isidentifier() or new.startswith("(")
    return Change(start, end, new if is_whole else f"({new})")


def nodes(function: ast.FunctionDef, *kinds: type) -> Iterator[Any]:
    """Yield the nodes of a function's body of some kinds."""
    yield from (node for top in function.body for node in ast.walk(top) if isinstance(node, kinds))


def own(node: Any, text: str) -> str:
    """Return a node's text."""
    start, end = span(node, text)
    return text[start:end]


def binary(kind: type, to: str) -> Callable[..., Iterator[Change]]:
    """Return the slip of another operator."""

    def changes(function: ast.FunctionDef, text: str) -> Iterator[Change]:
        for node in nodes(function, ast.BinOp):
            if isinstance(node.op, kind):
                yield put(node, f"({own(node.left, text)}) {to} ({own(node.right, text)})", text)

    return changes


def replaced(find: Callable[[Any], Iterator[Any]], *kinds: type) -> Callable[..., Iterator[Change]]:
    """Return the slip of another tree in the place of a node."""

    def changes(function: ast.FunctionDef, text: str) -> Iterator[Change]:
        for node in nodes(function, *kinds):
            if isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
                yield from (put(node, new if isinstance(new, str) else own(new, text), text) for new in find(node))

    return changes


def other_name(function: ast.FunctionDef, text: str) -> Iterator[Change]:
    """Another variable that is about."""
    names = dict.fromkeys(node.id for node in nodes(function, ast.Name) if node.id not in ("np", "range", "len"))
    for node in nodes(function, ast.Name):
        if isinstance(node.ctx, ast.Load) and node.id in names:
            yield from (put(node, name, text) for name in names if name != node.id)


def statement(change: Callable[[Any, str], str | None], *kinds: type) -> Callable[..., Iterator[Change]]:
    """Return the slip of another statement in the place of one."""

    def changes(function: ast.FunctionDef, text: str) -> Iterator[Change]:
        for node in nodes(function, *kinds):
            new = change(node, text)
            if new is not None:
                yield put(node, new, text)

    return changes


def exchanged(function: ast.FunctionDef, text: str) -> Iterator[Change]:
    """Two statements in the wrong order."""
    for block in blocks(function):
        for one, other in pairwise(block):
            if isinstance(one, ast.Assign | ast.AugAssign) and isinstance(other, ast.Assign | ast.AugAssign):
                (start, middle), (behind, end) = span(one, text), span(other, text)
                yield Change(start, end, text[behind:end] + text[middle:behind] + text[start:middle])


def blocks(function: ast.FunctionDef) -> Iterator[list[Any]]:
    """Yield the blocks of statements of a function."""
    for node in ast.walk(function):
        for field in ("body", "orelse"):
            block = getattr(node, field, None)
            if isinstance(block, list):
                yield block


def out_of_loop(function: ast.FunctionDef, text: str) -> Iterator[Change]:
    """The last statement of a loop behind it."""
    for loop in nodes(function, ast.For):
        if len(loop.body) > 1:
            start, end = span(loop.body[-1], text)
            line = text.rfind("\n", 0, start) + 1
            yield Change(line, end, " " * loop.col_offset + text[start:end])


def into_loop(function: ast.FunctionDef, text: str) -> Iterator[Change]:
    """A statement behind a loop in it."""
    for block in blocks(function):
        for loop, other in pairwise(block):
            if isinstance(loop, ast.For) and isinstance(other, ast.Assign | ast.AugAssign):
                start, end = span(other, text)
                line = text.rfind("\n", 0, start) + 1
                yield Change(line, end, " " * loop.body[0].col_offset + text[start:end])


def pasted(function: ast.FunctionDef, text: str) -> Iterator[Change]:
    """The right side of another line."""
    values = [node.value for node in nodes(function, ast.Assign)]
    for value in values:
        yield from (put(value, own(other, text), text) for other in values if other is not value)


def keywords(name: str, *to: str) -> Callable[..., Iterator[Change]]:
    """Return the slip of another value of a keyword, or of none."""

    def changes(function: ast.FunctionDef, text: str) -> Iterator[Change]:
        for node in nodes(function, ast.Call):
            for given in node.keywords:
                if given.arg == name:
                    yield from (put(given.value, new, text) for new in to if new != own(given.value, text))
                    rest = [own(one, text) for one in (*node.args, *node.keywords) if one is not given]
                    yield put(node, f"{own(node.func, text)}({', '.join(rest)})", text)

    return changes


def called(*names: str) -> Callable[..., Iterator[Change]]:
    """Return the slip of another function among some."""

    def changes(function: ast.FunctionDef, text: str) -> Iterator[Change]:
        for node in nodes(function, ast.Attribute, ast.Name):
            name = getattr(node, "attr", getattr(node, "id", ""))
            if name in names and isinstance(node.ctx, ast.Load):
                _, end = span(node, text)
                yield from (Change(end - len(name), end, new) for new in names if new != name)

    return changes


def compared(function: ast.FunctionDef, text: str) -> Iterator[Change]:
    """Another comparison, or another threshold."""
    for node in nodes(function, ast.Compare):
        left, right = own(node.left, text), own(node.comparators[0], text)
        yield from (put(node, f"({left} {op} {right})", text) for op in ("<", "!=", ">"))
        yield put(node, f"({left} > {right} + 1)", text)


def arguments_turned(function: ast.FunctionDef, text: str) -> Iterator[Change]:
    """Two arguments in the wrong order."""
    for node in nodes(function, ast.Call, ast.Tuple, ast.List):
        parts = node.args if isinstance(node, ast.Call) else node.elts
        if isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            for one, other in pairwise(parts):
                (start, middle), (behind, end) = span(one, text), span(other, text)
                yield Change(start, end, text[behind:end] + text[middle:behind] + text[start:middle])


def keys_turned(function: ast.FunctionDef, text: str) -> Iterator[Change]:
    """The values of two keys exchanged."""
    for node in nodes(function, ast.Dict):
        for one, other in pairwise(node.values):
            (start, middle), (behind, end) = span(one, text), span(other, text)
            yield Change(start, end, text[behind:end] + text[middle:behind] + text[start:middle])


def numbers(*to: Any) -> Callable[..., Iterator[Change]]:
    """Return the slip of another written number."""

    def changes(function: ast.FunctionDef, text: str) -> Iterator[Change]:
        for node in nodes(function, ast.Constant):
            if type(node.value) in (int, float):
                news = (new(node.value) if callable(new) else new for new in to)
                yield from (Change(*span(node, text), repr(new)) for new in news if new != node.value)

    return changes


def bounds(function: ast.FunctionDef, text: str) -> Iterator[Change]:
    """A range or a slice that starts or ends elsewhere."""
    for node in nodes(function, ast.Call):
        if getattr(node.func, "id", "") == "range":
            last = own(node.args[-1], text)
            yield Change(*span(node.args[-1], text), f"{last} - 1")
            if len(node.args) == 1:
                yield Change(*span(node.args[0], text), f"1, {last}")
    for node in nodes(function, ast.Slice):
        low, high = (own(one, text) if one is not None else "" for one in (node.lower, node.upper))
        if low:
            yield Change(*span(node, text), f"{low} + 1:{high}")
            yield Change(*span(node, text), f":{high or low}")


def indices(function: ast.FunctionDef, text: str) -> Iterator[Change]:
    """An index one off."""
    for node in nodes(function, ast.Subscript):
        if isinstance(node.slice, ast.Name | ast.BinOp):
            yield from (Change(*span(node.slice, text), f"{own(node.slice, text)} {by}") for by in ("- 1", "+ 1"))


def subtree(node: Any) -> Iterator[Any]:
    """Yield the operands of an operation."""
    yield from (node.left, node.right)


def assigned(op: str) -> Callable[[Any, str], str | None]:
    """Return the slip of another kind of assignment."""

    def change(node: Any, text: str) -> str | None:
        target = node.target if isinstance(node, ast.AugAssign) else node.targets[0]
        own_op = {"Add": "+=", "Sub": "-=", "Div": "/=", "Mult": "*="}.get(
            type(getattr(node, "op", None)).__name__, "="
        )
        return None if own_op == op else f"{own(target, text)} {op} {own(node.value, text)}"

    return change


def plain_add(node: Any, text: str) -> str | None:
    """An addition at repeated indices that counts them once."""
    call = node.value
    if isinstance(call, ast.Call) and own(call.func, text) == "np.add.at":
        array, index, value = (own(one, text) for one in call.args)
        return f"{array}[{index}] += {value}"
    return None


def without_copy(node: Any) -> Iterator[Any]:
    """What is copied, without a copy; an array without its transposition."""
    if isinstance(node.func, ast.Attribute) and node.func.attr == "copy":
        yield node.func.value


KINDS: dict[str, Callable[[ast.FunctionDef, str], Iterator[Change]]] = {
    "+ for -": binary(ast.Sub, "+"),
    "- for +": binary(ast.Add, "-"),
    "* for @": binary(ast.MatMult, "*"),
    "/ for *": binary(ast.Mult, "/"),
    "* for /": binary(ast.Div, "*"),
    "+ for *": binary(ast.Mult, "+"),
    "operand left out": replaced(subtree, ast.BinOp),
    "operands turned": replaced(lambda node: iter([ast.unparse(ast.BinOp(node.right, node.op, node.left))]), ast.BinOp),
    "another name": other_name,
    "transposition left out": replaced(lambda node: iter([node.value] if node.attr == "T" else []), ast.Attribute),
    "transposition put in": replaced(lambda node: iter([f"{node.id}.T"]), ast.Name),
    "axis": keywords("axis", "0", "1", "-1"),
    "keepdims": keywords("keepdims", "False"),
    "sum or mean": called("sum", "mean", "max"),
    "function": called("tanh", "exp", "sigmoid", "sigmoid_prime", "sqrt", "log", "sign", "abs", "power"),
    "function put in": replaced(lambda node: iter([f"np.tanh({node.id})", f"np.exp({node.id})"]), ast.Name),
    "call left out": replaced(lambda node: iter(node.args[:1]), ast.Call),
    "another number": numbers(0.5, 0.3, 2, lambda x: x + 1, lambda x: -x),
    "doubled": replaced(lambda node: iter([f"2 * ({ast.unparse(node)})"]), ast.BinOp),
    "halved": replaced(lambda node: iter([f"({ast.unparse(node)}) / 2"]), ast.BinOp),
    "squared": replaced(lambda node: iter([f"{node.id} ** 2"]), ast.Name),
    "sign": replaced(lambda node: iter([f"-({ast.unparse(node)})"]), ast.BinOp, ast.Call),
    "complement": replaced(lambda node: iter([f"1 - {node.id}"]), ast.Name),
    "comparison": compared,
    "index": indices,
    "bounds": bounds,
    "statement left out": statement(lambda node, text: "pass", ast.Assign, ast.AugAssign, ast.Expr),
    "statement twice": statement(
        lambda node, text: f"{own(node, text)}\n{' ' * node.col_offset}{own(node, text)}", ast.AugAssign
    ),
    "statements exchanged": exchanged,
    "= for +=": statement(assigned("="), ast.AugAssign),
    "+= for =": statement(assigned("+="), ast.Assign, ast.AugAssign),
    "-= for +=": statement(assigned("-="), ast.AugAssign),
    "repeated indices once": statement(plain_add, ast.Expr),
    "out of the loop": out_of_loop,
    "into the loop": into_loop,
    "pasted": pasted,
    "arguments turned": arguments_turned,
    "keys turned": keys_turned,
    "loop forwards": replaced(
        lambda node: iter(node.args[:1] if getattr(node.func, "id", "") == "reversed" else []), ast.Call
    ),
    "order turned": replaced(lambda node: iter([f"{node.id}[::-1]"]), ast.Name),
    "copy left out": replaced(without_copy, ast.Call),
    "if left out": statement(lambda node, text: own(node.body[0], text), ast.If),
    "skipped": statement(lambda node, text: "pass", ast.Continue, ast.If),
}
"""Every kind of slip by its name."""

KINDS = {
    kind: (lambda made, kind: lambda function, text: (replace(one, kind=kind) for one in made(function, text)))(
        made, kind
    )
    for kind, made in KINDS.items()
}
