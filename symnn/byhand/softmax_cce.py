"""Softmax and categorical cross-entropy as one, because together their slope is only ŷ − y."""

from __future__ import annotations

from typing import Any

import numpy as np

from symnn.byhand.activations import softmax
from symnn.byhand.layer import Array
from symnn.byhand.losses import ReducedLoss


class SoftmaxCCE(ReducedLoss):
    """Categorical cross-entropy of softmax, taken on the logits; everything is (classes, samples).

    The slope (ŷ − y) holds for targets that add up to 1 in each column, one-hot or not; others get the slope
    that is taught, which is then not the derivative. Unlike the two apart, the loss is finite for any logits.

    Raises `InputError` for an unknown reduction or a backward pass too early, `ShapeError` for misfits.

    >>> loss = SoftmaxCCE()
    >>> print(loss.forward_pass(np.array([[800.0], [0.0]]), np.array([[0], [1]])))
    800.0
    >>> loss.backward_pass(np.array([[0], [1]])).tolist()
    [[1.0], [-1.0]]
    """

    def predictions(self, outputs: Array) -> Array:
        """Return the probabilities of the classes, softmax of the logits ``outputs``."""
        return softmax(outputs)

    def _losses(self, outputs: Array, targets: Array) -> Any:
        # −log ŷ = log Σ exp(z) − z, after the shift that keeps the exponentials from overflowing.
        shifted = outputs - np.max(outputs, axis=0, keepdims=True)
        return targets * (np.log(np.sum(np.exp(shifted), axis=0, keepdims=True)) - shifted)

    def _slopes(self, outputs: Array, targets: Array) -> Any:
        return softmax(outputs) - targets
