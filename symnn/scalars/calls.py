"""Which call made which array, at what place of the user's code and under which name, kept on request by a record.

Arrays are kept as they were when the call was made, by the numbers in them: what is written into an array later makes
another version of its name (static single assignment), and views of one memory hold the same numbers.
"""

from __future__ import annotations

import ast
import sys
from collections import Counter
from collections.abc import Callable
from functools import cache
from types import CodeType, FrameType
from typing import Any, NamedTuple

import numpy as np

from symnn.edits.functions import source_of
from symnn.scalars.places import is_library


class Expression(NamedTuple):
    """An expression of the user's code: where it stands, its text, and the ``name`` that its value is given.

    Lines count from 1, columns from 0. The name is "" inside of an expression; what a function returns has that which
    the caller gives it, or "return", and ``called`` is the text of the call.
    """

    file: str
    line: int
    column: int
    text: str
    name: str
    called: str = ""


class Call(NamedTuple):
    """A call, or an operator, of NumPy: what it was made of, what it made, and where.

    ``round`` says how often that place had been reached before, as in a loop, ``version`` how often a value had been
    given that name.
    """

    function: str
    inputs: tuple[Any, ...]
    output: Any
    source: Expression
    round: int
    version: int


class Calls:
    """The calls made from the user's code, in their order; what one makes while it runs is part of it.

    >>> from symnn.scalars import array, ball, running, tape
    >>> x = array([1, 2], ball())
    >>> with running(ball()), tape.recording(with_calls=True) as record:
    ...     y = np.exp(x) * 2
    >>> [call.function for call in record.calls.made]
    ['exp', 'multiply']
    """

    def __init__(self) -> None:
        self.made: list[Call] = []
        self._reached: Counter[tuple[CodeType, int]] = Counter()
        self._given: Counter[tuple[CodeType, str]] = Counter()
        self._inside = False

    def run(self, function: str, inputs: tuple[Any, ...], call: Callable[[], Any]) -> Any:
        """Return what ``call()`` returns, kept under the name of a function; ``None`` stands for its first input."""
        frame = None if self._inside else _users(sys._getframe(1))
        if frame is None:
            return call()
        read = tuple(map(_as_it_is, inputs))
        at = frame.f_lasti
        self._inside = True
        try:
            made = call()
        finally:
            self._inside = False
        self.note(function, read, inputs[0] if made is None else made, frame, at)
        return made

    def note(self, function: str, inputs: tuple[Any, ...], output: Any, frame: FrameType, at: int) -> None:
        """Keep what was made of inputs by the instruction ``at`` of the code that a frame runs."""
        code, source = frame.f_code, _source(frame.f_code, at)
        if source.name == "return":
            source = _returned(source, frame)
        version = 0
        if source.name:
            version = self._given[code, source.name]
            self._given[code, source.name] += 1
        made = Call(function, inputs, _as_it_is(output), source, self._reached[code, at], version)
        self._reached[code, at] += 1
        self.made.append(made)

    def operation(self, inputs: tuple[Any, ...], output: Any) -> None:
        """Keep an operation of single numbers."""
        frame = None if self._inside else _users(sys._getframe(2))
        if frame is not None:
            self.note("", inputs, output, frame, frame.f_lasti)


def _users(frame: FrameType | None) -> FrameType | None:
    while frame is not None and is_library(frame):
        frame = frame.f_back
    return frame


def _returned(source: Expression, frame: FrameType) -> Expression:
    """What a function returns, with the name that its caller gives it and the text of the call."""
    outer = source
    while outer.name == "return" and (caller := _users(frame.f_back)) is not None:
        outer, frame = _source(caller.f_code, caller.f_lasti), caller
    return source._replace(name=outer.name or "return", called=outer.text)


def _as_it_is(x: Any) -> Any:
    if isinstance(x, np.ndarray):
        return x.copy()
    return type(x)(map(_as_it_is, x)) if type(x) in (list, tuple) else x


@cache
def _source(code: CodeType, at: int) -> Expression:
    line, end_line, column, end_column = list(code.co_positions())[at // 2]
    first, last = line or code.co_firstlineno, end_line or line or code.co_firstlineno
    source = source_of(code.co_filename)
    if source is None or column is None or end_column is None:
        return Expression(code.co_filename, first, column or 0, "", "")
    try:
        statements = [one for one in ast.walk(source.tree) if isinstance(one, _GIVING)]
    except SyntaxError:
        statements = []
    span = (first, column, last, end_column)
    name = next((name for one in statements for name in _named(one, span)), "")
    start, end = source.offset(first, column), source.offset(last, end_column)
    return Expression(code.co_filename, first, source.position(start)[1] - 1, source.text[start:end], name)


_GIVING = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.NamedExpr, ast.Return)


def _named(statement: Any, span: tuple[int, int, int, int]) -> list[str]:
    """The name that a statement gives to the value of the expression between two places."""
    if span in _spans(statement):
        return [_name(statement)]
    value, targets = statement.value, getattr(statement, "targets", [])
    if isinstance(value, ast.Tuple) and len(targets) == 1 and isinstance(targets[0], ast.Tuple):
        pairs = zip(targets[0].elts, value.elts, strict=False)
        return [ast.unparse(one) for one, part in pairs if span == _span(part)]
    return []


def _span(node: Any) -> tuple[int, int, int, int]:
    return node.lineno, node.col_offset, node.end_lineno, node.end_col_offset


def _spans(statement: Any) -> list[tuple[int, int, int, int]]:
    """Where what gives a name its value may stand: the value, and what is written into, or an operator in place."""
    nodes = [statement.value]
    if isinstance(statement, ast.AugAssign):
        nodes = [statement]
    elif isinstance(statement, ast.Assign) and any(isinstance(one, ast.Subscript) for one in statement.targets):
        nodes = [one for one in statement.targets if isinstance(one, ast.Subscript)]
    return [_span(one) for one in nodes if one is not None]


def _name(statement: Any) -> str:
    if isinstance(statement, ast.Return):
        return "return"
    (target, *_) = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    while isinstance(target, ast.Subscript):
        target = target.value
    return ast.unparse(target)
