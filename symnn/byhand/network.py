"""A network that runs its layers forward and, from the loss, in reverse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from symnn.byhand.dense import Dense
from symnn.byhand.layer import Array, Layer, Loss, require_shape, seen
from symnn.errors import InputError, unknown


class Network:
    """Layers in a row and the loss at their end; inputs (features, samples), targets (outputs, samples).

    Parameters and gradients are named ``W1``, ``b1``, ``W2`` …, numbering the dense layers from 1; a layer
    without biases has no ``b``. The arrays are replaced, never written into.

    Raises `InputError` for no layers, a backward pass without a forward pass at the present parameters,
    gradients before a backward pass or an unknown parameter, and `ShapeError` for arrays that do not fit.

    >>> import numpy as np
    >>> from symnn.byhand import HalfSquaredError
    >>> net = Network([Dense(np.array([[2, -1]]), np.array([[1]]))], HalfSquaredError())
    >>> net.forward_pass(np.array([[3], [5]])).tolist()
    [[2]]
    >>> net.backward_pass(np.array([[4]])).tolist()
    [[-4], [2]]
    >>> {name: gradient.tolist() for name, gradient in net.gradients().items()}
    {'W1': [[-6, -10]], 'b1': [[-2]]}
    >>> net.update(1)
    >>> {name: values.tolist() for name, values in net.parameters().items()}
    {'W1': [[8, 9]], 'b1': [[3]]}
    """

    def __init__(self, layers: Sequence[Layer], loss: Loss) -> None:
        if not layers:
            raise InputError("a network needs at least one layer")
        self.layers = list(layers)
        self.loss = loss
        # What the last layer gave, or None when that does not belong to the present parameters.
        self.last: Array | None = None

    def forward_pass(self, inputs: Array) -> Array:
        """Return what the network answers, (outputs, samples); with `SoftmaxCCE` that is probabilities."""
        values = inputs
        for layer in self.layers:
            values = layer.forward_pass(values)
        self.last = values
        return self.loss.predictions(values)

    def loss_of(self, inputs: Array, targets: Array) -> Any:
        """Run forward on ``inputs`` and return the loss against ``targets``."""
        self.forward_pass(inputs)
        return self.loss.forward_pass(seen(self.last, self), targets)

    def backward_pass(self, targets: Array) -> Array:
        """Run in reverse from the loss against ``targets``, set every gradient, and return ``dinputs``."""
        # The loss may not have been asked for yet; it keeps what its own backward pass needs.
        self.loss.forward_pass(seen(self.last, self), targets)
        dvalues = self.loss.backward_pass(targets)
        for layer in reversed(self.layers):
            dvalues = layer.backward_pass(dvalues)
        return dvalues

    def update(self, learning_rate: Any) -> None:
        """Take one step down the gradients of the last backward pass."""
        gradients = self.gradients()
        self.set_parameters(
            {name: values - learning_rate * gradients[name] for name, values in self.parameters().items()}
        )

    def parameters(self) -> dict[str, Array]:
        """Return weights and biases by name."""
        return {
            f"{letter}{number}": values
            for number, layer in self._dense()
            for letter, values in (("W", layer.weights), ("b", layer.biases))
            if values is not None
        }

    def set_parameters(self, parameters: Mapping[str, Array]) -> None:
        """Replace the parameters named; those not named stay, and nothing changes if one does not fit."""
        present = self.parameters()
        for name, values in parameters.items():
            if name not in present:
                raise unknown("parameter", name, present)
            require_shape(values, present[name].shape, name)
        for number, layer in self._dense():
            layer.weights = parameters.get(f"W{number}", layer.weights)
            layer.biases = parameters.get(f"b{number}", layer.biases)
        # A backward pass from here would mix the inputs of the old parameters with the new weights.
        self.last = None

    def gradients(self) -> dict[str, Array]:
        """Return the gradients of the last backward pass by the names of their parameters."""
        gradients: dict[str, Array] = {}
        for number, layer in self._dense():
            if layer.dweights is None:
                raise InputError("gradients are set by the backward pass: call backward_pass first")
            gradients[f"W{number}"] = layer.dweights
            if layer.dbiases is not None:
                gradients[f"b{number}"] = layer.dbiases
        return gradients

    def _dense(self) -> list[tuple[int, Dense]]:
        return list(enumerate((layer for layer in self.layers if isinstance(layer, Dense)), start=1))
