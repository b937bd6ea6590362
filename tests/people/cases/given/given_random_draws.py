"""Random draws inside the loss: probabilities made by the code itself, arrays of np.random written into in place."""

import numpy as np
import symnn
from tests.people.case import numbers, right, wrong

X = np.array([1.0, 2.0, -1.0])


def drawn(n):
    p = np.zeros(n)
    for k in range(n):
        p[k] = 1 / n
    return np.random.choice(n, size=2, p=p)


def loss(w):
    return np.sum(w[drawn(len(w))] ** 2)


def grad(w):
    g, chosen = np.zeros_like(w), drawn(len(w))
    np.add.at(g, chosen, 2 * w[chosen])
    return g


def grad_halved(w):
    return grad(w) / 2


class Net:
    def __init__(self):
        self.W = 0.1 * np.random.randn(3)


def at(w):
    net = Net()
    net.W[...] = w
    return net


def net_loss(w):
    return np.sum((at(w).W * X) ** 2)


def net_grad(w):
    return 2 * at(w).W * X * X


def net_grad_linear(w):
    return 2 * at(w).W * X


class Initialised:
    """Glorot's start, then a loader that writes into slices."""

    def __init__(self):
        limit = np.sqrt(6 / 5)
        self.layers = [np.random.uniform(-limit, limit, (2, 3)), np.random.normal(0, 0.01, (1, 2))]

    def load(self, theta):
        self.layers[0][:, :] = theta[:6].reshape(2, 3)
        self.layers[1][0, :] = theta[6:]
        return self

    def out(self, x):
        return self.layers[1] @ np.tanh(self.layers[0] @ x)


def flat_loss(theta, x):
    return 0.5 * np.sum(Initialised().load(theta).out(x) ** 2)


def flat_grad(theta, x):
    net = Initialised().load(theta)
    h = np.tanh(net.layers[0] @ x)
    d = net.layers[1] @ h
    return np.concatenate([((net.layers[1].T * d) * (1 - h[:, None] ** 2) * x).ravel(), d * h])


def flat_grad_order(theta, x):
    g = flat_grad(theta, x)
    return np.concatenate([g[:6].reshape(2, 3).ravel(order="F"), g[6:]])


def shuffled_loss(w, x):
    order = np.random.default_rng(7).permutation(len(x))
    return np.sum((x[order] @ w) ** 2)


def shuffled_grad(w, x):
    return 2 * x.T @ (x @ w)


def shuffled_grad_mean(w, x):
    return 2 * x.T @ (x @ w) / len(x)


W = np.array([0.5, -1.0, 2.0])
CASES = [
    right("choice with probabilities", lambda seed: symnn.verify(loss, grad, np.array([1.0, 2.0, 3.0]), seed=seed)),
    wrong("choice, halved", lambda seed: symnn.verify(loss, grad_halved, np.array([1.0, 2.0, 3.0]), seed=seed)),
    right("written into random numbers", lambda seed: symnn.verify(net_loss, net_grad, W, seed=seed)),
    wrong("written into random numbers, x once", lambda seed: symnn.verify(net_loss, net_grad_linear, W, seed=seed)),
    right("slices written", lambda seed: symnn.verify(flat_loss, flat_grad, numbers(8), numbers(3), seed=seed)),
    wrong(
        "slices in columns", lambda seed: symnn.verify(flat_loss, flat_grad_order, numbers(8), numbers(3), seed=seed)
    ),
    right("shuffled", lambda seed: symnn.verify(shuffled_loss, shuffled_grad, W, numbers(4, 3), seed=seed)),
    wrong("shuffled, mean", lambda seed: symnn.verify(shuffled_loss, shuffled_grad_mean, W, numbers(4, 3), seed=seed)),
]
