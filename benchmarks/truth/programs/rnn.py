"""A recurrent network over several steps, a loss at every step, backwards through time."""

import numpy as np


def loss(p, x, t):
    h = np.zeros(p["Whh"].shape[0])
    total = 0.0
    for step in range(len(x)):
        h = np.tanh(p["Wxh"] @ x[step] + p["Whh"] @ h + p["bh"])
        y = p["Why"] @ h + p["by"]
        total = total + 0.5 * np.sum((y - t[step]) ** 2)
    return total


def grad(p, x, t):
    hs = {-1: np.zeros(p["Whh"].shape[0])}
    ys = {}
    for step in range(len(x)):
        hs[step] = np.tanh(p["Wxh"] @ x[step] + p["Whh"] @ hs[step - 1] + p["bh"])
        ys[step] = p["Why"] @ hs[step] + p["by"]
    dWxh, dWhh, dWhy = np.zeros_like(p["Wxh"]), np.zeros_like(p["Whh"]), np.zeros_like(p["Why"])
    dbh, dby = np.zeros_like(p["bh"]), np.zeros_like(p["by"])
    dhnext = np.zeros_like(hs[0])
    for step in reversed(range(len(x))):
        dy = ys[step] - t[step]
        dWhy += np.outer(dy, hs[step])
        dby += dy
        dh = p["Why"].T @ dy + dhnext
        dhraw = (1 - hs[step] * hs[step]) * dh
        dbh += dhraw
        dWxh += np.outer(dhraw, x[step])
        dWhh += np.outer(dhraw, hs[step - 1])
        dhnext = p["Whh"].T @ dhraw
    return {"Wxh": dWxh, "Whh": dWhh, "Why": dWhy, "bh": dbh, "by": dby}


def example():
    r = np.random.default_rng(10)
    p = {"Wxh": r.normal(size=(4, 3)), "Whh": r.normal(size=(4, 4)) / 2, "Why": r.normal(size=(2, 4))}
    p |= {"bh": r.normal(size=4), "by": r.normal(size=2)}
    return p, r.normal(size=(5, 3)), r.normal(size=(5, 2))
