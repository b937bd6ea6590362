"""verify(layers, network=net) of layers as people's are: bias rows, odd names, steps in backward."""

import numpy as np
import symnn
from symnn import Dense, Network
from tests.people.case import numbers, right, wrong

ROWS = Network(inputs=3, layers=[Dense(2)], loss="squared-error", reduction="sum", layout="samples-first")
TWO = Network(
    inputs=3,
    layers=[Dense(4, "tanh"), Dense(2, "sigmoid")],
    loss="half-squared-error",
    reduction="sum",
    layout="samples-first",
)
COLUMNS = Network(inputs=3, layers=[Dense(2, "tanh")], loss="squared-error", reduction="sum", layout="features-first")


class BiasRow:
    def __init__(self, n, m):
        self.weights, self.biases = np.ones((n, m)), np.zeros((1, m))

    def forward(self, x):
        self.x = x
        return x @ self.weights + self.biases

    def backward(self, g):
        self.dweights, self.dbiases = self.x.T @ g, g.sum(axis=0, keepdims=True)
        return g @ self.weights.T


class BiasRowMean(BiasRow):
    def backward(self, g):
        self.dweights, self.dbiases = self.x.T @ g, g.mean(axis=0, keepdims=True)
        return g @ self.weights.T


class Sgd:
    def __init__(self, learning_rate=0.1):
        self.learning_rate = learning_rate

    def update(self, w, g):
        return w - self.learning_rate * g


class SelfUpdating:
    def __init__(self):
        self.W, self.w0, self.opt = np.ones((3, 2)), np.zeros((1, 2)), Sgd()

    def forward(self, x):
        self.x = x
        return x @ self.W + self.w0

    def backward(self, g):
        W = self.W
        self.W = self.opt.update(W, self.x.T @ g)
        self.w0 = self.opt.update(self.w0, g.sum(axis=0, keepdims=True))
        return g @ W.T


class SelfUpdatingUphill(SelfUpdating):
    def backward(self, g):
        W = self.W
        self.W = self.opt.update(W, -self.x.T @ g)
        self.w0 = self.opt.update(self.w0, g.sum(axis=0, keepdims=True))
        return g @ W.T


class SelfUpdatingInPlace(SelfUpdating):
    """The input's gradient is taken with the weights before the step."""

    def backward(self, g):
        dx = g @ self.W.T
        self.W -= self.opt.learning_rate * self.x.T @ g
        self.w0 -= self.opt.learning_rate * g.sum(axis=0, keepdims=True)
        return dx


class SelfUpdatingTooEarly(SelfUpdating):
    """The input's gradient is taken with the weights after the step."""

    def backward(self, g):
        self.W = self.opt.update(self.W, self.x.T @ g)
        self.w0 = self.opt.update(self.w0, g.sum(axis=0, keepdims=True))
        return g @ self.W.T


class Tanh:
    def forward(self, x):
        self.y = np.tanh(x)
        return self.y

    def backward(self, g):
        return g * (1 - self.y**2)


class Sigmoid:
    def forward(self, x):
        self.y = 1 / (1 + np.exp(-x))
        return self.y

    def backward(self, g):
        return g * self.y * (1 - self.y)


class SigmoidLinear(Sigmoid):
    def backward(self, g):
        return g * (1 - self.y)


class Transposed:
    """Weights stand as (units, inputs) though samples are rows."""

    def __init__(self, n, m):
        self.W, self.b = numbers(m, n), numbers(m)

    def forward(self, x):
        self.x = x
        return x @ self.W.T + self.b

    def backward(self, g):
        self.dW, self.db = g.T @ self.x, g.sum(0)
        return g @ self.W


class TransposedSign(Transposed):
    def backward(self, g):
        self.dW, self.db = -g.T @ self.x, g.sum(0)
        return g @ self.W


class Column:
    def __init__(self):
        self.W, self.b = numbers(2, 3), np.zeros((2, 1))

    def forward(self, x):
        self.x, self.a = x, np.tanh(self.W @ x + self.b)
        return self.a

    def backward(self, g):
        d = g * (1 - self.a**2)
        self.grad_W, self.grad_b = d @ self.x.T, d.sum(axis=1, keepdims=True)
        return self.W.T @ d


class ColumnWithoutTheSlope(Column):
    def backward(self, g):
        self.grad_W, self.grad_b = g @ self.x.T, g.sum(axis=1, keepdims=True)
        return self.W.T @ g


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def pair_of(keys):
    """A loss of TWO and its gradient over parameters called as people call them."""
    U, a, V, c = keys

    def loss(p, x, y):
        return 0.5 * np.sum((sigmoid(np.tanh(x @ p[U] + p[a]) @ p[V] + p[c]) - y) ** 2)

    def grad(p, x, y, slip=1):
        h = np.tanh(x @ p[U] + p[a])
        out = sigmoid(h @ p[V] + p[c])
        d = (out - y) * out * (1 - out)
        dh = d @ p[V].T * (1 - h**2)
        return {U: x.T @ dh, a: slip * dh.sum(0), V: h.T @ d, c: d.sum(0)}

    return loss, grad


ARRAYS = (numbers(3, 4), numbers(4), numbers(4, 2), numbers(2))
DATA = (numbers(5, 3), numbers(5, 2))


def against(keys, seed, slip=1):
    loss, grad = pair_of(keys)
    params = dict(zip(keys, ARRAYS, strict=True)) if isinstance(keys[0], str) else list(ARRAYS)

    def gradient(p, x, y):
        found = grad(p, x, y, slip)
        return found if isinstance(keys[0], str) else [found[k] for k in range(4)]

    return symnn.verify(loss, gradient, params, *DATA, network=TWO, seed=seed)


def single(seed, factor):
    def loss(p, x, y):
        return np.sum((x @ p["W"] + p["b"] - y) ** 2)

    def grad(p, x, y):
        e = 2 * (x @ p["W"] + p["b"] - y)
        return {"W": factor * x.T @ e, "b": e.sum(0)}

    return symnn.verify(loss, grad, {"W": numbers(3, 2), "b": numbers(2)}, *DATA, network=ROWS, seed=seed)


def laid_out(seed, slip=1):
    """Weights stand as (units, inputs), biases as rows, in a flat list, though samples are rows."""

    def loss(p, x, y):
        U, a, V, c = p
        return 0.5 * np.sum((sigmoid(np.tanh(x @ U.T + a) @ V.T + c) - y) ** 2)

    def grad(p, x, y):
        U, a, V, c = p
        h = np.tanh(x @ U.T + a)
        out = sigmoid(h @ V.T + c)
        d = (out - y) * out * (1 - out)
        dh = d @ V * (1 - h**2)
        return [slip * dh.T @ x, dh.sum(0, keepdims=True), d.T @ h, d.sum(0, keepdims=True)]

    params = [numbers(4, 3), numbers(1, 4), numbers(2, 4), numbers(1, 2)]
    return symnn.verify(loss, grad, params, *DATA, network=TWO, seed=seed)


CASES = [
    right("a pair laid out the other way", lambda seed: laid_out(seed)),
    wrong("a pair laid out the other way, twice", lambda seed: laid_out(seed, 2)),
    right("a bias row", lambda seed: symnn.verify([BiasRow(3, 2)], network=ROWS, seed=seed)),
    wrong("a bias row, mean for sum", lambda seed: symnn.verify([BiasRowMean(3, 2)], network=ROWS, seed=seed)),
    right("w0, and steps of its own", lambda seed: symnn.verify([SelfUpdating()], network=ROWS, seed=seed)),
    wrong("steps uphill", lambda seed: symnn.verify([SelfUpdatingUphill()], network=ROWS, seed=seed)),
    right("steps in place", lambda seed: symnn.verify([SelfUpdatingInPlace()], network=ROWS, seed=seed)),
    wrong(
        "the step before the input's gradient", lambda s: symnn.verify([SelfUpdatingTooEarly()], network=ROWS, seed=s)
    ),
    right(
        "dense layers and activations apart",
        lambda seed: symnn.verify([BiasRow(3, 4), Tanh(), BiasRow(4, 2), Sigmoid()], network=TWO, seed=seed),
    ),
    wrong(
        "half of the sigmoid's slope",
        lambda seed: symnn.verify([BiasRow(3, 4), Tanh(), BiasRow(4, 2), SigmoidLinear()], network=TWO, seed=seed),
    ),
    right("weights transposed", lambda seed: symnn.verify([Transposed(3, 2)], network=ROWS, seed=seed)),
    wrong("weights transposed, sign", lambda seed: symnn.verify([TransposedSign(3, 2)], network=ROWS, seed=seed)),
    right("samples as columns", lambda seed: symnn.verify([Column()], network=COLUMNS, seed=seed)),
    wrong("no slope of tanh", lambda seed: symnn.verify([ColumnWithoutTheSlope()], network=COLUMNS, seed=seed)),
    right("a pair called W and b", lambda seed: single(seed, 1)),
    wrong("a pair called W and b, twice", lambda seed: single(seed, 2)),
    right("a pair with other names", lambda seed: against(("hidden_w", "hidden_b", "out_w", "out_b"), seed)),
    wrong("other names, a factor", lambda seed: against(("hidden_w", "hidden_b", "out_w", "out_b"), seed, 3)),
    right("a pair with letters", lambda seed: against(("U", "a", "V", "c"), seed)),
    right("a list without names", lambda seed: against((0, 1, 2, 3), seed)),
    wrong("a list without names, sign", lambda seed: against((0, 1, 2, 3), seed, -1)),
]
