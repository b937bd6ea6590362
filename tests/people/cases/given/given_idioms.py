"""NumPy and math idioms that must run: einsum with lists, fromiter, where=, math.fsum and more."""

import math
from functools import reduce

import numpy as np
import symnn
from tests.people.case import Case, numbers, right, wrong

W, M = np.array([1.0, 2.0]), np.array([[1.0, 2.0], [3.0, 4.0]])


def hollow(w):
    a = w.copy()
    np.fill_diagonal(a, 0)
    return np.sum(a**2)


def hollow_grad(w):
    g = 2 * w
    np.fill_diagonal(g, 0)
    return g


def mask_added_to(w):
    g = 1.0 * (w > 0)
    g[0] = g[0] + 2 * w[0]
    return g


def mask_as_integers(w):
    g = (w > 0).astype(int).astype(float)
    g[w < 0] = 0.1
    return g * 3


def twice(w):
    return 2 * w


def thrice(w):
    return 3 * w


def half_each(name, loss, grad=twice, at=W):
    """The idiom with its gradient, and with one and a half of it."""
    return [
        right(name, lambda seed: symnn.verify(loss, grad, at, seed=seed)),
        wrong(f"{name}, half as much again", lambda seed: symnn.verify(loss, lambda w: 1.5 * grad(w), at, seed=seed)),
    ]


def bent(w):
    return np.sum(np.interp(w, [-1, 0, 2], [3, 1, 5]))


def clipped(w):
    return np.sum(np.clip(w, -3, 3) ** 2)


# Between -1 and 1 like those given; the second is flat from 3 on, the first beyond -1 and 2.
INSIDE = np.array([0.3, -0.7, 0.9, 0.5])

CASES = [
    # Right for numbers as large as those given; with larger ones they would be wrong, and that is told.
    Case("interp", lambda s: symnn.verify(bent, lambda w: np.where(w < 0, -2.0, 2.0), INSIDE, seed=s), "undecided"),
    Case("clip", lambda s: symnn.verify(clipped, twice, INSIDE, seed=s), "undecided"),
    wrong("interp of one slope", lambda s: symnn.verify(bent, lambda w: np.full(4, 2.0), INSIDE, seed=s)),
    wrong("clip thrice", lambda s: symnn.verify(clipped, thrice, INSIDE, seed=s)),
    *half_each("fill_diagonal", hollow, hollow_grad, M),
    *half_each("einsum of lists", lambda w: np.einsum(w, [0], w, [0])),
    *half_each("einsum of lists with an output", lambda w: np.einsum(w, [0, 1], w, [0, 1], []), at=M),
    *half_each("fromiter", lambda w: np.sum(np.fromiter((t * t for t in w), dtype=float))),
    # Right for what is positive, as all that is given is; with another sign it would be wrong, and that is told.
    Case("sum where", lambda s: symnn.verify(lambda w: np.sum(w**2, where=w > 0), twice, W, seed=s), "not different"),
    wrong("sum where, thrice", lambda s: symnn.verify(lambda w: np.sum(w**2, where=w > 0), thrice, W, seed=s)),
    *half_each("mean where", lambda w: 2 * np.mean(w**2, where=[True, True])),
    *half_each("math.pow", lambda w: sum(math.pow(t, 2) for t in w)),
    *half_each("math.fsum", lambda w: math.fsum(w**2)),
    *half_each("math.hypot", lambda w: math.hypot(*w) ** 2),
    *half_each("math.prod", lambda w: math.prod(w) ** 2, lambda w: 2 * w[0] * w[1] * w[::-1]),
    *half_each("math.exp", lambda w: math.exp(w[0]) + math.log(w[1]), lambda w: np.array([math.exp(w[0]), 1 / w[1]])),
    *half_each("math.sqrt", lambda w: math.sqrt(sum(w * w)), lambda w: w / math.sqrt(sum(w * w))),
    *half_each("math.dist", lambda w: math.dist(w, [0.0, 0.0]) ** 2),
    *half_each("math.sumprod or dot", lambda w: float(0) + sum(a * b for a, b in zip(w, w, strict=True))),
    *half_each("a mask that is added to", lambda w: np.sum(np.maximum(w, 0)) + w[0] ** 2, mask_added_to),
    *half_each("a mask as integers", lambda w: np.sum(np.where(w > 0, 3 * w, 0.3 * w)), mask_as_integers, numbers(5)),
    *half_each("vdot and trace", lambda w: np.vdot(w, w) + 0 * np.trace(w), at=M),
    *half_each("linalg.norm squared", lambda w: np.linalg.norm(w, "fro") ** 2, at=M),
    *half_each("multi_dot", lambda w: np.linalg.multi_dot([w, np.eye(2), w]), at=W),
    *half_each("reduce", lambda w: reduce(lambda a, b: a + b * b, w, 0.0)),
    *half_each("apply_along_axis", lambda w: np.sum(np.apply_along_axis(lambda r: r * r, 1, w)), at=M),
    *half_each("vectorize", lambda w: np.sum(np.vectorize(lambda t: t * t)(w)), at=M),
    *half_each("nditer", lambda w: sum(w[i] ** 2 for i in np.ndindex(*w.shape)), at=M),
    *half_each("put_along_axis", lambda w: np.sum(np.take_along_axis(w, np.array([[1, 0], [0, 1]]), 1) ** 2), at=M),
    *half_each("add.reduce and multiply.outer", lambda w: np.add.reduce(np.diag(np.multiply.outer(w, w)))),
    *half_each("polyval", lambda w: np.sum(np.polyval([1.0, 0.0, 0.0], w))),
    *half_each("out=", lambda w: np.sum(np.multiply(w, w, out=np.empty_like(w)))),
    *half_each("ravel, pad, roll", lambda w: np.sum(np.roll(np.pad(w.ravel(), 2), 1) ** 2), at=M),
    *half_each("divide where", lambda w: np.sum(np.divide(w**3, w, out=np.zeros_like(w), where=w != 0))),
    *half_each(
        "heaviside as a mask", lambda w: np.sum(np.maximum(w, 0) ** 2), lambda w: 2 * w * np.heaviside(w, 0), numbers(5)
    ),
    *half_each(
        "select", lambda w: np.sum(np.select([w > 0, w <= 0], [w * w, 0 * w])), lambda w: 2 * w * (w > 0), numbers(5)
    ),
    *half_each(
        "piecewise",
        lambda w: np.sum(np.piecewise(w, [w > 0], [lambda t: t * t, 0])),
        lambda w: 2 * w * (w > 0),
        numbers(5),
    ),
]
