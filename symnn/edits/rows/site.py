"""A node of a function's tree that an edit may change, and what rows of the table ask about it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from symnn.edits.scope import Readable, Scope, Value
from symnn.edits.source import Source


@dataclass
class Site:
    """A node with its scope."""

    node: ast.AST
    scope: Scope

    @property
    def source(self) -> Source:
        """The text that the node stands in."""
        return self.scope.function.source

    @cached_property
    def parent(self) -> ast.AST:
        """The node around it."""
        return self.source.parents[self.node]

    @cached_property
    def value(self) -> Value:
        """What is known of its value."""
        return self.scope.value(self.node)

    @cached_property
    def text(self) -> str:
        """Its text."""
        return self.source.text_of(self.node)

    def of(self, node: ast.AST) -> str:
        """Return the text of another node."""
        return self.source.text_of(node)

    def operand(self, node: ast.AST) -> str:
        """Return the text of an expression as it may stand beside an operator."""
        assert isinstance(node, ast.expr)  # noqa: S101
        return self.source.operand(node)

    @property
    def np(self) -> str:
        """What NumPy goes by in the file."""
        return self.source.numpy

    @cached_property
    def readable(self) -> list[Readable]:
        """What can be read there, but for the node itself."""
        return [one for one in self.scope.readable_at(self.node) if one.text != self.text]

    def numbers(self) -> Iterator[str]:
        """Yield the single numbers that can be read there."""
        yield from (one.text for one in self.readable if one.value.is_number)

    def like(self, value: Value) -> Iterator[Readable]:
        """Yield what can be read there and has the shape of a value, or is a number as it is."""
        for one in self.readable:
            same = one.value.is_array and value.is_array and one.value.shape == value.shape
            if same or (one.value.is_number and value.is_number):
                yield one

    def alike(self) -> list[str]:
        """Return the arrays of floats that can be read there and have the shape of its value."""
        shape = self.value.shape
        return [one.text for one in self.readable if one.value.kind == "array" and one.value.shape == shape]

    @cached_property
    def is_float(self) -> bool:
        """Whether its value is an array of floats, or one; a written number has no value of its own."""
        return self.value.kind in ("array", "number")

    @cached_property
    def is_term(self) -> bool:
        """Whether its value is of floats, and it is no factor of a product, which is a term itself."""
        parent = self.parent
        in_product = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Mult | ast.Div)
        is_index = isinstance(parent, ast.Subscript | ast.Compare)
        return self.is_float and not in_product and not is_index and not isinstance(self.node, ast.UnaryOp)
