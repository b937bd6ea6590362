"""Whether a function does nothing but compute: no edit may call one that trains, prints, writes or asks."""

from __future__ import annotations

import dis
from collections.abc import Iterable
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np

LIBRARIES = frozenset({"numpy", "math", "scipy"})
"""What a function that only computes may call from elsewhere."""

CALCULATING = frozenset(
    {"abs", "all", "any", "bool", "dict", "enumerate", "float", "int", "isinstance", "len", "list", "map", "max", "min"}
    | {"pow", "range", "reversed", "round", "sorted", "sum", "tuple", "zip"}
)
"""What it may call of Python's own."""

_ACTING = frozenset({"STORE_GLOBAL", "DELETE_GLOBAL", "STORE_ATTR", "IMPORT_NAME", "LOAD_CLOSURE", "LOAD_DEREF"})


def computes(function: FunctionType) -> bool:
    """Return whether a function only computes: with libraries of mathematics, and functions that do so too.

    >>> computes(lambda x: abs(x) + 1), computes(lambda x: print(x))
    (True, False)
    """
    return _computes(function, set())


def _computes(function: FunctionType, seen: set[CodeType]) -> bool:
    seen.add(function.__code__)
    space = function.__globals__
    for code in _codes(function.__code__):
        for one in dis.get_instructions(code):
            if one.opname in _ACTING:
                return False
            if one.opname in ("LOAD_GLOBAL", "LOAD_NAME") and not _is_mathematics(one.argval, space, seen):
                return False
    return True


def _is_mathematics(name: str, space: dict[str, Any], seen: set[CodeType]) -> bool:
    if name not in space:
        return name in CALCULATING
    read = space[name]
    if isinstance(read, ModuleType):
        return read.__name__.partition(".")[0] in LIBRARIES
    if not callable(read):
        # What holds other things may be changed by its methods.
        return isinstance(read, int | float | str | tuple | np.ndarray | np.generic | None)
    if (getattr(read, "__module__", None) or type(read).__module__).partition(".")[0] in LIBRARIES:
        return True
    return isinstance(read, FunctionType) and (read.__code__ in seen or _computes(read, seen))


def _codes(code: CodeType) -> Iterable[CodeType]:
    yield code
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield from _codes(one)
