"""Every construct of hand-written NumPy code gives on balls and duals what it gives in float64."""

from __future__ import annotations

import numpy as np
import pytest

from symnn.scalars import Scalar, array, ball, dual, duals, midpoints, running
from symnn.scalars.lifting import boxed
from tests.scalars.constructs import CONSTRUCTS

W = np.array([[0.4375, -1.25, 2.0, 0.125], [-0.75, 1.5, -0.25, 3.0], [1.75, -0.375, 0.625, -2.5]])
X = np.array([[1.0, -0.5, 0.25], [0.375, 2.25, -1.5], [-0.875, 0.75, 1.125], [0.0625, -1.75, 2.75]])
V = np.array([[1.0, 0.5, -0.75, 0.25], [0.5, -1.0, 0.625, 0.75], [-0.5, 0.875, 1.0, -0.25]])
STEP = 1e-6


def names(functions):
    return [f.__name__ for f in functions]


@pytest.mark.parametrize("construct", CONSTRUCTS, ids=names(CONSTRUCTS))
def test_values_on_balls_are_those_in_float64(construct):
    expected = construct(W, X)
    with running(ball(), functions=[construct]) as run:
        result = construct(array(W, ball()), array(X, ball()))
    assert np.shape(result) == np.shape(expected)
    assert np.allclose(midpoints(result), expected, rtol=1e-14, atol=1e-14)
    assert not run.kinks


@pytest.mark.parametrize("construct", CONSTRUCTS, ids=names(CONSTRUCTS))
def test_tangents_of_duals_are_the_slopes_in_float64(construct):
    expected = (construct(W + STEP * V, X) - construct(W - STEP * V, X)) / (2 * STEP)
    with running(dual(), functions=[construct]) as run:
        result = construct(duals(W, V), array(X, dual()))
    entries = (boxed(result) if isinstance(result, Scalar) else result).ravel()
    slopes = [0.0 if x.tangent is None else float(x.tangent) for x in entries.tolist()]
    # Central differences with step 1e-6 are good to 1e-9 of the value at best.
    assert np.allclose(slopes, np.ravel(expected), rtol=1e-7, atol=1e-7)
    assert not run.kinks


def test_the_float64_result_is_untouched_by_an_earlier_run():
    before = [construct(W, X) for construct in CONSTRUCTS]
    with running(ball(), functions=CONSTRUCTS):
        pass
    after = [construct(W, X) for construct in CONSTRUCTS]
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))
    assert all(np.asarray(b).dtype == np.float64 for b in after)
