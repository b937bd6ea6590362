"""Features first, caches, two layers of sigmoids, cross-entropy."""

import numpy as np


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


def forward_propagation(X, parameters):
    Z1 = np.dot(parameters["W1"], X) + parameters["b1"]
    A1 = np.tanh(Z1)
    Z2 = np.dot(parameters["W2"], A1) + parameters["b2"]
    A2 = sigmoid(Z2)
    return A2, {"Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2}


def loss(parameters, X, Y):
    A2, _ = forward_propagation(X, parameters)
    m = Y.shape[1]
    logprobs = np.multiply(np.log(A2), Y) + np.multiply(np.log(1 - A2), 1 - Y)
    return -np.sum(logprobs) / m


def grad(parameters, X, Y):
    m = X.shape[1]
    W2 = parameters["W2"]
    _, cache = forward_propagation(X, parameters)
    A1, A2 = cache["A1"], cache["A2"]
    dZ2 = A2 - Y
    dW2 = 1 / m * np.dot(dZ2, A1.T)
    db2 = 1 / m * np.sum(dZ2, axis=1, keepdims=True)
    dZ1 = np.multiply(np.dot(W2.T, dZ2), 1 - np.power(A1, 2))
    dW1 = 1 / m * np.dot(dZ1, X.T)
    db1 = 1 / m * np.sum(dZ1, axis=1, keepdims=True)
    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}


def example():
    r = np.random.default_rng(3)
    p = {"W1": r.normal(size=(4, 2)), "b1": r.normal(size=(4, 1)), "W2": r.normal(size=(1, 4)), "b2": np.ones((1, 1))}
    return p, r.normal(size=(2, 5)), np.array([[1.0, 0, 1, 1, 0]])
