"""A forward and a backward function with a cache between them: ``verify(affine_forward, affine_backward, x, w, b)``.

Fits two functions where the first returns a pair ``(output, cache)``, and the second, given an upstream gradient and
the cache, one gradient per argument in order. The loss is Σ upstream ⊙ output with a random upstream gradient.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

import numpy as np

from symnn.verification.adapters.shape import PASSES, Code, Given, is_numbers, tried, upstream_for
from symnn.verification.structure import parameters
from symnn.verification.subject import Subject


class ForwardBackwardAdapter:
    """A row of the table of adapters."""

    shape = (
        "verify(forward, backward, x, w, b): functions with forward(...) = (output, cache), backward(upstream, cache)"
    )

    def fits(self, given: Given) -> bool:
        """Return whether the first function returns an output and a cache."""
        if len(given.arguments) < 2 or not callable(given.target) or not callable(given.arguments[0]):
            return False
        # The output of a loss is a number; a pair of it and gradients is no output and cache.
        output = tried(given.target, *given.arguments[1:])
        return isinstance(output, tuple) and len(output) == 2 and is_numbers(output[0]) and output[0].size > 1

    def adapt(self, given: Given) -> Subject:
        """Return Σ upstream ⊙ output and the gradients that the backward function returns."""
        forward, (backward, *arguments) = given.target, given.arguments
        names = _names(forward, arguments)
        params = {name: x for name, x in zip(names, arguments, strict=True) if is_numbers(x)}
        output, _ = forward(*(np.copy(x) if is_numbers(x) else x for x in arguments))

        def outputs(params: Mapping[str, Any]) -> Any:
            return forward(*(params.get(name, x) for name, x in zip(names, arguments, strict=True)))

        def loss(params: Mapping[str, Any], upstream: Any) -> Any:
            return np.sum(upstream * outputs(params)[0])

        def grad(params: Mapping[str, Any], upstream: Any) -> Any:
            found = backward(upstream, outputs(params)[1])
            if isinstance(found, tuple | list) and len(found) == len(names) > len(params):
                return [g for g, name in zip(found, names, strict=True) if name in params]
            return found

        code = (forward, backward)
        note = "the upstream gradient is random, the loss Σ upstream ⊙ output"
        return Subject(
            Code(loss, code),
            Code(grad, code),
            parameters(params),
            (upstream_for(output, given.seed),),
            shape=self.shape,
            notes=(note,),
            words=PASSES,
        )


def _names(forward: Any, arguments: list[Any]) -> list[str]:
    try:
        names = list(inspect.signature(forward).parameters)
    except (TypeError, ValueError):
        names = []
    return names[: len(arguments)] if len(names) >= len(arguments) else [f"x{k + 1}" for k in range(len(arguments))]
