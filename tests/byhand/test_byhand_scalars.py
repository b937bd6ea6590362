"""The hand-written code runs on objects that offer nothing but arithmetic, order and exp tanh log."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import total_ordering

import numpy as np
import pytest

from symnn import byhand
from symnn.byhand import REDUCTIONS, Dense, HalfSquaredError, Network, ReLU, Sigmoid, SoftmaxCCE, Tanh


@total_ordering
class Bare:
    """A scalar with as little as any number system has; floats are refused, for they would be inexact."""

    def __init__(self, value):
        self.value = value

    @staticmethod
    def _value_of(other):
        if isinstance(other, Bare):
            return other.value
        if type(other) is int:
            return other
        raise TypeError(f"{other!r} is not exact")

    def __add__(self, other):
        return Bare(self.value + self._value_of(other))

    def __sub__(self, other):
        return Bare(self.value - self._value_of(other))

    def __rsub__(self, other):
        return Bare(self._value_of(other) - self.value)

    def __mul__(self, other):
        return Bare(self.value * self._value_of(other))

    def __truediv__(self, other):
        return Bare(self.value / self._value_of(other))

    def __rtruediv__(self, other):
        return Bare(self._value_of(other) / self.value)

    def __neg__(self):
        return Bare(-self.value)

    def __eq__(self, other):
        return self.value == self._value_of(other)

    def __lt__(self, other):
        return self.value < self._value_of(other)

    __hash__ = None
    __radd__ = __add__
    __rmul__ = __mul__

    def exp(self):
        return Bare(math.exp(self.value))

    def tanh(self):
        return Bare(math.tanh(self.value))

    def log(self):
        return Bare(math.log(self.value))


def bare(values):
    return np.vectorize(Bare, otypes=[object])(values)


def floats(values):
    # Reading .value fails on any entry that stopped being a Bare on the way.
    return np.vectorize(lambda entry: entry.value, otypes=[float])(values)


RNG = np.random.default_rng(7)
INPUTS = RNG.normal(size=(3, 4))
W1, B1, W2 = RNG.normal(size=(5, 3)), RNG.normal(size=(5, 1)), RNG.normal(size=(2, 5))
TARGETS = np.eye(2)[:, [0, 1, 1, 0]]

NETWORKS = {
    f"{hidden}-{last}-{loss}-{reduction}": (hidden, last, loss, reduction)
    for hidden in ("Linear", "ReLU", "Sigmoid", "Softmax", "Tanh")
    for last, loss in (
        ("Linear", "SquaredError"),
        ("ReLU", "HalfSquaredError"),
        ("Sigmoid", "BinaryCrossEntropy"),
        ("Softmax", "CategoricalCrossEntropy"),
        ("ReLU", "SoftmaxCCE"),
    )
    for reduction in REDUCTIONS
}


@pytest.mark.parametrize("network", NETWORKS)
def test_a_network_on_bare_scalars_computes_what_it_computes_on_floats(network):
    hidden, last, loss, reduction = NETWORKS[network]

    def run(entries):
        net = Network(
            [
                Dense(entries(W1), entries(B1)),
                getattr(byhand, hidden)(),
                Dense(entries(W2)),
                getattr(byhand, last)(),
            ],
            getattr(byhand, loss)(reduction),
        )
        outputs = net.forward_pass(entries(INPUTS))
        value = net.loss_of(entries(INPUTS), entries(TARGETS))
        dinputs = net.backward_pass(entries(TARGETS))
        net.update(2)
        return [outputs, np.array(value), dinputs, *net.gradients().values(), *net.parameters().values()]

    for on_bare, on_floats in zip(run(bare), run(np.asarray), strict=True):
        np.testing.assert_allclose(floats(on_bare), on_floats, rtol=1e-12, atol=1e-13)


def test_fractions_stay_fractions_through_a_relu_network():
    def thirds(values):
        return np.vectorize(lambda entry: Fraction(int(entry), 3), otypes=[object])(np.array(values))

    network = Network(
        [Dense(thirds([[1, -2], [2, 4]]), thirds([[1], [-1]])), ReLU(), Dense(thirds([[5, 7]]))],
        HalfSquaredError("mean"),
    )
    inputs, targets = thirds([[3, 1, 1], [6, -2, 1]]), thirds([[1, 1, 1]])
    loss = network.loss_of(inputs, targets)
    gradients = [network.backward_pass(targets), *network.gradients().values()]
    network.update(Fraction(1, 10))
    after = network.loss_of(inputs, targets)
    assert after < loss
    for values in (np.array([loss, after]), *gradients, *network.parameters().values()):
        assert {type(entry) for entry in values.ravel()} == {Fraction}


@pytest.mark.parametrize("layer", [ReLU(), Sigmoid(), Tanh()], ids=lambda layer: type(layer).__name__)
def test_whole_numbers_are_taken_as_they_are(layer):
    np.testing.assert_array_equal(
        layer.forward_pass(np.array([[-1, 0, 2]])), layer.forward_pass(np.array([[-1.0, 0.0, 2.0]]))
    )


def test_softmax_cce_takes_whole_numbers():
    assert SoftmaxCCE().forward_pass(np.array([[0], [0]]), np.array([[1], [0]])) == np.log(2)
