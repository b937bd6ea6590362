"""`symnn.verify` of a plain 784-128-10 pair: what it sees, and its time against torch's slow gradient check.

The pair is ordinary NumPy: ReLU, softmax, cross-entropy averaged over a batch of 4, features first, 101,770 parameters
in a dictionary. Torch checks the very same two functions: they are the forward and the backward of one
`torch.autograd.Function` in double precision, checked by `torch.autograd.gradcheck` with ``fast_mode=False``, by all
parameters, everything else as it comes. It evaluates the loss twice for every parameter, and answers to about 1e-6.
(The same loss in torch's own operations takes `gradcheck` as long.)
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from pairs import HEADER, in_turns, seconds, table

import symnn

SHAPES = {"W1": (128, 784), "b1": (128, 1), "W2": (10, 128), "b2": (10, 1)}
NAMES = tuple(SHAPES)


def forward(params, X):
    """Return hidden pre-activations, hidden outputs and probabilities."""
    Z1 = params["W1"] @ X + params["b1"]
    A1 = np.maximum(Z1, 0)
    Z2 = params["W2"] @ A1 + params["b2"]
    E2 = np.exp(Z2 - Z2.max(axis=0))
    return Z1, A1, E2 / E2.sum(axis=0)


def loss(params, X, Y):
    """Cross-entropy, averaged over the samples."""
    _, _, A2 = forward(params, X)
    return -np.sum(Y * np.log(A2)) / X.shape[1]


def grad(params, X, Y):
    """Its gradient with respect to every parameter, by hand."""
    Z1, A1, A2 = forward(params, X)
    dZ2 = (A2 - Y) / X.shape[1]
    dZ1 = (params["W2"].T @ dZ2) * (Z1 > 0)
    return {
        "W1": dZ1 @ X.T,
        "b1": dZ1.sum(axis=1, keepdims=True),
        "W2": dZ2 @ A1.T,
        "b2": dZ2.sum(axis=1, keepdims=True),
    }


def almost(params, X, Y):
    """The same with a relative error of 1e-30 in one of the 101,770 entries."""
    grads = grad(params, X, Y)
    grads["W1"][17, 5] *= 1 + Fraction(1, 10**30)
    return grads


def example():
    """Parameters, a batch of 4 images, and their classes."""
    rng = np.random.default_rng(0)
    params = {name: rng.normal(0, 0.05, shape) for name, shape in SHAPES.items()}
    return params, rng.random((784, 4)), np.eye(10)[rng.integers(0, 10, 4)].T.copy()


def test_a_right_gradient_is_equal_to_eighty_digits():
    """Every one of the four arrays, on 101,770 parameters in all."""
    params, X, Y = example()
    assert sum(array.size for array in params.values()) == 101_770
    verdict = symnn.verify(loss, grad, params, X, Y)
    assert verdict.verdict == "equal", str(verdict)
    assert verdict.digits >= 80


def test_an_error_of_1e_30_in_one_entry_is_seen_and_named(capsys):
    """One sweep tells every entry, and one wrong point is enough: it takes about as long as a right gradient."""
    params, X, Y = example()
    verdict = symnn.verify(loss, almost, params, X, Y)
    assert verdict.verdict == "different", str(verdict)
    assert [check.entry for check in verdict.checks if check.verdict == "different"] == ["W1[17, 5]"]
    assert float(abs(verdict["W1"].difference / verdict["W1"].exact)) == pytest.approx(1e-30, rel=1e-3)

    measured = in_turns(
        lambda: symnn.verify(loss, almost, params, X, Y), lambda: symnn.verify(loss, grad, params, X, Y), pairs=5
    )
    with capsys.disabled():
        print(table(HEADER, measured.row("an error of 1e-30 found, against nothing to find")))
    assert measured.ratio <= 1.3


def test_verify_takes_a_fiftieth_of_the_time_of_gradcheck(capsys):
    """The same two functions on the same batch; torch's answer is checked as well."""
    torch = pytest.importorskip("torch", reason="torch is not installed: it is the other side of this comparison")
    params, X, Y = example()

    class Loss(torch.autograd.Function):
        @staticmethod
        def forward(ctx, *tensors):
            ctx.params = {name: tensor.detach().numpy() for name, tensor in zip(NAMES, tensors, strict=True)}
            return torch.tensor(loss(ctx.params, X, Y), dtype=torch.float64)

        @staticmethod
        def backward(ctx, upstream):
            grads = grad(ctx.params, X, Y)
            return tuple(upstream * torch.from_numpy(grads[name]) for name in NAMES)

    def gradcheck():
        tensors = [torch.tensor(params[name], dtype=torch.float64, requires_grad=True) for name in NAMES]
        assert torch.autograd.gradcheck(Loss.apply, tensors, fast_mode=False)

    def verify():
        assert symnn.verify(loss, grad, params, X, Y).digits >= 80

    # The other side takes so long that a run to warm up is left to the small side.
    seconds(verify)
    measured = in_turns(verify, gradcheck, pairs=3, warm=0)
    with capsys.disabled():
        print(table(HEADER, measured.row("verify against gradcheck(fast_mode=False)")))
    assert measured.ratio <= 0.02
