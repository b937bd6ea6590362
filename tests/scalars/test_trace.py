"""A trace computes what NumPy computes, keeps the expression it was computed by, and records what was compared."""

from __future__ import annotations

import numpy as np
import pytest
from flint import arb
from hypothesis import given
from hypothesis import strategies as st

from symnn.errors import InputError, UndecidedError
from symnn.scalars import Scalar, Trace, midpoint, midpoints, precision, running, trace, traced
from symnn.scalars.lifting import boxed
from symnn.scalars.nodes import ONE, ZERO, add, call, multiply, number, ordered, power, symbol, text
from symnn.verification.reverse import evaluated
from tests.scalars.constructs import CONSTRUCTS

W = np.array([[0.4375, -1.25, 2.0, 0.125], [-0.75, 1.5, -0.25, 3.0], [1.75, -0.375, 0.625, -2.5]])
X = np.array([[1.0, -0.5, 0.25], [0.375, 2.25, -1.5], [-0.875, 0.75, 1.125], [0.0625, -1.75, 2.75]])
NAMES = [f.__name__ for f in CONSTRUCTS]


def entries(result):
    return (boxed(result) if isinstance(result, Scalar) else result).ravel().tolist()


def at(**arrays):
    return {symbol(n, k, A.shape): arb(float(A[k])) for n, A in arrays.items() for k in np.ndindex(A.shape)}


@pytest.mark.parametrize("construct", CONSTRUCTS, ids=NAMES)
def test_values_on_traces_are_those_in_float64(construct):
    expected = construct(W, X)
    with running(trace(), functions=[construct]):
        result = construct(traced("W", W), traced("X", X))
    assert np.shape(result) == np.shape(expected)
    assert np.allclose(midpoints(result), expected, rtol=1e-14, atol=1e-14)


@pytest.mark.parametrize("construct", CONSTRUCTS, ids=NAMES)
def test_the_expression_holds_elsewhere_in_the_region(construct):
    with running(trace(), functions=[construct]) as run:
        result = construct(traced("W", W), traced("X", X))
    near_W, near_X = W * (1 + 2.0**-10), X * (1 + 2.0**-9)
    with precision(200):
        found = evaluated([x.node for x in entries(result)], at(W=near_W, X=near_X))
        sides = evaluated([side for a, _, b in run.relations for side in (a, b)], at(W=near_W, X=near_X))
    holds = {"<": lambda a, b: a < b, ">": lambda a, b: a > b, "<=": lambda a, b: a <= b, ">=": lambda a, b: a >= b}
    holds["!="] = lambda a, b: a != b
    for k, (_, sign, _) in enumerate(run.relations):
        assert sign == "==" or holds[sign](sides[2 * k], sides[2 * k + 1])
    assert np.allclose([midpoint(x) for x in found], np.ravel(construct(near_W, near_X)), rtol=1e-12, atol=1e-12)


BRANCHES = {
    "a mask": (lambda x: x * (x > 0), ["x[0] > 0", "x[1] <= 0"]),
    "np.where": (lambda x: np.where(x >= 0, x, 0), ["x[0] >= 0", "x[1] < 0"]),
    "np.maximum": (lambda x: np.maximum(x, 0), ["x[0] >= 0", "x[1] < 0"]),
    "np.maximum, turned round": (lambda x: np.maximum(0, x), ["x[0] > 0", "x[1] <= 0"]),
    "if": (lambda x: x[0] if x[0] < 1 else x[1], ["x[0] >= 1"]),
    "abs": (lambda x: np.abs(x), ["x[0] >= 0", "x[1] < 0"]),
    "max": (lambda x: x.max(), ["x[0] >= x[1]"]),
    "not equal": (lambda x: x[x != 3], ["x[0] != 3", "x[1] != 3"]),
    "the same twice": (lambda x: (x > 0) * (x > 0), ["x[0] > 0", "x[1] <= 0"]),
    "numbers only": (lambda x: x * (np.arange(2.0) > 0.5), []),
}


@pytest.mark.parametrize("branch", BRANCHES)
def test_comparisons_are_recorded_as_they_came_out(branch):
    code, expected = BRANCHES[branch]
    with running(trace(), functions=[code]) as run:
        code(traced("x", [2.5, -1.5]))
    assert run.conditions == expected
    assert [f"{text(a)} {sign} {text(b)}" for a, sign, b in run.relations] == expected


def test_a_tie_is_recorded_as_an_equality():
    with running(trace()) as run:
        x, y = traced("x", [2, 2])
        assert x >= y
    assert run.conditions == ["x[0] == x[1]"]


def test_what_is_compared_with_itself_or_as_numbers_tells_nothing():
    with running(trace()) as run:
        x = traced("x", [2])[0]
        assert x <= x
        assert not x * 2 < x * 2
        # As balls, the two tenths would overlap.
        assert Trace("0.1") == Trace("1/10")
        assert Trace("0.1") < Trace("0.11")
    assert run.conditions == []


def test_what_balls_cannot_tell_apart_is_undecided():
    x = traced("x", [2])[0]
    with pytest.raises(UndecidedError, match="overlap"):
        bool(x.sqrt() ** 2 > x)


@pytest.mark.parametrize("convert", [int, float], ids=lambda f: f.__name__)
def test_a_trace_is_never_silently_a_plain_number(convert):
    x = traced("x", [2])
    with pytest.raises(UndecidedError):
        convert(x[0])
    with pytest.raises(UndecidedError):
        x.astype(int)


def test_certain_integers_become_indices():
    with running(trace()):
        assert np.zeros(2).astype(int).tolist() == [0, 0]


def test_what_is_no_number_is_refused():
    with pytest.raises(InputError):
        Trace("one")
    with pytest.raises(UndecidedError, match="no exact expression"):
        Trace(arb(1, 0.5))


x, y, z = (symbol(name) for name in "xyz")
FOLDED = {
    "0 + x": (add(ZERO, x), x),
    "x * 1": (multiply(x, ONE), x),
    "x * 0": (multiply(x, ZERO), ZERO),
    "2 * (3 * x)": (multiply(number(2), multiply(number(3), x)), multiply(number(6), x)),
    "(2x) * y": (multiply(multiply(number(2), x), y), multiply(number(2), multiply(x, y))),
    "(x**2)**3": (power(power(x, 2), 3), power(x, 6)),
    "x**0": (power(x, 0), ONE),
    "exp(0)": (call("exp", ZERO), ONE),
    "expit(0)": (call("expit", ZERO), power(number(2), -1)),
}


@pytest.mark.parametrize("name", FOLDED)
def test_numbers_are_folded(name):
    found, expected = FOLDED[name]
    assert found is expected


TEXTS = {
    "x/(1 + exp(-y))": multiply(x, power(add(ONE, call("exp", multiply(number(-1), y))), -1)),
    "(x + y)**2": power(add(x, y), 2),
    "-x": multiply(number(-1), x),
    "x - 2*y": add(x, multiply(number(-2), y)),
    "1/x": power(x, -1),
    "-1/x": multiply(number(-1), power(x, -1)),
    "x/(y**2*z)": multiply(multiply(x, power(y, -2)), power(z, -1)),
    "(x + y)*(x - z)": multiply(add(x, y), add(x, multiply(number(-1), z))),
}


@pytest.mark.parametrize("expected", TEXTS)
def test_a_node_reads_as_python(expected):
    assert text(TEXTS[expected]) == expected


def test_the_text_of_a_large_expression_is_short():
    total = ZERO
    for k in range(5000):
        total = add(total, multiply(symbol("W", (0, k)), call("tanh", symbol("X", (k, 0)))))
    assert text(total) == "W[0, 0]*tanh(X[0, 0]) + W[0, 1]*tanh(X[1, 0]) + … + W[0, 4999]*tanh(X[4999, 0])"


SMOOTH = [
    lambda a, b: np.tanh(a) * b + np.exp(-a * b) / (1 + b**2),
    lambda a, b: np.log(1 + np.exp(a)) ** 2 - np.sqrt(a**2 + b**2 + 1),
    lambda a, b: 1 / (1 + np.exp(-(a + 2 * b))) - 0.5 * (a - b) ** 3,
    lambda a, b: np.sin(a) * np.cos(b) + np.arctan(a * b) + 2**a,
]
REALS = st.floats(-3, 3).map(lambda r: round(r, 6))


@pytest.mark.parametrize("f", SMOOTH, ids=range(len(SMOOTH)))
@given(a=REALS, b=REALS)
def test_an_expression_traced_once_gives_the_values_of_the_code_everywhere(f, a, b):
    with running(trace(), functions=[f]):
        p, q = traced("v", [0.5, -0.25])
        node = f(p, q).node
    with precision(120):
        (found,) = evaluated([node], {p.node: arb(a), q.node: arb(b)})
    assert midpoint(found) == pytest.approx(float(f(np.float64(a), np.float64(b))), rel=1e-11, abs=1e-11)


def test_each_distinct_expression_is_made_once():
    with running(trace()):
        v = traced("v", [1, 2, 3])
        first, second = np.sum(np.tanh(v) ** 2), np.sum(np.tanh(v) ** 2)
    assert first.node is second.node
    assert len(ordered([first.node])) == 3 + 3 + 3 + 2
