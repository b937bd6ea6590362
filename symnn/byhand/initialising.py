"""Ways to start: weights drawn or set for layers of given widths, and a dense network made of them.

A way takes a generator and the two widths of a layer and returns weights (out, in); biases start at zero. What each
is good or bad for is part of what is taught: zeros never break the symmetry between the units of a layer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from symnn.byhand.activations import Linear, ReLU, Sigmoid, Softmax, Tanh
from symnn.byhand.dense import Dense
from symnn.byhand.layer import Array, Layer, Loss
from symnn.byhand.network import Network
from symnn.errors import InputError, unknown


def zeros(rng: np.random.Generator, units: int, below: int) -> Array:
    """Return weights of zero: every unit of a layer then learns the same.

    >>> zeros(np.random.default_rng(0), 1, 2)
    array([[0., 0.]])
    """
    return np.zeros((units, below))


def uniform_positive(rng: np.random.Generator, units: int, below: int) -> Array:
    """Return weights drawn from U[0, 1].

    >>> bool(np.all(uniform_positive(np.random.default_rng(0), 3, 2) >= 0))
    True
    """
    return rng.uniform(0, 1, (units, below))


def uniform_both(rng: np.random.Generator, units: int, below: int) -> Array:
    """Return weights drawn from U[−1, 1].

    >>> bool(np.all(abs(uniform_both(np.random.default_rng(0), 3, 2)) <= 1))
    True
    """
    return rng.uniform(-1, 1, (units, below))


def scaled_for_relu(rng: np.random.Generator, units: int, below: int) -> Array:
    """Return weights drawn from N(0, 1)·√(2/n), n being the width below: He and others 2015.

    >>> round(float(scaled_for_relu(np.random.default_rng(0), 200, 50).var() * 50), 1)
    2.0
    """
    weights: Array = rng.normal(size=(units, below)) * np.sqrt(2 / below)
    return weights


def scaled_for_tanh(rng: np.random.Generator, units: int, below: int) -> Array:
    """Return weights drawn from N(0, 1)·√(2/(n + n')), over both widths: Glorot and Bengio 2010.

    >>> round(float(scaled_for_tanh(np.random.default_rng(0), 200, 50).var() * 250), 1)
    2.0
    """
    weights: Array = rng.normal(size=(units, below)) * np.sqrt(2 / (below + units))
    return weights


# The ways to start, by name.
INITIALISATIONS: Mapping[str, Callable[[np.random.Generator, int, int], Array]] = MappingProxyType(
    {
        "zeros": zeros,
        "uniform 0 to 1": uniform_positive,
        "uniform -1 to 1": uniform_both,
        "normal, scaled for relu": scaled_for_relu,
        "normal, scaled for tanh": scaled_for_tanh,
    }
)

# The activations as layers, by the names that a description of a network gives them.
ACTIVATION_LAYERS: Mapping[str, Callable[[], Layer]] = MappingProxyType(
    {"linear": Linear, "relu": ReLU, "sigmoid": Sigmoid, "tanh": Tanh, "softmax": Softmax}
)


def dense_network(
    widths: Sequence[int],
    activations: Sequence[str],
    loss: Loss,
    start: str = "normal, scaled for relu",
    seed: int = 0,
) -> Network:
    """Return a network of dense layers, ``widths`` from the inputs on, each followed by its activation.

    Raises `InputError` for an unknown activation or start, and unless there is one activation a layer.

    >>> from symnn.byhand import HalfSquaredError
    >>> net = dense_network([2, 3, 1], ["tanh", "linear"], HalfSquaredError(), start="zeros")
    >>> {name: values.shape for name, values in net.parameters().items()}
    {'W1': (3, 2), 'b1': (3, 1), 'W2': (1, 3), 'b2': (1, 1)}
    """
    if len(activations) != len(widths) - 1 or len(widths) < 2:
        raise InputError(f"{len(widths)} widths make {len(widths) - 1} layers: given {len(activations)} activations")
    if start not in INITIALISATIONS:
        raise unknown("initialisation", start, INITIALISATIONS)
    rng = np.random.default_rng(seed)
    layers: list[Layer] = []
    for below, units, activation in zip(widths, widths[1:], activations, strict=False):
        if activation not in ACTIVATION_LAYERS:
            raise unknown("activation", activation, ACTIVATION_LAYERS)
        layers.append(Dense(INITIALISATIONS[start](rng, units, below), np.zeros((units, 1))))
        layers.append(ACTIVATION_LAYERS[activation]())
    return Network(layers, loss)
