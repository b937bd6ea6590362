"""What a function's code can read, with the kind and shape of each value, as they were in a run."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np

from symnn.edits.functions import Function

# What a value is to an edit: floats or integers in an array, a single one of these, or a thing of another kind.
Kind: TypeAlias = Literal["array", "integers", "number", "integer", "other"]

MOST_PARTS = 12
"""How many parts of a dict, a list or an object are offered by themselves."""


class Value(NamedTuple):
    """A value's kind and shape.

    >>> value_of(np.ones((2, 3))), value_of(3), value_of("relu")
    (Value(kind='array', shape=(2, 3)), Value(kind='integer', shape=()), Value(kind='other', shape=()))
    """

    kind: Kind
    shape: tuple[int, ...] = ()

    @property
    def is_array(self) -> bool:
        """Whether it is an array of numbers."""
        return self.kind in ("array", "integers")

    @property
    def is_number(self) -> bool:
        """Whether it is a single number."""
        return self.kind in ("number", "integer")


def value_of(x: Any) -> Value:
    """Return the kind and shape of a value."""
    if isinstance(x, np.ndarray):
        kinds: Mapping[str, Kind] = {"f": "array", "i": "integers", "u": "integers", "b": "array", "O": "array"}
        return Value(kinds.get(x.dtype.kind, "other"), x.shape)
    if isinstance(x, bool | np.bool_):
        return Value("other")
    if isinstance(x, int | np.integer):
        return Value("integer")
    return Value("number" if isinstance(x, float | np.floating) else "other")


class Readable(NamedTuple):
    """Something that code can read: its text, its value, and the line from which on it is there."""

    text: str
    value: Value
    line: int = 0


def parts_of(name: str, x: Any) -> dict[str, Value]:
    """Return what is read under a name: the value, or the parts of a dict, a list or an object.

    >>> sorted(parts_of("p", {"W": np.ones(2), "b": np.ones(1)}))
    ["p['W']", "p['b']"]
    """
    value = value_of(x)
    if value.kind != "other":
        return {name: value}
    if isinstance(x, dict):
        found = {f"{name}[{key!r}]": value_of(part) for key, part in list(x.items())[:MOST_PARTS]}
    elif isinstance(x, list | tuple):
        found = {f"{name}[{k}]": value_of(part) for k, part in enumerate(x[:MOST_PARTS])}
    else:
        own = list(getattr(x, "__dict__", {}).items()) if not isinstance(x, type) and not callable(x) else []
        found = {f"{name}.{key}": value_of(part) for key, part in own[:MOST_PARTS]}
    return {text: one for text, one in found.items() if one.kind != "other"}


@dataclass
class Scope:
    """A function with what it can read, the values of its expressions in a run, and functions of one argument."""

    function: Function
    values: dict[ast.expr, Value] = field(default_factory=dict)
    names: dict[str, dict[str, Value]] = field(default_factory=dict)
    functions: tuple[str, ...] = ()

    @cached_property
    def readable(self) -> list[Readable]:
        """All that can be read somewhere: what is read, and what is under a name."""
        found: dict[str, Readable] = {}
        for node, value in self.values.items():
            if value.kind != "other" and _is_simple(node):
                text = self.function.source.text_of(node)
                found.setdefault(text, Readable(text, value, self._from(node)))
        for name, parts in self.names.items():
            line = self._bound.get(name, 0)
            for text, value in parts.items():
                written = self.function.source.quoted(text)
                found.setdefault(written, Readable(written, value, line))
        return list(found.values())

    def value(self, node: ast.AST) -> Value:
        """Return what is known of the value of an expression."""
        return self.values.get(node, Value("other"))  # type: ignore[call-overload, no-any-return]

    def readable_at(self, node: ast.AST) -> Iterable[Readable]:
        """Return what can be read at a node: what is bound in a line before it, or in a loop that it is in."""
        last = getattr(node, "lineno", 0)
        for loop in self._loops:
            if loop.lineno <= last <= (loop.end_lineno or 0):
                last = max(last, loop.end_lineno or 0)
        return [one for one in self.readable if one.line < last or one.line == 0]

    def _from(self, node: ast.expr) -> int:
        names = [one.id for one in ast.walk(node) if isinstance(one, ast.Name)]
        return max((self._bound.get(name, 0) for name in names), default=0)

    @cached_property
    def _bound(self) -> dict[str, int]:
        """The first line in which each name of the function's own is bound."""
        found: dict[str, int] = {}
        for node in ast.walk(self.function.node):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                found[node.id] = min(found.get(node.id, node.lineno), node.lineno)
        return found

    @cached_property
    def _loops(self) -> list[ast.For | ast.While]:
        return [node for node in ast.walk(self.function.node) if isinstance(node, ast.For | ast.While)]


def _is_simple(node: ast.expr) -> bool:
    """Whether an expression only reads: a name, or parts of it by names and constants."""
    if isinstance(node, ast.Subscript):
        index = node.slice.operand if isinstance(node.slice, ast.UnaryOp) else node.slice
        return isinstance(index, ast.Constant | ast.Name) and _is_simple(node.value)
    return isinstance(node, ast.Name) or (isinstance(node, ast.Attribute) and _is_simple(node.value))
