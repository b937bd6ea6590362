"""Classes with self.params and self.grads, loss(x, t), gradient(x, t), float and one-hot targets."""

from collections import OrderedDict

import numpy as np
import symnn
from tests.people.case import Case, numbers, one_hot, right, wrong

X, LABELS = numbers(4, 3), np.array([0, 1, 1, 2])
HOT, REAL = one_hot(LABELS, 3), numbers(4, 3, seed=9)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def cross_entropy_error(y, t):
    if y.ndim == 1:
        t, y = t.reshape(1, t.size), y.reshape(1, y.size)
    if t.size == y.size:
        t = t.argmax(axis=1)
    batch_size = y.shape[0]
    return -np.sum(np.log(y[np.arange(batch_size), t])) / batch_size


def guarded_error(y, t):
    return -np.sum(t * np.log(y + 1e-7)) / len(y)


def numerical_gradient(f, x):
    h, grad = 1e-4, np.zeros_like(x)
    for index in np.ndindex(*x.shape):
        kept = x[index]
        x[index] = kept + h
        above = f(x)
        x[index] = kept - h
        below = f(x)
        grad[index] = (above - below) / (2 * h)
        x[index] = kept
    return grad


class TwoLayerNet:
    def __init__(self, input_size=3, hidden_size=4, output_size=3):
        self.params = {}
        self.params["W1"] = numbers(input_size, hidden_size)
        self.params["b1"] = np.zeros(hidden_size)
        self.params["W2"] = numbers(hidden_size, output_size)
        self.params["b2"] = np.zeros(output_size)

    def predict(self, x):
        a1 = np.dot(x, self.params["W1"]) + self.params["b1"]
        z1 = sigmoid(a1)
        return softmax(np.dot(z1, self.params["W2"]) + self.params["b2"])

    def loss(self, x, t):
        return cross_entropy_error(self.predict(x), t)

    def accuracy(self, x, t):
        return np.mean(self.predict(x).argmax(axis=1) == t.argmax(axis=1))

    def numerical_gradient(self, x, t):
        def loss_W(W):
            return self.loss(x, t)

        return {key: numerical_gradient(loss_W, self.params[key]) for key in ("W1", "b1", "W2", "b2")}

    def gradient(self, x, t):
        W1, W2, b1, b2 = self.params["W1"], self.params["W2"], self.params["b1"], self.params["b2"]
        grads, batch_num = {}, x.shape[0]
        a1 = np.dot(x, W1) + b1
        z1 = sigmoid(a1)
        y = softmax(np.dot(z1, W2) + b2)
        dy = (y - t) / batch_num
        grads["W2"], grads["b2"] = np.dot(z1.T, dy), np.sum(dy, axis=0)
        da1 = self.slope(a1, z1) * np.dot(dy, W2.T)
        grads["W1"], grads["b1"] = np.dot(x.T, da1), np.sum(da1, axis=0)
        return grads

    def slope(self, a1, z1):
        return (1.0 - z1) * z1


class TwoLayerNetOfSums(TwoLayerNet):
    def slope(self, a1, z1):
        return (1.0 - a1) * a1


class GuardedNet(TwoLayerNet):
    def loss(self, x, t):
        return guarded_error(self.predict(x), t)


class GuardedNetUnaveraged(GuardedNet):
    def gradient(self, x, t):
        return {name: g * len(x) for name, g in super().gradient(x, t).items()}


class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return np.dot(x, self.W) + self.b

    def backward(self, dout):
        self.dW, self.db = np.dot(self.x.T, dout), np.sum(dout, axis=0)
        return np.dot(dout, self.W.T)


class Relu:
    def forward(self, x):
        self.mask = x <= 0
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout):
        dout[self.mask] = 0
        return dout


class BatchNorm:
    def __init__(self, gamma, beta):
        self.gamma, self.beta = gamma, beta

    def forward(self, x):
        self.batch_size, self.xc = x.shape[0], x - x.mean(axis=0)
        self.std = np.sqrt(np.mean(self.xc**2, axis=0) + 10e-7)
        self.xn = self.xc / self.std
        return self.gamma * self.xn + self.beta

    def backward(self, dout):
        self.dbeta, self.dgamma = dout.sum(axis=0), np.sum(self.xn * dout, axis=0)
        dxn = self.gamma * dout
        dxc = dxn / self.std
        dstd = -np.sum((dxn * self.xc) / (self.std * self.std), axis=0)
        dxc += (1.0 / self.batch_size) * self.xc * (dstd / self.std)
        return dxc - np.sum(dxc, axis=0) / self.batch_size


class BatchNormWithoutTheMean(BatchNorm):
    def backward(self, dout):
        self.dbeta, self.dgamma = dout.sum(axis=0), np.sum(self.xn * dout, axis=0)
        dxn = self.gamma * dout
        dstd = -np.sum((dxn * self.xc) / (self.std * self.std), axis=0)
        return dxn / self.std + self.xc * (dstd / self.std) / self.batch_size


class Dropout:
    def __init__(self, dropout_ratio=0.5):
        self.dropout_ratio, self.mask = dropout_ratio, None

    def forward(self, x, train_flg=True):
        if train_flg:
            self.mask = np.random.rand(*x.shape) > self.dropout_ratio
            return x * self.mask
        return x * (1.0 - self.dropout_ratio)

    def backward(self, dout):
        return dout * self.mask


class DropoutScaled(Dropout):
    def backward(self, dout):
        return dout * self.mask / (1 - self.dropout_ratio)


class SoftmaxWithLoss:
    def forward(self, x, t):
        self.t, self.y = t, softmax(x)
        self.loss = cross_entropy_error(self.y, self.t)
        return self.loss

    def backward(self, dout=1):
        batch_size = self.t.shape[0]
        if self.t.size == self.y.size:
            return (self.y - self.t) / batch_size
        dx = self.y.copy()
        dx[np.arange(batch_size), self.t] -= 1
        return dx / batch_size


class LayeredNet:
    """Layers in an OrderedDict over the arrays of params; the penalty is part of loss and gradient."""

    between = (Relu,)
    weight_decay_lambda = 0.1

    def __init__(self):
        self.params = {"W1": numbers(3, 4), "b1": np.zeros(4), "W2": numbers(4, 3), "b2": np.zeros(3)}
        self.layers = OrderedDict()
        self.layers["Affine1"] = Affine(self.params["W1"], self.params["b1"])
        for k, kind in enumerate(self.between):
            self.layers[f"Between{k}"] = self.made(kind)
        self.layers["Affine2"] = Affine(self.params["W2"], self.params["b2"])
        self.last_layer = SoftmaxWithLoss()

    def made(self, kind):
        if not issubclass(kind, BatchNorm):
            return kind()
        self.params["gamma1"], self.params["beta1"] = np.ones(4), np.zeros(4)
        return kind(self.params["gamma1"], self.params["beta1"])

    def predict(self, x):
        for layer in self.layers.values():
            x = layer.forward(x)
        return x

    def loss(self, x, t):
        y = self.predict(x)
        decay = sum(0.5 * self.weight_decay_lambda * np.sum(self.params[f"W{k}"] ** 2) for k in (1, 2))
        return self.last_layer.forward(y, t) + decay

    def gradient(self, x, t):
        self.loss(x, t)
        dout = self.last_layer.backward(1)
        for layer in list(self.layers.values())[::-1]:
            dout = layer.backward(dout)
        grads = {}
        for k in (1, 2):
            affine = self.layers[f"Affine{k}"]
            grads[f"W{k}"] = affine.dW + self.weight_decay_lambda * affine.W
            grads[f"b{k}"] = affine.db
        if "gamma1" in self.params:
            grads["gamma1"], grads["beta1"] = self.layers["Between0"].dgamma, self.layers["Between0"].dbeta
        return grads


class BatchNormNet(LayeredNet):
    between = (BatchNorm, Relu)


class BatchNormNetWrong(LayeredNet):
    between = (BatchNormWithoutTheMean, Relu)


class DropoutNet(LayeredNet):
    between = (Relu, Dropout)


class DropoutNetWrong(LayeredNet):
    between = (Relu, DropoutScaled)


class UndecayedNet(LayeredNet):
    def gradient(self, x, t):
        grads = super().gradient(x, t)
        return grads | {"W2": self.layers["Affine2"].dW}


class SimpleNet:
    """One matrix in an attribute, loss(x, t) and gradient(x, t) returning the bare array."""

    def __init__(self):
        self.W = numbers(3, 3)

    def predict(self, x):
        return x @ self.W

    def loss(self, x, t):
        return cross_entropy_error(softmax(self.predict(x)), t)

    def gradient(self, x, t):
        return x.T @ (softmax(self.predict(x)) - t) / len(x)


class SimpleNetTurned(SimpleNet):
    def gradient(self, x, t):
        return x.T @ (t - softmax(self.predict(x))) / len(x)


class Regression(TwoLayerNet):
    def predict(self, x):
        return sigmoid(x @ self.params["W1"] + self.params["b1"]) @ self.params["W2"] + self.params["b2"]

    def loss(self, x, t):
        return 0.5 * np.sum((self.predict(x) - t) ** 2) / len(x)

    def gradient(self, x, t):
        z1 = sigmoid(x @ self.params["W1"] + self.params["b1"])
        dy = (self.predict(x) - t) / len(x)
        da = dy @ self.params["W2"].T * z1 * (1 - z1)
        return {"W1": x.T @ da, "b1": da.sum(0), "W2": z1.T @ dy, "b2": dy.sum(0)}


class RegressionCrossed(Regression):
    def gradient(self, x, t):
        grads = super().gradient(x, t)
        return grads | {"b1": grads["b1"][::-1]}


def net(kind, t):
    return lambda seed: symnn.verify(kind(), X, t, seed=seed)


CASES = [
    right("two layers, one-hot", net(TwoLayerNet, HOT), arrays=4),
    right("two layers, one-hot as integers", net(TwoLayerNet, HOT.astype(int)), arrays=4),
    wrong("two layers, the slope of sums", net(TwoLayerNetOfSums, HOT)),
    Case("log(y + 1e-7)", net(GuardedNet, HOT), "equal up to the guard", "1e-0?7"),
    wrong("log(y + 1e-7), not averaged", net(GuardedNetUnaveraged, HOT)),
    right("layers in a dict, one-hot", net(LayeredNet, HOT), arrays=4),
    right("layers in a dict, class numbers", net(LayeredNet, LABELS), arrays=4),
    wrong("layers in a dict, decay forgotten", net(UndecayedNet, LABELS)),
    # Nothing depends on the bias before the normalisation.
    right("batch norm", net(BatchNormNet, HOT), arrays=5),
    wrong("batch norm, the mean", net(BatchNormNetWrong, HOT)),
    right("dropout", net(DropoutNet, HOT), arrays=4),
    wrong("dropout, scaled in one pass", net(DropoutNetWrong, HOT)),
    right("one matrix", net(SimpleNet, HOT)),
    wrong("one matrix, turned", net(SimpleNetTurned, HOT)),
    right("regression", net(Regression, REAL), arrays=4),
    wrong("regression, a bias reversed", net(RegressionCrossed, REAL)),
]
