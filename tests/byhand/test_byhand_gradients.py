"""Every hand-written gradient agrees with central differences, and a planted mistake does not."""

from __future__ import annotations

import inspect

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symnn import byhand
from symnn.byhand import REDUCTIONS, Dense, Linear, Network, ReLU, Sigmoid, Softmax, SoftmaxCCE, Tanh


def away_from_kinks(rng, features, samples):
    """Standard normal entries, pushed at least 0.1 away from 0 so that no difference straddles a kink."""
    values = rng.normal(size=(features, samples))
    return values + 0.1 * np.sign(values)


def one_hot(rng, classes, samples):
    return np.eye(classes)[:, rng.integers(classes, size=samples)]


# name -> how to make the layer for (rng, features); the outputs may have another height than the inputs.
LAYERS = {
    "Dense": lambda rng, features: Dense(rng.normal(size=(features + 1, features)), rng.normal(size=(features + 1, 1))),
    "Linear": lambda rng, features: Linear(),
    "ReLU": lambda rng, features: ReLU(),
    "Sigmoid": lambda rng, features: Sigmoid(),
    "Softmax": lambda rng, features: Softmax(),
    "Tanh": lambda rng, features: Tanh(),
}

# name -> how to draw (outputs, targets) on which the loss is smooth.
LOSSES = {
    "BinaryCrossEntropy": lambda rng, *shape: (rng.uniform(0.2, 0.8, shape), rng.integers(2, size=shape)),
    "CategoricalCrossEntropy": lambda rng, *shape: (rng.uniform(0.2, 0.8, shape), one_hot(rng, *shape)),
    "HalfSquaredError": lambda rng, *shape: (rng.normal(size=shape), rng.normal(size=shape)),
    "SoftmaxCCE": lambda rng, *shape: (rng.normal(size=shape), one_hot(rng, *shape)),
    "SquaredError": lambda rng, *shape: (rng.normal(size=shape), rng.normal(size=shape)),
}

# The layer that turns a dense layer's outputs into what the loss can take.
LAST_LAYER = {
    "BinaryCrossEntropy": Sigmoid,
    "CategoricalCrossEntropy": Softmax,
    "HalfSquaredError": Linear,
    "SoftmaxCCE": Linear,
    "SquaredError": Linear,
}

SHAPES = {
    "features": st.integers(1, 4),
    "samples": st.integers(1, 5),
    "seed": st.integers(0, 2**32 - 1),
}
drawn = settings(max_examples=25, deadline=None)


def central_differences(function, at, step=1e-5):
    slopes = np.empty(at.shape)
    for position in np.ndindex(at.shape):
        shift = np.zeros(at.shape)
        shift[position] = step
        slopes[position] = (function(at + shift) - function(at - shift)) / (2 * step)
    return slopes


def assert_slopes(claimed, function, at):
    assert claimed.shape == at.shape
    # Differences at this step carry up to about 1e-8 of their own error, at slopes of order 1.
    np.testing.assert_allclose(claimed, central_differences(function, at), rtol=1e-6, atol=1e-7)


def check_layer(layer, inputs, rng):
    """Compare every gradient of the layer with differences of <upstream, outputs> for a random upstream."""
    upstream = rng.normal(size=layer.forward_pass(inputs).shape)
    dinputs = layer.backward_pass(upstream)
    assert dinputs is layer.dinputs
    claimed = {name: getattr(layer, f"d{name}") for name in ("weights", "biases") if hasattr(layer, name)}
    assert_slopes(dinputs, lambda values: np.sum(upstream * layer.forward_pass(values)), inputs)
    for name, gradient in claimed.items():
        start = getattr(layer, name)

        def outputs_at(values, name=name):
            setattr(layer, name, values)
            return np.sum(upstream * layer.forward_pass(inputs))

        assert_slopes(gradient, outputs_at, start)
        setattr(layer, name, start)


def check_loss(loss, outputs, targets):
    loss.forward_pass(outputs, targets)
    dinputs = loss.backward_pass(targets)
    assert dinputs is loss.dinputs
    assert_slopes(dinputs, lambda values: loss.forward_pass(values, targets), outputs)


def check_network(network, inputs, targets):
    network.forward_pass(inputs)
    dinputs = network.backward_pass(targets)
    gradients, start = network.gradients(), network.parameters()
    assert gradients.keys() == start.keys()
    assert_slopes(dinputs, lambda values: network.loss_of(values, targets), inputs)
    for name, gradient in gradients.items():

        def loss_at(values, name=name):
            network.set_parameters({**start, name: values})
            return network.loss_of(inputs, targets)

        assert_slopes(gradient, loss_at, start[name])


def with_mistake(kind, attribute, mistake):
    """A subclass of ``kind`` that plants a ``mistake`` in one gradient it sets."""

    class Mistaken(kind):
        def backward_pass(self, values):
            dinputs = super().backward_pass(values)
            setattr(self, attribute, mistake(getattr(self, attribute)))
            return self.dinputs if attribute == "dinputs" else dinputs

    return Mistaken


def test_every_exported_class_with_a_backward_pass_is_in_a_table():
    exported = {
        name
        for name in byhand.__all__
        if inspect.isclass(kind := getattr(byhand, name)) and not getattr(kind, "_is_protocol", False)
        if hasattr(kind, "backward_pass")
    }
    assert exported == LAYERS.keys() | LOSSES.keys() | {"Network"}
    assert LOSSES.keys() == LAST_LAYER.keys()


@pytest.mark.parametrize("name", LAYERS)
@given(**SHAPES)
@drawn
def test_a_layer_agrees_with_central_differences(name, features, samples, seed):
    rng = np.random.default_rng(seed)
    check_layer(LAYERS[name](rng, features), away_from_kinks(rng, features, samples), rng)


@given(**SHAPES)
@drawn
def test_a_dense_layer_without_biases_agrees_too(features, samples, seed):
    rng = np.random.default_rng(seed)
    layer = Dense(rng.normal(size=(3, features)))
    inputs, upstream = rng.normal(size=(features, samples)), rng.normal(size=(3, samples))
    layer.forward_pass(inputs)
    assert_slopes(layer.backward_pass(upstream), lambda values: np.sum(upstream * layer.forward_pass(values)), inputs)
    assert layer.dbiases is None


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("name", LOSSES)
@given(**SHAPES)
@drawn
def test_a_loss_agrees_with_central_differences(name, reduction, features, samples, seed):
    outputs, targets = LOSSES[name](np.random.default_rng(seed), features, samples)
    check_loss(getattr(byhand, name)(reduction), outputs, targets)


@pytest.mark.parametrize("name", LOSSES)
@given(
    hidden=st.sampled_from([Linear, Sigmoid, Softmax, Tanh]),
    reduction=st.sampled_from(sorted(REDUCTIONS)),
    **SHAPES,
)
@drawn
def test_a_network_agrees_with_central_differences(name, hidden, reduction, features, samples, seed):
    rng = np.random.default_rng(seed)

    def small(*shape):
        # Far from saturation, where 1 - p has lost the digits that a difference quotient lives on.
        return rng.uniform(-0.5, 0.5, size=shape)

    layers = [Dense(small(3, features), small(3, 1)), hidden(), Dense(small(2, 3)), LAST_LAYER[name]()]
    _, targets = LOSSES[name](rng, 2, samples)
    check_network(Network(layers, getattr(byhand, name)(reduction)), 2 * small(features, samples), targets)


MISTAKES = {"sign": lambda gradient: -gradient, "doubled": lambda gradient: 2 * gradient}


@pytest.mark.parametrize("mistake", MISTAKES)
@pytest.mark.parametrize(
    ("name", "attribute"),
    [(name, "dinputs") for name in LAYERS] + [("Dense", "dweights"), ("Dense", "dbiases")],
)
def test_a_planted_mistake_in_a_layer_is_seen(name, attribute, mistake):
    rng = np.random.default_rng(1)
    layer = LAYERS[name](rng, 3)
    layer.__class__ = with_mistake(type(layer), attribute, MISTAKES[mistake])
    with pytest.raises(AssertionError, match="Not equal to tolerance"):
        check_layer(layer, away_from_kinks(rng, 3, 2), rng)


@pytest.mark.parametrize("mistake", MISTAKES)
@pytest.mark.parametrize("name", LOSSES)
def test_a_planted_mistake_in_a_loss_is_seen(name, mistake):
    outputs, targets = LOSSES[name](np.random.default_rng(1), 3, 2)
    loss = with_mistake(getattr(byhand, name), "dinputs", MISTAKES[mistake])()
    with pytest.raises(AssertionError, match="Not equal to tolerance"):
        check_loss(loss, outputs, targets)


@pytest.mark.parametrize("reduction", REDUCTIONS)
@given(**SHAPES)
@drawn
def test_softmax_and_its_cross_entropy_as_one_are_the_two_apart(reduction, features, samples, seed):
    rng = np.random.default_rng(seed)
    logits, targets = LOSSES["SoftmaxCCE"](rng, features, samples)
    softmax, apart, as_one = Softmax(), byhand.CategoricalCrossEntropy(reduction), SoftmaxCCE(reduction)
    probabilities = softmax.forward_pass(logits)
    np.testing.assert_allclose(as_one.predictions(logits), probabilities)
    np.testing.assert_allclose(
        as_one.forward_pass(logits, targets), apart.forward_pass(probabilities, targets), atol=1e-12
    )
    np.testing.assert_allclose(
        as_one.backward_pass(targets), softmax.backward_pass(apart.backward_pass(targets)), atol=1e-12
    )


def test_a_network_ending_in_softmax_cce_answers_with_probabilities():
    network = Network([Dense(np.array([[1.0], [2.0], [3.0]]))], SoftmaxCCE())
    np.testing.assert_allclose(network.forward_pass(np.array([[1.0, -1.0]])).sum(axis=0), [1, 1])


def test_the_categorical_loss_of_a_target_is_minus_log_of_its_probability_even_beside_zeros():
    probabilities = np.array([[0, 0, 0.01, 0.03, 0.92, 0.02, 0.01, 0, 0.01, 0]]).T
    targets = np.eye(10)[:, [4]]
    loss = byhand.CategoricalCrossEntropy()
    assert loss.forward_pass(probabilities, targets) == -np.log(0.92)
    np.testing.assert_array_equal(loss.backward_pass(targets), -targets / 0.92)


def test_nothing_overflows_at_800():
    extremes = np.array([[-800.0, 800.0], [800.0, 0.0]])
    for layer in (Sigmoid(), Softmax(), Tanh()):
        assert np.isfinite(layer.forward_pass(extremes)).all()
        assert np.isfinite(layer.backward_pass(np.ones((2, 2)))).all()
    loss = SoftmaxCCE()
    assert loss.forward_pass(extremes, np.eye(2)) == 1600 + 800
    assert np.isfinite(loss.backward_pass(np.eye(2))).all()
