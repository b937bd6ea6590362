"""What is kept while a check runs is found by what it holds: writing into an array never gives what was kept of it."""

from __future__ import annotations

import numpy as np
import pytest
from flint import arb

from symnn.scalars import Dual, array, ball, dual, running, values
from symnn.scalars.kept import MOST, matrix, numbers_kept, product, scalars
from symnn.verification import verify

RNG = np.random.default_rng(0)
W, X = RNG.normal(size=(64, 40)), RNG.normal(size=(40, 30))


def moved(start, stop, at=W):
    """An array in which a stretch moves, the rest being still."""
    entries = array(at, ball()).ravel().tolist()
    entries[start:stop] = [Dual(x.value, arb(k + 1)) for k, x in enumerate(entries[start:stop])]
    A = np.empty(at.size, dtype=object)
    A[:] = entries
    return array(A.reshape(at.shape), dual())


def test_an_array_that_was_written_into_gives_its_new_numbers():
    with numbers_kept():
        A, B = array(W, ball()), array(X, ball())
        before = A @ B
        A[3, 5] = 7.0
        after = A @ B
    expected = array(np.where(np.arange(W.size).reshape(W.shape) == 3 * 40 + 5, 7.0, W), ball()) @ B
    assert all(x == y or x.overlaps(y) for x, y in zip(values(after), values(expected), strict=True))
    assert any(x != y for x, y in zip(values(after[3]), values(before[3]), strict=True))


def test_doubles_that_were_written_into_are_lifted_anew():
    changing = W.copy()
    with numbers_kept():
        before = array(changing, ball())
        changing[0, 0] = 0.5
        after = array(changing, ball())
        before[1, 1] = 3.0
        again = array(changing, ball())
    assert after[0, 0] == 0.5
    assert again[1, 1] == W[1, 1]


@pytest.mark.parametrize("stretch", [(0, 1), (70, 75), (38, 130), (0, W.size)], ids=str)
def test_a_product_is_the_same_whether_or_not_something_is_kept_and_whichever_rows_move(stretch):
    other = array(X, ball())
    found = {}
    for kept in (False, True):
        for side in ("left", "right"):
            with running(dual()):
                one, two = (
                    (moved(*stretch), other) if side == "left" else (array(W.T @ W, ball()), moved(*stretch, W.T))
                )
                if kept:
                    with numbers_kept():
                        one @ two
                        found[kept, side] = one @ two
                else:
                    found[kept, side] = one @ two
    for side in ("left", "right"):
        plain, again = (found[kept, side].ravel().tolist() for kept in (False, True))
        assert all(
            x.value.overlaps(y.value) and x.tangent.overlaps(y.tangent) for x, y in zip(plain, again, strict=True)
        )


def test_the_tangents_of_a_product_are_those_of_all_its_rows():
    with running(dual()):
        A, B = moved(38, 130), array(X, ball())
        tangents = np.array([float((x.tangent or arb(0)).mid()) for x in (A @ B).ravel().tolist()]).reshape(64, 30)
    direction = np.zeros(W.size)
    direction[38:130] = np.arange(1, 93)
    assert np.allclose(tangents, direction.reshape(W.shape) @ X, rtol=1e-12)


def test_no_more_is_kept_than_fits():
    with numbers_kept():
        numbers = [arb(k) for k in range(2000)]
        one = matrix(40, 50, numbers)
        scalars(np.arange(MOST, dtype=np.float64), arb, list)
        assert matrix(40, 50, numbers) is not one


def test_products_of_matrices_at_two_precisions_are_two():
    third = [arb(1) / 3 for _ in range(2)]
    with numbers_kept():
        left, right = (matrix(n, k, [arb(j) / 2**60 + 1 for j in range(n * k)]) for n, k in ((40, 50), (50, 40)))
        assert product(left, right) is product(left, right)
    assert product(matrix(1, 2, third), matrix(2, 1, third))[0].contains(arb(2) / 9)


def test_a_gradient_that_writes_into_its_parameters_between_calls_is_judged_by_what_it_returns():
    def loss(p, X):
        return np.sum(np.tanh(p["W"] @ X))

    def grad(p, X):
        slope = 1 - np.tanh(p["W"] @ X) ** 2
        p["W"] *= 0
        return {"W": slope @ X.T}

    assert verify(loss, lambda p, X: grad({"W": p["W"].copy()}, X), {"W": W}, X).verdict == "equal"
