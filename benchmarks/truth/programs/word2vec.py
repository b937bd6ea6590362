"""Skip-gram with negative samples: embeddings by index, of which some occur twice."""

import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def loss(p, center, outside, negatives):
    v = p["V"][center]
    total = 0.0
    for k in range(len(center)):
        total = total - np.log(sigmoid(p["U"][outside[k]] @ v[k]))
        total = total - np.sum(np.log(sigmoid(-p["U"][negatives[k]] @ v[k])))
    return total / len(center)


def grad(p, center, outside, negatives):
    V, U = p["V"], p["U"]
    dV, dU = np.zeros_like(V), np.zeros_like(U)
    n = len(center)
    for k in range(n):
        v = V[center[k]]
        u = U[outside[k]]
        score = sigmoid(u @ v) - 1
        dv = score * u
        dU[outside[k]] += score * v
        others = U[negatives[k]]
        scores = sigmoid(others @ v)
        dv = dv + scores @ others
        np.add.at(dU, negatives[k], np.outer(scores, v))
        dV[center[k]] += dv
    return {"V": dV / n, "U": dU / n}


def example():
    r = np.random.default_rng(13)
    p = {"V": r.normal(size=(6, 3)), "U": r.normal(size=(6, 3))}
    return p, np.array([0, 2, 2, 5]), np.array([1, 3, 4, 0]), np.array([[4, 5, 4], [1, 1, 0], [5, 0, 2], [3, 3, 2]])
