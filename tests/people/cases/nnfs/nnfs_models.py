"""Models that hold such layers: layers made with add(), linked by prev and next, a loss with regularisation terms."""

import numpy as np
import symnn
from tests.people.case import numbers, right, wrong

X, T = numbers(5, 3), numbers(5, 2)


class Dense:
    def __init__(self, n, m, l2=0.0):
        self.weights, self.biases, self.l2 = 0.5 * numbers(n, m), np.zeros((1, m)), l2

    def forward(self, inputs, training):
        self.inputs = inputs
        self.output = inputs @ self.weights + self.biases

    def backward(self, dvalues):
        self.dweights = self.inputs.T @ dvalues + 2 * self.l2 * self.weights
        self.dbiases = dvalues.sum(axis=0, keepdims=True)
        self.dinputs = dvalues @ self.weights.T


class DenseOnce(Dense):
    def backward(self, dvalues):
        super().backward(dvalues)
        self.dweights -= self.l2 * self.weights


class Tanh:
    def forward(self, inputs, training):
        self.output = np.tanh(inputs)

    def backward(self, dvalues):
        self.dinputs = dvalues * (1 - self.output**2)


class TanhDropped(Tanh):
    def backward(self, dvalues):
        self.dinputs = 1 - self.output**2


class Input:
    def forward(self, inputs, training):
        self.output = inputs


class MeanSquaredError:
    def forward(self, y_pred, y_true):
        return np.mean((y_true - y_pred) ** 2, axis=-1)

    def backward(self, dvalues, y_true):
        self.dinputs = -2 * (y_true - dvalues) / dvalues.size


class Model:
    """add, finalize, forward, backward; the loss is asked for with its penalty."""

    def __init__(self, *layers):
        self.layers, self.objective = [], MeanSquaredError()
        for layer in layers:
            self.add(layer)
        self.finalize()

    def add(self, layer):
        self.layers.append(layer)

    def finalize(self):
        self.input_layer, self.trainable_layers = Input(), []
        for k, layer in enumerate(self.layers):
            layer.prev = self.layers[k - 1] if k else self.input_layer
            layer.next = self.layers[k + 1] if k + 1 < len(self.layers) else self.objective
            if hasattr(layer, "weights"):
                self.trainable_layers.append(layer)

    def forward(self, X, training=True):
        self.input_layer.forward(X, training)
        for layer in self.layers:
            layer.forward(layer.prev.output, training)
        return layer.output

    def loss(self, X, y):
        data = np.mean(self.objective.forward(self.forward(X), y))
        return data + sum(layer.l2 * np.sum(layer.weights * layer.weights) for layer in self.trainable_layers)

    def backward(self, X, y):
        output = self.forward(X)
        self.objective.backward(output, y)
        for layer in reversed(self.layers):
            layer.backward(layer.next.dinputs)


CASES = [
    right(
        "a model with its penalty",
        lambda seed: symnn.verify(Model(Dense(3, 4, 0.25), Tanh(), Dense(4, 2, 0.125)), X, T, seed=seed),
        arrays=4,
    ),
    right("a model", lambda s: symnn.verify(Model(Dense(3, 4), Tanh(), Dense(4, 2)), X, T, seed=s), arrays=4),
    wrong(
        "a model, half of a penalty",
        lambda seed: symnn.verify(Model(DenseOnce(3, 4, 0.25), Tanh(), Dense(4, 2, 0.125)), X, T, seed=seed),
    ),
    wrong(
        "a model, an upstream dropped",
        lambda s: symnn.verify(Model(Dense(3, 4), TanhDropped(), Dense(4, 2)), X, T, seed=s),
    ),
]
