"""A leaky ReLU layer with inverted dropout, its mask given with the data, and a logistic output."""
import numpy as np

keep_prob = 0.8
slope = 0.01


def leaky(z):
    return np.where(z > 0, z, slope * z)


def net(p, X, mask):
    Z1 = np.dot(p["W1"], X) + p["b1"]
    A1 = leaky(Z1)
    D1 = A1 * mask / keep_prob
    Z2 = np.dot(p["W2"], D1) + p["b2"]
    A2 = 1 / (1 + np.exp(-Z2))
    return Z1, D1, A2


def loss(p, X, Y, mask):
    A2 = net(p, X, mask)[2]
    return np.mean(-Y * np.log(A2) - (1 - Y) * np.log(1 - A2))


def grad(p, X, Y, mask):
    m = X.shape[1]
    Z1, D1, A2 = net(p, X, mask)
    g = {}
    dZ2 = (A2 - Y) / m
    g["W2"] = np.dot(dZ2, D1.T)
    g["b2"] = np.sum(dZ2, axis=1, keepdims=True)
    dD1 = np.dot(p["W2"].T, dZ2)
    dA1 = dD1 * mask
    dA1 /= keep_prob
    dZ1 = dA1 * np.where(Z1 > 0, 1.0, slope)
    g["W1"] = np.dot(dZ1, X.T)
    g["b1"] = np.sum(dZ1, axis=1, keepdims=True)
    return g


def example():
    rng = np.random.default_rng(31)
    p = {"W1": rng.normal(size=(5, 3)), "b1": rng.normal(size=(5, 1)),
         "W2": rng.normal(size=(1, 5)), "b2": rng.normal(size=(1, 1))}
    mask = (rng.random(size=(5, 4)) < keep_prob).astype(float)
    return p, rng.normal(size=(3, 4)), np.array([[1.0, 0.0, 0.0, 1.0]]), mask
