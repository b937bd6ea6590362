"""What code does beside the values it gives: state, changed arguments and sums never begun anew are named."""

from __future__ import annotations

import numpy as np
import pytest

from symnn.verification import verify
from symnn.verification.adapters import Given, adapt
from symnn.verification.conduct import observe
from symnn.verification.subject import pair_of
from tests.verification.adapters.shapes import SHAPES, Affine, InDicts, ThreeLayers, X, Y, numbers

PARAMS = {"W": numbers(3, 2), "b": numbers(2)}


def loss(params, X, Y):
    return np.sum((np.tanh(X @ params["W"] + params["b"]) - Y) ** 2)


def grad(params, X, Y):
    A = np.tanh(X @ params["W"] + params["b"])
    delta = 2 * (A - Y) * (1 - A * A)
    return {"W": X.T @ delta, "b": delta.sum(axis=0)}


# Functions that are wrong by what they do beside: a pair of loss and grad each.


def accumulating():
    kept = {"W": np.zeros((3, 2)), "b": np.zeros(2)}

    def wrong(params, X, Y):
        for name, g in grad(params, X, Y).items():
            kept[name] = kept[name] + g
        return dict(kept)

    return loss, wrong


def accumulating_in_one():
    kept = []

    def wrong(params, X, Y):
        found = grad(params, X, Y)
        kept.append(found["b"])
        return {**found, "b": sum(kept)}

    return loss, wrong


def counting():
    calls = []

    def wrong(params, X, Y):
        calls.append(1)
        return {name: g / (1 + len(calls) // 2) for name, g in grad(params, X, Y).items()}

    return loss, wrong


def keeping_the_first_data():
    first = []

    def wrong(params, X, Y):
        first.append({name: A.copy() for name, A in params.items()})
        return grad(first[0], X, Y)

    return loss, wrong


def remembering_another_point():
    seen = {}

    def wrong(params, X, Y):
        seen.setdefault(float(params["b"][0]) > 1e9, None)
        if seen.get("moved") is None and "b" in seen and not np.array_equal(seen["b"], params["b"]):
            seen["moved"] = True
        seen["b"] = params["b"].copy()
        return {name: g * (2 if seen.get("moved") else 1) for name, g in grad(params, X, Y).items()}

    return loss, wrong


def changing_data():
    def wrong(params, X, Y):
        found = grad(params, X, Y)
        X *= 2
        return found

    return loss, wrong


def changing_targets_in_the_loss():
    def wrong(params, X, Y):
        value = loss(params, X, Y)
        Y -= 1
        return value

    return wrong, grad


def changing_nested_data():
    def wrong(params, batch):
        found = grad(params, batch["X"], batch["Y"])
        batch["X"][0] = 0
        return found

    return (lambda params, batch: loss(params, batch["X"], batch["Y"])), wrong


def updating():
    def wrong(params, X, Y):
        found = grad(params, X, Y)
        params["W"] -= 0.1 * found["W"]
        return found

    return loss, wrong


def adding_up_the_loss():
    total = []

    def wrong(params, X, Y):
        total.append(loss(params, X, Y))
        return sum(total)

    return wrong, grad


WRONG = {
    "gradients that add up": (accumulating, "different", "grad adds to the gradients of the calls before: "),
    "one gradient that adds up": (
        accumulating_in_one,
        "different",
        r"adds to the gradients of the calls before (of b)",
    ),
    "a count of calls": (counting, "different", "grad gives another result when called again with the same inputs"),
    "other inputs between": (remembering_another_point, "different", "after a call with other inputs"),
    "data changed": (changing_data, "different", "grad changes its argument data[0] in place"),
    "targets changed": (changing_targets_in_the_loss, "different", "loss changes its argument data[1] in place"),
    "nested data changed": (changing_nested_data, "different", "grad changes its argument data[0].X in place"),
    "parameters updated": (updating, "different", "grad changes the parameter W in place: an update belongs outside"),
    "a loss that adds up": (adding_up_the_loss, "different", "loss adds to what it gave before"),
}


def data_for(make):
    return ({"X": X, "Y": Y},) if make is changing_nested_data else (X, Y)


@pytest.mark.parametrize("what", WRONG)
def test_wrong_conduct_is_different_and_named(what):
    make, outcome, said = WRONG[what]
    verdict = verify(*make(), PARAMS, *data_for(make))
    assert verdict.verdict == outcome, verdict
    assert said in str(verdict.diagnosis)
    assert verdict.diagnosis.kind == "conduct"
    assert said in str(verdict)


def test_a_gradient_that_keeps_its_first_parameters_is_different():
    verdict = verify(*keeping_the_first_data(), PARAMS, X, Y)
    assert verdict.verdict == "different"


def test_values_that_are_wrong_besides_stay_told():
    def wrong(params, X, Y):
        found = grad(params, X, Y)
        X *= 2
        return {**found, "b": -found["b"]}

    verdict = verify(loss, wrong, PARAMS, X, Y)
    assert verdict.verdict == verdict["b"].verdict == "different"
    assert verdict["b"].ratio == -1
    assert "grad changes its argument data[0] in place" in verdict.evidence


def test_a_loss_of_random_numbers_of_its_own_is_undecided():
    verdict = verify(lambda p, X, Y: loss(p, X, Y) * np.random.default_rng().random(), grad, PARAMS, X, Y)
    assert verdict.verdict == "undecided"
    assert "or draws random numbers of its own" in verdict.evidence


# Code that keeps things and is right.


def caching():
    cache = {}

    def kept_loss(params, X, Y):
        cache["A"] = np.tanh(X @ params["W"] + params["b"])
        return np.sum((cache["A"] - Y) ** 2)

    def from_cache(params, X, Y):
        delta = 2 * (cache["A"] - Y) * (1 - cache["A"] * cache["A"])
        return {"W": X.T @ delta, "b": delta.sum(axis=0)}

    return kept_loss, from_cache


BUFFER = np.zeros((3, 2))


def fill_a_buffer_of_the_module(params, X, Y):
    found = grad(params, X, Y)
    BUFFER[...] = found["W"]
    return {**found, "W": BUFFER}


def buffered():
    buffer = np.empty((3, 2))

    def filled(params, X, Y):
        found = grad(params, X, Y)
        buffer[:] = found["W"]
        return {**found, "W": buffer}

    return loss, filled


def added_from_nought():
    buffer = np.zeros((3, 2))

    def filled(params, X, Y):
        found = grad(params, X, Y)
        buffer[:] = 0
        for x, d in zip(X, 2 * (np.tanh(X @ params["W"] + params["b"]) - Y), strict=True):
            a = np.tanh(x @ params["W"] + params["b"])
            buffer[:] = buffer + np.outer(x, d * (1 - a * a))
        return {**found, "W": buffer}

    return loss, filled


def copying():
    def copied(params, X, Y):
        X = X.copy()
        found = grad(params, X, Y)
        X *= 0
        return found

    return loss, copied


def counting_calls_only():
    calls = []

    def counted(params, X, Y):
        calls.append(len(calls))
        return grad(params, X, Y)

    return loss, counted


def masked():
    def mask(X):
        return (np.random.rand(*X.shape) < 0.75) / 0.75

    return (lambda p, X, Y: loss(p, X * mask(X), Y)), (lambda p, X, Y: grad(p, X * mask(X), Y))


def masked_by_a_generator_of_its_own():
    rng = np.random.default_rng(0)

    def mask(X):
        return (rng.random(X.shape) < 0.75) / 0.75

    return (lambda p, X, Y: loss(p, X * mask(X), Y)), (lambda p, X, Y: grad(p, X * mask(X), Y))


GENERATOR = np.random.default_rng(0)


def mask_of_the_module(X):
    return (GENERATOR.random(X.shape) < 0.75) / 0.75


def masked_by_the_module():
    return (
        lambda p, X, Y: loss(p, X * mask_of_the_module(X), Y),
        lambda p, X, Y: grad(p, X * mask_of_the_module(X), Y),
    )


HARMLESS = {
    "what is right": lambda: (loss, grad),
    "activations kept by the loss": caching,
    "a buffer filled anew": buffered,
    "a buffer of the module": lambda: (loss, fill_a_buffer_of_the_module),
    "a buffer that is emptied before it is added to": added_from_nought,
    "a copy that is changed": copying,
    "a count that nothing depends on": counting_calls_only,
    "dropout by the global generator": masked,
    "dropout by a generator of its own": masked_by_a_generator_of_its_own,
    "dropout by a generator of the module": masked_by_the_module,
}


@pytest.mark.parametrize("what", HARMLESS)
def test_harmless_conduct_is_equal(what):
    verdict = verify(*HARMLESS[what](), PARAMS, X, Y)
    assert verdict.verdict == "equal", verdict
    assert verdict.digits >= 80
    assert not BUFFER.any() or BUFFER.dtype == np.float64


def test_a_gradient_that_needs_the_loss_to_be_called_first_is_told():
    assert "grad works with what the last call of loss has left behind" in str(verify(*caching(), PARAMS, X, Y))
    assert "left behind" not in str(verify(loss, grad, PARAMS, X, Y))


def test_random_draws_are_told():
    assert "it draws random numbers; loss and gradient were given the same draws" in str(
        verify(*masked(), PARAMS, X, Y)
    )


@pytest.mark.parametrize("name", SHAPES)
def test_no_right_shape_has_a_problem(name):
    target, *arguments = SHAPES[name].make(False)
    assert observe(adapt(Given(target, tuple(arguments)))).problems == ()


# Layers and classes.


class Accumulates(Affine):
    def __init__(self):
        super().__init__()
        self.dW, self.db = np.zeros_like(self.W), np.zeros_like(self.b)

    def backward(self, upstream):
        self.dW += self.inputs.T @ upstream
        self.db += upstream.sum(axis=0)
        return upstream @ self.W.T


class AccumulatesAndResets(Accumulates):
    def zero_grad(self):
        self.dW = np.zeros_like(self.W)
        self.db = np.zeros_like(self.b)


class ChangesUpstream(Affine):
    def backward(self, upstream):
        below = super().backward(upstream)
        upstream *= 0
        return below


class ChangesInput(InDicts):
    def backward(self, d):
        below = super().backward(d)
        self.x -= self.x
        return below


class KeepsTheFirstInput(Affine):
    def forward(self, inputs):
        self.first = getattr(self, "first", inputs)
        return super().forward(inputs)

    def backward(self, upstream):
        below = super().backward(upstream)
        self.dW = self.first.T @ upstream
        return below


CONDUCT_OF_LAYERS = {
    ChangesInput: "the backward pass changes the parameter X in place",
    KeepsTheFirstInput: "the backward pass gives another result after a call with other inputs (of W)",
}


@pytest.mark.parametrize("kind", CONDUCT_OF_LAYERS)
def test_wrong_conduct_of_a_layer_is_different_and_named(kind):
    verdict = verify(kind(), X)
    assert verdict.verdict == "different"
    assert CONDUCT_OF_LAYERS[kind] in str(verdict.diagnosis)
    assert all(check.verdict == "equal" for check in verdict.checks)


class AddsToOnes(Accumulates):
    def __init__(self):
        super().__init__()
        self.dW, self.db = np.ones_like(self.W), np.ones_like(self.b)


NOTED_OF_LAYERS = {
    Accumulates: "the backward pass adds to the gradient buffers of W, b: set them to zero between calls",
    ChangesUpstream: "the backward pass changes the upstream gradient in place",
}


@pytest.mark.parametrize("kind", NOTED_OF_LAYERS)
def test_harmless_conduct_of_a_layer_is_noted(kind):
    verdict = verify(kind(), X)
    assert verdict.verdict == "equal", verdict
    assert NOTED_OF_LAYERS[kind] in verdict.reasons


def test_buffers_that_do_not_start_at_zero_are_different():
    assert verify(AddsToOnes(), X).verdict == "different"


def test_a_layer_that_adds_up_and_can_be_reset_is_equal_and_that_is_told():
    verdict = verify(AccumulatesAndResets(), X)
    assert verdict.verdict == "equal", verdict
    assert "AccumulatesAndResets.zero_grad() was called before every forward pass" in str(verdict)


class OwnDropout:
    def __init__(self):
        self.rng = np.random.default_rng(0)

    def forward(self, x):
        self.mask = self.rng.random(x.shape) < 0.75
        return x * self.mask

    def backward(self, d):
        return d * self.mask


def test_a_layer_that_draws_from_a_generator_of_its_own_is_equal():
    assert verify(OwnDropout(), X).verdict == "equal"


def test_a_class_that_keeps_its_first_cost_is_different():
    class Keeps(ThreeLayers):
        def costFunctionPrime(self, X, y):
            self.kept = getattr(self, "kept", None) or super().costFunctionPrime(X, y)
            return self.kept

    verdict = verify(Keeps(), X, Y)
    assert verdict.verdict == "different"
    assert "costFunctionPrime gives another result after a call with other inputs" in str(verdict.diagnosis)


# Floats of another kind, modes and shapes.


def single_loss(params, X, Y):
    W, b = params["W"].astype(np.float32), params["b"].astype(np.float32)
    return np.sum((np.tanh(X.astype(np.float32) @ W + b) - Y.astype(np.float32)) ** 2)


def single_grad(params, X, Y):
    X, Y = X.astype(np.float32), Y.astype(np.float32)
    A = np.tanh(X @ params["W"].astype(np.float32) + params["b"].astype(np.float32))
    delta = 2 * (A - Y) * (1 - A * A)
    return {"W": X.T @ delta, "b": delta.sum(axis=0)}


def test_code_in_float32_is_certified_without_its_rounding_and_what_that_costs_is_told():
    verdict = verify(single_loss, single_grad, PARAMS, X, Y)
    assert verdict.verdict == "equal", verdict
    (evidence,) = verdict.further
    assert evidence.level == "numerical"
    assert evidence.verdict == "equal"
    assert "rounds to float32" in evidence.said


def test_code_in_float64_has_no_such_evidence():
    assert verify(loss, grad, PARAMS, X, Y).further == ()


def test_a_mistake_in_float32_is_different_all_the_same():
    wrong = verify(single_loss, lambda *given: {**single_grad(*given), "b": np.float32(0) * PARAMS["b"]}, PARAMS, X, Y)
    assert [check.name for check in wrong.checks if check.verdict == "different"] == ["b"]


def test_the_mode_that_is_the_default_of_a_function_is_told():
    def with_mode(params, X, Y, training=True):
        return loss(params, X, Y) * (1 if training else 2)

    assert "loss was checked with training=True, its default" in str(verify(with_mode, grad, PARAMS, X, Y))


SAMPLES = {
    "one sample": (1, 3, 2, "the data hold one sample"),
    "as many samples as inputs": (3, 3, 2, "as many samples as units, 3"),
    "as many samples as outputs": (2, 3, 2, "as many samples as units, 2"),
    "another number": (5, 3, 2, None),
}


@pytest.mark.parametrize("what", SAMPLES)
def test_shapes_that_would_hide_a_mistake_are_told(what):
    m, inputs, outputs, said = SAMPLES[what]
    params = {"W": numbers(inputs, outputs), "b": numbers(outputs)}
    verdict = verify(loss, grad, params, numbers(m, inputs), numbers(m, outputs))
    assert verdict.verdict == "equal"
    notes = [reason for reason in verdict.reasons if "sample" in reason]
    assert [said in note for note in notes] == ([True] if said else [])


def test_code_that_cannot_be_called_again_is_observed_no_further():
    def raising(params, X, Y):
        raise ValueError("not yet")

    conduct = observe(pair_of(loss, raising, PARAMS, X, Y))
    assert conduct.problems == ()
    assert "ValueError: not yet" in conduct.notes[0]
