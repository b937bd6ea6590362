"""What objects hold: their entries one by one, and the generators of random numbers within reach of a function."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from operator import is_
from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from symnn.scalars import Scalar
from symnn.scalars.runner import INSTALLED

_DEEPEST = 4
_MOST = 1000
"""How many entries of a container are looked into for generators."""

_OF_THE_USER: WeakKeyDictionary[type, bool] = WeakKeyDictionary()
"""What is known of classes: it is asked of every name of a module at every call."""

_LOOKS = 3
"""So often a module is looked through in a check: a first call may make generators, as may the first in float64."""
_KEPT: ContextVar[dict[int, tuple[int, list[Any], dict[int, Any]]] | None] = ContextVar("kept", default=None)
"""By module how often it was looked through in this check, the objects that it named, and what they lead to."""

_GENERATORS = (np.random.Generator, np.random.RandomState, random.Random)
_PLAIN = {np.ndarray, np.float64, np.int64, str, int, float, bool, type(None)}
_LEAVES = (np.ndarray, np.generic, Scalar, str, int, float, type, ModuleType, type(None))


@contextmanager
def one_check() -> Iterator[None]:
    """Keep meanwhile what the names of modules lead to, until a module names another object."""
    token = _KEPT.set({} if _KEPT.get() is None else _KEPT.get())
    try:
        yield
    finally:
        _KEPT.reset(token)


def items(holder: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the entries of a dict, list or tuple, or the attributes of an object of a class of the user's.

    >>> list(items({"a": 1})), list(items([2])), list(items(3))
    ([('a', 1)], [(0, 2)], [])
    """
    if isinstance(holder, dict):
        yield from list(holder.items())
    elif isinstance(holder, list | tuple):
        yield from enumerate(list(holder))
    elif is_of_the_user(holder):
        yield from [*slots_of(holder).items(), *vars_of(holder).items()]


def slots_of(x: Any) -> dict[str, Any]:
    """Return what an object keeps in the slots of its classes, by name.

    >>> class Pair:
    ...     __slots__ = ("a", "b")
    >>> one = Pair(); one.a = 1; slots_of(one)
    {'a': 1}
    """
    rows = [getattr(kind, "__slots__", ()) for kind in type(x).__mro__]
    names = [name for row in rows for name in ((row,) if isinstance(row, str) else row)]
    return {name: getattr(x, name) for name in names if hasattr(x, name) and not name.startswith("__")}


def vars_of(x: Any) -> dict[str, Any]:
    """Return the attributes of an object that has a dict of them, else none.

    >>> vars_of(3)
    {}
    """
    return dict(getattr(x, "__dict__", {}))


def is_of_the_user(x: Any) -> bool:
    """Return whether x is an object with attributes, of a class that is neither Python's nor NumPy's."""
    kind = type(x)
    known = _OF_THE_USER.get(kind)
    if known is None:
        known = _OF_THE_USER[kind] = _holds_attributes(kind)
    return known


def _holds_attributes(kind: type) -> bool:
    if issubclass(kind, type | ModuleType | FunctionType | np.ndarray | np.generic | Scalar):
        return False
    if issubclass(kind, SimpleNamespace):
        return True
    if not kind.__dictoffset__ and not any("__slots__" in vars(one) for one in kind.__mro__):
        return False
    return is_of_the_user_module(str(kind.__module__))


@cache
def is_of_the_user_module(name: str) -> bool:
    """Return whether a module is neither Python's own nor NumPy's, SciPy's or flint's.

    >>> is_of_the_user_module("mine.layers"), is_of_the_user_module("collections.abc")
    (True, False)
    """
    package = name.partition(".")[0]
    foreign = package in {"numpy", "scipy", "flint"} or package in sys.stdlib_module_names
    return package == "__main__" or not foreign


def generators(function: Any) -> list[Any]:
    """Return the generators that a function may draw from, in its module, closure and object; the global ones aside."""
    found: dict[int, Any] = {}
    _gather(function, found, set(), 0, _package(getattr(function, "__module__", None)))
    return list(found.values())


def rewound(function: Any, draws: int = 0) -> Callable[[], None]:
    """Return what sets every generator that a function may draw from back to where it stands now.

    Looked for are those of NumPy and of ``random``, the global ones too, in the function's module, closure and object.
    With ``draws``, they are first set to where others are drawn, the same for the same number.

    >>> rng = np.random.default_rng(0)
    >>> back = rewound(lambda: rng.random())
    >>> first = rng.random(); back(); rng.random() == first
    True
    """
    return rewinding(generators(function), draws)


def rewinding(found: list[Any], draws: int = 0) -> Callable[[], None]:
    """Return what sets generators and the global ones back, as `rewound` does."""
    undo: list[Callable[[], None]] = [_undo(generator) for generator in found]
    of_numpy, of_python = np.random.get_state(), random.getstate()
    if draws:
        np.random.seed(draws)
        random.seed(draws)
        for one in found:
            _put(one, draws)

    def back() -> None:
        np.random.set_state(of_numpy)
        random.setstate(of_python)
        for one in undo:
            one()

    return back


def standing(found: list[Any]) -> tuple[Any, ...]:
    """Return where generators and the global ones stand, to be compared."""
    state = np.random.get_state(legacy=False)["state"]
    return state["pos"], state["key"].tobytes(), random.getstate(), *(_state(one) for one in found)


def _state(generator: Any) -> str:
    if isinstance(generator, np.random.Generator):
        return str(generator.bit_generator.state)
    return str(generator.get_state() if isinstance(generator, np.random.RandomState) else generator.getstate())


def _put(generator: Any, draws: int) -> None:
    """Set a generator to where it draws other numbers."""
    if isinstance(generator, np.random.Generator):
        bits: Any = generator.bit_generator
        bits.state = type(bits)(draws).state
    else:
        generator.seed(draws)


def _undo(generator: Any) -> Callable[[], None]:
    if isinstance(generator, np.random.Generator):
        bits = generator.bit_generator
        state: Any = bits.state
        return lambda: setattr(bits, "state", state)
    if isinstance(generator, np.random.RandomState):
        of_numpy = generator.get_state()
        return lambda: generator.set_state(of_numpy)
    of_python = generator.getstate()
    return lambda: generator.setstate(of_python)


def _gather(x: Any, found: dict[int, Any], seen: set[int], depth: int, own: str) -> None:
    if id(x) in seen or depth > _DEEPEST or isinstance(x, _LEAVES):
        return
    seen.add(id(x))
    if isinstance(x, _GENERATORS):
        found[id(x)] = x
        return
    if _is_foreign(str(type(x).__module__), own):
        return
    space = getattr(x, "__globals__", None)
    if isinstance(space, dict) and id(space) not in seen and is_of_the_user_module(str(space.get("__name__", ""))):
        seen.add(id(space))
        found.update(_of_module(space, own))
    for part in _within(x):
        # Most entries are numbers and text: what is asked of every one of them is asked quickly.
        if type(part) not in _PLAIN:
            _gather(part, found, seen, depth + 1, own)


def _of_module(space: dict[str, Any], own: str) -> dict[int, Any]:
    """The generators that the names of a module lead to; not by its functions, which lead to other modules."""
    kept, names = _KEPT.get(), list(space.values())
    looks, known, found = kept.get(id(space), (0, [], {})) if kept is not None else (0, [], {})
    same = len(known) == len(names) and all(map(is_, known, names))
    if looks >= _LOOKS and same:
        return found
    found = {}
    for part in names:
        if isinstance(part, _GENERATORS) or is_of_the_user(part):
            _gather(part, found, {id(space)}, 1, own)
    if kept is not None:
        kept[id(space)] = looks + 1 if same else 1, names, found
    return found


def _package(module: object) -> str:
    return str(module or "").partition(".")[0]


@cache
def _is_foreign(module: str, own: str) -> bool:
    """Whether objects of a class of this module belong to an installed package other than the one whose code is called.

    What such a package keeps, say a tree of formulas in a test's own module, is large and draws no numbers.
    """
    package = _package(module)
    if package == own or package in sys.stdlib_module_names:
        return False
    path = str(getattr(sys.modules.get(module), "__file__", None) or "")
    return package == "symnn" or any(part in path for part in INSTALLED)


def _within(x: Any) -> Iterator[Any]:
    """What may lead to a generator: the object and closure of a function, and entries."""
    if (owner := getattr(x, "__self__", None)) is not None:
        yield owner
    closure = getattr(x, "__closure__", None)
    for cell in closure if isinstance(closure, tuple) else ():
        try:
            yield cell.cell_contents
        except ValueError:  # not bound yet
            continue
    for _, (_, entry) in zip(range(_MOST), items(x), strict=False):
        yield entry
