"""The perceptron by hand: its rule, its four cases, its criterion and its loss."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symnn.byhand.perceptron import (
    CASES,
    Line,
    corrected,
    criterion,
    criterion_gradient,
    perceptron_loss,
    perceptron_loss_gradient,
    separate,
)
from symnn.errors import InputError, ShapeError
from symnn.verification import verify

GATES = {"OR": [0, 1, 1, 1], "AND": [0, 0, 0, 1], "NOR": [1, 0, 0, 0]}
SQUARE = np.array([[0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0]])


def drawn(seed, samples=12, features=2):
    """Points that a random line separates with a margin, and their labels 0 and 1."""
    rng = np.random.default_rng(seed)
    inputs, normal = rng.normal(size=(features, samples)), rng.normal(size=features)
    labels = (normal @ inputs > 0).astype(int)
    return inputs + 0.3 * np.outer(normal / np.linalg.norm(normal), 2 * labels - 1), labels


@pytest.mark.parametrize("gate", GATES)
def test_a_separable_gate_is_separated(gate):
    labels = np.array(GATES[gate])
    assert separate(SQUARE, labels)[-1].line.answers(SQUARE).tolist() == labels.tolist()


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 4))
def test_separable_points_are_separated(seed, features):
    inputs, labels = drawn(seed, features=features)
    moves = separate(inputs, labels)
    last = moves[-1].line if moves else Line(np.zeros(features), 0.0)
    assert (last.answers(inputs) == labels).all()


def test_points_that_no_line_separates_are_said_to_be_so():
    with pytest.raises(InputError, match="may not be separable"):
        separate(SQUARE, np.array([0, 1, 1, 0]), most_epochs=50)


@pytest.mark.parametrize(("label", "answer"), CASES)
def test_the_rule_does_what_its_case_says(label, answer):
    line = Line(np.array([1.0, 0.0]), 0.0)
    x = np.array([1.0, 2.0]) if answer else np.array([-1.0, 2.0])
    moved = corrected(line, x, label, 0.5)
    sign = label - answer
    assert moved.weights.tolist() == (line.weights + 0.5 * sign * x).tolist()
    assert moved.bias == 0.5 * sign
    assert ("nothing moves" in CASES[label, answer]) == (sign == 0)


def test_every_move_belongs_to_a_misclassified_point():
    inputs, labels = drawn(3)
    line = Line(np.zeros(2), 0.0)
    for move in separate(inputs, labels):
        label, answer = move.case
        assert label == labels[move.sample]
        assert answer == line.answers(inputs)[move.sample] != label
        line = move.line


def test_the_gradients_of_criterion_and_loss_are_certified():
    inputs, labels = drawn(5)
    signs, params = 2 * labels - 1, {"w": np.array([0.3, -0.8]), "b": 0.1}
    for loss, gradient in ((criterion, criterion_gradient), (perceptron_loss, perceptron_loss_gradient)):

        def value(params, inputs, signs, loss=loss):
            return loss(Line(params["w"], params["b"]), inputs, signs)

        def slopes(params, inputs, signs, gradient=gradient):
            found = gradient(Line(params["w"], params["b"]), inputs, signs)
            return {"w": found.weights, "b": found.bias}

        def turned(params, inputs, signs, slopes=slopes):
            return {name: -value for name, value in slopes(params, inputs, signs).items()}

        assert verify(value, slopes, params, inputs, signs).verdict == "equal"
        assert verify(value, turned, params, inputs, signs).verdict == "different"


def test_the_criterion_is_zero_only_when_every_point_is_right():
    inputs, labels = drawn(7)
    signs = 2 * labels - 1
    assert criterion(separate(inputs, labels)[-1].line, inputs, signs) == 0
    assert criterion(Line(np.array([0.3, -0.8]), 5.0), inputs, signs) > 0


def test_labels_that_are_none_are_refused():
    with pytest.raises(InputError, match="labels are 0 and 1"):
        separate(SQUARE, np.array([-1, 1, 1, 1]))
    with pytest.raises(InputError, match="labels are -1 and 1"):
        criterion(Line(np.zeros(2), 0.0), SQUARE, np.array([0, 1, 1, 1]))
    with pytest.raises(ShapeError, match="the labels of the points"):
        separate(SQUARE, np.array([0, 1, 1]))
