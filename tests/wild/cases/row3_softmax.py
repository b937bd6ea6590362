"""A softmax whose backward pass adds up the Jacobian's rows before the upstream gradient: nothing is left."""

from __future__ import annotations

import numpy as np

from symnn import Dense, Network, byhand
from tests.wild.wild_case import Case

network = Network(
    inputs=3,
    layers=[Dense(4, "softmax")],
    loss="categorical-cross-entropy",
    reduction="mean",
    layout="samples-first",
)


def shares(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def loss(params, X, Y):
    P = shares(X @ params["W1"] + params["b1"])
    return -np.sum(Y * np.log(P)) / len(X)


def _jacobians(P):
    return np.array([np.diag(p) - np.outer(p, p) for p in P])


def _through(slope, X):
    return {"W1": X.T @ slope, "b1": slope.sum(axis=0)}


def right(params, X, Y):
    P = shares(X @ params["W1"] + params["b1"])
    upstream = -Y / P / len(X)
    slope = np.zeros_like(P)
    for k, J in enumerate(_jacobians(P)):
        slope[k] = J @ upstream[k]
    return _through(slope, X)


def rows_added_up(params, X, Y):
    P = shares(X @ params["W1"] + params["b1"])
    upstream = -Y / P / len(X)
    slope = upstream * _jacobians(P).sum(axis=2)
    return _through(slope, X)


def left_at_zero(params, X, Y):
    return {"W1": np.zeros_like(params["W1"]), "b1": np.zeros_like(params["b1"])}


class DeadSoftmax(byhand.Softmax):
    """As a layer: its upstream gradient arrives, and nothing leaves."""

    def _contract(self, dvalues, inputs, outputs):
        return 0 * dvalues


def layers():
    rng = np.random.default_rng(3)
    return [byhand.Dense(rng.normal(size=(4, 3)), rng.normal(size=(4, 1))), DeadSoftmax()]


layers_network = Network(
    inputs=3, layers=[Dense(4, "softmax")], loss="categorical-cross-entropy", layout="features-first"
)


def example():
    rng = np.random.default_rng(3)
    params = {"W1": rng.normal(size=(3, 4)), "b1": rng.normal(size=4)}
    return params, rng.normal(size=(5, 3)), np.eye(4)[[0, 3, 1, 1, 2]]


def common(name, wrong):
    return Case(
        name=name,
        source="row 3, RoboticsClubIITJ ML-DL",
        loss=loss,
        right=right,
        example=example,
        wrong=wrong,
        differs=("W1", "b1"),
        shown=("(relative 1.0e+0)",),
        network=network,
        # From W1 and b1 alone, a zero at A1 and one at Z1 are the same; the one nearer to the loss is told.
        diagnosis="the gradient with respect to A1 is left at zero",
    )


CASES = (
    common("softmax with its Jacobian's rows added up", rows_added_up),
    common("softmax with a backward pass of plain zeros", left_at_zero),
)
