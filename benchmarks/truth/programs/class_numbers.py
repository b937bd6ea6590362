"""Softmax over class numbers, one hidden layer of tanh, weight decay."""

import numpy as np

decay = 0.05


def forward(p, x):
    h = np.tanh(x @ p["W1"] + p["b1"])
    scores = h @ p["W2"] + p["b2"]
    scores = scores - scores.max(axis=1, keepdims=True)
    e = np.exp(scores)
    return h, e / e.sum(axis=1, keepdims=True)


def loss(p, x, labels):
    _, probs = forward(p, x)
    data = -np.log(probs[np.arange(len(labels)), labels]).mean()
    return data + 0.5 * decay * (np.sum(p["W1"] ** 2) + np.sum(p["W2"] ** 2))


def grad(p, x, labels):
    n = x.shape[0]
    h, probs = forward(p, x)
    dscores = probs.copy()
    dscores[np.arange(n), labels] -= 1
    dscores /= n
    grads = {}
    grads["W2"] = h.T @ dscores + decay * p["W2"]
    grads["b2"] = np.sum(dscores, axis=0)
    dh = dscores @ p["W2"].T
    dh = dh * (1 - h**2)
    grads["W1"] = x.T @ dh + decay * p["W1"]
    grads["b1"] = np.sum(dh, axis=0)
    return grads


def example():
    r = np.random.default_rng(2)
    p = {"W1": r.normal(size=(3, 5)), "b1": r.normal(size=5), "W2": r.normal(size=(5, 4)), "b2": r.normal(size=4)}
    return p, r.normal(size=(6, 3)), np.array([0, 3, 1, 1, 2, 0])
