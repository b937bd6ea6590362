"""A product kept as its factors is the matrix that they give, in all that is made of it and read off it."""

from __future__ import annotations

import numpy as np
import pytest
from flint import arb, arb_mat, ctx

from symnn.scalars import (
    DEFAULT_BITS,
    Ball,
    ball,
    block,
    distinct,
    factored,
    making,
    precision,
    products,
    readings,
    running,
    store,
    tape,
)
from symnn.scalars.block import Block, leaf, numbers
from symnn.scalars.factored import Factored, gap, product
from symnn.scalars.readings import all_finite, doubles, numbers_at, zeros
from symnn.scalars.store import MOSTLY, SINGLE

RNG = np.random.default_rng(0)
LEFT, RIGHT, SQUARE = (RNG.integers(-64, 64, size=shape) / 16 for shape in ((5, 2), (2, 5), (5, 5)))


@pytest.fixture
def _factors(monkeypatch):
    """Keep every product as its factors, however small and thick."""
    for module in (block, products, making):
        monkeypatch.setattr(module, "FEWEST", 1)
    monkeypatch.setattr(factored, "MANY", 1)
    monkeypatch.setattr(factored, "THIN", 1e-9)


def matrix(A):
    return arb_mat(*A.shape, A.ravel().tolist())


def by_factors():
    return Factored(matrix(LEFT), matrix(RIGHT))


MADE = {
    "itself": lambda A, B: A,
    "a transpose": lambda A, B: A.transpose(),
    "a multiple": lambda A, B: A * arb(3),
    "a quotient": lambda A, B: A / arb(4),
    "negative": lambda A, B: -A,
    "a product with a matrix": lambda A, B: A * B,
    "a product of a matrix with it": lambda A, B: B * A,
    "a product with itself": lambda A, B: A * A,
    "a sum": lambda A, B: A + A,
    "a sum with a matrix": lambda A, B: A + B,
    "a sum of a matrix with it": lambda A, B: B + A,
}


@pytest.mark.usefixtures("_factors")
@pytest.mark.parametrize("name", MADE)
def test_what_is_made_of_factors_is_made_of_their_product(name):
    of, B = MADE[name], matrix(SQUARE)
    found, expected = of(by_factors(), B), of(matrix(LEFT) * matrix(RIGHT), B)
    assert factored.evaluated(found).entries() == expected.entries()
    assert (found.nrows(), found.ncols()) == (expected.nrows(), expected.ncols())


@pytest.mark.usefixtures("_factors")
def test_multiples_and_products_stay_factors():
    A, B = by_factors(), matrix(SQUARE)
    assert {type(x) for x in (A * arb(3), -A, A.transpose(), A * B, B * A, A * A, A + A)} == {Factored}


def test_a_product_is_kept_as_its_factors_only_where_these_are_thin():
    shapes = {
        (64, 1, 64): Factored,
        (64, 8, 64): Factored,
        (64, 9, 64): arb_mat,
        (8, 1, 8): arb_mat,
        (99, 0, 99): arb_mat,
    }
    for (rows, inner, columns), kind in shapes.items():
        assert type(product(arb_mat(rows, inner), arb_mat(inner, columns))) is kind


def test_it_has_the_digits_of_the_precision_it_was_made_at_whenever_it_is_evaluated():
    with precision(300):
        third = arb(1) / 3
        A = Factored(arb_mat(2, 1, [third, 1]), arb_mat(1, 2, [third, 1]))
    assert ctx.prec < 100
    for x in (A[0, 0], A.entries()[0], A.transpose()[0, 0], A.rows(0, 1)[0, 0]):
        assert x.rel_accuracy_bits() > 290


def test_its_norm_is_that_of_all_its_entries():
    A = by_factors()
    assert A.squares() == sum((x * x for x in A.entries()), arb(0))


NINTH = arb(1, 2.0**-20) / 9
WIDE = Factored(arb_mat(3, 2, [NINTH * k for k in range(1, 7)]), arb_mat(2, 3, [NINTH / k for k in range(1, 7)]))


def test_the_gap_of_two_products_is_no_less_than_the_distance_of_any_numbers_in_them():
    within = Factored(WIDE.left.mid(), WIDE.right.mid())
    at_ends = Factored(*(arb_mat(3, 2, [x.upper() for x in WIDE.left.entries()]), WIDE.right.mid()))
    for one, other in ((WIDE, WIDE), (WIDE, within), (within, at_ends), (at_ends, WIDE)):
        pairs = zip(one.entries(), other.entries(), strict=True)
        if one is within:
            assert gap(one, other) is None
        else:
            assert gap(one, other) ** 2 >= sum((abs(a.mid() - b.mid()) ** 2 for a, b in pairs), arb(0)).lower()


def test_products_have_no_gap_where_a_factor_is_apart():
    left, right = WIDE.left, WIDE.right
    moved = arb_mat(3, 2, [*left.entries()[:5], left.entries()[5] + 1])
    assert gap(WIDE, Factored(moved, right)) is None
    assert gap(WIDE, Factored(arb_mat(3, 1), arb_mat(1, 3))) is None


def test_entries_are_called_zero_where_they_certainly_are():
    some = [arb(0), arb(1), arb(-1), arb(0, 1e-9), arb(1, 1e-9)]
    rng = np.random.default_rng(1)
    for _ in range(100):
        left, right = (
            arb_mat(*shape, [some[k] for k in rng.integers(5, size=shape).ravel()]) for shape in ((4, 2), (2, 5))
        )
        A = Block(Factored(left, right))
        A[1, 2] = 0
        expected = [bool(x == 0) for x in (left * right).entries()]
        expected[7] = True
        assert zeros(A).tolist() == expected


CANCELLING = {
    "nothing": (LEFT, RIGHT),
    "nearly all": (np.array([[1.0, -1.0], [1.0, 1.0]]), np.array([[1.0, 3.0], [1 + 2.0**-50, 3.0]])),
    "what is so small that doubles lose it": (np.array([[1e-200, 1e-200]]), np.array([[1e-200], [1e-200]])),
    "what is so large that doubles lose it": (np.array([[1e200, -1e200]]), np.array([[1e200], [1e200]])),
    "zeros": (LEFT * [0, 1], RIGHT * 0),
}


@pytest.mark.parametrize("name", CANCELLING)
@pytest.mark.parametrize("bits", [30, 333])
def test_its_doubles_are_those_of_its_entries(name, bits):
    with precision(bits):
        A = Block(Factored(*map(matrix, CANCELLING[name])))
        expected = np.array(list(map(float, numbers(A)))).reshape(A.shape)
    assert np.allclose(doubles(A), expected, rtol=1e-13, atol=0)


@pytest.mark.parametrize("bad", ["nan", "inf", "-inf"])
def test_what_is_not_finite_in_a_factor_or_was_written_is_seen(bad):
    # All that is made of this infinite number cancels in a sum of all entries, or is 0 times it.
    A = Block(Factored(arb_mat(2, 2, [1, arb(bad), 1, 1]), arb_mat(2, 3, [1, 1, 1, 0, 0, 0])))
    assert not all_finite(A)
    B = Block(by_factors())
    assert all_finite(B)
    B[4, 4] = Ball(arb(bad))
    assert not all_finite(B)


@pytest.mark.parametrize("share", [1, MOSTLY])
def test_single_entries_are_read_and_written_without_the_others(monkeypatch, share):
    for module in (block, readings, store):
        monkeypatch.setattr(module, "MOSTLY", share)
    A, B = Block(by_factors()), LEFT @ RIGHT
    with running(ball()):
        A[1, 2] *= 2
        A.T[0, 4] = 7
        A[-1, -1] = A[0, 0] + 1
    B[1, 2] *= 2
    B[4, 0] = 7
    B[4, 4] = B[0, 0] + 1
    assert A._store.array is None
    for one, other in ((A, B), (A.copy(), B), (A.T, B.T), (A.T.copy(), B.T)):
        assert doubles(one).tolist() == other.tolist()
        assert numbers_at(one, [0]) == [other[0, 0]]
        assert [float(x) for x in numbers(one)] == other.ravel().tolist()
    assert A[1, 2] == B[1, 2]
    assert A.sum() == B.sum()


def test_what_is_written_stands_once_the_array_is_made_and_copies_go_their_own_way():
    A = Block(by_factors())
    A[0, 1] = 3
    copied = A.copy()
    copied[0, 2] = 4
    row = A[0]
    row[3] = 5
    assert (A[0, 1], A[0, 3]) == (3, 5)
    assert A.held is None
    assert (copied[0, 1], copied[0, 2]) == (3, 4)
    assert A[0, 2] != 4
    again = A.copy()
    assert (again[0, 1], again[0, 3], again[1, 1]) == (3, 5, A[1, 1])


def test_places_that_it_does_not_have_are_refused_as_numpy_does():
    A = Block(by_factors())
    for key in ((5, 0), (0, -6), (0, 0, 0)):
        with pytest.raises(IndexError):
            A[key]
        with pytest.raises(IndexError):
            A[key] = 1
    assert np.shape(A[True]) == (1, 5, 5)
    assert A[2, None].shape == (1, 5)


def test_many_single_entries_make_the_array_once():
    A = Block(Factored(arb_mat(SINGLE, 1, [1] * SINGLE), arb_mat(1, 3, [1, 2, 3])))
    found = [A[k, j] for k in range(SINGLE) for j in range(3)]
    assert A._store.array is not None
    assert found == [1, 2, 3] * SINGLE
    assert found[0] is A[0, 0], "what was read before the array was made stands in it"


@pytest.mark.usefixtures("_factors")
def test_a_record_knows_the_entries_that_were_read_one_by_one():
    with running(ball()), tape.recording() as record:
        W, at = leaf(record, distinct(SQUARE))
        A = W @ distinct(LEFT) @ distinct(RIGHT)
        y = A[1, 2] * A[1, 2] + W[0, 0] * 3 + np.sum(A * A) + A[1, 2]
        adjoints = record.adjoints(y.value)[at]
    product = SQUARE @ LEFT @ RIGHT
    upstream = 2 * product
    upstream[1, 2] += 2 * product[1, 2] + 1
    expected = upstream @ (LEFT @ RIGHT).T
    expected[0, 0] += 3
    assert np.allclose([float(x) for x in adjoints], expected.ravel(), rtol=1e-14)


@pytest.mark.usefixtures("_factors")
def test_adjoints_kept_as_factors_are_those_of_entries():
    X, V = LEFT, RIGHT.T
    with running(ball()), tape.recording() as record:
        W, at = leaf(record, distinct(SQUARE))
        y = np.sum((W @ distinct(X)) ** 2) + np.sum((W.T @ distinct(V)) ** 2) + np.sum((W / 2) ** 2)
        found = record.adjoints(y.value)
    expected = 2 * SQUARE @ X @ X.T + 2 * V @ V.T @ SQUARE + SQUARE / 2
    with precision(DEFAULT_BITS):
        assert np.allclose([float(x) for x in found[at]], expected.ravel(), rtol=1e-14)
