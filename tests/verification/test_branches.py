"""Slips in branches are met where data and draws keep to their kind, and right programs never alarm there."""

from __future__ import annotations

import numpy as np
import pytest

from tests.verification.branches import PROGRAMS
from tests.verification.pairs import verify_pair

SEEDS = range(4)
SLIPS = [(name, slip) for name, program in PROGRAMS.items() for slip in program.slips]


@pytest.mark.parametrize("name", PROGRAMS)
def test_right_programs_are_equal_at_every_seed(name):
    program = PROGRAMS[name]
    for seed in SEEDS:
        given = program.given(np.random.default_rng(seed))
        assert verify_pair(program.loss, program.grad, *given, seed=seed).verdict == "equal", seed


@pytest.mark.parametrize(("name", "slip"), SLIPS)
def test_a_slip_in_a_branch_is_never_equal(name, slip):
    program = PROGRAMS[name]
    for seed in SEEDS:
        given = program.given(np.random.default_rng(seed))
        assert verify_pair(program.loss, program.slips[slip], *given, seed=seed).verdict != "equal", seed


def test_what_shows_with_other_data_only_is_undecided_with_the_witness():
    program = PROGRAMS["a mask of ones"]
    verdict = verify_pair(program.loss, program.slips["no mask"], np.array([0.5, 1.5, -2.0]), np.ones(3))
    assert verdict.verdict == "undecided"
    assert verdict.reasons[0].startswith("right with the data given at ")
    assert "with other data of the same kind it is different at params[" in verdict.reasons[0]


def test_a_comparison_that_goes_one_way_only_is_named():
    program = PROGRAMS["clipped probabilities"]
    verdict = verify_pair(program.loss, program.grad, *program.given(np.random.default_rng(0)))
    assert "was never false" in verdict.reasons[0]
    assert "np.clip(p, 1e-7, 1 - 1e-7)" in verdict.reasons[0]


@pytest.mark.parametrize("n", [1e200, 1e308, -1e308, 5e-324])
def test_parameters_of_any_size_are_looked_at(n):
    assert verify_pair(np.sum, np.ones_like, np.array([n, 1.0])).verdict == "equal"


def test_data_that_hang_together_make_no_false_alarm():
    X = np.round(8 * np.random.default_rng(0).normal(size=(4, 2))) / 8

    def loss(w, X, G):
        return np.sum((X @ w) ** 2)

    def grad(w, X, G):
        return 2 * G @ w

    assert verify_pair(loss, grad, np.array([0.5, -1.0]), X, X.T @ X).verdict != "different"


def test_class_numbers_and_their_one_hot_rows_stay_together():
    y = np.array([0, 2, 1, 1, 0])
    X = np.random.default_rng(0).normal(size=(5, 2))

    def loss(W, X, Y, y):
        Z = X @ W
        return np.sum(np.log(np.exp(Z).sum(axis=1)) - Z[np.arange(len(y)), y])

    def grad(W, X, Y, y):
        E = np.exp(X @ W)
        return X.T @ (E / E.sum(axis=1, keepdims=True) - Y)

    assert verify_pair(loss, grad, np.ones((2, 3)) / 4, X, np.eye(3)[y], y).verdict == "equal"
