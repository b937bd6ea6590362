"""The dense layer and its three matrix rules."""

from __future__ import annotations

import numpy as np

from symnn.byhand.layer import Array, require_columns, require_shape, seen
from symnn.errors import ShapeError, aligned


class Dense:
    """A dense layer, ``outputs = weights @ inputs + biases``, with the biases left out if None.

    ``weights`` (out, in), ``biases`` (out, 1), ``inputs`` (in, samples), ``outputs`` (out, samples). The
    backward pass sets ``dweights`` and ``dbiases`` (None without biases) in the shapes of their parameters.

    Raises `ShapeError` if weights, biases, inputs or dvalues do not fit, and `InputError` for a backward pass
    before a forward pass.

    >>> layer = Dense(np.array([[2, 1, 4], [-2, -1, 5]]), np.array([[-1], [5]]))
    >>> layer.forward_pass(np.array([[7], [-22], [-3]])).tolist()
    [[-21], [-2]]
    >>> layer.backward_pass(np.array([[-22], [-6]])).tolist()
    [[-32], [-16], [-118]]
    >>> layer.dweights.tolist()
    [[-154, 484, 66], [-42, 132, 18]]
    """

    def __init__(self, weights: Array, biases: Array | None = None) -> None:
        if weights.ndim != 2:
            rows = [("yours", str(weights.shape)), ("expected", "(out, in)")]
            raise ShapeError(f"weights must be a matrix\n{aligned(rows)}")
        if biases is not None:
            require_shape(biases, (weights.shape[0], 1), "biases")
        self.weights = weights
        self.biases = biases
        self.inputs: Array | None = None
        self.outputs: Array | None = None
        self.dweights: Array | None = None
        self.dbiases: Array | None = None
        self.dinputs: Array | None = None

    def forward_pass(self, inputs: Array) -> Array:
        """Return ``weights @ inputs + biases``."""
        require_columns(inputs, "inputs of a dense layer")
        require_shape(inputs, (self.weights.shape[1], inputs.shape[1]), "inputs of a dense layer")
        self.inputs = inputs
        self.outputs = self.weights @ inputs
        if self.biases is not None:
            self.outputs = self.outputs + self.biases
        return self.outputs

    def backward_pass(self, dvalues: Array) -> Array:
        """Set ``dweights`` and ``dbiases``, summed over the samples, and return ``dinputs``."""
        inputs = seen(self.inputs, self)
        require_shape(dvalues, (self.weights.shape[0], inputs.shape[1]), "dvalues of a dense layer")
        self.dweights = dvalues @ inputs.T
        if self.biases is not None:
            self.dbiases = np.sum(dvalues, axis=1, keepdims=True)
        self.dinputs = self.weights.T @ dvalues
        return self.dinputs
