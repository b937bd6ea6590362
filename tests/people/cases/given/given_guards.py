"""An epsilon in a logarithm or a denominator of one pass only: equal up to the guard; nothing may hide behind it."""

import numpy as np
import symnn
from tests.people.case import Case, numbers, one_hot, right, wrong

Z, Y = numbers(5, 3), one_hot([0, 2, 1, 1, 0], 3)
T = (np.arange(15).reshape(5, 3) % 2) * 1.0
W, X = numbers(2, 3), numbers(5, 2)


def guard(name, call, size):
    return Case(name, call, "equal up to the guard", size)


def softmax(z):
    e = np.exp(z)
    return e / e.sum(axis=1, keepdims=True)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def loss(z):
    return -np.sum(Y * np.log(softmax(z) + 1e-7)) / 5


def grad(z):
    return (softmax(z) - Y) / 5


def grad_guarded(z):
    p = softmax(z)
    s = p * Y / (p + 1e-7)
    return (p * s.sum(axis=1, keepdims=True) - s) / 5


def grad_doubled(z):
    return 2 * (softmax(z) - Y) / 5


def grad_one_entry(z):
    g = grad(z)
    g[0, 0] *= 1 + 1e-6
    return g


def plain_loss(z):
    return -np.sum(T * np.log(sigmoid(z)) + (1 - T) * np.log(1 - sigmoid(z)))


def guarded_denominator(z):
    a = sigmoid(z)
    return -(T / (a + 1e-12) - (1 - T) / (1 - a + 1e-12)) * a * (1 - a)


def guarded_denominator_sign(z):
    a = sigmoid(z)
    return -(T / (a + 1e-12) + (1 - T) / (1 - a + 1e-12)) * a * (1 - a)


def decayed(W, decay):
    return -np.sum(Y * np.log(softmax(X @ W) + 1e-8)) + decay * np.sum(W**2) / 2


def normed(x, eps=1e-8):
    return np.sum(x / (np.linalg.norm(x) + eps) * np.arange(1.0, 6.0))


def normed_grad(x):
    c, r = np.arange(1.0, 6.0), np.linalg.norm(x)
    return c / r - x * (x @ c) / r**3


def normed_grad_path(x):
    return np.arange(1.0, 6.0) / np.linalg.norm(x)


def data_grad(W, decay=0.0):
    return X.T @ (softmax(X @ W) - Y) + decay * W


CASES = [
    guard("log(p + 1e-7)", lambda seed: symnn.verify(loss, grad, Z, seed=seed), "1e-0?7"),
    right("log(p + 1e-7), differentiated with it", lambda seed: symnn.verify(loss, grad_guarded, Z, seed=seed)),
    wrong("a factor beside the guard", lambda seed: symnn.verify(loss, grad_doubled, Z, seed=seed)),
    wrong("a millionth beside the guard", lambda seed: symnn.verify(loss, grad_one_entry, Z, seed=seed)),
    guard(
        "1e-12 in a denominator of the gradient",
        lambda s: symnn.verify(plain_loss, guarded_denominator, Z, seed=s),
        "1e-12",
    ),
    wrong("a sign beside it", lambda seed: symnn.verify(plain_loss, guarded_denominator_sign, Z, seed=seed)),
    guard("a guarded norm", lambda seed: symnn.verify(normed, normed_grad, numbers(5), seed=seed), "1e-0?8"),
    wrong("a guarded norm, one path", lambda seed: symnn.verify(normed, normed_grad_path, numbers(5), seed=seed)),
    guard(
        "log(p + 1e-8) with a penalty",
        lambda seed: symnn.verify(lambda W: decayed(W, 0.5), lambda W: data_grad(W, 0.5), W, seed=seed),
        "1e-0?8",
    ),
    wrong(
        "a weight decay of 1e-6 is no guard",
        lambda seed: symnn.verify(lambda W: decayed(W, 1e-6), lambda W: data_grad(W), W, seed=seed),
    ),
    wrong(
        "a weight decay of 1e-6 without any guard",
        lambda seed: symnn.verify(
            lambda W: -np.sum(Y * np.log(softmax(X @ W))) + 1e-6 * np.sum(W**2), lambda W: data_grad(W), W, seed=seed
        ),
    ),
    wrong(
        "a weight decay of 1e-8 is no guard",
        lambda seed: symnn.verify(lambda W: decayed(W, 1e-8), lambda W: data_grad(W), W, seed=seed),
    ),
    wrong(
        "a smoothing constant of batch norm's size is no guard",
        lambda seed: symnn.verify(
            lambda x: np.sum(np.sqrt(x**2 + 1e-2)), lambda x: np.sign(x), np.array([0.5, -1.0, 2.0]), seed=seed
        ),
    ),
]
