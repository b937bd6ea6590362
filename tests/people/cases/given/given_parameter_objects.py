"""Parameters in small objects: W.data and W.grad, W.value and W.gradient, W.w and W.dw, in lists and dicts."""

import numpy as np
import symnn
from tests.people.case import numbers, right, wrong

X = numbers(4, 3)


class Parameter:
    def __init__(self, data):
        self.data, self.grad = data, np.zeros_like(data)


class Linear:
    """Gradients are added up, as frameworks do."""

    factor = 1

    def __init__(self, n, m):
        self.W, self.b = Parameter(numbers(n, m)), Parameter(numbers(m))

    def forward(self, x):
        self.x = x
        return x @ self.W.data + self.b.data

    def backward(self, d):
        self.W.grad += self.factor * self.x.T @ d
        self.b.grad += self.factor * d.sum(axis=0)
        return d @ self.W.data.T

    def zero_grad(self):
        for p in (self.W, self.b):
            p.grad[...] = 0


class SevenTimes(Linear):
    factor = 7


class NothingForTheBias(Linear):
    def backward(self, d):
        self.W.grad += self.x.T @ d
        self.b.grad += np.zeros_like(self.b.data)
        return d @ self.W.data.T


class Weight:
    def __init__(self, value):
        self.value, self.gradient = value, None


class Scaling:
    def __init__(self, n):
        self.gain = Weight(numbers(n))

    def forward(self, x):
        self.x = x
        return x * self.gain.value

    def backward(self, d):
        self.gain.gradient = (d * self.x).sum(axis=0)
        return d * self.gain.value


class ScalingByTheMean(Scaling):
    def backward(self, d):
        self.gain.gradient = (d * self.x).mean(axis=0)
        return d * self.gain.value


class Tensor:
    def __init__(self, w):
        self.w, self.dw = w, np.zeros(w.shape)


class Hidden:
    def __init__(self, n, m):
        self.kernel, self.shift = Tensor(numbers(m, n)), Tensor(numbers(m, 1))

    def fprop(self, x):
        self.x = x
        self.a = np.tanh(self.kernel.w @ x + self.shift.w)
        return self.a

    def bprop(self, d):
        d = d * (1 - self.a**2)
        self.kernel.dw[:] = d @ self.x.T
        self.shift.dw[:] = d.sum(axis=1, keepdims=True)
        return self.kernel.w.T @ d


class HiddenUnsquared(Hidden):
    def bprop(self, d):
        d = d * (1 - self.a)
        self.kernel.dw[:] = d @ self.x.T
        self.shift.dw[:] = d.sum(axis=1, keepdims=True)
        return self.kernel.w.T @ d


class Slotted:
    __slots__ = ("grad", "val")

    def __init__(self, val):
        self.val, self.grad = val, 0.0


class InAList:
    """The parameter objects stand in a list of the layer."""

    def __init__(self, n, m):
        self.parameters = [Slotted(numbers(n, m)), Slotted(numbers(1, m))]

    def forward(self, x):
        self.x = x
        return x @ self.parameters[0].val + self.parameters[1].val

    def backward(self, d):
        W, b = self.parameters
        W.grad, b.grad = self.x.T @ d, d.sum(axis=0, keepdims=True)
        return d @ W.val.T


class InAListSign(InAList):
    def backward(self, d):
        W, b = self.parameters
        W.grad, b.grad = -self.x.T @ d, d.sum(axis=0, keepdims=True)
        return d @ W.val.T


class InADict:
    """The parameter objects stand in a dict of the layer, made by a dataclass-like holder of both arrays."""

    def __init__(self, n, m):
        self.params = {"w": Parameter(numbers(n, m)), "b": Parameter(np.zeros(m))}

    def __call__(self, x):
        self.x = x
        return x @ self.params["w"].data + self.params["b"].data

    def backward(self, d):
        self.params["w"].grad = self.x.T @ d
        self.params["b"].grad = np.sum(d, axis=0)
        return d @ self.params["w"].data.T


class InADictForgotten(InADict):
    def backward(self, d):
        self.params["w"].grad = self.x.T @ d
        self.params["b"].grad = d[0]
        return d @ self.params["w"].data.T


CASES = [
    right("data and grad", lambda seed: symnn.verify(Linear(3, 2), X, seed=seed), arrays=3),
    wrong("data and grad, seven times", lambda seed: symnn.verify(SevenTimes(3, 2), X, seed=seed)),
    wrong("data and grad, nothing for b", lambda seed: symnn.verify(NothingForTheBias(3, 2), X, seed=seed)),
    right("value and gradient", lambda seed: symnn.verify(Scaling(3), X, seed=seed), arrays=2),
    wrong("value and gradient, mean for sum", lambda seed: symnn.verify(ScalingByTheMean(3), X, seed=seed)),
    right("w and dw", lambda seed: symnn.verify(Hidden(3, 2), X.T, seed=seed), arrays=3),
    wrong("w and dw, slope unsquared", lambda seed: symnn.verify(HiddenUnsquared(3, 2), X.T, seed=seed)),
    right("val and grad, slots, in a list", lambda seed: symnn.verify(InAList(3, 2), X, seed=seed), arrays=3),
    wrong("val and grad, slots, in a list, sign", lambda seed: symnn.verify(InAListSign(3, 2), X, seed=seed)),
    right("in a dict", lambda seed: symnn.verify(InADict(3, 2), X, seed=seed), arrays=3),
    wrong("in a dict, one sample of b", lambda seed: symnn.verify(InADictForgotten(3, 2), X, seed=seed)),
]
