"""A loss is swept once for all its arrays, which a run along all of them at once must bear out."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from flint import arb

import symnn
from symnn.scalars import ball_loops
from symnn.verification import directional
from symnn.verification.directional import Probe
from symnn.verification.subject import pair_of

LAYERS = 10
WEIGHTS = [np.random.default_rng(k).integers(-16, 17, (2, 2)) / 16 + 1 / 64 for k in range(LAYERS)]
X = np.array([[0.5, -1.0, 0.25], [1.5, 0.75, -0.5]])


def outputs(weights):
    found = [X]
    for W in weights:
        found.append(np.tanh(W @ found[-1]))
    return found


def loss(weights):
    return np.sum(outputs(weights)[-1] ** 2) / 2


def grad(weights):
    A = outputs(weights)
    upstream, found = A[-1], []
    for W, before, after in zip(weights[::-1], A[-2::-1], A[:0:-1], strict=True):
        upstream = upstream * (1 - after**2)
        found.append(upstream @ before.T)
        upstream = W.T @ upstream
    return found[::-1]


def kinked(weights):
    return loss(weights) + np.abs(weights[0][0, 0] - WEIGHTS[0][0, 0])


def probe_of(function):
    pair = pair_of(function, grad, WEIGHTS)
    return Probe(pair, pair.parameters.arrays, 200)


def test_a_deep_net_is_certified_and_a_wrong_entry_of_it_named():
    assert symnn.verify(loss, grad, WEIGHTS).verdict == "equal"

    def wrong(weights):
        found = grad(weights)
        found[3][1, 0] *= 1 + 1e-9
        return found

    verdict = symnn.verify(loss, wrong, WEIGHTS)
    assert verdict.verdict == "different"
    assert [check.entry for check in verdict.checks if check.verdict == "different"] == ["params[3][1, 0]"]


def test_a_sweep_is_borne_out_to_the_working_precision(monkeypatch):
    assert probe_of(loss).exact is not None
    held = directional.numbers_at

    def off(A, places):
        found = held(A, places)
        return [found[0] + arb(10) ** -40, *found[1:]]

    monkeypatch.setattr(directional, "numbers_at", off)
    assert probe_of(loss).exact is None


def test_on_a_kink_there_is_no_sweep():
    assert probe_of(kinked).exact is None


def test_a_sweep_by_a_wrong_rule_makes_no_verdict(monkeypatch):
    monkeypatch.setitem(ball_loops.LOOPS, "tanh", (ball_loops.LOOPS["tanh"][0], (lambda y, x: y,)))
    assert probe_of(loss).exact is None
    assert symnn.verify(loss, grad, WEIGHTS).verdict == "equal"


@pytest.mark.parametrize("bits", [100, 400])
def test_slopes_from_a_sweep_have_the_digits_that_were_asked_for(bits):
    pair = pair_of(loss, grad, WEIGHTS)
    probe = Probe(pair, pair.parameters.arrays, bits)
    slope = probe.slope("params[0]", np.array([1.0, 2.0, -1.0, 0.5]))
    assert slope.rad() < arb(2) ** -(bits - 30)


@lru_cache(None)
def squared(t):
    return t * t


def test_what_code_keeps_for_equal_numbers_hides_no_slope():
    w = np.array([0.5, -1.25])

    def of_kept(w):
        return squared(float(w[0])) + w[1]

    for factor, verdict in ((2.0, "equal"), (3.0, "different"), (2.0, "equal")):
        assert symnn.verify(of_kept, lambda w, by=factor: np.array([by * w[0], 1.0]), w).verdict == verdict
