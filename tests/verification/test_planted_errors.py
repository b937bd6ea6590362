"""A relative error from 1e-2 to 1e-60, in one entry or in all, of weights or biases, is found; else all is equal.

The grid has 780 places on small networks and 90 on 784-128-10, a second or three each there. SYMNN_EXPLORE=1 runs them
all; every time a part is run that has every size, every way and every array in it, and two places on the large network.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import pytest

from tests.grids import EVERYTHING, part
from tests.verification.pairs import verify_pair

SIZES = [f"1e-{k}" for k in (2, 4, 8, 12, 16, 20, 30, 40, 50, 60)]
WAYS = ["one entry", "all entries"]
EVERYWHERE = "every array"


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


# name, forward in Z, slope in Z
ACTIVATIONS = {
    "sigmoid": (sigmoid, lambda Z: sigmoid(Z) * (1 - sigmoid(Z))),
    "tanh": (np.tanh, lambda Z: 1 - np.tanh(Z) ** 2),
    "relu": (lambda Z: np.maximum(Z, 0), lambda Z: (Z > 0) * 1),
    "leaky-relu": (lambda Z: np.where(Z > 0, Z, 0.1 * Z), lambda Z: np.where(Z > 0, 1, 0.1)),
    "softplus": (lambda Z: np.log(1 + np.exp(Z)), sigmoid),
    "swish": (lambda Z: Z * sigmoid(Z), lambda Z: sigmoid(Z) * (1 + Z * (1 - sigmoid(Z)))),
}

WIDTHS = (4, 3, 2, 1)


class Small:
    """4-3-2-1: an activation twice, a linear output, half the squared error averaged over 5 samples."""

    def __init__(self, activation):
        self.act, self.slope = ACTIVATIONS[activation]
        rng = np.random.default_rng(1)
        self.params = {}
        for k, (before, width) in enumerate(pairwise(WIDTHS), start=1):
            self.params[f"W{k}"] = rng.normal(size=(width, before))
            # Away from zero, so that no unit of a ReLU is silent for every sample.
            self.params[f"b{k}"] = 0.5 + np.abs(rng.normal(size=(width, 1)))
        self.data = rng.normal(size=(4, 5)), rng.normal(size=(1, 5))

    def forward(self, p, X):
        Z1 = p["W1"] @ X + p["b1"]
        A1 = self.act(Z1)
        Z2 = p["W2"] @ A1 + p["b2"]
        A2 = self.act(Z2)
        return Z1, A1, Z2, A2, p["W3"] @ A2 + p["b3"]

    def loss(self, p, X, Y):
        return np.sum((self.forward(p, X)[-1] - Y) ** 2) / (2 * X.shape[1])

    def grad(self, p, X, Y):
        Z1, A1, Z2, A2, out = self.forward(p, X)
        dZ3 = (out - Y) / X.shape[1]
        dZ2 = p["W3"].T @ dZ3 * self.slope(Z2)
        dZ1 = p["W2"].T @ dZ2 * self.slope(Z1)
        found = {}
        for k, (delta, before) in enumerate([(dZ1, X), (dZ2, A1), (dZ3, A2)], start=1):
            found[f"W{k}"] = delta @ before.T
            found[f"b{k}"] = delta.sum(axis=1, keepdims=True)
        return found


class Large:
    """784-128-10: ReLU, softmax, categorical cross-entropy averaged over 4 samples; 101,770 parameters."""

    def __init__(self):
        rng = np.random.default_rng(2)
        shapes = {"W1": (128, 784), "b1": (128, 1), "W2": (10, 128), "b2": (10, 1)}
        self.params = {name: rng.normal(0, 0.05, shape) for name, shape in shapes.items()}
        self.data = rng.random((784, 4)), np.eye(10)[[3, 7, 0, 3]].T.copy()

    def forward(self, p, X):
        Z1 = p["W1"] @ X + p["b1"]
        A1 = np.maximum(Z1, 0)
        E = np.exp(p["W2"] @ A1 + p["b2"])
        return Z1, A1, E / E.sum(axis=0)

    def loss(self, p, X, Y):
        return -np.sum(Y * np.log(self.forward(p, X)[-1])) / X.shape[1]

    def grad(self, p, X, Y):
        Z1, A1, P = self.forward(p, X)
        dZ2 = (P - Y) / X.shape[1]
        dZ1 = p["W2"].T @ dZ2 * (Z1 > 0)
        return {
            "W1": dZ1 @ X.T,
            "b1": dZ1.sum(axis=1, keepdims=True),
            "W2": dZ2 @ A1.T,
            "b2": dZ2.sum(axis=1, keepdims=True),
        }


NETS = {**{name: Small(name) for name in ACTIVATIONS}, "784-128-10": Large()}


def entry_of(net, name):
    """The entry with the largest gradient: a ReLU may leave others at zero, where a relative error is none."""
    exact = net.grad(net.params, *net.data)[name]
    return tuple(map(int, np.unravel_index(np.argmax(np.abs(exact)), exact.shape)))


def planted(net, name, size, way):
    factor = 1 + Fraction(Decimal(size))
    names = list(net.params) if name == EVERYWHERE else [name]
    entries = {each: entry_of(net, each) if way == "one entry" else ... for each in names}

    def wrong(*given):
        found = net.grad(*given)
        for each in names:
            found[each][entries[each]] = found[each][entries[each]] * factor
        return found

    return names, entries, wrong


def grid(kinds):
    return [
        (kind, name, size, way)
        for kind in kinds
        for name, size, way in product([*NETS[kind].params, EVERYWHERE], SIZES, WAYS)
        if not (name == EVERYWHERE and way == "one entry")
    ]


# A large network takes seconds, and sees a size as a small one does: the least in one entry, and all arrays at once.
LARGE = [("784-128-10", "W1", "1e-60", "one entry"), ("784-128-10", EVERYWHERE, "1e-16", "all entries")]
EVERY_TIME = {"small": part(grid(ACTIVATIONS)), "784-128-10": LARGE}
FULL = grid(NETS)
CASES = FULL if EVERYTHING else [case for cases in EVERY_TIME.values() for case in cases]


def slow_if_large(*case):
    """A case, which takes its time on the large network."""
    return pytest.param(*case, marks=[pytest.mark.time] if case[0] not in ACTIVATIONS else [])


@pytest.mark.parametrize("kind", [slow_if_large(kind) for kind in NETS])
def test_without_a_planted_error_all_is_equal(kind):
    net = NETS[kind]
    verdict = verify_pair(net.loss, net.grad, net.params, *net.data)
    assert verdict.verdict == "equal"
    assert verdict.digits >= 80


@pytest.mark.parametrize(("kind", "name", "size", "way"), [slow_if_large(*case) for case in CASES])
def test_a_planted_error_is_found_where_it_is_and_as_large_as_it_is(kind, name, size, way):
    net = NETS[kind]
    names, entries, wrong = planted(net, name, size, way)
    verdict = verify_pair(net.loss, wrong, net.params, *net.data)
    assert verdict.verdict == "different"
    assert [check.name for check in verdict.checks if check.verdict == "different"] == names
    for each in names:
        check = verdict[each]
        assert way == "all entries" or check.worst == entries[each]
        assert float(check.difference / check.exact) == pytest.approx(float(size), rel=1e-4)


def test_what_is_run_every_time_has_everything_in_it():
    ran, names, sizes, ways = map(set, zip(*EVERY_TIME["small"], strict=True))
    assert ran == set(ACTIVATIONS)
    assert names == {*NETS["relu"].params, EVERYWHERE}
    assert sizes == set(SIZES)
    assert ways == set(WAYS)
    assert {*EVERY_TIME["small"], *LARGE} <= set(FULL)
    assert len(FULL) == 870
