"""A function that shows what each of its statements leaves behind, under the name that it is assigned to."""

from __future__ import annotations

import ast
import copy
from types import CodeType
from typing import Any, NamedTuple

from symnn.edits.functions import Function
from symnn.edits.watching import shown

_ASSIGNING = (ast.Assign, ast.AugAssign, ast.AnnAssign)


class Assignment(NamedTuple):
    """What a statement leaves behind: its last line, the text of what it is assigned to, and its value at last."""

    line: int
    name: str
    value: Any = None


def traced(function: Function, start: int = 0) -> tuple[CodeType, list[Assignment]]:
    """Return a function's code that shows what its statements leave behind, and these, numbered from ``start`` on.

    Values go to a builtin of the name `WATCH`, as those of a function that is watched.
    """
    found: list[Assignment] = []
    node = copy.deepcopy(function.node)
    _Tracer(function, start, found).follow(node)
    return function.compiled(node), found


class _Tracer:
    def __init__(self, function: Function, start: int, found: list[Assignment]) -> None:
        self._source, self._start, self._found = function.source, start, found

    def follow(self, node: ast.AST) -> None:
        """Put behind every statement in a node what shows what it leaves."""
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list):
                setattr(node, field, [new for one in block for new in self._with_calls(one)])

    def _with_calls(self, node: ast.stmt) -> list[ast.stmt]:
        if not isinstance(node, _ASSIGNING):
            self.follow(node)
            return [node]
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        parts = [part for one in targets for part in (one.elts if isinstance(one, ast.Tuple | ast.List) else [one])]
        return [node, *(self._call(part, node) for part in parts)]

    def _call(self, target: ast.expr, node: ast.stmt) -> ast.stmt:
        """The call that shows a target: the whole array where a part of it is written that no word names."""
        while isinstance(target, ast.Starred) or (isinstance(target, ast.Subscript) and not _is_named(target.slice)):
            target = target.value
        name = self._source.text_of(target)
        self._found.append(Assignment(node.end_lineno or node.lineno, name))
        return ast.Expr(shown(ast.parse(name, mode="eval").body, self._start + len(self._found) - 1))


def _is_named(index: ast.expr) -> bool:
    return isinstance(index, ast.Constant) and isinstance(index.value, str)
