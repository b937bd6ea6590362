"""What a file gives to be checked beside a pair called loss and grad: its target, or the one thing that is one."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from types import FunctionType, ModuleType
from typing import Any

from symnn.errors import InputError, aligned
from symnn.verification.adapters.cost_class import COSTS, GRADIENTS
from symnn.verification.adapters.passes import methods_of

PAIRS = (
    ("forward", "backward"),
    ("fwd", "bwd"),
    ("loss", "grad"),
    ("loss", "gradient"),
    ("loss", "gradients"),
    ("cost", "gradient"),
    ("cost", "grad"),
    ("f", "df"),
)
"""What two functions are called, whole or behind a name of their own: ``affine_forward`` and ``affine_backward``."""

SUFFIXES = ("prime", "grad", "gradient", "derivative", "backward", "jac")
"""What stands behind a function's name in that of its derivative: ``relu`` and ``relu_prime``."""


def target_of(module: ModuleType) -> tuple[Any, ...]:
    """Return what `symnn.verify` is to be called with, before the arguments: one object, or two functions.

    ``target`` where the file says so, else the one list of layers, object, class or pair of functions that it has; ()
    where there is none. Raises InputError where there are several, or a class that cannot be made without arguments.
    """
    if hasattr(module, "target"):
        target = module.target
        pair = isinstance(target, tuple) and len(target) == 2 and all(map(callable, target))
        return (target[0], target[1]) if pair and not any(map(methods_of, target)) else (made("target", target),)
    for found in (list(_layers(module)), list(_objects(module)), list(_classes(module)), list(_functions(module))):
        if len(found) > 1:
            rows = [("found", ", ".join(name for name, _ in found))]
            raise InputError(f"it is not clear what is to be checked\n{aligned(rows)}\nsay which: target = ...")
        if found:
            ((name, target),) = found
            return target if isinstance(target, tuple) else (made(name, target),)
    return ()


def made(name: str, target: Any) -> Any:
    """Return an object as it is, and one of a class made without arguments; raise InputError where it wants some."""
    if not isinstance(target, type):
        return target
    try:
        inspect.signature(target).bind()
    except (TypeError, ValueError) as problem:
        raise InputError(f"{name} cannot be made without arguments: say target = {name}(...)") from problem
    return target()


def told(target: tuple[Any, ...]) -> str:
    """Return what a target is, in words."""
    first = target[0]
    if isinstance(first, list | tuple):
        return "a list of layers"
    return str(getattr(first, "__name__", type(first).__name__))


def _is_checked(kind: type) -> bool:
    has_cost = any(callable(getattr(kind, name, None)) for name in COSTS)
    return methods_of(kind) is not None or (has_cost and any(callable(getattr(kind, name, None)) for name in GRADIENTS))


def _own(module: ModuleType) -> Iterator[tuple[str, Any]]:
    yield from ((name, value) for name, value in vars(module).items() if not name.startswith("_"))


def _layers(module: ModuleType) -> Iterator[tuple[str, Any]]:
    for name, value in _own(module):
        if isinstance(value, list) and value and all(methods_of(one) is not None for one in value):
            yield name, value


def _objects(module: ModuleType) -> Iterator[tuple[str, Any]]:
    for name, value in _own(module):
        if type(value).__module__ == module.__name__ and _is_checked(type(value)):
            yield name, value


def _classes(module: ModuleType) -> Iterator[tuple[str, Any]]:
    own = [
        (n, v) for n, v in _own(module) if isinstance(v, type) and v.__module__ == module.__name__ and _is_checked(v)
    ]
    # What another class is made of is no target of its own.
    yield from ((n, v) for n, v in own if not any(v is not other and issubclass(other, v) for _, other in own))


def _functions(module: ModuleType) -> Iterator[tuple[str, Any]]:
    own = {n: v for n, v in _own(module) if isinstance(v, FunctionType) and v.__module__ == module.__name__}
    for name, function in own.items():
        for second in _seconds(name):
            if second in own:
                yield f"{name} and {second}", (function, own[second])


def _seconds(name: str) -> Iterator[str]:
    """The names that a function of this name has a second part under."""
    parts = [(first, second) for first, second in PAIRS if name == first or name.endswith(f"_{first}")]
    found = [name.removesuffix(first) + second for first, second in parts]
    yield from dict.fromkeys([*found, *(f"{name}_{suffix}" for suffix in SUFFIXES), f"d{name}"])
