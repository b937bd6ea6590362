"""What goes over the pipe is exact, is only data, and is refused where it is anything else."""

from __future__ import annotations

import json
from fractions import Fraction

import numpy as np
import pytest
from flint import arb
from hypothesis import given
from hypothesis import strategies as st

from symnn.errors import UndecidedError
from symnn.sandbox import codec
from symnn.sandbox.codec import Held, Reader, Writer
from symnn.sandbox.texts import BY_NAME, KINDS, real, real_text
from symnn.scalars import (
    EXACT,
    Ball,
    Dual,
    Exact,
    Scalar,
    array,
    ball,
    duals,
    precision,
    running,
    trace,
    traced,
)
from symnn.scalars.base import ScalarArray, TruthArray


def through(x):
    """A value as it comes out at the other end of the pipe."""
    return Reader().read(json.loads(json.dumps(Writer().write(x), allow_nan=False)))


def same(a, b):
    if isinstance(a, np.ndarray):
        assert type(a) is type(b)
        assert a.dtype == b.dtype
        assert a.shape == b.shape
        return a.tobytes() == b.tobytes() if a.dtype != object else all(map(same, a.ravel(), b.ravel()))
    if isinstance(a, Dual):
        return type(b) is Dual and same(a.value, b.value) and same(a.tangent, b.tangent)
    if isinstance(a, Scalar):
        return type(a) is type(b) and same(a.value, b.value)
    if isinstance(a, arb):
        # A radius is rounded up whenever it is set.
        wider = a.rad() * (1 + arb(2) ** -28)
        return bool(a.mid() == b.mid() and a.rad() <= b.rad() <= wider) if a.is_finite() else str(a) == str(b)
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list | tuple):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    return type(a) is type(b) and (a == b or a != a)


plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
numbers = st.sampled_from(["<f8", ">f4", "<i2", "|b1", "<c16", "<U3"]).flatmap(
    lambda dtype: st.lists(st.integers(0, 1), max_size=6).map(lambda entries: np.array(entries).astype(dtype))
)
values = st.recursive(
    plain | numbers,
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=12,
)


@given(values)
def test_plain_values_come_back_as_they_were(x):
    assert same(x, through(x))


@given(
    st.lists(
        st.tuples(st.fractions(), st.floats(0, 1), st.floats(allow_nan=False, allow_infinity=False)),
        min_size=1,
        max_size=8,
    )
)
def test_scalars_come_back_to_the_last_bit(rows):
    with precision(333):
        exact = array([q for q, *_ in rows], EXACT)
        balls = array([q for q, *_ in rows], ball(333)) * 3
        fuzzy = np.array([Ball(arb(x, r)) for _, r, x in rows], dtype=object).view(ScalarArray)
    for A in (exact, balls, fuzzy, duals([x for *_, x in rows], [r for _, r, _ in rows], 333)):
        assert same(A, through(A))
        assert all(same(x, through(x)) for x in A.tolist())


def test_every_kind_of_array_keeps_its_class():
    truths = (array([1, 2], EXACT) > 1).view(TruthArray)
    mixed = np.array([1, Exact("1/3"), "a", None], dtype=object)
    for A in (truths, mixed, np.zeros((0, 3)), np.zeros(()), np.array([], dtype=object).view(ScalarArray)):
        assert same(A, through(A))
    assert same(np.float32(0.1), through(np.float32(0.1)))


@pytest.mark.parametrize("x", [arb("nan"), arb("inf"), arb("-inf")])
def test_what_is_not_finite_stays_so(x):
    assert str(real(real_text(x))) == str(x)


def test_expressions_come_back_as_the_very_same():
    with running(trace()) as run:
        x = traced("x", [[0.5, 2], [-1, 3]])
        y = np.exp(x @ x / 3).sum(axis=0) + np.abs(x[1]) - np.array([0.1, np.inf])
        back, relations = through(y), through(run.relations)
    assert [a.node is b.node for a, b in zip(y, back, strict=True)] == [True, True]
    assert all(map(same, [a.value for a in y], [b.value for b in back]))
    assert run.relations
    assert relations == run.relations


def test_every_class_that_can_travel_is_read_by_its_name():
    assert {kind.name: kind for kind in KINDS.values()} == BY_NAME
    assert len(BY_NAME) == len(KINDS)


def test_a_scalar_without_a_row_is_undecided_and_no_text():
    class Strange(Scalar):
        __slots__ = ()

    with pytest.raises(UndecidedError, match="Strange are not available in the sandbox"):
        Writer().write([Strange()])


def test_what_cannot_travel_is_held_by_its_owner():
    kept = []
    written = Writer(lambda x: kept.append(x) or len(kept)).write({"f": max, "g": Held(7, "mine")})
    assert Reader().read(written) == {"f": Held(1, repr(max)), "g": Held(7, "mine")}
    assert kept == [max]
    assert Reader(lambda number, said: kept[number - 1]).read({"held": [1, ""]}) is max


def test_arrays_of_the_same_scalars_are_sent_once():
    writer, reader = Writer(remembers=True), Reader()
    A = array([Fraction(1, 3)] * 50, ball(333))
    first, second = (writer.message(A=B) for B in (A, A.copy()))
    assert len(json.dumps(second)) < 100 < len(json.dumps(first))
    one, other = reader.message(first)["A"], reader.message(second)["A"]
    assert same(A, other)
    assert one is not other
    assert one[0] is other[0]


def test_what_is_remembered_is_bounded(monkeypatch):
    monkeypatch.setattr(codec, "MOST_KEPT", 100)
    writer, reader = Writer(remembers=True), Reader()
    for k in range(50):
        A = array(np.arange(20) + k, EXACT)
        assert same(A, reader.message(writer.message(A=A))["A"])
        assert len(reader._kept) <= 6


BALL = {"shape": [1], "class": "scalars", "kind": "ball"}
MALFORMED = {
    "two keys": {"list": [], "tuple": []},
    "no key": {},
    "a list": [1],
    "an unknown row": {"pickle": "gASV"},
    "an object type": {"array": {"dtype": "|O", "shape": [1], "bytes": "AAAAAAAAAAA=", "class": "plain"}},
    "a record type": {"array": {"dtype": "V8", "shape": [1], "bytes": "AAAAAAAAAAA=", "class": "plain"}},
    "too few bytes": {"array": {"dtype": "<f8", "shape": [2], "bytes": "AAAAAAAAAAA=", "class": "plain"}},
    "a negative shape": {"array": {"dtype": "<f8", "shape": [-1], "bytes": "AAAAAAAAAAA=", "class": "plain"}},
    "an unknown class": {"array": {"dtype": "<f8", "shape": [1], "bytes": "AAAAAAAAAAA=", "class": "matrix"}},
    "no bytes": {"array": {"dtype": "<f8", "shape": [1], "bytes": "!", "class": "plain"}},
    "an unknown kind": {"numbers": {**BALL, "kind": "secret", "text": "1"}},
    "an expression that is none": {"node": {"rows": [["sum", None]], "roots": [0]}},
    "an expression of itself": {"node": {"rows": [["sum", None, 0, 0]], "roots": [0]}},
    "an unknown operation": {"node": {"rows": [["eval", "x"]], "roots": [0]}},
    "an unknown function": {"node": {"rows": [["number", "1/1"], ["call", "system", 0]], "roots": [1]}},
    "a name that is none": {"node": {"rows": [["symbol", [3, [], []]]], "roots": [0]}},
    "an expression too few": {"numbers": {**BALL, "kind": "trace", "text": "1:0", "rows": [], "roots": []}},
    "no number": {"numbers": {**BALL, "text": "one"}},
    "half a number": {"numbers": {**BALL, "text": "1"}},
    "an exponent out of sight": {"numbers": {**BALL, "text": f"1:{2**60:x}"}},
    "a wrong shape": {"numbers": {**BALL, "shape": [3], "text": "1:0"}},
    "what was never sent": {"again": {**BALL, "keep": 3}},
    "a ratio of nothing": {"numbers": {**BALL, "kind": "exact", "text": "1/0"}},
    "a float": {"float": "import os"},
}


@pytest.mark.parametrize("written", MALFORMED.values(), ids=MALFORMED)
def test_anything_else_is_refused(written):
    with pytest.raises((ValueError, TypeError, KeyError, AttributeError, IndexError)):
        Reader().read(written)


EXACT_DOUBLES = [0.0, -1.5, 2.0**-1074, 1.7976931348623157e308, 0.1]


def test_exact_doubles_travel_as_bytes_and_all_else_as_text():
    balls = array(EXACT_DOUBLES, ball())
    written = Writer().write(balls)["numbers"]
    assert "doubles" in written
    assert "text" not in written
    assert same(through(balls), balls)
    moving = duals(EXACT_DOUBLES, [1.0, 0.0, -0.25, 3.0, 0.0])
    assert "doubles" in Writer().write(moving)["numbers"]
    assert same(through(moving), moving)
    for other in (arb("inf"), arb("nan"), arb(1) / 3, arb(2) ** 2000):
        mixed = np.array([Ball(0.5), Ball(other)], dtype=object).view(ScalarArray)
        assert "text" in Writer().write(mixed)["numbers"]
        assert same(through(mixed), mixed)


@pytest.mark.parametrize("doubles", [["AAAA"], ["!"], [7], [], ["AAAAAAAA8H8="], ["AAAAAAAA+H8="]])
def test_bytes_that_are_no_doubles_are_refused(doubles):
    with pytest.raises((ValueError, TypeError)):
        Reader().read({"numbers": {"shape": [], "class": "one", "kind": "ball", "doubles": doubles}})
