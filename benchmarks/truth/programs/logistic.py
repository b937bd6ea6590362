"""Logistic regression with a penalty on the weights."""

import numpy as np

reg = 0.1


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def loss(params, X, y):
    w, b = params["w"], params["b"]
    p = sigmoid(X @ w + b)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)) + reg / 2 * np.sum(w**2)


def grad(params, X, y):
    w, b = params["w"], params["b"]
    m = len(y)
    p = sigmoid(X @ w + b)
    error = p - y
    dw = X.T @ error / m + reg * w
    db = np.array([np.sum(error) / m])
    return {"w": dw, "b": db}


def example():
    r = np.random.default_rng(1)
    return {"w": r.normal(size=4), "b": r.normal(size=1)}, r.normal(size=(6, 4)), np.array([0.0, 1, 1, 0, 1, 0])
