"""A forward and a backward function, with or without a cache: ``verify(affine_forward, affine_backward, x, w, b)``.

Fits two functions where the first returns an output, outputs, or outputs and a cache, and the second, given upstream
gradients and the cache, one gradient per float argument. The loss is Σ upstream ⊙ output.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from symnn.verification.adapters.floats import tried
from symnn.verification.adapters.layer import LayerAdapter
from symnn.verification.adapters.passes import parameters_of, required_of
from symnn.verification.adapters.reading import leaves_of
from symnn.verification.adapters.shape import Code, Given
from symnn.verification.matching import is_number
from symnn.verification.subject import Subject


class Functions:
    """Two functions as the passes of a layer without parameters; its inputs have the names of the arguments."""

    def __init__(self, forward: Any, backward: Any, names: tuple[str, ...]) -> None:
        self.forward, self.backward, self.input_names = forward, backward, names


class ForwardBackwardAdapter:
    """A row of the table of adapters."""

    shape = (
        "verify(forward, backward, x, w, b): functions with forward(...) = (output, cache), backward(upstream, cache)"
    )

    def fits(self, given: Given) -> bool:
        """Return whether the first function returns arrays, and the second is a backward function of theirs."""
        if len(given.arguments) < 2 or not callable(given.target) or not callable(given.arguments[0]):
            return False
        # The output of a loss is a number; a pair of it and gradients is no output and cache.
        output = tried(given.target, *given.arguments[1:])
        first = output[0] if isinstance(output, tuple) and output else output
        if not leaves_of(first) or is_number(first) or np.size(first) < 1:
            return False
        # A loss of samples and its gradient are called with the same arguments; a backward function is not.
        asked = len(required_of(given.arguments[0]))
        return isinstance(output, tuple) or asked != len(required_of(given.target))

    def adapt(self, given: Given) -> Subject:
        """Return Σ upstream ⊙ output and the gradients that the backward function returns."""
        forward, (backward, *arguments) = given.target, given.arguments
        names = parameters_of(forward)
        if len(names) < len(arguments):
            names = [f"x{k + 1}" for k in range(len(arguments))]
        layer = Functions(forward, backward, tuple(names[: len(arguments)]))
        subject = LayerAdapter().adapt(replace(given, target=layer, arguments=tuple(arguments)))
        code = (forward, backward)
        return replace(
            subject,
            loss=Code(subject.loss, code),
            grad=Code(subject.grad, code),
            shape=self.shape,
            again=None,
        )
