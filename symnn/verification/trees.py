"""Nested containers of arrays, as people keep them: dicts, lists, tuples, named tuples, dataclasses, plain objects."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable, Mapping
from types import FunctionType, SimpleNamespace
from typing import Any

import numpy as np

from symnn.errors import InputError
from symnn.scalars import Scalar
from symnn.verification.holders import is_of_the_user, slots_of

ROOT = "params"
"""How a leaf is named that has no name of its own: ``params[0]``."""


def mapped(tree: Any, leaf: Callable[[str, Any], Any], name: str = "") -> Any:
    """Return a tree of the same kind whose leaves are ``leaf(name, old)``; a list of plain numbers is one leaf.

    >>> mapped({"W": 1, "rest": [np.ones(1)]}, lambda name, _: name)
    {'W': 'W', 'rest': ['rest[0]']}
    """
    if isinstance(tree, Mapping):
        return {key: mapped(x, leaf, f"{name}.{key}" if name else str(key)) for key, x in tree.items()}
    if isinstance(tree, (list, tuple)) and not _is_numbers(tree):
        if fields := getattr(tree, "_fields", None):
            named = zip(fields, tree, strict=True)
            return type(tree)(*[mapped(x, leaf, f"{name}.{field}" if name else field) for field, x in named])
        made = [mapped(x, leaf, f"{name or ROOT}[{k}]") for k, x in enumerate(tree)]
        return made if isinstance(tree, list) else tuple(made)
    if is_record(tree):
        changed = copy.copy(tree)
        for field, x in fields_of(tree).items():
            # A frozen dataclass refuses to be assigned to.
            object.__setattr__(changed, field, mapped(x, leaf, f"{name}.{field}" if name else field))
        return changed
    return leaf(name or ROOT, tree)


def is_record(x: Any) -> bool:
    """Return whether x only keeps values in attributes: a dataclass, a namespace, an object without methods.

    >>> is_record(SimpleNamespace(W=np.ones(2))), is_record(np.ones(2)), is_record(len)
    (True, False, False)
    """
    if isinstance(x, type) or callable(x):
        return False
    if isinstance(x, SimpleNamespace) or dataclasses.is_dataclass(x):
        return True
    return is_of_the_user(x) and not any(map(_is_method, type(x).__mro__[:-1])) and bool(fields_of(x))


def _is_method(kind: type) -> bool:
    return any(isinstance(one, FunctionType) and not name.startswith("__") for name, one in vars(kind).items())


def is_plain(tree: Any) -> bool:
    """Return whether a tree is made of dicts, lists and tuples only, and of nothing with a class of its own.

    >>> is_plain({"W": [1, (2, 3)]}), is_plain(SimpleNamespace(W=1))
    (True, False)
    """
    if isinstance(tree, Mapping):
        return type(tree) is dict and all(map(is_plain, tree.values()))
    if isinstance(tree, (list, tuple)):
        return type(tree) in (list, tuple) and all(map(is_plain, tree))
    return not is_record(tree)


def fields_of(x: Any) -> dict[str, Any]:
    """Return the attributes of an object by name, those in slots too."""
    return {**slots_of(x), **getattr(x, "__dict__", {})}


def _is_numbers(x: Any) -> bool:
    """Whether nested lists hold plain numbers only, and so are one array."""
    if isinstance(x, (list, tuple)):
        return len(x) > 0 and not hasattr(x, "_fields") and all(map(_is_numbers, x))
    return isinstance(x, (int, float, np.number, Scalar))


def flatten(tree: Any) -> dict[str, Any]:
    """Return the leaves of a tree by name.

    Raises InputError when two leaves get the same name.

    >>> flatten({"W": 1, "layers": [np.zeros(1), {"b": 2}]})
    {'W': 1, 'layers[0]': array([0.]), 'layers[1].b': 2}
    """
    leaves: dict[str, Any] = {}

    def keep(name: str, leaf: Any) -> Any:
        if name in leaves:
            raise InputError(f"two parameters are called {name!r}")
        leaves[name] = leaf
        return leaf

    mapped(tree, keep)
    return leaves
