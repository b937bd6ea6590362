"""OR gate, sample by sample: the loop that adds up.

The same batch step as a loop: for each of the m samples run forward and back, add δw, δb and the sample's loss to
totals, and divide by m at the end.

The sums are those of the matrix rules, so the step is the same.

Shapes: X (2, 4), W1 (1, 2), b1 (1, 1), Y (1, 4), features first. Source: a lecture that writes the loop before it
writes the matrices.
"""

from __future__ import annotations

import numpy as np

from symnn.library import Point
from symnn.network import Dense, Network

systems = (8,)
network = Network(inputs=2, layers=[Dense(1, "sigmoid")], loss="half-squared-error", reduction="mean")
point = Point(
    parameters={"W1": [["0.1", "0.6"]], "b1": [["0"]]},
    data={"X": [["0", "0", "1", "1"], ["0", "1", "0", "1"]], "Y": [["0", "1", "1", "1"]]},
    learning_rate=1,
)


def neuron(w, b, x):
    return 1 / (1 + np.exp(-(w @ x + b)))


def loss(params, X, Y):
    w, b, m = params["W1"][0], params["b1"][0, 0], X.shape[1]
    total = 0
    for i in range(m):
        total += (Y[0, i] - neuron(w, b, X[:, i])) ** 2 / 2
    return total / m


def grad(params, X, Y):
    w, b, m = params["W1"][0], params["b1"][0, 0], X.shape[1]
    dw, db = 0, 0
    for i in range(m):
        x, y = X[:, i], Y[0, i]
        prediction = neuron(w, b, x)
        dz = (prediction - y) * prediction * (1 - prediction)
        dw = dw + dz * x
        db = db + dz
    return {"W1": (dw / m).reshape(1, -1), "b1": (db / m).reshape(1, 1)}


published = ()
