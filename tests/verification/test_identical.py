"""The level *identical*: right gradients are found equal as formulas, wrong ones different, and the region is told."""

from __future__ import annotations

import re
from fractions import Fraction

import numpy as np
import pytest

from symnn.errors import InputError
from symnn.library import load, names
from symnn.verification.identical import identical
from symnn.verification.structure import parameters
from symnn.verification.subject import Subject
from tests.grids import EVERYTHING
from tests.verification import nets
from tests.verification.idioms import IDIOMS
from tests.verification.twins import TWINS
from tests.wild.test_wild import CASES

rng = np.random.default_rng(11)
W, X = rng.standard_normal((3, 4)), rng.standard_normal((5, 3))


def evidence(loss, grad, params, *data, seed=0):
    read = parameters(params)
    return identical(Subject(loss, grad, read, data), read.arrays, seed)


def error_bits(found):
    """The k of "error below 2⁻ᵏ"."""
    power = found.said.partition("2⁻")[2].partition(" ")[0]
    return int(power.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")))


@pytest.mark.parametrize(("loss", "grad"), TWINS, ids=lambda f: f.__name__)
def test_a_right_gradient_is_identical_for_all_parameters_and_data(loss, grad):
    found = evidence(loss, grad, W, X)
    assert found.verdict == "equal"
    assert "for all parameters and data (seed 0)" in found.said
    assert error_bits(found) > 200


@pytest.mark.parametrize(("loss", "grad"), TWINS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("relative", ["1e-2", "1e-60"])
def test_a_wrong_factor_is_never_identical(loss, grad, relative):
    factor = 1 + Fraction(relative)
    found = evidence(loss, lambda w, X: grad(w, X) * factor, W, X)
    opaque = ("entropy", "batch_norm", "gelu", "norm", "weighted")
    assert found.verdict == ("undecided" if any(name in loss.__name__ for name in opaque) else "different")


@pytest.mark.parametrize("loss", IDIOMS, ids=lambda f: f.__name__)
def test_what_people_write_runs_and_another_gradient_is_not_identical(loss):
    found = evidence(loss, lambda w, X: 3 * w, W, X)
    if loss.__name__ == "rounding_for_print":
        assert "3 * w" not in found.said
        return
    assert found.verdict != "equal"
    assert "was not found equal" in found.said or any(
        one in found.said for one in ("certainly another formula", "known of balls only")
    )


@pytest.mark.parametrize("name", CASES)
def test_of_public_code_the_right_twin_is_identical_and_the_wrong_one_is_not(name):
    case = CASES[name]
    assert evidence(case.loss, case.right, *case.example()).verdict == "equal"
    if case.wrong is not None:
        assert evidence(case.loss, case.wrong, *case.example()).verdict != "equal"


@pytest.mark.parametrize("name", names())
def test_the_gradient_of_every_derivation_is_identical(name):
    example = load(name)
    params, data = example.arguments
    for gradient in (example.grad, example.derivation.compile(stable=False)):
        found = evidence(example.loss, gradient, params, *data)
        assert found.verdict == "equal"


def test_a_network_is_identical_and_tells_its_region():
    found = evidence(nets.loss, nets.grad, nets.parameters(), *nets.data())
    assert found.verdict == "equal"
    assert "for all parameters and data" in found.said
    signs = nets.forward(nets.parameters(), nets.data()[0])[1]
    assert len(found.region) == signs.size * 2
    assert all("nets.py" in text and " 0 (" in text for text in found.region)
    assert sum("> 0 (" in text for text in found.region) == 2 * np.sum(signs > 0)


@pytest.mark.parametrize("name", list(nets.parameters()))
def test_one_entry_off_by_1e_60_is_different_and_its_array_is_named(name):
    found = evidence(nets.loss, nets.planted(name, (0, 0), "1e-60"), nets.parameters(), *nets.data())
    assert found.verdict == "different"
    assert f"the gradient with respect to {name} is certainly another formula" in found.said


def test_two_wrong_arrays_are_both_named():
    def wrong(p, X, Y):
        gradients = nets.grad(p, X, Y)
        return {**gradients, "b1": gradients["b1"] / 5, "W2": -gradients["W2"]}

    found = evidence(nets.loss, wrong, nets.parameters(), *nets.data())
    assert "the gradient with respect to b1 and W2 is" in found.said


def test_a_gradient_right_only_at_the_point_is_not_equal():
    p, data = nets.parameters(), nets.data()
    there = nets.grad(p, *data)
    assert evidence(nets.loss, lambda *_: there, p, *data).verdict != "equal"
    # Hard-wired in part, and in numbers that are exact.
    w = np.array([0.5, 1.5])
    found = evidence(lambda w: np.sum(w**3), lambda w: 3 * w * np.array([0.5, 1.5]), w)
    assert found.verdict == "different"
    assert evidence(lambda w: np.sum(w**3), lambda w: 3 * w * w, w).verdict == "equal"


def test_a_gradient_right_in_one_branch_only_is_equal_there_and_different_beyond():
    def loss(w):
        return np.sum(np.where(w > 0, w**2, w**3))

    inside = evidence(loss, lambda w: 2 * w, np.array([0.5, 1.5]))
    assert inside.verdict == "equal"
    assert inside.region[0].startswith("0.5 > 0 (")
    assert evidence(loss, lambda w: 2 * w, np.array([0.5, -1.5])).verdict == "different"


def test_what_holds_for_the_data_given_only_is_said_to_hold_for_all_parameters():
    def loss(w, X, Y):
        Z = X @ w
        return -np.sum(Y * (Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))))

    def grad(w, X, Y):
        E = np.exp(X @ w)
        return X.T @ (E / E.sum(axis=1, keepdims=True) - Y)

    shares = np.array([[0.5, 0.25, 0.125, 0.125]] * 5)
    found = evidence(loss, grad, W, X, shares)
    assert found.verdict == "equal"
    assert "for all parameters (seed 0)" in found.said
    assert evidence(loss, grad, W, X, shares * 1.5).verdict == "different"
    assert "for all parameters and all data but whole" in evidence(loss, grad, W, X, np.eye(4)[[0, 1, 1, 3, 2]]).said
    assert "for all parameters (seed 0)" in evidence(loss, grad, W, np.round(3 * X), np.eye(4)[[0, 1, 1, 3, 2]]).said


def test_data_that_are_counted_with_are_constants():
    def loss(w, x, steps):
        total = np.sum(w * x)
        for _ in range(steps.astype(int)[0]):
            total = total * np.sum(w)
        return total

    def grad(w, x, steps):
        return x * np.sum(w) ** steps[0] + steps[0] * np.sum(w * x) * np.sum(w) ** (steps[0] - 1)

    found = evidence(loss, grad, np.array([0.5, 1.5]), np.array([0.25, 3.5]), np.array([2.0]))
    assert found.verdict == "equal"
    assert "for all parameters and all data but whole numbers (seed 0)" in found.said


def test_square_roots_are_told_as_what_is_left_open():
    found = evidence(lambda w: np.sqrt(np.sum(w**2)), lambda w: w / np.sqrt(np.sum(w * w)), np.array([0.5, 1.5]))
    assert found.verdict == "equal"
    assert found.said.endswith("(seed 0), the signs of square roots aside")


def test_the_sign_of_the_root_of_a_square_is_that_at_the_point():
    def loss(w):
        return np.sqrt(w[0] ** 2 * w[1] ** 2)

    for point, sign in (([0.5, 1.5], 1), ([-0.5, 1.5], -1), ([-0.5, -1.5], 1)):
        w = np.array(point)
        assert evidence(loss, lambda w, s=sign: s * w[::-1], w).verdict == "equal"
        assert evidence(loss, lambda w, s=sign: -s * w[::-1], w).verdict == "different"


def test_a_constant_typed_and_computed_is_one_constant():
    def grad(c):
        return lambda w: np.cos(c * w) * c

    def loss(w):
        return np.sum(np.sin(np.sqrt(2 / np.pi) * w))

    w = np.array([0.5, 1.5])
    assert evidence(loss, grad(0.7978845608028654), w).verdict == "equal"
    off = evidence(loss, grad(0.7978845608028), w)
    assert off.verdict == "undecided"
    assert "0.79788456080" in off.said


def test_a_gradient_of_another_shape_is_different():
    found = evidence(lambda w: np.sum(w), lambda w: np.outer(w, w), np.array([0.5, 1.5]))
    said = "the gradient with respect to params has shape (2, 2), the parameter (2,)"
    assert (found.verdict, found.said) == ("different", said)


def test_beside_a_kink_a_region_is_taken():
    def ramps(w):
        return np.sum(np.maximum(w, 0))

    on_kink = np.array([0.5, 0.0])
    found = evidence(ramps, lambda w: (w > 0) * 1.0, on_kink)
    assert found.verdict == "equal"
    assert found.region
    assert evidence(ramps, lambda w: (w > 0) * 2.0, on_kink).verdict == "different"


def test_a_gradient_that_is_zero_is_no_evidence():
    def loss(p):
        return np.sum(np.maximum(p["w"], 0)) + np.sum(p["v"] ** 2)

    def grad(p):
        return {"w": np.where(p["w"] > 0, 1.0, 0.0), "v": 2 * p["v"]}

    dead = {"w": np.array([-1.5]), "v": np.array([2.5])}
    assert evidence(loss, grad, dead).said.endswith("that with respect to w is zero throughout")
    nothing = evidence(lambda w: np.sum(np.maximum(w, 0)), lambda w: np.maximum(w, 0) * 0, dead["w"])
    assert nothing.verdict == "undecided"
    assert "zero throughout" in nothing.said


def stateful():
    kept = []

    def loss(w):
        kept.append(w.sum())
        return np.sum(w**2) + kept[0] * 0

    return loss


@pytest.mark.parametrize(
    ("loss", "grad", "reason"),
    [
        (lambda w: np.sum(w[5]), lambda w: w, "IndexError"),
        (lambda w: np.linalg.eigvalsh(w.reshape(1, 1)).sum(), lambda w: w, "eigvalsh is known of balls only"),
        (lambda w: np.sum(np.log(-w)), lambda w: 1 / w, "not finite"),
        (lambda w: np.sum(w**2), lambda w: 2 * w / (w - w), "not finite"),
        (lambda w: np.sum(np.spacing(w)), lambda w: w, r"np\.spacing cannot run on certified numbers: use"),
        (lambda w: np.sum(w**5000000), lambda w: w, "too high"),
    ],
)
def test_what_cannot_run_is_undecided_and_says_why(loss, grad, reason):
    found = evidence(loss, grad, np.array([0.5]))
    assert found.verdict == "undecided"
    assert re.search(reason, found.said)


def test_numbers_kept_from_an_earlier_run_are_not_mixed_in():
    loss = stateful()
    first = evidence(loss, lambda w: 2 * w, np.array([0.5, 1.5]))
    again = evidence(loss, lambda w: 2 * w, np.array([0.5, 1.5]))
    assert first.verdict == "equal"
    assert again.verdict == "undecided"
    assert "carries state" in again.said


def test_a_gradient_by_other_names_is_refused():
    with pytest.raises(InputError, match="one array per parameter"):
        evidence(lambda p: np.sum(p["w"]), lambda p: {"q": p["w"], "r": p["w"]}, {"w": np.array([0.5])})


@pytest.mark.parametrize("depth", [3, 9, 20])
def test_a_deep_network_needs_a_high_tower_and_gets_it(depth):
    def forward(w, x):
        states = [x]
        for _ in range(depth):
            states.append(np.tanh(w * states[-1]))
        return states

    def grad(w, x):
        states, dw, upstream = forward(w, x), 0, 1
        for before, after in zip(states[-2::-1], states[:0:-1], strict=True):
            dz = upstream * (1 - after**2)
            dw, upstream = dw + dz * before, dz * w
        return dw

    found = evidence(lambda w, x: forward(w, x)[-1], grad, 1.25, np.array(0.5))
    assert found.verdict == "equal"
    assert error_bits(found) >= 100


@pytest.mark.time
def test_exponentials_nested_beyond_every_tower_are_undecided():
    def loss(w):
        for _ in range(70):
            w = np.tanh(w)
        return w

    found = evidence(loss, loss, 0.5)
    assert found.verdict == "undecided"
    assert "nested deeper" in found.said


def test_the_same_seed_says_the_same_and_another_seed_agrees():
    found = [evidence(nets.loss, nets.grad, nets.parameters(), *nets.data(), seed=seed) for seed in (0, 0, 1)]
    assert found[0] == found[1]
    assert found[2].said == found[0].said.replace("seed 0", "seed 1")


@pytest.mark.time
def test_a_large_network_is_identical_and_one_entry_off_by_1e_60_is_different():
    # 101,770 parameters where all is looked at; an ordinary run has a tenth of the inputs.
    inputs = 784 if EVERYTHING else 78
    p = {
        "W1": rng.standard_normal((128, inputs)) / 20,
        "b1": np.zeros((128, 1)),
        "W2": rng.standard_normal((10, 128)) / 10,
        "b2": np.zeros((10, 1)),
    }
    X, Y = rng.random((inputs, 4)), np.eye(10)[:, [3, 1, 4, 5]]

    def forward(p, X):
        A = 1 / (1 + np.exp(-(p["W1"] @ X + p["b1"])))
        Z = p["W2"] @ A + p["b2"]
        E = np.exp(Z - Z.max(axis=0, keepdims=True))
        return A, E / E.sum(axis=0, keepdims=True)

    def loss(p, X, Y):
        return -np.mean(np.sum(Y * np.log(forward(p, X)[1]), axis=0))

    def grad(p, X, Y):
        A, P = forward(p, X)
        d2 = (P - Y) / 4
        d1 = (p["W2"].T @ d2) * A * (1 - A)
        sums = {"b1": d1.sum(axis=1, keepdims=True), "b2": d2.sum(axis=1, keepdims=True)}
        return {"W1": d1 @ X.T, "W2": d2 @ A.T, **sums}

    def wrong(p, X, Y):
        gradients = grad(p, X, Y)
        gradients["W1"][17, 30] *= 1 + Fraction(1, 10**60)
        return gradients

    right = evidence(loss, grad, p, X, Y)
    assert right.verdict == "equal"
    assert error_bits(right) > 200
    found = evidence(loss, wrong, p, X, Y)
    assert found.verdict == "different"
    assert "respect to W1 is" in found.said


def test_a_gradient_that_is_remembered_from_an_earlier_run_is_no_certain_difference():
    kept = []

    def loss(w):
        return np.sum(np.tanh(w) + w**2)

    def grad(w):
        kept.append(1 - np.tanh(w) ** 2 + 2 * w)
        return kept[0]

    params = np.array([0.5, -1.5])
    pair = Subject(loss, grad, parameters(params), ())
    assert identical(pair, {"params": params}, seed=0).verdict == "equal"
    again = identical(pair, {"params": params}, seed=1)
    assert again.verdict == "undecided"
    assert "kept from an earlier run" in again.said
