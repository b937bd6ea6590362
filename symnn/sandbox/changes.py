"""Whether code has changed the arguments it was given, and the same changes made to those of another process."""

from __future__ import annotations

from operator import is_
from typing import Any

import numpy as np


def snapshot(x: Any) -> Any:
    """Return what `changed` compares with: the structure, and the entries of every array."""
    if isinstance(x, np.ndarray):
        return x.shape, (x.ravel().tolist() if x.dtype == object else x.tobytes())
    if isinstance(x, dict):
        return {key: snapshot(value) for key, value in x.items()}
    if isinstance(x, list | tuple):
        return [snapshot(part) for part in x]
    return x


def changed(x: Any, before: Any) -> bool:
    """Return whether a value, or an entry of an array in it, is another than when the snapshot was taken.

    >>> A = np.zeros(2); before = snapshot({"A": A}); A += 1
    >>> changed({"A": A}, before), changed({"A": np.zeros(2)}, before)
    (True, False)
    """
    if isinstance(x, np.ndarray):
        if not (isinstance(before, tuple) and before[0] == x.shape):
            return True
        entries = before[1]
        if isinstance(entries, list):
            return x.dtype != object or not all(map(is_, x.ravel().tolist(), entries))
        return bool(x.dtype == object or x.tobytes() != entries)
    if isinstance(x, dict):
        same = isinstance(before, dict) and list(x) == list(before)
        return not same or any(changed(value, before[key]) for key, value in x.items())
    if isinstance(x, list | tuple):
        same = isinstance(before, list) and len(x) == len(before)
        return not same or any(map(changed, x, before))
    return x is not before


def take_over(mine: Any, theirs: Any) -> Any:
    """Change ``mine`` into ``theirs`` in place, as far as its parts can be changed, and return what came of it.

    >>> A = np.zeros(2)
    >>> take_over([A], [np.ones(2)])[0] is A, A
    (True, array([1., 1.]))
    """
    if isinstance(mine, np.ndarray) and isinstance(theirs, np.ndarray) and mine.shape == theirs.shape:
        mine[...] = theirs
        return mine
    if isinstance(mine, dict) and isinstance(theirs, dict):
        parts = {key: take_over(mine.get(key), value) for key, value in theirs.items()}
        mine.clear()
        mine.update(parts)
        return mine
    if isinstance(mine, list) and isinstance(theirs, list):
        known = len(mine)
        mine[:] = [take_over(mine[k] if k < known else None, part) for k, part in enumerate(theirs)]
        return mine
    if isinstance(mine, tuple) and isinstance(theirs, tuple) and len(mine) == len(theirs):
        return tuple(map(take_over, mine, theirs))
    return theirs
