"""Attention head: softmax(Q Kᵀ / √d) V over the rows of one sequence.

Queries, keys and values are products of the same rows with three matrices, Q = X Wq, K = X Wk, V = X Wv. Every row
takes from the values of all rows the mixture that its scores, shared out by softmax, tell it to; the cost is half the
squared error, averaged over the rows.

X stands in all three products, so its gradient is a sum over three paths, and the gradient through the softmax is s (δs
− Σ δs s), row by row.

Shapes: X (m, n0) with a row for each position, Wq and Wk (n0, d), Wv (n0, n1), Y (m, n1); d = 4, so that √d is exact.
Source: Vaswani and others, Attention Is All You Need, 2017, section 3.2.1, without a mask.
"""

from __future__ import annotations

import numpy as np
from sympy import Sum, exp, sqrt

from symnn.equations import Equation, Program
from symnn.library import Point
from symnn.notation import LOSS, SAMPLES, index, size, tensor, width

_depth = size("d")
_i, _l = index("i", SAMPLES), index("l", SAMPLES)
_c, _j, _k = index("c", _depth), index("j", width(1)), index("k", width(0))
_X, _Y = tensor("X", SAMPLES, width(0)), tensor("Y", SAMPLES, width(1))
_Wq, _Wk, _Wv = tensor("Wq", width(0), _depth), tensor("Wk", width(0), _depth), tensor("Wv", width(0), width(1))
_Q, _K, _V = tensor("Q", SAMPLES, _depth), tensor("K", SAMPLES, _depth), tensor("V", SAMPLES, width(1))
_Z, _E, _A = (tensor(name, SAMPLES, SAMPLES) for name in "ZEA")
_S, _O = tensor("S", SAMPLES, 1), tensor("O", SAMPLES, width(1))

systems: tuple[int, ...] = ()
program = Program(
    equations=(
        Equation(_Q[_i, _c], Sum(_X[_i, _k] * _Wq[_k, _c], _k)),
        Equation(_K[_l, _c], Sum(_X[_l, _k] * _Wk[_k, _c], _k)),
        Equation(_V[_l, _j], Sum(_X[_l, _k] * _Wv[_k, _j], _k)),
        Equation(_Z[_i, _l], Sum(_Q[_i, _c] * _K[_l, _c], _c) / sqrt(_depth)),
        Equation(_E[_i, _l], exp(_Z[_i, _l])),
        Equation(_S[_i, 0], Sum(_E[_i, _l], _l)),
        Equation(_A[_i, _l], _E[_i, _l] / _S[_i, 0]),
        Equation(_O[_i, _j], Sum(_A[_i, _l] * _V[_l, _j], _l)),
        Equation(LOSS, Sum((_O[_i, _j] - _Y[_i, _j]) ** 2, _i, _j) / (2 * SAMPLES)),
    ),
    parameters=(_Wq, _Wk, _Wv),
    inputs=(_X,),
    targets=(_Y,),
)
point = Point(
    parameters={
        "Wq": [["0.5", "-1", "0", "1.5"], ["1", "0.25", "-0.5", "0"], ["-0.75", "0.5", "1", "-0.25"]],
        "Wk": [["1", "0.5", "-1", "0"], ["-0.5", "1", "0.75", "0.5"], ["0.25", "-0.5", "0", "1"]],
        "Wv": [
            ["1", "0", "-1", "0.5", "0.2"],
            ["0.5", "1", "0", "-0.5", "0.4"],
            ["0", "-1", "0.5", "1", "-0.3"],
        ],
    },
    data={
        "X": [["1", "0.5", "-1"], ["0.2", "-1", "0.5"]],
        "Y": [["1", "0", "0", "0.5", "-0.5"], ["0", "1", "0", "-0.5", "0.5"]],
    },
    learning_rate="1/100",
)


def forward(params, X):
    Q, K, V = X @ params["Wq"], X @ params["Wk"], X @ params["Wv"]
    Z = Q @ K.T / np.sqrt(Q.shape[1])
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    A = E / E.sum(axis=1, keepdims=True)
    return Q, K, V, A, A @ V


def loss(params, X, Y):
    *_, output = forward(params, X)
    return ((output - Y) ** 2).sum() / (2 * X.shape[0])


def grad(params, X, Y):
    Q, K, V, A, output = forward(params, X)
    dO = (output - Y) / X.shape[0]
    dA = dO @ V.T
    dZ = A * (dA - (dA * A).sum(axis=1, keepdims=True)) / np.sqrt(Q.shape[1])
    return {"Wq": X.T @ (dZ @ K), "Wk": X.T @ (dZ.T @ Q), "Wv": X.T @ (A.T @ dO)}


published = ()
