"""One function that returns (loss, gradient), or a forward pass with its cache, given once or twice."""

import numpy as np
import symnn
from tests.people.case import numbers, right, wrong

DATA = (numbers(3), numbers(5, 3), numbers(5))
TREE = {"W": numbers(3, 2), "b": numbers(2)}


def both(w, x, y):
    e = x @ w - y
    return np.sum(e**2), 2 * x.T @ e


def both_halved(w, x, y):
    e = x @ w - y
    return np.sum(e**2), x.T @ e


def loss_and_grads(params, X, y, reg=0.1):
    z = np.tanh(X @ params["W"] + params["b"])
    loss = np.sum((z - y) ** 2) / len(X) + reg * np.sum(params["W"] ** 2)
    dz = 2 * (z - y) / len(X) * (1 - z**2)
    return loss, {"W": X.T @ dz + 2 * reg * params["W"], "b": dz.sum(axis=0)}


def loss_and_grads_penalty(params, X, y, reg=0.1):
    loss, grads = loss_and_grads(params, X, y, reg)
    grads["W"] = grads["W"] - reg * params["W"]
    return loss, grads


def three(params, x, y):
    w, b = params
    e = x @ w + b - y
    return 0.5 * e @ e, (x.T @ e, e.sum())


def three_sign(params, x, y):
    w, b = params
    e = x @ w + b - y
    return 0.5 * e @ e, (x.T @ e, -e.sum())


def switch(w, x, y, grad=False):
    """As people write for minimisers: the gradient only where it is asked for."""
    e = x @ w - y
    return (0.5 * e @ e, x.T @ e) if grad else 0.5 * e @ e


def forward(p, x, y):
    h = np.tanh(x @ p["W"] + p["b"])
    return 0.5 * np.sum((h - y) ** 2), (x, h, y)


def backward(p, x, y, cache):
    x, h, y = cache
    d = (h - y) * (1 - h**2)
    return {"W": x.T @ d, "b": d.sum(axis=0)}


def backward_of_the_cache(cache):
    x, h, y = cache
    d = (h - y) * (1 - h**2)
    return {"W": x.T @ d, "b": d.sum(axis=0)}


def backward_slope(p, x, y, cache):
    x, h, y = cache
    d = (h - y) * (1 - h)
    return {"W": x.T @ d, "b": d.sum(axis=0)}


def backward_of_the_cache_slope(cache):
    return backward_slope(None, None, None, cache)


BATCH = (numbers(5, 3), numbers(5, 2))

CASES = [
    right("once", lambda seed: symnn.verify(both, *DATA, seed=seed)),
    right("twice", lambda seed: symnn.verify(both, both, *DATA, seed=seed)),
    wrong("once, halved", lambda seed: symnn.verify(both_halved, *DATA, seed=seed)),
    wrong("twice, halved", lambda seed: symnn.verify(both_halved, both_halved, *DATA, seed=seed)),
    right("a dict of gradients", lambda seed: symnn.verify(loss_and_grads, TREE, *BATCH, seed=seed), arrays=2),
    wrong("a dict, half of the penalty", lambda seed: symnn.verify(loss_and_grads_penalty, TREE, *BATCH, seed=seed)),
    right(
        "a pair of parameters",
        lambda seed: symnn.verify(three, (numbers(3), 0.25), *DATA[1:], seed=seed),
        arrays=2,
    ),
    wrong(
        "a pair of parameters, sign",
        lambda seed: symnn.verify(three_sign, (numbers(3), 0.25), *DATA[1:], seed=seed),
    ),
    right("a loss alone and the pair", lambda seed: symnn.verify(lambda *a: both(*a)[0], both, *DATA, seed=seed)),
    right(
        "a switch",
        lambda seed: symnn.verify(switch, lambda w, x, y: switch(w, x, y, grad=True)[1], *DATA, seed=seed),
    ),
    right(
        "(loss, cache) and grad(params, X, Y, cache)", lambda s: symnn.verify(forward, backward, TREE, *BATCH, seed=s)
    ),
    wrong("(loss, cache), slope", lambda seed: symnn.verify(forward, backward_slope, TREE, *BATCH, seed=seed)),
    right(
        "(loss, cache) and grad(cache)",
        lambda seed: symnn.verify(forward, backward_of_the_cache, TREE, *BATCH, seed=seed),
        arrays=2,
    ),
    wrong(
        "(loss, cache) and grad(cache), slope",
        lambda seed: symnn.verify(forward, backward_of_the_cache_slope, TREE, *BATCH, seed=seed),
    ),
]
