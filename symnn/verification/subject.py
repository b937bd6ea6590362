"""What is checked: a loss and its gradient, with the parameters and data that they are called with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from symnn.derivation import Derivation
from symnn.network import Network
from symnn.verification.structure import Parameters, check_data, parameters

Function = Callable[..., Any]


@dataclass(frozen=True)
class Missing:
    """A gradient that was not found: name and shape of the parameter, and a sentence on what was looked for."""

    name: str
    shape: tuple[int, ...]
    said: str


@dataclass(frozen=True)
class Described:
    """The network that a subject is meant to be, for the diagnosis of its mistakes.

    ``arrays`` gives parameters, inputs and targets by the network's names at a point of the subject, ``gradients`` its
    gradients by these names; those ``supplied`` to the code are not its mistake. ``names`` are the
    user's names by the network's, ``fixed`` arrays of the network that are no parameters of the subject.
    """

    network: Network
    derivation: Derivation
    arrays: Callable[[Mapping[str, Any]], Mapping[str, Any]]
    gradients: Callable[[Mapping[str, Any], Mapping[str, Any]], Mapping[str, Any]]
    supplied: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Subject:
    """A target brought into the one form that is checked: ``loss(params, *data)`` and ``grad(params, *data)``.

    ``shape`` says in words which form the target had. ``notes`` say how the target was read. ``exact`` is
    the loss to take derivatives of where the code under test runs in float64 only, ``only_floats`` names what keeps it
    there. ``again`` makes a loss and a gradient that keep their state between calls, as the object under test does;
    None where loss and grad do so themselves. ``words`` are what its user calls the loss, the gradient and the data.
    ``described`` is the network that it is meant to be, where that was said.
    """

    loss: Function
    grad: Function
    parameters: Parameters
    data: tuple[Any, ...] = ()
    shape: str = ""
    notes: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()
    only_floats: str = ""
    exact: Function | None = None
    again: Callable[[], tuple[Function, Function]] | None = None
    words: tuple[str, ...] = ("loss", "grad")
    described: Described | None = None


def without_gradient(subject: Subject) -> Subject:
    """Return a subject with zeros for its gradient: what its loss says can be had whatever that code does."""
    shapes = {name: A.shape for name, A in subject.parameters.arrays.items()}
    return replace(subject, grad=lambda params, *data: {name: np.zeros(shape) for name, shape in shapes.items()})


def pair_of(loss: Function, grad: Function, params: Any, *data: Any) -> Subject:
    """Return two functions with their parameters and data as a subject.

    Raises `InputError` for parameters or data that cannot be used.

    >>> list(pair_of(np.sum, np.ones_like, {"W": np.ones(2)}).parameters.arrays)
    ['W']
    """
    check_data(data)
    return Subject(loss, grad, parameters(params), data)
