"""What a figure is printed of may be a tensor's negative, its multiple by the learning rate, or a count."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from symnn.derivation import derive
from symnn.errors import InputError
from symnn.library import BITS, Figure, Point, account, amount, as_balls, load, quantity, work
from symnn.network import Dense, Network
from symnn.scalars import Exact, ball, running

DERIVATION = derive(Network(inputs=2, layers=[Dense(1)], loss="squared-error"))
# Z = 2/3, L = 4/9, dZ = 4/3, dW = (4/9, 4/9), db = 4/3
POINT = Point(
    parameters={"W1": [["1", "1"]], "b1": [["0"]]},
    data={"X": [["1/3"], ["1/3"]], "Y": [["0"]]},
    learning_rate="1/10",
)
# A figure of each kind, and the same figure of another quantity.
RIGHT_AND_WRONG = {
    "the negative": (Figure("-dW1", [["-0.444", "-0.444"]], "rounded"), "dW1"),
    "the step": (Figure("-rate*dW1", [["-0.0444", "-0.0444"]], "rounded"), "rate*dW1"),
    "what is taken off": (Figure("rate*db1", [["0.133"]], "rounded"), "db1"),
    "of a value": (Figure("-L", "-0.44", "rounded"), "L"),
    "a count": (Figure("parameters", "3", "exact"), "L"),
}


@pytest.mark.parametrize(("figure", "other"), RIGHT_AND_WRONG.values(), ids=RIGHT_AND_WRONG)
def test_a_figure_holds_of_the_quantity_it_is_printed_of_and_of_no_other(figure, other):
    moved = Figure(other, figure.printed, figure.relation)
    assert [entry.holds for entry in account(DERIVATION, POINT, [figure, moved])] == [True, False]


def test_a_wrong_count_of_parameters_is_seen():
    (entry,) = account(DERIVATION, POINT, [Figure("parameters", "4", "exact")])
    assert not entry.holds


def test_the_step_is_what_the_update_adds():
    before, after = work(DERIVATION, POINT)
    step = amount("-rate*dW1", before.values, POINT)
    assert np.ravel(after.values["W1"] - before.values["W1"]).tolist() == np.ravel(step).tolist()


def test_the_step_of_a_value_that_is_no_fraction_is_as_near_as_the_value():
    example = load("or-gate")
    before, after = work(example.derivation, example.point)
    step = amount("-rate*db1", before.values, example.point)
    with running(ball(BITS)):
        off = as_balls(after.values["b1"]) - as_balls(before.values["b1"]) - step
        assert [bool(abs(entry) < Fraction(1, 10**90)) for entry in off.flat] == [True]


def test_a_tensor_named_parameters_is_meant_before_the_count():
    assert amount("parameters", {"parameters": Exact(7)}, POINT) == Exact(7)


@pytest.mark.parametrize("text", ["", "-", "rate*", "--dW1", "rate*-dW1", "-rate*dW2", "2*dW1"])
def test_what_is_no_quantity_is_refused_by_name(text):
    with pytest.raises(InputError, match="unknown quantity in a figure"):
        amount(text, work(DERIVATION, POINT, passes=1)[0].values, POINT)


def test_a_plain_name_has_no_factors():
    plain = quantity("A1_slope")
    assert (plain.name, plain.negative, plain.by_rate) == ("A1_slope", False, False)
