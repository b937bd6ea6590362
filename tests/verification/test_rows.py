"""The kernel of every row of the tables is proved and identical, and a slip in it is neither."""

from __future__ import annotations

import functools

import numpy as np
import pytest

from symnn.derivation import derive
from symnn.network import Dense, Network
from symnn.rules import ACTIVATIONS, LOSSES
from symnn.verification import drawn
from symnn.verification.identical import identical
from symnn.verification.proved import prove
from symnn.verification.structure import parameters
from symnn.verification.subject import Subject

LEARNING = [row.name for row in ACTIVATIONS.values() if row.no_gradient is None]
NETWORKS = {
    **{name: Network(2, [Dense(2, name), Dense(1)], "squared-error") for name in LEARNING},
    **{
        row.name: Network(2, [Dense(2, "tanh"), Dense(2, row.partner)], row.name)
        for row in LOSSES.values()
        if row.no_gradient is None
    },
}


def pair_of(network, stable, change=lambda gradients: gradients):
    """The loss and the gradient of a kernel at a drawn point, the gradients changed by a function."""
    derivation = derive(network)
    kernel = derivation.compile(stable=stable).function
    arrays = drawn(derivation.program, derivation.sizes | {"m": 3}, np.random.default_rng(2))

    @functools.wraps(kernel)
    def loss(params, X, Y):
        return kernel(params, X, Y)[0]

    @functools.wraps(kernel)
    def grad(params, X, Y):
        return change(kernel(params, X, Y)[1])

    point = {name: arrays[name] for name in network.shapes}
    return Subject(loss, grad, parameters(point), (arrays["X"], arrays["Y"]))


@pytest.mark.parametrize("stable", [True, False], ids=["stable", "plain"])
@pytest.mark.parametrize("name", NETWORKS)
def test_the_kernel_of_every_row_is_proved_and_identical(name, stable):
    pair = pair_of(NETWORKS[name], stable)
    point = pair.parameters.arrays
    for evidence in (prove(pair, point), identical(pair, point, seed=0)):
        assert evidence.verdict == "equal", evidence


@pytest.mark.parametrize("name", NETWORKS)
def test_a_doubled_gradient_is_proved_to_be_wrong_and_is_not_identical(name):
    pair = pair_of(NETWORKS[name], False, lambda gradients: {**gradients, "b2": gradients["b2"] * 2})
    point = pair.parameters.arrays
    assert prove(pair, point).verdict == "different"
    assert identical(pair, point, seed=0).verdict != "equal"
