"""NumPy's and SciPy's functions in losses: right gradients are certified, and wrong ones are told from them."""

from __future__ import annotations

import io
from contextlib import redirect_stdout

import numpy as np
import pytest

from symnn import verify
from tests.verification.functions import algebra, elementwise, reductions, scientific, showing, signals

TABLES = (algebra, elementwise, reductions, scientific, showing, signals)
ROWS = [pytest.param(row, id=name) for table in TABLES for name, row in table.PAIRS.items()]


def verdict(loss, grad, w, x):
    with redirect_stdout(io.StringIO()):
        return verify(loss, grad, w.copy(), x.copy())


def twin(grad, w, x):
    """The gradient with its largest entry off by one part in 10**9."""
    largest = np.argmax(np.abs(grad(w.copy(), x.copy())))

    def wrong(w, x):
        g = np.array(grad(w, x), dtype=float)
        g.flat[largest] *= 1 + 1e-9
        return g

    return wrong


@pytest.mark.parametrize("row", ROWS)
def test_a_right_gradient_is_equal_and_its_wrong_twin_different(row):
    (w, x), loss, grad = row
    right = verdict(loss, grad, w, x)
    assert right.verdict == "equal", right
    assert verdict(loss, twin(grad, w, x), w, x).verdict == "different"


@pytest.mark.parametrize("row", ROWS)
def test_the_gradient_of_a_row_is_that_of_float64(row):
    (w, x), loss, grad = row
    measured = np.zeros(w.shape)
    with redirect_stdout(io.StringIO()):
        for index in np.ndindex(w.shape):
            step = np.zeros(w.shape)
            step[index] = 1e-5
            measured[index] = (np.squeeze(loss(w + step, x)) - np.squeeze(loss(w - step, x))) / 2e-5
        # Central differences with step 1e-5 are good to 1e-10 of the loss at best.
        assert np.allclose(grad(w, x), measured, rtol=1e-6, atol=1e-6)
