"""Float attributes that are constants (scale, eps, momentum, keep probabilities), not parameters without a gradient."""

import numpy as np
import symnn
from tests.people.case import numbers, right, wrong

X = numbers(4, 3)


class Head:
    def __init__(self, d):
        self.scale = d**0.5

    def forward(self, x):
        return x / self.scale

    def backward(self, d):
        return d / self.scale


class HeadTimes(Head):
    def backward(self, d):
        return d * self.scale


class Selu:
    def __init__(self):
        self.alpha, self.scale = 1.6732632423543772, 1.0507009873554805

    def forward(self, x):
        self.x = x
        return self.scale * np.where(x >= 0, x, self.alpha * (np.exp(x) - 1))

    def backward(self, g):
        return g * self.scale * np.where(self.x >= 0, 1, self.alpha * np.exp(self.x))


class SeluUnscaled(Selu):
    def backward(self, g):
        return g * np.where(self.x >= 0, 1, self.alpha * np.exp(self.x))


class LayerNorm:
    def __init__(self, n):
        self.gamma, self.beta, self.eps = np.ones(n), np.zeros(n), 1e-5

    def forward(self, x):
        self.std = np.sqrt(x.var(axis=1, keepdims=True) + self.eps)
        self.xh = (x - x.mean(axis=1, keepdims=True)) / self.std
        return self.gamma * self.xh + self.beta

    def backward(self, d):
        self.dgamma, self.dbeta = (d * self.xh).sum(axis=0), d.sum(axis=0)
        d = d * self.gamma
        inner = (d * self.xh).mean(axis=1, keepdims=True)
        return (d - d.mean(axis=1, keepdims=True) - self.xh * inner) / self.std


class LayerNormWithoutTheMean(LayerNorm):
    def backward(self, d):
        self.dgamma, self.dbeta = (d * self.xh).sum(axis=0), d.sum(axis=0)
        d = d * self.gamma
        return (d - self.xh * (d * self.xh).mean(axis=1, keepdims=True)) / self.std


class Mixed:
    """A learned gate beside constants called as parameters are: temperature, bias, weight_decay, w_init."""

    def __init__(self):
        self.gate = numbers(3)
        self.temperature, self.weight_decay, self.w_init, self.momentum = 2.5, 0.01, 0.1, 0.9

    def forward(self, x):
        self.x = x
        return np.tanh(x * self.gate / self.temperature)

    def backward(self, d):
        d = d * (1 - np.tanh(self.x * self.gate / self.temperature) ** 2) / self.temperature
        self.dgate = (d * self.x).sum(axis=0)
        return d * self.gate


class MixedTemperatureTwice(Mixed):
    def backward(self, d):
        d = d * (1 - np.tanh(self.x * self.gate / self.temperature) ** 2) / self.temperature**2
        self.dgate = (d * self.x).sum(axis=0)
        return d * self.gate


class Prelu:
    """Here the float is a parameter: there is a gradient for it."""

    def __init__(self):
        self.alpha = 0.25

    def forward(self, x):
        self.x = x
        return np.where(x > 0, x, self.alpha * x)

    def backward(self, d):
        self.dalpha = np.sum(d * np.minimum(self.x, 0))
        return np.where(self.x > 0, d, self.alpha * d)


class PreluSign(Prelu):
    def backward(self, d):
        self.dalpha = -np.sum(d * np.minimum(self.x, 0))
        return np.where(self.x > 0, d, self.alpha * d)


CASES = [
    right("scale of a head", lambda seed: symnn.verify(Head(3), X, seed=seed)),
    wrong("scale of a head, times", lambda seed: symnn.verify(HeadTimes(3), X, seed=seed)),
    right("alpha and scale of a SELU", lambda seed: symnn.verify(Selu(), X, seed=seed)),
    wrong("scale of a SELU forgotten", lambda seed: symnn.verify(SeluUnscaled(), X, seed=seed)),
    right("eps of a layer norm", lambda seed: symnn.verify(LayerNorm(3), X, seed=seed)),
    wrong("layer norm without the mean", lambda seed: symnn.verify(LayerNormWithoutTheMean(3), X, seed=seed)),
    right("temperature beside a gate", lambda seed: symnn.verify(Mixed(), X, seed=seed)),
    wrong("temperature twice", lambda seed: symnn.verify(MixedTemperatureTwice(), X, seed=seed)),
    right("a float that is a parameter", lambda seed: symnn.verify(Prelu(), X, seed=seed)),
    wrong("a float that is a parameter, sign", lambda seed: symnn.verify(PreluSign(), X, seed=seed)),
]
