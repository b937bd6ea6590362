"""A wrong gradient is found and its entry named; a right one is certified; all else is undecided."""

from __future__ import annotations

import copy
import math
import sys

import numpy as np
import pytest

from symnn.errors import InputError
from tests.verification.nets import changed, data, grad, loss, parameters, planted
from tests.verification.pairs import verify_pair

SIZES = [f"1e-{k}" for k in (2, 6, 12, 16, 17, 20, 30, 40, 50, 60)]
PLACES = [("W1", (2, 3)), ("b1", (1, 0)), ("W2", (0, 2)), ("b2", (1, 0)), ("W3", (0, 1)), ("b3", (0, 0))]


def verify(f, g, params=None, *given, **options):
    return verify_pair(f, g, parameters() if params is None else params, *(given or data()), **options)


@pytest.mark.parametrize("relative", SIZES)
@pytest.mark.parametrize(("name", "index"), PLACES)
def test_an_error_planted_in_one_entry_is_found_and_named(name, index, relative):
    verdict = verify(loss, planted(name, index, relative))
    assert verdict.verdict == "different"
    assert not verdict
    check = verdict[name]
    assert check.worst == index
    assert float(abs(check.difference / check.exact)) == pytest.approx(float(relative), rel=1e-4)
    assert [c.name for c in verdict.checks if c.verdict == "different"] == [name]


@pytest.mark.parametrize("seed", range(3))
def test_the_right_gradient_is_certified(seed):
    verdict = verify(loss, grad, parameters(seed), *data(seed=seed + 10), seed=seed)
    assert verdict.verdict == "equal"
    assert verdict
    assert verdict.digits >= 80
    assert verdict.evidence == f"certified to {verdict.digits} digits at 2 points (333-bit balls, seed {seed})"
    assert [check.shape for check in verdict.checks] == [A.shape for A in parameters().values()]


@pytest.mark.parametrize("m", range(1, 13))
def test_one_over_m_as_a_float_is_no_false_alarm(m):
    verdict = verify(loss, grad, None, *data(m))
    assert verdict
    assert verdict.digits >= 80


CHANGES = {
    "zeros": np.zeros_like,
    "sign": lambda g: -g,
    "factor 2": lambda g: 2 * g,
    "sum for mean": lambda g: 5 * g,
    "rounded to a float": lambda g: g + 1e-15,
    "plus its size": lambda g: g + np.abs(g),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("name", parameters())
def test_a_wrong_array_is_different(name, change):
    verdict = verify(loss, changed(name, change))
    wrong = [check.name for check in verdict.checks if check.verdict == "different"]
    assert wrong == [name]
    assert len(verdict[name].worst) == 2


FACTORS = {"2": 2, "-1": -1, "5": 5, "1/5": 0.2, "-1/2": -0.5}


@pytest.mark.parametrize(("said", "factor"), FACTORS.items())
def test_a_simple_factor_is_named(said, factor):
    assert f"yours = {said} × exact" in str(verify(loss, changed("W2", lambda g: g * factor)))


def test_a_gradient_of_zeros_is_different():
    verdict = verify(loss, lambda p, X, Y: {name: np.zeros(A.shape) for name, A in p.items()})
    assert [check.verdict for check in verdict.checks] == ["different"] * 6


def test_in_a_small_array_the_worst_entry_is_named():
    def wrong(p, X, Y):
        g = grad(p, X, Y)
        g["W1"][0, 1] += 1
        g["W1"][2, 2] -= 3
        g["W1"][1, 0] += 2
        return g

    check = verify(loss, wrong)["W1"]
    assert check.worst == (2, 2)
    assert float(check.difference) == -3


@pytest.mark.parametrize("index", [(0, 0), (4, 7), (9, 12)])
def test_in_a_large_array_bisection_finds_the_entry(index):
    rng = np.random.default_rng(3)
    W, X = rng.standard_normal((10, 13)), rng.standard_normal((13, 2))

    def wrong(W, X):
        g = np.cos(W @ X) @ X.T
        g[index] += 1e-40
        return g

    check = verify_pair(lambda W, X: np.sum(np.sin(W @ X)), wrong, W, X)["params"]
    assert check.worst == index
    assert float(check.difference) == pytest.approx(1e-40)


def test_a_transposed_gradient_is_different_and_the_shapes_are_shown():
    verdict = verify(loss, changed("W1", np.transpose))
    assert verdict.verdict == "different"
    assert "yours (4, 3)  expected (3, 4)" in str(verdict)


GRADIENT_NAMES = {
    "missing": (lambda g: {k: v for k, v in g.items() if k != "b2"}, "missing   b2"),
    "extra": (lambda g: g | {"W4": 0.0}, "extra     W4"),
    "a list one short": (lambda g: list(g.values())[1:], r"extra     params\[0\]"),
    "None": (lambda g: g | {"W1": None}, "the gradient of W1 is None"),
    "text": (lambda g: g | {"W1": "none"}, "the gradient of W1 is no array of numbers"),
}


@pytest.mark.parametrize(("spoil", "message"), GRADIENT_NAMES.values(), ids=GRADIENT_NAMES)
def test_a_gradient_of_other_names_is_refused(spoil, message):
    with pytest.raises(InputError, match=message):
        verify(loss, lambda p, X, Y: spoil(grad(p, X, Y)))


def with_entry(value):
    params = parameters()
    params["W2"][1, 2] = value
    return params


UNUSABLE = {
    "no parameters": (lambda: verify(loss, grad, {}), "there are no parameters"),
    "empty arrays": (lambda: verify(loss, grad, {"W": np.zeros((0, 3))}), "there are no parameters"),
    "NaN": (lambda: verify(loss, grad, with_entry(np.nan)), r"W2 holds.*\n  entry       W2\[1, 2\]"),
    "infinity": (lambda: verify(loss, grad, with_entry(np.inf)), r"W2\[1, 2\]\n  value       inf"),
    "text": (lambda: verify(loss, grad, {"W": "relu"}), "W is no array of real numbers"),
    "complex": (lambda: verify(loss, grad, {"W": np.zeros(2, complex)}), "W is no array of real numbers"),
    "NaN in the data": (lambda: verify(loss, grad, None, np.full((4, 2), np.nan), 1.0), r"data\[0\]\[0, 0\]"),
    "no points": (lambda: verify(loss, grad, points=0), "points must be at least 1"),
    "vector loss": (lambda: verify(lambda p, X, Y: X[0], grad), r"must return one number.*\(5,\)"),
    "loss of nothing": (lambda: verify(lambda p, X, Y: None, grad), "must return one number: given None"),
}


@pytest.mark.parametrize(("check", "message"), UNUSABLE.values(), ids=UNUSABLE)
def test_unusable_input_is_refused(check, message):
    with pytest.raises(InputError, match=f"(?s){message}"):
        check()


def test_lists_tuples_nested_dicts_and_single_arrays_are_parameters():
    def f(p, x):
        (W, b), c = p["layers"], p["c"]
        return np.sum(np.exp(W * x + b)) * c

    def g(p, x):
        (W, b), c = p["layers"], p["c"]
        E = np.exp(W * x + b)
        return {"layers": [(E * x) * c, E * c], "c": np.sum(E)}

    params = {"layers": (np.array([0.5, 0.25]), np.array([1.0, -1.0])), "c": 0.3}
    verdict = verify_pair(f, g, params, np.array([1.5, 2.0]))
    assert verdict
    assert [check.name for check in verdict.checks] == ["layers[0]", "layers[1]", "c"]


def test_a_list_of_numbers_is_one_array():
    def f(p):
        return p[0] * p[1] ** 2

    verdict = verify_pair(f, lambda p: [p[1] ** 2, 2 * p[0] * p[1]], [0.5, 1.5])
    assert verdict
    assert [(check.name, check.shape) for check in verdict.checks] == [("params", (2,))]
    assert verify_pair(f, lambda p: [p[1] ** 2, p[0] * p[1]], [0.5, 1.5])["params"].worst == (1,)


def test_a_pair_of_loss_and_gradients_is_accepted():
    assert verify(loss, lambda *given: (loss(*given), grad(*given)))


def test_a_loss_that_is_cast_to_float_is_accepted():
    assert verify(lambda p, X, Y: float(loss(p, X, Y)), grad)


def failing(p, X, Y):
    return {"W1": 1 // 0}


RAISES = {
    "ZeroDivisionError": (failing, "grad raised ZeroDivisionError"),
    "SystemExit": (lambda p, X, Y: sys.exit(3), "grad raised SystemExit: 3"),
    "KeyError": (lambda p, X, Y: p["W9"], "grad raised KeyError: 'W9'"),
    "eigenvalues": (lambda p, X, Y: np.linalg.eig(p["W1"][:, :3]), "np.linalg.eig cannot run"),
    "complex of a number": (lambda p, X, Y: complex(p["W1"][0, 0]), "complex cannot run"),
}


@pytest.mark.parametrize(("g", "message"), RAISES.values(), ids=RAISES)
def test_what_the_users_code_raises_makes_it_undecided_with_file_and_line(g, message):
    verdict = verify(loss, g)
    assert verdict.verdict == "undecided"
    assert not verdict
    assert message in str(verdict)
    assert f"test_pair.py:{g.__code__.co_firstlineno + (g is failing)}, in " in str(verdict)


def test_a_loss_that_raises_makes_it_undecided():
    verdict = verify(lambda p, X, Y: p["W1"].no_such_method(), grad)
    assert verdict.verdict == "undecided"
    assert "loss raised AttributeError" in verdict.reasons[0]


def test_an_array_the_loss_does_not_depend_on_is_undecided():
    params = parameters() | {"unused": np.ones(3)}
    verdict = verify(loss, lambda p, X, Y: grad(p, X, Y) | {"unused": np.zeros(3)}, params)
    assert verdict.verdict == "undecided"
    assert verdict["unused"].verdict == "undecided"
    assert "unused" in verdict.reasons[0]
    assert verdict["W1"].verdict == "equal"


def test_a_constant_loss_is_undecided():
    verdict = verify_pair(lambda w: 3.0, lambda w: np.zeros(2), np.array([1.0, 2.0]))
    assert verdict.verdict == "undecided"
    assert "zero at every point" in str(verdict)


def relu_loss(p, X):
    return np.sum(np.maximum(p["W"] @ X + p["b"], 0) ** 2 + np.maximum(p["W"] @ X + p["b"], 0))


def relu_grad(p, X):
    Z = p["W"] @ X + p["b"]
    dZ = (2 * Z + 1) * (Z > 0)
    return {"W": dZ @ X.T, "b": dZ.sum(axis=1, keepdims=True)}


def test_a_point_on_a_kink_is_looked_at_beside_the_random_points():
    params = {"W": np.array([[1.0, 2.0], [0.5, -1.0]]), "b": np.zeros((2, 1))}
    X = np.array([[0.0, 1.0], [0.0, 2.0]])
    verdict = verify_pair(relu_loss, relu_grad, params, X)
    assert verdict
    assert "at 2 points and, on a kink, at the point given" in verdict.evidence
    assert not verify_pair(relu_loss, lambda p, X: {**relu_grad(p, X), "b": np.ones((2, 1))}, params, X)


def test_what_cannot_be_decided_at_any_point_is_undecided():
    def f(w):
        return np.sum(np.where(np.exp(np.log(np.abs(w))) >= np.abs(w), w, 2 * w))

    verdict = verify_pair(f, np.ones_like, np.array([1.25, 2.5]))
    assert verdict.verdict == "undecided"
    assert len(verdict.reasons) >= 3
    assert all("cannot decide whether" in reason and "test_pair.py" in reason for reason in verdict.reasons)


def test_a_kink_is_reported_with_its_place():
    verdict = verify_pair(lambda w: np.sum(np.abs(w)), np.sign, np.array([0.0, 1.0]))
    assert verdict
    assert "test_pair.py:" in verdict["params"].note


def test_entries_that_are_zero_at_every_point_are_counted():
    X = np.array([[0.0, 0.0], [1.0, 2.0]])
    verdict = verify_pair(lambda W: np.sum(np.tanh(W @ X)), lambda W: (1 - np.tanh(W @ X) ** 2) @ X.T, np.ones((2, 2)))
    assert verdict["params"].note == "2 of 4 entries are zero at every point looked at"


def test_a_loss_and_its_gradient_see_the_same_dropout_mask():
    def keep(w):
        return np.random.random(w.shape) < 0.5

    state = np.random.get_state()[1].copy()
    verdict = verify_pair(lambda w: np.sum(np.sin(w) * keep(w)), lambda w: np.cos(w) * keep(w), np.linspace(1, 2, 20))
    assert verdict
    assert np.array_equal(np.random.get_state()[1], state)


def test_a_backward_pass_that_uses_what_the_loss_kept_is_certified():
    kept = {}

    def f(w):
        kept["y"] = np.tanh(w)
        return np.sum(kept["y"])

    assert verify_pair(f, lambda w: 1 - kept["y"] ** 2, np.array([0.5, 1.5]))


def test_an_unknown_array_of_a_verdict_is_refused():
    with pytest.raises(InputError, match="did you mean 'W1'"):
        verify(loss, grad)["W1 "]


def scaled_loss(p, X):
    return np.sum(np.tanh(p @ X / np.sqrt(3)))


def scaled_grad(p, X):
    scale = 1 / np.sqrt(3)
    return ((1 - np.tanh(p @ X * scale) ** 2) * scale) @ X.T


def test_a_float_constant_limits_the_digits_and_is_named():
    rng = np.random.default_rng(5)
    verdict = verify_pair(scaled_loss, scaled_grad, rng.standard_normal((2, 3)), rng.standard_normal((3, 4)))
    assert verdict
    assert 12 <= verdict.digits <= 17
    assert "limited by the float64 constants 0.577350269189625" in verdict.evidence


def test_a_float_constant_does_not_hide_an_error():
    rng = np.random.default_rng(5)
    verdict = verify_pair(
        scaled_loss,
        lambda p, X: scaled_grad(p, X) * (1 + 1e-11),
        rng.standard_normal((2, 3)),
        rng.standard_normal((3, 4)),
    )
    assert verdict.verdict == "different"


def test_the_users_arrays_are_never_changed():
    def greedy(p, X, Y):
        g = grad(p, X, Y)
        for name in p:
            p[name] -= 0.1 * g[name]
        X *= 0
        return g

    params, given = parameters(), data()
    before = copy.deepcopy((params, given))
    assert verify(loss, greedy, params, *given)
    assert all(np.array_equal(params[name], before[0][name]) for name in params)
    assert all(np.array_equal(a, b) for a, b in zip(given, before[1], strict=True))


def test_the_verdict_is_the_same_every_time():
    wrong = planted("W2", (1, 1), "1e-33")
    assert str(verify(loss, wrong)) == str(verify(loss, wrong))
    assert verify(loss, grad) == verify(loss, grad)


def test_few_digits_raise_the_precision():
    # Cancellation eats all 100 digits: exp(240) is 1e104.
    def f(w):
        return np.sum((np.exp(240 + w) + np.sin(w)) - np.exp(240 + w))

    verdict = verify_pair(f, np.cos, np.array([0.5, 1.0]))
    assert verdict
    assert verdict.digits >= 80
    assert "666-bit balls" in verdict.evidence
    assert "in float64 the loss is" in verdict.reasons[0]


def test_a_loop_over_samples_with_math_exp_is_certified():
    def f(w, X, Y):
        total = 0.0
        for x, y in zip(X, Y, strict=True):
            total += (1 / (1 + math.exp(-float(w @ x))) - y) ** 2 / (2 * len(X))
        return total

    def g(w, X, Y):
        out = np.zeros(w.shape)
        for x, y in zip(X, Y, strict=True):
            a = 1 / (1 + math.exp(-float(w @ x)))
            out += (a - y) * a * (1 - a) * x / len(X)
        return out

    rng = np.random.default_rng(0)
    verdict = verify_pair(f, g, rng.standard_normal(3), rng.standard_normal((7, 3)), rng.random(7))
    assert verdict.digits >= 80


def test_where_a_gradient_is_zero_more_points_are_drawn():
    # Dead at the point given and at most of those drawn.
    params = {"w": np.array([1.0, -1.0]), "b": np.array([-1.5])}

    def f(p):
        return np.sum(np.maximum(p["w"] + p["b"], 0) ** 2) + p["b"][0] ** 2

    def g(p):
        a = 2 * np.maximum(p["w"] + p["b"], 0)
        return {"w": a, "b": np.array([np.sum(a) + 2 * p["b"][0]])}

    verdict = verify_pair(f, g, params)
    assert verdict.verdict == "equal"
    assert "at 2 points" not in verdict.evidence
    assert verify_pair(f, lambda p: {**g(p), "w": 3 * g(p)["w"]}, params)["w"].verdict == "different"
