"""Every shape at every level, and with its network: a class, a layer, a list, a pair, a loss object, an activation."""

import numpy as np
import symnn
from symnn import Dense, Network
from tests.people.case import numbers, right, wrong

X, T = numbers(4, 3), numbers(4, 2)
NETWORK = Network(
    inputs=3,
    layers=[Dense(2, "tanh")],
    loss="squared-error",
    reduction="sum",
    layout="samples-first",
)


class Net:
    """self.params, loss(x, t), gradient(x, t)."""

    def __init__(self):
        self.params = {"W": numbers(3, 2), "b": numbers(2)}

    def loss(self, x, t):
        return np.sum((np.tanh(x @ self.params["W"] + self.params["b"]) - t) ** 2)

    def gradient(self, x, t):
        a = np.tanh(x @ self.params["W"] + self.params["b"])
        d = 2 * (a - t) * self.slope(a)
        return {"W": x.T @ d, "b": d.sum(axis=0)}

    def slope(self, a):
        return 1 - a**2


class NetSlope(Net):
    def slope(self, a):
        return 1 - a


class Layer:
    def __init__(self):
        self.weights, self.biases = numbers(3, 2), numbers(1, 2)

    def forward(self, x):
        self.x, self.a = x, np.tanh(x @ self.weights + self.biases)
        return self.a

    def backward(self, g):
        d = g * self.slope(self.a)
        self.dweights, self.dbiases = self.x.T @ d, d.sum(axis=0, keepdims=True)
        return d @ self.weights.T

    def slope(self, a):
        return 1 - a**2


class LayerSlope(Layer):
    slope = NetSlope.slope


class Loss:
    def forward(self, x, t):
        self.d = x - t
        return np.sum(self.d**2)

    def backward(self, dout=1):
        return self.factor() * dout * self.d

    def factor(self):
        return 2


class LossHalved(Loss):
    def factor(self):
        return 1


class Tanh:
    def __call__(self, z):
        return np.tanh(z)

    def gradient(self, z):
        return self.slope(np.tanh(z))

    def slope(self, a):
        return 1 - a**2


class TanhSlope(Tanh):
    slope = NetSlope.slope


def loss_and_grads(p, x, t):
    net = Net()
    net.params = p
    return net.loss(x, t), net.gradient(x, t)


def loss_and_grads_slope(p, x, t):
    net = NetSlope()
    net.params = p
    return net.loss(x, t), net.gradient(x, t)


# How each is called, right and wrong.
CALLS = {
    "a class": (lambda **o: symnn.verify(Net(), X, T, **o), lambda **o: symnn.verify(NetSlope(), X, T, **o)),
    "a layer": (lambda **o: symnn.verify(Layer(), X, **o), lambda **o: symnn.verify(LayerSlope(), X, **o)),
    "a loss object": (
        lambda **o: symnn.verify(Loss(), X, X[::-1], **o),
        lambda **o: symnn.verify(LossHalved(), X, X[::-1], **o),
    ),
    "an activation": (lambda **o: symnn.verify(Tanh(), X, **o), lambda **o: symnn.verify(TanhSlope(), X, **o)),
    "one function": (
        lambda **o: symnn.verify(loss_and_grads, Net().params, X, T, **o),
        lambda **o: symnn.verify(loss_and_grads_slope, Net().params, X, T, **o),
    ),
    "a list with its network": (
        lambda **o: symnn.verify([Layer()], network=NETWORK, **o),
        lambda **o: symnn.verify([LayerSlope()], network=NETWORK, **o),
    ),
    "a class with its network": (
        lambda **o: symnn.verify(Net(), X, T, network=NETWORK, **o),
        lambda **o: symnn.verify(NetSlope(), X, T, network=NETWORK, **o),
    ),
}
LEVELS = ("numerical", "identical", "all")


def at(call, level):
    return lambda seed: call(level=level, seed=seed)


CASES = [
    *(right(f"{name}, {level}", at(pair[0], level)) for name, pair in CALLS.items() for level in LEVELS),
    *(wrong(f"{name}, {level}, a slip", at(pair[1], level)) for name, pair in CALLS.items() for level in LEVELS),
]
