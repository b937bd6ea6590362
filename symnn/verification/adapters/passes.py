"""Running a layer forward and in reverse, whatever its methods are called, take and return."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from symnn.errors import InputError, aligned
from symnn.scalars import Scalar
from symnn.verification.adapters.rates import RATE_ARGUMENTS

METHODS: tuple[tuple[str, str], ...] = (
    ("forward_pass", "backward_pass"),
    ("forward", "backward"),
    ("forward_propagation", "backward_propagation"),
    ("forward_prop", "backward_prop"),
    ("forward_propagate", "backward_propagate"),
    ("forwardPass", "backwardPass"),
    ("feedforward", "backprop"),
    ("feed_forward", "backpropagate"),
    ("fprop", "bprop"),
    ("fwd", "bwd"),
    ("_forward", "_backward"),
    ("__call__", "backward"),
    ("__call__", "backward_pass"),
    ("forward", "backprop"),
)
"""What the two passes of a layer are called, the first that both exist counts."""

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
    "clear_gradient",
    "init_grads",
)
"""Methods that forget the gradients of the calls before."""

SWITCHES = ("training", "is_training", "train_mode", "train", "trainable", "mode", "phase")
"""Attributes that say whether a layer trains or predicts."""

CACHES = frozenset({"cache", "caches", "ctx", "context", "memory", "memories", "saved", "saved_for_backward", "stash"})
"""What the argument of a backward pass is called that takes what its forward pass kept."""

TARGETS = frozenset(
    {"t", "y", "Y", "target", "targets", "label", "labels", "y_true", "true", "truth", "ground_truth", "actual", "gold"}
)
"""What the argument is called that takes the targets of a loss."""

_UPSTREAM = re.compile(r"^_?(d|grad|delta|upstream|up|accum|error|err|g|next_|out_grad|output_grad|top)", re.I)

OUTPUTS = ("output", "outputs", "out", "activation", "A", "a", "y", "Z", "z")
"""Where a layer keeps its output when its forward pass returns nothing."""


@dataclass(frozen=True)
class Ran:
    """What a forward pass was given and gave: its inputs by name, its outputs, and what it gave beside them."""

    names: tuple[str, ...]
    inputs: tuple[Any, ...]
    outputs: tuple[Any, ...]
    caches: tuple[Any, ...]


def methods_of(layer: Any) -> tuple[str, str] | None:
    """Return the names of the forward and the backward pass of an object, or None where it lacks them."""
    for names in METHODS:
        if all(callable(getattr(layer, name, None)) for name in names):
            return names
    return None


def layers_of(target: Any) -> list[Any]:
    """Return a list of layers as it is, and one layer as a list."""
    return list(target) if isinstance(target, list | tuple) else [target]


def passes_of(layer: Any) -> tuple[Any, Any]:
    """Return the two bound methods of a layer; raise `InputError` where it has none."""
    names = methods_of(layer)
    if names is None:
        wanted = "no forward_pass and backward_pass, nor forward and backward"
        raise InputError(f"{type(layer).__name__} has {wanted}: it is no layer")
    return getattr(layer, names[0]), getattr(layer, names[1])


def forward(layer: Any, inputs: list[Any], outputs: int = 1) -> Ran:
    """Run a layer forward; the first ``outputs`` values of a tuple are its outputs, what follows is its cache."""
    run = passes_of(layer)[0]
    return split(layer, run(*inputs), tuple(parameters_of(run)), tuple(inputs), outputs)


def split(layer: Any, returned: Any, names: tuple[str, ...], inputs: tuple[Any, ...], outputs: int) -> Ran:
    """Return what a forward pass returned as outputs and caches; what it keeps where it returns nothing."""
    returned = kept_output(layer) if returned is None else returned
    if isinstance(returned, tuple):
        return Ran(names, inputs, tuple(returned[:outputs]), tuple(returned[outputs:]))
    return Ran(names, inputs, (returned,), ())


def kept_output(layer: Any) -> Any:
    """Return what a layer keeps as its output, or None."""
    return next((getattr(layer, name) for name in OUTPUTS if getattr(layer, name, None) is not None), None)


def parameters_of(method: Any) -> list[str]:
    """Return the names of the positional parameters of a method or function; none where it does not tell."""
    return [p.name for p in _positional(method)]


def required_of(method: Any) -> list[str]:
    """Return the positional parameters that must be given; a learning rate counts as one."""
    return [p.name for p in _positional(method) if p.default is inspect.Parameter.empty or p.name in RATE_ARGUMENTS]


def upstreams_of(method: Any) -> int:
    """Return how many upstream gradients a backward pass takes, by the names of its first parameters.

    >>> upstreams_of(lambda dnext_h, dnext_c, cache: 0), upstreams_of(lambda x: 0)
    (2, 0)
    """
    count = 0
    for name in required_of(method):
        if name in CACHES | RATE_ARGUMENTS | TARGETS or not _UPSTREAM.match(name):
            break
        count += 1
    return count


def _positional(method: Any) -> list[inspect.Parameter]:
    try:
        signature = inspect.signature(method)
    except (TypeError, ValueError):
        return []
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return [p for p in signature.parameters.values() if p.kind in kinds]


# What a backward pass is called with; None where this convention does not fit its parameters.
Convention = Callable[[Any, Any, tuple[Any, ...], Ran], list[Any] | None]


def _by_names(layer: Any, run: Any, upstream: tuple[Any, ...], ran: Ran) -> list[Any] | None:
    """Each parameter by its name: a rate, a cache, targets, an input of the forward pass, upstream gradients."""
    waiting, caches = list(upstream), list(ran.caches)
    given: list[Any] = []
    # An upstream gradient that may be left out is given all the same, before anything else that may.
    names = required_of(run) or parameters_of(run)[:1]
    for position, name in enumerate(names):
        if name in RATE_ARGUMENTS:
            given.append(1)
        elif name in CACHES and ran.caches:
            given.append(ran.caches[0] if len(ran.caches) == 1 else ran.caches)
            caches = []
        elif name in TARGETS and position and len(ran.inputs) > 1:
            given.append(ran.inputs[ran.names.index(name) if name in ran.names[: len(ran.inputs)] else -1])
        elif (position or (len(names) > 1 and not _UPSTREAM.match(name))) and name in ran.names[: len(ran.inputs)]:
            given.append(ran.inputs[ran.names.index(name)])
        elif waiting and (position == 0 or not caches or _UPSTREAM.match(name)):
            given.append(waiting.pop(0))
        elif caches:
            given.append(caches.pop(0))
        else:
            return None
    return given


def _in_order(layer: Any, run: Any, upstream: tuple[Any, ...], ran: Ran) -> list[Any] | None:
    rates = [1 for name in required_of(run) if name in RATE_ARGUMENTS]
    return [*upstream, *ran.caches, *rates]


def _together(layer: Any, run: Any, upstream: tuple[Any, ...], ran: Ran) -> list[Any] | None:
    return [upstream, *ran.caches] if len(upstream) > 1 else None


def _upstream_only(layer: Any, run: Any, upstream: tuple[Any, ...], ran: Ran) -> list[Any] | None:
    return list(upstream) if ran.caches else None


def _like_forward(layer: Any, run: Any, upstream: tuple[Any, ...], ran: Ran) -> list[Any] | None:
    """What the forward pass was given, as losses have it: predictions and targets."""
    return list(ran.inputs) if len(required_of(run)) == len(ran.inputs) else None


def _from_output(layer: Any, run: Any, upstream: tuple[Any, ...], ran: Ran) -> list[Any] | None:
    """The output that a layer with a loss keeps, and the targets."""
    kept = next((getattr(layer, name) for name in OUTPUTS if isinstance(getattr(layer, name, None), np.ndarray)), None)
    return [kept, *ran.inputs[1:]] if kept is not None and len(ran.inputs) > 1 else None


def _targets(layer: Any, run: Any, upstream: tuple[Any, ...], ran: Ran) -> list[Any] | None:
    return [ran.inputs[-1]] if len(ran.inputs) > 1 and len(required_of(run)) == 1 else None


def _nothing(layer: Any, run: Any, upstream: tuple[Any, ...], ran: Ran) -> list[Any] | None:
    return [] if not required_of(run) else None


CONVENTIONS: dict[str, Convention] = {
    "by names": _by_names,
    "in order": _in_order,
    "together": _together,
    "the upstream gradient alone": _upstream_only,
    "like the forward pass": _like_forward,
    "from the output": _from_output,
    "targets": _targets,
    "nothing": _nothing,
}
"""What a backward pass may be called with, the likeliest first."""

OF_LOSSES = ("like the forward pass", "from the output", "targets", "nothing")
"""The conventions of backward passes that begin at a loss, and take no upstream gradient."""


def backward(layer: Any, upstream: tuple[Any, ...], ran: Ran, convention: str = "by names") -> Any:
    """Run a layer in reverse and return what it gives; raise `InputError` where it wants what cannot be told."""
    run = passes_of(layer)[1]
    given = CONVENTIONS[convention](layer, run, upstream, ran)
    if given is None:
        rows = [
            ("backward", f"({', '.join(required_of(run))})"),
            ("understood", "(upstream), (upstream, cache), (upstream, rate), (predictions, targets)"),
        ]
        raise InputError(
            f"the backward pass of {type(layer).__name__} wants more than the upstream gradient\n{aligned(rows)}\n"
            "give functions instead: verify(loss, grad, params, *data)"
        )
    return run(*given)


def is_loss(output: Any) -> bool:
    """Return whether an output is a single number, and so the value of a loss.

    >>> is_loss(np.float64(1.5)), is_loss(np.zeros(3)), is_loss(np.zeros((2, 1)))
    (True, False, False)
    """
    return isinstance(output, float | int | np.number | Scalar) or (isinstance(output, np.ndarray) and output.ndim == 0)


def reset(target: Any) -> list[str]:
    """Forget the gradients of earlier calls where layers have a method for it; return the methods called."""
    called = []
    for layer in layers_of(target):
        name = next((name for name in RESETS if callable(getattr(layer, name, None))), None)
        if name is not None and not required_of(getattr(layer, name)):
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
