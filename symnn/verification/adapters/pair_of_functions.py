"""A loss and its gradient, any two functions: ``verify(loss, grad, params, *data)``.

Fits two callables and parameters: an array, or dicts, lists and tuples of arrays, nested or not, or one flat vector.
Gradients may have names of their own (``dW1``, ``grad_W1``), stand in a list in the order of the parameters, be one
flat vector, or come in a pair with the loss.
"""

from __future__ import annotations

from dataclasses import replace

from symnn.verification.adapters.shape import Given
from symnn.verification.subject import Subject, pair_of


class PairAdapter:
    """A row of the table of adapters; the last, because every two functions fit."""

    shape = "verify(loss, grad, params, *data): two functions and parameters"

    def fits(self, given: Given) -> bool:
        """Return whether two functions and parameters are given."""
        return len(given.arguments) > 1 and callable(given.target) and callable(given.arguments[0])

    def adapt(self, given: Given) -> Subject:
        """Return the functions as they are."""
        grad, params, *data = given.arguments
        return replace(pair_of(given.target, grad, params, *data), shape=self.shape)
