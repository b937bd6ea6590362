"""Domains are read off the values, and draws keep to them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pytest

from symnn.verification.domains import domain_of, domains_of, sums_to_one
from symnn.verification.surroundings import redrawn

KINDS = {
    "one in every row": np.eye(3)[[0, 2, 1, 1]],
    "shares that sum to one": np.array([[0.9, 0.05, 0.05], [0.1, 0.2, 0.7]]),
    "probabilities": np.array([0.25, 0.75, 0.01]),
    "a few values": np.array([1.0, -1.0, -1.0, 1.0]),
    "whole numbers": np.array([3, 0, 2]),
    "whole numbers as floats": np.array([3.0, 0.0, 2.0, 5.0]),
    "true or false": np.array([True, False]),
    "symmetric": np.array([[0.5, -1.5], [-1.5, 2.0]]),
    "with zeros": np.array([0.0, 0.5, -1.25, 0.0]),
    "positive": np.array([0.5, 3.5]),
    "negative": np.array([-0.5, -3.5]),
    "real": np.array([-0.5, 3.5]),
}


@pytest.mark.parametrize("name", KINDS)
def test_an_array_has_its_domain_and_so_has_what_is_drawn(name):
    A = KINDS[name]
    assert domain_of(A).name == name
    for seed in range(20):
        drawn = domain_of(A).draw(A, np.random.default_rng(seed))
        assert drawn.shape == A.shape
        assert domain_of(A).has(drawn)


ORDERED = [np.linspace(0.1, 0.9, 5), np.linspace(1.5, 3, 4), np.linspace(-3, -1.5, 4), np.linspace(-1.1, 2, 4)]


@pytest.mark.parametrize("A", [*ORDERED, np.array([[0.9, 0.05, 0.05], [0.1, 0.2, 0.7]])])
def test_draws_change_the_order_of_the_entries(A):
    orders = {tuple(np.argsort(domain_of(A).draw(A, np.random.default_rng(seed)).ravel())) for seed in range(5)}
    assert len(orders) > 1


def test_weights_between_zero_and_one_are_no_probabilities():
    found = domains_of({"W": np.full((3, 2), 0.25), "b": np.full(2, 0.5)}, [np.ones((4, 3))])
    assert {row.name for row in found.values()} == {"positive"}


@pytest.mark.parametrize("A", [np.array([1e308, -1e308, 1.0]), np.array([5e-324, 0.0]), np.array([1e200, 1.0])])
def test_extreme_numbers_draw_finite_ones(A):
    for seed in range(5):
        (drawn,) = redrawn((A,), np.random.default_rng(seed)) or (A,)
        assert np.all(np.isfinite(drawn))
        assert np.all(np.isfinite(domains_of({"w": A}, ())["w"].draw(A, np.random.default_rng(seed))))


def test_samples_stay_together():
    y = np.array([0, 2, 1, 1, 0])
    X, Y, again = redrawn((np.random.default_rng(1).normal(size=(2, 5)), np.eye(3)[y].T, y), np.random.default_rng(0))
    assert np.array_equal(np.eye(3)[again].T, Y)
    assert X.shape == (2, 5)


class Batch(NamedTuple):
    X: np.ndarray
    y: np.ndarray


HOLDERS = {
    "a dict": (lambda X, y: {"X": X, "y": y, "rate": 0.1}, lambda held: (held["X"], held["y"])),
    "lists": (lambda X, y: [[X], (y, "relu", [0.5, 1.0])], lambda held: (held[0][0], held[1][0])),
    "a named tuple": (Batch, lambda held: (held.X, held.y)),
    "a namespace": (lambda X, y: SimpleNamespace(X=X, y=y), lambda held: (held.X, held.y)),
}


@pytest.mark.parametrize("holder", HOLDERS)
def test_samples_stay_together_however_they_are_held(holder):
    made, parts = HOLDERS[holder]
    given = np.random.default_rng(1).normal(size=(5, 2)), np.array([0, 2, 1, 1, 0])
    held = made(*given)
    alone = redrawn(given, np.random.default_rng(0))
    drawn, X, y = redrawn((held, given[0], given[1]), np.random.default_rng(0))
    assert type(drawn) is type(held)
    for found, beside, plain, before in zip(parts(drawn), (X, y), alone, given, strict=True):
        assert found is beside
        assert np.array_equal(found, plain)
        assert found is not before
    assert all(one is other for one, other in zip(parts(held), given, strict=True))


def test_targets_in_columns_sum_to_one_along_them():
    assert sums_to_one(np.array([[0.9, 0.1], [0.05, 0.6], [0.05, 0.3]])) == 0


@pytest.mark.parametrize("seed", range(8))
def test_as_many_one_hot_targets_as_classes_stay_one_hot_along_either_side(seed):
    X, Y = np.arange(6.0).reshape(3, 2) + 0.25, np.eye(3)
    drawn = redrawn((X.T, Y), np.random.default_rng(seed))
    assert drawn[1].sum(axis=0).tolist() == drawn[1].sum(axis=1).tolist() == [1, 1, 1]
