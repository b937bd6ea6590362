"""A buffer is used again only where nothing can tell, and arguments stay as they are."""

from __future__ import annotations

import numpy as np
import pytest

from symnn import Dense, Network, derive
from symnn.kernels.inplace import in_place

SQUARE = ("m", "m")
SHAPES = dict.fromkeys(("W", "X", "Z", "A", "V", "dA"), SQUARE) | {"b": ("m",), "L": ()}
GIVEN = ("W", "X", "b")

# lines, what is read afterwards, the lines that come out
FORMS = {
    "a product and its bias": (["Z = W @ X + b"], ["Z"], ["Z = W @ X", "Z += b"]),
    "a dead pre-activation": (
        ["Z = W @ X", "A = np.tanh(Z)", "L = np.sum(A)"],
        ["L"],
        ["Z = W @ X", "A = np.tanh(Z, out=Z)", "L = np.sum(A)"],
    ),
    "a mask on a dead gradient": (
        ["dA = W @ X", "A = dA*(X > 0)"],
        ["A"],
        ["dA = W @ X", "A = np.multiply(dA, X > 0, out=dA)"],
    ),
    "a sum of products": (["L = -np.sum(W*X)/m"], ["L"], ["L = -np.vdot(W, X)/m"]),
    "a comment": (["", "# forward pass", "A = W @ X"], ["A"], ["", "# forward pass", "A = W @ X"]),
}

# lines, what is read afterwards: none may change
KEPT = {
    "an argument": (["A = np.maximum(X, 0)"], ["A"]),
    "read later": (["Z = W @ X", "A = np.tanh(Z)", "L = np.sum(A + Z)"], ["L"]),
    "asked for": (["Z = W @ X", "A = np.tanh(Z)"], ["A", "Z"]),
    "seen through a view": (["Z = W @ X", "V = Z.T", "A = np.tanh(Z)", "L = np.sum(A + V)"], ["L"]),
    "seen through a broadcast": (["Z = W @ X", "V = np.broadcast_to(Z, (m, m))", "A = np.tanh(Z)"], ["A", "V"]),
    "a view itself": (["V = X.T", "A = np.tanh(V)"], ["A"]),
    "whole numbers": (["Z = 2*np.where(X > 0, 1, 0)", "A = np.tanh(Z)"], ["A"]),
    "a product of whole numbers": (["Z = np.where(X > 0, 1, 0)", "A = Z @ Z + b"], ["A"]),
    "another shape": (["b2 = W @ b", "A = np.maximum(b2, X)"], ["A"]),
    "a broadcast sum of products": (["L = np.sum(W*b)"], ["L"]),
}


@pytest.mark.parametrize("form", FORMS)
def test_what_can_be_done_in_place_is(form):
    lines, wanted, rewritten = FORMS[form]
    assert in_place(lines, SHAPES, GIVEN, wanted) == rewritten


@pytest.mark.parametrize("form", KEPT)
def test_what_could_be_told_is_left_alone(form):
    lines, wanted = KEPT[form]
    assert in_place(lines, SHAPES | {"b2": ("m",)}, GIVEN, wanted) == lines


@pytest.mark.parametrize("layout", ["features-first", "samples-first"])
@pytest.mark.parametrize(
    "kinds", [(float, float), (np.float32, np.float32), (int, float), (float, np.uint8), (int, int)]
)
def test_arguments_of_any_kind_stay_as_they_are(layout, kinds):
    net = Network(
        3, [Dense(4, "relu"), Dense(3, "tanh"), Dense(2, "softmax")], "categorical-cross-entropy", "mean", layout
    )
    rng = np.random.default_rng(3)
    params = {name: rng.integers(-3, 4, shape).astype(kinds[0]) for name, shape in net.shapes.items()}
    X, Y = rng.integers(0, 4, (5, 3)).astype(kinds[1]), np.eye(2)[rng.integers(0, 2, 5)].astype(kinds[1])
    X, Y = (X.T, Y.T) if layout == "features-first" else (X, Y)
    before = {name: array.copy() for name, array in {**params, "X": X, "Y": Y}.items()}
    derivation = derive(net)
    loss, grads = derivation.compile()(params, X, Y)
    plain_loss, plain = derivation.compile(stable=False)({n: A.astype(float) for n, A in params.items()}, X, Y)
    rtol = 1e-4 if kinds[0] is np.float32 else 1e-9
    assert np.isclose(loss, plain_loss, rtol=rtol)
    assert all(np.allclose(grads[name], plain[name], rtol=rtol, atol=1e-6) for name in params)
    assert all(np.array_equal(array, before[name]) for name, array in {**params, "X": X, "Y": Y}.items())
