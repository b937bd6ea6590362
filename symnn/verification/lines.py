"""Where in the user's code something happens: the line at which two runs part, that from which a number is not finite.

Both watch the frames of the user's own code while it runs, which is slow: asked for only once something has been found.
"""

from __future__ import annotations

import linecache
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any, TypeAlias

import numpy as np

from symnn.scalars.places import LIBRARIES
from symnn.scalars.runner import INSTALLED

MOST_STEPS = 200_000
"""How many steps of a run are kept."""

# Code and the offset of an instruction in it.
Step: TypeAlias = tuple[CodeType, int]


def parting(one: Callable[[], Any], other: Callable[[], Any]) -> str:
    """Return the line of the user's code after which two runs go different ways; "" where they go the same.

    >>> def f(x): return 1 if x > 0 else 2
    >>> parting(lambda: f(1), lambda: f(1))
    ''
    """
    first, second = _steps(one), _steps(other)
    for k, (a, b) in enumerate(zip(first, second, strict=False)):
        if a != b:
            return told(*_line(first[max(k - 1, 0)]))
    if len(first) != len(second) and min(len(first), len(second)):
        return told(*_line(min(first, second, key=len)[-1]))
    return ""


def first_not_finite(run: Callable[[], Any]) -> str:
    """Return the line of the user's code at which an infinite number, or none at all, first comes up; "" if none does.

    >>> first_not_finite(lambda: None)
    ''
    """
    found: list[tuple[CodeType, int]] = []
    lines: dict[FrameType, int] = {}

    def look(frame: FrameType, event: str, value: Any) -> Any:
        if found or not _is_users(frame):
            return None
        if event in ("line", "return"):
            here = [*frame.f_locals.values(), *([value] if event == "return" else [])]
            if frame in lines and any(map(_is_not_finite, here)):
                found.append((frame.f_code, lines[frame]))
        lines[frame] = frame.f_lineno
        return look

    with _traced(look), np.errstate(all="ignore"):
        _quietly(run)
    return told(*found[0]) if found else ""


def told(code: CodeType, line: int) -> str:
    """Return a line of code as it is written, with its place."""
    path = code.co_filename
    near = os.path.relpath(path)
    written = linecache.getline(path, line).strip()
    at = f"{path if near.startswith('..') else near}:{line}, in {code.co_name}"
    return f"`{written}` ({at})" if written else at


def _steps(run: Callable[[], Any]) -> list[Step]:
    steps: list[Step] = []

    def step(frame: FrameType, event: str, value: Any) -> Any:
        if not _is_users(frame) or len(steps) >= MOST_STEPS:
            return None
        frame.f_trace_opcodes = True
        if event == "opcode":
            steps.append((frame.f_code, frame.f_lasti))
        return step

    with _traced(step), np.errstate(all="ignore"):
        _quietly(run)
    return steps


def _quietly(run: Callable[[], Any]) -> None:
    try:
        run()
    except (Exception, SystemExit):
        # What it raises, if anything, has been told already.
        return


@contextmanager
def _traced(function: Any) -> Iterator[None]:
    before = sys.gettrace()
    sys.settrace(function)
    try:
        yield
    finally:
        sys.settrace(before)


def _line(step: Step) -> tuple[CodeType, int]:
    code, offset = step
    lines = [line for start, end, line in code.co_lines() if start <= offset < end and line is not None]
    return code, lines[0] if lines else code.co_firstlineno


def _is_users(frame: FrameType) -> bool:
    name, path = str(frame.f_globals.get("__name__", "")), frame.f_code.co_filename
    package = name.partition(".")[0]
    own = package == "__main__" or (package not in sys.stdlib_module_names and not path.startswith("<frozen"))
    return own and not name.startswith((*LIBRARIES, "symnn.")) and not any(part in path for part in INSTALLED)


def _is_not_finite(x: Any, deeper: bool = True) -> bool:
    if isinstance(x, float | np.floating):
        return not np.isfinite(x)
    if isinstance(x, np.ndarray) and x.dtype.kind == "f":
        return not bool(np.all(np.isfinite(x)))
    if not deeper:
        return False
    if isinstance(x, dict):
        return any(_is_not_finite(one, False) for one in list(x.values()))
    if isinstance(x, list | tuple):
        return any(_is_not_finite(one, False) for one in x)
    held = getattr(x, "__dict__", None)
    if not isinstance(held, dict) or isinstance(x, type) or callable(x):
        return False
    return any(_is_not_finite(one, False) for one in list(held.values()))
