"""Preparing data: inputs centred and normalised feature by feature, and classes as one-hot columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from symnn.byhand.layer import Array, require_columns, require_shape
from symnn.errors import InputError


@dataclass(frozen=True)
class Scaling:
    """What was measured on the training data, to be applied unchanged to all other data.

    ``centre`` and ``spread`` are (features, 1). A feature that never varies is centred only: its spread is 1.

    >>> scaling = Scaling.of(np.array([[1.0, 3.0], [5.0, 5.0]]))
    >>> scaling.apply(np.array([[1.0, 3.0, 5.0], [5.0, 5.0, 6.0]])).tolist()
    [[-1.0, 1.0, 3.0], [0.0, 0.0, 1.0]]
    """

    centre: Array
    spread: Array

    @classmethod
    def of(cls, inputs: Array, *, normalise: bool = True) -> Scaling:
        """Measure training inputs (features, samples); without ``normalise`` they will be centred only."""
        require_columns(inputs, "inputs to measure")
        centre = np.mean(inputs, axis=1, keepdims=True)
        spread = np.std(inputs, axis=1, keepdims=True)
        return cls(centre, np.where((spread > 0) & normalise, spread, 1.0))

    def apply(self, inputs: Array) -> Array:
        """Return inputs (features, samples) on the scale of the training data; raise `ShapeError` for others."""
        require_columns(inputs, "inputs to scale")
        require_shape(inputs, (self.centre.shape[0], inputs.shape[1]), "inputs to scale")
        return (inputs - self.centre) / self.spread


def one_hot(labels: Array, classes: int) -> Array:
    """Return labels 0, 1, … as columns (classes, samples) with a single 1; raise `InputError` for other labels.

    >>> one_hot(np.array([2, 0]), 3).tolist()
    [[0.0, 1.0], [0.0, 0.0], [1.0, 0.0]]
    """
    if labels.ndim != 1 or labels.dtype.kind not in "iu":
        raise InputError(f"labels are whole numbers in one row: given shape {labels.shape} of {labels.dtype}")
    if labels.size and not 0 <= labels.min() <= labels.max() < classes:
        raise InputError(
            f"labels of {classes} classes lie between 0 and {classes - 1}: given {labels.min()} to {labels.max()}"
        )
    return np.eye(classes)[:, labels]
