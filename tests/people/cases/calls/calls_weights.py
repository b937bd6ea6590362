"""Objects that hand out their weights: get_weights and set_weights, state_dict, flat parameters, transposed layouts."""

import numpy as np
import symnn
from symnn import Dense, Network
from tests.people.case import numbers, right, wrong

X, Y = numbers(5, 3), numbers(5, 2)
NETWORK = Network(
    inputs=3,
    layers=[Dense(4, "tanh"), Dense(2)],
    loss="squared-error",
    reduction="mean",
    layout="samples-first",
)


class Keras:
    """get_weights() gives a list, set_weights(list) takes one; the arrays stand under names of no pattern."""

    def __init__(self):
        self._store = {
            "kernel:0": numbers(3, 4),
            "bias:0": np.zeros(4),
            "kernel:1": numbers(4, 2),
            "bias:1": np.zeros(2),
        }

    def get_weights(self):
        return list(self._store.values())

    def set_weights(self, weights):
        self._store = dict(zip(self._store, weights, strict=True))

    def forward(self, X):
        W1, b1, W2, b2 = self.get_weights()
        self.h = np.tanh(X @ W1 + b1)
        return self.h @ W2 + b2

    def loss(self, X, Y):
        return np.sum((self.forward(X) - Y) ** 2) / len(X)

    def gradients(self, X, Y):
        e = 2 * (self.forward(X) - Y) / len(X)
        d = self.through(e @ self.get_weights()[2].T)
        return [X.T @ d, d.sum(axis=0), self.h.T @ e, e.sum(axis=0)]

    def through(self, d):
        return d * (1 - self.h**2)


class KerasSlope(Keras):
    def through(self, d):
        return d * (1 - self.h)


class StateDict:
    """state_dict() and load_state_dict(), gradients in a dict of the same keys."""

    def __init__(self):
        self.layer = {"weight": numbers(2, 3), "bias": numbers(2)}

    def state_dict(self):
        return {f"layer.{name}": A for name, A in self.layer.items()}

    def load_state_dict(self, state):
        self.layer = {name.removeprefix("layer."): A for name, A in state.items()}

    def loss(self, X, Y):
        return np.mean((X @ self.layer["weight"].T + self.layer["bias"] - Y) ** 2)

    def grad(self, X, Y):
        e = 2 * (X @ self.layer["weight"].T + self.layer["bias"] - Y) / self.count(Y)
        return {"layer.weight": e.T @ X, "layer.bias": e.sum(axis=0)}

    def count(self, Y):
        return Y.size


class StateDictRows(StateDict):
    def count(self, Y):
        return len(Y)


class Columns:
    """Everything transposed: weights (units, inputs), samples in columns, biases as columns."""

    def __init__(self):
        self.W, self.b = [numbers(4, 3), numbers(2, 4)], [np.zeros((4, 1)), np.zeros((2, 1))]

    def cost(self, X, Y):
        self.H = np.tanh(self.W[0] @ X + self.b[0])
        self.E = self.W[1] @ self.H + self.b[1] - Y
        return np.sum(self.E**2) / X.shape[1]

    def grad(self, X, Y):
        m = X.shape[1]
        self.cost(X, Y)
        E = 2 * self.E / m
        D = self.W[1].T @ E * (1 - self.H**2)
        return [D @ X.T, E @ self.H.T], [self.column(D), self.column(E)]

    def column(self, D):
        return D.sum(axis=1, keepdims=True)


class ColumnsMean(Columns):
    def column(self, D):
        return D.mean(axis=1, keepdims=True)


class Flat:
    """get_params() gives a vector, set_params(vector) writes it; loss and grad of nothing but data."""

    def __init__(self):
        self.w, self.c = numbers(3), np.array(0.25)

    def get_params(self):
        return np.concatenate([self.w, [self.c]])

    def set_params(self, theta):
        self.w, self.c = theta[:3], theta[3]

    def loss(self, X, y):
        return 0.5 * np.sum((X @ self.w + self.c - y) ** 2)

    def grad(self, X, y):
        e = X @ self.w + self.c - y
        return np.concatenate([X.T @ e, [self.constant(e)]])

    def constant(self, e):
        return e.sum()


class FlatMean(Flat):
    def constant(self, e):
        return e.mean()


def functional(kind, seed, **options):
    def loss(weights, X, Y):
        model = kind()
        model.set_weights(weights)
        return model.loss(X, Y)

    def grad(weights, X, Y):
        model = kind()
        model.set_weights(weights)
        return model.gradients(X, Y)

    return symnn.verify(loss, grad, kind().get_weights(), X, Y, seed=seed, **options)


CASES = [
    right("get_weights", lambda s: symnn.verify(Keras(), X, Y, seed=s), arrays=4),
    wrong("get_weights, a slope", lambda s: symnn.verify(KerasSlope(), X, Y, seed=s)),
    right("get_weights by functions", lambda s: functional(Keras, s), arrays=4),
    right("get_weights with its network", lambda s: functional(Keras, s, network=NETWORK), arrays=4),
    wrong("get_weights with its network, a slope", lambda s: functional(KerasSlope, s, network=NETWORK)),
    right("state_dict", lambda s: symnn.verify(StateDict(), X, Y, seed=s), arrays=2),
    wrong("state_dict, over rows", lambda s: symnn.verify(StateDictRows(), X, Y, seed=s)),
    right("columns", lambda s: symnn.verify(Columns(), X.T, Y.T, seed=s), arrays=4),
    wrong("columns, mean", lambda s: symnn.verify(ColumnsMean(), X.T, Y.T, seed=s)),
    right("a flat vector", lambda s: symnn.verify(Flat(), X, Y[:, 0], seed=s)),
    wrong("a flat vector, mean", lambda s: symnn.verify(FlatMean(), X, Y[:, 0], seed=s)),
]
