"""Gradient mistakes from public code: each is found, shown and where possible named, and its correct twin certified."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from symnn.verification import verify
from tests.wild.cases import correct_conventions as conventions
from tests.wild.cases import correct_layout, row2_gelu, row3_softmax, row4_activations, row6_recurrent, row7_max_pool
from tests.wild.cases import row8_tanh_and_decay as row8
from tests.wild.cases import row9_elastic_net as row9

FILES = sorted(Path(__file__).with_name("cases").glob("*.py"))
CASES = {case.name: case for file in FILES for case in import_module(f"tests.wild.cases.{file.stem}").CASES}
WRONG = [name for name, case in CASES.items() if case.wrong is not None]
NAMED = [name for name in WRONG if CASES[name].network is not None]


def verdict_of(case, gradient, **options):
    return verify(case.loss, gradient, *case.example(), **options)


@cache
def of_the_wrong_one(name):
    return verdict_of(CASES[name], CASES[name].wrong)


@pytest.mark.parametrize("name", WRONG)
def test_the_published_gradient_is_different_where_it_is_wrong_and_only_there(name):
    case, verdict = CASES[name], of_the_wrong_one(name)
    assert verdict.verdict == "different"
    assert tuple(check.name for check in verdict.checks if check.verdict == "different") == case.differs
    assert all(check.verdict == "equal" for check in verdict.checks if check.name not in case.differs)


@pytest.mark.parametrize("name", WRONG)
def test_a_person_is_shown_what_is_wrong(name):
    case, shown = CASES[name], str(of_the_wrong_one(name))
    assert "the gradient is certainly wrong at" in shown
    assert [part for part in case.shown if part not in shown] == []


@pytest.mark.parametrize("name", NAMED)
def test_the_mistake_is_named(name):
    case = CASES[name]
    assert str(verdict_of(case, case.wrong, network=case.network).diagnosis) == case.diagnosis


@pytest.mark.parametrize("name", CASES)
def test_the_correct_twin_is_equal(name):
    case = CASES[name]
    verdict = verdict_of(case, case.right, network=case.network)
    assert verdict.verdict == "equal"
    assert verdict.digits >= case.digits
    assert str(verdict.diagnosis) == ""


@pytest.mark.parametrize("name", CASES)
def test_fewer_than_80_digits_are_owed_to_constants_that_the_verdict_names(name):
    case = CASES[name]
    evidence = verdict_of(case, case.right).evidence
    assert bool(case.fewer) == (case.digits < 80) == ("limited by the float64 constant" in evidence)


def test_every_row_is_here():
    assert {case.source.split(",")[0] for case in CASES.values()} == {*(f"row {n}" for n in range(1, 10)), "correct"}
    assert sum(case.source.startswith("correct") for case in CASES.values()) >= 5


@pytest.mark.parametrize(("l1", "l2"), [(0, 0), (0, 0.2)])
def test_an_absolute_value_penalty_without_weight_tells_nothing_of_its_gradient(l1, l2):
    assert verify(row9.loss, row9.wrong, *row9.example(l1, l2)).verdict == "equal"


@pytest.mark.parametrize(("l1", "l2"), [(1e-6, 0), (0.03, 0), (0.03, 0.2)])
def test_an_absolute_value_penalty_is_found_wrong_only_where_it_has_weight(l1, l2):
    verdict = verify(row9.loss, row9.wrong, *row9.example(l1, l2))
    assert verdict["w"].verdict == "different"
    assert verdict["b"].verdict == "equal"


def test_max_pool_without_overlap_is_right_either_way():
    for gradient in (row7_max_pool.right, row7_max_pool.kept_last, row7_max_pool.window_overwritten):
        assert verify(row7_max_pool.loss, gradient, *row7_max_pool.example(pool=2, stride=2)).verdict == "equal"


def test_swish_without_beta_is_right_at_one():
    swish = row4_activations
    assert verify(swish.swish_loss, swish.swish_wrong, *swish.swish_example(beta=1)).verdict == "equal"


def test_the_outer_branch_of_huber_is_looked_at_though_the_numbers_given_do_not_reach_it():
    huber = row4_activations
    verdict = verify(huber.huber_loss, huber.huber_outer_turned, *huber.huber_example(delta=100.0))
    assert verdict.verdict != "equal"


def test_a_recurrent_input_is_right_at_the_last_time_step_alone():
    verdict = verify(row6_recurrent.loss, row6_recurrent.wrong, *row6_recurrent.example())
    assert verdict["x"].worst[0] < 3
    assert verify(row6_recurrent.loss, row6_recurrent.wrong, *row6_recurrent.example(steps=1))["x"].verdict == "equal"


def test_two_mistakes_that_cancel_are_equal_together_and_each_is_different_alone():
    assert verify(row8.decay_loss, row8.decay_undone, *row8.decay_example()).verdict == "equal"
    assert verify(row8.decay_loss, row8.decay_wrong, *row8.decay_example()).verdict == "different"


def test_a_softmax_backward_of_zeros_is_not_equal_even_where_zero_is_right():
    def added_up(z):
        return np.sum(row3_softmax.shares(z))

    verdict = verify(added_up, np.zeros_like, np.array([[0.5, -1.0, 2.0]]))
    assert verdict.verdict == "undecided"


def test_a_transposed_gradient_of_a_square_matrix_is_different_too():
    rng = np.random.default_rng(0)
    params, X, Y = {"W1": rng.normal(size=(3, 3))}, rng.normal(size=(3, 4)), rng.normal(size=(3, 4))
    assert verify(correct_layout.loss, correct_layout.transposed, params, X, Y).verdict == "different"
    assert verify(correct_layout.loss, correct_layout.right, params, X, Y).verdict == "equal"


# What the library once got wrong.


def test_an_array_right_to_rounded_constants_stays_right_beside_a_wrong_one():
    params = {"x": np.array([0.3, -1.2, 0.7]), "w": np.array([1.5, 2.0])}
    verdict = verify(row2_gelu.loss_with_another_array, row2_gelu.right_in_x_wrong_in_w, params)
    assert verdict["w"].verdict == "different"
    assert verdict["x"].verdict != "different"


@pytest.mark.parametrize("near", [-0.75179, -0.751791524693564])
def test_a_slope_near_zero_that_is_right_to_rounded_constants_is_no_false_alarm(near):
    verdict = verify(row2_gelu.loss_exact, row2_gelu.right_exact, np.array([near]), 1.0)
    assert verdict.verdict != "different"


@pytest.mark.parametrize("w", [2e-9, 2e20])
def test_small_and_large_numbers_are_shown_with_their_power_of_ten(w):
    def doubled_plus_a_little(w):
        return 2.0000001 * w

    verdict = verify(lambda w: np.sum(w**2), doubled_plus_a_little, np.array([w]), points=1)
    shown = dict(verdict["params"].values())
    assert float(shown["yours"]) == pytest.approx(2 * w, rel=1e-3)
    assert float(shown["exact"]) == pytest.approx(2 * w, rel=1e-3)


def test_a_gradient_that_adds_up_to_zero_is_shown_as_zero():
    case = CASES["softmax with its Jacobian's rows added up"]
    verdict = verdict_of(case, case.wrong)
    assert dict(verdict["W1"].values())["yours"] == "0"


def test_no_relative_difference_is_told_from_zero():
    verdict = verify(lambda z: np.sum(row3_softmax.shares(z)), np.ones_like, np.array([[0.5, -1.0, 2.0]]))
    assert verdict.verdict == "different"
    assert "relative" not in dict(verdict["params"].values())["difference"]


def test_a_layer_is_not_blamed_for_the_gradient_it_was_handed():
    verdict = verify(row3_softmax.layers(), network=row3_softmax.layers_network)
    assert verdict.verdict == "different"
    assert str(verdict.diagnosis) == "the gradient with respect to Z1 is left at zero"


def test_the_convention_told_is_the_one_that_changes_least():
    network = conventions.network_of("half-squared-error", "sum", outputs=2)
    verdict = verify(conventions.summed, conventions.half_square_right, *conventions.example(2), network=network)
    assert str(verdict.diagnosis) == (
        "this is the gradient of half-squared-error with reduction 'mean', "
        "not of half-squared-error with reduction 'sum'"
    )


def test_code_that_is_right_by_another_convention_than_described_is_told_which():
    network = conventions.network_of("half-squared-error", "mean")
    verdict = verify(conventions.whole_square, conventions.whole_square_right, *conventions.example(), network=network)
    assert verdict.verdict == "equal"
    assert "squared-error" in str(verdict)
