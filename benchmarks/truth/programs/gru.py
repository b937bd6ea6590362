"""A GRU over one sequence with a readout of the last state; every gate has its own matrices."""
import numpy as np


def sigmoid(a):
    return 1.0 / (1.0 + np.exp(-a))


def sigmoid_grad(s):
    return s * (1.0 - s)


def tanh_grad(t):
    return 1.0 - t ** 2


def forward(p, xs):
    h = np.zeros(p["Uz"].shape[0])
    steps = []
    for x in xs:
        z = sigmoid(p["Wz"] @ x + p["Uz"] @ h + p["bz"])
        r = sigmoid(p["Wr"] @ x + p["Ur"] @ h + p["br"])
        n = np.tanh(p["Wn"] @ x + p["Un"] @ (r * h) + p["bn"])
        new = (1 - z) * n + z * h
        steps.append((x, h, z, r, n))
        h = new
    return h, steps


def loss(p, xs, target):
    h, _ = forward(p, xs)
    return np.sum((p["V"] @ h - target) ** 2)


def grad(p, xs, target):
    h, steps = forward(p, xs)
    g = {k: np.zeros_like(v) for k, v in p.items()}
    dy = 2 * (p["V"] @ h - target)
    g["V"] += np.outer(dy, h)
    dh = p["V"].T @ dy
    for x, h_prev, z, r, n in steps[::-1]:
        dh_prev = dh.copy()
        dh_prev *= z
        dz = dh * (h_prev - n)
        dn = dh * (1 - z)

        dan = dn * tanh_grad(n)
        g["Wn"] += np.outer(dan, x)
        g["Un"] += np.outer(dan, r * h_prev)
        g["bn"] += dan
        drh = p["Un"].T @ dan
        dr = drh * h_prev
        dh_prev += drh * r

        daz = dz * sigmoid_grad(z)
        g["Wz"] += np.outer(daz, x)
        g["Uz"] += np.outer(daz, h_prev)
        g["bz"] += daz
        dh_prev += p["Uz"].T @ daz

        dar = dr * sigmoid_grad(r)
        g["Wr"] += np.outer(dar, x)
        g["Ur"] += np.outer(dar, h_prev)
        g["br"] += dar
        dh_prev += p["Ur"].T @ dar
        dh = dh_prev
    return g


def example():
    rng = np.random.default_rng(23)
    p = {"V": rng.normal(size=(2, 3))}
    for gate in "zrn":
        p["W" + gate] = rng.normal(size=(3, 2))
        p["U" + gate] = rng.normal(size=(3, 3))
        p["b" + gate] = rng.normal(size=3)
    return p, rng.normal(size=(4, 2)), rng.normal(size=2)
