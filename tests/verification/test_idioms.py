"""What people write in NumPy is checked as it stands, and certified."""

from __future__ import annotations

import numpy as np
import pytest

from symnn.verification.directional import Probe
from symnn.verification.structure import parameters
from symnn.verification.subject import Subject
from tests.verification.idioms import IDIOMS
from tests.verification.pairs import verify_pair

rng = np.random.default_rng(11)
W, X = rng.standard_normal((3, 4)), rng.standard_normal((5, 3))


def differences(loss):
    """The gradient by central differences, as far as float64 goes."""
    out = np.zeros(W.shape)
    for index in np.ndindex(*W.shape):
        step = np.zeros(W.shape)
        step[index] = 1e-6
        out[index] = (loss(W + step, X) - loss(W - step, X)) / 2e-6
    return out


@pytest.mark.parametrize("loss", IDIOMS, ids=lambda f: f.__name__)
def test_the_slope_of_a_loss_is_that_of_float64(loss):
    probe = Probe(Subject(loss, loss, parameters(W), (X,)), {"params": W}, 333)
    expected = differences(loss)
    for index in (0, 5, 11):
        slope = float(probe.slope("params", np.ones(1), index))
        # Central differences are good to 1e-9 of the loss at best.
        assert slope == pytest.approx(expected.flat[index], rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("loss", IDIOMS, ids=lambda f: f.__name__)
def test_a_gradient_good_to_float64_only_is_different(loss):
    expected = differences(loss)
    verdict = verify_pair(loss, lambda w, X: expected, W, X)
    assert verdict.verdict == "different"
    assert float(abs(verdict["params"].difference)) < 1e-4
