"""The numerical check as it is taught finds what is large and smooth and says what it cannot tell; balls see all."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from symnn.errors import InputError, ShapeError, UndecidedError
from symnn.verification.numerical import check_numerically, numerical, step_sweep
from symnn.verification.structure import parameters as read
from symnn.verification.subject import Subject
from tests.verification.nets import changed, data, grad, loss, parameters, planted

BITS = 400


def quadratic(w):
    return np.sum(w**2) / 2


def check(f, g, *given, **options):
    return check_numerically(f, g, *(given or (parameters(), *data())), **options)


@pytest.mark.parametrize("seed", range(3))
def test_a_right_gradient_passes_in_float64_and_to_seventy_digits_in_balls(seed):
    given = parameters(seed), *data(seed=seed + 5)
    floats, balls = check(loss, grad, *given), check(loss, grad, *given, bits=BITS)
    assert (floats.verdict, balls.verdict) == ("equal", "equal")
    assert 1e-14 < floats.error < 1e-8
    assert balls.error < 1e-70
    assert floats.slopes == floats.entries == sum(A.size for A in given[0].values())


def test_the_error_is_the_distance_over_the_length_of_the_sum():
    found = check(lambda w: 3 * w[0] + 4 * w[1], lambda w: np.array([3.0, 1.0]), np.array([0.5, 0.25]))
    assert found.error == pytest.approx(3 / np.hypot(6, 5), rel=1e-9)
    assert found.worst == "params[1]"
    assert (found.yours, found.numerical) == (1.0, pytest.approx(4))


CHANGES = {"sign": lambda g: -g, "twice": lambda g: 2 * g, "zero": lambda g: 0 * g, "a thousandth": lambda g: g * 1.001}


@pytest.mark.parametrize("bits", [None, BITS])
@pytest.mark.parametrize("change", CHANGES)
def test_a_wrong_gradient_fails(change, bits):
    def wrong(*given):
        return {name: CHANGES[change](g) for name, g in grad(*given).items()}

    assert check(loss, wrong, bits=bits).verdict == "different"


def test_a_gradient_exactly_turned_round_has_no_finite_error():
    found = check(np.sum, lambda w: -np.ones_like(w), np.array([1.0, 2.0]), step=0.5)
    assert found.error == np.inf
    assert found.verdict == "different"


@pytest.mark.parametrize("relative", ["1e-12", "1e-20", "1e-40", "1e-55"])
def test_balls_see_what_float64_cannot(relative):
    wrong = planted("W1", (2, 3), relative)
    assert check(loss, wrong).verdict == "equal"
    found = check(loss, wrong, bits=BITS)
    assert found.verdict == "different"
    assert found.worst == "W1[2, 3]"


def test_between_fine_and_wrong_nothing_is_said():
    found = check(quadratic, lambda w: w * (1 + 1e-5), np.array([0.5, 1.0]))
    assert found.verdict == "undecided"
    assert "between 1e-07 (fine) and 0.0001 (wrong)" in found.reason


def relu_sum(w):
    return np.sum(np.maximum(w, 0))


def relu_slopes(w):
    return (w > 0) * 1.0


@pytest.mark.parametrize("share", [-0.9, -0.5, -1 / 3, -1 / 6, -0.01, 0, 0.01, 1 / 6, 1 / 3, 0.4, 0.5, 0.9])
def test_a_kink_within_the_step_is_told_and_is_no_failure(share):
    found = check(relu_sum, relu_slopes, np.array([share * 1e-5, 1.0]))
    assert found.kinks == ("params[0]",)
    assert found.verdict == "undecided"
    assert "a kink of the loss lies within the step at params[0]" in found.reason


@pytest.mark.parametrize("at", [3e-5, -2e-5, 1.0])
def test_a_kink_beyond_the_step_is_not_told(at):
    found = check(relu_sum, relu_slopes, np.array([at, 1.0]))
    assert found.kinks == ()
    assert found.verdict == "equal"


def test_no_kink_is_told_of_a_smooth_loss_with_a_wrong_gradient():
    assert check(loss, changed("W1", lambda g: 2 * g)).kinks == ()


def test_a_kink_does_not_excuse_what_is_wrong_elsewhere():
    found = check(relu_sum, lambda w: relu_slopes(w) * [1, 2], np.array([0.0, 1.0]))
    assert found.kinks == ("params[0]",)
    assert found.verdict == "different"


def test_in_balls_only_the_kink_itself_is_too_near():
    assert check(relu_sum, relu_slopes, np.array([1e-30, 1.0]), bits=BITS).verdict == "equal"
    assert check(relu_sum, relu_slopes, np.array([0.0, 1.0]), bits=BITS).kinks == ("params[0]",)


def test_what_rounding_of_the_loss_can_explain_is_no_failure():
    def large(w):
        return 1e9 + np.sum(np.sin(w))

    found = check(large, np.cos, np.array([0.5, 1.0]))
    assert found.verdict == "undecided"
    assert "rounding of the loss alone" in found.reason
    assert check(large, np.cos, np.array([0.5, 1.0]), bits=BITS).verdict == "equal"


def test_a_loss_in_float32_is_known_to_round_coarsely():
    found = check(lambda w: np.sum(np.sin(w)).astype(np.float32), np.cos, np.array([0.5, 1.0]))
    assert found.verdict == "undecided"
    assert "rounding" in found.reason


def test_float64_constants_limit_balls_and_are_said_to():
    third = 1 / np.sqrt(3)
    w = np.array([0.5, 1.0])
    limited = check(
        lambda w: np.sum(np.tanh(w / np.sqrt(3))), lambda w: (1 - np.tanh(w * third) ** 2) * third, w, bits=BITS
    )
    assert limited.verdict == "undecided"
    assert "float64 constants" in limited.reason


def test_zeros_are_no_agreement():
    found = check(lambda w: np.sum(0 * w), np.zeros_like, np.array([0.5, 1.0]))
    assert found.verdict == "undecided"
    assert "nothing was compared" in str(found)


def test_many_parameters_are_checked_along_random_directions_and_that_is_said():
    w = np.linspace(1, 2, 3000)
    right = check(quadratic, lambda w: w, w)
    assert (right.verdict, right.entries, right.slopes) == ("equal", 3000, 50)
    assert "along 50 random directions in 3000 parameters" in str(right)
    wrong = check(quadratic, lambda w: w * np.where(np.arange(3000) == 17, 1000, 1), w)
    assert wrong.verdict == "different"
    assert wrong.worst.startswith("direction ")


def test_one_entry_of_many_drowns_in_float64_and_not_in_balls():
    def wrong(w):
        g = w * 1
        g[17] = g[17] * (1 + 1e-6)
        return g

    w = np.linspace(1, 2, 3000)
    assert check(quadratic, wrong, w).verdict == "equal"
    assert check(quadratic, wrong, w, bits=BITS).verdict == "different"


def test_the_curve_of_steps_is_a_v_in_float64_and_straight_in_balls():
    rows = step_sweep(loss, grad, parameters(), *data())
    floats, balls = [row.float64 for row in rows], [row.balls for row in rows]
    lowest = floats.index(min(floats))
    assert 3 <= lowest <= 6
    assert floats[:lowest] == sorted(floats[:lowest], reverse=True)
    assert floats[-1] > 1e4 * floats[lowest]
    assert balls[-1] < 1e-24
    assert all(90 < one / next_ < 110 for one, next_ in pairwise(balls))


def evidence(f, g, params, *given):
    pair = Subject(f, g, read(params), given)
    return numerical(pair, pair.parameters.arrays)


def test_as_evidence_it_says_its_error_and_its_bands():
    right = evidence(loss, grad, parameters(), *data())
    assert (right.level, right.verdict) == ("numerical", "equal")
    assert "fine up to 1e-07" in right.said
    wrong = evidence(loss, changed("W2", lambda g: -g), parameters(), *data())
    assert wrong.verdict == "different"
    assert "the most at W2[" in wrong.said
    assert evidence(relu_sum, relu_slopes, np.zeros(2)).verdict == "undecided"


def test_as_evidence_a_wrong_shape_is_different_and_what_cannot_run_is_undecided():
    shape = evidence(loss, changed("W1", np.transpose), parameters(), *data())
    assert shape.verdict == "different"
    assert "wrong shape yours (4, 3) expected (3, 4)" in shape.said
    assert evidence(lambda w: np.sum(w) / 0, np.ones_like, np.ones(2)).verdict == "undecided"
    assert "ValueError" in evidence(lambda w: np.sum(w + np.ones(3)), np.ones_like, np.ones(2)).said


@pytest.mark.parametrize("step", [0, -1e-5, np.nan, np.inf])
def test_a_step_that_is_none_is_refused(step):
    with pytest.raises(InputError, match="a step must be a positive number"):
        check(loss, grad, step=step)


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(ShapeError, match="gradient of W1 has the wrong shape"):
        check(loss, changed("W1", np.transpose))
    with pytest.raises(UndecidedError, match="loss is not finite"):
        check(lambda w: np.sum(np.log(w)), np.ones_like, np.array([0.0]))
    with pytest.raises(InputError, match="not finite"):
        check(loss, grad, {"W": np.array([np.nan])})


@pytest.mark.parametrize("bits", [None, BITS])
def test_numbers_and_nested_parameters_are_taken_as_they_are(bits):
    def f(p):
        return p["layers"][0] ** 2 * np.sum(p["w"])

    def g(p):
        return {"w": p["layers"][0] ** 2 * np.ones(2), "layers": [2 * p["layers"][0] * np.sum(p["w"])]}

    found = check(f, g, {"w": np.array([1.0, 2.0]), "layers": [0.5]}, bits=bits)
    assert found.verdict == "equal"


def test_the_answer_is_the_same_every_time_and_nothing_is_changed():
    def greedy(p, X, Y):
        g = grad(p, X, Y)
        for name in p:
            p[name] -= 0.1 * g[name]
        return g

    params = parameters()
    assert check(loss, greedy, params, *data()) == check(loss, grad, parameters(), *data())
    assert all(np.array_equal(params[name], A) for name, A in parameters().items())
