"""Every rewrite of every derivation is found different, and named as planted or as an equivalent."""

from __future__ import annotations

from collections import Counter
from functools import cache

import numpy as np
import pytest

from symnn.derivation import derive
from symnn.library import load, names
from symnn.mistakes import REGISTRY, planted
from symnn.mistakes.difference import difference_of
from symnn.network import Dense, Network
from symnn.notation import adjoint_name, name_of
from symnn.scalars import array, ball
from symnn.verification import drawn
from symnn.verification.diagnosis import explain, ground_of
from symnn.verification.rewrites import Rewrites, Trial, same
from tests.grids import EVERYTHING

BITS = 200
pytestmark = pytest.mark.time

# In an ordinary run every so-manieth rewrite, a prime number so that no kind is always passed over.
STRIDE = 1 if EVERYTHING else 11
NAMED_AT_LEAST = 0.95
# What the folder has no example of: softmax, ReLU, square weights, three layers.
NETWORKS = {
    "softmax": Network(2, [Dense(3, "sigmoid"), Dense(4, "softmax")], "categorical-cross-entropy"),
    "square": Network(4, [Dense(4, "relu"), Dense(4, "tanh"), Dense(4)], "squared-error", layout="samples-first"),
    "deep": Network(2, [Dense(3, "tanh"), Dense(3, "relu"), Dense(1, "sigmoid")], "binary-cross-entropy"),
}
# With every third of the folder and these networks, a mistake of every row of the tables is made somewhere.
PLACES = (*names(), *NETWORKS) if EVERYTHING else (*names()[::3], *NETWORKS)


class Bench:
    """A derivation at two drawn points: one to name a mistake at, and one to tell an equivalent from a likeness."""

    def __init__(self, name):
        network = NETWORKS.get(name) or load(name).source
        derivation = derive(network) if isinstance(network, Network) else load(name).derivation
        network = network if isinstance(network, Network) else None
        program = derivation.program
        self.names = [name_of(tensor) for tensor in program.parameters]
        self.points = []
        for seed in (3, 4):
            floats = drawn(program, derivation.sizes, np.random.default_rng(seed))
            arrays = {name: array(A, ball(BITS)) for name, A in floats.items()}
            if not self.points:
                self.ground = ground_of(derivation, network, arrays)
            self.points.append(Rewrites(self.ground, arrays, self.names, BITS))
        self.mistakes = planted(self.ground)

    def gradients(self, point, *mistakes):
        found = point.gradients(mistakes)
        return {name: found[adjoint_name(name)] + array(0, ball(BITS)) for name in self.names}

    def alike(self, point, one, other):
        ours, theirs = self.gradients(point, *one), self.gradients(point, *other)
        return all(same(ours[name], theirs[name]) for name in self.names)

    def alive(self, point):
        """How many gradients are not zero there."""
        right = self.gradients(point)
        return sum(not same(right[name], right[name] * 0) for name in self.names)

    def outcome(self, one):
        """How the gradients with one mistake in them are judged."""
        visible = [point for point in self.points if not self.alike(point, [one], [])]
        if not visible:
            return "invisible"
        # At one point alone, as for layers, which is the harder case; one where no layer is dead says more.
        point = max(visible, key=self.alive)
        trial = Trial(point, self.gradients(point, one))
        if trial.is_right:
            return "not found"
        said = explain(self.mistakes, [trial]).said
        if said == one.said:
            return "as planted"
        found = [other for other in self.mistakes if other.said == said]
        elsewhere = [other for other in self.points if other is not point]
        if found and all(self.alike(other, [one], found[:1]) for other in elsewhere):
            return "an equivalent"
        return "another" if said else "not named"


@cache
def bench(name):
    return Bench(name)


@cache
def outcomes(name):
    return Counter(bench(name).outcome(one) for one in bench(name).mistakes[::STRIDE])


def share_named(counted):
    return (counted["as planted"] + counted["an equivalent"]) / (counted.total() - counted["invisible"])


@pytest.mark.parametrize("name", PLACES)
def test_planted_mistakes_are_all_found(name):
    counted = outcomes(name)
    print(name, dict(counted))
    assert counted["not found"] == 0
    assert counted.total() > counted["invisible"]


def test_nearly_all_planted_mistakes_are_named_as_planted_or_as_an_equivalent():
    counted = sum(map(outcomes, PLACES), Counter())
    print("in all", dict(counted))
    assert share_named(counted) >= NAMED_AT_LEAST
    if EVERYTHING:
        # Of a single number, one that has lost its sign is one with the wrong sign wherever it is negative.
        alone = {name: sum(outcomes(name)[missed] for missed in ("another", "not named")) for name in PLACES}
        short = [name for name in PLACES if share_named(outcomes(name)) < NAMED_AT_LEAST]
        assert [name for name in short if alone[name] > len(bench(name).names)] == []


@pytest.mark.parametrize("name", PLACES)
def test_every_mistake_has_a_difference_and_a_sentence_of_its_own(name):
    ground, mistakes = bench(name).ground, bench(name).mistakes
    assert all(difference_of(ground, one).startswith("yours − exact = ") for one in mistakes)
    assert [said for said, count in Counter(one.said for one in mistakes).items() if count > 1] == []


def test_every_row_of_the_table_finds_a_place_in_some_program():
    placed = {
        mistake for name in PLACES for mistake in REGISTRY["backward"] if any(True for _ in mistake(bench(name).ground))
    }
    assert [mistake.__name__ for mistake in REGISTRY["backward"] if mistake not in placed] == []


def test_the_table_holds_more_than_twenty_kinds():
    kinds = {one.kind for name in PLACES for one in bench(name).mistakes}
    assert len(REGISTRY["backward"]) >= 20
    assert len(kinds) >= 20
