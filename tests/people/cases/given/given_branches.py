"""Branches that a random point may never take: overlapping maxima, dropout of a few entries, margins."""

import numpy as np
import symnn
from tests.people.case import Case, numbers, one_hot, right

X, LABELS = numbers(4, 3, seed=20), np.array([0.0, 1.0, 1.0, 0.0])
MAPS = {"A": numbers(3, 7, seed=20), "v": numbers(3, seed=20)}


def never(name, call):
    return Case(name, call, "not equal")


def limited(name, call):
    return Case(name, call, "limited", r"given_branches\.py:\d+")


def pooled(img, size, stride):
    n = (img.shape[1] - size) // stride + 1
    return np.stack([img[:, j * stride : j * stride + size].max(axis=1) for j in range(n)], axis=1)


def pool_loss(p, x, y, size, stride):
    prob = 1 / (1 + np.exp(-(pooled(x @ p["A"], size, stride) @ p["v"])))
    return -np.mean(y * np.log(prob) + (1 - y) * np.log(1 - prob))


def pool_grad(p, x, y, size, stride, add=True):
    img = x @ p["A"]
    out = pooled(img, size, stride)
    ds = (1 / (1 + np.exp(-(out @ p["v"]))) - y) / len(y)
    dout, dimg = np.outer(ds, p["v"]), np.zeros_like(img)
    for i in range(len(img)):
        for j in range(out.shape[1]):
            k = j * stride + np.argmax(img[i, j * stride : j * stride + size])
            dimg[i, k] = dout[i, j] + (dimg[i, k] if add else 0)
    return {"A": x.T @ dimg, "v": out.T @ ds}


def pool_grad_overwritten(p, x, y, size, stride):
    return pool_grad(p, x, y, size, stride, add=False)


class Dropout:
    """Inverted dropout whose mask is drawn from a seed of its own: few entries are off."""

    def __init__(self, p=0.15):
        self.p = p

    def forward(self, x):
        self.mask = (np.random.default_rng(4).random(x.shape) > self.p) / (1 - self.p)
        return x * self.mask

    def backward(self, d):
        return d * self.mask


class DropoutUnmasked(Dropout):
    def backward(self, d):
        return d / (1 - self.p)


def dropped(w, x, keep):
    return np.sum((x * keep) @ w) ** 2 / 2


def dropped_grad(w, x, keep):
    return np.sum((x * keep) @ w) * (x * keep).sum(axis=0)


def dropped_grad_unmasked(w, x, keep):
    return np.sum((x * keep) @ w) * x.sum(axis=0)


def hinge(W, X, Y):
    S = X @ W
    margins = np.maximum(0, S - np.sum(S * Y, axis=1, keepdims=True) + 1) * (1 - Y)
    return margins.sum() / len(X)


def hinge_grad(W, X, Y):
    S = X @ W
    on = ((S - np.sum(S * Y, axis=1, keepdims=True) + 1) > 0) * (1 - Y)
    return X.T @ (on - Y * on.sum(axis=1, keepdims=True)) / len(X)


def hinge_grad_unmasked(W, X, Y):
    on = 1 - Y
    return X.T @ (on - Y * on.sum(axis=1, keepdims=True)) / len(X)


def capped(w, x):
    return np.sum(np.minimum(np.maximum(x @ w, 0), 6) ** 2)


def capped_grad(w, x):
    z = x @ w
    return x.T @ (2 * z * ((z > 0) & (z < 6)))


def capped_grad_open(w, x):
    z = x @ w
    return x.T @ (2 * z * (z > 0))


def far_branch(w):
    """Quadratic, but linear beyond 50: no point near the given one comes there."""
    return np.sum(np.where(np.abs(w) < 50, w**2 / 2, 50 * np.abs(w) - 1250))


def far_branch_grad(w):
    return np.clip(w, -50, 50)


def early_exit(w, x):
    """Gradients larger than a threshold are scaled in grad only."""
    g = 2 * x.T @ (x @ w)
    norm = np.linalg.norm(g)
    return g / norm if norm > 1e3 else g


GOOD, NEAR, KEEP = one_hot([0, 2, 1, 1], 3), -0.1 * numbers(3), np.ones((4, 3))
KEEP[1, 2] = KEEP[3, 0] = 0

CASES = [
    right("overlapping maxima", lambda seed: symnn.verify(pool_loss, pool_grad, MAPS, X, LABELS, 3, 2, seed=seed)),
    never(
        "overlapping maxima, = for +=",
        lambda s: symnn.verify(pool_loss, pool_grad_overwritten, MAPS, X, LABELS, 3, 2, seed=s),
    ),
    right("dropout of a few", lambda seed: symnn.verify(Dropout(), numbers(4, 5), seed=seed)),
    never("dropout of a few, no mask", lambda seed: symnn.verify(DropoutUnmasked(), numbers(4, 5), seed=seed)),
    right("a mask as data", lambda seed: symnn.verify(dropped, dropped_grad, numbers(3), X, KEEP, seed=seed)),
    never(
        "a mask as data, not used", lambda s: symnn.verify(dropped, dropped_grad_unmasked, numbers(3), X, KEEP, seed=s)
    ),
    right("margins", lambda seed: symnn.verify(hinge, hinge_grad, 0.01 * numbers(3, 3), X, GOOD, seed=seed)),
    right("margins of larger weights", lambda seed: symnn.verify(hinge, hinge_grad, numbers(3, 3), X, GOOD, seed=seed)),
    never(
        "margins all on, larger weights",
        lambda s: symnn.verify(hinge, hinge_grad_unmasked, numbers(3, 3), X, GOOD, seed=s),
    ),
    limited(
        "margins all on", lambda s: symnn.verify(hinge, hinge_grad_unmasked, 0.01 * numbers(3, 3), X, GOOD, seed=s)
    ),
    right("capped at 6", lambda seed: symnn.verify(capped, capped_grad, NEAR, X, seed=seed)),
    right("capped at 6, larger data", lambda s: symnn.verify(capped, capped_grad, numbers(3), -6 * X, seed=s)),
    never(
        "capped at 6, larger data, no cap", lambda s: symnn.verify(capped, capped_grad_open, numbers(3), -6 * X, seed=s)
    ),
    limited("capped at 6, the cap forgotten", lambda s: symnn.verify(capped, capped_grad_open, NEAR, X, seed=s)),
    right("linear far away", lambda seed: symnn.verify(far_branch, far_branch_grad, numbers(4), seed=seed)),
    limited("linear far away, forgotten", lambda seed: symnn.verify(far_branch, lambda w: w, numbers(4), seed=seed)),
    limited(
        "scaled far away in the gradient only",
        lambda s: symnn.verify(lambda w, x: np.sum((x @ w) ** 2), early_exit, numbers(3), X, seed=s),
    ),
]
