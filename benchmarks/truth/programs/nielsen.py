"""A sigmoid network in lists of biases and weights, one sample after the other, quadratic cost."""
import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def sigmoid_prime(z):
    return sigmoid(z) * (1 - sigmoid(z))


def feedforward(params, a):
    biases, weights = params
    for b, w in zip(biases, weights):
        a = sigmoid(np.dot(w, a) + b)
    return a


def loss(params, samples):
    return sum(0.5 * np.linalg.norm(feedforward(params, x) - y) ** 2 for x, y in samples) / len(samples)


def cost_derivative(output_activations, y):
    return output_activations - y


def backprop(params, x, y):
    biases, weights = params
    nabla_b = [np.zeros(b.shape) for b in biases]
    nabla_w = [np.zeros(w.shape) for w in weights]
    activation = x
    activations = [x]
    zs = []
    for b, w in zip(biases, weights):
        z = np.dot(w, activation) + b
        zs.append(z)
        activation = sigmoid(z)
        activations.append(activation)
    delta = cost_derivative(activations[-1], y) * sigmoid_prime(zs[-1])
    nabla_b[-1] = delta
    nabla_w[-1] = np.dot(delta, activations[-2].transpose())
    for l in range(2, len(weights) + 1):
        z = zs[-l]
        sp = sigmoid_prime(z)
        delta = np.dot(weights[-l + 1].transpose(), delta) * sp
        nabla_b[-l] = delta
        nabla_w[-l] = np.dot(delta, activations[-l - 1].transpose())
    return nabla_b, nabla_w


def grad(params, samples):
    biases, weights = params
    nabla_b = [np.zeros(b.shape) for b in biases]
    nabla_w = [np.zeros(w.shape) for w in weights]
    for x, y in samples:
        delta_nabla_b, delta_nabla_w = backprop(params, x, y)
        nabla_b = [nb + dnb for nb, dnb in zip(nabla_b, delta_nabla_b)]
        nabla_w = [nw + dnw for nw, dnw in zip(nabla_w, delta_nabla_w)]
    return [nb / len(samples) for nb in nabla_b], [nw / len(samples) for nw in nabla_w]


def example():
    rng = np.random.default_rng(34)
    sizes = [3, 4, 4, 2]
    biases = [rng.normal(size=(y, 1)) for y in sizes[1:]]
    weights = [rng.normal(size=(y, x)) for x, y in zip(sizes[:-1], sizes[1:])]
    samples = [(rng.normal(size=(3, 1)), rng.random(size=(2, 1))) for _ in range(3)]
    return (biases, weights), samples
