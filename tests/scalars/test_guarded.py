"""A small constant that is added in a logarithm or a denominator is left out there, and nowhere else."""

from __future__ import annotations

import json

import numpy as np
import pytest

from symnn.sandbox.codec import Reader, Writer
from symnn.sandbox.records import SYSTEMS, records, system_of, take_in
from symnn.scalars import (
    Ball,
    Guarded,
    Run,
    array,
    ball,
    dual,
    duals,
    guarded,
    midpoints,
    running,
    with_guards,
    without_guards,
)
from symnn.scalars.choices import Choices, above, below

P, V = np.array([0.3, 0.6, 0.1]), np.array([1.0, -0.5, 0.25])
M = np.array([[1.25, 0.5, 0.25], [0.5, 2.0, 0.125], [0.75, 0.25, 1.5]])


def added_in_place(p):
    q = p.copy()
    q += 1e-8
    return np.log(q).sum()


# With the guard, without it, and its size.
LEFT_OUT = {
    "log": (lambda p: np.sum(np.log(p + 1e-7)), lambda p: np.sum(np.log(p)), 1e-7),
    "log2": (lambda p: np.sum(np.log2(p + 1e-7)), lambda p: np.sum(np.log2(p)), 1e-7),
    "log1p": (lambda p: np.sum(np.log1p(p + 1e-7)), lambda p: np.sum(np.log1p(p)), 1e-7),
    "log of one less": (lambda p: np.sum(np.log(1 - p + 1e-7)), lambda p: np.sum(np.log(1 - p)), 1e-7),
    "subtracted": (lambda p: np.sum(np.log(1 - (p - 1e-7))), lambda p: np.sum(np.log(1 - p)), 1e-7),
    "on the left": (lambda p: np.sum(np.log(1e-7 + p)), lambda p: np.sum(np.log(p)), 1e-7),
    "one number": (lambda p: np.log(p[0] + 1e-7) + p[1], lambda p: np.log(p[0]) + p[1], 1e-7),
    "denominator": (lambda p: np.sum(2 / (p + 1e-12)), lambda p: np.sum(2 / p), 1e-12),
    "negative power": (lambda p: np.sum((p + 1e-12) ** -0.5), lambda p: np.sum(p**-0.5), 1e-12),
    "reciprocal": (lambda p: np.sum(np.reciprocal(p + 1e-12)), lambda p: np.sum(1 / p), 1e-12),
    "normalization": (
        lambda p: np.sum(((p - p.mean()) / np.sqrt(p.var() + 1e-5)) ** 3),
        lambda p: np.sum(((p - p.mean()) / np.sqrt(p.var())) ** 3),
        1e-5,
    ),
    "beside a root": (lambda p: np.sum(p / (np.sqrt(p) + 1e-8)), lambda p: np.sum(np.sqrt(p)), 1e-8),
    "through a product": (lambda p: np.sum(1 / (M @ (p + 1e-8))), lambda p: np.sum(1 / (M @ p)), 1e-8),
    "machine epsilon": (lambda p: np.sum(np.log(p + np.finfo(float).eps)), lambda p: np.sum(np.log(p)), 2.0**-52),
    "as a ufunc": (lambda p: np.log(np.add(p, np.float64(1e-9))).sum(), lambda p: np.log(p).sum(), 1e-9),
    "an array of one size": (lambda p: np.log(p + np.float64([1e-9] * 3)).sum(), lambda p: np.log(p).sum(), 1e-9),
    "in place": (added_in_place, lambda p: np.log(p).sum(), 1e-8),
}
KEPT = {
    "an error": (lambda p: np.sum(2 * p + 1e-9), 2.0 + 3e-9, 1.5),
    "a factor": (lambda p: np.sum(1e-6 * p), 1e-6, 0.75e-6),
    "a sum that is no denominator": (lambda p: np.exp(p[0] * 0 + 1e-7) * p[0], 0.3 * np.exp(1e-7), np.exp(1e-7)),
    "a constant of some size": (lambda p: np.sum(np.log(p * 0 + 1e-3)), 3 * np.log(1e-3), 0.0),
    "nothing without it": (lambda p: np.sum(np.log(p * 0 + 1e-7)), 3 * np.log(1e-7), 0.0),
    "a root of it alone": (lambda p: np.sum(1 / np.sqrt(p * 0 + 1e-4)) + p[0], 300.3, 1.0),
}


def run(f):
    with running(guarded(dual()), functions=[f]) as opened:
        return f(with_guards(duals(P, V))), opened


@pytest.mark.parametrize(("with_it", "without", "size"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_a_guard_is_left_out_and_recorded(with_it, without, size):
    found, opened = run(with_it)
    expected, other = run(without)
    assert float((found.tangent - expected.tangent).abs_upper()) < 1e-80
    assert float((found.value - expected.value).abs_upper()) < 1e-80
    assert (opened.guards, other.guards) == ({size}, set())


@pytest.mark.parametrize(("f", "value", "slope"), KEPT.values(), ids=KEPT)
def test_a_small_constant_elsewhere_is_kept(f, value, slope):
    found, opened = run(f)
    assert not opened.guards
    assert float(found.value.mid()) == pytest.approx(value, rel=1e-14)
    assert float(found.tangent or 0) == pytest.approx(slope, rel=1e-14, abs=1e-14)


def test_without_guards_balls_are_as_they_were():
    with running(guarded(ball())):
        A = with_guards(array(P, ball())) + 1e-9
    assert np.allclose(midpoints(without_guards(A)), P + 1e-9, rtol=1e-15, atol=0)
    assert {type(x) for x in without_guards(A)} == {Ball}


@pytest.mark.parametrize(("rule", "slope"), [(above, 1), (below, 0)])
def test_a_kink_is_chosen_as_for_duals(rule, slope):
    with running(guarded(dual())) as opened:
        opened.choices = Choices(rule)
        x = with_guards(duals([0.0], [1.0]))
        assert np.maximum(x, 0)[0].tangent == slope or (slope == 0 and np.maximum(x, 0)[0].tangent is None)
    assert opened.choices.taken


def test_guarded_numbers_and_what_was_recorded_travel():
    with running(guarded(dual())) as opened:
        A = with_guards(duals(P, V)) + 1e-9
        np.log(A)
    back = Reader().read(json.loads(json.dumps(Writer().write(A))))
    assert {type(x) for x in back} == {Guarded}
    for x, y in zip(back, A, strict=True):
        assert (x.value.mid(), x.tangent, x.bare.value.mid(), x.bare.tangent, x.sizes) == (
            *(y.value.mid(), y.tangent, y.bare.value.mid(), y.bare.tangent, y.sizes),
        )
    told = Reader().read(json.loads(json.dumps(Writer().write(records(opened)))))
    take_in(taken := Run(), told)
    assert taken.guards == {1e-9}


@pytest.mark.parametrize("name", ["guarded_ball", "guarded_dual"])
def test_the_systems_can_be_opened_in_the_sandbox(name):
    assert system_of({"system": (name, 100)}).name == name
    assert name in SYSTEMS
