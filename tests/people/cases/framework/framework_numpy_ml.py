"""numpy-ml 0.1.2: every layer, loss and activation with inputs that fit; which are right, difference quotients told.

Its RNN and LSTM cannot be made by any Python that it installs on (a property without a setter), SparseEvolution cannot
run (``binomial(shape=)``), its RBM has no loss, and the NCE and WGAN losses take samplers and critics of its own.
"""

import collections
import collections.abc
import warnings

import numpy as np
import symnn
from tests.people.case import Case, numbers, one_hot, right, wrong

# The package was written for Python before 3.10, and warns of what it has no use for here.
collections.Hashable = collections.abc.Hashable
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from numpy_ml.neural_nets import activations, layers, losses
    from numpy_ml.neural_nets.wrappers import Dropout

ROWS, SEQUENCE, PICTURES = numbers(4, 3), numbers(2, 4, 3), numbers(1, 3, 4, 2)
IDS, REPEATED = np.array([[0, 2, 4], [1, 3, 0]]), np.array([[0, 2, 2], [1, 3, 0]])
P, T01 = np.random.default_rng(1).uniform(0.1, 0.9, (3, 4)), one_hot([0, 3, 1], 4)


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


class Halved(layers.FullyConnected):
    def _bwd(self, dLdy, X):
        dX, dW, db = super()._bwd(dLdy, X)
        return dX, dW / 2, db


class Conv2DUnpadded(layers.Conv2D):
    def _bwd(self, dLdy, X, Z):
        dX, dW, dB = super()._bwd(dLdy, X, Z)
        return dX, dW, dB[..., ::-1]


class Scaled(layers.BatchNorm1D):
    def _bwd(self, dLdy, X):
        dX, dScaler, dIntercept = super()._bwd(dLdy, X)
        return dX, dScaler / len(X), dIntercept


LAYERS = {
    "DotProductAttention": (
        lambda: layers.DotProductAttention(),
        (numbers(4, 3), numbers(4, 3, seed=1), numbers(4, 2)),
    ),
    "Add": (lambda: layers.Add(act_fn="tanh"), ([ROWS, ROWS[::-1]],)),
    "Multiply": (lambda: layers.Multiply(act_fn="sigmoid"), ([ROWS, ROWS[::-1]],)),
    "Flatten": (lambda: layers.Flatten(), (SEQUENCE,)),
    "BatchNorm1D": (lambda: layers.BatchNorm1D(), (ROWS,)),
    "BatchNorm2D": (lambda: layers.BatchNorm2D(), (PICTURES,)),
    "LayerNorm1D": (lambda: layers.LayerNorm1D(), (ROWS,)),
    "LayerNorm2D": (lambda: layers.LayerNorm2D(), (PICTURES,)),
    "Embedding": (lambda: layers.Embedding(2, 5), (REPEATED,)),
    "Embedding, summed": (lambda: layers.Embedding(2, 5, pool="sum"), (IDS,)),
    "Embedding, averaged": (lambda: layers.Embedding(2, 5, pool="mean"), (IDS,)),
    "FullyConnected": (lambda: layers.FullyConnected(2, act_fn="tanh"), (ROWS,)),
    "Softmax": (lambda: layers.Softmax(), (ROWS,)),
    "Conv1D": (lambda: layers.Conv1D(2, 2, act_fn="tanh"), (SEQUENCE,)),
    "Conv1D, causal": (lambda: layers.Conv1D(2, 2, pad="causal"), (SEQUENCE,)),
    "Conv2D": (lambda: layers.Conv2D(2, (2, 2), act_fn="tanh"), (PICTURES,)),
    "Conv2D, padded and strided": (lambda: layers.Conv2D(2, (2, 2), pad=1, stride=2), (PICTURES,)),
    "Pool2D": (lambda: layers.Pool2D((2, 2), stride=1), (PICTURES,)),
    "Pool2D, averaged": (lambda: layers.Pool2D((2, 2), stride=1, mode="average"), (PICTURES,)),
    "Deconv2D": (lambda: layers.Deconv2D(2, (2, 2), act_fn="tanh"), (numbers(1, 2, 2, 2),)),
    "Deconv2D, strided": (lambda: layers.Deconv2D(2, (2, 2), stride=2), (numbers(1, 2, 2, 2),)),
}

# Right where no path leads beyond one step and nothing hangs on the second output: it cannot be told *equal* of all.
CELLS = {"RNNCell": lambda: layers.RNNCell(2), "LSTMCell": lambda: layers.LSTMCell(2)}

WRONG = {
    "Dropout around a layer, whose mask backward leaves out": (
        lambda: Dropout(layers.FullyConnected(2, act_fn="tanh"), 0.4),
        (ROWS,),
    ),
    "Embedding, summed, a word twice": (lambda: layers.Embedding(2, 5, pool="sum"), (REPEATED,)),
    "Embedding, averaged, a word twice": (lambda: layers.Embedding(2, 5, pool="mean"), (REPEATED,)),
    "FullyConnected, halved": (lambda: Halved(2, act_fn="tanh"), (ROWS,)),
    "Conv2D, the biases reversed": (lambda: Conv2DUnpadded(2, (2, 2)), (PICTURES,)),
    "BatchNorm1D, the mean of the scaler": (lambda: Scaled(), (ROWS,)),
}

ACTIVATIONS = (
    "Sigmoid",
    "ReLU",
    "LeakyReLU",
    "Tanh",
    "Affine",
    "Identity",
    "ELU",
    "Exponential",
    "SELU",
    "HardSigmoid",
    "SoftPlus",
)


class TanhUnsquared(activations.Tanh):
    def grad(self, x):
        return 1 - np.tanh(x)


SQUARED, ENTROPY, TANH = losses.SquaredError(), losses.CrossEntropy(), activations.Tanh()
Z, TARGET = numbers(3, 4), numbers(3, 4, seed=1)


def squared(z):
    return SQUARED(TARGET, TANH(z))


def entropy(z):
    return ENTROPY(T01, softmax(z))


def called(make, inputs):
    return lambda seed: symnn.verify(make(), *inputs, seed=seed)


CASES = [
    *(right(name, called(*row)) for name, row in LAYERS.items()),
    *(Case(name, called(make, (ROWS,)), "not different") for name, make in CELLS.items()),
    *(wrong(name, called(*row)) for name, row in WRONG.items()),
    *(right(name, called(getattr(activations, name), (numbers(8),))) for name in ACTIVATIONS),
    wrong("Tanh, unsquared", called(TanhUnsquared, (numbers(8),))),
    right("SquaredError", lambda s: symnn.verify(squared, lambda z: SQUARED.grad(TARGET, TANH(z), z, TANH), Z, seed=s)),
    wrong(
        "SquaredError at the output",
        lambda s: symnn.verify(squared, lambda z: SQUARED.grad(TARGET, TANH(z), TANH(z), TANH), Z, seed=s),
    ),
    Case(
        "CrossEntropy, which adds an epsilon",
        lambda s: symnn.verify(entropy, lambda z: ENTROPY.grad(T01, softmax(z)), Z, seed=s),
        "equal up to the guard",
        "2.2.*e-16",
    ),
    wrong(
        "CrossEntropy, summed twice",
        lambda s: symnn.verify(entropy, lambda z: 2 * ENTROPY.grad(T01, softmax(z)), Z, seed=s),
    ),
    Case(
        "VAELoss, whose gradients come in another order",
        lambda s: symnn.verify(losses.VAELoss(), T01, P, numbers(3, 2), numbers(3, 2, seed=1), seed=s),
        "not different",
    ),
]
