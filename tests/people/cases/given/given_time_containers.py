"""Recurrent containers whose forward pass makes cells anew, which share the container's parameters."""

import numpy as np
import symnn
from tests.people.case import numbers, right, wrong

XS = numbers(2, 3, 3)


class Cell:
    def __init__(self, Wx, Wh):
        self.params = [Wx, Wh]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh)]

    def forward(self, x, h):
        self.x, self.h = x, h
        self.a = np.tanh(x @ self.params[0] + h @ self.params[1])
        return self.a

    def backward(self, d):
        d = d * (1 - self.a**2)
        self.grads[0][...] = self.x.T @ d
        self.grads[1][...] = self.h.T @ d
        return d @ self.params[0].T, d @ self.params[1].T


class TimeRNN:
    def __init__(self):
        self.params = [numbers(3, 2), numbers(2, 2)]
        self.grads = [np.zeros((3, 2)), np.zeros((2, 2))]
        self.layers = None

    def forward(self, xs):
        self.layers, h, hs = [], np.zeros((len(xs), 2)), []
        for t in range(xs.shape[1]):
            cell = Cell(*self.params)
            h = cell.forward(xs[:, t], h)
            hs.append(h)
            self.layers.append(cell)
        return np.stack(hs, 1)

    def backward(self, d):
        sums, dh, dx = [0, 0], 0, [None] * d.shape[1]
        for t in reversed(range(d.shape[1])):
            dx[t], dh = self.layers[t].backward(d[:, t] + dh)
            sums = [a + b for a, b in zip(sums, self.layers[t].grads, strict=True)]
        for k in (0, 1):
            self.grads[k][...] = sums[k]
        return np.stack(dx, 1)


class TimeRNNLastStepOnly(TimeRNN):
    def backward(self, d):
        dx = super().backward(d)
        for k in (0, 1):
            self.grads[k][...] = self.layers[0].grads[k]
        return dx


class Step:
    """A step that reads its parameters from the object that made it."""

    def __init__(self, owner):
        self.owner = owner

    def run(self, x, h):
        self.x, self.h = x, h
        self.out = x @ self.owner.U + self.owner.decay * h
        return self.out


class Leaky:
    """Steps are kept in a list, the decay is a parameter of each unit."""

    def __init__(self):
        self.U, self.decay = numbers(3, 2), numbers(2)

    def forward(self, xs):
        self.steps, h = [], np.zeros((len(xs), 2))
        for x in xs.transpose(1, 0, 2):
            self.steps.append(Step(self))
            h = self.steps[-1].run(x, h)
        return h

    def backward(self, dh):
        self.dU, self.ddecay, dxs = np.zeros_like(self.U), np.zeros_like(self.decay), []
        for step in self.steps[::-1]:
            self.dU += step.x.T @ dh
            self.ddecay += (dh * step.h).sum(axis=0)
            dxs.insert(0, dh @ self.U.T)
            dh = self.decay * dh
        return np.stack(dxs, axis=1)


class LeakyOverwritten(Leaky):
    def backward(self, dh):
        dxs = []
        for step in self.steps[::-1]:
            self.dU = step.x.T @ dh
            self.ddecay = (dh * step.h).sum(axis=0)
            dxs.insert(0, dh @ self.U.T)
            dh = self.decay * dh
        return np.stack(dxs, axis=1)


CASES = [
    right("cells share lists of parameters", lambda seed: symnn.verify(TimeRNN(), XS, seed=seed)),
    wrong("only the last step's gradient is kept", lambda seed: symnn.verify(TimeRNNLastStepOnly(), XS, seed=seed)),
    right("steps point at their owner", lambda seed: symnn.verify(Leaky(), XS, seed=seed)),
    wrong("= for += over steps", lambda seed: symnn.verify(LeakyOverwritten(), XS, seed=seed)),
]
