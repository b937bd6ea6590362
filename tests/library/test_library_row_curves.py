"""Every activation of single entries can be drawn from its row, and its curves are the function and its derivative."""

from __future__ import annotations

import numpy as np
import pytest

from symnn.errors import InputError
from symnn.library import curves_of
from symnn.rules import ACTIVATIONS


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_second_curve_is_the_derivative_of_the_first(name):
    function, derivative = curves_of(name).curves
    x, y, slope = map(np.asarray, (function.x, function.y, derivative.y))
    middles, quotients = (x[1:] + x[:-1]) / 2, np.diff(y) / np.diff(x)
    between = (slope[1:] + slope[:-1]) / 2
    away = np.array([all(abs(m - float(kink)) > 0.02 for kink, _ in ACTIVATIONS[name].kinks) for m in middles])
    assert away.sum() > 300
    np.testing.assert_allclose(quotients[away], between[away], atol=1e-4)


def test_a_function_is_interrupted_where_it_jumps_and_nowhere_else():
    jumps = {name: tuple(curve.jumps for curve in curves_of(name).curves) for name in ACTIVATIONS}
    assert jumps["sign"] == ((0.0,), (0.0,))
    assert jumps["relu"] == ((), (0.0,))
    assert jumps["piecewise-linear"] == ((), (-0.5, 0.5))
    assert all(jumps[name] == ((), ()) for name in ("linear", "sigmoid", "tanh", "softplus", "gelu", "silu"))


def test_a_row_over_several_entries_is_refused():
    with pytest.raises(InputError, match="activation of single entries"):
        curves_of("softmax")
