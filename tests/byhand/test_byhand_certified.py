"""Every layer and loss written by hand is certified, and one with a planted mistake is not."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

from symnn import byhand
from symnn.byhand.losses import ReducedLoss
from symnn.verification import verify

RNG = np.random.default_rng(0)
INPUTS = RNG.normal(size=(4, 3)) + 0.1
ONE_HOT = np.eye(4)[:, [0, 2, 3]]
SHARES = np.exp(INPUTS) / np.exp(INPUTS).sum(axis=0)
BETWEEN = 1 / (1 + np.exp(-INPUTS))

CLASSES = {name: kind for name, kind in vars(byhand).items() if inspect.isclass(kind) and not inspect.isabstract(kind)}
LAYERS = sorted(
    name
    for name, kind in CLASSES.items()
    if hasattr(kind, "backward_pass") and not issubclass(kind, ReducedLoss) and name not in ("Layer", "Loss", "Network")
)
LOSSES = sorted(name for name, kind in CLASSES.items() if issubclass(kind, ReducedLoss))
# What a layer is made of, and what a loss is taken of, where that is no matter of course.
MADE = {"Dense": (RNG.normal(size=(2, 4)), RNG.normal(size=(2, 1)))}
TAKEN = {
    "BinaryCrossEntropy": (BETWEEN, (INPUTS > 0) * 1.0),
    "CategoricalCrossEntropy": (SHARES, ONE_HOT),
    "SoftmaxCCE": (INPUTS, ONE_HOT),
}


def loss_and_gradient(make, factor=1):
    def loss(outputs, targets):
        return make().forward_pass(outputs, targets)

    def gradient(outputs, targets):
        made = make()
        made.forward_pass(outputs, targets)
        return factor * made.backward_pass(targets)

    return loss, gradient


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_is_certified(name):
    verdict = verify(CLASSES[name](*MADE.get(name, ())), INPUTS)
    assert verdict.verdict == "equal", verdict
    assert verdict.digits >= 80


@pytest.mark.parametrize("reduction", byhand.REDUCTIONS)
@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_is_certified_in_every_reduction(name, reduction):
    outputs, targets = TAKEN.get(name, (INPUTS, BETWEEN))
    verdict = verify(*loss_and_gradient(lambda: CLASSES[name](reduction)), outputs, targets)
    assert verdict.verdict == "equal", verdict
    assert verdict.digits >= 80


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_with_a_factor_too_many_is_not(name):
    outputs, targets = TAKEN.get(name, (INPUTS, BETWEEN))
    assert verify(*loss_and_gradient(CLASSES[name], 2), outputs, targets).verdict == "different"


def test_a_layer_with_the_slope_of_another_is_not():
    class Mistaken(byhand.Tanh):
        def _contract(self, dvalues, inputs, outputs):
            return dvalues * outputs * (1 - outputs)

    assert verify(Mistaken(), INPUTS).verdict == "different"
