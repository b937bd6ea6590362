"""Layers that update themselves: with a learning rate of one, and no momentum, the step is the gradient."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from symnn.verification.adapters.objects import Path
from symnn.verification.holders import is_of_the_user, items

RATES = frozenset({"learning_rate", "learningRate", "lr", "eta", "step_size", "lrate", "learn_rate"})
"""What a learning rate is called."""

RATE_ARGUMENTS = RATES | {"rate", "alpha"}
"""What the argument of a backward pass is called that takes one; as an attribute, a rate may be that of a dropout."""

STEPS = ("update", "step", "apply", "get_update", "update_param", "update_params")
"""What the method of an optimiser is called that takes an array and its gradient."""


def is_rate(path: Path) -> bool:
    """Return whether a number is a learning rate, by its name.

    >>> is_rate(("optimiser", "lr")), is_rate(("W",))
    (True, False)
    """
    return path[-1] in RATES


def set_rates(target: Any) -> None:
    """Set the learning rates that an object keeps to one, and replace its optimisers by plain steps of that size.

    >>> class Layer:
    ...     lr = 0.01
    >>> layer = Layer(); set_rates(layer); layer.lr
    1.0
    """
    for part in _rated(target):
        name = next((name for name in STEPS if _takes_two(getattr(type(part), name, None))), None)
        if name is not None and name not in vars(part):
            vars(part)[name] = partial(_plain_step, getattr(part, name))
        for rate in _rates_of(part):
            object.__setattr__(part, rate, 1.0)


def has_rate(target: Any) -> bool:
    """Return whether an object keeps a learning rate, itself or in an optimiser of its own."""
    return any(True for _ in _rated(target))


def _rated(target: Any) -> Iterator[Any]:
    """The object, and those within it, that keep a learning rate, as an attribute of their own or of their class."""
    seen: set[int] = set()
    waiting = [target]
    while waiting:
        part = waiting.pop()
        if id(part) in seen or isinstance(part, np.ndarray):
            continue
        seen.add(id(part))
        if is_of_the_user(part) and hasattr(part, "__dict__") and _rates_of(part):
            yield part
        waiting += [one for _, one in items(part)]


def _rates_of(part: Any) -> list[str]:
    return [name for name in sorted(RATES) if isinstance(getattr(part, name, None), float | int)]


def _takes_two(method: Any) -> bool:
    if not callable(method):
        return False
    # self, the array, and its gradient
    return len(inspect.signature(method).parameters) >= 3


def _plain_step(original: Callable[..., Any], array: Any, gradient: Any, *rest: Any, **options: Any) -> Any:
    """Move an array by its gradient: in place where the optimiser returns nothing, else as a new one."""
    moved = array - gradient
    if original(np.array(array), np.array(gradient), *rest, **options) is None:
        array[...] = moved
        return None
    return moved
