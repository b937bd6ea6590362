"""What functions of torch and of jax have in common: float64 arrays in, a random upstream gradient, a NumPy twin."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from symnn.errors import InputError
from symnn.verification.adapters.floats import ran
from symnn.verification.adapters.shape import PASSES, Code, Given, upstream_for
from symnn.verification.structure import parameters
from symnn.verification.subject import Subject


def framework_pair(
    shape: str,
    given: Given,
    forward: Callable[[list[Any]], Any],
    backward: Callable[[list[Any], Any], Mapping[int, Any]],
    only_floats: str,
) -> Subject:
    """Return a function of a framework as a loss and a gradient in float64.

    ``forward(inputs)`` returns an array, ``backward(inputs, upstream)`` the gradients by position of the input. Raises
    `InputError` where no input is an array of floats, or the function or its reference raises.
    """
    inputs = [x.astype(np.float64) if isinstance(x, np.ndarray) and x.dtype.kind == "f" else x for x in given.arguments]
    names = {k: f"x{k + 1}" for k, x in enumerate(inputs) if isinstance(x, np.ndarray) and x.dtype.kind == "f"}
    if not names:
        raise InputError("none of the inputs is a NumPy array of floats: there is nothing to differentiate by")
    if len(names) == 1:
        names = dict.fromkeys(names, "x")
    output = ran("the forward pass", forward, inputs)

    def placed(params: Mapping[str, Any]) -> list[Any]:
        # A single number comes as a float, and frameworks want arrays.
        return [params[names[k]] if k in names else x for k, x in enumerate(inputs)]

    def loss(params: Mapping[str, Any], upstream: Any) -> Any:
        return float(np.sum(upstream * forward(_arrays(placed(params)))))

    def grad(params: Mapping[str, Any], upstream: Any) -> Any:
        found = backward(_arrays(placed(params)), upstream)
        return {name: found[k] for k, name in names.items()}

    exact: Code | None = None
    notes: tuple[str, ...] = ()
    if given.reference is not None:
        reference = given.reference
        exact = Code(lambda params, upstream: np.sum(upstream * reference(*placed(params))), (reference,))
        ran("the reference", reference, *inputs)
    else:
        notes = ("give its NumPy twin, reference=..., for a certified value to compare with",)
    return Subject(
        loss,
        grad,
        parameters({name: inputs[k] for k, name in names.items()}),
        (upstream_for(output, given.seed),),
        shape=shape,
        notes=notes,
        only_floats=only_floats,
        exact=exact,
        words=PASSES,
    )


def _arrays(inputs: list[Any]) -> list[Any]:
    return [np.asarray(x) if isinstance(x, float) else x for x in inputs]
