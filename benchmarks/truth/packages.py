"""Trials from an installed package: layers and activations of numpy-ml as they stand, inputs among the parameters."""

from __future__ import annotations

import collections
import collections.abc
import functools
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from benchmarks.truth.trial import Trial

# numpy-ml 0.1.2 asks the place where Python kept it up to 3.9.
collections.Hashable = collections.abc.Hashable  # type: ignore[attr-defined]
try:
    with warnings.catch_warnings():
        # It says which of its optional requirements are absent.
        warnings.simplefilter("ignore")
        from numpy_ml.neural_nets.activations import activations
        from numpy_ml.neural_nets.layers import layers
except ImportError:
    activations = layers = None

GROUP = "numpy-ml"
INSTALLED = activations is not None

ACTIVATIONS = ("Affine", "ELU", "Exponential", "HardSigmoid", "Identity", "LeakyReLU", "ReLU", "SELU", "Sigmoid")
ACTIVATIONS += ("SoftPlus", "Tanh")

# Layer, its arguments, and the shapes of its parameters for inputs of four samples and three features.
LAYERS: dict[str, tuple[tuple[Any, ...], dict[str, tuple[int, ...]]]] = {
    "FullyConnected": ((2,), {"W": (3, 2), "b": (1, 2)}),
    "Softmax": ((), {}),
    "BatchNorm1D": ((), {"scaler": (3,), "intercept": (3,)}),
    "LayerNorm1D": ((), {"scaler": (3,), "intercept": (3,)}),
}


def packages() -> Iterator[Trial]:
    """Yield a trial for each first and second derivative of an activation, and for each layer that is there."""
    if not INSTALLED:
        return
    rng = np.random.default_rng(5)
    for name in ACTIVATIONS:
        made = getattr(activations, name)
        z, upstream = rng.normal(size=(2, 4)) * 2, rng.normal(size=(2, 4))
        act = made(2.0, 0.5) if name == "Affine" else made()
        yield Trial(GROUP, name, *_elementwise(act.fn, act.grad), z, (upstream,))
    for name, (arguments, shapes) in LAYERS.items():
        made = getattr(layers, name, None)
        if made is None:
            continue
        params = {"X": rng.normal(size=(4, 3)), **{key: rng.normal(size=shape) for key, shape in shapes.items()}}
        upstream = rng.normal(size=(4, 2 if name == "FullyConnected" else 3))
        yield Trial(GROUP, name, *_layer(functools.partial(made, *arguments), made), params, (upstream,))


def _elementwise(value: Callable[..., Any], slope: Callable[..., Any]) -> tuple[Callable[..., Any], ...]:
    # `wraps` tells symnn whose module the code under test stands in.
    @functools.wraps(value)
    def loss(z: Any, upstream: Any) -> Any:
        return np.sum(upstream * value(z))

    @functools.wraps(slope)
    def grad(z: Any, upstream: Any) -> Any:
        return upstream * slope(z)

    return loss, grad


def _layer(make: Callable[[], Any], kind: Any) -> tuple[Callable[..., Any], ...]:
    def filled(params: Any) -> Any:
        layer = make()
        layer.n_in = params["X"].shape[1]
        layer._init_params()
        layer.parameters |= {name: A for name, A in params.items() if name != "X"}
        return layer

    @functools.wraps(kind.forward)
    def loss(params: Any, upstream: Any) -> Any:
        return np.sum(upstream * filled(params).forward(params["X"]))

    @functools.wraps(kind.backward)
    def grad(params: Any, upstream: Any) -> Any:
        layer = filled(params)
        layer.forward(params["X"])
        found = {"X": layer.backward(upstream)}
        return found | {name: layer.gradients[name] for name in params if name != "X"}

    return loss, grad
