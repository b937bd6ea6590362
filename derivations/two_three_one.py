"""2-3-1 sigmoid network: the delta rule in matrices.

Two sigmoid layers without biases predict a test score from hours of sleep and of study; the cost is J = ½ Σ (y − ŷ)²
over the samples.

The deltas go back through the layers: δ³ = −(y − ŷ) ⊙ σ'(z³) and δ² = δ³ W²ᵀ ⊙ σ'(z²), and the gradients are a²ᵀ δ³ and
Xᵀ δ². One step with learning rate 0.01 lowers the cost.

Shapes: X (3, 2), W1 (2, 3), W2 (3, 1), Y (3, 1), samples first. Source: a lecture series on a network in NumPy. Its
costs before and after the step, 0.4474 and 0.4420, belong to a random start that it does not print; the start here is
our own, so what is checked of them is that the step lowers the cost.
"""

from __future__ import annotations

import numpy as np

from symnn.library import Point
from symnn.network import Dense, Network

systems = (15,)
style = "delta"
notation = "delta-lecture"
network = Network(
    inputs=2,
    layers=[Dense(3, "sigmoid", bias=False), Dense(1, "sigmoid", bias=False)],
    loss="half-squared-error",
    reduction="sum",
    layout="samples-first",
)
point = Point(
    parameters={
        "W1": [["0.4", "-0.6", "0.1"], ["-0.3", "0.8", "0.5"]],
        "W2": [["-0.7"], ["0.2"], ["-0.5"]],
    },
    data={"X": [["0.3", "1"], ["0.5", "0.2"], ["1", "0.4"]], "Y": [["0.75"], ["0.82"], ["0.93"]]},
    learning_rate="0.01",
)


class NeuralNetwork:
    def __init__(self, W1, W2):
        self.W1 = W1
        self.W2 = W2

    def sigmoid(self, z):
        return 1 / (1 + np.exp(-z))

    def sigmoidPrime(self, z):
        return np.exp(-z) / (1 + np.exp(-z)) ** 2

    def forward(self, X):
        self.z2 = np.dot(X, self.W1)
        self.a2 = self.sigmoid(self.z2)
        self.z3 = np.dot(self.a2, self.W2)
        return self.sigmoid(self.z3)

    def costFunction(self, X, y):
        self.yHat = self.forward(X)
        return 0.5 * np.sum((y - self.yHat) ** 2)

    def costFunctionPrime(self, X, y):
        self.yHat = self.forward(X)
        delta3 = np.multiply(-(y - self.yHat), self.sigmoidPrime(self.z3))
        dJdW2 = np.dot(self.a2.T, delta3)
        delta2 = np.dot(delta3, self.W2.T) * self.sigmoidPrime(self.z2)
        dJdW1 = np.dot(X.T, delta2)
        return dJdW1, dJdW2


def loss(params, X, Y):
    return NeuralNetwork(params["W1"], params["W2"]).costFunction(X, Y)


def grad(params, X, Y):
    dJdW1, dJdW2 = NeuralNetwork(params["W1"], params["W2"]).costFunctionPrime(X, Y)
    return {"W1": dJdW1, "W2": dJdW2}


published = ()
