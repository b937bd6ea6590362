"""A run records where code compared numbers and how that came out, for branches that were never taken."""

from __future__ import annotations

import json

import numpy as np
import pytest

from symnn.sandbox.codec import Reader, Writer
from symnn.sandbox.records import records, take_in
from symnn.scalars import Run, array, ball, dual, duals, running, signature, signatures, trace, traced
from symnn.scalars.tower import Tower

W = np.array([2.0, -1.0, 0.5])


# What is written, and what is recorded of it: what was asked, with the ways in which it came out.
BOTH, YES, NO = {True, False}, {True}, {False}
RECORDED = {
    "a branch": (lambda w: w[0] if w[0] > 1 else w[1], {">": YES}),
    "a mask": (lambda w: w * (w > 0), {">": BOTH}),
    "a mask on one side": (lambda w: w * (w <= 5), {"<=": YES}),
    "maximum": (lambda w: np.maximum(w, 0), {"maximum": BOTH}),
    "maximum, one way": (lambda w: np.maximum(-5, w), {"maximum": NO}),
    "minimum": (lambda w: np.minimum(w, 7), {"minimum": YES}),
    "clip": (lambda w: np.clip(w, -3, 1), {"clip >=": YES, "clip <=": BOTH}),
    "clip as a method": (lambda w: w.clip(-3, 3), {"clip >=": YES, "clip <=": YES}),
    "where": (lambda w: np.where(w < 9, w, 0), {"<": YES}),
    "sign": (lambda w: np.sign(w[:1]), {"sign": NO}),
    "heaviside": (lambda w: np.heaviside(w, 0), {"heaviside": BOTH}),
    "absolute": (lambda w: np.abs(w), {"absolute": BOTH}),
    "absolute of one": (lambda w: abs(w[1]), {">=": NO}),
    "Python's max": (lambda w: max(w[0], 0), {"<": NO}),
    "constants": (lambda w: np.ones(1) == 1, {"==": YES}),
}
SILENT = {
    "max": lambda w: w.max() + np.max(w) + np.amin(w),
    "order": lambda w: (np.sort(w), w.argsort(), np.argmax(w), w.argmin(), np.median(w)),
    "closeness": lambda w: (np.allclose(w, w + 1), np.isclose(w, 0), np.array_equal(w, w)),
    "the NaN test": lambda w: (w != w).any() or w[0] != w[0],
    "nansum": lambda w: np.nansum(w),
    "rounding": lambda w: np.floor(w) + np.round(w, 2),
    "elimination": lambda w: np.linalg.solve(np.diag(w), w),
}
KINDS = {
    "ball": (ball(), lambda: array(W, ball())),
    "dual": (dual(), lambda: duals(W, [1, 1, 1])),
    "trace": (trace(), lambda: traced("w", W)),
}


def compared(f, kind):
    system, make = KINDS[kind]
    with running(system, functions=[f]) as run:
        f(make())
    found = {}
    for place, outcome in run.compared:
        found.setdefault(place.rpartition(": ")[2], set()).add(outcome)
    return found, run


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("f", "expected"), RECORDED.values(), ids=RECORDED)
def test_a_comparison_is_recorded_as_it_came_out(f, expected, kind):
    found, run = compared(f, kind)
    assert found == expected
    assert all("test_compared.py:" in place and "in <lambda>" in place for place, _ in run.compared)


@pytest.mark.parametrize("f", SILENT.values(), ids=SILENT)
def test_what_orders_or_measures_is_no_branch(f):
    assert compared(f, "dual")[0] == {}


def test_signatures_record_their_comparisons_too():
    tower = Tower(1, seed=0)
    with running(signature(tower)) as run:
        np.maximum(signatures("w", W, tower), 0)
    assert {outcome for _, outcome in run.compared} == BOTH


# A draw of two values, and the ways in which it came out.
DRAWN = {
    "binomial": (lambda: np.random.RandomState(0).binomial(1, 1.0, 8), {"binomial()": YES}),
    "binomial, both": (lambda: np.random.RandomState(0).binomial(1, 0.5, 64), {"binomial()": BOTH}),
    "randint": (lambda: np.random.RandomState(0).randint(0, 2, 64), {"randint()": BOTH}),
    "integers": (lambda: np.random.default_rng(0).integers(2, size=64), {"integers()": BOTH}),
    "choice": (lambda: np.random.RandomState(0).choice([0, 1], 8, p=[1, 0]), {"choice()": NO}),
    "a number of many": (lambda: np.random.RandomState(0).randint(0, 9, 64), {}),
    "a mask that keeps all": (lambda: np.random.RandomState(0).rand(6) < 2, {"<": YES}),
}


@pytest.mark.parametrize(("draw", "expected"), DRAWN.values(), ids=DRAWN)
def test_a_draw_that_is_zero_or_not_is_recorded(draw, expected):
    assert compared(lambda w: draw(), "ball")[0] == expected


def test_the_record_travels():
    run = compared(lambda w: np.maximum(w, 0), "ball")[1]
    take_in(taken := Run(), Reader().read(json.loads(json.dumps(Writer().write(records(run))))))
    assert taken.compared == run.compared
    assert len(taken.compared) == 2
