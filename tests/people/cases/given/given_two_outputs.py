"""A step with several outputs, as the (h, c) of an LSTM, whose backward pass takes a gradient for each."""

import numpy as np
import symnn
from tests.people.case import numbers, right, wrong

X, C = numbers(4, 3), numbers(4, 2)


class Cell:
    def __init__(self, W):
        self.W = W

    def forward(self, x, c):
        self.x, self.z = x, np.tanh(x @ self.W)
        self.c = c + self.z
        self.t = np.tanh(self.c)
        return self.t, self.c

    def backward(self, dh, dc):
        d = dc + dh * (1 - self.t**2)
        dz = d * (1 - self.z**2)
        self.dW = self.x.T @ dz
        return dz @ self.W.T, d


class CellWithoutTheCarry(Cell):
    def backward(self, dh, dc):
        d = dh * (1 - self.t**2)
        dz = d * (1 - self.z**2)
        self.dW = self.x.T @ dz
        return dz @ self.W.T, d


class Split:
    """Halves of the columns, to be used apart."""

    def forward(self, x):
        return x[:, :2], x[:, 2:]

    def backward(self, left, right):
        return np.hstack([left, right])


class SplitCrossed(Split):
    def backward(self, left, right):
        return np.hstack([right, left])


class Moments:
    """Three outputs in a list, three gradients in a list."""

    def forward(self, x):
        self.x = x
        return [x.sum(axis=0), (x**2).sum(axis=0), (x**3).sum(axis=0)]

    def backward(self, ds):
        return ds[0] + 2 * self.x * ds[1] + 3 * self.x**2 * ds[2]


class MomentsOneForgotten(Moments):
    def backward(self, ds):
        return ds[0] + 2 * self.x * ds[1]


def step_forward(x, h, c, W):
    z = x @ W + h
    new_c = c * np.tanh(z)
    new_h = new_c * z
    return new_h, new_c, (x, c, W, z, new_c)


def step_backward(dh, dc, cache):
    x, c, W, z, new_c = cache
    dc = dc + dh * z
    dz = dh * new_c + dc * c * (1 - np.tanh(z) ** 2)
    return dz @ W.T, dz, dc * np.tanh(z), x.T @ dz


def step_backward_path(dh, dc, cache):
    x, c, W, z, _ = cache
    dc = dc + dh * z
    dz = dc * c * (1 - np.tanh(z) ** 2)
    return dz @ W.T, dz, dc * np.tanh(z), x.T @ dz


STEP = (X, numbers(4, 2, seed=1), C, numbers(3, 2))

CASES = [
    right("an object with (h, c)", lambda seed: symnn.verify(Cell(numbers(3, 2)), X, C, seed=seed)),
    wrong("the carry dc is dropped", lambda seed: symnn.verify(CellWithoutTheCarry(numbers(3, 2)), X, C, seed=seed)),
    right("a split", lambda seed: symnn.verify(Split(), numbers(3, 4), seed=seed)),
    wrong("a split crossed", lambda seed: symnn.verify(SplitCrossed(), numbers(3, 4), seed=seed)),
    right("outputs and gradients in lists", lambda seed: symnn.verify(Moments(), X, seed=seed)),
    wrong("one of three paths forgotten", lambda seed: symnn.verify(MomentsOneForgotten(), X, seed=seed)),
    right("functions with (h, c, cache)", lambda seed: symnn.verify(step_forward, step_backward, *STEP, seed=seed)),
    wrong("functions, a path of h", lambda seed: symnn.verify(step_forward, step_backward_path, *STEP, seed=seed)),
]
