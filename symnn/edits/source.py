"""The text of a file with its syntax tree: where each node stands in it, counted in characters."""

from __future__ import annotations

import ast
from functools import cached_property
from itertools import accumulate

OPEN = (ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Lambda, ast.NamedExpr, ast.Await)
"""Expressions that other text beside them may tear apart, and which then need parentheses."""

_BINDING = (ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.Attribute, ast.Subscript, ast.Starred, ast.Await)
_READ = (ast.Name, ast.Constant, ast.Attribute, ast.Subscript)
_SHORT, _MOST = 40, 24


def _pairs(node: ast.Assign) -> list[tuple[ast.expr, ast.expr]]:
    """The targets of an assignment with what each is given."""
    (target, *others) = node.targets
    if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
        return list(zip(target.elts, node.value.elts, strict=False))
    return [(one, node.value) for one in (target, *others)]


def _is_enclosed(text: str) -> bool:
    """Whether parentheses stand around all of a text."""
    depth = 0
    for k, one in enumerate(text):
        depth += (one == "(") - (one == ")")
        if depth == 0 and k < len(text) - 1:
            return False
    return text.startswith("(")


class Source:
    """A file's text and tree.

    >>> source = Source("mine.py", "y = (a + b) * c")
    >>> source.text_of(source.tree.body[0].value.left)
    'a + b'
    """

    def __init__(self, file: str, text: str) -> None:
        self.file, self.text = file, text
        lines = text.splitlines(keepends=True) or [""]
        self._starts = list(accumulate(map(len, lines), initial=0))
        self._in_bytes = [None if line.isascii() else line.encode() for line in lines]

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree. Raises SyntaxError."""
        return ast.parse(self.text)

    @cached_property
    def functions_of_numpy(self) -> list[str]:
        """What of NumPy the file calls with one argument, as it writes it: ``np.tanh``."""
        calls = [node for node in ast.walk(self.tree) if isinstance(node, ast.Call) and len(node.args) == 1]
        found = [self.text_of(one.func) for one in calls if not one.keywords and isinstance(one.func, ast.Attribute)]
        return [text for text in dict.fromkeys(found) if text.count(".") == 1 and text.startswith(self._numpy)]

    @cached_property
    def _numpy(self) -> tuple[str, ...]:
        """What NumPy goes by in the file, with a dot behind."""
        imports = [one for node in ast.walk(self.tree) if isinstance(node, ast.Import) for one in node.names]
        names = [one.asname or one.name for one in imports if one.name.endswith("numpy")]
        return tuple(f"{name}." for name in names)

    @property
    def numpy(self) -> str:
        """What NumPy goes by in the file."""
        return self._numpy[0][:-1] if self._numpy else "np"

    def quoted(self, text: str) -> str:
        """Return the text of a value with the quotation marks that the file has around its keys."""
        in_single = self.text.count("['") > self.text.count('["')
        return text if in_single or '"' in text else text.replace("'", '"')

    @cached_property
    def assigned(self) -> dict[str, list[str]]:
        """The texts that each name is given somewhere in the file."""
        found: dict[str, list[str]] = {}
        for node in ast.walk(self.tree):
            for target, value in _pairs(node) if isinstance(node, ast.Assign) else ():
                if isinstance(target, ast.Name) and not isinstance(value, ast.Constant):
                    found.setdefault(target.id, []).append(self.text_of(value))
        return found

    @cached_property
    def numbers(self) -> list[float]:
        """The floats that the file writes somewhere."""
        found = (node.value for node in ast.walk(self.tree) if isinstance(node, ast.Constant))
        return list(dict.fromkeys(x for x in found if isinstance(x, float)))[:_MOST]

    @cached_property
    def factors(self) -> list[str]:
        """What something is multiplied with or divided by somewhere in the file, short texts only."""
        return self._operands(ast.Mult, ast.Div)

    @cached_property
    def terms(self) -> list[str]:
        """What is added or taken away somewhere in the file, short texts only."""
        return self._operands(ast.Add, ast.Sub)

    def _operands(self, *kinds: type[ast.operator]) -> list[str]:
        found: list[str] = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.BinOp) and isinstance(node.op, kinds):
                found += [self.operand(one) for one in (node.right, node.left) if not isinstance(one, _READ)]
            elif isinstance(node, ast.AugAssign) and isinstance(node.op, kinds) and not isinstance(node.value, _READ):
                found.append(self.operand(node.value))
        return [text for text in dict.fromkeys(found) if len(text) <= _SHORT and "\n" not in text][:_MOST]

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """The node that each node stands in."""
        return {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    def offset(self, line: int, column: int) -> int:
        """Return the place of a line, from 1, and a column in bytes, as the tree has them."""
        encoded = self._in_bytes[line - 1] if line <= len(self._in_bytes) else None
        return self._starts[line - 1] + (column if encoded is None else len(encoded[:column].decode()))

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Return where a node starts and ends."""
        one = node
        assert isinstance(one, ast.expr | ast.stmt | ast.keyword)  # noqa: S101
        return self.offset(one.lineno, one.col_offset), self.offset(
            one.end_lineno or one.lineno, one.end_col_offset or 0
        )

    def text_of(self, node: ast.AST) -> str:
        """Return the text of a node, without parentheses around it."""
        start, end = self.span(node)
        return self.text[start:end]

    def line_of(self, offset: int) -> int:
        """Return the line that a place is on, from 1."""
        return self.text.count("\n", 0, offset) + 1

    def position(self, offset: int) -> tuple[int, int]:
        """Return the line and the column of a place, in characters from 1."""
        return self.line_of(offset), offset - self.text.rfind("\n", 0, offset)

    def line(self, number: int) -> str:
        """Return the text of a line, from 1, without its end."""
        return self.text[self._starts[number - 1] : self._starts[number]].rstrip("\r\n")

    def line_span(self, node: ast.stmt) -> tuple[int, int]:
        """Return where the lines of a statement start and end, with the last line's end."""
        last = node.end_lineno or node.lineno
        return self._starts[node.lineno - 1], self._starts[min(last, len(self._starts) - 1)]

    def operand(self, node: ast.expr) -> str:
        """Return the text of an expression, in parentheses where text beside it might tear it apart."""
        text = self.text_of(node)
        return f"({text})" if (isinstance(node, OPEN) or "\n" in text) and not _is_enclosed(text) else text

    def in_place_of(self, node: ast.expr, text: str) -> str:
        """Return the text of an expression as it may stand in the place of a node. Raises SyntaxError."""
        new = ast.parse(text, mode="eval").body
        if not isinstance(new, OPEN) and not (isinstance(new, ast.Tuple) and not text.startswith("(")):
            return text
        parent = self.parents[node]
        is_callee = isinstance(parent, ast.Call) and parent.func is node
        binds = isinstance(parent, _BINDING) and not (isinstance(parent, ast.Subscript) and parent.slice is node)
        if not (binds or is_callee or isinstance(new, ast.Tuple)):
            return text
        start, end = self.span(node)
        before, after = self.text[:start].rstrip(), self.text[end:].lstrip()
        return text if before.endswith("(") and after.startswith(")") else f"({text})"
