"""Systems of which the list prints no result, or one that cannot be derived: what their derivations show instead."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from symnn.byhand.perceptron import separate
from symnn.library import BITS, as_balls, load, rounded, work
from symnn.rules import ACTIVATIONS
from symnn.rules.activations import z
from symnn.scalars import Exact, ball, running
from symnn.verification import check_numerically
from tests.derivations.test_published_figures import GIVEN, PRINTED, accounts


def equations(name):
    return list(map(str, load(name).derivation.equations))


def ball_is_zero(value):
    with running(ball(BITS)):
        return all(bool(abs(entry) < Fraction(1, 10**90)) for entry in np.ravel(as_balls(value)))


def first_pass(name):
    example = load(name)
    return work(example.derivation, example.point, passes=1)[0].values


def test_row_4_the_loss_of_a_prediction_with_zeros_is_finite():
    values = first_pass("cross-entropy-of-two-predictions")
    assert "0" in np.ravel(load("cross-entropy-of-two-predictions").point.parameters["P"]).tolist()
    # -log 0.33 - log 0.92, rounded: one for each prediction.
    assert rounded(values["L"], 4) == Fraction("1.1920")


def test_row_6_the_jacobian_of_the_cost_is_derived_for_any_number_of_samples():
    assert equations("cost-jacobian") == ["dP[i] = (P[i] - Y[i])/m"]
    assert np.shape(first_pass("cost-jacobian")["P"]) == (2,)


def test_row_7_the_exact_gradient_beside_the_carried_one_is_the_one_the_list_gives():
    entry = accounts("or-gate")["dW1", 0]
    assert entry.figure.relation == "carried"
    assert rounded(entry.exact[1], 4) == Fraction("-.0387")


@pytest.mark.parametrize("epochs", [1, 7, 50])
def test_row_8_the_accumulating_loop_equals_the_batch_step_after_any_number_of_epochs(epochs):
    found = []
    for name in ("or-gate-accumulated", "or-gate"):
        example = load(name)
        parameters, data = example.arguments
        for _ in range(epochs):
            slopes = example.grad(parameters, *data)
            parameters = {key: value - slopes[key] for key, value in parameters.items()}
        found.append(np.concatenate([np.ravel(value) for value in parameters.values()]))
    assert np.max(np.abs(found[0] - found[1])) < 1e-13


def test_row_10_the_first_layer_is_small_integers():
    example = load("two-three-two")
    assert all(isinstance(n, int) and abs(n) <= 9 for n in np.ravel(example.point.parameters["W1"]).tolist())


@pytest.mark.parametrize("layer", [1, 2])
def test_row_11_the_three_matrix_rules_hold_for_any_size(layer):
    below = "X" if layer == 1 else "A1"
    found = equations("two-three-two-batched")
    assert f"dW{layer}[j, k] = sum over i of {below}[k, i]*dZ{layer}[j, i]" in found
    assert f"db{layer}[j, 0] = sum over i of dZ{layer}[j, i]" in found
    assert any(one.startswith(f"d{below}[") and "sum over" in one and f"W{layer}[" in one for one in found)


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "relu"])
def test_row_13_the_derivatives_of_the_activations_are_derived(name):
    assert name in load("activation-table").rows


def test_row_14_softmax_and_cross_entropy_as_one_give_prediction_less_target_for_any_number_of_classes():
    assert equations("softmax-cross-entropy") == ["dZ[i, j] = A[i, j] - Y[i, j]"]
    values = first_pass("softmax-cross-entropy")
    with running(ball(BITS)):
        assert ball_is_zero(as_balls(values["dZ"]) - (as_balls(values["A"]) - as_balls(values["Y"])))


def test_row_15_the_costs_of_a_start_that_is_not_printed_are_named_and_their_step_downhill_is_held():
    example = load("two-three-one")
    assert "0.4474 and 0.4420, belong to a random start that it does not print" in " ".join(example.text.split())
    assert example.point.exact_rate == Exact("0.01")
    before, after = (done.values["L"] for done in work(example.derivation, example.point))
    assert (after < before) is True


def test_row_16_the_ratio_stands_beside_the_exact_verdict():
    example = load("numerical-check")
    assert "1.98e-9" in example.text
    checked = check_numerically(example.loss, example.grad, {"x": 1.5}, step=1e-4)
    (picture,) = example.exhibits()
    assert checked.error < 1.98e-9
    assert f"{checked.error:.2e}" in picture.caption


def test_row_17_the_line_moves_until_no_point_is_misclassified():
    example = load("perceptron-line")
    X, S = example.point.floats("X"), example.point.floats("S")
    line = separate(X.T, (S > 0).astype(int))[-1].line
    assert line.answers(X.T).tolist() == (S > 0).astype(int).tolist()


def test_row_18_the_table_has_seven_rows_and_the_step_is_a_half_at_zero():
    rows = load("activation-table").rows
    assert rows == ("linear", "step", "sign", "piecewise-linear", "sigmoid", "tanh", "relu")
    assert ACTIVATIONS["step"].forward.subs(z, 0) == Fraction(1, 2)


@pytest.mark.parametrize(("pre_activation", "output", "target"), [("U", "U", "T"), ("V", "A", "B"), ("Z", "C", "Y")])
def test_row_20_the_derivative_of_each_pairing_is_prediction_less_target(pre_activation, output, target):
    values = first_pass("output-pairings")
    with running(ball(BITS)):
        difference = as_balls(values[output]) - as_balls(values[target])
        assert ball_is_zero(as_balls(values[f"d{pre_activation}"]) - difference)


def test_row_20_sigmoid_and_cross_entropy_are_told_as_one_for_any_size():
    assert "dZ1[j, i] = (A1[j, i] - Y[j, i])/m" in equations("sigmoid-cross-entropy")


def test_row_21_the_classifiers_are_equally_accurate_and_differ_in_both_losses():
    example = load("two-classifiers")
    P, Q, Y = map(example.point.floats, "PQY")
    right = [int(np.sum(answers.argmax(axis=1) == Y.argmax(axis=1))) for answers in (P, Q)]
    squared = [float(np.mean((answers - Y) ** 2)) for answers in (P, Q)]
    values = first_pass("two-classifiers")
    assert right == [2, 2]
    assert squared[0] > squared[1]
    assert (values["H1"] > values["H2"]) is True


def test_row_23_the_three_samples_are_those_that_train_the_network():
    samples = load("two-two-one-regression").exhibits.__globals__["SAMPLES"]
    assert samples == (((80, 8), 3), ((60, 9), 5), ((70, 5), 8))


# Systems without a number in the list but for what a user may choose, and the derivations that show them.
WITHOUT_NUMBERS = {
    6: "cost-jacobian",
    11: "two-three-two-batched",
    12: "layer-classes",
    13: "activation-table",
    14: "softmax-cross-entropy",
    17: "perceptron-line",
    18: "activation-table",
    19: "loss-table",
    20: "output-pairings",
    24: "or-gate-trained",
}


@pytest.mark.parametrize(("system", "name"), WITHOUT_NUMBERS.items())
def test_a_system_without_numbers_is_shown_by_a_derivation_that_holds_none_of_its_own(system, name):
    example = load(name)
    assert system in example.systems
    of_others = {other for other, holder, *_ in PRINTED if holder == name}
    assert system not in of_others
    assert bool(example.published) is bool(of_others)


def test_every_system_is_in_one_of_the_tables():
    with_numbers = {row[0] for row in (*GIVEN, *PRINTED)}
    assert with_numbers | WITHOUT_NUMBERS.keys() == set(range(1, 25))
    assert not with_numbers & WITHOUT_NUMBERS.keys()
