"""Backprop in every shape it has is certified as it stands; its wrong twin is different at just the wrong arrays."""

from __future__ import annotations

import re

import numpy as np
import pytest

from derivations.two_three_one import NeuralNetwork
from symnn.errors import InputError
from symnn.verification import verify, verify_function
from symnn.verification.adapters import ADAPTERS, Given, adapt
from symnn.verification.adapters.shape import upstream_for
from tests.verification.adapters.shapes import SHAPES, Affine, ReLU, Returning, ThreeLayers, X, Y, numbers, sigmoid

# These are met in files of their own, where the framework is installed.
FRAMEWORKS = {"TorchFunctionAdapter", "JaxFunctionAdapter"}


@pytest.mark.parametrize("name", SHAPES)
def test_what_is_right_is_certified(name):
    verdict = verify(*SHAPES[name].make(False))
    assert verdict.verdict == "equal", verdict
    assert verdict.digits >= 80
    assert tuple(check.name for check in verdict.checks) == SHAPES[name].arrays


@pytest.mark.parametrize("name", SHAPES)
def test_the_wrong_twin_is_different_where_it_is_wrong_and_only_there(name):
    verdict = verify(*SHAPES[name].make(True))
    assert verdict.verdict == "different", verdict
    assert tuple(check.name for check in verdict.checks if check.verdict == "different") == SHAPES[name].differs


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_is_met_by_the_adapter_meant_for_it(name):
    target, *arguments = SHAPES[name].make(False)
    fitting = next(adapter for adapter in ADAPTERS if adapter.fits(Given(target, tuple(arguments))))
    assert type(fitting).__name__ == SHAPES[name].adapter


def test_every_adapter_has_a_shape_here():
    assert {one.adapter for one in SHAPES.values()} | FRAMEWORKS == {type(adapter).__name__ for adapter in ADAPTERS}


@pytest.mark.parametrize("name", SHAPES)
def test_nothing_given_is_touched(name):
    target, *arguments = SHAPES[name].make(False)
    layers = target if isinstance(target, list) else [target]
    before = [dict(getattr(layer, "__dict__", {})) for layer in layers]
    verify(target, *arguments)
    for layer, then in zip(layers, before, strict=True):
        now = getattr(layer, "__dict__", {})
        assert now.keys() == then.keys()
        assert all(now[key] is then[key] for key in then)


def test_the_random_numbers_of_the_caller_stand_where_they_stood():
    np.random.seed(5)
    verify(Dropout(), X)
    drawn = np.random.random(3).tolist()
    np.random.seed(5)
    assert np.random.random(3).tolist() == drawn


def test_the_same_arguments_give_the_same_verdict():
    assert str(verify(Affine(), X, seed=3)) == str(verify(Affine(), X, seed=3))


def test_the_lecture_class_of_the_library_is_certified_as_it_stands():
    verdict = verify(NeuralNetwork(numbers(2, 3), numbers(3, 1)), numbers(4, 2), numbers(4, 1))
    assert verdict.verdict == "equal"
    assert [check.name for check in verdict.checks] == ["W1", "W2"]


# Layers.


def test_an_upstream_gradient_is_never_of_ones_nor_zero_anywhere():
    for seed in range(20):
        upstream = upstream_for(np.zeros((4, 3)), seed)
        assert np.all(np.abs(upstream) >= 0.5)
        assert len(np.unique(upstream)) > 6


class RightForOnesOnly(Affine):
    """Adds up the weights instead of weighting the upstream gradient: the same thing where all of that is one."""

    def backward(self, upstream):
        super().backward(upstream)
        return np.ones(upstream.shape) @ self.W.T


def test_a_layer_that_is_right_for_an_upstream_gradient_of_ones_only_is_different():
    assert [c.name for c in verify(RightForOnesOnly(), X).checks if c.verdict == "different"] == ["X"]


class ForgetsBiases(Affine):
    def backward(self, upstream):
        self.dW = self.inputs.T @ upstream
        return upstream @ self.W.T


class ForgetsInputs(Affine):
    def backward(self, upstream):
        super().backward(upstream)


class UpdatesTooEarly(Affine):
    def backward(self, upstream, learning_rate):
        self.W = self.W - learning_rate * (self.inputs.T @ upstream)
        self.b = self.b - learning_rate * upstream.sum(axis=0)
        return upstream @ self.W.T


INCOMPLETE = {
    ForgetsBiases: ("b", "no gradient of b was found: looked for db, grad_b"),
    ForgetsInputs: ("X", "no gradient of the input was found: looked for what the backward pass returns"),
}


@pytest.mark.parametrize("kind", INCOMPLETE)
def test_a_gradient_that_is_not_found_is_undecided_and_says_what_was_looked_for(kind):
    name, said = INCOMPLETE[kind]
    verdict = verify(kind(), X)
    assert verdict.verdict == "undecided"
    assert [check.name for check in verdict.checks if check.verdict == "undecided"] == [name]
    assert said in str(verdict)


def test_a_gradient_that_is_taken_too_late_is_different():
    verdict = verify(UpdatesTooEarly(), X)
    assert verdict.verdict == "different"
    assert [check.name for check in verdict.checks if check.verdict == "different"] == ["X"]


class Dropout:
    def __init__(self):
        self.training = True

    def forward(self, x):
        if not self.training:
            return x
        self.mask = (np.random.rand(*x.shape) < 0.75) / 0.75
        return x * self.mask

    def backward(self, d):
        return d * self.mask if self.training else d


@pytest.mark.parametrize("training", [True, False])
def test_the_mode_that_was_checked_is_told(training):
    layer = Dropout()
    layer.training = training
    verdict = verify(layer, X)
    assert verdict.verdict == "equal"
    assert f"checked with Dropout.training = {training}" in str(verdict)
    assert ("draws random numbers" in "".join(verdict.reasons)) == training


class RightWhenPredicting(Dropout):
    def backward(self, d):
        return d


def test_a_layer_wrong_in_training_only_is_different_in_training_only():
    layer = RightWhenPredicting()
    assert verify(layer, X).verdict == "different"
    layer.training = False
    assert verify(layer, X).verdict == "equal"


class ModeByArgument(Affine):
    def forward(self, inputs, training=True):
        return super().forward(inputs) * (1 if training else 2)


def test_a_forward_pass_may_have_arguments_of_its_own():
    assert verify(ModeByArgument(), X).verdict == "equal"
    assert verify(ModeByArgument(), X, False).verdict == "different"


def test_integer_inputs_are_data():
    class Embedding:
        def __init__(self):
            self.W = numbers(6, 3)

        def forward(self, indices):
            self.indices = indices
            return self.W[indices]

        def backward(self, d):
            self.dW = np.zeros_like(self.W)
            np.add.at(self.dW, self.indices, d)

    verdict = verify(Embedding(), np.array([1, 4, 1]))
    assert verdict.verdict == "equal", verdict
    assert [check.name for check in verdict.checks] == ["W"]


class ThreeReturned(Returning):
    factor = 2

    def backward(self, upstream):
        return *super().backward(upstream), upstream


def ambiguous_layer():
    layer = Affine()
    layer.grad_W = layer.W * 0
    return layer


class TwoOfOneShape(ThreeLayers):
    def __init__(self, wrong=False):
        super().__init__(wrong)
        self.scale = numbers(3, 4, seed=5)

    def forward(self, X):
        return super().forward(X) + np.sum(self.scale)


class NoCopy(Affine):
    def __deepcopy__(self, memo):
        raise TypeError("it holds a file")


class AsksForMore(Affine):
    def backward(self, upstream, targets):
        return super().backward(upstream)


REFUSED = {
    "two arrays for one gradient": (lambda: (ambiguous_layer(), X), r"two arrays may be the gradient of W.*dW"),
    "no copy": (lambda: (NoCopy(), X), "NoCopy cannot be copied: TypeError: it holds a file.*give functions"),
    "more arguments": (lambda: (AsksForMore(), X), r"backward pass of AsksForMore wants more.*\(upstream, targets\)"),
    "a forward pass that raises": (
        lambda: (Affine(), numbers(5, 7)),
        r"the forward pass raised ValueError.*in forward",
    ),
    "an output that is no array": (lambda: ([Nothing()], X), r"must return an array of floats, given str 'text'"),
    "a class": (lambda: (Affine, X), r"no shape that verify knows.*the class Affine itself: give an object of it"),
    "an object": (lambda: (object(), X), r"target     object\n  arguments  ndarray of shape \(5, 3\)"),
    "one function": (lambda: (np.tanh,), r"target     the function tanh\n  arguments  \(none\)"),
    "no functions": (lambda: (1.5, 2.5), r"target     float\n  arguments  float"),
    "names that are not there": (lambda: (ThreeLayers(), X, Y, ("W1", "W7")), "the object has no array W7"),
}


class Nothing(ReLU):
    def forward(self, x):
        return "text"


@pytest.mark.parametrize("why", REFUSED)
def test_what_is_ambiguous_or_of_no_shape_is_refused_and_says_how_to_be_explicit(why):
    make, said = REFUSED[why]
    target, *arguments = make()
    names = arguments.pop() if arguments and isinstance(arguments[-1], tuple) else ()
    with pytest.raises(InputError, match=f"(?s){said}"):
        verify(target, *arguments, names=names)


def test_right_gradients_tell_by_their_values_whose_they_are():
    verdict = verify(TwoOfOneShape(), X, Y)
    assert (verdict["W1"].verdict, verdict["W2"].verdict, verdict["scale"].verdict) == ("equal", "equal", "undecided")
    assert verdict.verdict == "undecided"
    assert "no gradient of scale was found" in str(verdict)


AMBIGUOUS = {"more gradients than parameters": (ThreeReturned(), X), "of one shape": (TwoOfOneShape(wrong=True), X, Y)}


@pytest.mark.parametrize("why", AMBIGUOUS)
def test_gradients_that_are_wrong_and_may_be_anyones_are_undecided(why):
    verdict = verify(*AMBIGUOUS[why])
    assert verdict.verdict == "undecided"
    assert "was found: looked for" in str(verdict)


def test_names_make_it_clear():
    assert verify(TwoOfOneShape(), X, Y, names=("W1", "W2")).verdict == "equal"
    assert verify(TwoOfOneShape(), X, Y, names=("scale", "W2")).verdict == "different"


def test_every_shape_is_listed_where_none_fits():
    with pytest.raises(InputError) as refused:
        adapt(Given(object(), (X,)))
    assert [adapter.shape for adapter in ADAPTERS if adapter.shape not in str(refused.value)] == []
    assert "verify(layers, network=net)" in str(refused.value)


# Elementwise functions.

IN_THE_OUTPUT = "the derivative is given in terms of the output a = f(z)"


def test_the_convention_of_a_derivative_is_told():
    in_output = verify_function(sigmoid, lambda a: a * (1 - a))
    in_input = verify_function(sigmoid, lambda z: sigmoid(z) * (1 - sigmoid(z)))
    assert in_output.verdict == in_input.verdict == "equal"
    assert IN_THE_OUTPUT in str(in_output)
    assert IN_THE_OUTPUT not in str(in_input)


def test_a_derivative_wrong_both_ways_is_different_as_one_of_the_input():
    verdict = verify_function(sigmoid, lambda z: np.exp(-z), at=np.array([0.5, -1.0]))
    assert verdict.verdict == "different"
    assert IN_THE_OUTPUT not in str(verdict)
    z = np.array([0.5, -1.0])
    exact = upstream_for(z, 0) * sigmoid(z) * (1 - sigmoid(z))
    assert float(verdict["x"].exact) == pytest.approx(exact[verdict["x"].worst])


def test_a_loss_of_one_array_is_no_elementwise_function():
    assert verify(lambda w: np.sum(w**2), lambda w: 2 * w, np.array([1.0, 2.0])).checks[0].name == "params"


class Leaky:
    def fn(self, z):
        return np.where(z > 0, z, 0.25 * z)

    def derivative(self, x):
        return np.where(x > 0, 1, 0.25)

    def grad2(self, x):
        return np.zeros_like(x)


def test_a_second_derivative_that_is_rightly_zero_is_told_and_one_that_is_not_is_different():
    assert re.search("grad2 is zero, and so is every difference of derivative", str(verify(Leaky(), X)))

    class Curved(Leaky):
        def fn(self, z):
            return np.sin(z)

        def derivative(self, x):
            return np.cos(x)

    verdict = verify(Curved(), X)
    assert verdict["derivative"].verdict == "equal"
    assert verdict["grad2"].verdict == "different"


def test_an_array_of_a_wrong_shape_hides_no_parameter():
    rng = np.random.default_rng(0)
    W, b, X = rng.normal(size=(2, 3)), rng.normal(size=(2, 1)), rng.normal(size=(3, 4))

    def loss(W, b, X):
        return np.sum(np.tanh(W @ X + b))

    def grad(W, b, X):
        d = 1 - np.tanh(W @ X + b) ** 2
        return (d @ X.T).T, d.sum(axis=1, keepdims=True)

    verdict = verify(loss, grad, W, b, X, effort=0)
    assert {check.name: check.verdict for check in verdict.checks} == {"W": "different", "b": "equal"}
    assert verdict.diagnosis.kind == "transposed"
