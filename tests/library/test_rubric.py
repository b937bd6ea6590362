"""A rubric grades every step of a solution, in its order, in whole and half points, by what the step takes."""

from __future__ import annotations

from fractions import Fraction

import pytest

from symnn.derivation import derive, told_equations
from symnn.library import load, names
from symnn.library.rubric import REASONS, rubric, total
from symnn.network import Dense, Network
from symnn.notation import adjoint_name, name_of

# array: part, points for the rule, points for the numbers
TWO_THREE_TWO = {
    "Z1": ("forward", 1, 1),
    "Z2": ("forward", 1, 1),
    "L": ("loss", 1, 1),
    "dZ2": ("gradient", 0, 1),
    "dW2": ("gradient", 1, 1),
    "db2": ("gradient", 0, 1),
    "dZ1": ("gradient", 1, 1),
    "dW1": ("gradient", 1, 1),
    "db1": ("gradient", 0, 1),
    "W1_new": ("update", 0, Fraction(1, 2)),
    "b1_new": ("update", 0, Fraction(1, 2)),
    "W2_new": ("update", 0, Fraction(1, 2)),
    "b2_new": ("update", 0, Fraction(1, 2)),
    "L_new": ("new loss", 0, 1),
}


def by_array(points):
    found = {}
    for one in points:
        part, *so_far = found.get(one.array, (one.part, 0, 0))
        so_far[REASONS.index(one.for_)] += one.points
        found[one.array] = (part, *so_far)
    return found


def test_the_points_of_the_2_3_2_network_are_these():
    points = rubric(load("two-three-two").derivation)
    assert by_array(points) == TWO_THREE_TWO
    assert list(by_array(points)) == list(TWO_THREE_TWO)
    assert total(points) == 18


@pytest.mark.parametrize("name", names())
def test_every_step_that_a_parameter_needs_is_graded_in_the_order_of_the_solution(name):
    derivation = load(name).derivation
    points = rubric(derivation)
    program, arrays = derivation.program, list(by_array(points))
    told = [equation.name for equation in told_equations(derivation)]
    order = [*(equation.name for equation in program.equations), *told]
    graded = [array for array in arrays if not array.endswith("_new")]
    assert graded == [array for array in order if array in graded]
    assert {equation.name for equation in program.equations} <= set(graded)
    parameters = list(map(name_of, program.parameters))
    assert {adjoint_name(parameter) for parameter in parameters} <= set(graded)
    updates = [f"{parameter}_new" for parameter in parameters]
    assert arrays == [*graded, *updates, *([f"{program.loss}_new"] if updates else [])]


@pytest.mark.parametrize("name", names())
def test_points_are_whole_or_half_and_add_up(name):
    points = rubric(load(name).derivation)
    assert all(one.points in (1, Fraction(1, 2)) for one in points)
    assert {one.part for one in points} <= {"forward", "loss", "slope", "gradient", "update", "new loss"}
    assert {one.for_ for one in points} <= set(REASONS)
    assert total(points) == sum(sum(counted[1:]) for counted in by_array(points).values())
    assert len({(one.array, one.for_) for one in points}) == len(points)


@pytest.mark.parametrize("name", names())
def test_an_error_can_be_carried_only_into_numbers_that_rest_on_others(name):
    derivation = load(name).derivation
    given = set(map(name_of, derivation.program.leaves))
    reads = {e.name: set(e.reads) for e in (*derivation.program.equations, *told_equations(derivation))}
    for one in rubric(derivation):
        rests = one.array.endswith("_new") or not reads[one.array] <= given
        assert one.follow_through == (one.for_ == "numbers" and rests)


def test_a_sum_over_two_paths_earns_a_point_for_its_rule():
    # The pre-activations reach the loss through each of four activations and itself.
    derivation = load("activation-table").derivation
    assert len(derivation.gradient("Z").paths) == 5
    assert by_array(rubric(derivation))["dZ"] == ("gradient", 1, 1)
    assert by_array(rubric(derivation))["dA1"] == ("gradient", 0, 1)


def test_a_slope_is_a_part_of_its_own_and_a_merged_one_is_not_graded():
    squared, merged = (
        derive(Network(2, [Dense(1, "sigmoid")], loss)) for loss in ("half-squared-error", "binary-cross-entropy")
    )
    assert by_array(rubric(squared))["A1_slope"] == ("slope", 0, 1)
    assert "A1_slope" not in by_array(rubric(merged))
    assert total(rubric(squared)) - total(rubric(merged)) == 2


def test_a_gradient_by_the_data_is_not_graded_and_updates_can_be_left_out():
    derivation = load("two-three-two").derivation
    assert "dX" in {equation.name for equation in told_equations(derivation)}
    assert "dX" not in by_array(rubric(derivation))
    short = rubric(derivation, updates=False)
    assert list(by_array(short)) == [array for array in TWO_THREE_TWO if not array.endswith("_new")]
    assert total(short) == 15
