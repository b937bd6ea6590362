"""A worked example gives the figures of the blackboard when it carries rounded ones, and exact values when not."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from symnn.derivation import derive
from symnn.library import Point, load, work
from symnn.library.figures import RELATIONS
from symnn.library.worked import work_after
from symnn.network import LAYOUTS, Dense, Network
from symnn.rules import ACTIVATIONS
from symnn.scalars import Ball, Exact, midpoint, midpoints

OR_GATE = load("or-gate")

# Every figure of the lecture on the OR gate, batch of four, pass by pass.
PRINTED = [
    {
        "Z1": [["0", ".6", ".1", ".7"]],
        "A1": [[".5", ".646", ".525", ".668"]],
        "L": ".089",
        "dA1": [[".125", "-.089", "-.119", "-.083"]],
        "A1_slope": [[".25", ".229", ".249", ".222"]],
        "dZ1": [[".031", "-.020", "-.030", "-.018"]],
        "dW1": [["-.048", "-.038"]],
        "db1": [["-.037"]],
    },
    {
        "W1": [[".148", ".638"]],
        "b1": [[".037"]],
        "Z1": [[".037", ".675", ".185", ".823"]],
        "A1": [[".509", ".663", ".546", ".695"]],
        "L": ".084",
    },
]
FIGURES = [(after, name, printed) for after, quantities in enumerate(PRINTED) for name, printed in quantities.items()]


def numbers(value):
    entries = value.flat if isinstance(value, np.ndarray) else [value]
    return [entry.value for entry in entries]


def fractions(printed):
    return [Fraction(text) for text in np.ravel(printed)]


@pytest.mark.parametrize(
    ("after", "name", "printed"), FIGURES, ids=[f"{name} in pass {n + 1}" for n, name, _ in FIGURES]
)
def test_carrying_three_decimals_gives_what_the_lecture_printed(after, name, printed):
    done = work_after(OR_GATE.derivation, OR_GATE.point, [after], carry=3)[after]
    assert list(map(Fraction, map(str, numbers(done.values[name])))) == fractions(printed)


def test_without_carrying_the_gradient_is_another_one():
    (done, _) = work(OR_GATE.derivation, OR_GATE.point)
    exact = midpoints(done.values["dW1"])
    assert np.allclose(exact, [[-0.0480065, -0.0386588]], atol=1e-7)
    assert not np.allclose(exact, [-0.048, -0.038], atol=5e-4)


def test_without_carrying_nothing_is_rounded():
    for done in work(OR_GATE.derivation, OR_GATE.point):
        assert done.values == done.raw


def test_what_is_rational_stays_exact():
    example = load("two-three-two")
    for done in work(example.derivation, example.point, passes=3):
        for name, value in done.values.items():
            assert all(isinstance(entry, Exact | int) for entry in np.ravel(value)), name


def test_what_is_not_rational_is_a_ball_of_a_hundred_digits():
    (done, _) = work(OR_GATE.derivation, OR_GATE.point)
    entry = done.values["A1"].flat[1]
    assert isinstance(entry, Ball)
    assert entry.value.rel_accuracy_bits() > 300


def test_each_pass_starts_from_the_updated_parameters():
    example = load("two-three-two")
    first, second, third = work(example.derivation, example.point, passes=3)
    rate = example.point.exact_rate
    for name in example.point.parameters:
        assert np.all(second.values[name] == first.values[name] - rate * first.values[f"d{name}"])
        assert np.all(third.values[name] == second.values[name] - rate * second.values[f"d{name}"])


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("activation", [name for name, row in ACTIVATIONS.items() if row.no_gradient is None])
def test_every_activation_works_and_agrees_with_the_kernel(activation, layout):
    network = Network(inputs=2, layers=[Dense(3, activation), Dense(1)], loss="squared-error", layout=layout)
    derivation = derive(network)
    first = layout == "features-first"
    W1, X = [["0.5", "-1"], ["2", "0.25"], ["-1", "1"]], [["1", "-2", "0.5", "0"], ["0.5", "1", "-1", "2"]]
    W2, b1, Y = [["1", "-0.5", "2"]], [["0.1"], ["-0.2"], ["0.3"]], [["1", "0", "-1", "0.5"]]
    turned = {"W1": W1, "W2": W2, "X": X, "Y": Y}
    arrays = {name: A if first else np.transpose(A).tolist() for name, A in turned.items()}
    biases = {"b1": b1 if first else [b for (b,) in b1], "b2": [["0.2"]] if first else ["0.2"]}
    point = Point(
        parameters={"W1": arrays["W1"], "b1": biases["b1"], "W2": arrays["W2"], "b2": biases["b2"]},
        data={"X": arrays["X"], "Y": arrays["Y"]},
    )
    (done,) = work(derivation, point, passes=1)
    kernel = derivation.compile()
    loss, gradients = kernel({n: point.floats(n) for n in point.parameters}, point.floats("X"), point.floats("Y"))
    assert midpoint(done.values["L"]) == pytest.approx(float(loss))
    for name, gradient in gradients.items():
        assert np.allclose(midpoints(done.values[f"d{name}"]), gradient), name


def test_the_slopes_of_a_relu_are_exact_and_not_plain_integers():
    derivation = derive(Network(inputs=1, layers=[Dense(2, "relu")], loss="squared-error"))
    point = Point(parameters={"W1": [["1"], ["-1"]], "b1": [["0"], ["0"]]}, data={"X": [["2"]], "Y": [["0"], ["0"]]})
    (done,) = work(derivation, point, passes=1)
    assert [type(entry) for entry in done.values["A1_slope"].flat] == [Exact, Exact]


def test_the_row_of_the_lecture_is_kept_whole_in_the_derivation():
    kept = {(figure.after, figure.of): fractions(figure.printed) for figure in OR_GATE.published}
    assert kept == {(after, name): fractions(printed) for after, name, printed in FIGURES}
    assert {figure.relation for figure in OR_GATE.published} <= set(RELATIONS)
