"""The table of NumPy functions that have code of our own for scalars; the modules that know them fill it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

FUNCTIONS: dict[Any, Callable[..., Any]] = {}
"""What replaces a NumPy function when one of its arguments holds scalars."""


def replaces(*functions: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return a decorator that enters a function into the table in place of NumPy's."""

    def register(replacement: Callable[..., Any]) -> Callable[..., Any]:
        FUNCTIONS.update(dict.fromkeys(functions, replacement))
        return replacement

    return register
