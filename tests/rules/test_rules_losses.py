"""Every row of the losses proves itself: defined on its ranges, nowhere below its least value, exact derivative."""

from __future__ import annotations

import dataclasses

import pytest
from sympy import Interval, Rational, S, diff, log, nan, oo, simplify, zoo

from symnn.errors import InputError
from symnn.rules import LOSSES, loss
from symnn.rules.losses import p, y

# The textbook's derivatives by the prediction, typed in here and nowhere else.
DERIVATIVES = {
    "squared-error": 2 * (p - y),
    "half-squared-error": p - y,
    "binary-cross-entropy": (p - y) / (p * (1 - p)),
    "categorical-cross-entropy": -y / p,
}


def samples(interval):
    """Points all over an interval, with the ends that belong to it."""
    low = interval.inf if interval.inf != -oo else S(-3)
    high = interval.sup if interval.sup != oo else S(5)
    points = [low + (high - low) * Rational(part, 8) for part in range(9)]
    return [point for point in points if point in interval]


def is_real_on_its_ranges(row):
    values = [row.summand.subs({p: x, y: t}) for x in samples(row.predictions) for t in samples(row.targets)]
    return all(value.is_real and value.is_finite and not value.has(nan, zoo) for value in values)


def is_least_where_prediction_is_target(row):
    """Whether at every target the derivative vanishes, or the loss of a distribution is least, at the target."""
    if row.distribution:
        shared = row.summand.subs(y, Rational(1, 3)) + row.summand.subs({y: Rational(2, 3), p: 1 - p})
        return simplify(diff(shared, p).subs(p, Rational(1, 3))) == 0
    return simplify(diff(row.summand, p).subs(p, y)) == 0


def has_the_derivative_of_the_textbook(row):
    return simplify(diff(row.summand, p) - DERIVATIVES[row.name]) == 0


CHECKS = (is_real_on_its_ranges, is_least_where_prediction_is_target)


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("check", CHECKS)
def test_a_row_proves_itself(check, name):
    assert check(LOSSES[name])


@pytest.mark.parametrize("name", DERIVATIVES)
def test_a_row_has_the_derivative_of_the_textbook(name):
    assert has_the_derivative_of_the_textbook(LOSSES[name])


PLANTED = {
    "logarithm off its range": (is_real_on_its_ranges, "binary-cross-entropy", {"predictions": Interval(0, 1)}),
    "negative predictions": (is_real_on_its_ranges, "categorical-cross-entropy", {"predictions": S.Reals}),
    "plus for minus": (is_least_where_prediction_is_target, "squared-error", {"summand": (p + y) ** 2}),
    "y and 1 - y exchanged": (
        is_least_where_prediction_is_target,
        "binary-cross-entropy",
        {"summand": -((1 - y) * log(p) + y * log(1 - p))},
    ),
    "y and p exchanged": (
        is_least_where_prediction_is_target,
        "categorical-cross-entropy",
        {"summand": -p * log(y)},
    ),
    "half forgotten": (has_the_derivative_of_the_textbook, "half-squared-error", {"summand": (p - y) ** 2}),
    "sign": (
        has_the_derivative_of_the_textbook,
        "categorical-cross-entropy",
        {"summand": y * log(p)},
    ),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_mistake_is_refused(planted):
    check, name, change = PLANTED[planted]
    assert not check(dataclasses.replace(LOSSES[name], **change))


def test_only_losses_over_distributions_ask_for_targets_that_add_up_to_one():
    assert [row.name for row in LOSSES.values() if row.distribution] == ["categorical-cross-entropy"]


@pytest.mark.parametrize("name", LOSSES)
def test_a_row_is_found_by_its_name_and_says_where_it_is_from(name):
    assert loss(name).name == name
    assert loss(name).latex
    assert loss(name).source


def test_an_unknown_loss_is_named_with_the_nearest():
    with pytest.raises(InputError, match="unknown loss 'squared-eror': did you mean 'squared-error'"):
        loss("squared-eror")
