"""Layer normalisation: a dense layer whose samples are normalised over the units.

Each sample of Z = X W is brought to mean 0 and variance 1 over the units, then scaled by γ and shifted by β; the cost
is half the squared error, averaged over the samples.

No sample depends on another, unlike in batch normalisation. The hand-written backward pass is the closed form of the
three paths to a value of Z: δZ = (n δN − Σ δN − N Σ δN N) / (n √(V + ε)), summed over the units.

Shapes: X (m, n0), W (n0, n1), gamma and beta (n1,), Y (m, n1), samples first; mean and variance (m, 1); ε = 0.001.
Source: Ba, Kiros and Hinton, Layer Normalization, 2016.
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
_mu, _V, _R = (tensor(name, SAMPLES, 1) for name in ("mu", "V", "R"))

systems: tuple[int, ...] = ()
program = Program(
    equations=(
        Equation(_Z[_i, _j], Sum(_X[_i, _k] * _W[_k, _j], _k)),
        Equation(_mu[_i, 0], Sum(_Z[_i, _j], _j) / width(1)),
        Equation(_C[_i, _j], _Z[_i, _j] - _mu[_i, 0]),
        Equation(_V[_i, 0], Sum(_C[_i, _j] ** 2, _j) / width(1)),
        Equation(_R[_i, 0], sqrt(_V[_i, 0] + Rational(1, 1000))),
        Equation(_N[_i, _j], _C[_i, _j] / _R[_i, 0]),
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
    C = Z - Z.mean(axis=1, keepdims=True)
    R = np.sqrt((C**2).mean(axis=1, keepdims=True) + 0.001)
    N = C / R
    return N, R, params["gamma"] * N + params["beta"]


def loss(params, X, Y):
    _, _, A = forward(params, X)
    return ((A - Y) ** 2).sum() / (2 * X.shape[0])


def grad(params, X, Y):
    N, R, A = forward(params, X)
    n = N.shape[1]
    dA = (A - Y) / X.shape[0]
    dN = dA * params["gamma"]
    dZ = (n * dN - dN.sum(axis=1, keepdims=True) - N * (dN * N).sum(axis=1, keepdims=True)) / (n * R)
    return {"W": X.T @ dZ, "gamma": (dA * N).sum(axis=0), "beta": dA.sum(axis=0)}


published = ()
