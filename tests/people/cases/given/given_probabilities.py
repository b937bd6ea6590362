"""Points as people would choose them: probabilities stay between 0 and 1, where nothing is clipped, at every seed."""

import numpy as np
import symnn
from tests.people.case import numbers, one_hot, right, wrong

R = np.random.default_rng(0)
P, Y = R.uniform(0.1, 0.9, size=(5, 3)), (R.random((5, 3)) > 0.5) * 1.0
ROWS = R.dirichlet(np.ones(3), size=5)
TARGETS = one_hot([0, 2, 1, 1, 0], 3)
COUNTS = np.array([3.0, 1.0, 4.0, 2.0])


def clipped_loss(p, y):
    q = np.clip(p, 1e-7, 1 - 1e-7)
    return -np.mean(y * np.log(q) + (1 - y) * np.log(1 - q))


def clipped_grad(p, y):
    q = np.clip(p, 1e-7, 1 - 1e-7)
    return -(y / q - (1 - y) / (1 - q)) / p.size


def clipped_grad_rows(p, y):
    return clipped_grad(p, y) * p.shape[1]


def closed_loss(p):
    q = np.maximum(np.minimum(p, 1 - 1e-15), 1e-15)
    return np.sum(-Y * np.log(q) - (1 - Y) * np.log(1 - q))


def closed_grad(p):
    q = np.maximum(np.minimum(p, 1 - 1e-15), 1e-15)
    return -Y / q + (1 - Y) / (1 - q)


def closed_grad_sign(p):
    return -Y / p - (1 - Y) / (1 - p)


def categorical(p, t):
    return -np.sum(t * np.log(np.clip(p, 1e-12, 1.0))) / len(p)


def categorical_grad(p, t):
    return -t / np.clip(p, 1e-12, 1.0) / len(p)


def categorical_grad_softmax(p, t):
    return (p - t) / len(p)


def divergence(q, p):
    return np.sum(p * np.log(p / q))


def divergence_grad(q, p):
    return -p / q


def divergence_grad_turned(q, p):
    return np.log(q / p) + 1


def entropy(p):
    assert np.all(p > 0)
    assert np.all(p <= 1)
    return -np.sum(p * np.log2(p))


def entropy_grad(p):
    return -(np.log(p) + 1) / np.log(2)


def entropy_grad_nats(p):
    return -(np.log(p) + 1)


def poisson(rate, counts):
    if np.any(rate <= 0):
        raise ValueError("rates must be positive")
    return np.sum(rate - counts * np.log(rate))


def poisson_grad(rate, counts):
    return 1 - counts / rate


def poisson_grad_sign(rate, counts):
    return 1 + counts / rate


def scaled(x, std):
    return np.sum(np.log(std) + 0.5 * (x / std) ** 2)


RATES, STD = np.array([0.5, 2.0, 3.5, 1.0]), np.array([0.5, 1.5, 0.7])

CASES = [
    right("clipped at 1e-7", lambda seed: symnn.verify(clipped_loss, clipped_grad, P, Y, seed=seed)),
    wrong("clipped, mean of rows", lambda seed: symnn.verify(clipped_loss, clipped_grad_rows, P, Y, seed=seed)),
    right("targets by closure", lambda seed: symnn.verify(closed_loss, closed_grad, P, seed=seed)),
    wrong("targets by closure, sign", lambda seed: symnn.verify(closed_loss, closed_grad_sign, P, seed=seed)),
    right("rows of probabilities", lambda seed: symnn.verify(categorical, categorical_grad, ROWS, TARGETS, seed=seed)),
    wrong("softmax's gradient", lambda s: symnn.verify(categorical, categorical_grad_softmax, ROWS, TARGETS, seed=s)),
    right("a divergence", lambda seed: symnn.verify(divergence, divergence_grad, ROWS, ROWS[::-1], seed=seed)),
    wrong("a divergence turned", lambda s: symnn.verify(divergence, divergence_grad_turned, ROWS, ROWS[::-1], seed=s)),
    right("an entropy that asserts", lambda seed: symnn.verify(entropy, entropy_grad, ROWS, seed=seed)),
    wrong("an entropy in nats", lambda seed: symnn.verify(entropy, entropy_grad_nats, ROWS, seed=seed)),
    right("positive rates", lambda seed: symnn.verify(poisson, poisson_grad, RATES, COUNTS, seed=seed)),
    wrong("positive rates, sign", lambda seed: symnn.verify(poisson, poisson_grad_sign, RATES, COUNTS, seed=seed)),
    right(
        "positive deviations as data",
        lambda seed: symnn.verify(scaled, lambda x, std: x / std**2, numbers(3), STD, seed=seed),
    ),
    wrong(
        "positive deviations as data, not squared",
        lambda seed: symnn.verify(scaled, lambda x, std: x / std, numbers(3), STD, seed=seed),
    ),
]
