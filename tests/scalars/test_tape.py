"""One sweep of what was recorded gives what a run along every direction by itself does."""

from __future__ import annotations

import numpy as np
import pytest
from flint import arb
from hypothesis import given, settings
from hypothesis import strategies as st

from symnn.errors import UndecidedError
from symnn.scalars import Ball, array, ball, ball_loops, distinct, dual, duals, plain, precision, running, tape, values
from symnn.scalars.block import leaf
from symnn.verification.calling import single
from tests.verification.test_functions import NAMED

BITS = 200
W = np.array([[1.5, -0.5, 0.25], [0.75, 2.0, -1.25]])


def swept(loss, w, *data):
    numbers = distinct(w, BITS)
    with running(ball(BITS), functions=[loss]), tape.recording() as record:
        numbers, places = leaf(record, numbers)
        found = single(loss(numbers, *(array(x, ball(BITS)) for x in data)))
        return record.adjoints(found.value)[places]


def one_by_one(loss, w, *data):
    with running(dual(BITS), functions=[loss]):
        given = [array(x, dual(BITS)) for x in data]
        slopes = []
        for k in range(w.size):
            found = loss(duals(w, np.eye(w.size)[k].reshape(w.shape), BITS), *given)
            slopes.append(single(found).tangent)
        return slopes


def same(loss, w, *data):
    with precision(BITS):
        zero, pairs = arb(0), zip(swept(loss, w, *data), one_by_one(loss, w, *data), strict=True)
        return all(abs((a or zero) - (b or zero)) < arb(10) ** -40 for a, b in pairs)


LOSSES = {
    "a product from either side": lambda w: np.sum(np.tanh(w @ w.T) @ w),
    "a quotient and a power": lambda w: np.sum(w**3 / (1 + w**2) - 2.0**w),
    "entries by themselves": lambda w: w[0, 0] * w[1, 2] - np.exp(w[0, 1]) / w[1, 1],
    "written in place": lambda w: written_in_place(w),
    "stacks of products": lambda w: np.sum(np.stack([w, 2 * w]) @ w.T),
    "einsum": lambda w: np.einsum("ij,kj->", w, np.sin(w)),
    "a softmax": lambda w: np.sum(np.exp(w) / np.exp(w).sum(axis=0) * np.arange(3)),
    "the larger one": lambda w: np.sum(np.maximum(w, 0) + w.max(axis=1)[:, None] * np.sort(w, axis=0)[0, 0]),
    "a transform": lambda w: np.sum(np.abs(np.fft.fft(w[0])) ** 2),
    "singular values": lambda w: np.sum(np.linalg.svd(w, compute_uv=False)),
    "eigenvectors": lambda w: np.sum(np.linalg.eigh(w @ w.T)[1] * np.array([[1, 2], [3, 4]])),
    "what does not depend on it": lambda w: w[0, 0] * 0 + 1,
}


def written_in_place(w):
    kept = np.zeros((2, 3))
    kept[0] = w[1]
    view = kept[:, 1:]
    view *= 2
    view[1] += w[0, :2] ** 2
    return np.sum(kept * w)


@pytest.mark.parametrize("name", LOSSES)
def test_a_sweep_gives_the_slope_by_every_entry(name):
    assert same(LOSSES[name], W)


def test_the_functions_of_numpy_and_scipy_are_swept():
    wrong, refused = [], set()
    for name, ((w, x), loss, _) in NAMED:
        try:
            if not same(loss, np.asarray(w), x):
                wrong.append(name)
        except (TypeError, UndecidedError):
            refused.add(name)
    assert not wrong
    assert not refused


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=8), st.integers(0, 2**32 - 1))
def test_a_drawn_chain_of_layers_is_swept_as_it_is_slope_by_slope(steps, seed):
    rng = np.random.default_rng(seed)
    factors = rng.integers(-8, 8, (len(steps), 2, 2)) / 4 + np.eye(2) / 3

    def loss(w):
        A = w
        for step, factor in zip(steps, factors, strict=True):
            A = (
                lambda A, F: F @ A,
                lambda A, F: np.tanh(A) * w,
                lambda A, F: A.T[:, :1] + F,
                lambda A, F: A - A.mean(axis=0),
                lambda A, F: np.concatenate([A[1:], A[:1] * A[1:]])[:2],
                lambda A, F: A / (2 + np.abs(np.sin(F)) + A**2),
            )[step](A, factor) + w
        return np.sum(A**2)

    assert same(loss, rng.integers(-8, 9, (2, 2)) / 8)


def test_a_sweep_that_is_wrong_would_be_seen(monkeypatch):
    def loss(w):
        return np.sum(np.exp(w[0]) - w[1] * w[0, 0])

    assert same(loss, W)
    monkeypatch.setitem(ball_loops.LOOPS, "subtract", (np.subtract, plain.ADDED))
    assert not same(loss, W)


def test_a_number_that_code_computes_with_twice_is_added_up():
    assert same(lambda w: w[0, 0] * w[0, 0] + sum(x * x for x in w.ravel()) + np.sum(w + w), W)


def test_large_arrays_are_found_by_their_sorted_identities(monkeypatch):
    monkeypatch.setattr(tape, "LARGE", 4)
    for name, loss in LOSSES.items():
        assert same(loss, W), name


def test_what_was_made_of_what_does_not_move_is_not_recorded():
    with running(ball(BITS)), tape.recording() as record:
        x = distinct([2.0, 3.0], BITS)
        record.leaves(values(x))
        still = np.exp(array([1.0, 2.0], ball(BITS))) * 2
        assert not any(map(record.moves, values(still)))
        assert all(map(record.moves, values(still * x)))
        assert (still * x)[0].tangent is plain.MOVING
        assert still[0].tangent is None
    assert (still * x)[0].tangent is None, "no record is open"


def test_numbers_that_move_and_are_equal_lie_on_a_kink():
    with running(ball(BITS)) as run, tape.recording() as record:
        x = distinct([2.0, 2.0], BITS)
        assert not run.kinks
        bool(x[0] > x[1])
        assert not run.kinks, "they do not move yet"
        record.leaves(values(x))
        np.maximum(x, 1)
        assert not run.kinks
        assert not np.any(x > 2)
    assert run.kinks


def test_an_array_that_is_written_into_afterwards_is_recorded_as_it_was_read():
    def loss(w):
        before = w * w
        held = w.copy()
        made = held * before
        held *= 0
        before[...] = 7
        return np.sum(made) + np.sum(np.cumsum(w, axis=1)[:, 1]) + np.sum(w, axis=0)[2]

    assert same(loss, W)


def test_a_ball_without_a_record_has_no_tangent():
    assert Ball(3).tangent is None


def test_a_reduction_without_a_start_is_one_that_was_given_none():
    A, where = array(W, ball(BITS)), np.array([[True, False, True], [False, False, False]])
    with running(ball(BITS)):
        assert np.add.reduce(A, where=where, initial=np._NoValue).tolist() == [1.5, 0, 0.25]
