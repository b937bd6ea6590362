"""Networks with self.params whose loss(X, y) returns (loss, grads), or scores where y is None."""

import numpy as np
import symnn
from tests.people.case import numbers, right, wrong

X, LABELS = numbers(4, 3), np.array([0, 1, 1, 2])


def softmax_loss(x, y):
    p = np.exp(x - x.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    n = len(y)
    loss = -np.mean(np.log(p[np.arange(n), y]))
    p[np.arange(n), y] -= 1
    return loss, p / n


class TwoLayerNet:
    def __init__(self, input_dim=3, hidden_dim=4, num_classes=3, weight_scale=1e-1, reg=0.25):
        self.params, self.reg = {}, reg
        rng = np.random.RandomState(0)
        self.params["W1"] = rng.normal(0, weight_scale, (input_dim, hidden_dim))
        self.params["b1"] = np.zeros(hidden_dim)
        self.params["W2"] = rng.normal(0, weight_scale, (hidden_dim, num_classes))
        self.params["b2"] = np.zeros(num_classes)

    def loss(self, X, y=None):
        W1, W2 = self.params["W1"], self.params["W2"]
        h = np.maximum(0, X.reshape(len(X), -1).dot(W1) + self.params["b1"])
        scores = h.dot(W2) + self.params["b2"]
        if y is None:
            return scores
        loss, dscores = softmax_loss(scores, y)
        loss += 0.5 * self.reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
        grads = self.backward(X, h, dscores)
        return loss, grads

    def backward(self, X, h, dscores):
        W1, W2 = self.params["W1"], self.params["W2"]
        dh = dscores.dot(W2.T)
        dh[h <= 0] = 0
        return {
            "W2": h.T.dot(dscores) + self.reg * W2,
            "b2": dscores.sum(axis=0),
            "W1": X.T.dot(dh) + self.reg * W1,
            "b1": dh.sum(axis=0),
        }


class TwoLayerNetPenaltyTwice(TwoLayerNet):
    def backward(self, X, h, dscores):
        grads = super().backward(X, h, dscores)
        grads["W1"] += self.reg * self.params["W1"]
        return grads


class FullyConnectedNet:
    """Any depth, with names in a loop, and dropout parameters that are None or a dict."""

    def __init__(self, dims=(3, 4, 4, 3), reg=0.0, dropout=None):
        self.num_layers, self.reg, self.use_dropout = len(dims) - 1, reg, dropout is not None
        self.dropout_param = {"mode": "train", "p": dropout, "seed": 3} if self.use_dropout else {}
        self.params = {}
        for k, (n, m) in enumerate(zip(dims, dims[1:], strict=False), start=1):
            self.params[f"W{k}"], self.params[f"b{k}"] = numbers(n, m, seed=k), np.zeros(m)

    def loss(self, X, y=None):
        a, caches = X, []
        for k in range(1, self.num_layers + 1):
            z = a.dot(self.params[f"W{k}"]) + self.params[f"b{k}"]
            mask = 1.0
            if k < self.num_layers and self.use_dropout:
                p = self.dropout_param["p"]
                mask = (np.random.RandomState(self.dropout_param["seed"] + k).rand(*z.shape) < p) / p
            caches.append((a, z, mask))
            a = np.maximum(z, 0) * mask if k < self.num_layers else z
        if y is None:
            return a
        loss, d = softmax_loss(a, y)
        grads = {}
        for k in range(self.num_layers, 0, -1):
            below, z, mask = caches[k - 1]
            if k < self.num_layers:
                d = self.through(d, z, mask)
            W = self.params[f"W{k}"]
            loss += 0.5 * self.reg * np.sum(W**2)
            grads[f"W{k}"], grads[f"b{k}"] = below.T.dot(d) + self.reg * W, d.sum(axis=0)
            d = d.dot(W.T)
        return loss, grads

    def through(self, d, z, mask):
        return d * mask * (z > 0)


class FullyConnectedNetUnmasked(FullyConnectedNet):
    def through(self, d, z, mask):
        return d * (z > 0)


class LinearClassifier:
    """W stands in an attribute; loss(X_batch, y_batch, reg) returns (loss, dW)."""

    def __init__(self):
        self.W = numbers(3, 3)

    def loss(self, X_batch, y_batch, reg):
        loss, d = softmax_loss(X_batch.dot(self.W), y_batch)
        return loss + reg * np.sum(self.W * self.W), self.slope(X_batch.T.dot(d), reg)

    def slope(self, dW, reg):
        return dW + 2 * reg * self.W


class LinearClassifierHalf(LinearClassifier):
    def slope(self, dW, reg):
        return dW + reg * self.W


def deep(seed, kind=FullyConnectedNet, **options):
    return symnn.verify(kind(**options), X, LABELS, seed=seed)


CASES = [
    right("two layers", lambda seed: symnn.verify(TwoLayerNet(), X, LABELS, seed=seed), arrays=4),
    wrong("two layers, the penalty twice", lambda seed: symnn.verify(TwoLayerNetPenaltyTwice(), X, LABELS, seed=seed)),
    right("any depth", lambda seed: deep(seed, reg=0.5), arrays=6),
    right("any depth, dropout", lambda seed: deep(seed, dropout=0.7), arrays=6),
    wrong("any depth, dropout, no mask", lambda seed: deep(seed, FullyConnectedNetUnmasked, dropout=0.7)),
    right("a linear classifier", lambda seed: symnn.verify(LinearClassifier(), X, LABELS, 0.125, seed=seed)),
    wrong("half of its penalty", lambda seed: symnn.verify(LinearClassifierHalf(), X, LABELS, 0.125, seed=seed)),
]
