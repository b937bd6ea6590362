"""Asking for the gradient of a step or of the number of mistakes is answered with the reason, and never with zeros."""

from __future__ import annotations

import numpy as np
import pytest

from symnn import Dense, InputError, Network, derive, verify

MISTAKES = Network(2, [Dense(1, "sign")], "zero-one")
STEPPED = Network(2, [Dense(1, "step")], "half-squared-error")

X = np.random.default_rng(0).normal(size=(2, 5))
Y = np.array([[1.0, -1.0, 1.0, -1.0, 1.0]])
PARAMS = {"W1": np.array([[1.0, 0.5]]), "b1": np.array([[0.25]])}


def mistakes(params, X, Y):
    return np.mean(np.sign(params["W1"] @ X + params["b1"]) != Y)


def zeros(params, X, Y):
    return {name: np.zeros_like(array) for name, array in params.items()}


def ones(params, X, Y):
    return {name: np.ones_like(array) for name, array in params.items()}


class Signs:
    """A layer that puts out signs, and zeros as its gradients."""

    def __init__(self):
        self.W, self.b = PARAMS["W1"].copy(), PARAMS["b1"].copy()

    def forward(self, X):
        self.X = X
        return np.sign(self.W @ X + self.b)

    def backward(self, dA):
        self.dW, self.db = 0 * self.W, 0 * self.b
        return 0 * self.X


ASKED = {
    "derived": (lambda: derive(MISTAKES), "zero-one: it counts mistakes"),
    "derived behind a step": (lambda: derive(STEPPED), "step: it is flat"),
    "zeros by hand": (lambda: verify(mistakes, zeros, PARAMS, X, Y, network=MISTAKES), "zero-one: it counts mistakes"),
    "ones by hand": (lambda: verify(mistakes, ones, PARAMS, X, Y, network=MISTAKES), "zero-one: it counts mistakes"),
    "layers by hand": (lambda: verify([Signs()], network=MISTAKES), "zero-one: it counts mistakes"),
}


@pytest.mark.parametrize("asked", ASKED)
def test_asking_for_a_gradient_that_does_not_exist_is_refused_with_the_reason(asked):
    ask, reason = ASKED[asked]
    with pytest.raises(InputError, match="there is no useful gradient") as caught:
        ask()
    assert reason in str(caught.value)
    assert "take another activation or loss" in str(caught.value)


def test_zeros_for_a_flat_loss_are_not_equal_and_the_verdict_says_what_is_flat():
    verdict = verify(mistakes, zeros, PARAMS, X, Y)
    assert verdict.verdict == "undecided"
    assert "the loss is flat at every point looked at" in str(verdict)


def test_a_loss_that_changes_with_one_parameter_is_not_called_flat():
    verdict = verify(
        lambda params, X, Y: mistakes(params, X, Y) + np.sum(params["c"] ** 2),
        lambda params, X, Y: {**zeros(params, X, Y), "c": 2 * params["c"]},
        {**PARAMS, "c": np.ones(2)},
        X,
        Y,
    )
    assert verdict.verdict == "undecided"
    assert verdict["c"].verdict == "equal"
    assert "flat" not in str(verdict)


def test_a_gradient_that_is_not_zero_is_different_from_that_of_a_flat_loss():
    assert verify(mistakes, ones, PARAMS, X, Y).verdict == "different"
