"""An LSTM over some steps, the loss at the last state."""

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def step_forward(x, h, c, p):
    a = x @ p["Wx"] + h @ p["Wh"] + p["b"]
    ai, af, ao, ag = np.split(a, 4, axis=1)
    i, f, o, g = sigmoid(ai), sigmoid(af), sigmoid(ao), np.tanh(ag)
    c_next = f * c + i * g
    h_next = o * np.tanh(c_next)
    return h_next, c_next, (x, h, c, i, f, o, g, c_next)


def run(p, xs):
    n, H = xs.shape[1], p["Wh"].shape[0]
    h, c, caches = np.zeros((n, H)), np.zeros((n, H)), []
    for x in xs:
        h, c, cache = step_forward(x, h, c, p)
        caches.append(cache)
    return h, caches


def loss(p, xs, t):
    h, _ = run(p, xs)
    return np.sum((h - t) ** 2) / 2


def step_backward(dh, dc, cache, p):
    x, h, c, i, f, o, g, c_next = cache
    tc = np.tanh(c_next)
    do = dh * tc
    dc = dc + dh * o * (1 - tc**2)
    df, di, dg = dc * c, dc * g, dc * i
    da = np.hstack([di * i * (1 - i), df * f * (1 - f), do * o * (1 - o), dg * (1 - g**2)])
    return da @ p["Wh"].T, dc * f, x.T @ da, h.T @ da, da.sum(axis=0)


def grad(p, xs, t):
    h, caches = run(p, xs)
    dh, dc = h - t, np.zeros_like(h)
    grads = {name: np.zeros_like(value) for name, value in p.items()}
    for cache in reversed(caches):
        dh, dc, dWx, dWh, db = step_backward(dh, dc, cache, p)
        grads["Wx"] += dWx
        grads["Wh"] += dWh
        grads["b"] += db
    return grads


def example():
    r = np.random.default_rng(11)
    p = {"Wx": r.normal(size=(3, 8)), "Wh": r.normal(size=(2, 8)), "b": r.normal(size=8)}
    return p, r.normal(size=(3, 4, 3)), r.normal(size=(4, 2))
