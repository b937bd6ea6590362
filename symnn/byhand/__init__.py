"""Backprop as it is taught: layers and losses written by hand in NumPy, a sample being a column.

This is the thing under test elsewhere, so it knows nothing of derivations or kernels. Nothing here casts: the
same lines run on float64 and on object arrays of any scalar with ``+ - * /``, comparisons, ``exp tanh log``.
"""

from symnn.byhand.accumulating import accumulated_step
from symnn.byhand.activations import Linear, ReLU, Sigmoid, Softmax, Tanh
from symnn.byhand.dense import Dense
from symnn.byhand.initialising import INITIALISATIONS, dense_network
from symnn.byhand.layer import Array, Layer, Loss
from symnn.byhand.losses import (
    REDUCTIONS,
    BinaryCrossEntropy,
    CategoricalCrossEntropy,
    HalfSquaredError,
    SquaredError,
)
from symnn.byhand.network import Network
from symnn.byhand.optimisers import OPTIMISERS, Adam, GradientDescent, Momentum, Nesterov, Optimiser, RMSProp
from symnn.byhand.preparing import Scaling, one_hot
from symnn.byhand.softmax_cce import SoftmaxCCE
from symnn.byhand.training import EarlyStopping, History, batches, train

__all__ = [
    "INITIALISATIONS",
    "OPTIMISERS",
    "REDUCTIONS",
    "Adam",
    "Array",
    "BinaryCrossEntropy",
    "CategoricalCrossEntropy",
    "Dense",
    "EarlyStopping",
    "GradientDescent",
    "HalfSquaredError",
    "History",
    "Layer",
    "Linear",
    "Loss",
    "Momentum",
    "Nesterov",
    "Network",
    "Optimiser",
    "RMSProp",
    "ReLU",
    "Scaling",
    "Sigmoid",
    "Softmax",
    "SoftmaxCCE",
    "SquaredError",
    "Tanh",
    "accumulated_step",
    "batches",
    "dense_network",
    "one_hot",
    "train",
]
