"""Who asks: to the code under test scalars are floats, to NumPy and to symnn they are the objects that they are."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

import numpy as np

from symnn.scalars.run import current

KNOWING = ("symnn.", "numpy", "scipy")
"""Modules that must know what an array really holds."""

_FLOAT = np.dtype(np.float64)


def is_knowing(frame: FrameType) -> bool:
    """Return whether a frame belongs to code that must know what an array really holds.

    >>> is_knowing(sys._getframe().f_back)  # of Python's doctest
    False
    """
    return str(frame.f_globals.get("__name__", "")).startswith(KNOWING)


def real_dtype(held: Any) -> Any:
    """Return float64 to code under test that asks for the ``dtype`` of objects in a run, else the dtype itself.

    Code that branches by dtype so goes the way that it goes in float64. It is to be called by the property only.

    >>> real_dtype(np.dtype(int))
    dtype('int64')
    """
    asked = held.kind == "O" and current().system is not None and not is_knowing(sys._getframe(2))
    return _FLOAT if asked else held
