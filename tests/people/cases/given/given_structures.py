"""Parameters as people bundle them: namedtuples, dataclasses, frozen, nested, lists of pairs."""

from __future__ import annotations

from collections import OrderedDict, namedtuple
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import symnn
from tests.people.case import numbers, right, wrong

X, Y = numbers(5, 3), numbers(5, 2)
W, B = numbers(3, 2), numbers(2)

Pair = namedtuple("Pair", "W b")


class Typed(NamedTuple):
    W: Any
    b: Any


@dataclass
class Plain:
    W: Any
    b: Any


@dataclass(frozen=True)
class Frozen:
    W: Any
    b: Any


@dataclass
class Deep:
    layers: list[Plain]
    scale: Any = 1.5
    name: str = "deep"
    tags: tuple = field(default_factory=tuple)


def loss_of(p):
    return np.sum((X @ p.W + p.b - Y) ** 2)


def gradients(p):
    e = 2 * (X @ p.W + p.b - Y)
    return X.T @ e, e.sum(axis=0)


def in_kind(kind, factor=1):
    def grad(p):
        dW, db = gradients(p)
        return kind(W=dW, b=factor * db)

    return grad


def by_replace(p):
    dW, db = gradients(p)
    return replace(p, W=dW, b=db)


def nested_loss(p):
    first, last = p
    return np.sum((np.tanh(X @ first.W + first.b) @ last["V"]) ** 2)


def nested_grad(p):
    first, last = p
    h = np.tanh(X @ first.W + first.b)
    d = 2 * h @ last["V"]
    dh = d @ last["V"].T * (1 - h**2)
    return Pair(X.T @ dh, dh.sum(0)), {"V": h.T @ d}


def nested_grad_slope(p):
    first, last = p
    h = np.tanh(X @ first.W + first.b)
    d = 2 * h @ last["V"]
    dh = d @ last["V"].T * (1 - h)
    return Pair(X.T @ dh, dh.sum(0)), {"V": h.T @ d}


def deep_loss(p):
    a = X
    for layer in p.layers:
        a = np.tanh(a @ layer.W + layer.b)
    return p.scale * np.sum(a)


def deep_grad(p, slip=1):
    acts = [X]
    for layer in p.layers:
        acts.append(np.tanh(acts[-1] @ layer.W + layer.b))
    d, found = p.scale * np.ones_like(acts[-1]), []
    for layer, a, below in zip(p.layers[::-1], acts[:0:-1], acts[-2::-1], strict=True):
        d = d * (1 - a**2)
        found.insert(0, Plain(below.T @ d, slip * d.sum(axis=0)))
        d = d @ layer.W.T
    return Deep(found, np.sum(acts[-1]))


def pairs_loss(p):
    a = X
    for weight, bias in p:
        a = np.tanh(a @ weight + bias)
    return np.sum(a)


def pairs_grad(p, slip=1):
    found = deep_grad(Deep([Plain(*pair) for pair in p], 1.0), slip)
    return [(one.W, one.b) for one in found.layers]


LAYERS = [(numbers(3, 4), numbers(4)), (numbers(4, 2), numbers(2))]


def dict_loss(p):
    return np.sum((X @ p["W"] + p["b"] - Y) ** 2)


def dict_grad(p):
    e = 2 * (X @ p["W"] + p["b"] - Y)
    return OrderedDict(b=e.sum(axis=0), W=X.T @ e)


def dict_grad_crossed(p):
    e = 2 * (X @ p["W"] + p["b"] - Y)
    return OrderedDict(b=e.mean(axis=0), W=X.T @ e)


CASES = [
    right("a namedtuple", lambda s: symnn.verify(loss_of, in_kind(Pair), Pair(W, B), seed=s), arrays=2),
    wrong("a namedtuple, sign", lambda s: symnn.verify(loss_of, in_kind(Pair, -1), Pair(W, B), seed=s)),
    right("a typed one", lambda s: symnn.verify(loss_of, in_kind(Typed), Typed(W, B), seed=s), arrays=2),
    right("a namedtuple, a tuple back", lambda s: symnn.verify(loss_of, gradients, Pair(W, B), seed=s), arrays=2),
    right("a dataclass", lambda s: symnn.verify(loss_of, in_kind(Plain), Plain(W, B), seed=s), arrays=2),
    wrong("a dataclass, twice", lambda s: symnn.verify(loss_of, in_kind(Plain, 2), Plain(W, B), seed=s)),
    right("a dataclass, a dict back", lambda s: symnn.verify(loss_of, in_kind(dict), Plain(W, B), seed=s), arrays=2),
    right("a frozen one", lambda s: symnn.verify(loss_of, in_kind(Frozen), Frozen(W, B), seed=s), arrays=2),
    right("a frozen one, replaced", lambda s: symnn.verify(loss_of, by_replace, Frozen(W, B), seed=s), arrays=2),
    right(
        "a bare namespace",
        lambda s: symnn.verify(loss_of, in_kind(SimpleNamespace), SimpleNamespace(W=W, b=B), seed=s),
        arrays=2,
    ),
    right(
        "nested", lambda s: symnn.verify(nested_loss, nested_grad, (Pair(W, B), {"V": numbers(2, 1)}), seed=s), arrays=3
    ),
    wrong(
        "nested, slope",
        lambda s: symnn.verify(nested_loss, nested_grad_slope, (Pair(W, B), {"V": numbers(2, 1)}), seed=s),
    ),
    right(
        "a deep one", lambda s: symnn.verify(deep_loss, deep_grad, Deep([Plain(*p) for p in LAYERS]), seed=s), arrays=5
    ),
    wrong(
        "a deep one, a factor",
        lambda s: symnn.verify(deep_loss, lambda p: deep_grad(p, 3), Deep([Plain(*p) for p in LAYERS]), seed=s),
    ),
    right("a list of pairs", lambda s: symnn.verify(pairs_loss, pairs_grad, LAYERS, seed=s), arrays=4),
    wrong("a list of pairs, sign", lambda s: symnn.verify(pairs_loss, lambda p: pairs_grad(p, -1), LAYERS, seed=s)),
    right("a dict in another order", lambda s: symnn.verify(dict_loss, dict_grad, {"W": W, "b": B}, seed=s), arrays=2),
    wrong("a dict, mean for sum", lambda s: symnn.verify(dict_loss, dict_grad_crossed, {"W": W, "b": B}, seed=s)),
]
