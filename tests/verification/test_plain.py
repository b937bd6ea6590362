"""Without a network a mistake is named from the exact gradient alone: each plain row once, and never by chance."""

from __future__ import annotations

import math

import numpy as np
import pytest

from symnn.verification.plain import diagnose_plain
from symnn.verification.plain.naming import PLAIN
from symnn.verification.subject import pair_of

RNG = np.random.default_rng(9)
X, Y = RNG.normal(size=(5, 3)), RNG.normal(size=(5, 3))
PARAMS = {"W": RNG.normal(size=(3, 3)), "b": RNG.normal(size=3)}


def loss(p, X, Y):
    # The cube is in no table of losses, so that no network is recognised here or elsewhere.
    return np.sum((X @ p["W"] + p["b"] - Y) ** 3) / len(X)


def slopes(p, X, Y):
    return 3 * (X @ p["W"] + p["b"] - Y) ** 2 / len(X)


def right(p, X, Y):
    dz = slopes(p, X, Y)
    return {"W": X.T @ dz, "b": dz.sum(axis=0)}


def with_one(name, change):
    def grad(p, X, Y):
        found = right(p, X, Y)
        return {**found, name: change(found[name], p, X, Y)}

    return grad


TIMES = "times what it should be (5 = the number of samples)"

# what is done to which gradient, the kind, and a part of what is said
CHANGES = {
    "zero": ("W", lambda g, *_: 0 * g, "zero", "the gradient with respect to W is left at zero"),
    "sign": ("b", lambda g, *_: -g, "sign", "the gradient with respect to b has the wrong sign"),
    "double": ("W", lambda g, *_: 2 * g, "factor", "the gradient with respect to W is 2 times what it should be"),
    "samples": ("W", lambda g, p, X, Y: g * len(X), "factor", f"is 5 {TIMES}"),
    "samples below": ("W", lambda g, p, X, Y: g / len(X), "factor", f"is 1/5 {TIMES}"),
    "transposed": ("W", lambda g, *_: g.T, "transposed", "the gradient with respect to W is transposed"),
    "not summed": ("b", lambda g, p, X, Y: slopes(p, X, Y), "not summed", "is not summed over the samples (axis 0"),
    "one number": ("b", lambda g, *_: g.sum() + 0 * g, "bias sum", "each is the sum of all"),
    "absolute": ("W", lambda g, *_: np.abs(g), "absolute value", "is its absolute value"),
    "clipped": ("W", lambda g, *_: np.clip(g, -0.25, 0.25), "clipped", "is clipped to ±0.25, entry by entry"),
    "normalised": ("W", lambda g, *_: g / np.sqrt(np.sum(g * g)), "normalised", "divided by its Euclidean norm"),
    "decay": ("W", lambda g, p, *_: g - 0.02 * p["W"], "penalty", "off by −0.02 times the parameter"),
    "where negative": ("b", lambda g, p, *_: np.where(p["b"] < 0, -g, g), "part", "the wrong sign where b < 0"),
    "last row": ("W", lambda g, *_: np.array([[1.5], [2.25], [1.0]]) * g, "rows", "right in its last row alone"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_plain_mistake_is_named(name):
    array, change, kind, words = CHANGES[name]
    found = diagnose_plain(pair_of(loss, with_one(array, change), PARAMS, X, Y), 0)
    assert words in found.said
    assert (found.kind, found.arrays) == (kind, (array,))


def test_what_is_right_is_not_named():
    assert not diagnose_plain(pair_of(loss, right, PARAMS, X, Y), 0)


def test_a_number_is_no_size_by_accident():
    grad = with_one("W", lambda g, *_: g * len(X))
    fifth = diagnose_plain(pair_of(loss, grad, PARAMS, X, Y), 0).said
    assert fifth == "the gradient with respect to W is 5 times what it should be"


@pytest.mark.parametrize("little", [1e-3, 1e-9])
def test_what_only_resembles_a_mistake_is_not_named(little):
    def grad(p, X, Y):
        found = with_one("W", lambda g, *_: 2 * g)(p, X, Y)
        found["W"][1, 1] *= 1 + little
        return found

    assert not diagnose_plain(pair_of(loss, grad, PARAMS, X, Y), 0)


def test_two_gradients_with_one_mistake_are_told_together():
    def grad(p, X, Y):
        return {name: -g for name, g in right(p, X, Y).items()}

    found = diagnose_plain(pair_of(loss, grad, PARAMS, X, Y), 0)
    assert found.said == "each of the gradients with respect to W and b has the wrong sign"
    assert found.difference == "yours − exact = −2·exact"


def test_one_mistake_that_is_named_does_not_hide_another_that_is_not():
    def grad(p, X, Y):
        found = right(p, X, Y)
        return {"W": -found["W"], "b": found["b"] ** 2}

    assert not diagnose_plain(pair_of(loss, grad, PARAMS, X, Y), 0)


def test_large_arrays_are_told_by_directions():
    big = {"W": RNG.normal(size=(10, 10)) / 8}
    data = RNG.normal(size=(5, 10)), RNG.normal(size=(5, 10))

    def cubes(p, X, Y):
        return np.sum((X @ p["W"] - Y) ** 3)

    def exact(p, X, Y):
        return X.T @ (3 * (X @ p["W"] - Y) ** 2)

    def said(change):
        return diagnose_plain(pair_of(cubes, lambda p, X, Y: {"W": change(exact(p, X, Y))}, big, *data), 0).said

    assert said(lambda g: -g) == "the gradient with respect to W has the wrong sign"
    fifth = "the gradient with respect to W is 1/5 times what it should be (5 = the number of samples)"
    assert said(lambda g: g / 5) == fifth.partition(" (")[0]
    assert said(lambda g: g.T) == "the gradient with respect to W is transposed"
    assert said(lambda g: 0 * g) == "the gradient with respect to W is left at zero"
    assert said(lambda g: g) == ""
    assert said(lambda g: g * g) == ""


Z, UPSTREAM = RNG.normal(size=(2, 4)) + 0.1, RNG.normal(size=(2, 4))


def elementwise(f):
    return lambda z, upstream: np.sum(upstream * f(z))


def weighted(f):
    return lambda z, upstream: upstream * f(z)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


# a function, what stands for its derivative, and what is said
DERIVATIVES = {
    "value for slope": (np.tanh, np.tanh, "its value stands where its derivative belongs"),
    "formula on the input": (np.tanh, lambda z: 1 - z**2, "is applied to its input, not to its output"),
    "of another": (sigmoid, lambda z: 1 - np.tanh(z) ** 2, "the derivative is that of tanh"),
    "at the output": (np.tanh, lambda z: 1 - np.tanh(np.tanh(z)) ** 2, "taken at its output"),
    "left out": (sigmoid, np.ones_like, "its derivative is left out"),
    "squared": (sigmoid, lambda z: (sigmoid(z) * (1 - sigmoid(z))) ** 2, "its derivative is squared"),
}


@pytest.mark.parametrize("name", DERIVATIVES)
def test_a_wrong_derivative_of_a_known_function_is_named(name):
    f, wrong, words = DERIVATIVES[name]
    found = diagnose_plain(pair_of(elementwise(f), weighted(wrong), Z, UPSTREAM), 0)
    assert words in found.said
    assert found.kind == "function"


def test_a_wrong_derivative_that_is_in_no_row_is_not_named():
    assert not diagnose_plain(pair_of(elementwise(np.tanh), weighted(lambda z: np.exp(-(z**2))), Z, UPSTREAM), 0)


def test_the_exact_gelu_with_the_slope_of_its_tanh_form_is_named():
    bend = math.sqrt(2 / math.pi)

    def smooth(z):
        return z * (1 + np.tanh(bend * (z + 0.044715 * z**3))) / 2

    def pdf_left_out(z):
        return (1 + np.tanh(bend * (z + 0.044715 * z**3))) / 2

    found = diagnose_plain(pair_of(elementwise(smooth), weighted(pdf_left_out), Z, UPSTREAM), 0)
    assert "GELU in its tanh form: the term with the pdf is left out" in found.said


def test_every_row_is_reached():
    kinds = {kind for _, _, kind, _ in CHANGES.values()} | {"function"}
    # The one that is left, = for +=, is max-pooling in tests/wild.
    assert len(PLAIN) == 11
    assert kinds >= {"zero", "factor", "transposed", "not summed", "bias sum", "penalty", "part", "rows", "function"}


# what the loss adds for a penalty and what the gradient does, by what is said of it
PENALTIES = {
    "is left out (reg = 0.3)": (2.0, 0.0),
    "has the wrong sign (reg = 0.3)": (2.0, -2.0),
    "is 1/2 times what it should be (reg = 0.3)": (2.0, 1.0),
    "is 2 times what it should be (reg = 0.3)": (1.0, 2.0),
}


@pytest.mark.parametrize("said", PENALTIES)
def test_a_penalty_left_out_with_another_sign_or_another_weight_are_told_apart(said):
    right_one, wrong_one = PENALTIES[said]

    def penalised(p, X, Y, reg):
        return loss(p, X, Y) + right_one / 2 * reg * np.sum(p["W"] ** 2)

    def grad(p, X, Y, reg):
        found = right(p, X, Y)
        return {**found, "W": found["W"] + wrong_one * reg * p["W"]}

    assert said in diagnose_plain(pair_of(penalised, grad, PARAMS, X, Y, 0.3), 0).said
