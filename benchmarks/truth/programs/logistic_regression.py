"""Logistic regression with an L2 penalty on the weights; samples come first."""
import numpy as np

lam = 0.1


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def predict(params, X):
    return sigmoid(X @ params["w"] + params["b"])


def loss(params, X, y):
    m = X.shape[0]
    p = predict(params, X)
    cross_entropy = -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p)) / m
    return cross_entropy + lam / (2 * m) * np.sum(params["w"] ** 2)


def grad(params, X, y):
    m = X.shape[0]
    error = predict(params, X) - y
    dw = X.T @ error / m
    dw += lam / m * params["w"]
    db = np.sum(error) / m
    return {"w": dw, "b": db}


def example():
    rng = np.random.default_rng(10)
    params = {"w": rng.normal(size=4), "b": 0.3}
    X = rng.normal(size=(6, 4))
    y = np.array([1.0, 0.0, 0.0, 1.0, 1.0, 0.0])
    return params, X, y
