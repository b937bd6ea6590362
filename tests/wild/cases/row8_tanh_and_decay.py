"""A slope of tanh that is tanh itself; and weight decay with its sign wrong, put right by the trainer."""

from __future__ import annotations

import numpy as np

from symnn import Dense, Network
from tests.wild.wild_case import Case

SOURCE = "row 8, andersbll/nnet"

network = Network(
    inputs=3,
    layers=[Dense(4, "tanh"), Dense(2)],
    loss="half-squared-error",
    reduction="mean",
    layout="samples-first",
)


def forward(params, X):
    A1 = np.tanh(X @ params["W1"] + params["b1"])
    return A1, A1 @ params["W2"] + params["b2"]


def loss(params, X, Y):
    return np.sum((forward(params, X)[1] - Y) ** 2) / (2 * len(X))


def _backward(params, X, Y, slope):
    A1, out = forward(params, X)
    D2 = (out - Y) / len(X)
    D1 = D2 @ params["W2"].T * slope(A1)
    return {"W1": X.T @ D1, "b1": D1.sum(axis=0), "W2": A1.T @ D2, "b2": D2.sum(axis=0)}


def right(params, X, Y):
    return _backward(params, X, Y, lambda A: 1 - A**2)


def tanh_for_its_slope(params, X, Y):
    return _backward(params, X, Y, lambda A: A)


def example():
    rng = np.random.default_rng(8)
    params = {
        "W1": rng.normal(size=(3, 4)),
        "b1": rng.normal(size=4),
        "W2": rng.normal(size=(4, 2)),
        "b2": rng.normal(size=2),
    }
    return params, rng.normal(size=(5, 3)), rng.normal(size=(5, 2))


def decay_loss(params, X, Y, decay):
    return loss(params, X, Y) + decay / 2 * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


def _with_decay(params, X, Y, decay):
    found = right(params, X, Y)
    return {name: g + decay * params[name] if name[0] == "W" else g for name, g in found.items()}


def decay_right(params, X, Y, decay):
    return _with_decay(params, X, Y, decay)


def decay_wrong(params, X, Y, decay):
    return _with_decay(params, X, Y, -decay)


def decay_undone(params, X, Y, decay):
    """What the trainer makes of it: the second mistake, which hides the first."""
    found = decay_wrong(params, X, Y, decay)
    return {name: g + 2 * decay * params[name] if name[0] == "W" else g for name, g in found.items()}


def decay_example():
    return (*example(), 0.01)


CASES = (
    Case(
        name="tanh where its slope belongs",
        source=SOURCE,
        loss=loss,
        right=right,
        example=example,
        wrong=tanh_for_its_slope,
        differs=("W1", "b1"),
        shown=("✓ W2", "✓ b2"),
        network=network,
        diagnosis="at A1 the value of tanh stands where its slope belongs",
    ),
    Case(
        name="weight decay with its sign wrong",
        source=SOURCE,
        loss=decay_loss,
        right=decay_right,
        example=decay_example,
        wrong=decay_wrong,
        differs=("W1", "W2"),
        shown=("✓ b1", "✓ b2"),
    ),
)
