"""Levels of evidence: each says what it is asked for, none is claimed that is not reached."""

from __future__ import annotations

import numpy as np
import pytest

from symnn.errors import InputError
from symnn.library import load
from symnn.verification import ASKED, recovered_latex, verify

EXAMPLE = load("two-three-one")
PARAMETERS, DATA = EXAMPLE.arguments
FURTHER = {
    "numerical": [],
    "certified": [],
    "identical": ["identical"],
    "proved": ["proved"],
    "all": ["numerical", "identical", "proved"],
}


def doubled(params, X, Y):
    found = EXAMPLE.grad(params, X, Y)
    return {**found, "W1": 2 * found["W1"]}


@pytest.mark.parametrize("level", ASKED)
def test_right_code_is_equal_at_every_level_with_the_evidence_asked_for(level):
    verdict = verify(EXAMPLE.loss, EXAMPLE.grad, PARAMETERS, *DATA, level=level)
    assert verdict.verdict == "equal"
    assert [one.level for one in verdict.further] == FURTHER[level]
    assert {one.verdict for one in verdict.further} <= {"equal"}


@pytest.mark.parametrize("level", ASKED)
def test_wrong_code_is_different_at_every_level(level):
    verdict = verify(EXAMPLE.loss, doubled, PARAMETERS, *DATA, level=level)
    assert verdict.verdict == "different"
    assert all(one.verdict == "different" for one in verdict.further)


def test_the_two_three_one_class_is_proved_and_its_formula_prints():
    net = EXAMPLE.loss.__globals__["NeuralNetwork"](PARAMETERS["W1"], PARAMETERS["W2"])
    verdict = verify(net, *DATA, level="proved")
    assert verdict.verdict == "equal"
    assert "proved for all parameters and data: 9 entries" in str(verdict)
    latex = recovered_latex(verdict.further[-1])
    assert latex.startswith(r"\begin{aligned}")
    assert latex.count(r"\frac{1}{e^{") == 12


def test_a_proof_says_its_region():
    def loss(w, x):
        return np.sum(np.maximum(w * x, 0))

    def grad(w, x):
        return np.where(w * x > 0, x, 0)

    verdict = verify(loss, grad, np.array([0.5, -1.5]), np.array([2.0, 1.0]), level="proved")
    assert verdict.verdict == "undecided" or verdict.further[-1].region


def test_code_that_is_certified_but_not_proved_is_undecided_where_a_proof_was_asked_for():
    def loss(w):
        return np.sum(np.sin(w) ** 2 + np.cos(w) ** 2 + w)

    def grad(w):
        return 1 + 2 * np.sin(w) * np.cos(w) - 2 * np.cos(w) * np.sin(w) + 0 * w

    asked = {level: verify(loss, grad, np.array([0.5, 1.5]), level=level) for level in ("certified", "proved", "all")}
    assert asked["certified"].verdict == "equal"
    assert asked["all"].verdict == "equal"
    proof = asked["all"].further[-1]
    assert asked["proved"].verdict == proof.verdict
    if proof.verdict == "undecided":
        assert "it is not proved" in str(asked["proved"])


def test_a_large_network_is_identical_but_not_proved():
    rng = np.random.default_rng(0)
    params = {"W": rng.normal(size=(60, 40)), "V": rng.normal(size=(5, 60))}
    X = rng.normal(size=(40, 30))

    def loss(params, X):
        return np.sum(np.tanh(params["V"] @ np.tanh(params["W"] @ X)) ** 2)

    def grad(params, X):
        H = np.tanh(params["W"] @ X)
        A = np.tanh(params["V"] @ H)
        dZ = 2 * A * (1 - A**2)
        return {"W": (params["V"].T @ dZ * (1 - H**2)) @ X.T, "V": dZ @ H.T}

    verdict = verify(loss, grad, params, X, level="identical")
    assert verdict.verdict == "equal"
    assert "identical with error below" in str(verdict)


def test_numbers_in_float64_say_that_they_are_no_more():
    verdict = verify(EXAMPLE.loss, EXAMPLE.grad, PARAMETERS, *DATA, level="numerical")
    assert "in float64 only" in verdict.evidence
    assert verdict.digits == 0


def test_numbers_in_float64_do_not_turn_a_verdict():
    """A loss that cancels in float64, so that its quotients are noise."""

    def loss(w):
        return np.sum((w + 1e15) - 1e15 + w**2)

    verdict = verify(loss, lambda w: 1 + 2 * w, np.array([0.5, 1.25]), level="all")
    assert verdict.verdict == "equal"
    assert {one.level: one.verdict for one in verdict.further}["numerical"] != "equal"


def test_an_unknown_level_is_refused_with_the_nearest_name():
    with pytest.raises(InputError, match="did you mean 'proved'"):
        verify(EXAMPLE.loss, EXAMPLE.grad, PARAMETERS, *DATA, level="prooved")
