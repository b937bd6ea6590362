"""Functions that users make known run on certified numbers, and what they say of them is not taken on trust."""

from __future__ import annotations

import math
import sys
from types import ModuleType

import numpy as np
import pytest

import symnn
from symnn.errors import InputError
from symnn.scalars import registered

W = np.array([0.5, -1.25, 0.75])

# A library that no run reaches, as one of compiled code.
LIBRARY = ModuleType("a_library")
exec(
    "import math\nimport numpy as np\n"
    "def swish(x): return np.array([t / (1 + math.exp(-t)) for t in np.asarray(x, dtype=np.float64)])\n"
    "def cube(x): return [math.pow(t, 3) for t in np.asarray(x, dtype=np.float64)]",
    vars(LIBRARY),
)
swish = LIBRARY.swish


@pytest.fixture(autouse=True)
def registered_anew(monkeypatch):
    """What a test registers is forgotten after it."""
    monkeypatch.setitem(sys.modules, "a_library", LIBRARY)
    tables = [(table, dict(table)) for table in (registered.REGISTERED, registered.UFUNCS)]
    yield
    for table, before in tables:
        table.clear()
        table.update(before)


def formula(x):
    return x / (1 + np.exp(-x))


def loss(w):
    return np.sum(swish(w) ** 2)


def grad(w):
    s = 1 / (1 + np.exp(-w))
    return 2 * swish(w) * (s + w * s * (1 - s))


def test_a_function_that_is_not_known_is_undecided():
    assert symnn.verify(loss, grad, W).verdict == "undecided"


def test_a_function_with_its_formula_is_certified_and_proved_and_its_wrong_gradient_different():
    symnn.register_function(swish, formula)
    assert symnn.verify(loss, grad, W).verdict == "equal"
    assert symnn.verify(loss, grad, W, level="identical").verdict == "equal"
    assert symnn.verify(loss, lambda w: grad(w) * (1 + 1e-9), W).verdict == "different"


def test_a_formula_of_another_function_is_not_believed():
    symnn.register_function(swish, lambda x: 2 * formula(x))
    found = symnn.verify(loss, lambda w: 4 * grad(w), W)
    assert found.verdict != "equal"
    assert any("float64" in reason for reason in found.reasons) or found.verdict == "different"


def test_a_function_with_value_and_slope_is_certified():
    def sigmoid(x):
        return 1 / (1 + (-x).exp())

    def slope(x):
        return sigmoid(x) * (1 + x * (1 - sigmoid(x)))

    symnn.register_function(swish, value=lambda x: x * sigmoid(x), slope=slope)
    assert symnn.verify(loss, grad, W).verdict == "equal"
    assert symnn.verify(loss, lambda w: grad(w) * 2, W).verdict == "different"


def test_a_slope_that_is_not_that_of_the_value_is_refused():
    symnn.register_function(swish, value=lambda x: x / (1 + (-x).exp()), slope=lambda x: 1 / (1 + (-x).exp()))
    found = symnn.verify(loss, grad, W)
    assert found.verdict == "undecided"
    assert any("the slope of swish is not that of its value" in reason for reason in found.reasons)


def test_a_ufunc_is_known_wherever_it_is_called():
    own = np.frompyfunc(lambda t: float(t) ** 3, 1, 1)
    symnn.register_function(own, lambda x: x**3)
    found = symnn.verify(lambda w: np.sum(own(w)), lambda w: 3 * w**2, W)
    assert found.verdict == "equal", found


def test_a_function_is_known_as_an_attribute_of_its_module():
    symnn.register_function(LIBRARY.cube, lambda x: x**3)
    found = symnn.verify(lambda w: np.sum(LIBRARY.cube(w)), lambda w: 3 * w**2, W)
    assert found.verdict == "equal", found


@pytest.mark.parametrize("function", [np.unwrap, math.erf])
def test_a_function_of_numpy_or_math_hides_no_other(function, monkeypatch):
    monkeypatch.delitem(registered.FUNCTIONS, function, raising=False)
    symnn.register_function(function, lambda x: x)

    def filled(w):
        made = np.zeros(3)
        made[:] = w
        return np.sum(made**2) + math.exp(w[0])

    found = symnn.verify(filled, lambda w: 2 * w + np.exp(w[0]) * np.array([1, 0, 0]), W)
    registered.FUNCTIONS.pop(function, None)
    assert found.verdict == "equal", found


@pytest.mark.parametrize("given", [{}, {"value": abs}, {"formula": abs, "value": abs, "slope": abs}])
def test_a_formula_or_both_others_must_be_given(given):
    with pytest.raises(InputError, match="give a formula, or both a value and a slope"):
        symnn.register_function(swish, **given)
