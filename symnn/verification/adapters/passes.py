"""Running a layer, or a list of them, forward and in reverse, whatever its methods are called and return."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from symnn.errors import InputError, aligned
from symnn.verification.adapters.objects import Path, arrays_of, put

METHODS: tuple[tuple[str, str], ...] = (
    ("forward_pass", "backward_pass"),
    ("forward", "backward"),
    ("forward_propagation", "backward_propagation"),
    ("forward_prop", "backward_prop"),
    ("forward_propagate", "backward_propagate"),
    ("forwardPass", "backwardPass"),
    ("fprop", "bprop"),
    ("__call__", "backward"),
)
"""What the two passes of a layer are called, the first that both exist counts."""

RATES = frozenset({"learning_rate", "learningRate", "lr", "eta", "step_size", "lrate"})
"""What the learning rate of a backward pass that updates is called."""

RESETS = (
    "flush_gradients",
    "zero_grad",
    "zero_grads",
    "zero_gradients",
    "reset_grad",
    "reset_grads",
    "reset_gradients",
    "clear_grad",
    "clear_grads",
    "clear_gradients",
)
"""Methods that forget the gradients of the calls before."""

SWITCHES = ("training", "is_training", "train_mode", "train", "trainable", "mode", "phase")
"""Attributes that say whether a layer trains or predicts."""


def methods_of(layer: Any) -> tuple[str, str] | None:
    """Return the names of the forward and the backward pass of an object, or None where it lacks them."""
    for names in METHODS:
        if all(callable(getattr(layer, name, None)) for name in names):
            return names
    return None


def layers_of(target: Any) -> list[Any]:
    """Return a list of layers as it is, and one layer as a list."""
    return list(target) if isinstance(target, list | tuple) else [target]


def _passes(layer: Any) -> tuple[Any, Any]:
    names = methods_of(layer)
    if names is None:
        raise InputError(f"{type(layer).__name__} has no forward and backward pass: it is no layer")
    return getattr(layer, names[0]), getattr(layer, names[1])


def forward(target: Any, inputs: list[Any]) -> tuple[Any, list[list[Any]]]:
    """Return what the last layer gives, and for each layer what it gave beside its output, its cache."""
    caches = []
    for layer in layers_of(target):
        given = _passes(layer)[0](*inputs)
        if given is None:
            given = next((getattr(layer, name) for name in OUTPUTS if hasattr(layer, name)), None)
        kept = list(given[1:]) if isinstance(given, tuple) else []
        output = given[0] if isinstance(given, tuple) else given
        caches.append(kept)
        inputs = [output]
    return output, caches


def backward(target: Any, upstream: Any, caches: list[list[Any]]) -> list[Any]:
    """Run in reverse; return for each layer, in forward order, what its backward pass gave."""
    given: list[Any] = []
    layers = layers_of(target)
    for position in reversed(range(len(layers))):
        if given:
            upstream = handed_on(given[0], layers[position + 1])
        given.insert(
            0,
            _passes(layers[position])[1](upstream, *caches[position], *_rates(layers[position], len(caches[position]))),
        )
    return given


def handed_on(given: Any, layer: Any) -> Any:
    """Return the adjoint of a layer's input from what its backward pass gave, or from where it keeps it."""
    first = given[0] if isinstance(given, tuple) else given
    if first is None or isinstance(first, dict):
        return next((getattr(layer, name) for name in INPUT_GRADIENTS if hasattr(layer, name)), None)
    return first


OUTPUTS = ("output", "outputs", "out", "activation", "A", "a", "y", "Z", "z")
"""Where a layer keeps its output when its forward pass returns nothing."""

INPUT_GRADIENTS = (
    "dinputs",
    "dinput",
    "d_inputs",
    "d_input",
    "dX",
    "dx",
    "grad_input",
    "grad_inputs",
    "input_grad",
    "input_gradient",
    "dA_prev",
    "grad_X",
    "grad_x",
)
"""Where a layer keeps the gradient with respect to its input when it does not return it."""


def _rates(layer: Any, cached: int) -> list[Any]:
    """A learning rate of one for a backward pass that asks for it: then an update is the gradient itself."""
    required = _required(_passes(layer)[1])[1 + cached :]
    if not required:
        return []
    if len(required) == 1 and required[0] in RATES:
        return [1]
    rows = [
        ("backward", f"({', '.join(_required(_passes(layer)[1]))})"),
        ("understood", "(upstream), (upstream, rate)"),
    ]
    raise InputError(
        f"the backward pass of {type(layer).__name__} wants more than the upstream gradient\n{aligned(rows)}\n"
        "give functions instead: verify(loss, grad, params, *data)"
    )


def _required(method: Any) -> list[str]:
    try:
        signature = inspect.signature(method)
    except (TypeError, ValueError):
        return ["upstream"]
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    given = [p for p in signature.parameters.values() if p.kind in kinds]
    return [p.name for p in given if p.default is inspect.Parameter.empty or p.name in RATES]


def set_rates(target: Any) -> None:
    """Set the learning rates that layers keep to one, so that what they update by is the gradient."""
    for path in arrays_of(target):
        if is_rate(path):
            put(target, path, 1.0)


def is_rate(path: Path) -> bool:
    """Return whether a number is a learning rate, by its name."""
    return path[-1] in RATES


def updates_itself(target: Any) -> bool:
    """Return whether a backward pass has a learning rate at hand, as an argument or kept by the layer."""
    return any(map(is_rate, arrays_of(target))) or any(
        RATES & set(_required(_passes(layer)[1])) for layer in layers_of(target)
    )


def reset(target: Any) -> list[str]:
    """Forget the gradients of earlier calls where layers have a method for it; return the methods called."""
    called = []
    for layer in layers_of(target):
        name = next((name for name in RESETS if callable(getattr(layer, name, None))), None)
        if name is not None:
            getattr(layer, name)()
            called.append(f"{type(layer).__name__}.{name}()")
    return called


def modes(target: Any) -> Iterator[str]:
    """Yield the switches between training and prediction as they stand: ``Dropout.training = True``."""
    for layer in layers_of(target):
        for name in SWITCHES:
            value = getattr(layer, name, None)
            if isinstance(value, bool | str):
                yield f"{type(layer).__name__}.{name} = {value!r}"
