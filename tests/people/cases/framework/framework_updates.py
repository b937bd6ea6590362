"""Layers that update themselves in backward, lazily made weights, buffers, optimisers: SGD, momentum, Adam."""

import numpy as np
import symnn
from tests.people.case import Case, numbers, right, wrong

X, Y = numbers(5, 3), numbers(5, 2)


class ByRate:
    """backward(d, learning_rate) takes the step."""

    def __init__(self, n=3, m=2):
        self.weights, self.bias = numbers(n, m), np.zeros((1, m))

    def forward(self, input):
        self.input = input
        return np.dot(self.input, self.weights) + self.bias

    def backward(self, output_error, learning_rate):
        input_error = np.dot(output_error, self.weights.T)
        self.weights -= learning_rate * np.dot(self.input.T, output_error)
        self.bias -= learning_rate * self.total(output_error)
        return input_error

    def total(self, d):
        return d.sum(axis=0, keepdims=True)


class ByRateMean(ByRate):
    def total(self, d):
        return d.mean(axis=0, keepdims=True)


class ByRateUphill(ByRate):
    def total(self, d):
        return -d.sum(axis=0, keepdims=True)


class Tanh:
    def forward_propagation(self, x):
        self.x = x
        return np.tanh(x)

    def backward_propagation(self, d, learning_rate):
        return d * (1 - np.tanh(self.x) ** 2)


class Propagating(ByRate):
    """The same in the other words, with activations beside that ignore the rate."""

    def forward_propagation(self, x):
        return self.forward(x)

    def backward_propagation(self, d, learning_rate):
        return self.backward(d, learning_rate)


class PropagatingMean(Propagating):
    total = ByRateMean.total


class OwnRate(ByRate):
    """The rate is an attribute of the layer; a step in backward(d)."""

    lr = 0.01

    def backward(self, d):
        return super().backward(d, self.lr)


class OwnRateMean(OwnRate):
    total = ByRateMean.total


class SGD:
    def __init__(self, learning_rate=0.1):
        self.learning_rate = learning_rate

    def update(self, w, grad):
        return w - self.learning_rate * grad


class Momentum:
    """The step is no multiple of one gradient, but where it starts at rest."""

    def __init__(self, learning_rate=0.1, momentum=0.9):
        self.learning_rate, self.momentum, self.w_updt = learning_rate, momentum, None

    def update(self, w, grad):
        if self.w_updt is None:
            self.w_updt = np.zeros(np.shape(w))
        self.w_updt = self.momentum * self.w_updt + (1 - self.momentum) * grad
        return w - self.learning_rate * self.w_updt


class Adam:
    def __init__(self, learning_rate=0.001, b1=0.9, b2=0.999, eps=1e-8):
        self.learning_rate, self.b1, self.b2, self.eps, self.m, self.v, self.t = (
            learning_rate,
            b1,
            b2,
            eps,
            None,
            None,
            0,
        )

    def update(self, w, grad):
        if self.m is None:
            self.m, self.v = np.zeros(np.shape(grad)), np.zeros(np.shape(grad))
        self.t += 1
        self.m = self.b1 * self.m + (1 - self.b1) * grad
        self.v = self.b2 * self.v + (1 - self.b2) * np.power(grad, 2)
        m_hat, v_hat = self.m / (1 - self.b1**self.t), self.v / (1 - self.b2**self.t)
        return w - self.learning_rate * m_hat / (np.sqrt(v_hat) + self.eps)


class Optimised:
    """W and w0, each with an optimiser of its own; trainable layers update in backward_pass."""

    def __init__(self, optimiser=SGD):
        self.W, self.w0, self.trainable = numbers(3, 2), np.zeros((1, 2)), True
        self.W_opt, self.w0_opt = optimiser(), optimiser()

    def forward_pass(self, X, training=True):
        self.layer_input = X
        return X.dot(self.W) + self.w0

    def backward_pass(self, accum_grad):
        W = self.W
        if self.trainable:
            grad_w, grad_w0 = self.layer_input.T.dot(accum_grad), self.total(accum_grad)
            self.W = self.W_opt.update(self.W, grad_w)
            self.w0 = self.w0_opt.update(self.w0, grad_w0)
        return accum_grad.dot(W.T)

    def total(self, d):
        return np.sum(d, axis=0, keepdims=True)


class OptimisedMean(Optimised):
    def total(self, d):
        return np.mean(d, axis=0, keepdims=True)


class Lazy:
    """The weights are made by the first forward pass, once the width is known."""

    def __init__(self, units=2):
        self.units, self.W, self.b = units, None, None

    def forward(self, x):
        if self.W is None:
            self.W, self.b = np.random.randn(x.shape[1], self.units) * 0.1, np.zeros(self.units)
        self.x = x
        return x @ self.W + self.b

    def backward(self, d):
        self.dW, self.db = self.x.T @ d, self.total(d)
        return d @ self.W.T

    def total(self, d):
        return d.sum(axis=0)


class LazyMean(Lazy):
    def total(self, d):
        return d.mean(axis=0)


class Built(Lazy):
    """build(shape) is called in forward where `built` is not set."""

    built = False

    def build(self, shape):
        self.W, self.b = np.random.uniform(-1, 1, (shape[-1], self.units)), np.ones(self.units)
        self.built = True

    def forward(self, x):
        if not self.built:
            self.build(x.shape)
        return super().forward(x)


class Buffers:
    """Gradient buffers made beforehand and filled in place."""

    def __init__(self):
        self.W, self.b = numbers(3, 2), numbers(2)
        self.gW, self.gb = np.zeros_like(self.W), np.zeros_like(self.b)

    def forward(self, x):
        self.x = x
        return np.maximum(x @ self.W + self.b, 0)

    def backward(self, d):
        d = d * (self.x @ self.W + self.b > 0)
        np.matmul(self.x.T, d, out=self.gW)
        self.gb[:] = self.total(d)
        return d @ self.W.T

    def total(self, d):
        return d.sum(axis=0)


class BuffersMean(Buffers):
    def total(self, d):
        return d.mean(axis=0)


class Accumulating:
    """+= into buffers, with a method that forgets them."""

    def __init__(self):
        self.W, self.b = numbers(3, 2), numbers(2)
        self.grads = {"W": np.zeros_like(self.W), "b": np.zeros_like(self.b)}

    def zero_grads(self):
        for g in self.grads.values():
            g.fill(0)

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, d):
        self.grads["W"] += self.x.T @ d
        self.grads["b"] += self.total(d)
        return d @ self.W.T

    def total(self, d):
        return d.sum(axis=0)


class AccumulatingMean(Accumulating):
    def total(self, d):
        return d.mean(axis=0)


class Whole:
    """A network whose train_step updates; the loss and the gradients are methods beside."""

    def __init__(self):
        self.layers = [Accumulating(), Accumulating()]
        self.layers[1].W, self.layers[1].b = numbers(2, 2), numbers(2)
        self.layers[1].grads = {"W": np.zeros((2, 2)), "b": np.zeros(2)}
        self.velocity, self.rate, self.step = [np.zeros((3, 2))], 0.1, 0

    def forward(self, x):
        return self.layers[1].forward(np.tanh(self.layers[0].forward(x)))

    def loss(self, x, y):
        return 0.5 * np.sum((self.forward(x) - y) ** 2) / len(x)

    def backward(self, x, y):
        for layer in self.layers:
            layer.zero_grads()
        d = self.layers[1].backward((self.forward(x) - y) / self.count(x))
        self.layers[0].backward(d * (1 - np.tanh(self.layers[0].x @ self.layers[0].W + self.layers[0].b) ** 2))

    def train_step(self, x, y):
        self.backward(x, y)
        for layer in self.layers:
            layer.W -= self.rate * layer.grads["W"]
        self.step += 1

    def count(self, x):
        return len(x)


class WholeSummed(Whole):
    def count(self, x):
        return 1


class Trained:
    """forward(x, y) and backward(x, y) with gradients kept as d_w, d_b."""

    def __init__(self):
        self.w, self.b = numbers(3), 0.5

    def forward(self, x, y):
        p = 1 / (1 + np.exp(-(x @ self.w + self.b)))
        return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))

    def backward(self, x, y):
        p = 1 / (1 + np.exp(-(x @ self.w + self.b)))
        d = (p - y) / len(y)
        self.d_w, self.d_b = x.T @ d, self.total(d)

    def total(self, d):
        return d.sum()


class TrainedMean(Trained):
    def total(self, d):
        return d.mean()


BITS = np.array([0.0, 1.0, 1.0, 0.0, 1.0])


def layer(kind, *given):
    return lambda seed: symnn.verify(kind(*given), X, seed=seed)


CASES = [
    right("a step by a rate", layer(ByRate), arrays=3),
    wrong("a step by a rate, mean", layer(ByRateMean)),
    wrong("a step by a rate, uphill", layer(ByRateUphill)),
    right(
        "forward_propagation and a rate",
        lambda seed: symnn.verify([Propagating(3, 4), Tanh(), Propagating(4, 2)], X, seed=seed),
        arrays=5,
    ),
    wrong(
        "forward_propagation and a rate, mean",
        lambda seed: symnn.verify([PropagatingMean(3, 4), Tanh(), Propagating(4, 2)], X, seed=seed),
    ),
    right("a rate of its own", layer(OwnRate), arrays=3),
    wrong("a rate of its own, mean", layer(OwnRateMean)),
    right("an optimiser", layer(Optimised), arrays=3),
    wrong("an optimiser, mean", layer(OptimisedMean)),
    right("momentum", layer(Optimised, Momentum), arrays=3),
    wrong("momentum, mean", layer(OptimisedMean, Momentum)),
    Case("Adam", layer(Optimised, Adam), "not different"),
    Case("Adam, mean", layer(OptimisedMean, Adam), "not equal"),
    right("made by the first pass", layer(Lazy), arrays=3),
    wrong("made by the first pass, mean", layer(LazyMean)),
    right("built by the first pass", layer(Built), arrays=3),
    right("buffers", layer(Buffers), arrays=3),
    wrong("buffers, mean", layer(BuffersMean)),
    right("buffers that add up", layer(Accumulating), arrays=3),
    wrong("buffers that add up, mean", layer(AccumulatingMean)),
    right("a network that trains", lambda s: symnn.verify(Whole(), X, Y, seed=s), arrays=4),
    wrong("a network that trains, not averaged", lambda s: symnn.verify(WholeSummed(), X, Y, seed=s)),
    right("forward(x, y) and backward(x, y)", lambda s: symnn.verify(Trained(), X, BITS, seed=s), arrays=2),
    wrong("forward(x, y) and backward(x, y), mean", lambda s: symnn.verify(TrainedMean(), X, BITS, seed=s)),
]
