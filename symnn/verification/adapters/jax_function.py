"""A ``jax.custom_vjp`` function: ``verify(square, X, reference=lambda X: X**2)``.

Fits functions decorated by ``jax.custom_vjp``. They run on jax's arrays, in float64, so the evidence is numerical:
their backward rule against the certified derivative of ``reference``, a NumPy twin of the function, or, without one,
against difference quotients of it. Applies where jax is installed, and imported by the code under test.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import numpy as np

from symnn.verification.adapters.framework import framework_pair
from symnn.verification.adapters.shape import Given
from symnn.verification.subject import Subject


class JaxFunctionAdapter:
    """A row of the table of adapters."""

    shape = "verify(function, *inputs, reference=twin): a jax.custom_vjp function, on arrays"

    def fits(self, given: Given) -> bool:
        """Return whether the target was decorated by jax.custom_vjp; False where jax is not imported."""
        jax = sys.modules.get("jax")
        return jax is not None and isinstance(given.target, jax.custom_vjp)

    def adapt(self, given: Given) -> Subject:
        """Return Σ upstream ⊙ f and the cotangents that its backward rule gives, both in float64."""
        jax: Any = sys.modules["jax"]

        def forward(inputs: list[Any]) -> Any:
            with jax.enable_x64(True):
                return np.asarray(given.target(*inputs))

        def backward(inputs: list[Any], upstream: Any) -> Mapping[int, Any]:
            floats = [k for k, x in enumerate(inputs) if isinstance(x, np.ndarray) and x.dtype.kind == "f"]

            def of_floats(*moving: Any) -> Any:
                arguments = list(inputs)
                for k, x in zip(floats, moving, strict=True):
                    arguments[k] = x
                return given.target(*arguments)

            with jax.enable_x64(True):
                _, pull_back = jax.vjp(of_floats, *(jax.numpy.asarray(inputs[k]) for k in floats))
                found = pull_back(jax.numpy.asarray(upstream))
                return {k: np.asarray(g) for k, g in zip(floats, found, strict=True)}

        name = getattr(given.target, "__name__", "the function")
        return framework_pair(self.shape, given, forward, backward, f"{name} of jax")
