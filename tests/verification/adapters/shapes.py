"""Every shape that hand-written backprop has: a right one, a wrong twin, and the arrays at which the twin is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


def numbers(*shape, seed=0):
    return np.random.default_rng([seed, *shape]).normal(size=shape)


X = numbers(5, 3)
Y = numbers(5, 2)


@dataclass(frozen=True)
class Shape:
    """Arguments of ``verify`` made anew, right for ``make()`` and wrong at ``differs`` for ``make(wrong)``."""

    adapter: str
    make: Callable[[bool], tuple[Any, ...]]
    arrays: tuple[str, ...]
    differs: tuple[str, ...]


SHAPES: dict[str, Shape] = {}


def shape(name, adapter, arrays, differs):
    def keep(make):
        SHAPES[name] = Shape(adapter, make, tuple(arrays.split()), tuple(differs.split()))
        return make

    return keep


# Two functions.


def tanh_loss(params, X, Y):
    return np.sum((np.tanh(X @ params["W"] + params["b"]) - Y) ** 2)


def tanh_gradients(params, X, Y, wrong=False):
    A = np.tanh(X @ params["W"] + params["b"])
    delta = 2 * (A - Y) * (1 - A * A)
    return X.T @ delta * (2 if wrong else 1), delta.sum(axis=0)


PARAMS = {"W": numbers(3, 2), "b": numbers(2)}

# What grad returns for W and b.
RETURNED = {
    "a dict": lambda W, b: {"W": W, "b": b},
    "dW and db": lambda W, b: {"dW": W, "db": b},
    "grad_W": lambda W, b: {"grad_W": W, "grad_b": b},
    "W_grad": lambda W, b: {"b_grad": b, "W_grad": W},
    "dW beside dZ": lambda W, b: {"dZ": b, "dW": W, "db": b},
    "a list": lambda W, b: [W, b],
    "a tuple": lambda W, b: (W, b),
    "one flat vector": lambda W, b: np.concatenate([W.ravel(), b]),
    "with the loss": lambda W, b: (0.5, {"W": W, "b": b}),
    "behind the loss, flat": lambda W, b: (0.5, np.concatenate([W.ravel(), b])),
    "before the loss": lambda W, b: ({"dW": W, "db": b}, 0.5),
}

for how, returned in RETURNED.items():

    @shape(f"gradients as {how}", "PairAdapter", "W b", "W")
    def _(wrong, returned=returned):
        return tanh_loss, lambda p, X, Y: returned(*tanh_gradients(p, X, Y, wrong)), PARAMS, X, Y


@shape("one flat vector of parameters", "PairAdapter", "params", "params")
def _(wrong):
    def unrolled(p):
        return {"W": p[:6].reshape(3, 2), "b": p[6:]}

    def gradients(p, X, Y):
        return tanh_gradients(unrolled(p), X, Y, wrong)

    return (lambda p, X, Y: tanh_loss(unrolled(p), X, Y)), gradients, numbers(8), X, Y


@shape("layers in lists", "PairAdapter", "W[0] W[1] b[0] b[1]", "W[1]")
def _(wrong):
    def forward(p, X):
        hidden = np.tanh(X @ p["W"][0] + p["b"][0])
        return hidden, hidden @ p["W"][1] + p["b"][1]

    def loss(p, X, Y):
        return np.sum((forward(p, X)[1] - Y) ** 2) / 2

    def grad(p, X, Y):
        hidden, out = forward(p, X)
        delta = out - Y
        below = delta @ p["W"][1].T * (1 - hidden * hidden)
        return {
            "dW": [X.T @ below, -hidden.T @ delta if wrong else hidden.T @ delta],
            "db": [below.sum(0), delta.sum(0)],
        }

    params = {"W": [numbers(3, 4), numbers(4, 2)], "b": [numbers(4), numbers(2, seed=1)]}
    return loss, grad, params, X, Y


# Layers, with an upstream gradient and no loss.


class Affine:
    """Parameters as attributes, gradients as attributes; each heir keeps or returns something else."""

    factor = 1

    def __init__(self):
        self.W = numbers(3, 4)
        self.b = numbers(4)

    def forward(self, inputs):
        self.inputs = inputs
        return inputs @ self.W + self.b

    def backward(self, upstream):
        self.dW = self.factor * (self.inputs.T @ upstream)
        self.db = upstream.sum(axis=0)
        return upstream @ self.W.T


class NamedInFull:
    factor = 1

    def __init__(self):
        self.weights = numbers(3, 4)
        self.biases = np.zeros((1, 4))

    def forward_pass(self, inputs):
        self.inputs = inputs
        self.output = inputs @ self.weights + self.biases

    def backward_pass(self, dvalues):
        self.dweights = self.factor * (self.inputs.T @ dvalues)
        self.dbiases = dvalues.sum(axis=0, keepdims=True)
        self.dinputs = dvalues @ self.weights.T


class InDicts:
    factor = 1

    def __init__(self):
        self.params = {"W": numbers(3, 4), "b": numbers(4)}
        self.grads = {}

    def forward(self, x):
        self.x = x
        return x @ self.params["W"] + self.params["b"]

    def backward(self, d):
        self.grads["W"] = self.factor * (self.x.T @ d)
        self.grads["b"] = d.sum(axis=0)
        return d @ self.params["W"].T


class InParameters(InDicts):
    def __init__(self):
        super().__init__()
        self.parameters, self.gradients = self.params, {}
        del self.params, self.grads

    def forward(self, x):
        self.x = x
        return x @ self.parameters["W"] + self.parameters["b"]

    def backward(self, d):
        self.gradients["dW"] = self.factor * (self.x.T @ d)
        self.gradients["db"] = d.sum(axis=0)
        return d @ self.parameters["W"].T


class Returning(Affine):
    def backward(self, upstream):
        return upstream @ self.W.T, self.factor * (self.inputs.T @ upstream), upstream.sum(axis=0)


class ReturningNamed(Affine):
    def backward(self, upstream):
        return {"dX": upstream @ self.W.T, "dW": self.factor * (self.inputs.T @ upstream), "db": upstream.sum(axis=0)}


class WithCache(Affine):
    def forward(self, inputs):
        return inputs @ self.W + self.b, inputs

    def backward(self, upstream, cache):
        return upstream @ self.W.T, self.factor * (cache.T @ upstream), upstream.sum(axis=0)


class Updating(Affine):
    def backward(self, upstream, learning_rate):
        below = upstream @ self.W.T
        self.W -= learning_rate * self.factor * (self.inputs.T @ upstream)
        self.b = self.b - learning_rate * upstream.sum(axis=0)
        return below


class UpdatingByItsOwnRate(Affine):
    def __init__(self):
        super().__init__()
        self.learning_rate = 0.01

    def backward(self, upstream):
        below = upstream @ self.W.T
        self.W -= self.learning_rate * self.factor * (self.inputs.T @ upstream)
        self.b -= self.learning_rate * upstream.sum(axis=0)
        return below


class MadeByTheFirstForward(Affine):
    def __init__(self):
        self.W = self.b = None

    def forward(self, inputs):
        if self.W is None:
            self.W, self.b = np.random.rand(inputs.shape[1], 4), np.zeros(4)
        return super().forward(inputs)


LAYERS = (
    Affine,
    InDicts,
    InParameters,
    Returning,
    ReturningNamed,
    WithCache,
    Updating,
    UpdatingByItsOwnRate,
    MadeByTheFirstForward,
)
for kind in LAYERS:

    @shape(f"a layer, {kind.__name__}", "LayerAdapter", "W b X", "W")
    def _(wrong, kind=kind):
        return type(kind.__name__, (kind,), {"factor": 2 if wrong else 1})(), X


@shape("a layer that returns nothing", "LayerAdapter", "weights biases X", "weights")
def _(wrong):
    return type("Wrong", (NamedInFull,), {"factor": 2 if wrong else 1})(), X


class ReLU:
    doubled = 1

    def forward(self, x):
        self.inputs = x
        return np.maximum(x, 0)

    def backward(self, d):
        return self.doubled * d * (self.inputs > 0)


@shape("a layer without parameters", "LayerAdapter", "X", "X")
def _(wrong):
    return type("Wrong", (ReLU,), {"doubled": 2 if wrong else 1})(), X


class Product:
    """Two inputs."""

    def __init__(self, wrong):
        self.wrong = wrong

    def forward(self, one, other):
        self.one, self.other = one, other
        return one * other

    def backward(self, d):
        return d * self.other, d * (self.other if self.wrong else self.one)


@shape("a layer of two inputs", "LayerAdapter", "X1 X2", "X2")
def _(wrong):
    return Product(wrong), X, numbers(5, 3, seed=1)


@shape("a list of layers", "LayerAdapter", "W b X", "W b X")
def _(wrong):
    return [Affine(), type("Wrong", (ReLU,), {"doubled": 2 if wrong else 1})()], X


# Other shapes.


class ThreeLayers:
    """As lectures write it: a cost, and its derivatives in a tuple."""

    def __init__(self, wrong=False):
        self.W1 = numbers(3, 4)
        self.W2 = numbers(4, 2)
        self.wrong = wrong

    def forward(self, X):
        self.a2 = np.tanh(X @ self.W1)
        return self.a2 @ self.W2

    def costFunction(self, X, y):
        self.yHat = self.forward(X)
        return 0.5 * np.sum((y - self.yHat) ** 2)

    def costFunctionPrime(self, X, y):
        self.yHat = self.forward(X)
        delta = self.yHat - y
        below = delta @ self.W2.T * (1 if self.wrong else 1 - self.a2**2)
        return X.T @ below, self.a2.T @ delta


@shape("a class with costFunction and costFunctionPrime", "CostClassAdapter", "W1 W2", "W1")
def _(wrong):
    return ThreeLayers(wrong), X, Y


class OtherOrder(ThreeLayers):
    """The gradients in the order in which they are computed; the shapes tell them apart."""

    def costFunctionPrime(self, X, y):
        first, second = super().costFunctionPrime(X, y)
        return second, first


@shape("gradients in another order, told apart by their shapes", "CostClassAdapter", "W1 W2", "W1")
def _(wrong):
    return OtherOrder(wrong), X, Y


class ByName(ThreeLayers):
    cost = ThreeLayers.costFunction

    def __init__(self, wrong):
        super().__init__(wrong)
        self.mean = numbers(3)

    def gradients(self, X, y):
        first, second = ThreeLayers.costFunctionPrime(self, X, y)
        return {"dW2": second, "dW1": first}

    costFunction = None  # noqa: N815


@shape("a class whose gradients have names", "CostClassAdapter", "W1 W2", "W1")
def _(wrong):
    return ByName(wrong), X, Y


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


@shape("a function and its derivative", "ElementwiseAdapter", "x", "x")
def _(wrong):
    return sigmoid, (lambda z: sigmoid(z) * (1 + sigmoid(z))) if wrong else (lambda z: sigmoid(z) * (1 - sigmoid(z))), X


@shape("a function and its derivative in the output", "ElementwiseAdapter", "x", "x")
def _(wrong):
    return np.tanh, (lambda a: 1 - a) if wrong else (lambda a: 1 - a * a), X


class Softplus:
    """An activation object with two derivatives."""

    def __init__(self, wrong):
        self.wrong = wrong

    def fn(self, z):
        return np.log1p(np.exp(z))

    def grad(self, x):
        return sigmoid(x)

    def grad2(self, x):
        return sigmoid(x) * (1 if self.wrong else 1 - sigmoid(x))


@shape("an activation object", "FunctionObjectAdapter", "grad grad2", "grad2")
def _(wrong):
    return Softplus(wrong), X


def affine_forward(x, w, b):
    return x @ w + b, (x, w)


def affine_backward(upstream, cache):
    x, w = cache
    return upstream @ w.T, x.T @ upstream, upstream.sum(axis=0)


def affine_backward_mean(upstream, cache):
    return *affine_backward(upstream, cache)[:2], upstream.mean(axis=0)


@shape("a forward and a backward function", "ForwardBackwardAdapter", "x w b", "b")
def _(wrong):
    return affine_forward, affine_backward_mean if wrong else affine_backward, X, numbers(3, 4), numbers(4)


@shape("a loss as an object", "FunctionObjectAdapter", "p", "p")
def _(wrong):
    class Squares:
        def loss(self, y, p):
            return 0.5 * np.power(y - p, 2)

        def gradient(self, y, p):
            return (y - p) if wrong else -(y - p)

    return Squares(), Y, numbers(5, 2, seed=1)


@shape("a penalty as an object", "FunctionObjectAdapter", "w", "w")
def _(wrong):
    class Decay:
        def __call__(self, w):
            return 0.3 * 0.5 * w.T.dot(w)

        def grad(self, w):
            return 0.3 * w * (2 if wrong else 1)

    return Decay(), numbers(5)


@shape("a Jacobian", "ElementwiseAdapter", "x", "x")
def _(wrong):
    def softmax(x):
        e = np.exp(x)
        return e / e.sum()

    def jacobian(x):
        p = softmax(x)
        return np.diag(p) - (0 if wrong else 1) * np.outer(p, p)

    return softmax, jacobian, numbers(4)


@shape("a function that returns the loss and the gradient", "ValueAndGradientAdapter", "params", "params")
def _(wrong):
    def both(w, x, y):
        e = x @ w - y
        return np.sum(e**2), (1 if wrong else 2) * x.T @ e

    return both, numbers(3), X, Y[:, 0]
