"""What stands in for functions and modules: ours where an argument holds scalars, the original for all else."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

from symnn.scalars.base import Scalar, ScalarArray
from symnn.scalars.lifting import lift

FUNCTIONS: dict[Any, Callable[..., Any]] = {}
"""What replaces a NumPy function when one of its arguments holds scalars; the modules that know how fill it."""


def replaces(*functions: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return a decorator that enters a function into the table in place of NumPy's."""

    def register(replacement: Callable[..., Any]) -> Callable[..., Any]:
        FUNCTIONS.update(dict.fromkeys(functions, replacement))
        return replacement

    return register


def holds_scalars(x: Any) -> bool:
    """Return whether an argument is a scalar or an array of them, or a list or tuple that holds one."""
    return isinstance(x, Scalar | ScalarArray) or (isinstance(x, list | tuple) and any(map(holds_scalars, x)))


def _in_arrays(x: Any) -> Any:
    return lift(x) if isinstance(x, list) and holds_scalars(x) else x


def accepting(
    original: Callable[..., Any],
    function: Callable[..., Any],
    read: Callable[[Any], Any] = _in_arrays,
    holds: Callable[[Any], bool] = holds_scalars,
) -> Callable[..., Any]:
    """Return what calls ours where an argument ``holds`` scalars, and else the original.

    ``read`` makes of each argument what ours takes, by default an array of a list of scalars.
    """

    def accept(*args: Any, **kwargs: Any) -> Any:
        given = tuple(map(read, args))
        return (function if any(map(holds, (*given, *kwargs.values()))) else original)(*given, **kwargs)

    return accept


class Library(ModuleType):
    """A module, or another object, in which some functions are replaced and all else is the original's.

    >>> import math
    >>> library = Library(math, {"exp": str})
    >>> library.exp(1), library.pi == math.pi
    ('1', True)
    """

    def __init__(self, original: Any, replaced: dict[str, Any]) -> None:
        super().__init__(getattr(original, "__name__", ""), original.__doc__)
        vars(self).update(replaced, _original=original)

    def __getattr__(self, name: str) -> Any:
        return getattr(vars(self)["_original"], name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the original, where it is no module."""
        return vars(self)["_original"](*args, **kwargs)


def standing_in(replaced: dict[str, dict[str, Any]]) -> dict[int, Any]:
    """Return what stands in for functions, and for the modules that hold them, by the identity of each.

    Functions are given by module, which is loaded, and name. A package holds what stands in for its modules.

    >>> import math
    >>> found = standing_in({"math": {"exp": str}})
    >>> found[id(math.exp)] is str, found[id(math)].exp is str
    (True, True)
    """
    found: dict[int, Any] = {}
    held = {name: dict(functions) for name, functions in replaced.items()}
    # From the inside out.
    for name in sorted({*held, *(name.rpartition(".")[0] for name in held)} - {""}, key=len, reverse=True):
        module, functions = sys.modules[name], held.get(name, {})
        found |= {id(getattr(module, one)): ours for one, ours in functions.items()}
        found[id(module)] = library = Library(module, functions)
        package, _, last = name.rpartition(".")
        if package:
            held.setdefault(package, {})[last] = library
    return found
