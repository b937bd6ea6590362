"""Objects under test: a copy for every call, the arrays they hold by name, and the code they run."""

from __future__ import annotations

import copy
from collections.abc import Callable
from types import FunctionType
from typing import Any

import numpy as np

from symnn.errors import InputError
from symnn.scalars import ScalarArray
from symnn.scalars.run import current
from symnn.verification.calling import lifted
from symnn.verification.holders import is_of_the_user, is_of_the_user_module, items

# How to reach an array from its object: names of attributes, keys and indices, each told apart by what holds it.
Path = tuple[Any, ...]

_DEEPEST = 4


def copied(target: Any) -> Any:
    """Return a copy of an object whose arrays, in a run, hold its scalars; raise `InputError` where it has no copy.

    Arrays that were made before the run, buffers among them, could not hold scalars otherwise.
    """
    try:
        copy_of = copy.deepcopy(target)
    except Exception as error:
        said = f"{type(target).__name__} cannot be copied: {type(error).__name__}: {error}"
        raise InputError(f"{said}\ngive functions loss(params, *data) and grad(params, *data) instead") from error
    system = current().system
    if system is not None:
        _each_array(copy_of, lambda A: lifted(A, system), set())
    return copy_of


def _each_array(holder: Any, change: Callable[[Any], Any], seen: set[int]) -> None:
    if id(holder) in seen:
        return
    seen.add(id(holder))
    for key, value in items(holder):
        if isinstance(value, np.ndarray) and value.dtype.kind == "f":
            _put(holder, key, change(value))
        elif type(value) is tuple and any(isinstance(x, np.ndarray) for x in value):
            _put(holder, key, tuple(change(x) if isinstance(x, np.ndarray) else x for x in value))
        else:
            _each_array(value, change, seen)


def _put(holder: Any, key: Any, value: Any) -> None:
    if isinstance(holder, dict | list):
        holder[key] = value
    else:
        setattr(holder, key, value)


def at(target: Any, path: Path) -> Any:
    """Return what stands at a path, or None."""
    for step in path:
        if isinstance(target, dict):
            target = target.get(step)
        elif isinstance(target, list | tuple):
            target = target[step] if step < len(target) else None
        else:
            target = getattr(target, step, None)
    return target


def put(target: Any, path: Path, value: Any) -> None:
    """Put an array at a path."""
    _put(at(target, path[:-1]), path[-1], value)


def arrays_of(target: Any) -> dict[Path, Any]:
    """Return the float arrays and floats that an object holds, in its attributes, dicts, lists and parts.

    >>> class Layer:
    ...     def __init__(self):
    ...         self.params, self.rate = {"W": np.zeros(2)}, 3
    >>> list(arrays_of(Layer()))
    [('params', 'W')]
    """
    found: dict[Path, Any] = {}
    _gather(target, (), found, {id(target)})
    return found


def _gather(holder: Any, path: Path, found: dict[Path, Any], seen: set[int]) -> None:
    for key, value in items(holder):
        if isinstance(value, np.ndarray) and (value.dtype.kind == "f" or isinstance(value, ScalarArray)) and value.size:
            found[(*path, key)] = value
        elif isinstance(value, float | np.floating):
            found[(*path, key)] = np.asarray(value)
        elif len(path) < _DEEPEST and id(value) not in seen:
            seen.add(id(value))
            _gather(value, (*path, key), found, seen)


def named(path: Path) -> str:
    """Return a path as text: ``layers[0].W``.

    >>> named(("layers", 0, "W")), named((1, "b"))
    ('layers[0].W', 'layers[1].b')
    """
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return f"layers{text}" if text.startswith("[") else text


def code_of(*targets: Any) -> tuple[Any, ...]:
    """Return a function of every module whose code an object may run: of its classes, and of those of its parts."""
    found: dict[int, Any] = {}
    seen: set[int] = set()
    for target in targets:
        _gather_code(target, found, seen)
    return tuple(found.values())


def _gather_code(x: Any, found: dict[int, Any], seen: set[int]) -> None:
    if id(x) in seen:
        return
    seen.add(id(x))
    if callable(x) and isinstance(space := getattr(getattr(x, "__func__", x), "__globals__", None), dict):
        found.setdefault(id(space), x)
    if is_of_the_user(x):
        for kind in type(x).__mro__:
            for member in vars(kind).values():
                if isinstance(member, FunctionType) and is_of_the_user_module(
                    str(member.__globals__.get("__name__", ""))
                ):
                    found.setdefault(id(member.__globals__), member)
    for _, value in items(x):
        if not isinstance(value, np.ndarray):
            _gather_code(value, found, seen)
