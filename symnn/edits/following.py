"""A function that shows what each of its statements leaves behind, under the name that it is assigned to."""

from __future__ import annotations

import ast
import copy
from types import CodeType
from typing import NamedTuple

from symnn.edits.functions import Function
from symnn.edits.watching import WATCH

_ASSIGNING = (ast.Assign, ast.AugAssign, ast.AnnAssign)


class Left(NamedTuple):
    """What a statement leaves behind: its last line, and the text of what it is assigned to, or ``return``."""

    line: int
    name: str


def followed(function: Function) -> tuple[CodeType, list[Left]]:
    """Return a function's code that shows what its statements leave behind, and these by their numbers.

    Values go to a builtin of the name `WATCH`, with the number of what they are.
    """
    found: list[Left] = []
    return function.compiled(_Followed(function, found).visit(copy.deepcopy(function.node))), found


def left_by(function: Function) -> list[Left]:
    """Return what the statements of a function leave behind, by the numbers that `followed` gives them."""
    found: list[Left] = []
    _Followed(function, found).visit(copy.deepcopy(function.node))
    return found


class _Followed(ast.NodeTransformer):
    def __init__(self, function: Function, found: list[Left]) -> None:
        self._source, self._found = function.source, found

    def visit(self, node: ast.AST) -> ast.AST:
        """Return a node whose statements are followed by calls that show what they leave."""
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list):
                setattr(node, field, [new for one in block for new in self._with_calls(one)])
        return node

    def _with_calls(self, node: ast.stmt) -> list[ast.stmt]:
        if isinstance(node, ast.Return) and node.value is not None:
            self._found.append(Left(node.end_lineno or node.lineno, "return"))
            node.value = self._call(node.value, len(self._found) - 1, node.value)
            return [node]
        if not isinstance(node, _ASSIGNING):
            return [self.visit(node)]  # type: ignore[list-item]
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        parts = [part for one in targets for part in (one.elts if isinstance(one, ast.Tuple | ast.List) else [one])]
        return [node, *(shown for part in parts for shown in self._shown(part, node))]

    def _shown(self, target: ast.expr, node: ast.stmt) -> list[ast.stmt]:
        """The call that shows a target: the whole array where a part of it is written that no word names."""
        while isinstance(target, ast.Starred) or (isinstance(target, ast.Subscript) and not _is_named(target.slice)):
            target = target.value
        self._found.append(Left(node.end_lineno or node.lineno, self._source.text_of(target)))
        read = copy.deepcopy(target)
        for part in ast.walk(read):
            if isinstance(getattr(part, "ctx", None), ast.Store):
                part.ctx = ast.Load()  # type: ignore[attr-defined]
        call = ast.Expr(self._call(read, len(self._found) - 1, node))
        return [ast.fix_missing_locations(ast.copy_location(call, node))]

    def _call(self, value: ast.expr, number: int, at: ast.AST) -> ast.expr:
        call = ast.Call(ast.Name(WATCH, ast.Load()), [ast.Constant(number), value], [])
        return ast.fix_missing_locations(ast.copy_location(call, at))


def _is_named(index: ast.expr) -> bool:
    return isinstance(index, ast.Constant) and isinstance(index.value, str)
