"""Right networks drawn at random are never *different*, and a slip in a branch is never *equal*, at any seed.

A part of the grid each time; SYMNN_EXPLORE=1 runs 200 networks at 20 seeds, and every slip at 20.
"""

from __future__ import annotations

import os

import pytest

import symnn
from tests.people.branch_slips import SLIPS
from tests.people.drawn_networks import STYLES, drawn

EVERYTHING = bool(os.environ.get("SYMNN_EXPLORE"))
# Six networks with no common factor with the number of styles, so that a run meets several of these, and one with as
# many features as classes.
NETWORKS = range(200) if EVERYTHING else (*range(0, 66, 11), 108)
NETWORK_SEEDS, SLIP_SEEDS = (range(20), range(20)) if EVERYTHING else (range(2), range(3))


def style_of(number):
    return STYLES[number % len(STYLES)]


@pytest.mark.parametrize("number", NETWORKS)
def test_a_right_network_is_never_different(number):
    net, style = drawn(number), style_of(number)
    verdicts = {seed: style(net, seed) for seed in NETWORK_SEEDS}
    assert {seed: str(v) for seed, v in verdicts.items() if v.verdict == "different"} == {}, f"{style.__name__}: {net}"


@pytest.mark.parametrize("number", NETWORKS)
def test_a_right_network_is_decided(number):
    net, style = drawn(number), style_of(number)
    verdict = style(net, 0)
    assert verdict.verdict == "equal", f"{style.__name__}: {net}\n{verdict}"


def test_the_networks_drawn_meet_every_style():
    assert {style_of(number) for number in range(200)} == set(STYLES)
    assert len({style_of(number) for number in NETWORKS}) >= 5


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_in_a_branch_is_never_equal(name):
    slip = SLIPS[name]
    verdicts = {seed: symnn.verify(slip.loss, slip.wrong, *slip.arguments, seed=seed) for seed in SLIP_SEEDS}
    assert {seed: str(verdict) for seed, verdict in verdicts.items() if verdict.verdict == "equal"} == {}


@pytest.mark.parametrize("name", SLIPS)
def test_without_the_slip_it_is_equal(name):
    slip = SLIPS[name]
    verdicts = {seed: symnn.verify(slip.loss, slip.right, *slip.arguments, seed=seed) for seed in SLIP_SEEDS}
    assert {seed: str(verdict) for seed, verdict in verdicts.items() if verdict.verdict != "equal"} == {}
