"""Functions over dicts of arrays, and over arguments one by one: propagate(w, b, X, Y) -> grads, cost."""

import numpy as np
import symnn
from tests.people.case import numbers, right, wrong

X = numbers(5, 3)
P = {"W1": numbers(3, 4), "b1": numbers(4), "W2": numbers(4, 2)}


def forward(params, X):
    H = np.tanh(X @ params["W1"] + params["b1"])
    return H @ params["W2"], (X, H)


def backward(params, cache, dout):
    X, H = cache
    d = dout @ params["W2"].T * (1 - H**2)
    return {"dW1": X.T @ d, "db1": d.sum(axis=0), "dW2": H.T @ dout}, d @ params["W1"].T


def backward_mean(params, cache, dout):
    grads, dX = backward(params, cache, dout)
    return {**grads, "db1": grads["db1"] / len(cache[0])}, dX


def backward_in_one_dict(params, cache, dout):
    grads, dX = backward(params, cache, dout)
    return {**grads, "dX": dX}


def propagated(b_factor):
    def propagate(w, b, X, Y):
        m = X.shape[1]
        A = 1 / (1 + np.exp(-(w.T @ X + b)))
        cost = -np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A)) / m
        return {"dw": X @ (A - Y).T / m, "db": b_factor * np.sum(A - Y) / m}, cost

    return propagate


W, B, DATA = numbers(3, 1), 0.5, (numbers(3, 6), np.array([[0.0, 1.0, 1.0, 0.0, 1.0, 0.0]]))


class Heads:
    """Two outputs in a list, whose upstream gradients come in one."""

    def __init__(self):
        self.W, self.V = numbers(3, 2), numbers(3, 2, seed=1)

    def forward(self, x):
        self.x = x
        return [x @ self.W, np.tanh(x @ self.V)]

    def backward(self, grads):
        first, second = grads
        second = second * self.slope(np.tanh(self.x @ self.V))
        self.dW, self.dV = self.x.T @ first, self.x.T @ second
        return first @ self.W.T + second @ self.V.T

    def slope(self, t):
        return 1 - t**2


class HeadsSlope(Heads):
    def slope(self, t):
        return 1 - t


CASES = [
    right("a dict and X", lambda s: symnn.verify(forward, backward, P, X, seed=s), arrays=4),
    wrong("a dict and X, mean", lambda s: symnn.verify(forward, backward_mean, P, X, seed=s)),
    right("a dict and X in one", lambda s: symnn.verify(forward, backward_in_one_dict, P, X, seed=s), arrays=4),
    right("w, b, X, Y", lambda s: symnn.verify(propagated(1), W, B, *DATA, seed=s), arrays=2),
    wrong("w, b, X, Y, twice", lambda s: symnn.verify(propagated(2), W, B, *DATA, seed=s)),
    right("two heads", lambda s: symnn.verify(Heads(), X, seed=s), arrays=3),
    wrong("two heads, slope", lambda s: symnn.verify(HeadsSlope(), X, seed=s)),
]
