"""The compiled kernel of 784-128-10 takes no longer than the gradient a person would write by hand.

Both compute the loss and the gradients with respect to all 101,770 parameters (ReLU, softmax, categorical
cross-entropy averaged over the batch), both leave out the gradient with respect to the input, both run on the same
float64 arrays, with BLAS threads as they come. Nine tenths of the time of either are the same two matrix products, so
that the ratio cannot be far from 1.

Like is compared with like: ``kernel.function``, which is the text of ``kernel.source``, checks nothing, and neither
does the code by hand. ``kernel(...)`` first checks names, shapes, that every number is finite and that targets add up
to one; what that costs is the second row.
"""

from __future__ import annotations

import numpy as np
import pytest
from pairs import HEADER, in_turns, table

import symnn

NETWORK = symnn.Network(
    inputs=784,
    layers=[symnn.Dense(128, "relu"), symnn.Dense(10, "softmax")],
    loss="categorical-cross-entropy",
    reduction="mean",
)


PAIRS = 1001


def by_hand(params, X, Y):
    """Loss and gradients as one writes them: softmax shifted by its largest exponent, no gradient with respect to X."""
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    m = X.shape[1]

    Z1 = W1 @ X + b1
    A1 = np.maximum(Z1, 0)
    Z2 = W2 @ A1 + b2
    Z2 -= Z2.max(axis=0)
    E2 = np.exp(Z2)
    S2 = E2.sum(axis=0)
    loss = -np.sum(Y * (Z2 - np.log(S2))) / m

    dZ2 = (E2 / S2 - Y) / m
    dW2 = dZ2 @ A1.T
    db2 = dZ2.sum(axis=1, keepdims=True)
    dZ1 = (W2.T @ dZ2) * (Z1 > 0)
    dW1 = dZ1 @ X.T
    db1 = dZ1.sum(axis=1, keepdims=True)
    return loss, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}


def arrays(samples):
    """Parameters of the size they have in training, and a batch of images and classes."""
    rng = np.random.default_rng(7)
    params = {name: rng.normal(0, 0.05, shape) for name, shape in NETWORK.shapes.items()}
    return params, rng.random((784, samples)), np.eye(10)[rng.integers(0, 10, samples)].T.copy()


@pytest.mark.parametrize("samples", [64, 256])
def test_the_kernel_takes_no_longer_than_code_by_hand(samples, capsys):
    """The printed function, as it stands in ``kernel.source``: ratio at most 1."""
    kernel = symnn.derive(NETWORK).compile()
    params, X, Y = arrays(samples)
    (loss, grads), (loss_by_hand, grads_by_hand) = kernel(params, X, Y), by_hand(params, X, Y)
    assert np.isclose(loss, loss_by_hand, rtol=1e-12)
    for name in params:
        assert np.allclose(grads[name], grads_by_hand[name], rtol=1e-9, atol=1e-15)

    measured = in_turns(lambda: kernel.function(params, X, Y), lambda: by_hand(params, X, Y), pairs=PAIRS, warm=20)
    checked = in_turns(lambda: kernel(params, X, Y), lambda: by_hand(params, X, Y), pairs=PAIRS, warm=20)
    with capsys.disabled():
        rows = measured.row(f"batch {samples}, printed function"), checked.row(f"batch {samples}, arguments checked")
        print(table(HEADER, *rows))
    assert measured.ratio <= 1.0
    assert checked.ratio <= 1.15
