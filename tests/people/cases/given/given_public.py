"""The mistakes of public issue trackers on other networks than theirs: each gradient right, and with its slip."""

import numpy as np
import symnn
from tests.people.case import numbers, one_hot, right, wrong

X, Y, LABELS = numbers(5, 3), one_hot([0, 1, 2, 1, 0], 3), np.array([0, 1, 2, 1, 0])
NET = {"W1": numbers(3, 4), "b1": numbers(4), "W2": numbers(4, 3), "b2": numbers(3)}


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(p):
    h = np.tanh(X @ p["W1"] + p["b1"])
    return h, h @ p["W2"] + p["b2"]


def cross_entropy(p, decay=0.25):
    _, z = forward(p)
    penalty = decay / 2 * (np.sum(p["W1"] ** 2) + np.sum(p["W2"] ** 2) + np.sum(p["b2"] ** 2))
    return -np.log(softmax(z)[np.arange(5), LABELS]).mean() + penalty


def cross_entropy_grad(p, slip=None, decay=0.25):
    h, z = forward(p)
    d = softmax(z)
    d[np.arange(5), LABELS] -= 1
    d /= 5
    W2 = p["W2"] - 0.5 * h.T @ d if slip == "updated weights" else p["W2"]
    dh = d @ W2.T
    slope = {"unsquared": 1 - h, "wrong layer": 1 - np.tanh(h) ** 2, "dropped upstream": (1 - h**2) / dh}
    d1 = dh * slope.get(slip, 1 - h**2)
    bias = {"mean": d1.mean(axis=0), "times input": (X.T @ d1).sum(axis=0), "four times": 4 * d1.sum(axis=0)}
    half = 0.5 if slip == "half a penalty" else 1
    return {
        "W1": X.T @ d1 + half * decay * p["W1"],
        "b1": bias.get(slip, d1.sum(axis=0)),
        "W2": h.T @ d + decay * p["W2"],
        "b2": d.sum(axis=0) + (0 if slip == "no penalty of the bias" else decay * p["b2"]),
    }


SLIPS = (
    "unsquared",
    "wrong layer",
    "dropped upstream",
    "updated weights",
    "mean",
    "times input",
    "four times",
    "half a penalty",
    "no penalty of the bias",
)


def rated(p):
    return np.sum((np.maximum(forward(p)[1], 0) - Y) ** 2) / 2


def rated_grad(p, masked=True):
    h, z = forward(p)
    d = np.maximum(z, 0) - Y
    d = d * (z > 0) if masked else d
    d1 = d @ p["W2"].T * (1 - h**2)
    return {"W1": X.T @ d1, "b1": d1.sum(axis=0), "W2": h.T @ d, "b2": d.sum(axis=0)}


def ones_column(A):
    return np.column_stack([np.ones(len(A)), A])


def with_ones(theta, lam=0.75):
    p = sigmoid(ones_column(X) @ theta)
    return -np.sum(Y * np.log(p) + (1 - Y) * np.log(1 - p)) / 5 + lam / 10 * np.sum(theta[1:] ** 2)


def with_ones_grad(theta, lam=0.75, first=0.0):
    p = sigmoid(ones_column(X) @ theta)
    kept = np.vstack([np.full((1, theta.shape[1]), first), theta[1:]])
    return ones_column(X).T @ (p - Y) / 5 + lam / 5 * kept


def elu(z, a=0.7):
    return np.where(z > 0, z, a * (np.exp(z) - 1))


def elu_slope(z, a=0.7):
    return np.where(z > 0, 1, elu(z) + a)


def elu_slope_scaled(z, a=0.7):
    return np.where(z > 0, 1, a * (elu(z) + a))


def elu_slope_at_output(z, a=0.7):
    out = elu(z)
    return np.where(out > 0, 1, out + a)


def gru(p, xs):
    h, kept = np.zeros(2), []
    for x in xs:
        u, c = sigmoid(p["A"] @ x + p["B"] @ h), np.tanh(p["C"] @ x + p["D"] @ h)
        kept.append((x, h, u, c))
        h = (1 - u) * h + u * c
    return h, kept


def gru_loss(p, xs):
    return 0.5 * np.sum(gru(p, xs)[0] ** 2)


def gru_grad(p, xs, slip=None):
    d, kept = gru(p, xs)
    g = {k: np.zeros_like(v) for k, v in p.items()}
    for x, h, u, c in reversed(kept):
        du, dc = d * (c - h) * u * (1 - u), d * u * (1 - c**2)
        before = (1 - u) * h + u * c if slip == "same step" else h
        g["A"] += np.outer(du, x)
        g["C"] += np.outer(dc, x)
        g["B"] += np.outer(du, before)
        g["D"] += np.outer(dc, before)
        carried = p["B"].T @ du + p["D"].T @ dc
        d = carried if slip == "carry lost" else carried + d * (1 - u)
    return g


GRU = {"A": numbers(2, 3), "B": numbers(2, 2), "C": numbers(2, 3, seed=1), "D": numbers(2, 2, seed=1)}


def rms_loss(p):
    s = p["x"] + X
    r = np.sqrt(np.mean(s * s, axis=1, keepdims=True) + 1e-6)
    return np.sum((s / r * p["gain"]) ** 3) / 3 + 0.5 * np.sum(s**2)


def rms_grad(p, slip=None):
    s = p["x"] + X
    r = np.sqrt(np.mean(s * s, axis=1, keepdims=True) + 1e-6)
    d = (s / r * p["gain"]) ** 2
    dn = d if slip == "gain" else d * p["gain"]
    dn = dn + s if slip == "residual" else dn
    dx = dn / r - s * np.mean(dn * s, axis=1, keepdims=True) / r**3
    return {"x": dx if slip == "residual" else dx + s, "gain": np.sum(d * s / r, axis=0)}


RMS = {"x": numbers(5, 3, seed=2), "gain": numbers(3)}


def weighted_log_softmax(W):
    z = X @ W
    return -np.sum(np.abs(X) * (z - np.log(np.exp(z).sum(axis=1, keepdims=True))))


def weighted_log_softmax_grad(W, summed=True):
    C = np.abs(X)
    return X.T @ (softmax(X @ W) * (C.sum(axis=1, keepdims=True) if summed else 1) - C)


def focal(w, t):
    p = sigmoid(X @ w)
    return -np.sum(t * (1 - p) ** 2 * np.log(p) + (1 - t) * p**2 * np.log(1 - p))


def focal_grad(w, t, slope=True):
    p = sigmoid(X @ w)
    one = 2 * (1 - p) * np.log(p) - (1 - p) ** 2 / p
    zero = p**2 / (1 - p) - 2 * p * np.log(1 - p)
    return X.T @ ((t * one + (1 - t) * zero) * (p * (1 - p) if slope else 1))


BINARY = np.array([0.0, 1.0, 1.0, 0.0, 1.0])


def batch_norm(x):
    return np.sum(((x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + 1e-3)) ** 3)


def batch_norm_grad(x, extra=True, mean=True):
    c, inv = x - x.mean(axis=0), 1 / np.sqrt(x.var(axis=0) + 1e-3)
    d = 3 * (c * inv) ** 2
    dvar = np.sum(d * c, axis=0) * -0.5 * inv**3
    dmean = np.sum(-d * inv, axis=0) + (dvar * np.mean(-2 * c, axis=0) if extra else 0)
    return d * inv + dvar * 2 * c / len(x) + (dmean / len(x) if mean else 0)


CASES = [
    right("cross-entropy with a penalty", lambda seed: symnn.verify(cross_entropy, cross_entropy_grad, NET, seed=seed)),
    *(
        wrong(
            f"cross-entropy: {slip}",
            lambda seed, slip=slip: symnn.verify(cross_entropy, lambda p: cross_entropy_grad(p, slip), NET, seed=seed),
        )
        for slip in SLIPS
    ),
    wrong(
        "zeros everywhere",
        lambda s: symnn.verify(cross_entropy, lambda p: {k: np.zeros_like(v) for k, v in p.items()}, NET, seed=s),
    ),
    wrong(
        "no penalty of a bias that is zero",
        lambda s: symnn.verify(
            cross_entropy,
            lambda p: cross_entropy_grad(p, "no penalty of the bias"),
            NET | {"b2": np.zeros(3)},
            seed=s,
        ),
    ),
    right("an output that is rectified", lambda seed: symnn.verify(rated, rated_grad, NET, seed=seed)),
    wrong("an output's mask", lambda seed: symnn.verify(rated, lambda p: rated_grad(p, masked=False), NET, seed=seed)),
    right("a column of ones", lambda seed: symnn.verify(with_ones, with_ones_grad, numbers(4, 3), seed=seed)),
    wrong(
        "ones penalised", lambda s: symnn.verify(with_ones, lambda t: with_ones_grad(t, first=1), numbers(4, 3), seed=s)
    ),
    right("elu", lambda seed: symnn.verify(elu, elu_slope, numbers(8), seed=seed)),
    right("elu by its output", lambda seed: symnn.verify(elu, elu_slope_at_output, numbers(8), seed=seed)),
    wrong("elu, scaled twice", lambda seed: symnn.verify(elu, elu_slope_scaled, numbers(8), seed=seed)),
    right("gru", lambda seed: symnn.verify(gru_loss, gru_grad, GRU, numbers(3, 3), seed=seed)),
    wrong(
        "gru, the same step", lambda s: symnn.verify(gru_loss, lambda p, x: gru_grad(p, x, "same step"), GRU, X, seed=s)
    ),
    wrong(
        "gru, carry lost", lambda s: symnn.verify(gru_loss, lambda p, x: gru_grad(p, x, "carry lost"), GRU, X, seed=s)
    ),
    right("rms norm before a residual", lambda seed: symnn.verify(rms_loss, rms_grad, RMS, seed=seed)),
    wrong("rms norm, the gain", lambda seed: symnn.verify(rms_loss, lambda p: rms_grad(p, "gain"), RMS, seed=seed)),
    wrong("rms norm, the residual", lambda s: symnn.verify(rms_loss, lambda p: rms_grad(p, "residual"), RMS, seed=s)),
    right(
        "weighted log-softmax",
        lambda seed: symnn.verify(weighted_log_softmax, weighted_log_softmax_grad, numbers(3, 3), seed=seed),
    ),
    wrong(
        "weighted log-softmax, not summed",
        lambda s: symnn.verify(
            weighted_log_softmax, lambda W: weighted_log_softmax_grad(W, False), numbers(3, 3), seed=s
        ),
    ),
    right("focal", lambda seed: symnn.verify(focal, focal_grad, numbers(3), BINARY, seed=seed)),
    wrong(
        "focal, the slope",
        lambda s: symnn.verify(focal, lambda w, t: focal_grad(w, t, False), numbers(3), BINARY, seed=s),
    ),
    right("batch norm with a term of zero", lambda seed: symnn.verify(batch_norm, batch_norm_grad, X, seed=seed)),
    right(
        "batch norm without it",
        lambda s: symnn.verify(batch_norm, lambda x: batch_norm_grad(x, extra=False), X, seed=s),
    ),
    wrong(
        "batch norm, no mean", lambda s: symnn.verify(batch_norm, lambda x: batch_norm_grad(x, mean=False), X, seed=s)
    ),
    right(
        "zeros at the kink of relu",
        lambda s: symnn.verify(
            lambda x: np.sum(np.maximum(x, 0)), lambda x: 1.0 * (x > 0), np.array([0.0, 0, 1.5]), seed=s
        ),
    ),
    wrong(
        "twice at the kink of relu",
        lambda s: symnn.verify(
            lambda x: np.sum(np.maximum(x, 0)), lambda x: 1.0 + (x > 0), np.array([0.0, 0, 1.5]), seed=s
        ),
    ),
]
