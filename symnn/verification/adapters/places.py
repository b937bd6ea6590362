"""The arrays of an object: each once, with every place where it lives, and the views of it that are kept beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from symnn.verification.adapters.objects import Path, named, put, walk


@dataclass(frozen=True, eq=False)
class View:
    """A part of an array that is kept at a place of its own: which entries of the array, and in which shape."""

    path: Path
    entries: Any

    def of(self, A: Any) -> Any:
        """Return the same part of another array of the same shape, sharing its entries where NumPy can."""
        turned = np.arange(A.size).reshape(A.shape).T
        if self.entries.shape == turned.shape and np.array_equal(self.entries, turned):
            return A.T
        if np.array_equal(self.entries.ravel(), np.arange(A.size)):
            return A.reshape(self.entries.shape)
        return A.ravel()[self.entries]


@dataclass(frozen=True, eq=False)
class Held:
    """An array or number that an object holds, with all its places; the first is the one that it is named by."""

    value: Any
    places: tuple[Path, ...]
    views: tuple[View, ...] = ()

    @property
    def path(self) -> Path:
        """The place that the array is named by."""
        return self.places[0]

    @property
    def name(self) -> str:
        """The name of the first place."""
        return named(self.path)

    @property
    def is_array(self) -> bool:
        """Whether it is an array, and no single number of Python."""
        return isinstance(self.value, np.ndarray)

    def load(self, target: Any, value: Any) -> None:
        """Put another array at every place of this one."""
        for path in self.places:
            put(target, path, value)
        for view in self.views:
            put(target, view.path, view.of(value))


def held_by(target: Any) -> list[Held]:
    """Return the float arrays and numbers of an object; one array in two places is one.

    A view of another array of the object, a transpose or a part, belongs to that one.

    >>> class Layer:
    ...     def __init__(self):
    ...         self.W = np.zeros((2, 3))
    ...         self.params, self.turned = [self.W], self.W.T
    >>> [(one.places, [view.path for view in one.views]) for one in held_by(Layer())]
    [((('W',), ('params', 0)), [('turned',)])]
    """
    groups: dict[Any, list[tuple[Path, Any]]] = {}
    for path, value in walk(target):
        groups.setdefault(_identity(path, value), []).append((path, value))
    found = [Held(group[0][1], tuple(sorted((path for path, _ in group), key=len))) for group in groups.values()]
    return _with_views(found)


def _identity(path: Path, value: Any) -> Any:
    if not isinstance(value, np.ndarray):
        return path
    return value.__array_interface__["data"][0], value.shape, value.strides


def _with_views(found: list[Held]) -> list[Held]:
    arrays = sorted((one for one in found if one.is_array), key=lambda one: -one.value.size)
    owner: dict[int, tuple[Held, list[View]]] = {}
    taken: set[int] = set()
    for one in arrays:
        for whole, views in owner.values():
            entries = _entries(one.value, whole.value)
            if entries is not None:
                views += [View(path, entries) for path in one.places]
                taken.add(id(one))
                break
        else:
            owner[id(one)] = (one, [])
    return [
        Held(one.value, one.places, tuple(owner[id(one)][1])) if id(one) in owner else one
        for one in found
        if id(one) not in taken
    ]


def _entries(part: Any, whole: Any) -> Any:
    """Which entries of a contiguous array another one shares, or None where it is no view of it."""
    if not whole.flags.c_contiguous or part.dtype != whole.dtype or not np.may_share_memory(part, whole):
        return None
    start = part.__array_interface__["data"][0] - whole.__array_interface__["data"][0]
    offsets = np.array(start)
    for n, stride in zip(part.shape, part.strides, strict=True):
        offsets = offsets[..., None] + np.arange(n) * stride
    entries = offsets // whole.itemsize
    inside = entries.size and entries.min() >= 0 and entries.max() < whole.size
    return entries if inside and np.all(offsets % whole.itemsize == 0) else None


def names_of(found: Iterable[Held], taken: Iterable[str] = ()) -> dict[str, Held]:
    """Return arrays by the shortest name of their first place that is their own."""
    every = list(found)
    last = [str(one.path[-1]) for one in every]
    names: dict[str, Held] = {}
    for one, short in zip(every, last, strict=True):
        alone = isinstance(one.path[-1], str) and last.count(short) == 1 and short not in set(taken)
        names[short if alone else one.name] = one
    return names


def load(target: Any, parameters: Mapping[str, Held], values: Mapping[str, Any]) -> Any:
    """Put parameters into an object, each at all its places; return the object."""
    for name, one in parameters.items():
        one.load(target, values[name])
    return target
