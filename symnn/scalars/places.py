"""Where in the user's code something happened: the innermost frame that belongs to no library."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from types import FrameType

from symnn.errors import near

LIBRARIES = ("symnn.scalars", "symnn.verification", "symnn.sandbox", "symnn.kernels", "numpy", "scipy", "contextlib")
"""Modules whose frames are not the user's own."""


_STANDARD = os.path.dirname(os.__file__)


def is_library(frame: FrameType) -> bool:
    """Return whether a frame is not of the user's own code: of a library, or of Python itself.

    >>> is_library(sys._getframe())  # of this module
    True
    """
    path = frame.f_code.co_filename
    standard = path.startswith(("<frozen", _STANDARD)) and "site-packages" not in path
    return standard or str(frame.f_globals.get("__name__", "")).startswith(LIBRARIES)


def place(frames: Iterable[tuple[FrameType, int]]) -> str:
    """Return the first frame that is the user's as ``file:line, in function``; "" if there is none.

    >>> place([])
    ''
    """
    for frame, line in frames:
        if not is_library(frame):
            return f"{near(frame.f_code.co_filename)}:{line}, in {frame.f_code.co_name}"
    return ""


def callers() -> Iterator[tuple[FrameType, int]]:
    """Yield the frames that led here with their lines, the innermost first.

    >>> next(callers())[0].f_code.co_name
    '<module>'
    """
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        yield frame, frame.f_lineno
        frame = frame.f_back
