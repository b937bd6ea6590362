"""Soft targets whose rows sum to one only as floats do: smoothed labels, a teacher's softmax, any layout."""

import numpy as np
import symnn
from tests.people.case import numbers, right, wrong

SMOOTH = np.full((4, 3), 0.05)
SMOOTH[range(4), [0, 1, 2, 0]] = 0.9


def softmax(Z, axis=1):
    E = np.exp(Z)
    return E / E.sum(axis=axis, keepdims=True)


TEACHER = softmax(numbers(4, 3, seed=5))
W, X = numbers(2, 3), numbers(4, 2)


def loss(W, X, Y):
    return -(Y * np.log(softmax(X @ W))).sum() / len(X)


def grad(W, X, Y):
    return X.T @ (softmax(X @ W) - Y) / len(X)


def grad_of_half_targets(W, X, Y):
    return X.T @ (softmax(X @ W) - Y / 2) / len(X)


def column_loss(W, X, Y):
    return -np.sum(Y * np.log(softmax(W @ X, axis=0))) / X.shape[1]


def column_grad(W, X, Y):
    return (softmax(W @ X, axis=0) - Y) @ X.T / X.shape[1]


def column_grad_summed(W, X, Y):
    return (softmax(W @ X, axis=0) - Y) @ X.T


def line_loss(z, t):
    return -np.sum(t * (z - np.log(np.sum(np.exp(z)))))


def line_grad(z, t):
    return np.exp(z) / np.sum(np.exp(z)) - t


def line_grad_turned(z, t):
    return t - np.exp(z) / np.sum(np.exp(z))


def divergence(W, X, Y):
    return np.mean(np.sum(Y * (np.log(Y) - np.log(softmax(X @ W))), axis=1))


class SmoothedLoss:
    """The smoothing is done inside, with a factor of the object."""

    smoothing = 0.1

    def forward(self, z, y):
        k = z.shape[1]
        self.p, self.t = softmax(z), y * (1 - self.smoothing) + self.smoothing / k
        return -np.sum(self.t * np.log(self.p)) / len(z)

    def backward(self, dout=1):
        return dout * (self.p - self.t) / len(self.p)


class SmoothedLossHardTargets(SmoothedLoss):
    def backward(self, dout=1):
        return dout * (self.p - np.round(self.t)) / len(self.p)


# Off by more than rounding: p - y is then not the gradient.
LEAKY = SMOOTH + np.array([1e-6, 0, 0])

CASES = [
    right("smoothed labels", lambda seed: symnn.verify(loss, grad, W, X, SMOOTH, seed=seed)),
    wrong("half targets", lambda seed: symnn.verify(loss, grad_of_half_targets, W, X, SMOOTH, seed=seed)),
    right("a teacher's softmax", lambda seed: symnn.verify(loss, grad, W, X, TEACHER, seed=seed)),
    right("a teacher's softmax, divergence", lambda seed: symnn.verify(divergence, grad, W, X, TEACHER, seed=seed)),
    right(
        "features first",
        lambda seed: symnn.verify(column_loss, column_grad, W.T, X.T, TEACHER.T, seed=seed),
    ),
    wrong(
        "features first, sum for mean",
        lambda seed: symnn.verify(column_loss, column_grad_summed, W.T, X.T, TEACHER.T, seed=seed),
    ),
    right("one sample", lambda seed: symnn.verify(line_loss, line_grad, numbers(3), TEACHER[0], seed=seed)),
    wrong(
        "one sample, sign", lambda seed: symnn.verify(line_loss, line_grad_turned, numbers(3), TEACHER[0], seed=seed)
    ),
    right(
        "smoothed inside", lambda seed: symnn.verify(SmoothedLoss(), numbers(4, 3), np.eye(3)[[0, 1, 2, 0]], seed=seed)
    ),
    wrong(
        "smoothed inside, hard targets",
        lambda seed: symnn.verify(SmoothedLossHardTargets(), numbers(4, 3), np.eye(3)[[0, 1, 2, 0]], seed=seed),
    ),
    wrong("rows that sum to one and a millionth", lambda seed: symnn.verify(loss, grad, W, X, LEAKY, seed=seed)),
]
