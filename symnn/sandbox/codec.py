"""Values as JSON and back: what ``loss`` and ``grad`` take and return, and nothing that could run.

A plain value is itself; every other one is an object with a single key, the name of its row in the tables below.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from symnn.errors import UndecidedError
from symnn.sandbox.limits import MOST_ANSWERED
from symnn.sandbox.texts import BY_NAME, KINDS
from symnn.sandbox.towers import Towers
from symnn.sandbox.traces import roots_of, table
from symnn.scalars import Scalar, ScalarArray, Tower
from symnn.scalars.base import TruthArray
from symnn.scalars.block import in_entries
from symnn.scalars.nodes import Node

MOST_KEPT = 2_000_000
"""How many scalars each side remembers, so that parameters that do not change are sent once."""

_LARGEST_PLAIN = 2**53
_NUMERIC = "?biufcSU"
_LONGEST_SAID = 200

_CLASSES: dict[str, type[np.ndarray]] = {"plain": np.ndarray, "scalars": ScalarArray, "truths": TruthArray}
_ONE = "one"
_CLASS_NAMES = {kind: name for name, kind in _CLASSES.items()}


class Held:
    """A value that cannot travel: its number with the one who holds it (0: nobody), and what it looks like."""

    def __init__(self, number: int, said: str) -> None:
        self.number = number
        self.said = said

    def __repr__(self) -> str:
        return self.said

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Held) and self.written() == other.written()

    def __hash__(self) -> int:
        return hash((self.number, self.said))

    def written(self) -> list[Any]:
        """Return what JSON can hold of it; with a method it is also no container of arrays."""
        return [self.number, self.said]


class Writer:
    """Turns values into what JSON can hold; one that ``remembers`` only refers to arrays of scalars it has sent before.

    ``hold`` is given what cannot travel and returns its number. A `Held` value stands for itself. Raises UndecidedError
    for scalars that cannot travel.

    >>> Writer().write({"W": [1, 0.5], "name": None})
    {'dict': [['W', {'list': [1, {'float': '0x1.0000000000000p-1'}]}], ['name', None]]}
    """

    def __init__(
        self, hold: Callable[[Any], int] = lambda x: 0, remembers: bool = False, towers: Towers | None = None
    ) -> None:
        self._hold = hold
        self._towers = towers or Towers()
        self._remembers = remembers
        self._kept: dict[bytes, tuple[int, Any]] = {}
        self._size = 0
        self._forgot = False

    def message(self, **parts: Any) -> dict[str, Any]:
        """Return a message of values that are written and of ``forget``, which starts the memory of arrays anew."""
        if self._size > MOST_KEPT:
            self.forget()
        written = {key: self.write(value) for key, value in parts.items()}
        forgot, self._forgot = self._forgot, False
        return {**written, "forget": forgot}

    def forget(self) -> None:
        """Refer to nothing that was sent before; the next message says so."""
        self._kept.clear()
        self._size, self._forgot = 0, True

    def write(self, x: Any) -> Any:
        """Return a value as what JSON can hold."""
        if x is None or type(x) in (bool, str):
            return x
        x = in_entries(x)
        if type(x) is int:
            return x if abs(x) < _LARGEST_PLAIN else {"int": f"{x:x}"}
        if type(x) is float:
            return {"float": x.hex()}
        if isinstance(x, Scalar):
            return self._numbers([x], {"shape": [], "class": _ONE})
        if isinstance(x, Node):
            return {"node": table([x])}
        if isinstance(x, Tower):
            return self._tower(x)
        if isinstance(x, list | tuple):
            return {"tuple" if isinstance(x, tuple) else "list": [self.write(part) for part in x]}
        if isinstance(x, Mapping):
            return {"dict": [[self.write(key), self.write(value)] for key, value in x.items()]}
        if isinstance(x, np.generic) and x.dtype.kind in _NUMERIC:
            return {"number": _bytes(np.asarray(x))}
        if type(x) in _CLASS_NAMES:
            return self._array(x)
        return self._held(x)

    def _array(self, A: Any) -> Any:
        if A.dtype.kind in _NUMERIC:
            return {"array": {**_bytes(A), "class": _CLASS_NAMES[type(A)]}}
        if A.dtype != object:
            return self._held(A)
        about = {"shape": list(A.shape), "class": _CLASS_NAMES[type(A)]}
        entries = A.ravel().tolist()
        alike = len(set(map(type, entries))) == 1 and isinstance(entries[0], Scalar)
        if not alike:
            return {"objects": {**about, "entries": [self.write(x) for x in entries]}}
        return self._numbers(entries, about)

    def _numbers(self, entries: list[Any], about: dict[str, Any]) -> Any:
        """Write scalars of one class; the same objects are the same numbers, for scalars never change."""
        kind = KINDS.get(type(entries[0]))
        if kind is None:
            raise UndecidedError(f"numbers of the class {type(entries[0]).__name__} are not available in the sandbox")
        identity = np.array([id(x) for x in entries]).tobytes() if self._remembers else b""
        if identity in self._kept:
            return {"again": {**about, "keep": self._kept[identity][0]}}
        numbers: dict[str, Any] = {**about, "kind": kind.name, **kind.write(entries, self._towers)}
        if self._remembers:
            numbers["keep"] = len(self._kept)
            # With its entries kept, no identity is given to another object.
            self._kept[identity] = len(self._kept), entries
            self._size += len(entries)
        return {"numbers": numbers}

    def _tower(self, tower: Tower) -> Any:
        if self._towers.is_new(tower):
            # No code may use numbers over two towers.
            self.forget()
        return {"tower": self._towers.written(tower)}

    def _held(self, x: Any) -> Any:
        if isinstance(x, Held):
            return {"held": x.written()}
        return {"held": [self._hold(x), _said(x)]}


def _bytes(A: Any) -> dict[str, Any]:
    if A.nbytes > MOST_ANSWERED // 2:
        raise UndecidedError(f"an array of {A.nbytes // 10**6} MB is larger than a result may be")
    return {"dtype": A.dtype.str, "shape": list(A.shape), "bytes": base64.b64encode(A.tobytes()).decode("ascii")}


def _said(x: Any) -> str:
    try:
        return repr(x)[:_LONGEST_SAID]
    except Exception:
        return f"<{type(x).__name__}>"


class Reader:
    """Turns what a `Writer` wrote back into values. Raises ValueError, TypeError or KeyError for anything else.

    ``held`` is given the number of a value that was held, and what it looked like.

    >>> Reader().read(Writer().write((np.arange(2), 0.5)))
    (array([0, 1]), 0.5)
    """

    def __init__(self, held: Callable[[int, str], Any] = Held, towers: Towers | None = None) -> None:
        self._held = held
        self._towers = towers or Towers()
        self._kept: dict[int, list[Any]] = {}
        self._rows: dict[str, Callable[[Any], Any]] = {
            "int": lambda text: int(text, 16),
            "float": float.fromhex,
            "list": lambda parts: list(map(self.read, parts)),
            "tuple": lambda parts: tuple(map(self.read, parts)),
            "dict": lambda pairs: {self.read(key): self.read(value) for key, value in pairs},
            "number": lambda about: _numeric(about)[()],
            "array": lambda about: _numeric(about).copy().view(_CLASSES[about["class"]]),
            "objects": lambda about: _objects(list(map(self.read, about["entries"])), about),
            "node": lambda given: roots_of(given)[0],
            "tower": self._towers.read,
            "numbers": self._numbers,
            "again": lambda about: _objects(self._kept[about["keep"]], about),
            "held": lambda pair: self._held(int(pair[0]), str(pair[1])),
        }

    def message(self, message: dict[str, Any]) -> dict[str, Any]:
        """Return the values in a message."""
        parts = dict(message)
        if parts.pop("forget"):
            self._kept.clear()
        return {key: self.read(value) for key, value in parts.items()}

    def read(self, x: Any) -> Any:
        """Return the value that was written as ``x``."""
        if x is None or isinstance(x, bool | str | int):
            return x
        ((row, given),) = x.items()
        return self._rows[row](given)

    def _numbers(self, about: dict[str, Any]) -> Any:
        entries = BY_NAME[about["kind"]].read(about, self._towers)
        if "keep" in about:
            self._kept[int(about["keep"])] = entries
        return _objects(entries, about)


def _numeric(about: dict[str, Any]) -> Any:
    dtype = np.dtype(str(about["dtype"]))
    if dtype.kind not in _NUMERIC:
        raise ValueError(f"{dtype} is no type of numbers or text")
    given = base64.b64decode(about["bytes"], validate=True)
    shape = tuple(map(int, about["shape"]))
    if len(given) != dtype.itemsize * math.prod(shape):
        raise ValueError(f"{len(given)} bytes are no array of shape {shape}")
    return np.ndarray(shape, dtype, buffer=given)


def _objects(entries: list[Any], about: dict[str, Any]) -> Any:
    if about["class"] == _ONE:
        return entries[0]
    flat = np.empty(len(entries), dtype=object)
    flat[:] = entries
    return flat.reshape(about["shape"]).view(_CLASSES[about["class"]])
