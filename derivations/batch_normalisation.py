"""Batch normalisation: a dense layer whose units are normalised over the batch.

Each unit of Z = X W is brought to mean 0 and variance 1 over the samples, then scaled by γ and shifted by β; the cost
is half the squared error, averaged over the samples.

Mean and variance depend on every sample, so the gradient reaches a value of Z by three paths. The hand-written backward
pass is the closed form they add up to: δZ = (m δN − Σ δN − N Σ δN N) / (m √(V + ε)), summed over the samples.

Shapes: X (m, n0), W (n0, n1), gamma and beta (n1,), Y (m, n1), samples first; ε = 0.001. Source: Ioffe and Szegedy,
Batch Normalization, 2015, where the derivatives are printed path by path.
"""

from __future__ import annotations

import numpy as np
from sympy import Rational, Sum, sqrt

from symnn.equations import Equation, Program
from symnn.library import Point
from symnn.notation import LOSS, SAMPLES, index, tensor, width

_i, _j, _k = index("i", SAMPLES), index("j", width(1)), index("k", width(0))
_X, _W, _Y = tensor("X", SAMPLES, width(0)), tensor("W", width(0), width(1)), tensor("Y", SAMPLES, width(1))
_gamma, _beta = tensor("gamma", width(1)), tensor("beta", width(1))
_Z, _C, _N, _A = (tensor(name, SAMPLES, width(1)) for name in "ZCNA")
_mu, _V, _R = (tensor(name, width(1)) for name in ("mu", "V", "R"))

systems: tuple[int, ...] = ()
program = Program(
    equations=(
        Equation(_Z[_i, _j], Sum(_X[_i, _k] * _W[_k, _j], _k)),
        Equation(_mu[_j], Sum(_Z[_i, _j], _i) / SAMPLES),
        Equation(_C[_i, _j], _Z[_i, _j] - _mu[_j]),
        Equation(_V[_j], Sum(_C[_i, _j] ** 2, _i) / SAMPLES),
        Equation(_R[_j], sqrt(_V[_j] + Rational(1, 1000))),
        Equation(_N[_i, _j], _C[_i, _j] / _R[_j]),
        Equation(_A[_i, _j], _gamma[_j] * _N[_i, _j] + _beta[_j]),
        Equation(LOSS, Sum((_A[_i, _j] - _Y[_i, _j]) ** 2, _i, _j) / (2 * SAMPLES)),
    ),
    parameters=(_W, _gamma, _beta),
    inputs=(_X,),
    targets=(_Y,),
)
point = Point(
    parameters={
        "W": [["0.5", "-1", "0.25"], ["1.5", "0.75", "-0.5"]],
        "gamma": ["1", "0.5", "-1.5"],
        "beta": ["0", "0.25", "1"],
    },
    data={
        "X": [["1", "0.2"], ["-0.5", "1"], ["0.3", "-1.2"], ["2", "0.7"]],
        "Y": [["1", "0", "0.5"], ["0", "1", "0"], ["-1", "0.5", "1"], ["0.5", "-0.5", "2"]],
    },
    learning_rate="1/100",
)


def forward(params, X):
    Z = X @ params["W"]
    C = Z - Z.mean(axis=0)
    R = np.sqrt((C**2).mean(axis=0) + 0.001)
    N = C / R
    return N, R, params["gamma"] * N + params["beta"]


def loss(params, X, Y):
    _, _, A = forward(params, X)
    return ((A - Y) ** 2).sum() / (2 * X.shape[0])


def grad(params, X, Y):
    m = X.shape[0]
    N, R, A = forward(params, X)
    dA = (A - Y) / m
    dN = dA * params["gamma"]
    dZ = (m * dN - dN.sum(axis=0) - N * (dN * N).sum(axis=0)) / (m * R)
    return {"W": X.T @ dZ, "gamma": (dA * N).sum(axis=0), "beta": dA.sum(axis=0)}


published = ()
