"""Random numbers in a run are those of float64, drawn from the same generator in the same order, and hold scalars."""

from __future__ import annotations

import copy

import numpy as np
import pytest
from numpy.random import randn

from symnn.errors import UndecidedError
from symnn.scalars import Ball, ScalarArray, array, ball, dual, duals, midpoints, running

MODULE_RNG = np.random.default_rng(5)


class Layer:
    def __init__(self):
        self.rng = np.random.default_rng(7)
        self.W = np.random.randn(2, 3)

    def forward(self):
        return self.rng.normal(size=4)


def seeded(f):
    def drawn():
        np.random.seed(3)
        return f()

    return drawn


DRAWS = {
    "rand": lambda: np.random.rand(3, 2),
    "randn": lambda: np.random.randn(4),
    "randn by its own name": lambda: randn(4),
    "normal": lambda: np.random.normal(1.0, 2.0, (2, 2)),
    "uniform": lambda: np.random.uniform(-1, 1, 5),
    "random": lambda: np.random.random((2, 2)),
    "standard_normal": lambda: np.random.standard_normal(3),
    "RandomState": lambda: np.random.RandomState(1).randn(3),
    "default_rng": lambda: np.random.default_rng(1).standard_normal((2, 2)),
    "Generator": lambda: np.random.Generator(np.random.PCG64(2)).random(3),
    "beta": lambda: np.random.beta(2, 3, 4),
    "exponential": lambda: np.random.exponential(2.0, 3),
    "dirichlet": lambda: np.random.dirichlet([1, 2, 3]),
    "two draws": lambda: np.random.rand(2) + np.random.randn(2),
}
PLAIN = {
    "randint": lambda: np.random.randint(0, 9, 5),
    "permutation": lambda: np.random.permutation(6),
    "choice": lambda: np.random.choice(5, 3, replace=False),
    "choice by probabilities": lambda: np.random.choice(4, 6, p=np.array([0.1, 0.2, 0.3, 0.4])),
    "choice by a list": lambda: np.random.default_rng(0).choice(4, 6, p=[0.1, 0.2, 0.3, np.float64(0.4)]),
    "binomial": lambda: np.random.binomial(1, np.full(3, 0.5)),
    "integers": lambda: np.random.default_rng(0).integers(7, size=3),
    "multinomial": lambda: np.random.multinomial(5, np.ones(4) / 4),
}


@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS)
def test_draws_are_those_of_float64_and_can_be_written_into(draw):
    expected = seeded(draw)()
    with running(ball()) as run:
        found = seeded(draw)()
        assert isinstance(found, ScalarArray)
        assert found.dtype == np.float64
        found[0] = Ball(1) / 3
    assert np.allclose(midpoints(found)[1:], expected[1:], rtol=1e-15, atol=0)
    assert not run.inexact_constants


@pytest.mark.parametrize("draw", PLAIN.values(), ids=PLAIN)
def test_whole_numbers_drawn_stay_plain(draw):
    expected = seeded(draw)()
    with running(ball()):
        found = seeded(draw)()
    assert type(found) is np.ndarray
    assert np.array_equal(found, expected)


def test_what_is_drawn_after_a_run_goes_on_as_without_it():
    np.random.seed(0)
    expected = [np.random.rand(3), np.random.rand(2)][1]
    np.random.seed(0)
    with running(dual()):
        np.random.rand(3)
    assert np.array_equal(np.random.rand(2), expected)


def test_a_generator_of_the_module_draws_scalars_and_comes_back():
    twin, before = copy.deepcopy(MODULE_RNG), MODULE_RNG
    with running(ball()):
        found = MODULE_RNG.normal(size=3)
        assert isinstance(MODULE_RNG, np.random.Generator)
    assert isinstance(found, ScalarArray)
    assert np.array_equal(midpoints(found), twin.normal(size=3))
    assert MODULE_RNG is before


def test_a_generator_that_an_object_keeps_draws_scalars_and_comes_back():
    layer = Layer()
    before, twin = layer.rng, copy.deepcopy(layer.rng)
    with running(ball(), functions=[layer.forward]):
        found = layer.forward()
        assert isinstance(copy.deepcopy(layer.rng).normal(size=2), ScalarArray)
    assert np.array_equal(midpoints(found), twin.normal(size=4))
    assert layer.rng is before


def test_arrays_of_scalars_are_shuffled_and_chosen_from_as_floats_are():
    values = np.array([0.5, 1.5, 2.5, 3.5])

    def orders(A):
        np.random.seed(1)
        A, rng = A.copy(), np.random.default_rng(2)
        np.random.shuffle(A)
        rng.shuffle(A)
        return [
            A,
            np.random.permutation(A),
            np.random.choice(A, 3),
            rng.choice(A, 2, p=np.ones(4) / 4),
            rng.permuted(A),
        ]

    expected = orders(values)
    with running(ball()):
        found = orders(array(values, ball()))
    assert all(np.array_equal(midpoints(a), b) for a, b in zip(found, expected, strict=True))


def test_lists_of_scalars_are_shuffled_and_permuted_as_they_are():
    with running(dual()):
        moving = list(duals([1.0, 2.0, 3.0], [1, 1, 1]))
        shuffled = list(moving)
        np.random.RandomState(0).shuffle(shuffled)
        permuted = np.random.default_rng(0).permutation(moving)
    assert {id(x) for x in shuffled} == {id(x) for x in permuted} == {id(x) for x in moving}


def test_a_draw_moves_with_its_place_and_scale():
    with running(dual()):
        place, scale = duals([1.0, 2.0], [1, 0]), duals([0.5, 0.25], [0, 1])
        found = np.random.default_rng(0).normal(place, scale)
        low = np.random.RandomState(0).uniform(place, 3)
        wide = np.random.RandomState(0).exponential(scale)
    standard = np.random.default_rng(0).standard_normal(2)
    assert np.allclose(midpoints(found), np.array([1, 2]) + np.array([0.5, 0.25]) * standard, rtol=1e-15)
    assert [float(x.tangent) for x in found.tolist()] == pytest.approx([1, standard[1]])
    assert np.allclose(midpoints(low), np.random.RandomState(0).uniform([1, 2], 3), rtol=1e-15)
    assert np.allclose(midpoints(wide), np.random.RandomState(0).exponential([0.5, 0.25]), rtol=1e-15)


def test_a_draw_that_moves_in_an_unknown_way_is_refused():
    with running(dual()), pytest.raises(UndecidedError, match="no certified slope"):
        np.random.default_rng(0).gamma(duals([1.0], [1]))


def test_a_draw_of_millions_stays_as_it_is():
    with running(ball()):
        assert type(np.random.rand(1_000_001)) is np.ndarray
