"""How an object is run as a loss and a gradient: where its parameters are put, and where its gradients are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import FunctionType
from typing import Any

from symnn.errors import InputError
from symnn.verification.adapters.floats import chosen
from symnn.verification.adapters.gradients import Source
from symnn.verification.adapters.inputs import Inputs
from symnn.verification.adapters.objects import at, copied
from symnn.verification.adapters.passes import layers_of
from symnn.verification.adapters.places import Held, load
from symnn.verification.adapters.rates import set_rates
from symnn.verification.adapters.reading import handed_on, input_gradients
from symnn.verification.adapters.shape import Passes
from symnn.verification.calling import fresh
from symnn.verification.holders import rewound
from symnn.verification.subject import Subject
from symnn.verification.trees import flatten


@dataclass(frozen=True)
class Plan:
    """How a layer is run under a reading: the object to copy, its inputs, its parameters, and their gradients."""

    template: Any
    inputs: Inputs
    reading: Passes
    parameters: Mapping[str, Held] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    returned: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)

    def loss(self, params: Mapping[str, Any], *data: Any) -> Any:
        """Return the loss of the reading."""
        return self.loss_of(copied(self.template), params, *data)

    def loss_of(self, target: Any, params: Mapping[str, Any], *data: Any) -> Any:
        """Return the loss of one object, whose parameters are set first."""
        runs = self.reading.run(self._loaded(target, params), self.reading.arguments(self.inputs, params, data))
        return self.reading.loss(runs[-1].outputs, data)

    def grad(self, params: Mapping[str, Any], *data: Any) -> dict[str, Any]:
        """Return the gradients that the backward pass gives."""
        return self.grad_of(copied(self.template), params, *data)

    def grad_of(self, target: Any, params: Mapping[str, Any], *data: Any) -> dict[str, Any]:
        """Return the gradients that the backward pass of one object gives, which keeps its state."""
        _, given, found = self._reversed(target, params, self.reading.arguments(self.inputs, params, data), data)
        return found | gradients_of_inputs(given, target, self.inputs, params)

    def values_of(self, target: Any, params: Mapping[str, Any], *data: Any) -> tuple[dict[str, Any], Any, Any]:
        """Return the gradients of one object, its loss, and the gradient with respect to its input, if it gives one."""
        runs, given, found = self._reversed(target, params, list(data), data)
        layers = getattr(target, "layers", None) or [target]
        return found, runs[-1].outputs[0], handed_on(given[0], layers[0])

    def _reversed(
        self, target: Any, params: Mapping[str, Any], arguments: list[Any], data: tuple[Any, ...]
    ) -> tuple[list[Any], list[Any], dict[str, Any]]:
        """The records of a run forward, what each layer gave in the run in reverse, and the gradients by name."""
        self._loaded(target, params)
        set_rates(target)
        again = rewinding(target)
        runs = self.reading.run(target, arguments)
        # A gradient that runs the forward pass anew is to draw what that drew.
        again()
        given = self.reading.reverse(target, self.reading.given_upstream(runs[-1].outputs, data), runs)
        found = {name: source.read(target, params[name]) for name, source in self.sources.items()}
        return runs, given, found | {name: at(given, path) for name, path in self.returned.items()}

    def _loaded(self, target: Any, params: Mapping[str, Any]) -> Any:
        # An update in place is this layer's way, and must not reach the parameters given.
        return load(target, self.parameters, {name: fresh(params[name]) for name in self.parameters})


@dataclass(frozen=True)
class Tracked:
    """A plan with what it runs on: arrays by name, upstream gradients, and gradients that were not found.

    ``left`` are the arrays that the loss depends on and that have no gradient.
    """

    plan: Plan
    parameters: dict[str, Any]
    data: tuple[Any, ...]
    missing: tuple[tuple[str, tuple[int, ...], str], ...]
    notes: tuple[str, ...]
    left: tuple[Held, ...] = ()


def gradients_of_inputs(given: list[Any], target: Any, inputs: Inputs, params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the gradients with respect to those inputs that ``params`` holds, by name, as far as they are given."""
    layer = layers_of(target)[0]
    found = input_gradients(given[0], layer, inputs)
    leaves = flatten({name: g for name, g in found.items() if g is not None})
    return {name: g for name, g in leaves.items() if name in params}


def read_among(
    readings: Iterator[tuple[Subject, Tracked]], seed: int, refusal: Callable[[], InputError]
) -> tuple[Subject, Tracked]:
    """Return the reading that is right, else the likeliest; raise what ``refusal`` returns where there is none."""
    met: list[tuple[Subject, Tracked]] = []

    def subjects() -> Iterator[Subject]:
        for pair in readings:
            met.append(pair)
            yield pair[0]

    subject = chosen(subjects(), seed)
    if not met:
        raise refusal()
    # Code that raises in float64 may be told where: the check says so.
    return next((pair for pair in met if pair[0] is subject), met[0])


def rewinding(target: Any) -> Callable[[], None]:
    """Return what sets the generators of random numbers that layers may draw from back to where they stand now."""
    methods = [_any_method(layer) for layer in layers_of(target)]
    undo = [rewound(method) for method in methods if method is not None]

    def again() -> None:
        for back in reversed(undo):
            back()

    return again


def _any_method(layer: Any) -> Any:
    names = [name for kind in type(layer).__mro__ for name, one in vars(kind).items() if isinstance(one, FunctionType)]
    return getattr(layer, names[0]) if names else None
