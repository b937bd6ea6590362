"""The table of NumPy functions that have code of our own for scalars; the modules that know them fill it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from symnn.scalars.base import Scalar, ScalarArray
from symnn.scalars.lifting import lift

FUNCTIONS: dict[Any, Callable[..., Any]] = {}
"""What replaces a NumPy function when one of its arguments holds scalars."""


def replaces(*functions: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return a decorator that enters a function into the table in place of NumPy's."""

    def register(replacement: Callable[..., Any]) -> Callable[..., Any]:
        FUNCTIONS.update(dict.fromkeys(functions, replacement))
        return replacement

    return register


def holds_scalars(x: Any) -> bool:
    """Return whether an argument is a scalar or an array of them, or a list or tuple that holds one."""
    return isinstance(x, Scalar | ScalarArray) or (isinstance(x, list | tuple) and any(map(holds_scalars, x)))


def accepting(original: Callable[..., Any], function: Callable[..., Any]) -> Callable[..., Any]:
    """Return what calls ours where an argument holds scalars, a list of them being an array, and else the original."""

    def accept(*args: Any, **kwargs: Any) -> Any:
        if not holds_scalars((*args, *kwargs.values())):
            return original(*args, **kwargs)
        arrays = [lift(x) if isinstance(x, list) and holds_scalars(x) else x for x in args]
        return function(*arrays, **kwargs)

    return accept
