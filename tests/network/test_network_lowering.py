"""A network stands for a few equations a layer, the same in both layouts up to the order of axes."""

from __future__ import annotations

import pytest

from symnn.network import LAYOUTS, REDUCTIONS, Dense, Network, program_of
from symnn.rules import ACTIVATIONS, LOSSES, NORMALISERS

EQUATIONS = {
    "features-first": """\
Z1[j, i] = sum over k of W1[j, k]*X[k, i] + b1[j, 0]
A1[j, i] = tanh(Z1[j, i])
Z2[j, i] = sum over k of A1[k, i]*W2[j, k]
E2[j, i] = exp(Z2[j, i])
S2[0, i] = sum over k of E2[k, i]
A2[j, i] = E2[j, i]/S2[0, i]
L = sum over j, i of -log(A2[j, i])*Y[j, i]/m""",
    "samples-first": """\
Z1[i, j] = sum over k of W1[k, j]*X[i, k] + b1[j]
A1[i, j] = tanh(Z1[i, j])
Z2[i, j] = sum over k of A1[i, k]*W2[k, j]
E2[i, j] = exp(Z2[i, j])
S2[i, 0] = sum over k of E2[i, k]
A2[i, j] = E2[i, j]/S2[i, 0]
L = sum over i, j of -log(A2[i, j])*Y[i, j]/m""",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_network_is_printed_as_its_equations(layout):
    layers = [Dense(3, "tanh"), Dense(2, "softmax", bias=False)]
    program = program_of(Network(4, layers, "categorical-cross-entropy", layout=layout))
    assert str(program) == EQUATIONS[layout]
    assert [str(p.label) for p in program.parameters] == ["W1", "b1", "W2"]
    assert {name: str(axis) for name, axis in program.distributions.items()} == {"Y": "j"}


DIVISORS = {"sum": "", "mean": "/m", "mean-over-all": "/(m*n1)"}


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_the_reduction_is_the_divisor_of_the_loss(reduction):
    program = program_of(Network(2, [Dense(3)], "squared-error", reduction, "samples-first"))
    assert str(program.equations[-1]) == f"L = sum over i, j of (Z1[i, j] - Y[i, j])**2{DIVISORS[reduction]}"


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", [*ACTIVATIONS, *NORMALISERS])
def test_the_shapes_of_the_program_are_those_of_the_description(name, layout):
    network = Network(2, [Dense(3, name), Dense(4, name)], layout=layout)
    program = program_of(network)
    numbers = {str(symbol): number for symbol, number in network.sizes.items()}
    lowered = {
        str(parameter.label): tuple(numbers.get(str(axis)) or int(axis) for axis in parameter.shape)
        for parameter in program.parameters
    }
    assert lowered == network.shapes


@pytest.mark.parametrize("loss", LOSSES)
def test_only_a_loss_over_distributions_declares_its_targets_one(loss):
    program = program_of(Network(2, [Dense(2, LOSSES[loss].partner)], loss))
    assert set(program.distributions) == ({"Y"} if LOSSES[loss].distribution else set())


def test_equations_do_not_know_how_wide_the_network_is():
    narrow, wide = (program_of(Network(n, [Dense(n, "relu"), Dense(n)])) for n in (2, 700))
    assert narrow == wide
