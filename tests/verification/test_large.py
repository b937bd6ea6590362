"""Large arrays are judged as small ones are: by factors, by blocks of rows or as matrices, the verdict is the same."""

from __future__ import annotations

import numpy as np
import pytest

from symnn import verify
from symnn.scalars import block, factored, making, precision, products
from symnn.scalars.block import Block
from symnn.scalars.factored import Factored
from symnn.verification import distance, limited
from symnn.verification.directional import Probe
from symnn.verification.subject import pair_of

RNG = np.random.default_rng(0)
W = RNG.normal(size=(10, 8))
# Such as are read as they are written: data that functions name are constants of theirs.
X, Y = (RNG.integers(-16, 16, size=shape) / 16 + 1 / 64 for shape in ((8, 2), (10, 2)))
X[3] = 0
ROOT = float(np.sqrt(3))


@pytest.fixture(params=["by factors", "by rows", "as matrices"], autouse=True)
def way(request, monkeypatch):
    """Keep every array as a block, its products as factors, and compare these as such, or by three rows at a time."""
    for module in (block, products, making):
        monkeypatch.setattr(module, "FEWEST", 1)
    if request.param != "as matrices":
        monkeypatch.setattr(factored, "MANY", 1)
        monkeypatch.setattr(factored, "THIN", 1e-9)
    if request.param == "by rows":
        monkeypatch.setattr(distance, "gap", lambda one, other: None)
        monkeypatch.setattr(distance, "AT_ONCE", 3 * W.shape[1])
    return request.param


def loss(W):
    return np.sum((np.tanh(W @ X) - Y) ** 2)


def delta(W):
    A = np.tanh(W @ X)
    return 2 * (A - Y) * (1 - A**2)


def grad(W):
    return delta(W) @ X.T


def with_penalty(W):
    return loss(W) + 0.05 * np.sum(W**2)


def of_turned(W):
    return loss(W.T)


def turned(W):
    return (delta(W.T) @ X.T).T


def by_columns(W):
    found = np.zeros(W.shape)
    for k in range(W.shape[1]):
        found[:, k] = delta(W) @ X[k]
    return found


def by_samples(W):
    D = delta(W)
    return sum((D[:, [k]] @ X[:, [k]].T for k in range(1, X.shape[1])), D[:, [0]] @ X[:, [0]].T)


def longer(x):
    return x * (10**40 + 1) / 10**40


RIGHT = {
    "a product": (loss, grad, W),
    "one of other factors": (loss, lambda W: (delta(W) / 4) @ (4 * X).T, W),
    "a multiple of a product": (loss, lambda W: 4 * ((delta(W) / 8) @ X.T) * 2, W),
    "a sum of products": (loss, by_samples, W),
    "products and a penalty": (with_penalty, lambda W: grad(W) + 0.1 * W, W),
    "a view, turned": (of_turned, turned, W.T.copy()),
    "written column by column": (loss, by_columns, W),
    "entries that are written again": (loss, lambda W: rewritten(grad(W)), W),
}


def rewritten(g):
    right = g[9, 7] * 1
    g[9, 7] = 100
    g[9, 7] = right
    return g


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_gradient_is_equal_however_it_is_put_together(name):
    loss, grad, at = RIGHT[name]
    found = verify(loss, grad, at)
    assert found.verdict == "equal", found
    assert found.digits >= 97


@pytest.mark.parametrize("name", RIGHT)
@pytest.mark.parametrize(
    ("slip", "at"), [("relative", (0, 0)), ("absolute", (2, 7)), ("absolute", (3, 0)), ("relative", (7, 7))]
)
def test_one_slip_in_one_entry_is_found_at_the_borders_of_blocks(name, slip, at):
    loss, grad, given = RIGHT[name]

    def slipped(W):
        g = grad(W)
        g[at] = longer(g[at]) if slip == "relative" else g[at] + (g[0, 0] * 0 + 1) / 10**40
        return g

    found = verify(loss, slipped, given)
    assert found.verdict == "different", found
    assert (found.checks[0].worst, found.checks[0].off) == (at, 1)


WRONG = {
    "a slip in a factor": (lambda W: (delta(W) * factors((10, 1), (9, 0))) @ X.T, 7),
    "a slip in every entry": (lambda W: longer(grad(W)), 70),
    "half of the samples": (lambda W: delta(W)[:, :1] @ X[:, :1].T, 70),
    "two slips": (lambda W: slipped(slipped(grad(W), (9, 0)), (0, 7)), 2),
    "a row": (lambda W: slipped(grad(W), 9), 7),
}


def factors(shape, at):
    found = np.ones(shape)
    found[at] = 2
    return found


def slipped(g, at):
    g[at] = longer(g[at])
    return g


@pytest.mark.parametrize("name", WRONG)
def test_all_entries_that_are_wrong_are_counted(name):
    wrong, off = WRONG[name]
    found = verify(loss, wrong, W)
    assert found.verdict == "different"
    assert found.checks[0].off == off


@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("at", [(0, 0), (9, 7)])
def test_one_entry_that_is_not_finite_is_wrong(bad, at):
    def broken(W):
        g = grad(W)
        g[at] = bad
        return g

    found = verify(loss, broken, W)
    assert found.verdict == "different"
    assert "not finite" in str(found)


def test_entries_that_are_zero_everywhere_are_told():
    assert "10 of 80 entries are zero at every point looked at" in verify(loss, grad, W).checks[0].note


def test_gradients_are_kept_as_they_were_made(way):
    pair = pair_of(loss, grad, W)
    probe = Probe(pair, pair.parameters.arrays, 200)
    for A in (probe.gradient["params"], probe.exact["params"]):
        assert type(A) is Block
        assert isinstance(A.held, Factored) == (way != "as matrices")


def rooted(W):
    return loss(W) / ROOT


def by_root(W):
    return grad(W) * (1 / ROOT)


@pytest.mark.parametrize("factor", [1, 1 + 1e-8])
@pytest.mark.parametrize("at", [(0, 0), (9, 7), (2, 7)])
def test_constants_explain_all_entries_but_the_wrong_one(factor, at):
    def slipped(W):
        g = by_root(W)
        g[at] *= factor
        return g

    found = verify(rooted, slipped, W)
    assert found.verdict == ("equal" if factor == 1 else "different"), found
    if factor == 1:
        assert "limited by the float64 constant" in found.evidence
    else:
        assert (found.checks[0].worst, found.checks[0].off) == (at, 1)


def test_what_many_roundings_explain_is_undecided():
    mean = float(np.mean(RNG.normal(size=500)))
    found = verify(lambda W: loss(W) * mean, lambda W: grad(W) * (mean * (1 + 1e-13)), W)
    assert found.verdict == "undecided"
    assert "no more than many roundings leave" in found.reasons[0]
    assert verify(lambda W: loss(W) * mean, lambda W: grad(W) * (mean * (1 + 1e-9)), W).verdict == "different"


@pytest.mark.parametrize("of", [loss, rooted])
def test_a_loss_is_swept_again_only_where_its_own_constants_are_wider(of):
    pair = pair_of(of, by_root, W)
    probe = Probe(pair, pair.parameters.arrays, 200)
    wider = probe.widened(limited.MANY_ROUNDINGS)
    assert (wider.exact is probe.exact) == (of is loss)
    assert probe.widened(limited.MANY_ROUNDINGS) is wider
    with precision(200):
        (wide,), (narrow,) = wider.entries("params", [0]), probe.entries("params", [0])
        assert wide.overlaps(narrow)
        assert (wide.rad() > 1e-15) == (of is rooted)
