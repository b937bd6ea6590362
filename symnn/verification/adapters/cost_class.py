"""A network as one object with a cost and its gradients: ``verify(network, X, y)``.

Fits objects with ``costFunction`` and ``costFunctionPrime``, ``loss`` and ``gradient``, ``loss_of`` and
``backward_pass`` and the like; with one method that returns the loss and the gradients; and with ``backprop`` and a
forward pass only, where the loss is the half squared error or the cross-entropy, whichever the gradient is that of.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from types import FunctionType, MethodType
from typing import Any

import numpy as np

from symnn.errors import InputError
from symnn.verification.adapters.floats import ran
from symnn.verification.adapters.inputs import Inputs
from symnn.verification.adapters.objects import code_of, copied
from symnn.verification.adapters.passes import Ran, modes, required_of
from symnn.verification.adapters.places import held_by
from symnn.verification.adapters.plan import Tracked, read_among
from symnn.verification.adapters.shape import Code, Given
from symnn.verification.adapters.tracked import tracked
from symnn.verification.calling import fresh
from symnn.verification.matching import is_number
from symnn.verification.structure import Parameters, parameters
from symnn.verification.subject import Missing, Subject

COSTS = (
    *("costFunction", "cost_function", "cost", "loss", "compute_loss", "compute_cost", "objective", "loss_of"),
    *("calculate_loss", "calc_loss", "get_loss", "loss_function", "total_loss", "error", "J"),
)
"""What a cost is called."""

GRADIENTS = (
    *("costFunctionPrime", "cost_function_prime", "costFunctionGradient", "cost_prime", "costPrime", "loss_prime"),
    *("gradients", "gradient", "grads", "grad", "compute_gradients", "compute_gradient", "get_gradients"),
    *("loss_gradient", "backward", "backward_pass", "backprop", "back_propagation", "backpropagate", "back_prop"),
    *("backward_propagation", "backpropagation", "backward_propagate", "back_propagate", "bprop", "grad_loss"),
)
"""What its gradients are called."""

_LIKE_COSTS, _LIKE_GRADIENTS = r"cost|loss|objective|criterion", r"grad|backp|backw|deriv|prime"
_OTHER = r"numer|check|plot|print|zero|reset|update|apply|clip|__"

FORWARDS = (
    *("forward", "forward_pass", "feedforward", "feed_forward", "forward_prop", "forward_propagation", "predict"),
    "__call__",
)
"""What the forward pass is called that a cost is taken of."""

BOTH = ("loss", "cost", "loss_and_grad", "loss_and_gradients", "value_and_grad", "compute", "compute_loss", *GRADIENTS)
"""What a method is called that returns the loss and the gradients."""

PARTS = ("cost", "loss", "criterion", "loss_fn", "loss_function", "cost_function", "objective")
"""What an attribute is called that is a loss of its own, an object or a class."""

VALUES = ("fn", "forward", "loss", "cost", "calculate", "value", "__call__")
"""What the value of such a loss is called."""

Loss = Callable[[Any, Any], Any]


def _half_squared_error(prediction: Any, target: Any) -> Any:
    return np.sum((prediction - target) ** 2) / 2


def _cross_entropy(prediction: Any, target: Any) -> Any:
    return -np.sum(target * np.log(prediction) + (1 - target) * np.log(1 - prediction))


UNSAID: Mapping[str, Loss] = {"half the squared error": _half_squared_error, "the cross-entropy": _cross_entropy}
"""The losses that a network without a cost may have the gradient of."""


@dataclass(frozen=True)
class Route:
    """How the cost of an object is computed, and then its gradients: the names of methods, and what they are given.

    ``forward`` is the method whose output the cost is taken of, "" where the cost takes the data; ``given`` says that
    the gradients are asked for with ``all`` data, the ``targets``, the ``predictions`` and targets, or ``nothing``;
    ``unsaid`` names a loss of `UNSAID` for an object that has none; ``swapped`` says that targets come first. A cost
    equal to its gradients is one method.
    """

    cost: str
    gradients: str
    forward: str = ""
    given: str = "all"
    unsaid: str = ""
    swapped: bool = False
    reduction: str = "one"
    returned_first: bool = True

    def run(self, target: Any, arguments: list[Any]) -> list[Ran]:
        """Compute the cost; what the method returned beside it is kept for the gradients."""
        *inputs, last = arguments if arguments else [None]
        prediction = None
        if self.forward:
            prediction = getattr(target, self.forward)(*inputs)
            prediction = prediction[0] if isinstance(prediction, tuple) else prediction
        if self.unsaid:
            value = UNSAID[self.unsaid](prediction, last)
        elif self.forward:
            cost = _method(target, self.cost)
            both = (last, prediction) if self.swapped else (prediction, last)
            value = cost(last) if len(required_of(cost)) == 1 else cost(*both)
        else:
            value = _method(target, self.cost)(*arguments)
        number, beside = _number(value)
        return [Ran((), (*arguments, prediction), (number,), beside)]

    def reverse(self, target: Any, upstream: tuple[Any, ...], runs: list[Ran]) -> list[Any]:
        """Return the gradients, as they came."""
        *arguments, prediction = runs[-1].inputs
        if self.cost == self.gradients and not self.forward:
            return [runs[-1].caches[0] if len(runs[-1].caches) == 1 else runs[-1].caches]
        given = {"all": arguments, "targets": arguments[-1:], "predictions": [prediction, *arguments[-1:]]}
        found = getattr(target, self.gradients)(*given.get(self.given, []))
        # A cost that comes back with the gradients is no gradient.
        if isinstance(found, tuple) and len(found) == 2 and is_number(found[0]) and not is_number(found[1]):
            return [found[1]]
        return [found]

    def arguments(self, inputs: Inputs, params: Mapping[str, Any], data: tuple[Any, ...]) -> list[Any]:
        """Return what the cost is called with: the data."""
        return list(data)

    def inputs_of(self, target: Any, arguments: tuple[Any, ...]) -> Inputs:
        """Return no inputs: the data of a cost have no gradient."""
        return Inputs(arguments, {})

    def data(self, arguments: tuple[Any, ...], upstream: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return the data."""
        return arguments

    def upstream(self, outputs: tuple[Any, ...], seed: int) -> tuple[Any, ...]:
        """Return 1."""
        return (1.0,)

    def given_upstream(self, outputs: tuple[Any, ...], data: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return 1."""
        return (1.0,)

    def beside_inputs(self, given: Any, position: int, inputs: int) -> Any:
        """Return all that was returned."""
        return given

    def loss(self, outputs: tuple[Any, ...], upstream: tuple[Any, ...]) -> Any:
        """Return the cost."""
        return outputs[0]


def _method(target: Any, name: str) -> Any:
    """A method by its name, ``cost.fn`` that of a part."""
    for step in name.split("."):
        target = getattr(target, step)
    return target


def _parts(target: Any) -> list[str]:
    """The losses that an object holds as objects or classes of their own: ``cost.fn``."""
    found = []
    for part in PARTS:
        one = getattr(target, part, None)
        if one is not None and not isinstance(one, MethodType | FunctionType):
            found += [
                f"{part}.{value}"
                for value in VALUES
                if callable(getattr(one, value, None)) and not (value == "__call__" and isinstance(one, type))
            ]
    return found


def _number(value: Any) -> tuple[Any, tuple[Any, ...]]:
    """A cost, and what a method returned beside it."""
    if isinstance(value, tuple):
        number = next((x for x in value if is_number(x)), None)
        if number is not None:
            return number, tuple(x for x in value if x is not number)
    return value, ()


class CostClassAdapter:
    """A row of the table of adapters."""

    shape = "verify(network, X, y): an object with costFunction and costFunctionPrime"

    def fits(self, given: Given) -> bool:
        """Return whether the target has parameters, a cost and its gradients by names that are known."""
        if isinstance(given.target, type | list | tuple) or not given.arguments or any(map(callable, given.arguments)):
            return False
        if not any(one.is_array for one in held_by(given.target)):
            return False
        return any(_runs(given, route) for route in _routes(given))

    def adapt(self, given: Given) -> Subject:
        """Return the cost and its gradients as functions of the parameters; raise `InputError` where unclear."""
        return _read(given, self.shape)[0]


def costs_of(given: Given) -> Tracked:
    """Return the parameters and gradients of an object with a cost, in the reading that is right."""
    return _read(given, CostClassAdapter.shape)[1]


def _read(given: Given, shape: str) -> tuple[Subject, Tracked]:
    refused: list[InputError] = []
    nothing = InputError("the object gives no gradients")
    # The backward passes come last of what gives gradients, and what they raise says most.
    return read_among(_subjects(given, shape, refused), given.seed, lambda: refused[-1] if refused else nothing)


def _subjects(given: Given, shape: str, refused: list[InputError]) -> Iterator[tuple[Subject, Tracked]]:
    for route in _routes(given):
        if _runs(given, route):
            try:
                found = tracked(given, route)
                yield _subject(given, route, found, shape), found
            except InputError as error:
                refused.append(error)


def _has(target: Any, names: tuple[str, ...], like: str = "") -> list[str]:
    """The methods of an object of these names, and behind them those whose name has a part in common with ``like``."""
    found = [name for name in names if isinstance(getattr(target, name, None), MethodType | FunctionType)]
    if like:
        every = [name for kind in type(target).__mro__ for name in vars(kind)]
        more = [
            name for name in dict.fromkeys(every) if re.search(like, name, re.I) and not re.search(_OTHER, name, re.I)
        ]
        found += [name for name in _has(target, tuple(more)) if name not in found]
    return found


def _routes(given: Given) -> Iterator[Route]:
    """Yield the ways in which an object may be asked for its cost and its gradients, the likeliest first."""
    target = given.target
    gradients, forwards = _has(target, GRADIENTS, _LIKE_GRADIENTS), _has(target, FORWARDS)
    costs = [name for name in _has(target, COSTS, _LIKE_COSTS) if name not in gradients]
    for cost, grad in product(costs, gradients):
        for how in _givens(target, grad, len(given.arguments)):
            if how != "predictions":
                yield Route(cost, grad, given=how)
    for one in _has(target, BOTH):
        yield Route(one, one)
    if len(given.arguments) > 1:
        held = _parts(target)
        for cost, grad, forward in product([*costs, *held], gradients, forwards):
            for how in _givens(target, grad, len(given.arguments)):
                for swapped in (False, True):
                    yield Route(cost, grad, forward, how, swapped=swapped)
        if not costs and not held:
            for grad, forward, unsaid in product(gradients, forwards, UNSAID):
                if len(required_of(getattr(target, grad))) == len(given.arguments):
                    yield Route("", grad, forward, unsaid=unsaid)


def _givens(target: Any, grad: str, arguments: int) -> list[str]:
    wanted = len(required_of(getattr(target, grad)))
    fitting = [(arguments, "all"), (1, "targets"), (0, "nothing"), (2, "predictions")]
    found = [how for count, how in fitting if count == wanted]
    return found or ["all"]


def _runs(given: Given, route: Route) -> bool:
    """Whether the cost is a single number in float64."""
    try:
        runs = ran("the cost", lambda: route.run(copied(given.target), fresh(list(given.arguments))))
    except InputError:
        return False
    value, beside = runs[-1].outputs[0], runs[-1].caches
    return is_number(value) and (route.cost != route.gradients or bool(beside))


def _subject(given: Given, route: Route, found: Tracked, shape: str) -> Subject:
    plan = found.plan
    if not found.parameters and not found.missing:
        raise InputError("the object has no array that its cost depends on: there is nothing to check")

    def again() -> tuple[Any, Any]:
        target = copied(plan.template)
        return (
            lambda params, *data: plan.loss_of(target, params, *data),
            lambda params, *data: plan.grad_of(target, params, *data),
        )

    code = code_of(plan.template)
    notes = [f"checked with {one}" for one in modes(plan.template)] + list(found.notes)
    notes += [f"the object has no cost: its gradient was taken for that of {route.unsaid}"] if route.unsaid else []
    subject = Subject(
        Code(plan.loss, code),
        Code(plan.grad, code),
        parameters(found.parameters) if found.parameters else Parameters({}, {}),
        given.arguments,
        shape=shape,
        notes=tuple(notes),
        missing=tuple(Missing(*one) for one in found.missing),
        again=again,
    )
    return replace(subject, words=(route.cost or "the cost", route.gradients))
