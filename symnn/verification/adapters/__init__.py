"""Adapters: one row for every shape that hand-written backprop has, each bringing it into the one that is checked."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec

from symnn.errors import InputError, aligned
from symnn.scalars.scientific import scientific
from symnn.verification.adapters.cost_class import CostClassAdapter
from symnn.verification.adapters.forward_backward import ForwardBackwardAdapter
from symnn.verification.adapters.function_object import FunctionObjectAdapter
from symnn.verification.adapters.functions import ElementwiseAdapter
from symnn.verification.adapters.jax_function import JaxFunctionAdapter
from symnn.verification.adapters.layer import LayerAdapter
from symnn.verification.adapters.pair_of_functions import PairAdapter, ValueAndGradientAdapter
from symnn.verification.adapters.shape import Adapter, Code, Given, Library
from symnn.verification.adapters.torch_function import TorchFunctionAdapter
from symnn.verification.subject import Subject

__all__ = ["ADAPTERS", "Adapter", "Code", "Given", "adapt"]

ADAPTERS: tuple[Adapter, ...] = (
    TorchFunctionAdapter(),
    JaxFunctionAdapter(),
    ElementwiseAdapter(),
    ForwardBackwardAdapter(),
    PairAdapter(),
    ValueAndGradientAdapter(),
    CostClassAdapter(),
    LayerAdapter(),
    FunctionObjectAdapter(),
)
"""Every shape that is known; the first that fits counts."""

STACK = "verify(layers, network=net): layers and the network they are meant to be"
"""The one shape that is checked against a derivation instead of its own loss."""


def adapt(given: Given) -> Subject:
    """Return what is to be checked in the common shape.

    Raises `InputError` where no adapter fits, with the shapes that are known and what was seen.

    >>> import numpy as np
    >>> adapt(Given(np.tanh, (lambda x: 1 - np.tanh(x) ** 2, np.array([0.5, -1.0])))).shape
    'verify(f, df, x): an elementwise function and its derivative at an array x'
    """
    if _is_of_a_library(given.target) or any(map(_is_of_a_library, given.arguments)):
        own = (Library(x) if _is_of_a_library(x) else x for x in given.arguments)
        target = Library(given.target) if _is_of_a_library(given.target) else given.target
        given = replace(given, target=target, arguments=tuple(own))
    refused: InputError | None = None
    for adapter in ADAPTERS:
        if adapter.fits(given):
            try:
                return adapter.adapt(given)
            except InputError as error:
                # Another row may read it; if none does, the first to fit says best what it lacks.
                refused = refused or error
    if refused is not None:
        raise refused
    known = "\n".join(f"  {_available(shape)}" for shape in [*(adapter.shape for adapter in ADAPTERS), STACK])
    seen = aligned([("target", _told(given.target)), ("arguments", ", ".join(map(_told, given.arguments)) or "(none)")])
    raise InputError(f"this is no shape that verify knows\n{seen}\nit knows\n{known}")


def _is_of_a_library(x: object) -> bool:
    return id(x) in scientific()


def _available(shape: str) -> str:
    """The shape, and for one of a framework whether that is installed."""
    absent = next((name for name in ("torch", "jax") if f"a {name}." in shape and find_spec(name) is None), "")
    return f"{shape} ({absent} is not installed)" if absent else shape


def _told(x: object) -> str:
    if isinstance(x, type):
        return f"the class {x.__name__} itself: give an object of it"
    name = getattr(x, "__name__", "")
    if callable(x) and name:
        return f"the function {name}"
    shape = getattr(x, "shape", None)
    if shape is not None:
        return f"{type(x).__name__} of shape {tuple(shape)}"
    methods = [name for name in dir(x) if not name.startswith("_") and callable(getattr(type(x), name, None))]
    own = type(x).__module__ != "builtins" and methods
    return f"{type(x).__name__} with {', '.join(methods[:8])}" if own else type(x).__name__
