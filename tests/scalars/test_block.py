"""A block passes for the array that it stands for, whatever is done to it, its views and its copies."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
from flint import arb, arb_mat

from symnn.sandbox.codec import Reader, Writer
from symnn.scalars import (
    DEFAULT_BITS,
    Ball,
    Dual,
    ScalarArray,
    array,
    ball,
    block,
    distinct,
    dual,
    making,
    midpoints,
    precision,
    products,
    running,
    tape,
    values,
)
from symnn.scalars.block import Block, leaf, moving_block
from symnn.scalars.readings import all_finite, numbers_at
from symnn.verification import verify
from tests.scalars.programs import Program
from tests.scalars.test_programs import certified, differing

W = np.arange(1.0, 13).reshape(3, 4) / 8
PROGRAMS = 40


@pytest.fixture
def _blocks(monkeypatch):
    """Keep every product, and every array of parameters, as a block."""
    for module in (block, products, making):
        monkeypatch.setattr(module, "FEWEST", 1)


def a_block(of=W):
    found = Block(arb_mat(*of.shape, of.ravel().tolist()))
    assert type(found) is Block
    return found


def is_a_matrix(A):
    return type(A) is Block and A._store.array is None


def test_it_is_an_array_by_all_that_code_asks():
    A = a_block()
    assert isinstance(A, np.ndarray)
    assert isinstance(A, ScalarArray)
    assert (A.shape, A.ndim, A.size, np.shape(A), np.ndim(A), np.size(A)) == ((3, 4), 2, 12, (3, 4), 2, 12)
    assert is_a_matrix(A), "nothing of this asks for entries"
    with running(ball()):
        assert A.dtype == float
    assert len(A) == 3
    assert [len(row) for row in A] == [4, 4, 4]
    assert A[1, 2] == W[1, 2]
    assert midpoints(A.sum(axis=0)).tolist() == W.sum(axis=0).tolist()
    assert np.asarray(A).dtype == object, "code that NumPy does not dispatch gets scalars, no bare numbers"
    assert {type(x) for x in np.asarray(A).ravel()} == {Ball}


def squared(A):
    return A @ A


LINEAR = {
    "a product": lambda A, B: A @ B.T,
    "a product with itself": lambda A, B: squared(A @ B.T),
    "np.dot": lambda A, B: np.dot(A.T, B),
    "a multiple": lambda A, B: A * 0.5,
    "a multiple, turned": lambda A, B: np.float64(2) * A.T,
    "a quotient": lambda A, B: A / 3,
    "a sum": lambda A, B: A + B,
    "a difference": lambda A, B: A.T - B.T,
    "negative": lambda A, B: -A,
}


@pytest.mark.usefixtures("_blocks")
@pytest.mark.parametrize("name", LINEAR)
def test_products_sums_and_multiples_stay_matrices(name):
    of, A, B = LINEAR[name], a_block(), a_block(W**2)
    with running(ball()):
        found = of(A, B)
        assert is_a_matrix(found)
    assert np.allclose(midpoints(found), of(W, W**2), rtol=1e-15)


@pytest.mark.usefixtures("_blocks")
@pytest.mark.parametrize("name", LINEAR)
def test_their_tangents_and_their_adjoints_are_those_of_entries(name):
    of, places, A, B = LINEAR[name], [1, 5, 10], a_block(), a_block(W**2)
    with running(dual()):
        found = of(moving_block(A, places, [arb(1), arb(-2), arb(3)]), B)
        slope = np.sum(found * found).tangent
    direction = np.zeros(W.size)
    direction[places] = 1, -2, 3
    with running(ball()), tape.recording() as record:
        A, at = leaf(record, A)
        found = of(A, B)
        adjoints = record.adjoints(np.sum(found * found).value)[at]
    with precision(DEFAULT_BITS):
        assert abs(sum(x * arb(v) for x, v in zip(adjoints, direction.tolist(), strict=True)) - slope) < 1e-30


def test_views_share_what_is_written_and_copies_do_not():
    A = a_block()
    turned, copied, deep = A.T, A.copy(), copy.deepcopy(A)
    A[0, 1] = 7
    turned[2, 0] = 9
    assert (A[0, 1], turned[1, 0], A[0, 2]) == (7, 7, 9)
    assert (copied[0, 1], deep[0, 2]) == (W[0, 1], W[0, 2])
    assert A.copy()[0, 1] == 7
    view = A[1:]
    view *= 2
    assert A[1, 0] == 2 * W[1, 0]
    A += 1
    assert turned[0, 0] == W[0, 0] + 1


def test_a_matrix_that_was_written_into_is_no_longer_used():
    A = a_block()
    before = A @ A.T
    assert A[0, 0] == W[0, 0]
    assert A.matrix is not None, "looking at an entry changes nothing"
    A[0, 0] = 100
    assert A.matrix is None
    assert (A @ A.T)[0, 0] != before[0, 0]
    assert moving_block(A, [0], [arb(1)]) is None


@pytest.mark.usefixtures("_blocks")
def test_the_order_in_memory_is_that_of_numpy():
    A, B = a_block(), a_block(W**2)
    for of in (lambda A, B: A.T / 3, lambda A, B: A.T + B.T, lambda A, B: A @ B.T, lambda A, B: -A):
        with running(ball()):
            made = of(A, B)
            made.ravel()[1] = 100
        expected = of(W, W**2)
        expected.ravel()[1] = 100
        assert np.allclose(midpoints(made), expected)


def test_its_shape_can_be_set():
    A = a_block()
    A.shape = (4, 3)
    assert midpoints(A).tolist() == W.reshape(4, 3).tolist()
    assert midpoints(A @ A.T).tolist() == (W.reshape(4, 3) @ W.reshape(4, 3).T).tolist()


def test_it_travels_as_an_array():
    for twin in (pickle.loads(pickle.dumps(a_block())), Reader().read(Writer().write([a_block()]))[0]):  # noqa: S301
        assert type(twin) is ScalarArray
        assert midpoints(twin).tolist() == W.tolist()


def test_its_numbers_are_told_without_scalars():
    A = a_block().T
    assert [float(x) for x in numbers_at(A, [1, 5])] == [W.T.flat[1], W.T.flat[5]]
    assert [float(x) for x in values(A)] == W.T.ravel().tolist()
    assert is_a_matrix(A)
    assert all_finite(A)
    for bad in ("inf", "-inf", "nan"):
        assert not all_finite(Block(arb_mat(1, 3, [arb("inf"), 1, arb(bad)])))


def test_a_record_knows_the_numbers_of_a_block_and_of_its_views_and_copies():
    with running(ball()), tape.recording() as record:
        A, _ = leaf(record, a_block())
        for one in (A, A.T, A.copy(), A.T.copy(), A[1:], A.T[:, :2]):
            assert all(map(record.moves, values(one)))
        assert record.moves(A[0, 0].value)
        assert not any(map(record.moves, values(a_block())))


def test_a_single_moving_entry_makes_duals():
    A = moving_block(a_block(), [4], [arb(1)])
    assert {type(x) for x in A.ravel()} == {Dual}
    assert [x.tangent for x in A.ravel()][3:6] == [0, 1, 0]


@pytest.mark.usefixtures("_blocks")
def test_drawn_programs_of_blocks_give_what_numpy_gives(monkeypatch):
    monkeypatch.setattr("tests.scalars.test_programs.array", lambda A, system: distinct(np.asarray(A, dtype=float)))
    for seed in range(PROGRAMS):
        program = Program(seed)
        found = certified(program)
        assert not differing(program, found), program


@pytest.mark.usefixtures("_blocks")
def test_a_gradient_of_blocks_is_judged_as_one_of_entries():
    X = np.array([[0.5, -1.0], [2.0, 0.25], [1.0, 1.0], [0.0, 3.0]])

    def loss(p):
        return np.sum(np.tanh(p["W"] @ X) ** 2) / 2 + 0.1 * np.sum(p["W"] ** 2)

    def grad(p):
        A = np.tanh(p["W"] @ X)
        found = (A * (1 - A**2)) @ X.T
        found += 0.2 * p["W"]
        return {"W": found}

    def wrong(p):
        found = grad(p)["W"]
        found[2, 1] += 1e-30
        return {"W": found}

    given = {"W": W - 0.7}
    assert verify(loss, grad, given).verdict == "equal"
    verdict = verify(loss, wrong, given)
    assert verdict.verdict == "different"
    assert verdict["W"].entry == "W[2, 1]"


def test_few_numbers_are_no_block():
    assert type(distinct(W)) is ScalarArray
    assert type(distinct(np.ones((64, 64)))) is Block
    assert type(array(np.ones((64, 64)), ball())) is ScalarArray
