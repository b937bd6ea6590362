"""The commonest class of all: self.params["W"], loss(X, y), gradient(X, y) that returns a dict."""

import numpy as np
import symnn
from tests.people.case import numbers, right, wrong

X, T = numbers(5, 3), numbers(5, 2)


class Net:
    def __init__(self):
        self.params = {"W": np.ones((3, 2)) / 3, "b": np.zeros(2)}

    def loss(self, x, t):
        return np.sum((x @ self.params["W"] + self.params["b"] - t) ** 2)

    def gradient(self, x, t):
        e = 2 * (x @ self.params["W"] + self.params["b"] - t)
        return {"W": x.T @ e, "b": e.sum(axis=0)}


class NetWithoutTheTwo(Net):
    def gradient(self, x, t):
        e = x @ self.params["W"] + self.params["b"] - t
        return {"W": x.T @ e, "b": e.sum(axis=0)}


class Averaged:
    """Other words for everything: theta, cost, gradients; keys with d before them."""

    def __init__(self):
        self.theta = {"w": numbers(3, 1), "c": 0.5}

    def predict(self, x):
        return x @ self.theta["w"] + self.theta["c"]

    def cost(self, x, t):
        return np.mean((self.predict(x) - t) ** 2) / 2

    def gradients(self, x, t):
        e = (self.predict(x) - t) / len(x)
        return {"dw": x.T @ e, "dc": e.sum()}


class AveragedSummed(Averaged):
    def gradients(self, x, t):
        e = self.predict(x) - t
        return {"dw": x.T @ e / len(x), "dc": e.sum()}


class Kept:
    """gradient() returns nothing and fills self.grads."""

    def __init__(self):
        self.params = {"W1": numbers(3, 4), "W2": numbers(4, 2)}
        self.grads = {}

    def loss(self, x, t):
        self.h = np.maximum(x @ self.params["W1"], 0)
        return 0.5 * np.sum((self.h @ self.params["W2"] - t) ** 2)

    def gradient(self, x, t):
        self.loss(x, t)
        e = self.h @ self.params["W2"] - t
        self.grads["W2"] = self.h.T @ e
        self.grads["W1"] = x.T @ (e @ self.params["W2"].T * (self.h > 0))


class KeptUnmasked(Kept):
    def gradient(self, x, t):
        super().gradient(x, t)
        self.grads["W1"] = x.T @ ((self.h @ self.params["W2"] - t) @ self.params["W2"].T)


CASES = [
    right("loss and gradient", lambda seed: symnn.verify(Net(), X, T, seed=seed), arrays=2),
    right(
        "names as they are reached",
        lambda seed: symnn.verify(Net(), X, T, names=("params.W", "params.b"), seed=seed),
        arrays=2,
    ),
    right("names as they are", lambda seed: symnn.verify(Net(), X, T, names=("W", "b"), seed=seed), arrays=2),
    wrong("the 2 is missing", lambda seed: symnn.verify(NetWithoutTheTwo(), X, T, seed=seed)),
    right("theta, cost and gradients", lambda seed: symnn.verify(Averaged(), X, T[:, :1], seed=seed), arrays=2),
    wrong("the sum of the constant", lambda seed: symnn.verify(AveragedSummed(), X, T[:, :1], seed=seed)),
    right("gradients kept", lambda seed: symnn.verify(Kept(), X, T, seed=seed), arrays=2),
    wrong("gradients kept, without the mask", lambda seed: symnn.verify(KeptUnmasked(), X, T, seed=seed)),
]
