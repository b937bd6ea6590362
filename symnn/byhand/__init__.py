"""Backprop as it is taught: layers and losses written by hand in NumPy, a sample being a column.

This is the thing under test elsewhere, so it knows nothing of derivations or kernels. Nothing here casts: the
same lines run on float64 and on object arrays of any scalar with ``+ - * /``, comparisons, ``exp tanh log``.
"""

from symnn.byhand.activations import Linear, ReLU, Sigmoid, Softmax, Tanh
from symnn.byhand.dense import Dense
from symnn.byhand.layer import Array, Layer, Loss
from symnn.byhand.losses import (
    REDUCTIONS,
    BinaryCrossEntropy,
    CategoricalCrossEntropy,
    HalfSquaredError,
    SquaredError,
)
from symnn.byhand.network import Network
from symnn.byhand.softmax_cce import SoftmaxCCE

__all__ = [
    "REDUCTIONS",
    "Array",
    "BinaryCrossEntropy",
    "CategoricalCrossEntropy",
    "Dense",
    "HalfSquaredError",
    "Layer",
    "Linear",
    "Loss",
    "Network",
    "ReLU",
    "Sigmoid",
    "Softmax",
    "SoftmaxCCE",
    "SquaredError",
    "Tanh",
]
