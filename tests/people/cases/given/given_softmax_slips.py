"""Softmax taken for elementwise, its backward pass left out, and softmax with the wrong cross-entropy."""

import numpy as np
import symnn
from tests.people.case import numbers, one_hot, right, wrong

X, Y = numbers(5, 3), one_hot([0, 1, 2, 1, 0], 3)


class Softmax:
    def __call__(self, x):
        e = np.exp(x - np.max(x, axis=-1, keepdims=True))
        return e / e.sum(axis=-1, keepdims=True)

    def gradient(self, x):
        p = self(x)
        return p * (1 - p)


class Layer:
    def forward(self, x):
        self.p = Softmax()(x)
        return self.p

    def backward(self, g):
        return self.p * (g - (g * self.p).sum(axis=-1, keepdims=True))


class Identity(Layer):
    def backward(self, g):
        return g


class Diagonal(Layer):
    def backward(self, g):
        return g * self.p * (1 - self.p)


def prob(P):
    return Softmax()(X @ P["W1"] + P["b1"])


def binary(P):
    p = prob(P)
    return np.sum(-Y * np.log(p) - (1 - Y) * np.log(1 - p))


def categorical(P):
    return -np.sum(Y * np.log(prob(P)))


def grad(P):
    d = prob(P) - Y
    return {"W1": X.T @ d, "b1": d.sum(axis=0)}


P = {"W1": numbers(3, 3), "b1": numbers(3)}

CASES = [
    wrong("p (1 - p) of an activation object", lambda seed: symnn.verify(Softmax(), X, seed=seed)),
    wrong("the identity", lambda seed: symnn.verify(Identity(), X, seed=seed)),
    wrong("the diagonal", lambda seed: symnn.verify(Diagonal(), X, seed=seed)),
    right("the whole", lambda seed: symnn.verify(Layer(), X, seed=seed)),
    wrong("binary cross-entropy with p - y", lambda seed: symnn.verify(binary, grad, P, seed=seed)),
    right("categorical cross-entropy with p - y", lambda seed: symnn.verify(categorical, grad, P, seed=seed)),
]
