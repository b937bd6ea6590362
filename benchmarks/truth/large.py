"""Trials on 784-128-10, 101,770 parameters: the right gradient, and errors that the size of the network hides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from benchmarks.truth.trial import Trial

GROUP = "784-128-10"
SHAPES = {"W1": (128, 784), "b1": (128, 1), "W2": (10, 128), "b2": (10, 1)}


def forward(p: Any, X: Any) -> tuple[Any, ...]:
    """Return pre-activations and outputs of the hidden layer, and shares by softmax."""
    Z1 = p["W1"] @ X + p["b1"]
    A1 = np.maximum(Z1, 0)
    E2 = np.exp(p["W2"] @ A1 + p["b2"])
    return Z1, A1, E2 / E2.sum(axis=0)


def loss(p: Any, X: Any, Y: Any) -> Any:
    """Categorical cross-entropy, averaged over the samples."""
    return -np.sum(Y * np.log(forward(p, X)[-1])) / X.shape[1]


def grad(p: Any, X: Any, Y: Any) -> Any:
    """Its gradient, by hand."""
    Z1, A1, P = forward(p, X)
    dZ2 = (P - Y) / X.shape[1]
    dZ1 = p["W2"].T @ dZ2 * (Z1 > 0)
    return {
        "W1": dZ1 @ X.T,
        "b1": dZ1.sum(axis=1, keepdims=True),
        "W2": dZ2 @ A1.T,
        "b2": dZ2.sum(axis=1, keepdims=True),
    }


def one_entry(p: Any, X: Any, Y: Any) -> Any:
    """One of the 100,352 weights of the first layer is off by one in a hundred."""
    found = grad(p, X, Y)
    found["W1"][17, 5] *= 1.01
    return found


def one_unit(p: Any, X: Any, Y: Any) -> Any:
    """The bias of one hidden unit gets no gradient."""
    found = grad(p, X, Y)
    found["b1"][17] = 0 * found["b1"][17]
    return found


def large() -> Iterator[Trial]:
    """Yield the right gradient and the two wrong ones, at a batch of four images."""
    rng = np.random.default_rng(0)
    params = {name: rng.normal(0, 0.05, shape) for name, shape in SHAPES.items()}
    data = rng.random((784, 4)), np.eye(10)[rng.integers(0, 10, 4)].T.copy()
    yield Trial(GROUP, "784-128-10 as it should be", loss, grad, params, data)
    yield Trial(GROUP, "784-128-10, W1[17, 5] off by 1e-2", loss, one_entry, params, data, wrong=True)
    yield Trial(GROUP, "784-128-10, b1[17] left at zero", loss, one_unit, params, data, wrong=True)
