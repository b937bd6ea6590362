"""Activations as layers of their own: each keeps its inputs and outputs and multiplies by its slope."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np

from symnn.byhand.layer import Array, require_columns, require_shape, seen


class _Activation(ABC):
    """What the activations share: the checks, and what is kept. Inputs and outputs are (units, samples)."""

    def __init__(self) -> None:
        self.inputs: Array | None = None
        self.outputs: Array | None = None
        self.dinputs: Array | None = None

    def forward_pass(self, inputs: Array) -> Array:
        """Return the activation of ``inputs``; raise `ShapeError` unless a sample is a column."""
        require_columns(inputs, f"inputs of {type(self).__name__}")
        self.inputs = inputs
        self.outputs = self._activate(inputs)
        return self.outputs

    def backward_pass(self, dvalues: Array) -> Array:
        """Return ``dinputs``; raise `InputError` before a forward pass, `ShapeError` for misfits."""
        inputs, outputs = seen(self.inputs, self), seen(self.outputs, self)
        require_shape(dvalues, outputs.shape, f"dvalues of {type(self).__name__}")
        self.dinputs = self._contract(dvalues, inputs, outputs)
        return self.dinputs

    @abstractmethod
    def _activate(self, inputs: Array) -> Any:
        """Return the outputs for ``inputs``, both (units, samples)."""

    @abstractmethod
    def _contract(self, dvalues: Array, inputs: Array, outputs: Array) -> Any:
        """Return ∂loss/∂inputs from ``dvalues`` = ∂loss/∂outputs, all (units, samples)."""


class Linear(_Activation):
    """The identity, for layers without an activation; inputs, outputs and dinputs are (units, samples).

    Raises `ShapeError` for arrays that do not fit and `InputError` for a backward pass before a forward pass.

    >>> Linear().forward_pass(np.array([[-3, 2]])).tolist()
    [[-3, 2]]
    """

    def _activate(self, inputs: Array) -> Any:
        return inputs

    def _contract(self, dvalues: Array, inputs: Array, outputs: Array) -> Any:
        return dvalues


class ReLU(_Activation):
    """Keep what is positive; the slope at 0 is declared to be 0. All arrays are (units, samples).

    Raises `ShapeError` for arrays that do not fit and `InputError` for a backward pass before a forward pass.

    >>> relu = ReLU()
    >>> relu.forward_pass(np.array([[-3, 0, 2]])).tolist()
    [[0, 0, 2]]
    >>> relu.backward_pass(np.array([[5, 5, 5]])).tolist()
    [[0, 0, 5]]
    """

    # `0 * values` and not `0`: among objects a bare 0 would be an int, on which exp cannot be called.
    def _activate(self, inputs: Array) -> Any:
        return np.where(inputs > 0, inputs, 0 * inputs)

    def _contract(self, dvalues: Array, inputs: Array, outputs: Array) -> Any:
        return np.where(inputs > 0, dvalues, 0 * dvalues)


class Sigmoid(_Activation):
    """The logistic function, with the slope a (1 − a) in its output a. All arrays are (units, samples).

    Raises `ShapeError` for arrays that do not fit and `InputError` for a backward pass before a forward pass.

    >>> sigmoid = Sigmoid()
    >>> sigmoid.forward_pass(np.array([[-800.0, 0.0, 800.0]])).tolist()
    [[0.0, 0.5, 1.0]]
    >>> sigmoid.backward_pass(np.array([[1.0, 1.0, 1.0]])).tolist()
    [[0.0, 0.25, 0.0]]
    """

    def _activate(self, inputs: Array) -> Any:
        # exp only ever sees −|z|, so it cannot overflow; both branches are the same function.
        positive = inputs >= 0
        small = np.exp(np.where(positive, -inputs, inputs))
        return np.where(positive, 1, small) / (1 + small)

    def _contract(self, dvalues: Array, inputs: Array, outputs: Array) -> Any:
        return dvalues * outputs * (1 - outputs)


class Tanh(_Activation):
    """The hyperbolic tangent, with the slope 1 − a² in its output a. All arrays are (units, samples).

    Raises `ShapeError` for arrays that do not fit and `InputError` for a backward pass before a forward pass.

    >>> tanh = Tanh()
    >>> tanh.forward_pass(np.array([[-800.0, 0.0]])).tolist()
    [[-1.0, 0.0]]
    >>> tanh.backward_pass(np.array([[3.0, 3.0]])).tolist()
    [[0.0, 3.0]]
    """

    def _activate(self, inputs: Array) -> Any:
        return np.tanh(inputs)

    def _contract(self, dvalues: Array, inputs: Array, outputs: Array) -> Any:
        return dvalues * (1 - outputs * outputs)


def softmax(logits: Array) -> Array:
    """Return exp(z) / Σ exp(z) down each column of ``logits`` (classes, samples), in the same shape.

    Raises nothing of its own: the classes that use it check the shape.

    >>> softmax(np.array([[800.0], [800.0]])).tolist()
    [[0.5], [0.5]]
    """
    # Softmax does not change when a column is shifted, and after this shift no exponential can overflow.
    exponentials = np.exp(logits - np.max(logits, axis=0, keepdims=True))
    probabilities: Array = exponentials / np.sum(exponentials, axis=0, keepdims=True)
    return probabilities


class Softmax(_Activation):
    """Softmax down each column, its Jacobian diag(a) − a aᵀ written out. All arrays are (classes, samples).

    Raises `ShapeError` for arrays that do not fit and `InputError` for a backward pass before a forward pass.

    >>> layer = Softmax()
    >>> layer.forward_pass(np.array([[0.0], [0.0]])).tolist()
    [[0.5], [0.5]]
    >>> layer.backward_pass(np.array([[4.0], [0.0]])).tolist()
    [[1.0], [-1.0]]
    """

    def _activate(self, inputs: Array) -> Any:
        return softmax(inputs)

    def _contract(self, dvalues: Array, inputs: Array, outputs: Array) -> Any:
        columns = []
        for sample in range(outputs.shape[1]):
            column = outputs[:, sample]
            # The Jacobian is symmetric, so contracting it from the left or from the right is the same.
            jacobian = np.diagflat(column) - np.outer(column, column)
            columns.append(jacobian @ dvalues[:, sample])
        return np.stack(columns, axis=1)
