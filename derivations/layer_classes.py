"""Layer classes: dense, tanh, dense, and softmax with cross-entropy as one.

Each layer is a class with a forward pass that keeps its inputs and outputs, and a backward pass that takes the gradient
of its outputs, sets those of its weights and biases, and returns that of its inputs. A network runs them forward and in
reverse.

The last one takes softmax and cross-entropy together, because their joint derivative is ŷ − y.

Shapes: X (2, 3), W1 (4, 2), b1 (4, 1), W2 (3, 4), b2 (3, 1), Y (3, 3), features first. Source: a lecture series that
builds a small framework; the numbers are chosen here.
"""

from __future__ import annotations

from symnn.byhand import Dense as DenseByHand
from symnn.byhand import Network as NetworkByHand
from symnn.byhand import SoftmaxCCE, Tanh
from symnn.library import Point
from symnn.network import Dense, Network

systems = (12, 20)
network = Network(
    inputs=2,
    layers=[Dense(4, "tanh"), Dense(3, "softmax")],
    loss="categorical-cross-entropy",
    reduction="mean",
)
point = Point(
    parameters={
        "W1": [["0.5", "-0.3"], ["0.2", "0.8"], ["-0.6", "0.1"], ["0.4", "0.7"]],
        "b1": [["0"], ["0.1"], ["-0.2"], ["0.05"]],
        "W2": [["0.3", "-0.5", "0.2", "0.6"], ["-0.4", "0.1", "0.7", "-0.2"], ["0.1", "0.4", "-0.3", "0.5"]],
        "b2": [["0.1"], ["0"], ["-0.1"]],
    },
    data={
        "X": [["1", "-0.5", "0.2"], ["0.3", "0.8", "-1"]],
        "Y": [["1", "0", "0"], ["0", "1", "0"], ["0", "0", "1"]],
    },
    learning_rate="1/2",
)


def by_hand(params):
    layers = [DenseByHand(params["W1"], params["b1"]), Tanh(), DenseByHand(params["W2"], params["b2"])]
    return NetworkByHand(layers, SoftmaxCCE("mean"))


def loss(params, X, Y):
    return by_hand(params).loss_of(X, Y)


def grad(params, X, Y):
    network = by_hand(params)
    network.forward_pass(X)
    network.backward_pass(Y)
    return network.gradients()


published = ()
