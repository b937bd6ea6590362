"""An LSTM over a batch of sequences, squared error at every step, gates in one matrix."""
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def step_forward(x, h_prev, c_prev, W, b):
    n = h_prev.shape[1]
    joined = np.concatenate((x, h_prev), axis=1)
    z = joined @ W + b
    i = sigmoid(z[:, :n])
    f = sigmoid(z[:, n:2 * n])
    o = sigmoid(z[:, 2 * n:3 * n])
    g = np.tanh(z[:, 3 * n:])
    c = f * c_prev + i * g
    h = o * np.tanh(c)
    return h, c, (joined, c_prev, i, f, o, g, c)


def step_backward(dh, dc, cache, W):
    joined, c_prev, i, f, o, g, c = cache
    tanh_c = np.tanh(c)
    do = dh * tanh_c
    dc = dc + dh * o * (1 - tanh_c ** 2)
    di = dc * g
    df = dc * c_prev
    dg = dc * i
    dz = np.hstack((
        di * i * (1 - i),
        df * f * (1 - f),
        do * o * (1 - o),
        dg * (1 - g ** 2),
    ))
    dW = joined.T @ dz
    db = dz.sum(axis=0)
    djoined = dz @ W.T
    n = dh.shape[1]
    return djoined[:, -n:], dc * f, dW, db


def run(params, X):
    N, T, _ = X.shape
    n = params["V"].shape[0]
    h, c = np.zeros((N, n)), np.zeros((N, n))
    hs, caches = [], []
    for t in range(T):
        h, c, cache = step_forward(X[:, t], h, c, params["W"], params["b"])
        hs.append(h)
        caches.append(cache)
    return hs, caches


def loss(params, X, Y):
    hs, _ = run(params, X)
    return sum(0.5 * np.sum((h @ params["V"] - Y[:, t]) ** 2) for t, h in enumerate(hs))


def grad(params, X, Y):
    hs, caches = run(params, X)
    grads = {name: np.zeros_like(value) for name, value in params.items()}
    dh_next = np.zeros_like(hs[0])
    dc_next = np.zeros_like(hs[0])
    for t in range(X.shape[1] - 1, -1, -1):
        dout = hs[t] @ params["V"] - Y[:, t]
        grads["V"] += hs[t].T @ dout
        dh = dout @ params["V"].T + dh_next
        dh_next, dc_next, dW, db = step_backward(dh, dc_next, caches[t], params["W"])
        grads["W"] += dW
        grads["b"] += db
    return grads


def example():
    rng = np.random.default_rng(22)
    params = {"W": rng.normal(size=(5, 12)), "b": rng.normal(size=12), "V": rng.normal(size=(3, 2))}
    return params, rng.normal(size=(2, 4, 2)), rng.normal(size=(2, 4, 2))
