"""What holds of a derivation is found, and what does not is named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from symnn.library import Figure, check, load, read
from tests.library.files import write


def test_a_good_file_is_verified(tmp_path):
    findings = check(read(write(tmp_path)))
    assert findings.state == "verified"
    assert findings.by_hand.digits >= 80
    assert findings.derived.digits >= 80
    assert not findings.drawn
    assert all(entry.holds for entry in findings.accounts)


MISTAKES = {
    "sign": [("2 * (params", "-2 * (params")],
    "factor": [("2 * (params", "(params")],
    "transposed away": [("@ X.T", "@ X")],
    "of another loss": [(" ** 2).sum()", " ** 4).sum()")],
}


@pytest.mark.parametrize("changes", MISTAKES.values(), ids=MISTAKES)
def test_a_wrong_gradient_by_hand_is_found(tmp_path, changes):
    example = read(write(tmp_path, *changes))
    # With one sample and one input a transpose is no mistake.
    expected = "verified" if changes == MISTAKES["transposed away"] else "hand-written gradient different"
    assert check(example).state == expected


def test_a_gradient_that_cannot_run_is_undecided(tmp_path):
    example = read(write(tmp_path, ("return {", "raise RuntimeError('not yet')\n    return {")))
    assert check(example).state == "hand-written gradient undecided"


def test_a_derivation_of_another_network_is_found(tmp_path):
    example = read(write(tmp_path, ('"squared-error"', '"half-squared-error"')))
    assert check(example).state == "derived gradient different"


FIGURES = {
    "wrong": Figure("dW1", [["33"]], "exact"),
    "called rounded, but exact": Figure("dW1", [["34"]], "rounded"),
    "called carried, but rounded": Figure("L", "32.1", "carried", carry=1),
}


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_a_figure_that_does_not_hold_is_named(tmp_path, figure):
    example = read(write(tmp_path))
    findings = check(replace(example, published=(*example.published, figure)))
    assert findings.state == f"published figures disagree: {figure.of}"


def test_where_the_data_make_the_gradient_zero_others_are_drawn():
    findings = check(load("or-gate-no-bias"))
    assert findings.drawn
    assert findings.state == "verified"


def test_a_mistake_that_zero_data_hide_is_found_on_the_drawn_ones():
    example = load("or-gate-no-bias")

    def wrong(params, X, Y):
        return {"W1": 2 * example.grad(params, X, Y)["W1"]}

    assert check(replace(example, grad=wrong)).state == "hand-written gradient different"
