"""Losses and penalties as objects: loss layers with backward(dout=1), loss/gradient methods, called penalties."""

import numpy as np
import symnn
from tests.people.case import numbers, one_hot, right, wrong

X, T, LABELS = numbers(5, 3), numbers(5, 3, seed=1), np.array([0, 1, 2, 1, 0])
W = numbers(5)


class SquareLoss:
    def forward(self, x, t):
        self.d = x - t
        return np.sum(self.d**2) / len(x)

    def backward(self, dout=1):
        return dout * 2 * self.d / len(self.d)


class SquareLossIgnoresUpstream(SquareLoss):
    """The last layer of all: nobody hands it another upstream than 1."""

    def backward(self, dout=1):
        return 2 * self.d / len(self.d)


class SquareLossUnaveraged(SquareLoss):
    def backward(self, dout=1):
        return dout * 2 * self.d


class Labels:
    def forward(self, x, y):
        e = np.exp(x)
        self.p, self.y = e / e.sum(axis=1, keepdims=True), y
        return -np.sum(np.log(self.p[np.arange(len(y)), y])) / len(y)

    def backward(self, dout=1):
        d = self.p.copy()
        d[np.arange(len(self.y)), self.y] -= 1
        return d / len(self.y)


class LabelsForgotten(Labels):
    def backward(self, dout=1):
        return self.p / len(self.y)


class NoArguments:
    """backward takes nothing at all; the loss is kept, too."""

    def forward(self, y_pred, y_true):
        self.diff = y_pred - y_true
        self.loss = 0.5 * np.mean(np.sum(self.diff**2, axis=1))
        return self.loss

    def backward(self):
        return self.diff / self.diff.shape[0]


class NoArgumentsAll(NoArguments):
    def backward(self):
        return self.diff / self.diff.size


class PerSample:
    """A vector of losses, meant to be summed."""

    def loss(self, y, p):
        return 0.5 * np.power(y - p, 2)

    def gradient(self, y, p):
        return -(y - p)


class PerSampleSign(PerSample):
    def gradient(self, y, p):
        return y - p


class Summed(PerSample):
    def loss(self, y, p):
        return 0.5 * np.sum(np.power(y - p, 2))


class CrossEntropy:
    def loss(self, y, p):
        return -y * np.log(p) - (1 - y) * np.log(1 - p)

    def gradient(self, y, p):
        return -(y / p) + (1 - y) / (1 - p)


class CrossEntropyClipped(CrossEntropy):
    def loss(self, y, p):
        p = np.clip(p, 1e-15, 1 - 1e-15)
        return -y * np.log(p) - (1 - y) * np.log(1 - p)

    def gradient(self, y, p):
        p = np.clip(p, 1e-15, 1 - 1e-15)
        return -(y / p) + (1 - y) / (1 - p)


class CrossEntropyOneBranch(CrossEntropy):
    def gradient(self, y, p):
        return -(y / p)


class Huber:
    """Static methods, and other words: f and df, prediction first."""

    @staticmethod
    def f(p, y):
        e = np.abs(p - y)
        return np.sum(np.where(e < 1, e**2 / 2, e - 0.5))

    @staticmethod
    def df(p, y):
        return np.clip(p - y, -1, 1)


class HuberUnclipped(Huber):
    @staticmethod
    def df(p, y):
        return p - y


class Ridge:
    def __init__(self, alpha=0.3):
        self.alpha = alpha

    def __call__(self, w):
        return self.alpha * 0.5 * w.T.dot(w)

    def grad(self, w):
        return self.alpha * w


class RidgeTwice(Ridge):
    def grad(self, w):
        return 2 * self.alpha * w


class Elastic:
    """alpha and ratio; the gradient by the sign."""

    def __init__(self):
        self.alpha, self.l1_ratio = 0.4, 0.25

    def __call__(self, w):
        l1, l2 = np.linalg.norm(w, 1), 0.5 * w @ w
        return self.alpha * (self.l1_ratio * l1 + (1 - self.l1_ratio) * l2)

    def grad(self, w):
        return self.alpha * (self.l1_ratio * np.sign(w) + (1 - self.l1_ratio) * w)


class ElasticUnsigned(Elastic):
    def grad(self, w):
        return self.alpha * (self.l1_ratio + (1 - self.l1_ratio) * w)


P, Y01 = np.random.default_rng(3).uniform(0.1, 0.9, (5, 2)), one_hot([0, 1, 1, 0, 1], 2)

CASES = [
    right("a loss layer", lambda seed: symnn.verify(SquareLoss(), X, T, seed=seed)),
    right("a loss layer that is the last", lambda seed: symnn.verify(SquareLossIgnoresUpstream(), X, T, seed=seed)),
    wrong("a loss layer, not averaged", lambda seed: symnn.verify(SquareLossUnaveraged(), X, T, seed=seed)),
    right("class numbers", lambda seed: symnn.verify(Labels(), X, LABELS, seed=seed)),
    wrong("class numbers, the target forgotten", lambda seed: symnn.verify(LabelsForgotten(), X, LABELS, seed=seed)),
    right("backward without arguments", lambda seed: symnn.verify(NoArguments(), X, T, seed=seed)),
    wrong("divided by all", lambda seed: symnn.verify(NoArgumentsAll(), X, T, seed=seed)),
    right("loss and gradient per entry", lambda seed: symnn.verify(PerSample(), X, T, seed=seed)),
    right("loss and gradient summed", lambda seed: symnn.verify(Summed(), X, T, seed=seed)),
    wrong("loss and gradient, sign", lambda seed: symnn.verify(PerSampleSign(), X, T, seed=seed)),
    right("cross-entropy of probabilities", lambda seed: symnn.verify(CrossEntropy(), Y01, P, seed=seed)),
    right("cross-entropy, clipped", lambda seed: symnn.verify(CrossEntropyClipped(), Y01, P, seed=seed)),
    wrong("cross-entropy, one branch", lambda seed: symnn.verify(CrossEntropyOneBranch(), Y01, P, seed=seed)),
    right("f and df", lambda seed: symnn.verify(Huber, X, T, seed=seed)),
    wrong("f and df, not clipped", lambda seed: symnn.verify(HuberUnclipped, X, T, seed=seed)),
    right("a penalty", lambda seed: symnn.verify(Ridge(), W, seed=seed)),
    right("a penalty's methods", lambda seed: symnn.verify(Ridge(), Ridge().grad, W, seed=seed)),
    wrong("a penalty, twice", lambda seed: symnn.verify(RidgeTwice(), W, seed=seed)),
    right("an elastic penalty", lambda seed: symnn.verify(Elastic(), W, seed=seed)),
    wrong("an elastic penalty, no sign", lambda seed: symnn.verify(ElasticUnsigned(), W, seed=seed)),
    right("a penalty of a matrix", lambda seed: symnn.verify(Elastic2D(), numbers(3, 2), seed=seed)),
    wrong("a penalty of a matrix, linear", lambda seed: symnn.verify(Elastic2DLinear(), numbers(3, 2), seed=seed)),
]


class Elastic2D:
    """A penalty called as a method, by loss and gradient."""

    lam = 0.01

    def penalty(self, W):
        return self.lam * np.sum(np.square(W)) / 2

    def gradient(self, W):
        return self.lam * W


class Elastic2DLinear(Elastic2D):
    def gradient(self, W):
        return self.lam * np.ones_like(W)
