"""2-2-1 linear regression: nine derivatives, one by one.

Two inputs (marks and resume score) go through two linear units, O₁₁ and O₁₂, into one linear output; the loss of a
sample is (y − ŷ)². Each of the nine parameters has its derivative by the chain rule, those of the first layer through
O₁₁ or O₁₂. All weights start at 1 and all biases at 0.

Shapes: X (1, 2), W1 (2, 2), b1 (2), W2 (2, 1), b2 (1), Y (1, 1), samples first; the sample is the first of three.
Source: a lecture that codes backpropagation by hand for predicting a salary from (80, 8), (60, 9) and (70, 5).
"""

from __future__ import annotations

from symnn.library import Point
from symnn.network import Dense, Network

systems = (23,)
style = "chain"
notation = "w-ij-k"
network = Network(
    inputs=2,
    layers=[Dense(2), Dense(1)],
    loss="squared-error",
    reduction="sum",
    layout="samples-first",
)
point = Point(
    parameters={"W1": [[1, 1], [1, 1]], "b1": [0, 0], "W2": [[1], [1]], "b2": [0]},
    data={"X": [[80, 8]], "Y": [[3]]},
    learning_rate="1/100000",
)


def forward(params, X):
    O1 = X @ params["W1"] + params["b1"]
    return O1, O1 @ params["W2"] + params["b2"]


def loss(params, X, Y):
    return ((Y - forward(params, X)[1]) ** 2).sum()


def grad(params, X, Y):
    O1, prediction = forward(params, X)
    error = -2 * (Y - prediction)
    hidden = error @ params["W2"].T
    return {"W1": X.T @ hidden, "b1": hidden.sum(axis=0), "W2": O1.T @ error, "b2": error.sum(axis=0)}


published = ()
