"""What is checked: a loss and its gradient, with the parameters and data that they are called with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from symnn.verification.structure import Parameters, check_data, parameters

Function = Callable[..., Any]


@dataclass(frozen=True)
class Missing:
    """A gradient that was not found: name and shape of the parameter, and a sentence on what was looked for."""

    name: str
    shape: tuple[int, ...]
    said: str


@dataclass(frozen=True)
class Subject:
    """A target brought into the one form that is checked: ``loss(params, *data)`` and ``grad(params, *data)``.

    ``shape`` says in words which form the target had. ``instead`` holds other readings of the gradient, each with the
    sentence that says which it is: the first that is right counts. ``notes`` say how the target was read. ``exact`` is
    the loss to take derivatives of where the code under test runs in float64 only, ``only_floats`` names what keeps it
    there. ``again`` makes a loss and a gradient that keep their state between calls, as the object under test does;
    None where loss and grad do so themselves. ``words`` are what its user calls the loss, the gradient and the data.
    """

    loss: Function
    grad: Function
    parameters: Parameters
    data: tuple[Any, ...] = ()
    shape: str = ""
    instead: tuple[tuple[str, Function], ...] = ()
    notes: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()
    only_floats: str = ""
    exact: Function | None = None
    again: Callable[[], tuple[Function, Function]] | None = None
    words: tuple[str, ...] = ("loss", "grad")


def pair_of(loss: Function, grad: Function, params: Any, *data: Any) -> Subject:
    """Return two functions with their parameters and data as a subject.

    Raises `InputError` for parameters or data that cannot be used.

    >>> import numpy as np
    >>> list(pair_of(np.sum, np.ones_like, {"W": np.ones(2)}).parameters.arrays)
    ['W']
    """
    check_data(data)
    return Subject(loss, grad, parameters(params), data)
