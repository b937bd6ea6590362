"""Right networks drawn from a number: depth, widths, activations, loss, reduction, penalty, layout, way of writing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import symnn
from symnn.verification import Verdict
from tests.people.case import numbers, one_hot


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z, axis):
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


# f(z), and its slope from z and a = f(z), written as people do.
ACTIVATIONS: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "tanh": (np.tanh, lambda z, a: 1 - a**2),
    "sigmoid": (sigmoid, lambda z, a: a * (1 - a)),
    "relu": (lambda z: np.maximum(0, z), lambda z, a: (z > 0).astype(float)),
    "relu of its output": (lambda z: z * (z > 0), lambda z, a: 1.0 * (a > 0)),
    "leaky relu": (lambda z: np.where(z > 0, z, 0.1 * z), lambda z, a: np.where(z > 0, 1, 0.1)),
    "elu": (lambda z: np.where(z > 0, z, np.exp(np.minimum(z, 0)) - 1), lambda z, a: np.where(z > 0, 1, a + 1)),
    "softplus": (lambda z: np.log1p(np.exp(z)), lambda z, a: sigmoid(z)),
    "swish": (lambda z: z * sigmoid(z), lambda z, a: a + sigmoid(z) * (1 - a)),
    "softsign": (lambda z: z / (1 + np.abs(z)), lambda z, a: 1 / (1 + np.abs(z)) ** 2),
    "arctan": (np.arctan, lambda z, a: 1 / (1 + z**2)),
    "relu with a cap": (lambda z: np.clip(z, 0, 1.5), lambda z, a: ((z > 0) & (z < 1.5)) * 1.0),
    "absolute value": (np.abs, lambda z, a: np.sign(z)),
    "linear": (lambda z: z, lambda z, a: np.ones_like(z)),
}


@dataclass(frozen=True)
class Objective:
    """A loss of outputs and targets summed over all, its slope, and the kind of its targets."""

    value: Callable[..., Any]
    slope: Callable[..., Any]
    targets: str


OBJECTIVES = {
    "squared": Objective(lambda o, y, ax: np.sum((o - y) ** 2), lambda o, y, ax: 2 * (o - y), "real"),
    "half squared": Objective(lambda o, y, ax: 0.5 * np.linalg.norm(o - y) ** 2, lambda o, y, ax: o - y, "real"),
    "absolute": Objective(lambda o, y, ax: np.abs(y - o).sum(), lambda o, y, ax: -np.sign(y - o), "real"),
    "huber": Objective(
        lambda o, y, ax: np.sum(np.where(np.abs(o - y) < 1, 0.5 * (o - y) ** 2, np.abs(o - y) - 0.5)),
        lambda o, y, ax: np.clip(o - y, -1, 1),
        "real",
    ),
    "log-cosh": Objective(lambda o, y, ax: np.sum(np.log(np.cosh(o - y))), lambda o, y, ax: np.tanh(o - y), "real"),
    "logits": Objective(
        lambda o, y, ax: np.sum(np.logaddexp(0, o) - y * o),
        lambda o, y, ax: sigmoid(o) - y,
        "bits",
    ),
    "binary": Objective(
        lambda o, y, ax: -np.sum(y * np.log(sigmoid(o)) + (1 - y) * np.log(1 - sigmoid(o))),
        lambda o, y, ax: sigmoid(o) - y,
        "bits",
    ),
    "softmax": Objective(
        lambda o, y, ax: -np.sum(y * np.log(softmax(o, ax))),
        lambda o, y, ax: softmax(o, ax) - y,
        "classes",
    ),
    "hinge": Objective(
        lambda o, y, ax: np.sum(np.maximum(0, 1 - o * (2 * y - 1))),
        lambda o, y, ax: -(2 * y - 1) * (o * (2 * y - 1) < 1),
        "bits",
    ),
    "poisson": Objective(lambda o, y, ax: np.sum(np.exp(o) - y * o), lambda o, y, ax: np.exp(o) - y, "bits"),
}

PENALTIES = {
    "none": (lambda W: 0.0, lambda W: 0.0),
    "squares": (lambda W: 0.05 * np.sum(W**2), lambda W: 0.1 * W),
    "absolute values": (lambda W: 0.1 * np.abs(W).sum(), lambda W: 0.1 * np.sign(W)),
}


@dataclass(frozen=True)
class Net:
    """What was drawn; passes are over a list of pairs (W, b)."""

    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    objective: str
    reduction: str
    penalty: str
    features_first: bool
    samples: int

    def __str__(self) -> str:
        layout = "features first" if self.features_first else "samples first"
        shape = "-".join(map(str, self.sizes))
        return f"{shape} {', '.join(self.activations)}; {self.objective}, {self.reduction}, {self.penalty}; {layout}"

    @property
    def axis(self) -> int:
        return 0 if self.features_first else 1

    def pairs(self) -> list[tuple[Any, Any]]:
        made = []
        for k, (n, m) in enumerate(zip(self.sizes[:-1], self.sizes[1:], strict=True)):
            W = 0.7 * (numbers(m, n, seed=k) if self.features_first else numbers(n, m, seed=k))
            made.append((W, 0.3 * (numbers(m, 1, seed=k) if self.features_first else numbers(m, seed=k))))
        return made

    def data(self) -> tuple[Any, Any]:
        n, m = self.samples, self.sizes[-1]
        X = numbers(n, self.sizes[0], seed=7)
        Y = numbers(n, m, seed=8)
        if OBJECTIVES[self.objective].targets == "bits":
            Y = (Y > 0) * 1.0
        if OBJECTIVES[self.objective].targets == "classes":
            Y = one_hot([k % m for k in range(n)], m)
        return (X.T, Y.T) if self.features_first else (X, Y)

    def factor(self, Y: Any) -> float:
        return {"sum": 1, "mean": self.samples, "mean over all": Y.size}[self.reduction]

    def states(self, pairs: Any, X: Any) -> tuple[list[Any], list[Any]]:
        sums, states = [], [X]
        for k, (W, b) in enumerate(pairs):
            sums.append(W @ states[-1] + b if self.features_first else np.dot(states[-1], W) + b)
            states.append(ACTIVATIONS[self.activations[k]][0](sums[-1]))
        return sums, states

    def loss(self, pairs: Any, X: Any, Y: Any) -> Any:
        out = self.states(pairs, X)[1][-1]
        value = OBJECTIVES[self.objective].value(out, Y, self.axis) / self.factor(Y)
        return value + sum(PENALTIES[self.penalty][0](W) for W, _ in pairs)

    def grad(self, pairs: Any, X: Any, Y: Any) -> list[tuple[Any, Any]]:
        out = self.states(pairs, X)[1][-1]
        found, _ = self.backward(pairs, X, OBJECTIVES[self.objective].slope(out, Y, self.axis) / self.factor(Y))
        return [(dW + PENALTIES[self.penalty][1](W), db) for (dW, db), (W, _) in zip(found, pairs, strict=True)]

    def backward(self, pairs: Any, X: Any, d: Any) -> tuple[list[tuple[Any, Any]], Any]:
        sums, states = self.states(pairs, X)
        found: list[tuple[Any, Any]] = []
        for k in reversed(range(len(pairs))):
            d = d * ACTIVATIONS[self.activations[k]][1](sums[k], states[k + 1])
            if self.features_first:
                found.insert(0, (d @ states[k].T, d.sum(axis=1, keepdims=True)))
                d = pairs[k][0].T @ d
            else:
                found.insert(0, (np.dot(states[k].T, d), np.sum(d, axis=0)))
                d = np.dot(d, pairs[k][0].T)
        return found, d


def drawn(number: int) -> Net:
    """The network of a number, the same in every run."""
    r = np.random.default_rng(number)

    def choice(options):
        return options[int(r.integers(len(options)))]

    depth = choice((1, 2, 2, 3))
    objective = choice(sorted(OBJECTIVES))
    last = choice((2, 3)) if OBJECTIVES[objective].targets == "classes" else choice((1, 2))
    sizes = (choice((2, 3)), *(choice((2, 3, 4)) for _ in range(depth - 1)), last)
    hidden = [choice(sorted(ACTIVATIONS)) for _ in range(depth - 1)]
    bare = OBJECTIVES[objective].targets != "real"
    output = "linear" if bare else choice(("linear", "tanh", "sigmoid", "relu", "softplus"))
    reduction = choice(("sum", "mean", "mean over all"))
    penalty = choice(sorted(PENALTIES))
    return Net(sizes, (*hidden, output), objective, reduction, penalty, bool(r.random() < 0.5), choice((3, 4, 5)))


# The ways of writing.


def as_dict(net: Net, seed: int) -> Verdict:
    def pairs(p):
        return [(p[f"W{k}"], p[f"b{k}"]) for k in range(1, len(net.sizes))]

    def named(found, prefix=""):
        return {f"{prefix}{n}{k}": A for k, pair in enumerate(found, 1) for n, A in zip("Wb", pair, strict=True)}

    def loss(p, X, Y):
        return net.loss(pairs(p), X, Y)

    def grad(p, X, Y):
        return named(net.grad(pairs(p), X, Y), "d")

    return symnn.verify(loss, grad, named(net.pairs()), *net.data(), seed=seed)


def as_pairs(net: Net, seed: int) -> Verdict:
    return symnn.verify(net.loss, net.grad, net.pairs(), *net.data(), seed=seed)


def as_lists(net: Net, seed: int) -> Verdict:
    def loss(p, X, Y):
        return net.loss(list(zip(*p, strict=True)), X, Y)

    def grad(p, X, Y):
        return [list(part) for part in zip(*net.grad(list(zip(*p, strict=True)), X, Y), strict=True)]

    weights, biases = zip(*net.pairs(), strict=True)
    return symnn.verify(loss, grad, [list(weights), list(biases)], *net.data(), seed=seed)


def as_vector(net: Net, seed: int) -> Verdict:
    shapes = [A.shape for pair in net.pairs() for A in pair]

    def pairs(theta):
        arrays, k = [], 0
        for shape in shapes:
            size = int(np.prod(shape))
            arrays.append(theta[k : k + size].reshape(shape))
            k += size
        return list(zip(arrays[::2], arrays[1::2], strict=True))

    def flat(found):
        return np.concatenate([A.ravel() for pair in found for A in pair])

    def loss(theta, X, Y):
        return net.loss(pairs(theta), X, Y)

    def grad(theta, X, Y):
        return flat(net.grad(pairs(theta), X, Y))

    return symnn.verify(loss, grad, flat(net.pairs()), *net.data(), seed=seed)


def as_one_function(net: Net, seed: int) -> Verdict:
    def both(pairs, X, Y):
        return net.loss(pairs, X, Y), net.grad(pairs, X, Y)

    return symnn.verify(both, net.pairs(), *net.data(), seed=seed)


class Model:
    """The class of the textbooks: params, loss(X, Y), gradient(X, Y)."""

    def __init__(self, net: Net) -> None:
        self.net, self.params = net, {}
        for k, (W, b) in enumerate(net.pairs(), 1):
            self.params[f"W{k}"], self.params[f"b{k}"] = W, b

    def pairs(self) -> list[tuple[Any, Any]]:
        return [(self.params[f"W{k}"], self.params[f"b{k}"]) for k in range(1, len(self.net.sizes))]

    def loss(self, X, Y):
        return self.net.loss(self.pairs(), X, Y)

    def gradient(self, X, Y):
        grads = {}
        for k, (dW, db) in enumerate(self.net.grad(self.pairs(), X, Y), 1):
            grads[f"W{k}"], grads[f"b{k}"] = dW, db
        return grads


def as_class(net: Net, seed: int) -> Verdict:
    return symnn.verify(Model(net), *net.data(), seed=seed)


class Layer:
    """One layer with dweights and dbiases; the net is a list of them."""

    def __init__(self, net: Net, k: int) -> None:
        self.activation, self.features_first = ACTIVATIONS[net.activations[k]], net.features_first
        self.weights, self.biases = net.pairs()[k]

    def forward(self, inputs):
        self.inputs = inputs
        self.z = self.weights @ inputs + self.biases if self.features_first else inputs @ self.weights + self.biases
        self.output = self.activation[0](self.z)
        return self.output

    def backward(self, dvalues):
        d = dvalues * self.activation[1](self.z, self.output)
        if self.features_first:
            self.dweights, self.dbiases = d @ self.inputs.T, d.sum(axis=1, keepdims=True)
            return self.weights.T @ d
        self.dweights, self.dbiases = self.inputs.T @ d, d.sum(axis=0)
        return d @ self.weights.T


def as_layers(net: Net, seed: int) -> Verdict:
    return symnn.verify([Layer(net, k) for k in range(len(net.activations))], net.data()[0], seed=seed)


def as_caches(net: Net, seed: int) -> Verdict:
    def forward(x, *arrays):
        pairs = list(zip(arrays[::2], arrays[1::2], strict=True))
        return net.states(pairs, x)[1][-1], (x, pairs)

    def backward(dout, cache):
        x, pairs = cache
        found, dx = net.backward(pairs, x, dout)
        return dx, *(A for pair in found for A in pair)

    return symnn.verify(forward, backward, net.data()[0], *(A for pair in net.pairs() for A in pair), seed=seed)


def as_parameters_last(net: Net, seed: int) -> Verdict:
    def loss(X, Y, pairs):
        return net.loss(pairs, X, Y)

    def grad(X, Y, pairs):
        return net.grad(pairs, X, Y)

    return symnn.verify(loss, grad, *net.data(), net.pairs(), argnum=2, seed=seed)


STYLES = (
    as_dict,
    as_pairs,
    as_lists,
    as_vector,
    as_one_function,
    as_class,
    as_layers,
    as_caches,
    as_parameters_last,
)
