"""One way to read the passes of a layer: what is an output, how the backward pass is called, and what the loss is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from symnn.scalars import Scalar
from symnn.verification.adapters.inputs import Inputs
from symnn.verification.adapters.passes import Ran, backward, forward, kept_output, layers_of, passes_of
from symnn.verification.adapters.returned import some_by_name
from symnn.verification.adapters.shape import upstream_for
from symnn.verification.trees import mapped

_SEEDS = 2**32 - 1


@dataclass(frozen=True)
class Reading:
    """How a layer is read: its number of ``outputs``, the ``convention`` of its backward pass, and the loss.

    ``reduction`` is ``upstream`` for Σ upstream ⊙ output, ``one`` where the output is the loss, and ``mean`` or ``sum``
    where it holds the losses of samples.
    """

    outputs: int
    convention: str
    reduction: str
    returned_first: bool = False

    def run(self, target: Any, arguments: list[Any]) -> list[Ran]:
        """Run forward; return for each layer what it was given and gave."""
        return run_forward(target, arguments, self)

    def reverse(self, target: Any, upstream: tuple[Any, ...], runs: list[Ran]) -> list[Any]:
        """Run in reverse; return for each layer, in forward order, what its backward pass gave."""
        return run_backward(target, upstream, runs, self)

    def arguments(self, inputs: Inputs, params: Mapping[str, Any], data: tuple[Any, ...]) -> list[Any]:
        """Return what the forward pass is called with: the inputs are parameters too, the data upstream gradients."""
        return inputs.placed(params)

    def inputs_of(self, target: Any, arguments: tuple[Any, ...]) -> Inputs:
        """Return which of the arguments have gradients of their own."""
        return Inputs.of(arguments, getattr(target, "input_names", ()))

    def data(self, arguments: tuple[Any, ...], upstream: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return what the loss is called with beside the parameters."""
        return upstream if self.reduction == "upstream" else ()

    def given_upstream(self, outputs: tuple[Any, ...], data: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return the upstream gradients among the data."""
        return data if self.reduction == "upstream" else self.upstream(outputs, 0)

    def beside_inputs(self, given: Any, position: int, inputs: int) -> Any:
        """Return what a backward pass returned beside the gradients of its inputs."""
        if isinstance(given, dict):
            return given
        first = max(1, inputs) if position == 0 else 1
        if not isinstance(given, tuple) or len(given) <= first:
            return None
        beyond = given[first:]
        return beyond[0] if len(beyond) == 1 and isinstance(beyond[0], dict | tuple | list) else beyond

    def loss(self, outputs: tuple[Any, ...], upstream: tuple[Any, ...]) -> Any:
        """Return the loss of the outputs."""
        if self.reduction == "upstream":
            return sum(_weighted(u, out) for u, out in zip(upstream, outputs, strict=True))
        if self.reduction == "mean":
            return np.mean(outputs[0])
        return np.sum(outputs[0])

    def upstream(self, outputs: tuple[Any, ...], seed: int) -> tuple[Any, ...]:
        """Return an upstream gradient for every output: random, or 1 for the value of a loss."""
        if self.reduction != "upstream":
            return (1.0,)
        return tuple(_upstream_like(out, seed + k) for k, out in enumerate(outputs))


def _upstream_like(output: Any, seed: int) -> Any:
    return mapped(output, lambda name, A: upstream_for(A, seed) if _is_floats(A) else A)


def _weighted(upstream: Any, output: Any) -> Any:
    if isinstance(output, dict):
        return sum(_weighted(upstream[key], output[key]) for key in output)
    if isinstance(output, list | tuple):
        return sum(_weighted(u, out) for u, out in zip(upstream, output, strict=True))
    return np.sum(upstream * output)


def _is_floats(x: Any) -> bool:
    return isinstance(x, float | np.floating | Scalar) or (isinstance(x, np.ndarray) and x.dtype.kind in "fO")


def leaves_of(output: Any) -> list[Any]:
    """Return the float arrays and numbers of an output; none where it holds something else.

    >>> len(leaves_of([np.zeros(2), np.zeros(3)])), leaves_of("text"), leaves_of((np.zeros(2), "text"))
    (2, [], [])
    """
    if isinstance(output, dict | list | tuple):
        parts = list(output.values()) if isinstance(output, dict) else list(output)
        found = [leaves_of(part) for part in parts]
        return [leaf for leaves in found for leaf in leaves] if found and all(found) else []
    return [output] if _is_floats(output) and np.size(output) else []


def forwards(target: Any, inputs: list[Any], seed: int) -> Any:
    """Run a layer, or layers one after the other, and return what the last one returned, as it did."""
    # Parameters drawn by the first forward pass are to be the same every time.
    np.random.seed(seed % _SEEDS)
    *below, last = layers_of(target)
    for layer in below:
        inputs = list(forward(layer, inputs).outputs)
    returned = passes_of(last)[0](*inputs)
    return kept_output(last) if returned is None else returned


def run_forward(target: Any, inputs: list[Any], reading: Reading) -> list[Ran]:
    """Run forward; return for each layer what it was given and gave. The last is read as ``reading`` says."""
    found: list[Ran] = []
    layers = layers_of(target)
    for position, layer in enumerate(layers):
        count = reading.outputs if position == len(layers) - 1 else 1
        found.append(forward(layer, inputs, count))
        inputs = list(found[-1].outputs)
    return found


def run_backward(target: Any, upstream: tuple[Any, ...], runs: list[Ran], reading: Reading) -> list[Any]:
    """Run in reverse; return for each layer, in forward order, what its backward pass gave."""
    given: list[Any] = []
    layers = layers_of(target)
    for position in reversed(range(len(layers))):
        convention = reading.convention if position == len(layers) - 1 else "by names"
        if given:
            upstream = (handed_on(given[0], layers[position + 1]),)
        given.insert(0, backward(layers[position], upstream, runs[position], convention))
    return given


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
    "input_grads",
    "input_gradient",
    "dA_prev",
    "grad_X",
    "grad_x",
    "gradInput",
    "d_x",
    "d_X",
    "dh",
    "dprev",
)
"""Where a layer keeps the gradient with respect to its input when it does not return it."""


def handed_on(given: Any, layer: Any) -> Any:
    """Return the adjoint of a layer's input from what its backward pass gave, or from where it keeps it."""
    first = given[0] if isinstance(given, tuple) and given else given
    if first is None or isinstance(first, dict | tuple):
        return next((getattr(layer, name) for name in INPUT_GRADIENTS if getattr(layer, name, None) is not None), None)
    return first


def input_gradients(given: Any, layer: Any, inputs: Inputs) -> dict[str, Any]:
    """Return the gradients with respect to the inputs of a layer by name, None where it gives none."""
    names = list(inputs.positions.values())
    dicts = {name: inputs.arguments[k] for k, name in inputs.positions.items() if type(inputs.arguments[k]) is dict}
    if dicts:
        return _of_dicts(given, dicts, [name for name in names if name not in dicts])
    if isinstance(given, tuple | list) and len(given) == len(inputs.arguments) > len(names):
        # One for every argument, those of integers and switches among them.
        return {name: given[k] for k, name in inputs.positions.items()}
    if isinstance(given, dict) and names:
        found = {name: next(_keyed(given, name, len(names) == 1), None) for name in names}
        return found if len(names) > 1 or found[names[0]] is not None else {names[0]: handed_on(None, layer)}
    if len(names) == 1:
        return {names[0]: handed_on(given, layer)}
    if isinstance(given, tuple | list):
        return {name: given[k] if k < len(given) else None for k, name in enumerate(names)}
    # One gradient for several inputs is that of the first; the others are targets, masks and the like.
    return {name: handed_on(given, layer) if k == 0 else None for k, name in enumerate(names)}


def _of_dicts(given: Any, dicts: dict[str, Any], others: list[str]) -> dict[str, Any]:
    """The gradients of inputs in dicts by the names in these, and of the other inputs in their order."""
    parts = list(given) if isinstance(given, tuple | list) else [given]
    arrays = [part for part in parts if isinstance(part, np.ndarray)]
    found: dict[str, Any] = {name: arrays[k] if k < len(arrays) else None for k, name in enumerate(others)}
    for name, one in dicts.items():
        shapes = {key: np.shape(A) for key, A in one.items()}
        named = [some_by_name(part, shapes) for part in parts if isinstance(part, dict)]
        found[name] = next((own for own in named if len(own) == len(shapes)), None)
        # The gradient with respect to an array input may stand among those of the parameters.
        for other in [other for other in others if found[other] is None]:
            keyed = [next(_keyed(part, other, len(others) == 1), None) for part in parts if isinstance(part, dict)]
            found[other] = next((g for g in keyed if g is not None), None)
    return found


def _keyed(given: dict[Any, Any], name: str, alone: bool) -> Iterator[Any]:
    keys = (f"d{name}", name, f"grad_{name}") + ((*INPUT_GRADIENTS, "X", "x", "inputs") if alone else ())
    yield from (given[key] for key in keys if key in given)
