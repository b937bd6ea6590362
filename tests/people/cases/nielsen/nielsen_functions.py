"""The same as functions: over (biases, weights), over lists of (W, b), with network=, with batches of pairs."""

import numpy as np
import symnn
from symnn import Dense, Network
from tests.people.case import numbers, right, wrong

BIASES, WEIGHTS = [numbers(4, 1), numbers(2, 1)], [numbers(4, 3), numbers(2, 4)]
x, y = numbers(3, 1), numbers(2, 1)
NETWORK = Network(
    inputs=3,
    layers=[Dense(4, "sigmoid"), Dense(2, "sigmoid")],
    loss="half-squared-error",
    reduction="sum",
    layout="features-first",
)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


class Holder:
    def __init__(self, biases, weights):
        self.biases, self.weights = biases, weights

    def feedforward(self, a):
        for b, w in zip(self.biases, self.weights, strict=True):
            a = sigmoid(w @ a + b)
        return a


def cost(params, x, y):
    return 0.5 * np.linalg.norm(Holder(*params).feedforward(x) - y) ** 2


def backprop(params, x, y, slip=1):
    biases, weights = params
    activations = [x]
    for b, w in zip(biases, weights, strict=True):
        activations.append(sigmoid(w @ activations[-1] + b))
    nabla_b, nabla_w = [np.zeros_like(b) for b in biases], [np.zeros_like(w) for w in weights]
    delta = activations[-1] - y
    for k in range(1, len(weights) + 1):
        delta = delta * activations[-k] * (1 - activations[-k])
        nabla_b[-k], nabla_w[-k] = slip * delta, delta @ activations[-k - 1].T
        delta = weights[-k].T @ delta
    return nabla_b, nabla_w


def backprop_biases_twice(params, x, y):
    return backprop(params, x, y, 2)


def layered_cost(layers, x, y):
    a = x
    for W, b in layers:
        a = np.tanh(W @ a + b)
    return np.sum((a - y) ** 2)


def layered_grad(layers, x, y, transposed=False):
    activations = [x]
    for W, b in layers:
        activations.append(np.tanh(W @ activations[-1] + b))
    grads, d = [], 2 * (activations[-1] - y)
    for (W, _b), above, below in zip(layers[::-1], activations[:0:-1], activations[-2::-1], strict=True):
        d = d * (1 - above**2)
        grads.append((d @ below.T, d.sum(axis=1, keepdims=True)))
        d = (W if transposed else W.T) @ d
    return grads[::-1]


def layered_grad_transposed(layers, x, y):
    return layered_grad(layers, x, y, transposed=True)


def unordered_grad(layers, x, y):
    return layered_grad(layers, x, y)[::-1]


LAYERS = [(numbers(3, 3), numbers(3, 1)), (numbers(3, 3, seed=1), numbers(3, 1, seed=1))]
DICTS = [{"W": W, "b": b} for W, b in LAYERS]


def dict_cost(layers, x, y):
    return layered_cost([(layer["W"], layer["b"]) for layer in layers], x, y)


def dict_grad(layers, x, y):
    pairs = layered_grad([(layer["W"], layer["b"]) for layer in layers], x, y)
    return [{"dW": dW, "db": db} for dW, db in pairs]


def dict_grad_transposed(layers, x, y):
    pairs = layered_grad([(layer["W"], layer["b"]) for layer in layers], x, y, transposed=True)
    return [{"dW": dW, "db": db} for dW, db in pairs]


def batch_cost(params, batch):
    return sum(cost(params, x, y) for x, y in batch) / len(batch)


def batch_grad(params, batch, divided=True):
    sums = None
    for x, y in batch:
        found = backprop(params, x, y)
        n = len(batch) if divided else 1
        found = [[g / n for g in part] for part in found]
        sums = (
            found
            if sums is None
            else [[a + b for a, b in zip(*two, strict=True)] for two in zip(sums, found, strict=True)]
        )
    return tuple(sums)


def batch_grad_summed(params, batch):
    return batch_grad(params, batch, divided=False)


PAIRS = [(numbers(3, 1, seed=k), numbers(2, 1, seed=k)) for k in range(3)]

PARAMS, COLUMNS = (BIASES, WEIGHTS), (numbers(3, 2), numbers(3, 2, seed=3))

CASES = [
    right("(biases, weights)", lambda s: symnn.verify(cost, backprop, PARAMS, x, y, seed=s), arrays=4),
    wrong("(biases, weights), biases twice", lambda s: symnn.verify(cost, backprop_biases_twice, PARAMS, x, y, seed=s)),
    right(
        "(biases, weights) with the network",
        lambda s: symnn.verify(cost, backprop, PARAMS, x, y, network=NETWORK, seed=s),
        arrays=4,
    ),
    wrong(
        "(biases, weights) with the network, biases twice",
        lambda s: symnn.verify(cost, backprop_biases_twice, PARAMS, x, y, network=NETWORK, seed=s),
    ),
    right("[(W, b), ...]", lambda s: symnn.verify(layered_cost, layered_grad, LAYERS, *COLUMNS, seed=s), arrays=4),
    wrong(
        "[(W, b), ...], transposed",
        lambda s: symnn.verify(layered_cost, layered_grad_transposed, LAYERS, *COLUMNS, seed=s),
    ),
    wrong("[(W, b), ...], last first", lambda s: symnn.verify(layered_cost, unordered_grad, LAYERS, *COLUMNS, seed=s)),
    right("[{W, b}, ...]", lambda s: symnn.verify(dict_cost, dict_grad, DICTS, *COLUMNS, seed=s), arrays=4),
    wrong(
        "[{W, b}, ...], transposed", lambda s: symnn.verify(dict_cost, dict_grad_transposed, DICTS, *COLUMNS, seed=s)
    ),
    right("a batch of pairs", lambda s: symnn.verify(batch_cost, batch_grad, PARAMS, PAIRS, seed=s), arrays=4),
    wrong(
        "a batch of pairs, not averaged", lambda s: symnn.verify(batch_cost, batch_grad_summed, PARAMS, PAIRS, seed=s)
    ),
]
