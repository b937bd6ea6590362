"""At a kink every convention is right, what lies outside is not, and a hair's breadth away all is strict again."""

from __future__ import annotations

import itertools
from decimal import Decimal

import numpy as np
import pytest

from symnn.verification.surroundings import Situation, Surroundings
from tests.grids import covering
from tests.verification.kinked import CASES, slope
from tests.verification.pairs import verify_pair

EVERY = pytest.mark.parametrize("name", CASES)


def verdict_of(case, share, params=None):
    return verify_pair(case.loss, lambda w: case.grad(w, share), case.params if params is None else params)


@EVERY
@pytest.mark.parametrize("share", [0, 0.5, 1])
def test_every_convention_is_equal_and_the_interval_is_shown(name, share):
    case = CASES[name]
    verdict = verdict_of(case, share)
    assert verdict.verdict == "equal", verdict
    assert verdict.digits >= 80
    assert "at 2 points and, on a kink, at the point given" in verdict.evidence
    check = verdict["params"]
    assert check.worst == case.entry
    assert [float(end) for end in check.interval] == pytest.approx([float(end) for end in case.interval], rel=1e-15)
    assert check.interval[0] <= check.yours <= check.interval[1]
    assert check.exact is None
    assert (
        f"{check.yours:.12g}, one-sided derivatives {check.interval[0]:.12g} and {check.interval[1]:.12g}" in check.note
    )
    assert "kinked.py:" in check.note


@EVERY
@pytest.mark.parametrize("share", [-1, 2, 1 + 1e-9, -1e-30])
def test_what_lies_outside_is_different_and_the_interval_is_shown(name, share):
    case = CASES[name]
    verdict = verdict_of(case, share)
    assert verdict.verdict == "different"
    assert "seen at the point given, on a kink" in verdict.evidence
    check = verdict["params"]
    low, high = check.interval
    assert not low <= check.yours <= high or check.difference
    assert dict(check.values())["exact"].startswith("between ")
    assert check.exact in check.interval
    assert check.ratio is None
    assert "kinked.py:" in check.note


# Every two of a kink, a share and a shift meet.
BESIDE = covering(itertools.product(CASES, (0, 0.5, 1), (1e-7, -1e-7, 1e-30, -1e-30)), meet=2)


@pytest.mark.parametrize(("name", "share", "shift"), BESIDE)
def test_beside_the_kink_nothing_is_left_open_and_nothing_alarms(name, share, shift):
    case = CASES[name]
    offset = np.zeros_like(case.params)
    offset[case.entry] = shift

    def moved(f):
        return lambda w, offset: f(w + offset)

    verdict = verify_pair(moved(case.loss), moved(lambda w: case.grad(w, share)), case.params, offset)
    assert verdict.verdict == "equal", verdict
    assert "on a kink" not in str(verdict)
    wrong = moved(lambda w: case.grad(w, share) + 1e-40)
    assert verify_pair(moved(case.loss), wrong, case.params, offset).verdict == "different"


@EVERY
def test_an_entry_off_the_kink_stays_strict(name):
    case = CASES[name]

    def wrong(w):
        out = case.grad(w, 0)
        # Only here, so that no other point gives it away.
        if np.all(w == case.params):
            out[1] += 1e-40
        return out

    verdict = verify_pair(case.loss, wrong, case.params)
    assert verdict.verdict == "different"
    assert verdict["params"].worst == (1,)


SMOOTH = {
    "huber": (
        lambda w: np.sum(np.where(np.abs(w) <= 1, w**2 / 2, np.abs(w) - 0.5)),
        lambda w: np.clip(w, -1, 1),
        np.array([1.0, -1.0, 0.25]),
    ),
    "squared hinge": (
        lambda w: np.sum(np.maximum(0, 1 - w) ** 2),
        lambda w: -2 * np.maximum(0, 1 - w),
        np.array([1.0, 0.5]),
    ),
    "sigmoid in two branches": (
        lambda w: np.sum(np.where(w >= 0, 1 / (1 + np.exp(-w)), np.exp(w) / (1 + np.exp(w)))),
        lambda w: 1 / (2 + np.exp(w) + np.exp(-w)),
        np.array([0.0, 0.5]),
    ),
    "softmax with its largest entry taken off, twice there": (
        lambda w: np.log(np.sum(np.exp(w - np.max(w)))) - w[0] + np.max(w),
        lambda w: np.exp(w) / np.sum(np.exp(w)) - np.array([1.0, 0, 0]),
        np.array([2.0, 2.0, 1.0]),
    ),
}


@pytest.mark.parametrize(("loss", "grad", "w"), SMOOTH.values(), ids=SMOOTH)
def test_a_joint_without_a_kink_is_compared_strictly_and_counts(loss, grad, w):
    verdict = verify_pair(loss, grad, w)
    assert verdict.verdict == "equal", verdict
    assert "at 2 points (" in verdict.evidence
    assert verdict["params"].interval is None
    assert verdict.reasons == ()

    def wrong(v):
        return grad(v) + 1e-30 * np.all(v == w)

    assert verify_pair(loss, wrong, w).verdict == "different"


def test_kinks_that_make_up_for_each_other_may_each_have_a_value_of_its_own():
    def loss(w):
        return np.sum(np.maximum(w, 0) - np.maximum(-w, 0))

    def grad(w, share=0):
        return slope(w, 0, 1, share) + slope(-w, 0, 1, share)

    verdict = verify_pair(loss, grad, np.array([0.0, 2.0]))
    assert verdict.verdict == "equal"
    assert verdict["params"].interval == (0, 2)
    assert "yours 0, between 0 and 2 as each kink is taken by itself" in verdict["params"].note
    assert verify_pair(loss, lambda w: grad(w, -0.1), np.array([0.0, 2.0])).verdict == "different"


def test_where_the_loss_jumps_the_point_does_not_count():
    verdict = verify_pair(lambda w: np.sum(np.where(w > 0, 1 + w, w)), np.ones_like, np.array([0.0, 2.0]))
    assert verdict.verdict == "equal"
    assert "the point given does not count: 0 > 0 is decided at equality" in verdict.reasons[0]
    assert "and the loss jumps there" in verdict.reasons[0]


def test_where_more_kinks_meet_than_can_be_told_apart_the_point_does_not_count():
    signs = np.array([3.0, -7.0, 1.0, -9.0, 4.0, -2.0, 5.0])

    def loss(w):
        return np.sum(np.abs(w[0] * signs) * signs) + w[1] ** 2

    def grad(w):
        # Beyond what any share of the seven kinks gives, but only there.
        return np.array([np.sum(slope(w[0] * signs, -1, 1, 0.5) * signs**2) + 1000 * (w[0] == 0), 2 * w[1]])

    verdict = verify_pair(loss, grad, np.array([0.0, 1.0]))
    assert verdict.verdict == "equal"
    assert "the point given does not count" in verdict.reasons[0]
    assert "more than 64 pieces meet there" in verdict.reasons[0]


# Numbers that are 0 on paper: a ball of radius 1e-100 about it, on the kink for all that is known.
ABOUT_ZERO = {
    "exp(1) - exp(1)": lambda w: w + np.exp(0 * w + 1) - np.exp(0 * w + 1),
    "sqrt(2)² - 2": lambda w: w + np.sqrt(0 * w + 2) ** 2 - 2,
    "0.1 + 0.2 - 0.3": lambda w: w + 0.1 + 0.2 - 0.3,
    "sin² + cos² - 1": lambda w: w + np.sin(w + 1) ** 2 + np.cos(w + 1) ** 2 - 1,
}


@pytest.mark.parametrize("z", ABOUT_ZERO.values(), ids=ABOUT_ZERO)
@pytest.mark.parametrize("name", ["relu", "abs", "leaky relu"])
def test_what_is_zero_up_to_rounding_is_no_false_alarm(name, z):
    case = CASES[name]
    verdict = verify_pair(lambda w: case.loss(z(w)), lambda w: case.grad(z(w), 0), case.params)
    assert verdict.verdict == "equal", verdict
    assert "and, on a kink, at the point given" in verdict.evidence
    assert verdict["params"].worst == (0,)
    assert "cannot decide whether" in verdict["params"].note
    wrong = verify_pair(lambda w: case.loss(z(w)), lambda w: 3 * case.grad(z(w), 0), case.params)
    assert wrong.verdict == "different"


def test_a_gradient_that_is_right_on_one_side_only_of_what_cannot_be_decided_does_not_count():
    def loss(w):
        return np.sum(w**2)

    def grad(w):
        return np.where(np.exp(np.log(w)) >= w, 2 * w, 3 * w)

    verdict = verify_pair(loss, grad, np.array([1.0, 2.0]))
    assert verdict.verdict == "undecided"
    assert "whether your gradient of params is right depends on a comparison of balls that overlap" in str(verdict)
    wrong_on_both = verify_pair(loss, lambda w: grad(w) + 9 * w, np.array([1.0, 2.0]))
    assert wrong_on_both.verdict == "different"


def large(kinked_rows):
    rng = np.random.default_rng(4)
    # Eighths, so that code may compare with them: longer doubles in code stand for all that round to them.
    W, x = rng.integers(-9, 9, (12, 20)) / 8, rng.integers(-9, 9, (20, 3)) / 8
    W[:kinked_rows] = 0
    # Away from 0 everywhere else, so that only these rows lie on the kink.
    W[kinked_rows:, 0] += 100
    x[0] = 1
    return W, x


def layer_loss(W, x):
    return np.sum(np.maximum(W @ x, 0) * SCALES)


def layer_grad(W, x):
    return ((W @ x > 0) * SCALES) @ x.T


SCALES = np.array([1.0, 2.0, 0.5])


def test_in_a_large_array_what_lies_off_the_kink_is_compared_strictly():
    W, x = large(1)
    verdict = verify_pair(layer_loss, layer_grad, W, x)
    assert verdict.verdict == "equal"
    assert "and, on a kink, at the point given" in verdict.evidence
    assert verdict["params"].worst[0] == 0
    assert "(and so 19 more): yours 0, one-sided derivatives" in verdict["params"].note
    for row, size in ((0, 50.0), (1, 1e-40), (11, 1e-40)):

        def wrong(V, x, row=row, size=size):
            out = layer_grad(V, x)
            out[row, 7] += size * np.all(V == W)
            return out

        found = verify_pair(layer_loss, wrong, W, x)
        assert found.verdict == "different"
        assert found["params"].worst == (row, 7)
        assert (found["params"].interval is not None) == (row == 0)


def test_what_is_compared_only_added_up_is_said():
    W, x = large(12)
    verdict = verify_pair(layer_loss, layer_grad, W, x)
    assert verdict.verdict == "equal"
    assert "of its entries lie on kinks and were compared only added up" in verdict["params"].note


def _given(subject):
    return Situation("the point given", subject, dict(subject.parameters.arrays))


def test_equal_takes_a_point_off_every_kink(monkeypatch):
    monkeypatch.setattr(Surroundings, "first", lambda self: itertools.repeat(_given(self.subject)))
    case = CASES["abs"]
    verdict = verdict_of(case, 0)
    assert verdict.verdict == "undecided"
    assert "every point that counts lies on a kink" in verdict.reasons[0]
    assert verdict["params"].verdict == "equal"
    assert verdict_of(case, 2).verdict == "different"


def test_a_point_on_a_kink_is_looked_at_besides_those_asked_for():
    case = CASES["abs"]
    verdict = verify_pair(case.loss, lambda w: case.grad(w, 0), case.params, points=1)
    assert "at 1 point and, on a kink, at the point given" in verdict.evidence


def test_a_kink_reads_well():
    shown = str(verdict_of(CASES["abs"], 0)).replace("\n", " ")
    assert "on a kink at params[0]: yours -0.5, one-sided derivatives -0.5 and 0.5: 0 >= 0 is decided" in shown
    rows = verdict_of(CASES["relu"], 2)["params"].values()
    assert rows == [("yours", "4"), ("exact", "between 0 and 2"), ("difference", "2.0e+0")]
    assert Decimal(2) in verdict_of(CASES["relu"], 2)["params"].interval
