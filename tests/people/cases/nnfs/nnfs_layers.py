"""Objects that keep inputs, output, dweights, dbiases and dinputs; no pass returns anything."""

import numpy as np
import symnn
from tests.people.case import Case, numbers, right, wrong

X = numbers(5, 3)


class Layer_Dense:
    def __init__(
        self,
        n_inputs,
        n_neurons,
        weight_regularizer_l1=0,
        weight_regularizer_l2=0,
        bias_regularizer_l1=0,
        bias_regularizer_l2=0,
    ):
        self.weights = 0.5 * numbers(n_inputs, n_neurons)
        self.biases = np.zeros((1, n_neurons))
        self.weight_regularizer_l1, self.weight_regularizer_l2 = weight_regularizer_l1, weight_regularizer_l2
        self.bias_regularizer_l1, self.bias_regularizer_l2 = bias_regularizer_l1, bias_regularizer_l2

    def forward(self, inputs):
        self.inputs = inputs
        self.output = np.dot(inputs, self.weights) + self.biases

    def backward(self, dvalues):
        self.dweights = np.dot(self.inputs.T, dvalues)
        self.dbiases = np.sum(dvalues, axis=0, keepdims=True)
        if self.weight_regularizer_l1 > 0:
            dL1 = np.ones_like(self.weights)
            dL1[self.weights < 0] = -1
            self.dweights += self.weight_regularizer_l1 * dL1
        if self.weight_regularizer_l2 > 0:
            self.dweights += 2 * self.weight_regularizer_l2 * self.weights
        if self.bias_regularizer_l2 > 0:
            self.dbiases += 2 * self.bias_regularizer_l2 * self.biases
        self.dinputs = np.dot(dvalues, self.weights.T)


class DenseBiasMean(Layer_Dense):
    def backward(self, dvalues):
        super().backward(dvalues)
        self.dbiases = np.mean(dvalues, axis=0, keepdims=True)


class Layer_Dropout:
    def __init__(self, rate):
        self.rate = 1 - rate

    def forward(self, inputs):
        self.inputs = inputs
        self.binary_mask = np.random.binomial(1, self.rate, size=inputs.shape) / self.rate
        self.output = inputs * self.binary_mask

    def backward(self, dvalues):
        self.dinputs = dvalues * self.binary_mask


class DropoutUnmasked(Layer_Dropout):
    def backward(self, dvalues):
        self.dinputs = dvalues / self.rate


class DropoutTraining(Layer_Dropout):
    """The later version: forward(inputs, training)."""

    def forward(self, inputs, training):
        self.inputs = inputs
        if not training:
            self.output = inputs.copy()
            return
        super().forward(inputs)


class Activation_ReLU:
    def forward(self, inputs):
        self.inputs = inputs
        self.output = np.maximum(0, inputs)

    def backward(self, dvalues):
        self.dinputs = dvalues.copy()
        self.dinputs[self.inputs <= 0] = 0


class ReLUSlope(Activation_ReLU):
    def backward(self, dvalues):
        self.dinputs = dvalues.copy()
        self.dinputs[self.inputs > 0] = 1


class Activation_Softmax:
    def forward(self, inputs):
        self.inputs = inputs
        exp_values = np.exp(inputs - np.max(inputs, axis=1, keepdims=True))
        self.output = exp_values / np.sum(exp_values, axis=1, keepdims=True)

    def backward(self, dvalues):
        self.dinputs = np.empty_like(dvalues)
        for index, (single_output, single_dvalues) in enumerate(zip(self.output, dvalues, strict=True)):
            single_output = single_output.reshape(-1, 1)
            jacobian = self.jacobian(single_output)
            self.dinputs[index] = np.dot(jacobian, single_dvalues)

    def jacobian(self, column):
        return np.diagflat(column) - np.dot(column, column.T)


class SoftmaxDiagonal(Activation_Softmax):
    def jacobian(self, column):
        return np.diagflat(column * (1 - column))


class Activation_Sigmoid:
    def forward(self, inputs):
        self.inputs = inputs
        self.output = 1 / (1 + np.exp(-inputs))

    def backward(self, dvalues):
        self.dinputs = dvalues * (1 - self.output) * self.output


class SigmoidOfInputs(Activation_Sigmoid):
    def backward(self, dvalues):
        self.dinputs = dvalues * (1 - self.inputs) * self.inputs


class Activation_Linear:
    def forward(self, inputs):
        self.inputs = inputs
        self.output = inputs

    def backward(self, dvalues):
        self.dinputs = dvalues.copy()


class LinearOnes(Activation_Linear):
    def backward(self, dvalues):
        self.dinputs = np.ones_like(dvalues)


class Activation_Tanh:
    def forward(self, inputs):
        self.output = np.tanh(inputs)

    def backward(self, dvalues):
        self.dinputs = (1 - self.output**2) * dvalues


class TanhOfUpstream(Activation_Tanh):
    def backward(self, dvalues):
        self.dinputs = (1 - dvalues**2) * dvalues


class Layer_BatchNormalization:
    def __init__(self, n):
        self.gamma, self.beta, self.epsilon, self.momentum = np.ones((1, n)), np.zeros((1, n)), 1e-5, 0.9
        self.running_mean, self.running_var = np.zeros((1, n)), np.ones((1, n))

    def forward(self, inputs):
        mean, self.var = inputs.mean(axis=0, keepdims=True), inputs.var(axis=0, keepdims=True)
        self.running_mean = self.momentum * self.running_mean + (1 - self.momentum) * mean
        self.running_var = self.momentum * self.running_var + (1 - self.momentum) * self.var
        self.normalized = (inputs - mean) / np.sqrt(self.var + self.epsilon)
        self.output = self.gamma * self.normalized + self.beta

    def backward(self, dvalues):
        self.dgamma = np.sum(dvalues * self.normalized, axis=0, keepdims=True)
        self.dbeta = np.sum(dvalues, axis=0, keepdims=True)
        d = dvalues * self.gamma
        inner = d - d.mean(axis=0) - self.normalized * np.mean(d * self.normalized, axis=0)
        self.dinputs = inner / np.sqrt(self.var + self.epsilon)


class BatchNormalizationConstant(Layer_BatchNormalization):
    """Mean and variance are taken for constants."""

    def backward(self, dvalues):
        super().backward(dvalues)
        self.dinputs = dvalues * self.gamma / np.sqrt(self.var + self.epsilon)


def stack(last=Activation_Sigmoid):
    return [Layer_Dense(3, 4), Activation_ReLU(), Layer_Dense(4, 2), last()]


CASES = [
    right("dense", lambda seed: symnn.verify(Layer_Dense(3, 4), X, seed=seed), arrays=3),
    wrong("dense, the mean of biases", lambda seed: symnn.verify(DenseBiasMean(3, 4), X, seed=seed)),
    Case(
        "dense with a penalty that the forward pass does not hold",
        lambda seed: symnn.verify(Layer_Dense(3, 4, weight_regularizer_l2=5e-4), X, seed=seed),
        "not different",
        "regulari|penalt",
    ),
    right("dropout", lambda seed: symnn.verify(Layer_Dropout(0.4), X, seed=seed)),
    wrong("dropout, no mask", lambda seed: symnn.verify(DropoutUnmasked(0.4), X, seed=seed)),
    right("dropout in training", lambda seed: symnn.verify(DropoutTraining(0.4), X, True, seed=seed)),
    right("relu", lambda seed: symnn.verify(Activation_ReLU(), X, seed=seed)),
    wrong("relu, the upstream dropped", lambda seed: symnn.verify(ReLUSlope(), X, seed=seed)),
    right("softmax by Jacobians", lambda seed: symnn.verify(Activation_Softmax(), X, seed=seed)),
    wrong("softmax by diagonals", lambda seed: symnn.verify(SoftmaxDiagonal(), X, seed=seed)),
    right("sigmoid", lambda seed: symnn.verify(Activation_Sigmoid(), X, seed=seed)),
    wrong("sigmoid of its inputs", lambda seed: symnn.verify(SigmoidOfInputs(), X, seed=seed)),
    right("linear", lambda seed: symnn.verify(Activation_Linear(), X, seed=seed)),
    wrong("linear, ones", lambda seed: symnn.verify(LinearOnes(), X, seed=seed)),
    right("tanh", lambda seed: symnn.verify(Activation_Tanh(), X, seed=seed)),
    wrong("tanh of the upstream", lambda seed: symnn.verify(TanhOfUpstream(), X, seed=seed)),
    right("batch normalisation", lambda seed: symnn.verify(Layer_BatchNormalization(3), X, seed=seed), arrays=3),
    wrong("batch normalisation, constants", lambda seed: symnn.verify(BatchNormalizationConstant(3), X, seed=seed)),
    right("a list of them", lambda seed: symnn.verify(stack(), X, seed=seed), arrays=5),
    wrong("a list of them, one wrong", lambda seed: symnn.verify(stack(SigmoidOfInputs), X, seed=seed)),
]
