"""Objects that were used before: run forward and backward, trained a step, switched, pickled or copied."""

import copy
import pickle

import numpy as np
import symnn
from tests.people.case import numbers, right, wrong

X, Y = numbers(5, 3), numbers(5, 2)


class Dense:
    def __init__(self, n=3, m=2):
        self.W, self.b = numbers(n, m), np.zeros(m)
        self.x = self.dW = self.db = None
        self.history = []

    def forward(self, x):
        self.x = x
        self.out = np.tanh(x @ self.W + self.b)
        return self.out

    def backward(self, d):
        d = d * self.slope()
        self.dW, self.db = self.x.T @ d, d.sum(axis=0)
        self.history.append(float(0))
        return d @ self.W.T

    def slope(self):
        return 1 - self.out**2


class DenseSlope(Dense):
    def slope(self):
        return 1 - self.out


class Cached(Dense):
    """Keeps the indices that it made for the first batch, by the shape of it."""

    def __init__(self):
        super().__init__()
        self.cache = {}

    def forward(self, x):
        if x.shape not in self.cache:
            self.cache[x.shape] = np.arange(len(x))
        return super().forward(x[self.cache[x.shape]])


class Momentum(Dense):
    """Running sums in the object, which the gradient does not read."""

    def __init__(self):
        super().__init__()
        self.vW, self.vb, self.mean = np.zeros_like(self.W), np.zeros_like(self.b), 0.0

    def step(self, rate=0.1):
        self.vW = 0.9 * self.vW + self.dW
        self.W -= rate * self.vW
        self.mean = 0.9 * self.mean + 0.1 * float(self.out.mean())


class MomentumSlope(Momentum):
    slope = DenseSlope.slope


class Network:
    def __init__(self, kind=Dense):
        self.layers = [kind(3, 4), kind(4, 2)]
        self.losses = []

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def loss(self, x, y):
        value = 0.5 * np.sum((self.forward(x) - y) ** 2)
        self.losses.append(value)
        return value

    def backward(self, x, y):
        d = self.forward(x) - y
        for layer in self.layers[::-1]:
            d = layer.backward(d)

    def fit(self, x, y, steps=2):
        for _ in range(steps):
            self.loss(x, y)
            self.backward(x, y)
            for layer in self.layers:
                layer.W -= 0.05 * layer.dW
                layer.b -= 0.05 * layer.db
        return self


def run(layer, times=1):
    for _ in range(times):
        layer.backward(layer.forward(X))
    return layer


def other_batch(layer):
    layer.backward(layer.forward(numbers(2, 3)))
    return layer


def trained(layer):
    run(layer)
    layer.step()
    return layer


def pickled(layer):
    return pickle.loads(pickle.dumps(layer))  # noqa: S301 - its own bytes


CASES = [
    right("new", lambda seed: symnn.verify(Dense(), X, seed=seed), arrays=3),
    right("run once", lambda seed: symnn.verify(run(Dense()), X, seed=seed), arrays=3),
    right("run three times", lambda seed: symnn.verify(run(Dense(), 3), X, seed=seed), arrays=3),
    right("run on another batch", lambda seed: symnn.verify(other_batch(Dense()), X, seed=seed), arrays=3),
    wrong("run once, a slope", lambda seed: symnn.verify(run(DenseSlope()), X, seed=seed)),
    right("a cache by shape", lambda seed: symnn.verify(other_batch(run(Cached())), X, seed=seed), arrays=3),
    right("a step taken", lambda seed: symnn.verify(trained(Momentum()), X, seed=seed), arrays=3),
    wrong("a step taken, a slope", lambda seed: symnn.verify(trained(MomentumSlope()), X, seed=seed)),
    right("a network that was fitted", lambda seed: symnn.verify(Network().fit(X, Y), X, Y, seed=seed), arrays=4),
    wrong("a network that was fitted, a slope", lambda s: symnn.verify(Network(DenseSlope).fit(X, Y), X, Y, seed=s)),
    right("a deep copy", lambda seed: symnn.verify(copy.deepcopy(run(Dense())), X, seed=seed), arrays=3),
    right("pickled", lambda seed: symnn.verify(pickled(run(Dense())), X, seed=seed), arrays=3),
    right("layers of it, run before", lambda s: symnn.verify(Network().fit(X, Y).layers, X, seed=s), arrays=5),
]
