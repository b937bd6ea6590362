"""Every row of the tables can be drawn, and its curves are the function and its derivative."""

from __future__ import annotations

import numpy as np
import pytest

from symnn.errors import InputError
from symnn.library import curves_of, load, names
from symnn.rules import ACTIVATIONS, LOSSES, NORMALISERS

ROWS = [*ACTIVATIONS, *NORMALISERS, *LOSSES]

# What the curves of rows must pass through, computed by hand: (x, height, slope), for the default target.
THROUGH = {
    "squared-error": (2, 4, 4),
    "half-squared-error": (2, 2, 2),
    "absolute-error": (-2, 2, -1),
    "huber": (2, 1.5, 1),
    "binary-cross-entropy": (0.5, np.log(2), -2),
    "binary-cross-entropy-from-logits": (0, np.log(2), -0.5),
    "categorical-cross-entropy": (0.5, np.log(2), -2),
    "sparse-categorical-cross-entropy": (0.5, np.log(2), -2),
    "negative-log-likelihood": (-2, 2, -1),
    "kl-divergence": (0.5, np.log(2), -2),
    "hinge": (-1, 2, -1),
    "perceptron": (-2, 2, -1),
    "zero-one": (-2, 1, 0),
    "softmax": (0, 1 / 3, 2 / 9),
    "log-softmax": (0, -np.log(3), 2 / 3),
}


def test_every_row_is_drawn_beside_a_derivation():
    drawn = {exhibit.caption for name in names() for exhibit in load(name).exhibits()}
    assert [name for name in ROWS if curves_of(name).caption not in drawn] == []


def test_no_two_rows_share_a_name():
    assert len(ROWS) == len(set(ROWS))


@pytest.mark.parametrize("name", ROWS)
def test_the_second_curve_is_the_derivative_of_the_first(name):
    function, derivative = curves_of(name).curves
    x, height, slope = map(np.asarray, (function.x, function.y, derivative.y))
    middles, quotients = (x[1:] + x[:-1]) / 2, np.diff(height) / np.diff(x)
    between = (slope[1:] + slope[:-1]) / 2
    kinks = {place for curve in (function, derivative) for place, _ in curve.marks}
    away = np.array([all(abs(m - kink) > 0.02 for kink in kinks) for m in middles])
    assert away.sum() > 300
    # Quotient and mean of slopes differ by less than h²/6 times the third derivative; that of a logarithm is 2/x³.
    third = 2 / np.min(x) ** 3 if np.min(x) > 0 else 3
    np.testing.assert_allclose(quotients[away], between[away], rtol=0, atol=third * np.max(np.diff(x)) ** 2 / 6)


@pytest.mark.parametrize("name", [*NORMALISERS, *LOSSES])
def test_the_curves_of_what_has_several_entries_pass_through_points_computed_by_hand(name):
    place, height, slope = THROUGH[name]
    function, derivative = curves_of(name).curves
    assert np.interp(place, function.x, function.y) == pytest.approx(height, abs=2e-4)
    assert np.interp(place, derivative.x, derivative.y) == pytest.approx(slope, abs=2e-3)


@pytest.mark.parametrize("name", ROWS)
def test_the_kinks_of_a_row_are_marked_with_the_value_of_the_derivative_declared_there(name):
    row = {**ACTIVATIONS, **NORMALISERS, **LOSSES}[name]
    function, derivative = curves_of(name).curves
    declared = getattr(row, "kinks", ())
    assert len(function.marks) == len(declared)
    assert len(derivative.marks) == (0 if getattr(row, "no_gradient", None) else len(declared))
    for place, height in function.marks:
        beside = [y for x, y in zip(function.x, function.y, strict=True) if abs(x - place) < 1e-6]
        assert len(beside) == 2
        assert place not in function.x
        assert min(beside) - 1e-6 <= height <= max(beside) + 1e-6


def test_the_kinks_of_losses_lie_where_they_are_declared():
    slopes = {name: curves_of(name).curves[1].marks for name in ("absolute-error", "hinge", "perceptron", "zero-one")}
    assert slopes == {
        "absolute-error": ((0.0, 0.0),),
        "hinge": ((1.0, 0.0),),
        "perceptron": ((0.0, -1.0),),
        "zero-one": (),
    }
    assert curves_of("perceptron", target=-1).curves[1].marks == ((0.0, 1.0),)
    assert curves_of("step").curves[0].marks == ((0.0, 0.5),)


def test_a_function_is_interrupted_where_it_jumps_and_nowhere_else():
    jumps = {name: tuple(curve.jumps for curve in curves_of(name).curves) for name in ROWS}
    assert jumps["sign"] == ((0.0,), (0.0,))
    assert jumps["relu"] == ((), (0.0,))
    assert jumps["piecewise-linear"] == ((), (-0.5, 0.5))
    assert jumps["zero-one"] == ((0.0,), (0.0,))
    assert jumps["hinge"] == ((), (1.0,))
    broken = {"sign", "step", "relu", "leaky-relu", "piecewise-linear", "zero-one", "hinge", "perceptron"}
    assert {name for name in ROWS if jumps[name] != ((), ())} == {*broken, "absolute-error"}


def test_a_loss_is_drawn_for_the_target_asked_for():
    one, zero = (curves_of("binary-cross-entropy", target=target).curves for target in (1, 0))
    np.testing.assert_allclose(one[0].y, zero[0].y[::-1], rtol=1e-9)
    np.testing.assert_allclose(one[1].y, np.negative(zero[1].y[::-1]), rtol=1e-9)
    moved = curves_of("absolute-error", target="5/2").curves
    assert moved[1].marks == ((2.5, 0.0),)
    assert (moved[0].x[0], moved[0].x[-1]) == (-0.5, 5.5)
    assert curves_of("kl-divergence", target="1/2").caption == (
        "The loss kl-divergence for the target 1/2, and its derivative."
    )


def test_constants_are_said():
    assert curves_of("huber").caption == "The loss huber with delta = 1 for the target 0, and its derivative."


REFUSED = {
    "a name in no table": (("swish",), {}, "unknown row of the tables"),
    "a target that is not the row's": (("hinge",), {"target": 0}, "not defined for that target"),
    "a target that is no exact number": (("huber",), {"target": "x"}, "target must be a decimal or a fraction"),
    "a target for an activation": (("relu",), {"target": 1}, "relu is no loss"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_drawn_is_refused(what):
    arguments, named, message = REFUSED[what]
    with pytest.raises(InputError, match=message):
        curves_of(*arguments, **named)
