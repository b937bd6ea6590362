"""An array function and its derivative, elementwise or a Jacobian: ``verify(f, df, x)``, `verify_function`, objects.

The loss is Σ upstream ⊙ f(x) with a random upstream gradient. A derivative of the shape of x is multiplied by it, a
Jacobian contracted with it. Many write a derivative in terms of the output, df(f(z)): that is tried as well, and the
verdict says which it follows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from symnn.verification.adapters.floats import chosen, tried
from symnn.verification.adapters.shape import Code, Given, code_run_by, is_numbers, upstream_for
from symnn.verification.structure import parameters
from symnn.verification.subject import Function, Subject

AT_OUTPUT = "the derivative is given in terms of the output a = f(z): it is right as df(f(z)), not as df(z)"
"""What is said of a derivative that is right at the output only."""

JACOBIAN = "the derivative is a Jacobian, J[i, j] = ∂f[i]/∂x[j]: it was contracted with the upstream gradient"
TRANSPOSED = (
    "the derivative is a transposed Jacobian, J[j, i] = ∂f[i]/∂x[j]: it was contracted with the upstream gradient"
)
OF_SAMPLES = "the derivative holds a Jacobian for every sample: each was contracted with the upstream gradient"


class ElementwiseAdapter:
    """A row of the table of adapters."""

    shape = "verify(f, df, x): an elementwise function and its derivative at an array x"

    def fits(self, given: Given) -> bool:
        """Return whether f maps the array to an array, and df gives one of its shape or a Jacobian."""
        if len(given.arguments) != 2 or not callable(given.target) or not callable(given.arguments[0]):
            return False
        df, x = given.arguments
        if not is_numbers(x) or x.size <= 1:
            return False
        out = tried(given.target, x)
        if not is_numbers(out):
            return False
        return out.shape == x.shape or bool(contractions(np.shape(tried(df, x)), out.shape, x.shape))

    def adapt(self, given: Given) -> Subject:
        """Return Σ upstream ⊙ f(x), and the derivative times the upstream gradient."""
        df, x = given.arguments
        return array_function(self.shape, given.target, df, x, given.seed)


def array_function(shape: str, f: Function, df: Function, x: Any, seed: int, name: str = "x") -> Subject:
    """Return an array function and its derivative as a loss and a gradient, in the reading that is right."""
    readings = list(_readings(shape, f, df, x, seed, name))
    return chosen(readings, seed) or readings[0]


def _readings(shape: str, f: Function, df: Function, x: Any, seed: int, name: str) -> Iterator[Subject]:
    out = tried(f, x)
    upstream = upstream_for(x if out is None else out, seed)

    def subject(gradient: Function, note: str) -> Subject:
        return Subject(
            Code(lambda at, upstream: np.sum(upstream * f(at[name])), (f, df)),
            Code(lambda at, upstream: {name: gradient(at[name], upstream)}, (f, df)),
            parameters({name: x}),
            (upstream,),
            shape=shape,
            notes=(note,) if note else (),
            words=("the function", "the derivative", "the upstream gradient"),
        )

    found = tried(df, x)
    wide = contractions(np.shape(found), np.shape(upstream), x.shape) if found is not None else []
    for note, contract in wide:
        yield subject(lambda z, upstream, contract=contract: contract(df(z), upstream), note)
    if not wide:
        yield subject(lambda z, upstream: upstream * df(z), "")
        yield subject(lambda z, upstream: upstream * df(f(z)), AT_OUTPUT)


def contractions(jacobian: tuple[int, ...], out: tuple[int, ...], into: tuple[int, ...]) -> list[tuple[str, Function]]:
    """Return the ways to contract an array of the shape of a Jacobian with an upstream gradient, each with its note.

    >>> len(contractions((2, 3), (2,), (3,))), len(contractions((4, 3, 3), (4, 3), (4, 3)))
    (1, 2)
    """
    found: list[tuple[str, Function]] = []
    if not out or jacobian == into:
        return found
    k = len(out)
    if jacobian == out + into:
        axes = (list(range(k)), list(range(k)))
        found.append((JACOBIAN, lambda J, u: np.tensordot(u, J, axes=axes)))
    if jacobian == into + out:
        last = list(range(len(into), len(into) + k))
        found.append((TRANSPOSED, lambda J, u: np.tensordot(J, u, axes=(last, list(range(k))))))
    if len(out) == len(into) == 2 and out[0] == into[0]:
        if jacobian == (out[0], out[1], into[1]):
            found.append((OF_SAMPLES, lambda J, u: np.sum(u[:, :, None] * J, axis=1)))
        if jacobian == (out[0], into[1], out[1]):
            found.append((OF_SAMPLES, lambda J, u: np.sum(u[:, None, :] * J, axis=2)))
    return found


FUNCTIONS = (
    *("fn", "f", "function", "func", "activation", "activate", "apply", "forward", "call", "loss", "cost"),
    *("calculate", "calc_loss", "compute", "value", "penalty", "regularize", "__call__"),
)
"""What the function of an object without parameters is called: an activation, a loss, a penalty."""

DERIVATIVES = (
    *("grad", "gradient", "derivative", "deriv", "prime", "df", "dfn", "diff", "d", "fn_prime", "activation_prime"),
    *("activation_derivative", "function_prime", "forward_prime", "loss_prime", "loss_grad", "loss_gradient"),
    *("calc_gradient", "compute_gradient", "backward"),
)
"""What its derivative is called."""

SECOND = ("grad2", "gradient2", "second_derivative", "derivative2", "prime2", "d2f", "hess")
"""What its second derivative is called."""

PREDICTIONS = frozenset(
    {"p", "pred", "preds", "prediction", "predictions", "y_pred", "yhat", "y_hat", "output", "a", "x", "z"}
)
"""What the argument of a loss is called that its derivative is taken by."""


def function_names(target: Any, arguments: tuple[Any, ...]) -> tuple[str, str] | None:
    """Return what the function and the derivative of an object are called, the first pair that takes the arguments."""
    for function in FUNCTIONS:
        if callable(getattr(target, function, None)) and tried(getattr(target, function), *arguments) is not None:
            for derivative in DERIVATIVES:
                if callable(getattr(target, derivative, None)):
                    return function, derivative
    return None


def second_of(target: Any) -> str:
    """Return what the second derivative of an object is called, "" where it has none."""
    return next((name for name in SECOND if callable(getattr(target, name, None))), "")


def together(shape: str, subjects: Mapping[str, Subject], notes: tuple[str, ...]) -> Subject:
    """Return several subjects of one array each as one: their losses added, their gradients side by side."""
    parts = dict(subjects)
    code = tuple(one for part in parts.values() for one in code_run_by(part.loss))

    def loss(points: Mapping[str, Any], upstream: Mapping[str, Any]) -> Any:
        return sum(part.loss({name: points[name]}, upstream[name]) for name, part in parts.items())

    def grad(points: Mapping[str, Any], upstream: Mapping[str, Any]) -> Any:
        return {name: part.grad({name: points[name]}, upstream[name])[name] for name, part in parts.items()}

    return Subject(
        Code(loss, code),
        Code(grad, code),
        parameters({name: part.parameters.arrays[name] for name, part in parts.items()}),
        ({name: part.data[0] for name, part in parts.items()},),
        shape=shape,
        notes=(*notes, *(note for part in parts.values() for note in part.notes)),
    )
