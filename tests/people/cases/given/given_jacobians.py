"""The derivative of a vector function returned as its Jacobian, (n, n) or (m, n): contracted with the upstream."""

import numpy as np
import symnn
from tests.people.case import numbers, right, wrong

X = numbers(5)
A = numbers(3, 5)


def softmax(x):
    e = np.exp(x)
    return e / e.sum()


def softmax_jacobian(x):
    p = softmax(x)
    return np.diag(p) - np.outer(p, p)


def softmax_jacobian_sign(x):
    p = softmax(x)
    return np.diag(p) + np.outer(p, p)


def softmax_jacobian_loop(x):
    p = softmax(x)
    J = np.zeros((len(p), len(p)))
    for i in range(len(p)):
        for j in range(len(p)):
            J[i, j] = p[i] * ((i == j) - p[j])
    return J


def unit(x):
    return x / np.linalg.norm(x)


def unit_jacobian(x):
    r = np.linalg.norm(x)
    return np.eye(len(x)) / r - np.outer(x, x) / r**3


def unit_jacobian_square(x):
    r = np.linalg.norm(x)
    return np.eye(len(x)) / r - np.outer(x, x) / r**2


def layer(x):
    return np.tanh(A @ x)


def layer_jacobian(x):
    return (1 - np.tanh(A @ x) ** 2)[:, None] * A


def layer_jacobian_rows(x):
    return (1 - np.tanh(A @ x))[:, None] * A


def cumulated(x):
    return np.cumsum(x) ** 2


def cumulated_jacobian(x):
    return 2 * np.cumsum(x)[:, None] * np.tril(np.ones((len(x), len(x))))


CASES = [
    right("softmax", lambda seed: symnn.verify(softmax, softmax_jacobian, X, seed=seed)),
    right("softmax in loops", lambda seed: symnn.verify(softmax, softmax_jacobian_loop, X, seed=seed)),
    wrong("softmax, sign", lambda seed: symnn.verify(softmax, softmax_jacobian_sign, X, seed=seed)),
    right("a unit vector", lambda seed: symnn.verify(unit, unit_jacobian, X, seed=seed)),
    wrong("a unit vector, r squared", lambda seed: symnn.verify(unit, unit_jacobian_square, X, seed=seed)),
    right("a dense layer, (m, n)", lambda seed: symnn.verify(layer, layer_jacobian, X, seed=seed)),
    wrong("a dense layer, slope", lambda seed: symnn.verify(layer, layer_jacobian_rows, X, seed=seed)),
    right("one that is not symmetric", lambda seed: symnn.verify(cumulated, cumulated_jacobian, X, seed=seed)),
]
