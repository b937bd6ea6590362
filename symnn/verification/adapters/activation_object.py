"""An activation as an object: ``verify(activation, x)``.

Fits objects with a function (``fn``, ``__call__`` …) and its derivative (``grad``, ``derivative``, ``prime`` …), both
elementwise, and checks a second derivative (``grad2`` …) against the first where there is one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from symnn.verification.adapters.elementwise import AT_OUTPUT
from symnn.verification.adapters.objects import code_of
from symnn.verification.adapters.shape import Code, Given, is_numbers, tried, upstream_for
from symnn.verification.structure import parameters
from symnn.verification.subject import Function, Subject

FUNCTIONS = ("fn", "f", "function", "func", "activation", "activate", "apply", "forward", "call", "__call__")
"""What the function of an activation object is called."""

DERIVATIVES = (
    "grad",
    "gradient",
    "derivative",
    "deriv",
    "prime",
    "df",
    "dfn",
    "diff",
    "d",
    "fn_prime",
    "activation_prime",
    "activation_derivative",
    "function_prime",
    "forward_prime",
)
"""What its derivative is called."""

SECOND = ("grad2", "gradient2", "second_derivative", "derivative2", "prime2", "d2f", "hess")
"""What its second derivative is called."""


class ActivationObjectAdapter:
    """A row of the table of adapters."""

    shape = "verify(activation, x): an object with fn and grad, both elementwise"

    def fits(self, given: Given) -> bool:
        """Return whether the target has an elementwise function and a derivative by names that are known."""
        if isinstance(given.target, type) or len(given.arguments) != 1 or not is_numbers(given.arguments[0]):
            return False
        names = _names(given.target)
        x = given.arguments[0]
        return names is not None and np.shape(tried(getattr(given.target, names[0]), x)) == x.shape

    def adapt(self, given: Given) -> Subject:
        """Return Σ upstream ⊙ f(x), and with a second derivative Σ upstream ⊙ f'(x) added to it."""
        (x,), target = given.arguments, given.target
        function, derivative = _names(given.target) or ("", "")
        second = next((name for name in SECOND if callable(getattr(target, name, None))), "")
        steps = [(derivative, getattr(target, function), getattr(target, derivative))]
        notes: tuple[str, ...] = (f"{derivative} is checked as the derivative of {function}",)
        if second and _is_flat(getattr(target, derivative), getattr(target, second), x):
            notes += (f"{second} is zero, and so is every difference of {derivative}: there is nothing to check",)
        elif second:
            steps.append((second, getattr(target, derivative), getattr(target, second)))
            notes += (f"{second} is checked as the derivative of {derivative}",)
        weights = {name: upstream_for(x, given.seed + k) for k, (name, _, _) in enumerate(steps)}
        code = code_of(target)
        at_output = [(name, f, lambda z, f=f, df=df: df(f(z))) for name, f, df in steps[:1]] + steps[1:]
        return Subject(
            Code(_loss(steps), code),
            Code(_grad(steps), code),
            parameters({name: x for name, _, _ in steps}),
            (weights,),
            shape=self.shape,
            instead=((AT_OUTPUT, Code(_grad(at_output), code)),),
            notes=notes,
        )


def _loss(steps: list[tuple[str, Function, Function]]) -> Function:
    def loss(points: Mapping[str, Any], upstream: Mapping[str, Any]) -> Any:
        return sum(np.sum(upstream[name] * f(points[name])) for name, f, _ in steps)

    return loss


def _grad(steps: list[tuple[str, Function, Function]]) -> Function:
    def grad(points: Mapping[str, Any], upstream: Mapping[str, Any]) -> Any:
        return {name: upstream[name] * df(points[name]) for name, _, df in steps}

    return grad


def _names(target: Any) -> tuple[str, str] | None:
    function = next((name for name in FUNCTIONS if callable(getattr(target, name, None))), None)
    derivative = next((name for name in DERIVATIVES if callable(getattr(target, name, None))), None)
    return (function, derivative) if function and derivative else None


def _is_flat(derivative: Function, second: Function, x: Any) -> bool:
    """Whether a second derivative of zeros is right: the first does not change near any entry."""
    said, here = tried(second, x), tried(derivative, x)
    near = [tried(derivative, x + step) for step in (-(2.0**-20), 2.0**-20)]
    if said is None or here is None or any(one is None for one in near):
        return False
    return not np.any(said) and all(np.array_equal(one, here) for one in near)
