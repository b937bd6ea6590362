"""Arrays that code keeps outside of its functions and writes into: for a run they must be able to hold its scalars.

A float64 buffer, made once and filled by every call, cannot. Where functions may write into one, a copy of scalars
stands in its place while the run is open. Larger arrays are taken for data, and stay as they are.
"""

from __future__ import annotations

import dis
from collections.abc import Callable, Iterator
from functools import partial
from types import CodeType, FunctionType
from typing import Any

import numpy as np

from symnn.scalars.lifting import lift_array

_WRITING = {dis.opmap[name] for name in ("STORE_SUBSCR", "STORE_SLICE", "STORE_GLOBAL") if name in dis.opmap}

LARGEST = 10_000
"""Up to how many entries an array is taken for a buffer: to copy a whole data set for every run would take seconds."""

Undo = Callable[[], None]


def buffers_in(namespace: dict[str, Any]) -> list[str]:
    """Return the names of the float arrays of a module that a function of it may write into.

    >>> space = {"__name__": __name__, "kept": np.zeros(2), "read": np.zeros(2)}
    >>> def fill(x): kept[...] = x
    >>> def look(): return read
    >>> buffers_in(space | {"fill": fill, "look": look})
    ['kept']
    """
    arrays = [name for name, bound in namespace.items() if _is_floats(bound)]
    if not arrays:
        return []
    written = {name for code in _codes(namespace) if _writes(code) for name in code.co_names}
    return [name for name in arrays if name in written]


def cells_swapped(function: Any) -> Iterator[Undo]:
    """Put scalars into the float arrays that a closure writes into; yield what undoes it, one call for each."""
    code, cells = getattr(function, "__code__", None), getattr(function, "__closure__", None)
    if not isinstance(code, CodeType) or not cells or not _writes(code):
        return
    for cell in cells:
        try:
            before = cell.cell_contents
        except ValueError:  # not bound yet
            continue
        if _is_floats(before):
            cell.cell_contents = lift_array(before)
            yield partial(setattr, cell, "cell_contents", before)


def _is_floats(x: Any) -> bool:
    return type(x) is np.ndarray and x.dtype.kind == "f" and x.size <= LARGEST


def _codes(namespace: dict[str, Any]) -> Iterator[CodeType]:
    for bound in list(namespace.values()):
        members = vars(bound).values() if isinstance(bound, type) else (bound,)
        for member in members:
            if isinstance(member, FunctionType) and member.__globals__.get("__name__") == namespace.get("__name__"):
                yield from _nested(member.__code__)


def _nested(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _nested(constant)


def _writes(code: CodeType) -> bool:
    """Whether code stores into something that is not a local name, or gives a function something to write into."""
    return bool(_WRITING & set(code.co_code[::2])) or any("out" in c for c in code.co_consts if isinstance(c, tuple))
