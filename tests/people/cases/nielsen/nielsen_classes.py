"""Networks with lists of weights and biases: backprop(x, y) -> (nabla_b, nabla_w), feedforward, a cost as an object."""

import numpy as np
import symnn
from symnn import Dense, Network
from tests.people.case import numbers, right, wrong

SIZES = (3, 4, 2)
x, y = numbers(3, 1), np.array([[1.0], [0.0]])


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def sigmoid_prime(z):
    return sigmoid(z) * (1 - sigmoid(z))


class QuadraticCost:
    @staticmethod
    def fn(a, y):
        return 0.5 * np.linalg.norm(a - y) ** 2

    @staticmethod
    def delta(z, a, y):
        return (a - y) * sigmoid_prime(z)


class CrossEntropyCost:
    @staticmethod
    def fn(a, y):
        return np.sum(np.nan_to_num(-y * np.log(a) - (1 - y) * np.log(1 - a)))

    @staticmethod
    def delta(z, a, y):
        return a - y


class CrossEntropyWithQuadraticDelta(CrossEntropyCost):
    delta = staticmethod(QuadraticCost.delta)


class Net:
    """No method for the cost: it is half of the squared distance."""

    def __init__(self, sizes=SIZES):
        self.num_layers, self.sizes = len(sizes), sizes
        self.biases = [numbers(m, 1) for m in sizes[1:]]
        self.weights = [numbers(m, n) / np.sqrt(n) for n, m in zip(sizes[:-1], sizes[1:], strict=True)]

    def feedforward(self, a):
        for b, w in zip(self.biases, self.weights, strict=True):
            a = sigmoid(np.dot(w, a) + b)
        return a

    def cost_derivative(self, output_activations, y):
        return output_activations - y

    def backprop(self, x, y):
        nabla_b = [np.zeros(b.shape) for b in self.biases]
        nabla_w = [np.zeros(w.shape) for w in self.weights]
        activation, activations, zs = x, [x], []
        for b, w in zip(self.biases, self.weights, strict=True):
            z = np.dot(w, activation) + b
            zs.append(z)
            activation = sigmoid(z)
            activations.append(activation)
        delta = self.cost_derivative(activations[-1], y) * sigmoid_prime(zs[-1])
        nabla_b[-1], nabla_w[-1] = delta, np.dot(delta, activations[-2].transpose())
        for k in range(2, self.num_layers):
            delta = np.dot(self.weights[-k + 1].transpose(), delta) * self.prime(zs[-k], activations[-k])
            nabla_b[-k], nabla_w[-k] = delta, np.dot(delta, activations[-k - 1].transpose())
        return nabla_b, nabla_w

    def prime(self, z, a):
        return sigmoid_prime(z)


class NetPrimeOfActivation(Net):
    def prime(self, z, a):
        return sigmoid_prime(a)


class NetSign(Net):
    def cost_derivative(self, output_activations, y):
        return y - output_activations


class CostNet(Net):
    """The second version: self.cost is a class with fn and delta."""

    def __init__(self, cost=CrossEntropyCost):
        super().__init__()
        self.cost = cost

    def backprop(self, x, y):
        activations, zs = [x], []
        for b, w in zip(self.biases, self.weights, strict=True):
            zs.append(w @ activations[-1] + b)
            activations.append(sigmoid(zs[-1]))
        delta = self.cost.delta(zs[-1], activations[-1], y)
        nabla_b, nabla_w = [delta], [delta @ activations[-2].T]
        for k in range(2, self.num_layers):
            delta = self.weights[-k + 1].T @ delta * sigmoid_prime(zs[-k])
            nabla_b.insert(0, delta)
            nabla_w.insert(0, delta @ activations[-k - 1].T)
        return nabla_b, nabla_w


class BatchNet(Net):
    """Batches are lists of pairs (x, y): total_cost and gradient add up over them."""

    def total_cost(self, batch):
        return sum(0.5 * np.sum((self.feedforward(x) - y) ** 2) for x, y in batch) / len(batch)

    def total_gradient(self, batch):
        nabla_b = [np.zeros_like(b) for b in self.biases]
        nabla_w = [np.zeros_like(w) for w in self.weights]
        for x, y in batch:
            delta_b, delta_w = self.backprop(x, y)
            nabla_b = [nb + db / self.count(batch) for nb, db in zip(nabla_b, delta_b, strict=True)]
            nabla_w = [nw + dw / self.count(batch) for nw, dw in zip(nabla_w, delta_w, strict=True)]
        return nabla_b, nabla_w

    def count(self, batch):
        return len(batch)


class BatchNetSummed(BatchNet):
    def count(self, batch):
        return 1


class WeightsFirst(Net):
    """Here the gradients come the other way round: (nabla_w, nabla_b)."""

    def backprop(self, x, y):
        return super().backprop(x, y)[::-1]


class WeightsFirstMean(WeightsFirst):
    def backprop(self, x, y):
        nabla_w, nabla_b = super().backprop(x, y)
        return nabla_w, [b.mean() * np.ones_like(b) for b in nabla_b]


BATCH = [(numbers(3, 1, seed=k), numbers(2, 1, seed=k)) for k in range(3)]
NETWORK = Network(
    inputs=3,
    layers=[Dense(4, "sigmoid"), Dense(2, "sigmoid")],
    loss="half-squared-error",
    reduction="sum",
    layout="features-first",
)

CASES = [
    right("the cost is not written down", lambda seed: symnn.verify(Net(), x, y, seed=seed), arrays=4),
    wrong("the slope of activations", lambda seed: symnn.verify(NetPrimeOfActivation(), x, y, seed=seed)),
    wrong("the cost's derivative turned", lambda seed: symnn.verify(NetSign(), x, y, seed=seed)),
    right("deeper", lambda seed: symnn.verify(Net((3, 4, 3, 2)), x, y, seed=seed), arrays=6),
    right("with its network", lambda seed: symnn.verify(Net(), x, y, network=NETWORK, seed=seed), arrays=4),
    wrong("with its network, sign", lambda seed: symnn.verify(NetSign(), x, y, network=NETWORK, seed=seed)),
    right("cross-entropy as a class", lambda seed: symnn.verify(CostNet(), x, y, seed=seed), arrays=4),
    right("quadratic as a class", lambda seed: symnn.verify(CostNet(QuadraticCost), x, y, seed=seed), arrays=4),
    wrong("mixed", lambda seed: symnn.verify(CostNet(CrossEntropyWithQuadraticDelta), x, y, seed=seed)),
    right("batches of pairs", lambda seed: symnn.verify(BatchNet(), BATCH, seed=seed), arrays=4),
    wrong("batches of pairs, not averaged", lambda seed: symnn.verify(BatchNetSummed(), BATCH, seed=seed)),
    right("weights first", lambda seed: symnn.verify(WeightsFirst(), x, y, seed=seed), arrays=4),
    wrong("weights first, the mean of biases", lambda seed: symnn.verify(WeightsFirstMean(), x, y, seed=seed)),
]
