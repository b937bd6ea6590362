"""Sample by sample, lists of weights, a function for the slope of the activation."""

import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def sigmoid_prime(z):
    return sigmoid(z) * (1 - sigmoid(z))


def loss(params, xs, ys):
    weights, biases = params["weights"], params["biases"]
    total = 0.0
    for x, y in zip(xs, ys, strict=True):
        a = x
        for b, w in zip(biases, weights, strict=True):
            a = sigmoid(np.dot(w, a) + b)
        total = total + 0.5 * np.sum((a - y) ** 2)
    return total / len(xs)


def backprop(weights, biases, x, y):
    nabla_w = [np.zeros(w.shape) for w in weights]
    nabla_b = [np.zeros(b.shape) for b in biases]
    activation, activations, zs = x, [x], []
    for b, w in zip(biases, weights, strict=True):
        z = np.dot(w, activation) + b
        zs.append(z)
        activation = sigmoid(z)
        activations.append(activation)
    delta = (activations[-1] - y) * sigmoid_prime(zs[-1])
    nabla_b[-1] = delta
    nabla_w[-1] = np.outer(delta, activations[-2])
    for layer in range(2, len(weights) + 1):
        delta = np.dot(weights[-layer + 1].T, delta) * sigmoid_prime(zs[-layer])
        nabla_b[-layer] = delta
        nabla_w[-layer] = np.outer(delta, activations[-layer - 1])
    return nabla_w, nabla_b


def grad(params, xs, ys):
    weights, biases = params["weights"], params["biases"]
    total_w = [np.zeros(w.shape) for w in weights]
    total_b = [np.zeros(b.shape) for b in biases]
    for x, y in zip(xs, ys, strict=True):
        dw, db = backprop(weights, biases, x, y)
        total_w = [a + b for a, b in zip(total_w, dw, strict=True)]
        total_b = [a + b for a, b in zip(total_b, db, strict=True)]
    return {"weights": [w / len(xs) for w in total_w], "biases": [b / len(xs) for b in total_b]}


def example():
    r = np.random.default_rng(18)
    sizes = [3, 4, 2]
    weights = [r.normal(size=(b, a)) for a, b in zip(sizes, sizes[1:], strict=False)]
    biases = [r.normal(size=b) for b in sizes[1:]]
    return {"weights": weights, "biases": biases}, r.normal(size=(5, 3)), r.random(size=(5, 2))
