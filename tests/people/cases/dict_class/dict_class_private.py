"""Private and odd names: _W and _dW, w1_W, cached by setters, gradients in attributes or in a dict beside."""

import numpy as np
import symnn
from tests.people.case import numbers, right, wrong

X, T = numbers(5, 3), numbers(5, 2)


class Underscored:
    def __init__(self):
        self._W, self._b = numbers(3, 2), numbers(2)

    def forward(self, x):
        self._x = x
        return x @ self._W + self._b

    def backward(self, dout):
        self._dW, self._db = self._x.T @ dout, dout.sum(axis=0)
        return dout @ self._W.T


class UnderscoredTwice(Underscored):
    def backward(self, dout):
        self._dW, self._db = 2 * self._x.T @ dout, dout.sum(axis=0)
        return dout @ self._W.T


class Lower:
    def __init__(self):
        self._w, self._dw, self._cache = numbers(3, 2), None, {}

    def forward(self, x):
        self._cache["x"], self._cache["z"] = x, x @ self._w
        return np.tanh(self._cache["z"])

    def backward(self, d):
        d = d * (1 - np.tanh(self._cache["z"]) ** 2)
        self._dw = self._cache["x"].T @ d
        return d @ self._w.T


class LowerSlope(Lower):
    def backward(self, d):
        d = d * (1 - np.tanh(self._cache["z"]))
        self._dw = self._cache["x"].T @ d
        return d @ self._w.T


class Numbered:
    """w1_W, w1_b, and grads under the same keys in a dict of their own."""

    def __init__(self):
        self.w1_W, self.w1_b, self.w2_W = numbers(3, 4), numbers(4), numbers(4, 2)
        self.grads = {}

    def loss(self, x, t):
        self.h = np.tanh(x @ self.w1_W + self.w1_b)
        return np.sum((self.h @ self.w2_W - t) ** 2)

    def gradient(self, x, t):
        self.loss(x, t)
        e = 2 * (self.h @ self.w2_W - t)
        d = e @ self.w2_W.T * (1 - self.h**2)
        self.grads = {"w1_W": x.T @ d, "w1_b": d.sum(axis=0), "w2_W": self.h.T @ e}
        return self.grads


class NumberedForgotten(Numbered):
    def gradient(self, x, t):
        grads = super().gradient(x, t)
        return grads | {"w1_W": grads["w1_W"] * 0}


class Attributes:
    """compute_cost and compute_gradients; gradients stay in attributes dW1, db1."""

    def __init__(self):
        self.W1, self.b1, self.W2, self.b2 = numbers(3, 4), numbers(4), numbers(4, 2), numbers(2)

    def forward_propagation(self, X):
        self.A1 = np.maximum(X @ self.W1 + self.b1, 0)
        return self.A1 @ self.W2 + self.b2

    def compute_cost(self, X, y):
        return np.sum((self.forward_propagation(X) - y) ** 2) / (2 * len(X))

    def backward_propagation(self, X, y):
        d = (self.forward_propagation(X) - y) / len(X)
        self.dW2, self.db2 = self.A1.T @ d, d.sum(axis=0)
        d = d @ self.W2.T * (self.A1 > 0)
        self.dW1, self.db1 = X.T @ d, d.sum(axis=0)


class AttributesUnmasked(Attributes):
    def backward_propagation(self, X, y):
        super().backward_propagation(X, y)
        d = (self.forward_propagation(X) - y) / len(X) @ self.W2.T
        self.dW1, self.db1 = X.T @ d, d.sum(axis=0)


class Mangled:
    """Names with two underscores, reached through properties."""

    def __init__(self):
        self.__weights = numbers(3, 2)
        self.__grad_weights = np.zeros((3, 2))

    @property
    def weights(self):
        return self.__weights

    @property
    def grad_weights(self):
        return self.__grad_weights

    def forward(self, x):
        self.__x = x
        return x @ self.__weights

    def backward(self, d):
        self.__grad_weights = self.tilted(self.__x.T @ d)
        return d @ self.__weights.T

    def tilted(self, g):
        return g


class MangledSign(Mangled):
    def tilted(self, g):
        return -g


class Theta:
    """thetas in a list, cost and gradient with lambda, a bias column put on inside."""

    def __init__(self):
        self.thetas, self.lmbda = [numbers(4, 4), numbers(2, 5)], 0.5

    def layers(self, X):
        ones = np.ones((len(X), 1))
        a1 = np.hstack([ones, X])
        a2 = np.hstack([ones, np.tanh(a1 @ self.thetas[0].T)])
        return a1, a2, a2 @ self.thetas[1].T

    def cost(self, X, y):
        penalty = sum(np.sum(theta[:, 1:] ** 2) for theta in self.thetas)
        return np.sum((self.layers(X)[2] - y) ** 2) / 2 / len(X) + self.lmbda / 2 / len(X) * penalty

    def gradient(self, X, y):
        a1, a2, out = self.layers(X)
        d3 = (out - y) / len(X)
        d2 = (d3 @ self.thetas[1] * (1 - a2**2))[:, 1:]
        decays = [np.hstack([np.zeros((len(t), 1)), t[:, 1:]]) for t in self.thetas]
        return [g + self.lmbda / len(X) * t for g, t in zip((d2.T @ a1, d3.T @ a2), decays, strict=True)]


class ThetaAll(Theta):
    def gradient(self, X, y):
        g1, g2 = super().gradient(X, y)
        first = np.zeros_like(g1)
        first[:, 0] = self.lmbda / len(X) * self.thetas[0][:, 0]
        return [g1 + first, g2]


CASES = [
    right("_W and _dW", lambda seed: symnn.verify(Underscored(), X, seed=seed), arrays=3),
    wrong("_W and _dW, twice", lambda seed: symnn.verify(UnderscoredTwice(), X, seed=seed)),
    right("_w and _dw", lambda seed: symnn.verify(Lower(), X, seed=seed), arrays=2),
    wrong("_w and _dw, slope", lambda seed: symnn.verify(LowerSlope(), X, seed=seed)),
    right("w1_W", lambda seed: symnn.verify(Numbered(), X, T, seed=seed), arrays=3),
    wrong("w1_W, zeros", lambda seed: symnn.verify(NumberedForgotten(), X, T, seed=seed)),
    right("attributes", lambda seed: symnn.verify(Attributes(), X, T, seed=seed), arrays=4),
    wrong("attributes, no mask", lambda seed: symnn.verify(AttributesUnmasked(), X, T, seed=seed)),
    right("two underscores", lambda seed: symnn.verify(Mangled(), X, seed=seed), arrays=2),
    wrong("two underscores, sign", lambda seed: symnn.verify(MangledSign(), X, seed=seed)),
    right("thetas", lambda seed: symnn.verify(Theta(), X, T, seed=seed), arrays=2),
    wrong("thetas, the bias column penalised", lambda seed: symnn.verify(ThetaAll(), X, T, seed=seed)),
]
