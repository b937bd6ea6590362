"""The source of a program as slips are planted in it: what only ``grad`` runs, and edits of the text."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from types import FrameType
from typing import Any

import numpy as np

from benchmarks.truth.gradients import Program

SYMBOLS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.MatMult: "@",
    ast.Pow: "**",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}
# Whose arguments are sizes and places, not values.
SIZES = {"range", "zeros", "ones", "eye", "arange", "reshape", "transpose", "repeat", "len"}
SIZED = {"axis", "axes", "shape"}


@dataclass(frozen=True, order=True)
class Edit:
    """Characters of a text from ``start`` to ``end``, and what stands there instead."""

    start: int
    end: int
    text: str

    def trimmed(self, source: str) -> Edit:
        """Return the same edit without what it leaves as it was at its ends."""
        old, new, start, end = source[self.start : self.end], self.text, self.start, self.end
        while old and new and old[0] == new[0]:
            old, new, start = old[1:], new[1:], start + 1
        while old and new and old[-1] == new[-1]:
            old, new, end = old[:-1], new[:-1], end - 1
        return Edit(start, end, new)


@dataclass(frozen=True)
class Planting:
    """Edits that make a slip, and what was done in words."""

    edits: tuple[Edit, ...]
    description: str


def applied(text: str, edits: Iterable[Edit]) -> str:
    """Return a text after edits that do not overlap."""
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def lines_of(text: str, edits: Iterable[Edit]) -> tuple[int, ...]:
    """Return the lines in the new text that edits of a text touched; what was deleted counts where it stood."""
    new, moved, lines = applied(text, edits), 0, set()
    for edit in sorted(edits):
        start = edit.start + moved
        first = 1 + new[:start].count("\n")
        lines |= set(range(first, first + max(edit.text.rstrip("\n").count("\n") + 1, 1)))
        moved += len(edit.text) - (edit.end - edit.start)
    return tuple(sorted(lines))


class Source:
    """A program's text and tree; only what ``grad`` runs and ``loss`` does not is open to slips."""

    def __init__(self, program: Program) -> None:
        self.program, self.text = program, program.text
        self.tree = ast.parse(self.text)
        self.parents = {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}
        self._starts = [0]
        for line in self.text.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))
        known = [node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef)]
        forward = reached("loss", known, self.parents)
        self.functions = [f for f in reached("grad", known, self.parents) if f not in forward]

    @cached_property
    def walked(self) -> list[ast.AST]:
        """Every node in what only ``grad`` runs."""
        return [node for f in self.functions for statement in f.body for node in ast.walk(statement)]

    @cached_property
    def numbers(self) -> dict[str, float]:
        """The module's own numbers, such as a penalty's factor."""
        pairs = [(name, getattr(self.program.module, name)) for name in vars(self.program.module)]
        return {name: number for name, number in pairs if isinstance(number, int | float)}

    @cached_property
    def met(self) -> dict[ast.FunctionDef, dict[str, int]]:
        """The line where every function first meets each of its names."""
        found: dict[ast.FunctionDef, dict[str, int]] = {}
        for function in self.functions:
            here = found[function] = {argument.arg: function.lineno for argument in function.args.args}
            for node in ast.walk(function):
                if isinstance(node, ast.Name):
                    here[node.id] = min(node.lineno, here.get(node.id, node.lineno))
        return found

    @cached_property
    def shapes(self) -> dict[tuple[str, str], tuple[int, ...] | None]:
        """The shape of every local array or float of every function while ``grad`` runs; an integer has none."""
        return traced(self.program)

    def shape(self, node: ast.AST, name: str) -> tuple[int, ...] | None:
        """The shape of a variable of the function around a node."""
        return self.shapes.get((self.function(node).name, name))

    def function(self, node: ast.AST) -> ast.FunctionDef:
        """Return the function around a node."""
        while not isinstance(node, ast.FunctionDef):
            node = self.parents[node]
        return node

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield what is around a node, from the inside."""
        while node in self.parents:
            node = self.parents[node]
            yield node

    def nodes(self, *kinds: type[Any]) -> Iterator[Any]:
        """Yield the nodes of some kinds in what only ``grad`` runs."""
        yield from (node for node in self.walked if isinstance(node, kinds))

    def blocks(self) -> Iterator[list[ast.stmt]]:
        """Yield every list of statements that stand one below the other."""
        for function in self.functions:
            for node in ast.walk(function):
                for name in ("body", "orelse"):
                    block = getattr(node, name, None)
                    if isinstance(block, list) and block:
                        yield block

    def simple(self) -> Iterator[tuple[list[ast.stmt], int]]:
        """Yield the place of every statement on lines of its own that is no header and no return."""
        for block in self.blocks():
            for place, node in enumerate(block):
                if isinstance(node, ast.Assign | ast.AugAssign | ast.Expr):
                    yield block, place

    def sized(self, node: ast.AST) -> bool:
        """Whether a node says a size or a place: an index, an axis, a shape."""
        inner = node
        for outer in self.ancestors(node):
            if isinstance(outer, ast.Subscript) and inner is outer.slice:
                return True
            if isinstance(outer, ast.keyword) and outer.arg in SIZED:
                return True
            if isinstance(outer, ast.Call) and inner is not outer.func and called(outer) in SIZES:
                return called(outer) != "repeat" or inner is not outer.args[0]
            if isinstance(outer, ast.stmt):
                return False
            inner = outer
        return False

    def place(self, line: int, column: int) -> int:
        """Return the offset of a line and column."""
        return self._starts[line - 1] + column

    def span(self, node: Any) -> tuple[int, int]:
        """Return where a node starts and ends."""
        return self.place(node.lineno, node.col_offset), self.place(node.end_lineno, node.end_col_offset)

    def segment(self, node: ast.AST) -> str:
        """Return the text of a node."""
        start, end = self.span(node)
        return self.text[start:end]

    def whole(self, node: Any) -> tuple[int, int]:
        """Return where a statement's lines start and end."""
        return self._starts[node.lineno - 1], self._starts[node.end_lineno]

    def lines(self, node: Any) -> str:
        """Return the lines of a statement."""
        start, end = self.whole(node)
        return self.text[start:end]

    def operator(self, node: ast.BinOp) -> tuple[int, int]:
        """Return where the sign of an operation stands."""
        after, before = self.span(node.left)[1], self.span(node.right)[0]
        symbol = SYMBOLS[type(node.op)]
        start = after + self.text[after:before].index(symbol)
        return start, start + len(symbol)

    def sides(self, node: ast.BinOp) -> tuple[str, str]:
        """Return the texts on both sides of an operation, with their parentheses."""
        start, end = self.span(node)
        before, after = self.operator(node)
        return self.text[start:before].rstrip(), self.text[after:end].lstrip()

    def put(self, node: ast.AST, text: str, description: str = "") -> Planting:
        """Return the slip that puts a text where a node stands."""
        start, end = self.span(node)
        old = " ".join(self.text[start:end].split())
        said = description or f"`{' '.join(text.split())}` for `{old}`"
        return Planting((Edit(start, end, text).trimmed(self.text),), said)

    def exchanged(self, one: ast.AST, other: ast.AST, description: str) -> Planting:
        """Return the slip that exchanges two nodes."""
        edits = (Edit(*self.span(one), self.segment(other)), Edit(*self.span(other), self.segment(one)))
        return Planting(tuple(edit.trimmed(self.text) for edit in edits), description)


def called(node: ast.Call) -> str:
    """Return the last name of what is called."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def reached(start: str, known: list[ast.FunctionDef], parents: dict[ast.AST, ast.AST]) -> list[ast.FunctionDef]:
    """Return the functions that a function leads to, by their names; a class leads to its ``__init__``."""
    found: list[ast.FunctionDef] = []
    waiting = [f for f in known if f.name == start]
    while waiting:
        function = waiting.pop()
        found.append(function)
        names = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
        names |= {node.attr for node in ast.walk(function) if isinstance(node, ast.Attribute)}
        for other in known:
            owner = parents[other]
            made = isinstance(owner, ast.ClassDef) and other.name == "__init__" and owner.name in names
            if (other.name in names or made) and other not in found and other not in waiting:
                waiting.append(other)
    return sorted(found, key=lambda f: f.lineno)


def traced(program: Program) -> dict[tuple[str, str], tuple[int, ...] | None]:
    """Run a program's ``grad`` once and note the shapes of what its functions hold when they return."""
    found: dict[tuple[str, str], tuple[int, ...] | None] = {}
    file = program.module.__file__

    def note(frame: FrameType, event: str, _: Any) -> Any:
        if frame.f_code.co_filename != file:
            return None
        if event == "return":
            for name, held in frame.f_locals.items():
                if isinstance(held, np.ndarray | float | np.floating):
                    found[frame.f_code.co_name, name] = np.shape(held)
                elif isinstance(held, int | np.integer):
                    found[frame.f_code.co_name, name] = None
        return note

    before = sys.gettrace()
    sys.settrace(note)
    try:
        params, *data = program.module.example()
        program.module.grad(params, *data)
    finally:
        sys.settrace(before)
    return found
