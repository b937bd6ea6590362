"""A custom ``torch.autograd.Function``: ``verify(Square, X, reference=lambda X: X**2)``.

Fits subclasses of ``torch.autograd.Function``. They run on tensors of float64 only, so the evidence is numerical: their
backward pass against the certified derivative of ``reference``, a NumPy twin of the forward pass, or, without one,
against difference quotients of the forward pass. Applies where torch is installed, and imported by the code under test.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import numpy as np

from symnn.verification.adapters.framework import framework_pair
from symnn.verification.adapters.shape import Given
from symnn.verification.subject import Subject


class TorchFunctionAdapter:
    """A row of the table of adapters."""

    shape = "verify(function, *inputs, reference=twin): a torch.autograd.Function, on arrays"

    def fits(self, given: Given) -> bool:
        """Return whether the target is a subclass of torch.autograd.Function; False where torch is not imported."""
        torch = sys.modules.get("torch")
        if torch is None or not isinstance(given.target, type):
            return False
        return issubclass(given.target, torch.autograd.Function)

    def adapt(self, given: Given) -> Subject:
        """Return Σ upstream ⊙ forward and the gradients of the backward pass, both in float64."""
        torch: Any = sys.modules["torch"]

        def tensors(inputs: list[Any], wanted: bool) -> list[Any]:
            return [
                torch.tensor(x, dtype=torch.float64, requires_grad=wanted) if _is_float(x) else _as_tensor(torch, x)
                for x in inputs
            ]

        def forward(inputs: list[Any]) -> Any:
            with torch.no_grad():
                return given.target.apply(*tensors(inputs, False)).numpy()

        def backward(inputs: list[Any], upstream: Any) -> Mapping[int, Any]:
            given_tensors = tensors(inputs, True)
            output = given.target.apply(*given_tensors)
            output.backward(torch.tensor(upstream, dtype=torch.float64))
            return {
                k: np.zeros(x.shape) if x.grad is None else x.grad.numpy()
                for k, x in enumerate(given_tensors)
                if getattr(x, "requires_grad", False)
            }

        return framework_pair(self.shape, given, forward, backward, f"{given.target.__name__} of torch")


def _is_float(x: Any) -> bool:
    return isinstance(x, np.ndarray) and x.dtype.kind == "f"


def _as_tensor(torch: Any, x: Any) -> Any:
    return torch.tensor(x) if isinstance(x, np.ndarray) else x
