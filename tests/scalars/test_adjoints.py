"""One sweep over kept tangents gives what a run along every direction by itself does."""

from __future__ import annotations

import numpy as np
import pytest
from flint import arb
from hypothesis import given, settings
from hypothesis import strategies as st

from symnn.errors import UndecidedError
from symnn.sandbox.codec import Reader, Writer
from symnn.scalars import Dual, array, ball, dual, duals, leaves, precision, running
from symnn.scalars.adjoints import Leaf, Tangent, adjoints, tangent_matrix
from symnn.verification.calling import single
from tests.verification.test_functions import NAMED

BITS = 200
W = np.array([[1.5, -0.5, 0.25], [0.75, 2.0, -1.25]])


def swept(loss, w, *data):
    with running(dual(BITS), functions=[loss]):
        found = loss(leaves(array(w, ball(BITS))), *(array(x, dual(BITS)) for x in data))
        return adjoints(single(found).tangent)


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
        one, other = swept(loss, w, *data), one_by_one(loss, w, *data)
        zero = arb(0)
        return all(abs(one.get(k, zero) - (zero if b is None else b)) < arb(10) ** -40 for k, b in enumerate(other))


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


ONE_BY_ONE = {"scipy.linalg.expm"}
"""Functions whose derivative takes a matrix of numbers for slopes: they are asked along single directions."""


def test_the_functions_of_numpy_and_scipy_are_swept():
    wrong, refused = [], set()
    for name, ((w, x), loss, _) in NAMED:
        try:
            if not same(loss, np.asarray(w), x):
                wrong.append(name)
        except (TypeError, UndecidedError):
            refused.add(name)
    assert not wrong
    assert refused <= ONE_BY_ONE


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
    monkeypatch.setattr(Tangent, "__sub__", Tangent.__add__)
    assert not same(lambda w: np.sum(np.exp(w[0]) - w[1]), W)


def test_the_same_parameter_twice_is_added_up():
    one = Tangent((arb(2), Leaf(3)), (arb(5), Leaf(3)))
    assert adjoints(one) == {3: 7}


def test_a_matrix_of_numbers_stays_one_of_flint():
    assert tangent_matrix(1, 2, [None, arb(2)]).entries() == [0, 2]


def test_tangents_travel_as_what_they_are_made_of():
    x, y = leaves(array([2, 3], ball(BITS)))
    reader, writer = Reader(), Writer()
    here = Reader().read(Writer().write(x * y + x)).tangent
    assert adjoints(here) == {0: 4, 1: 2}
    there = reader.read(writer.write([x, y, Dual(1)]))
    assert adjoints((there[0] * there[1]).tangent) == {0: 3, 1: 2}
    assert there[2].tangent is None
