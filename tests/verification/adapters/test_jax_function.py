"""A jax.custom_vjp function is held against the certified derivative of its NumPy twin, in float64."""

from __future__ import annotations

import numpy as np
import pytest

from symnn.errors import InputError
from symnn.verification import verify

jax = pytest.importorskip("jax")

X = np.random.default_rng(0).normal(size=(5, 3))
W = np.random.default_rng(1).normal(size=(3, 2))


def with_rule(f, keep, rule):
    decorated = jax.custom_vjp(f)
    decorated.defvjp(keep, rule)
    return decorated


sine = with_rule(jax.numpy.sin, lambda x: (jax.numpy.sin(x), x), lambda x, upstream: (jax.numpy.cos(x) * upstream,))
almost_sine = with_rule(
    jax.numpy.sin, lambda x: (jax.numpy.sin(x), x), lambda x, upstream: (jax.numpy.cos(x) * upstream * 1.00001,)
)


def layer(rule):
    return with_rule(
        lambda x, w: jax.numpy.tanh(x @ w), lambda x, w: (jax.numpy.tanh(x @ w), (x, w, jax.numpy.tanh(x @ w))), rule
    )


def right_rule(kept, upstream):
    x, w, a = kept
    delta = upstream * (1 - a * a)
    return delta @ w.T, x.T @ delta


def without_slope(kept, upstream):
    x, w, _ = kept
    return upstream @ w.T, x.T @ upstream


@pytest.mark.parametrize("reference", [None, np.sin])
def test_a_right_rule_is_equal_by_numerical_evidence(reference):
    verdict = verify(sine, X, reference=reference)
    assert verdict.verdict == "equal", verdict
    assert verdict.evidence.startswith("numerical: ")
    assert verdict.digits >= (14 if reference else 8)


@pytest.mark.parametrize("reference", [None, np.sin])
def test_a_wrong_rule_is_different(reference):
    assert verify(almost_sine, X, reference=reference).verdict == "different"


@pytest.mark.parametrize("reference", [None, lambda x, w: np.tanh(x @ w)])
def test_a_rule_of_two_inputs_is_checked_in_both(reference):
    assert verify(layer(right_rule), X, W, reference=reference).verdict == "equal"
    verdict = verify(layer(without_slope), X, W, reference=reference)
    assert [check.verdict for check in verdict.checks] == ["different", "different"]


def test_a_reference_that_is_another_function_is_refused():
    with pytest.raises(InputError, match="the reference is no twin of the forward pass"):
        verify(sine, X, reference=np.cos)
