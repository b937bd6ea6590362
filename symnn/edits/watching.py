"""A function that shows the value of each of its expressions while it runs."""

from __future__ import annotations

import ast
from types import CodeType
from typing import Any

from symnn.edits.functions import Function

WATCH = "_symnn_value_of_"
"""The name by which the code of a watched function shows a value."""

# What stands in these places is no value of its own.
_NO_VALUES = {(ast.Call, "func"), (ast.keyword, "arg"), (ast.AnnAssign, "annotation"), (ast.FunctionDef, "args")}


def watched(function: Function) -> tuple[CodeType, list[ast.expr]]:
    """Return a function's code that shows values, and the expressions, in the order of the numbers they go by.

    Values go to a builtin of the name `WATCH`, with the number of their expression; it returns what is to be used.
    """
    nodes: list[ast.expr] = []
    return function.compiled(_shown(function.node, None, "", nodes)), nodes


def numbered(function: Function) -> list[ast.expr]:
    """Return the expressions of a function whose values are shown where it is watched, by their numbers."""
    nodes: list[ast.expr] = []
    _shown(function.node, None, "", nodes)
    return nodes


def _shown(node: Any, parent: ast.AST | None, field: str, nodes: list[ast.expr]) -> Any:
    """A copy of a tree, or of a part of it, in which values are shown."""
    if isinstance(node, list):
        return [_shown(one, parent, field, nodes) for one in node]
    if not isinstance(node, ast.AST):
        return node
    parts = {
        name: value if _is_left(node, name) else _shown(value, node, name, nodes)
        for name, value in ast.iter_fields(node)
    }
    new = type(node)(**parts)
    if parent is None or not _is_shown(node, parent, field):
        return new
    assert isinstance(node, ast.expr)  # noqa: S101
    nodes.append(node)
    return shown(new, len(nodes) - 1)  # type: ignore[arg-type]


def shown(value: ast.expr, number: int) -> ast.expr:
    """Return the call that shows the value of an expression under a number."""
    return ast.Call(ast.Name(WATCH, ast.Load()), [ast.Constant(number), value], [])


def _is_left(node: ast.AST, field: str) -> bool:
    """Whether a part of a tree stays as it is: what is no code that runs with the function, or must be written so."""
    if isinstance(node, ast.FunctionDef | ast.Lambda) and field in ("args", "decorator_list", "returns"):
        return True
    return isinstance(node, ast.JoinedStr | ast.Global | ast.Nonlocal | ast.Import | ast.ImportFrom | ast.Delete)


def _is_shown(node: ast.AST, parent: ast.AST, field: str) -> bool:
    if not isinstance(node, ast.expr) or isinstance(node, ast.Constant | ast.Slice | ast.Starred | ast.Lambda):
        return False
    if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load) or isinstance(node, ast.Yield | ast.YieldFrom):
        return False
    if isinstance(node, ast.Tuple) and isinstance(parent, ast.Subscript) and field == "slice":
        return False
    if isinstance(node, ast.Name) and node.id == "super":
        return False
    return (type(parent), field) not in _NO_VALUES
