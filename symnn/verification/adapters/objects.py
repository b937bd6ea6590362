"""Objects under test: a copy for every call, the arrays they hold by name, and the code they run."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
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

_DEEPEST = 12


def copied(target: Any) -> Any:
    """Return a copy of an object whose arrays, in a run, hold its scalars; raise `InputError` where it has no copy.

    Arrays that were made before the run, buffers among them, could not hold scalars otherwise. One array in two places
    stays one array.
    """
    try:
        copy_of = copy.deepcopy(target)
    except Exception as error:
        said = f"{type(target).__name__} cannot be copied: {type(error).__name__}: {error}"
        raise InputError(f"{said}\ngive functions loss(params, *data) and grad(params, *data) instead") from error
    system = current().system
    if system is not None:
        changed: dict[int, Any] = {}

        def scalars(A: Any) -> Any:
            if id(A) not in changed:
                changed[id(A)] = (A, lifted(A, system))
            return changed[id(A)][1]

        for path, A in list(walk(copy_of)):
            if isinstance(A, np.ndarray) and A.dtype.kind == "f" and not isinstance(A, ScalarArray):
                put(copy_of, path, scalars(A))
    return copy_of


def put(target: Any, path: Path, value: Any) -> None:
    """Put a value at a path; a tuple on the way is made anew."""
    holder = at(target, path[:-1])
    if isinstance(holder, tuple):
        entries = [value if k == path[-1] else x for k, x in enumerate(holder)]
        put(target, path[:-1], type(holder)(*entries) if hasattr(holder, "_fields") else tuple(entries))
    elif isinstance(holder, dict | list):
        holder[path[-1]] = value
    else:
        object.__setattr__(holder, path[-1], value)


@dataclass(frozen=True)
class Piece:
    """The last step of a path into one flat vector: where an array begins in it, and its shape."""

    start: int
    shape: tuple[int, ...]

    def of(self, vector: Any) -> Any:
        """Return the array.

        >>> Piece(1, (2,)).of(np.arange(4))
        array([1, 2])
        """
        stop = self.start + int(np.prod(self.shape))
        return np.ravel(vector)[self.start : stop].reshape(self.shape)


def at(target: Any, path: Path) -> Any:
    """Return what stands at a path, or None."""
    for step in path:
        if isinstance(step, Piece):
            target = step.of(target)
        elif isinstance(target, dict):
            target = target.get(step)
        elif isinstance(target, list | tuple):
            target = target[step] if step < len(target) else None
        else:
            target = getattr(target, step, None)
    return target


def walk(target: Any) -> Iterator[tuple[Path, Any]]:
    """Yield the float arrays and floats that an object holds in its attributes, dicts, lists and parts, with paths.

    An array in several places is met in each of them.

    >>> class Layer:
    ...     def __init__(self):
    ...         self.params, self.rate = {"W": np.zeros(2)}, 3
    >>> [path for path, _ in walk(Layer())]
    [('params', 'W')]
    """
    yield from _walk(target, (), {id(target)})


def _walk(holder: Any, path: Path, above: set[int]) -> Iterator[tuple[Path, Any]]:
    for key, value in items(holder):
        here = (*path, key)
        if isinstance(value, np.ndarray):
            if (value.dtype.kind == "f" or isinstance(value, ScalarArray)) and value.size:
                yield here, value
        elif isinstance(value, float | np.floating):
            yield here, value
        elif len(path) < _DEEPEST and id(value) not in above:
            # What leads back to where it is held would be walked for ever.
            yield from _walk(value, here, above | {id(value)})


def arrays_of(target: Any) -> dict[Path, Any]:
    """Return the float arrays and floats that an object holds, each place of its own, by path."""
    return {path: value if isinstance(value, np.ndarray) else np.asarray(value) for path, value in walk(target)}


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
