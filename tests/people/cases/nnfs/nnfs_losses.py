"""Losses with forward(y_pred, y_true) per sample and backward(dvalues, y_true), where dvalues are the predictions."""

import numpy as np
import symnn
from tests.people.case import numbers, one_hot, right, wrong

LABELS = np.array([0, 2, 1, 1, 0])
HOT = one_hot(LABELS, 3)
Z, T = numbers(5, 3), numbers(5, 3, seed=1)
P = np.random.default_rng(1).dirichlet(np.ones(3), size=5)
BINARY = (numbers(5, 3) > 0).astype(int)
PROBABILITIES = np.random.default_rng(2).uniform(0.1, 0.9, size=(5, 3))


class Loss:
    def calculate(self, output, y):
        return np.mean(self.forward(output, y))


class Loss_CategoricalCrossentropy(Loss):
    def forward(self, y_pred, y_true):
        samples = len(y_pred)
        y_pred_clipped = np.clip(y_pred, 1e-7, 1 - 1e-7)
        if len(y_true.shape) == 1:
            correct_confidences = y_pred_clipped[range(samples), y_true]
        elif len(y_true.shape) == 2:
            correct_confidences = np.sum(y_pred_clipped * y_true, axis=1)
        return -np.log(correct_confidences)

    def backward(self, dvalues, y_true):
        samples, labels = len(dvalues), len(dvalues[0])
        if len(y_true.shape) == 1:
            y_true = np.eye(labels)[y_true]
        self.dinputs = -y_true / dvalues
        self.dinputs = self.dinputs / samples


class CategoricalSign(Loss_CategoricalCrossentropy):
    def backward(self, dvalues, y_true):
        super().backward(dvalues, y_true)
        self.dinputs = -self.dinputs


class Activation_Softmax:
    def forward(self, inputs):
        e = np.exp(inputs - np.max(inputs, axis=1, keepdims=True))
        self.output = e / np.sum(e, axis=1, keepdims=True)


class Activation_Softmax_Loss_CategoricalCrossentropy:
    def __init__(self):
        self.activation, self.loss = Activation_Softmax(), Loss_CategoricalCrossentropy()

    def forward(self, inputs, y_true):
        self.activation.forward(inputs)
        self.output = self.activation.output
        return self.loss.calculate(self.output, y_true)

    def backward(self, dvalues, y_true):
        samples = len(dvalues)
        if len(y_true.shape) == 2:
            y_true = np.argmax(y_true, axis=1)
        self.dinputs = dvalues.copy()
        self.dinputs[range(samples), y_true] -= 1
        self.dinputs = self.dinputs / samples


class CombinedForgotten(Activation_Softmax_Loss_CategoricalCrossentropy):
    def backward(self, dvalues, y_true):
        self.dinputs = dvalues.copy() / len(dvalues)


class Loss_BinaryCrossentropy(Loss):
    def forward(self, y_pred, y_true):
        y_pred_clipped = np.clip(y_pred, 1e-7, 1 - 1e-7)
        sample_losses = -(y_true * np.log(y_pred_clipped) + (1 - y_true) * np.log(1 - y_pred_clipped))
        return np.mean(sample_losses, axis=-1)

    def backward(self, dvalues, y_true):
        samples, outputs = len(dvalues), len(dvalues[0])
        clipped_dvalues = np.clip(dvalues, 1e-7, 1 - 1e-7)
        self.dinputs = -(y_true / clipped_dvalues - (1 - y_true) / (1 - clipped_dvalues)) / outputs
        self.dinputs = self.dinputs / samples


class BinaryOneBranch(Loss_BinaryCrossentropy):
    def backward(self, dvalues, y_true):
        self.dinputs = -(y_true / np.clip(dvalues, 1e-7, 1 - 1e-7)) / dvalues.size


class Loss_MeanSquaredError(Loss):
    def forward(self, y_pred, y_true):
        return np.mean((y_true - y_pred) ** 2, axis=-1)

    def backward(self, dvalues, y_true):
        samples, outputs = len(dvalues), len(dvalues[0])
        self.dinputs = -2 * (y_true - dvalues) / outputs
        self.dinputs = self.dinputs / samples


class MeanSquaredErrorTurned(Loss_MeanSquaredError):
    def backward(self, dvalues, y_true):
        self.dinputs = 2 * (y_true - dvalues) / dvalues.size


class Loss_MeanAbsoluteError(Loss):
    def forward(self, y_pred, y_true):
        return np.mean(np.abs(y_true - y_pred), axis=-1)

    def backward(self, dvalues, y_true):
        samples, outputs = len(dvalues), len(dvalues[0])
        self.dinputs = np.sign(dvalues - y_true) / outputs
        self.dinputs = self.dinputs / samples


class MeanAbsoluteErrorUnsigned(Loss_MeanAbsoluteError):
    def backward(self, dvalues, y_true):
        self.dinputs = np.ones_like(dvalues) / dvalues.size


class Loss_Huber(Loss):
    """A loss with a constant of its own, and a sum over the outputs."""

    def __init__(self, delta=0.75):
        self.delta = delta

    def forward(self, y_pred, y_true):
        e = np.abs(y_pred - y_true)
        return np.sum(np.where(e <= self.delta, 0.5 * e**2, self.delta * (e - 0.5 * self.delta)), axis=-1)

    def backward(self, dvalues, y_true):
        self.dinputs = np.clip(dvalues - y_true, -self.delta, self.delta) / len(dvalues)


class HuberUnclipped(Loss_Huber):
    def backward(self, dvalues, y_true):
        self.dinputs = (dvalues - y_true) / len(dvalues)


def loss(kind, *data):
    return lambda seed: symnn.verify(kind(), *data, seed=seed)


CASES = [
    right("categorical, class numbers", loss(Loss_CategoricalCrossentropy, P, LABELS)),
    right("categorical, one-hot", loss(Loss_CategoricalCrossentropy, P, HOT)),
    right("categorical, one-hot as integers", loss(Loss_CategoricalCrossentropy, P, HOT.astype(int))),
    wrong("categorical, sign", loss(CategoricalSign, P, LABELS)),
    right("softmax and categorical, class numbers", loss(Activation_Softmax_Loss_CategoricalCrossentropy, Z, LABELS)),
    right("softmax and categorical, one-hot", loss(Activation_Softmax_Loss_CategoricalCrossentropy, Z, HOT)),
    wrong("softmax and categorical, the target forgotten", loss(CombinedForgotten, Z, LABELS)),
    right("binary", loss(Loss_BinaryCrossentropy, PROBABILITIES, BINARY)),
    right("binary with floats", loss(Loss_BinaryCrossentropy, PROBABILITIES, 1.0 * BINARY)),
    wrong("binary, one branch", loss(BinaryOneBranch, PROBABILITIES, BINARY)),
    right("mean squared", loss(Loss_MeanSquaredError, Z, T)),
    wrong("mean squared, turned", loss(MeanSquaredErrorTurned, Z, T)),
    right("mean absolute", loss(Loss_MeanAbsoluteError, Z, T)),
    wrong("mean absolute, no sign", loss(MeanAbsoluteErrorUnsigned, Z, T)),
    right("huber", loss(Loss_Huber, Z, T)),
    wrong("huber, not clipped", loss(HuberUnclipped, Z, T)),
]
