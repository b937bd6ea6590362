"""Drawn arguments hide no mistake: distinct sizes, nothing zero, targets that are what the program says."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symnn.errors import InputError
from symnn.network import LAYOUTS, Dense, Network, program_of
from symnn.rules import LOSSES, NORMALISERS
from symnn.verification.drawing import batch_size, drawn


def programs():
    for loss, layout in itertools.product(LOSSES, LAYOUTS):
        layers = [Dense(3, "tanh"), Dense(4, LOSSES[loss].partner)]
        network = Network(inputs=2, layers=layers, loss=loss, layout=layout)
        yield f"{loss}, {layout}", (network, program_of(network))


PROGRAMS = dict(programs())


def of(network, program, seed=0):
    return drawn(program, {str(k): v for k, v in network.sizes.items()}, np.random.default_rng(seed))


@given(st.sets(st.integers(min_value=1, max_value=12)))
def test_the_batch_is_no_width_and_more_than_a_pair(widths):
    size = batch_size(widths)
    assert size >= 3
    assert size not in widths
    assert all(smaller in widths for smaller in range(3, size))


@pytest.mark.parametrize(("network", "program"), PROGRAMS.values(), ids=PROGRAMS)
def test_every_array_has_its_shape_and_no_zero(network, program):
    arrays = of(network, program)
    first = network.layout == "features-first"
    assert {name: arrays[name].shape for name in network.shapes} == network.shapes
    assert arrays["X"].shape == ((2, 5) if first else (5, 2))
    assert arrays["Y"].shape == ((4, 5) if first else (5, 4))
    assert all(np.all(A != 0) for name, A in arrays.items() if name not in program.choices)


@pytest.mark.parametrize(("network", "program"), PROGRAMS.values(), ids=PROGRAMS)
def test_targets_lie_between_zero_and_one_or_among_the_choices_and_add_up_where_they_must(network, program):
    for seed in range(20):
        Y = of(network, program, seed)["Y"]
        if "Y" in program.choices:
            assert set(Y.ravel().tolist()) <= set(map(float, program.choices["Y"]))
        else:
            assert np.all((Y > 0) & (Y < 1))
        if LOSSES[network.loss].distribution:
            assert np.all(Y.sum(axis=0 if network.layout == "features-first" else 1) == 1)


@pytest.mark.parametrize(("network", "program"), PROGRAMS.values(), ids=PROGRAMS)
def test_every_number_is_a_short_binary_fraction(network, program):
    for A in of(network, program).values():
        assert all(Fraction(x).denominator <= 2**12 for x in A.ravel().tolist())


def test_the_same_seed_draws_the_same_and_another_another():
    network, program = next(iter(PROGRAMS.values()))
    one, same, other = of(network, program, 1), of(network, program, 1), of(network, program, 2)
    assert all(np.array_equal(one[name], same[name]) for name in one)
    assert not any(np.array_equal(one[name], other[name]) for name in one)


def test_a_normaliser_over_two_units_still_shares_out_one():
    for name in NORMALISERS:
        loss = next(loss for loss, row in LOSSES.items() if row.partner == name)
        network = Network(inputs=1, layers=[Dense(2, name)], loss=loss)
        assert np.all(of(network, program_of(network))["Y"].sum(axis=0) == 1)


def test_what_cannot_be_asked_is_refused():
    with pytest.raises(InputError):
        Network(inputs=1, layers=[Dense(1, "softmax")], loss="categorical-cross-entropy")
