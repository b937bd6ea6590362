"""A network of layer objects, each with forward and backward; loss and grad build it from a list of arrays."""
import numpy as np


class Dense:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, grad_out):
        self.dW = self.x.T @ grad_out
        self.db = grad_out.sum(axis=0)
        return grad_out @ self.W.T


class ReLU:
    def forward(self, x):
        self.mask = x > 0
        return x * self.mask

    def backward(self, grad_out):
        return grad_out * self.mask


class Sigmoid:
    def forward(self, x):
        self.out = 1 / (1 + np.exp(-x))
        return self.out

    def backward(self, grad_out):
        return grad_out * self.out * (1 - self.out)


class MeanSquaredError:
    def forward(self, y_pred, y_true):
        self.diff = y_pred - y_true
        return np.mean(self.diff ** 2)

    def backward(self):
        return 2 * self.diff / self.diff.size


def build(params):
    W1, b1, W2, b2, W3, b3 = params
    return [Dense(W1, b1), ReLU(), Dense(W2, b2), Sigmoid(), Dense(W3, b3)]


def run(layers, x):
    for layer in layers:
        x = layer.forward(x)
    return x


def loss(params, x, y):
    return MeanSquaredError().forward(run(build(params), x), y)


def grad(params, x, y):
    layers = build(params)
    criterion = MeanSquaredError()
    criterion.forward(run(layers, x), y)
    upstream = criterion.backward()
    grads = []
    for layer in reversed(layers):
        upstream = layer.backward(upstream)
        if isinstance(layer, Dense):
            grads = [layer.dW, layer.db] + grads
    return grads


def example():
    rng = np.random.default_rng(33)
    sizes = [3, 5, 4, 2]
    params = []
    for a, b in zip(sizes, sizes[1:]):
        params += [rng.normal(size=(a, b)), rng.normal(size=b)]
    return params, rng.normal(size=(6, 3)), rng.normal(size=(6, 2))
