"""One array that is reached by two or more paths: a list of all parameters beside the parts that own them."""

import numpy as np
import symnn
from tests.people.case import numbers, right, wrong

X = numbers(5, 3)


class Times:
    def __init__(self, W):
        self.param = W

    def forward(self, x):
        self.x = x
        return x @ self.param

    def backward(self, g):
        self.param_grad = self.x.T @ g
        return g @ self.param.T


class Shift:
    def __init__(self, b):
        self.param = b

    def forward(self, x):
        return x + self.param

    def backward(self, g):
        self.param_grad = g.sum(axis=0, keepdims=True)
        return g


class ShiftByTheMean(Shift):
    def backward(self, g):
        self.param_grad = g.mean(axis=0, keepdims=True)
        return g


class Layer:
    shift = Shift

    def __init__(self):
        self.params = [numbers(3, 2), numbers(1, 2)]
        self.operations = [Times(self.params[0]), self.shift(self.params[1])]

    def forward(self, x):
        for operation in self.operations:
            x = operation.forward(x)
        return x

    def backward(self, g):
        for operation in reversed(self.operations):
            g = operation.backward(g)
        self.param_grads = [operation.param_grad for operation in self.operations]
        return g


class LayerByTheMean(Layer):
    shift = ShiftByTheMean


class Gathered:
    """The container gathers the arrays of its layers once, in its constructor."""

    def __init__(self):
        self.layers = [Times(numbers(3, 4)), Shift(numbers(1, 4)), Times(numbers(4, 2))]
        self.params = [layer.param for layer in self.layers]
        self.best_params = self.params

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, g):
        for layer in self.layers[::-1]:
            g = layer.backward(g)
        self.grads = [layer.param_grad for layer in self.layers]
        return g


class GatheredSign(Gathered):
    def backward(self, g):
        g = super().backward(g)
        self.grads[2] *= -1
        return g


class Tied:
    """The decoder uses the encoder's matrix transposed: a view, whose gradient is added to."""

    def __init__(self):
        self.W = numbers(3, 2)
        self.decoder = self.W.T

    def forward(self, x):
        self.x, self.h = x, np.tanh(x @ self.W)
        return self.h @ self.W.T

    def backward(self, d):
        dh = d @ self.W * (1 - self.h**2)
        self.dW = self.x.T @ dh + d.T @ self.h
        return dh @ self.W.T


class TiedOnePath(Tied):
    def backward(self, d):
        dh = d @ self.W * (1 - self.h**2)
        self.dW = self.x.T @ dh
        return dh @ self.W.T


class Nicknames:
    """The same arrays under two names of the same object."""

    def __init__(self):
        self.weights, self.bias = numbers(3, 2), numbers(2)
        self.W, self.b = self.weights, self.bias

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, d):
        self.dweights, self.dbias = self.x.T @ d, d.sum(axis=0)
        return d @ self.weights.T


class NicknamesSquared(Nicknames):
    def backward(self, d):
        self.dweights, self.dbias = self.x.T @ d, (d**2).sum(axis=0)
        return d @ self.weights.T


CASES = [
    right("a list and operations", lambda seed: symnn.verify(Layer(), X, seed=seed), arrays=3),
    wrong("a list and operations, mean for sum", lambda seed: symnn.verify(LayerByTheMean(), X, seed=seed)),
    right("gathered in the constructor", lambda seed: symnn.verify(Gathered(), X, seed=seed), arrays=4),
    right("tied weights by a view", lambda seed: symnn.verify(Tied(), X, seed=seed), arrays=2),
    wrong("tied weights, one path", lambda seed: symnn.verify(TiedOnePath(), X, seed=seed)),
    right("two names", lambda seed: symnn.verify(Nicknames(), X, seed=seed), arrays=3),
    wrong("two names, squared", lambda seed: symnn.verify(NicknamesSquared(), X, seed=seed)),
]
