"""Slips are the same in every run, of every kind, wrong in truth, on the lines they name, and undone by a repair."""

from __future__ import annotations

import ast
from collections import Counter

import pytest

from benchmarks.truth.gradients import NAMES, program
from benchmarks.truth.kinds import KINDS
from benchmarks.truth.slips import PAIRS, pairs, restores, sampled, slips, source

# Thousands of texts are run.
pytestmark = pytest.mark.time

SOME = NAMES[::8]


# Some 2,700 texts are run for it, which takes the most part of this file's time.
@pytest.fixture(scope="module")
def every():
    return tuple(slips())


def changed(slip):
    """The lines that a slip names, as they are now and as they were."""
    new, old = slip.text.splitlines(), program(slip.program).text.splitlines()
    return [(new[line - 1], old[line - 1]) for line in slip.lines]


def test_the_same_slips_come_twice():
    sampled.cache_clear()
    once = sampled(SOME).slips
    source.cache_clear()
    sampled.cache_clear()
    assert sampled(SOME).slips == once


def test_every_kind_occurs(every):
    counted = Counter(slip.kind for slip in every)
    assert counted.keys() == {kind.id for kind in KINDS}
    assert len(KINDS) >= 25
    # As evenly as the programs allow: no kind crowds out another.
    assert max(counted.values()) <= 20


def test_there_are_enough_of_every_program(every):
    counted = Counter(slip.program for slip in every)
    assert counted.keys() == set(NAMES)
    assert all(20 <= count <= 30 for count in counted.values())
    assert len(every) >= 450


def test_no_two_are_the_same_text(every):
    assert len({slip.text for slip in every}) == len(every)
    assert {slip.text for slip in every}.isdisjoint(program(name).text for name in NAMES)


def test_every_slip_parses_and_differs_in_the_lines_it_names(every):
    for slip in every:
        ast.parse(slip.text)
        assert any(new != old for new, old in changed(slip)), (slip.description, slip.lines)
        assert slip.description
        assert slip.repair


def test_slips_are_in_what_only_grad_runs(every):
    for slip in every[::4]:
        loss = [f for f in ast.parse(slip.text).body if getattr(f, "name", "") in ("loss", "example")]
        old = [f for f in ast.parse(program(slip.program).text).body if getattr(f, "name", "") in ("loss", "example")]
        assert [ast.dump(f) for f in loss] == [ast.dump(f) for f in old]


def test_only_the_repaired_text_restores(every, tmp_path):
    for slip in every[::10]:
        assert restores(slip, program(slip.program).text, tmp_path), slip.description
        assert not restores(slip, slip.text, tmp_path), slip.description


def test_a_repair_that_changes_the_loss_does_not_restore(every, tmp_path):
    slip = next(slip for slip in every if slip.program == "svm")
    text = program("svm").text.replace("return np.sum(margins)", "return 2 + np.sum(margins)")
    assert text != program("svm").text
    assert not restores(slip, text, tmp_path)
    assert not restores(slip, "nothing of the kind", tmp_path)


def test_a_slip_is_a_module_whose_source_can_be_seen(every, tmp_path):
    module = every[0].load(tmp_path)
    assert (tmp_path / f"{module.__name__}.py").read_text(encoding="utf-8") == every[0].text
    assert module.loss(*module.example()) == pytest.approx(program(every[0].program).losses[0])


def test_pairs_have_two_slips_apart(every):
    alone = {slip.text for slip in every}
    two = tuple(pairs())
    assert len({slip.text for slip in two}) == len(two) == PAIRS
    assert all(len(slip.lines) >= 2 and slip.text not in alone for slip in two)
    assert {slip.program for slip in two} == set(NAMES)
