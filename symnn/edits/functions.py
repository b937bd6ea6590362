"""Functions of the user's own by their code: found while they run, matched with their source, and changed in place.

A changed function is the same object with other code, so whoever holds it, a class, a closure or another module,
calls the changed one.
"""

from __future__ import annotations

import ast
import builtins
import gc
import linecache
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from textwrap import indent
from types import CodeType, FrameType, FunctionType
from typing import Any

from symnn.edits.edit import Edit
from symnn.edits.source import Source

Definition = ast.FunctionDef | ast.Lambda

# Where a definition that is written out anew stands, under a function and a class, and how far its statements do.
_COLUMN, _UNPARSED = 2, 4


@dataclass(frozen=True)
class Function:
    """A function of the user's: where in its file it is written, and the code that runs, where it does so here."""

    source: Source
    node: Definition
    code: CodeType | None = None

    @property
    def span(self) -> tuple[int, int]:
        """Where its text starts and ends: from ``def`` on, without decorators, or from ``lambda`` on."""
        return self.source.span(self.node)

    def changed(self, edits: Iterable[Edit]) -> CodeType:
        """Return its code with changes of the file's text. Raises SyntaxError, ValueError."""
        start, end = self.span
        text = self.source.text
        for one in sorted(edits, key=lambda edit: (-edit.start, -edit.end)):
            if start <= one.start and one.end <= end:
                text = one.applied(text)
                end += len(one.text) - (one.end - one.start)
        first = self.node.body[0] if isinstance(self.node, ast.FunctionDef) else None
        below = first.col_offset if first is not None and first.lineno > self.node.lineno else None
        found = self._compiled(text[start:end], self.node.col_offset, below)
        return found.replace(co_firstlineno=self._own_code.co_firstlineno)

    def compiled(self, node: Definition) -> CodeType:
        """Return the code of another definition as this function's, with the same names from outside.

        Raises SyntaxError, and ValueError where the code has other names from outside than the function.
        """
        if isinstance(node, ast.FunctionDef):
            node.decorator_list = []
        text = indent(ast.unparse(ast.fix_missing_locations(node)), " " * _COLUMN)
        return self._compiled(text.lstrip(), _COLUMN, _COLUMN + _UNPARSED)

    @property
    def _own_code(self) -> CodeType:
        if self.code is None:
            raise ValueError("the function runs elsewhere")
        return self.code

    def _compiled(self, text: str, column: int, below: int | None) -> CodeType:
        """The code of a definition's text that stands in a column, with the statements below it in another, if any."""
        own = self._own_code
        head = ["; ".join(map(ast.unparse, self._imports))]
        outer = ", ".join(name for name in own.co_freevars if name != "__class__")
        if isinstance(self.node, ast.Lambda):
            head, behind = [*head, f"def _({outer}): ("], ")"
        else:
            owner = [f" class {self._owner}:"] if self._owner else []
            head += [f"def _({outer}):", *owner, " " * column] if column else [""]
            # What is not read any more stays a name from outside: a function's code must have as many as before.
            reads = own.co_freevars and below is not None
            behind = f"\n{' ' * (below or 0)}if 0: {'; '.join(own.co_freevars)}" if reads else ""
        lines = "\n" * max(self.node.lineno - len(head), 0)
        # The parser of Python itself is faster than any work on its trees.
        module = compile(lines + "\n".join(head) + text + behind, self.source.file, "exec", dont_inherit=True)
        found = next((one for one in _inner(module) if one.co_name == own.co_name), None)
        if found is None or found.co_freevars != own.co_freevars:
            raise ValueError("other names from outside")
        return found

    @property
    def _owner(self) -> str:
        """The class that it is a method of, by whose name private names are known."""
        owner = self._own_code.co_qualname.split(".")[-2:-1]
        return owner[0] if owner and owner != ["<locals>"] else ""

    @property
    def _imports(self) -> list[ast.stmt]:
        # How a call of a module's function is compiled depends on whether its name is seen to be imported.
        return [one for one in self.source.tree.body if isinstance(one, ast.Import | ast.ImportFrom)]


def functions_run(run: Callable[[], Any], is_own: Callable[[FrameType], bool]) -> list[Function]:
    """Return the functions that ``run()`` ran, in their order, whose frames are the user's own.

    One that is defined inside of another that ran is part of that. Those whose source is not to be had, or is not that
    of their code, are left out.
    """
    codes: dict[CodeType, None] = {}

    def watch(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and is_own(frame):
            codes.setdefault(frame.f_code)

    with profiled(watch):
        run()
    inner = {one for code in codes for one in _inner(code)}
    return [function for code in codes if code not in inner and (function := function_of(code)) is not None]


@contextmanager
def profiled(watch: Callable[[FrameType, str, Any], None]) -> Iterator[None]:
    """Tell a function of calls and returns meanwhile, as `sys.setprofile` does."""
    before: Any = sys.getprofile()
    sys.setprofile(watch)
    try:
        yield
    finally:
        if before is None or callable(before):
            sys.setprofile(before)
        else:
            # A profiler written in C is no function.
            sys.setprofile(None)
            before.enable()


def _inner(code: CodeType) -> Iterator[CodeType]:
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield one
            yield from _inner(one)


_SOURCES: dict[str, Source] = {}


def source_of(file: str) -> Source | None:
    """Return the text of a file as Python keeps it for tracebacks, or None where it has none."""
    linecache.checkcache(file)
    text = "".join(linecache.getlines(file))
    if not text:
        return None
    known = _SOURCES.get(file)
    if known is None or known.text != text:
        known = _SOURCES[file] = Source(file, text)
    return known


def function_of(code: CodeType) -> Function | None:
    """Return the function of some code, or None where no text gives that code."""
    source = source_of(code.co_filename)
    if source is None:
        return None
    try:
        nodes = [node for node in ast.walk(source.tree) if _may_be(node, code)]
        for node in nodes:
            function = Function(source, node, code)  # type: ignore[arg-type]
            if function.changed([]).co_code == code.co_code:
                return function
    except (SyntaxError, ValueError, RecursionError):
        return None
    return None


def definition_at(source: Source, line: int, column: int) -> Definition:
    """Return the definition that starts at a line and a column. Raises SyntaxError where there is none."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.Lambda) and (node.lineno, node.col_offset) == (line, column):
            return node
    raise SyntaxError(f"no definition in line {line}")


def _may_be(node: ast.AST, code: CodeType) -> bool:
    if isinstance(node, ast.Lambda):
        return code.co_name == "<lambda>" and node.lineno == code.co_firstlineno
    if not isinstance(node, ast.FunctionDef) or node.name != code.co_name:
        return False
    return code.co_firstlineno in (node.lineno, *(one.lineno for one in node.decorator_list))


def objects_of(functions: Sequence[Function]) -> dict[CodeType, list[FunctionType]]:
    """Return the function objects that run each function's code."""
    codes = [function.code for function in functions if function.code is not None]
    found = _holders(codes)
    if gc.get_freeze_count() and not all(found.values()):
        # The collector does not tell of what was frozen.
        gc.unfreeze()
        try:
            found = _holders(codes)
        finally:
            gc.freeze()
    return found


def _holders(codes: Sequence[CodeType]) -> dict[CodeType, list[FunctionType]]:
    found: dict[CodeType, list[FunctionType]] = {code: [] for code in codes}
    for holder in gc.get_referrers(*codes):
        if isinstance(holder, FunctionType) and holder.__code__ in found:
            found[holder.__code__].append(holder)
    return found


@contextmanager
def installed(changed: Mapping[CodeType, CodeType], objects: Mapping[CodeType, list[FunctionType]]) -> Iterator[None]:
    """Let function objects run other code meanwhile."""
    try:
        for code, new in changed.items():
            for one in objects[code]:
                one.__code__ = new
        yield
    finally:
        for code in changed:
            for one in objects[code]:
                one.__code__ = code


@contextmanager
def builtin(name: str, value: Any) -> Iterator[None]:
    """Give every module a name meanwhile, as builtins have."""
    setattr(builtins, name, value)
    try:
        yield
    finally:
        delattr(builtins, name)
