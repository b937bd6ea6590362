"""One hidden layer of sigmoids with half the mean squared error; features come first, the cache is a dict."""
import numpy as np


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


def forward_propagation(X, parameters):
    W1 = parameters["W1"]
    b1 = parameters["b1"]
    W2 = parameters["W2"]
    b2 = parameters["b2"]
    Z1 = np.dot(W1, X) + b1
    A1 = sigmoid(Z1)
    Z2 = np.dot(W2, A1) + b2
    A2 = sigmoid(Z2)
    cache = {"Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2}
    return A2, cache


def backward_propagation(parameters, cache, X, Y):
    m = X.shape[1]
    W2 = parameters["W2"]
    A1 = cache["A1"]
    A2 = cache["A2"]

    dA2 = A2 - Y
    dZ2 = dA2 * A2 * (1 - A2)
    dW2 = (1 / m) * np.dot(dZ2, A1.T)
    db2 = (1 / m) * np.sum(dZ2, axis=1, keepdims=True)
    dA1 = np.dot(W2.T, dZ2)
    dZ1 = dA1 * A1 * (1 - A1)
    dW1 = (1 / m) * np.dot(dZ1, X.T)
    db1 = (1 / m) * np.sum(dZ1, axis=1, keepdims=True)

    grads = {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2}
    return grads


def loss(parameters, X, Y):
    m = X.shape[1]
    A2, cache = forward_propagation(X, parameters)
    return np.sum((A2 - Y) ** 2) / (2 * m)


def grad(parameters, X, Y):
    A2, cache = forward_propagation(X, parameters)
    return backward_propagation(parameters, cache, X, Y)


def example():
    rng = np.random.default_rng(13)
    parameters = {"W1": rng.normal(size=(4, 3)), "b1": rng.normal(size=(4, 1)),
                  "W2": rng.normal(size=(2, 4)), "b2": rng.normal(size=(2, 1))}
    return parameters, rng.normal(size=(3, 5)), rng.random(size=(2, 5))
