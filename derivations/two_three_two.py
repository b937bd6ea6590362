"""2-3-2 linear network: two paths, three matrix rules.

Two dense layers without activations, one sample, and the loss ½[(ŷ₁ − y₁)² + (ŷ₂ − y₂)²].

Each hidden unit reaches the loss over two paths, one through either output, and its gradient is the sum over both.
Gathered into matrices, the scalar results are three rules a layer: for the values, the weights, and the biases.

Shapes: X (2, 1), W1 (3, 2), b1 (3, 1), W2 (2, 3), b2 (2, 1), Y (2, 1), features first. Source: a lecture that derives
the matrix rules from scalars; the first layer's weights and the biases are chosen here to give its hidden values.
"""

from __future__ import annotations

from symnn.byhand import Dense as DenseByHand
from symnn.byhand import HalfSquaredError
from symnn.byhand import Network as NetworkByHand
from symnn.library import Figure, Point
from symnn.network import Dense, Network

systems = (10,)
style = "scalar"
notation = "subscript"
network = Network(inputs=2, layers=[Dense(3), Dense(2)], loss="half-squared-error", reduction="sum")
point = Point(
    parameters={
        "W1": [[3, 1], [-8, -1], [1, 3]],
        "b1": [[0], [0], [0]],
        "W2": [[2, 1, 4], [-2, -1, 5]],
        "b2": [[-1], [5]],
    },
    data={"X": [[3], [-2]], "Y": [[1], [4]]},
    learning_rate="1/1000",
)


def by_hand(params):
    layers = [DenseByHand(params["W1"], params["b1"]), DenseByHand(params["W2"], params["b2"])]
    return NetworkByHand(layers, HalfSquaredError("sum"))


def loss(params, X, Y):
    return by_hand(params).loss_of(X, Y)


def grad(params, X, Y):
    network = by_hand(params)
    network.forward_pass(X)
    network.backward_pass(Y)
    return network.gradients()


published = (
    Figure("Z1", [["7"], ["-22"], ["-3"]], "exact"),
    Figure("Z2", [["-21"], ["-2"]], "exact"),
    Figure("dZ2", [["-22"], ["-6"]], "exact"),
    Figure("dW2", [["-154", "484", "66"], ["-42", "132", "18"]], "exact"),
    Figure("db2", [["-22"], ["-6"]], "exact"),
    Figure("dZ1", [["-32"], ["-16"], ["-118"]], "exact"),
    Figure("dW1", [["-96", "64"], ["-48", "32"], ["-354", "236"]], "exact"),
    Figure("db1", [["-32"], ["-16"], ["-118"]], "exact"),
)
