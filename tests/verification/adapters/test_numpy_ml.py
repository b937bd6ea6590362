"""The layers and activations of numpy-ml run on balls unmodified; the mixed GELU formula in its shape is different."""

from __future__ import annotations

import collections
import collections.abc
import warnings

import numpy as np
import pytest

from symnn.verification import verify

# The package was written for Python before 3.10, and warns of what it has no use for here.
collections.Hashable = collections.abc.Hashable
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    activations = pytest.importorskip("numpy_ml.neural_nets.activations")
    layers = pytest.importorskip("numpy_ml.neural_nets.layers")

X = np.random.default_rng(0).normal(size=(5, 3))

LAYERS = {
    "FullyConnected": (lambda: layers.FullyConnected(4, act_fn="tanh"), ["W", "b", "X"]),
    "FullyConnected with a sigmoid": (lambda: layers.FullyConnected(2, act_fn="sigmoid"), ["W", "b", "X"]),
    "Softmax": (lambda: layers.Softmax(), ["X"]),
    "BatchNorm1D": (lambda: layers.BatchNorm1D(), ["scaler", "intercept", "X"]),
    "LayerNorm1D": (lambda: layers.LayerNorm1D(), ["scaler", "intercept", "X"]),
}


@pytest.mark.parametrize("name", LAYERS)
def test_its_layers_are_certified_and_all_their_arrays_looked_at(name):
    make, arrays = LAYERS[name]
    verdict = verify(make(), X)
    assert verdict.verdict == "equal", verdict
    assert verdict.digits >= 80
    assert [check.name for check in verdict.checks] == arrays


def test_the_training_mode_of_batch_norm_is_told_and_its_gradients_are_reset_as_it_is_meant():
    said = str(verify(layers.BatchNorm1D(), X))
    assert "checked with BatchNorm1D.trainable = True" in said
    assert "BatchNorm1D.flush_gradients() was called before every forward pass" in said


def test_a_layer_of_it_that_is_made_wrong_is_different():
    class Doubled(layers.FullyConnected):
        def _bwd(self, dLdy, X):
            dX, dW, db = super()._bwd(dLdy, X)
            return dX, dW, 2 * db

    verdict = verify(Doubled(4, act_fn="tanh"), X)
    assert [check.name for check in verdict.checks if check.verdict == "different"] == ["b"]


ACTIVATIONS = [
    "Sigmoid",
    "ReLU",
    "LeakyReLU",
    "Tanh",
    "Affine",
    "ELU",
    "Exponential",
    "SELU",
    "HardSigmoid",
    "SoftPlus",
]


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_its_activations_are_certified(name):
    verdict = verify(getattr(activations, name)(), X)
    assert verdict.verdict == "equal", verdict
    assert verdict["grad"].digits >= 80


def bell(x):
    return np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)


class MixedGELU(activations.ActivationBase):
    """The mistake of its later GELU, in our words: the density of the exact formula in the approximate one."""

    def _approximate_cdf(self, z):
        return 0.5 * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3)))

    def fn(self, z):
        return z * self._approximate_cdf(z)

    def grad(self, x):
        return self._approximate_cdf(x) + x * bell(x)


class ApproximateGELU(MixedGELU):
    """Its correct twin."""

    def grad(self, x):
        inner = np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)
        slope = np.sqrt(2 / np.pi) * (1 + 3 * 0.044715 * x**2)
        return self._approximate_cdf(x) + 0.5 * x * (1 - np.tanh(inner) ** 2) * slope


def test_a_gelu_that_mixes_two_formulas_is_different_and_its_twin_is_not():
    assert verify(ApproximateGELU(), X).verdict == "equal"
    verdict = verify(MixedGELU(), X)
    assert verdict.verdict == "different"
    assert abs(float(verdict["grad"].difference)) < 1e-3


def test_the_gelu_of_a_version_that_has_one_is_different():
    if not hasattr(activations, "GELU"):
        pytest.skip("this version of numpy-ml has no GELU")
    assert verify(activations.GELU(), X).verdict == "different"
