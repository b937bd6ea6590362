"""A loss and its gradient, any two functions: ``verify(loss, grad, params, *data)``; or one function for both.

Fits two callables, or one that returns the loss and the gradient, and parameters: an array, or dicts, lists, tuples,
named tuples and dataclasses of arrays, nested or not, or one flat vector. Gradients may have names of their own
(``dW1``, ``grad_W1``), stand in a list in the order of the parameters, be one flat vector, or come in a pair with the
loss. The loss may come with a cache, which the gradient is then given. ``argnum`` says which arguments are parameters.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from symnn.errors import InputError, aligned
from symnn.verification.adapters.floats import tried
from symnn.verification.adapters.passes import CACHES, parameters_of, required_of
from symnn.verification.adapters.shape import Code, Given, is_numbers
from symnn.verification.matching import alike, gradients_in, is_number, shape_of
from symnn.verification.naming import matched
from symnn.verification.subject import Function, Subject, pair_of
from symnn.verification.trees import flatten


class PairAdapter:
    """A row of the table of adapters; behind the others of two functions, because every two functions fit."""

    shape = "verify(loss, grad, params, *data): two functions and parameters"

    def fits(self, given: Given) -> bool:
        """Return whether two functions and parameters are given."""
        return len(given.arguments) > 1 and callable(given.target) and callable(given.arguments[0])

    def adapt(self, given: Given) -> Subject:
        """Return the functions as they are, or with what the code says of how they are called."""
        grad, *arguments = given.arguments
        return _adapted(self.shape, given.target, grad, tuple(arguments), given)


class ValueAndGradientAdapter:
    """A row of the table of adapters."""

    shape = "verify(function, params, *data): a function that returns the loss and the gradient"

    def fits(self, given: Given) -> bool:
        """Return whether a function is given that returns a number and something beside it."""
        if not given.arguments or not callable(given.target) or any(map(callable, given.arguments)):
            return False
        found = tried(given.target, *given.arguments)
        return isinstance(found, tuple) and len(found) > 1 and any(map(is_number, found))

    def adapt(self, given: Given) -> Subject:
        """Return the function as loss and gradient."""
        return _adapted(self.shape, given.target, given.target, given.arguments, given)


def _adapted(shape: str, loss: Function, grad: Function, arguments: tuple[Any, ...], given: Given) -> Subject:
    value = tried(loss, *arguments)
    loss, grad, notes = _with_cache(loss, grad, arguments, value)
    chosen_ones = given.argnum if given.argnum is not None else _leading(given.target, grad, arguments)
    if chosen_ones is not None:
        loss, grad, arguments = _moved(loss, grad, arguments, chosen_ones)
    else:
        _checked_shapes(grad, arguments)
    params, *data = arguments
    return replace(pair_of(loss, grad, params, *data), shape=shape, notes=notes)


def _with_cache(
    loss: Function, grad: Function, arguments: tuple[Any, ...], value: Any
) -> tuple[Function, Function, tuple[str, ...]]:
    """The functions with the loss alone, and with the cache of the loss handed to a gradient that asks for it."""
    if not isinstance(value, tuple) or len(value) < 2 or not any(map(is_number, value)):
        return loss, grad, ()
    at = next(k for k, x in enumerate(value) if is_number(x))

    def alone(*given: Any) -> Any:
        return loss(*given)[at]

    # Of two functions that are one there is nothing to hand on.
    if grad is loss or (len(required_of(grad)) == len(arguments) and not CACHES & set(required_of(grad)[1:])):
        return Code(alone, (loss,)), grad, ()
    rest = tuple(k for k in range(len(value)) if k != at)

    def with_cache(*given: Any) -> Any:
        found = loss(*given)
        beside = [found[k] for k in rest]
        cache = beside[0] if len(beside) == 1 else tuple(beside)
        names = required_of(grad)
        own = dict(zip(parameters_of(loss), given, strict=False))
        waiting = [x for name, x in own.items() if name not in names]
        return grad(*(own[n] if n in own else cache if n in CACHES or not waiting else waiting.pop(0) for n in names))

    return Code(alone, (loss,)), Code(with_cache, (loss, grad)), ("grad was given what loss returns beside the loss",)


def _leading(loss: Function, grad: Function, arguments: tuple[Any, ...]) -> tuple[int, ...] | None:
    """Which arguments from the first on are parameters, where the gradient holds an array for each of them."""
    if not is_numbers(arguments[0]):
        return None
    found = tried(grad, *arguments)
    parts = [x for x in found if not is_number(x) or np.ndim(x)] if isinstance(found, tuple | list) else [found]
    if len(parts) == 1 and isinstance(parts[0], dict):
        return _called(parameters_of(loss), parts[0], arguments)
    count = len(parts)
    if count < 2 or count > len(arguments) or not all(map(is_numbers, arguments[:count])):
        return None
    fitting = [np.shape(x) == shape_of(g) for x, g in zip(arguments, parts, strict=False)]
    # Several arrays are no gradient of one, but for a vector that is cut: those that do not fit have a wrong shape.
    meant = all(fitting) or (
        2 * sum(fitting) >= count
        and sum(map(np.size, parts)) != np.size(arguments[0])
        and all(fit or _is_misshapen(g, x) for fit, g, x in zip(fitting, parts, arguments, strict=False))
    )
    return tuple(range(count)) if meant else None


def _is_misshapen(gradient: Any, argument: Any) -> bool:
    """Whether a gradient may be meant for an argument: transposed or without an axis, or not summed over one."""
    own, right = shape_of(gradient), np.shape(argument)
    if own is None or not np.prod(right):
        return False
    try:
        return np.prod(own) == np.prod(right) or np.broadcast_shapes(own, right) == own
    except ValueError:
        return False


def _called(names: list[str], gradients: dict[Any, Any], arguments: tuple[Any, ...]) -> tuple[int, ...] | None:
    """The first arguments, as far as a dict has gradients by their names: ``dw`` and ``db`` of ``f(w, b, X, Y)``."""
    found = []
    for position, (name, argument) in enumerate(zip(names, arguments, strict=False)):
        known = is_numbers(argument) or type(argument) is float
        if not known or not matched([name], [key for key in gradients if isinstance(key, str)]):
            break
        found.append(position)
    return tuple(found) if found and len(found) == len(gradients) else None


def _moved(
    loss: Function, grad: Function, arguments: tuple[Any, ...], argnum: int | tuple[int, ...]
) -> tuple[Function, Function, tuple[Any, ...]]:
    """Functions whose parameters come first: one argument, or a dict of several by their names."""
    several = isinstance(argnum, tuple)
    asked = list(argnum) if isinstance(argnum, tuple) else [argnum]
    positions = [k % len(arguments) if -len(arguments) <= k < len(arguments) else k for k in asked]
    if not positions or len(set(positions)) != len(positions) or max(positions) >= len(arguments):
        rows = [("argnum", repr(argnum)), ("arguments", f"{len(arguments)}, counted from 0")]
        raise InputError(f"argnum must name arguments of the loss\n{aligned(rows)}")
    own = parameters_of(loss.runs_code_of[0] if isinstance(loss, Code) else loss)
    names = [own[k] if k < len(own) else f"argument {k}" for k in positions]
    rest = [k for k in range(len(arguments)) if k not in positions]

    def placed(params: Any, data: tuple[Any, ...]) -> list[Any]:
        every = dict(zip(rest, data, strict=True))
        every |= dict(zip(positions, [params[n] for n in names] if several else [params], strict=True))
        return [every[k] for k in range(len(arguments))]

    params = {n: arguments[k] for n, k in zip(names, positions, strict=True)} if several else arguments[positions[0]]
    return (
        Code(lambda params, *data: loss(*placed(params, data)), (loss,)),
        Code(lambda params, *data: grad(*placed(params, data)), (grad,)),
        (params, *(arguments[k] for k in rest)),
    )


def _checked_shapes(grad: Function, arguments: tuple[Any, ...]) -> None:
    """Raise `InputError` where the gradient is none of the first argument, but one of another."""
    found = tried(grad, *arguments)
    if found is None or _is_gradient_of(found, arguments[0]):
        return
    others = [k for k, x in enumerate(arguments) if k and _is_gradient_of(found, x)]
    if others:
        rows = [(f"argument {k}", _told(x)) for k, x in enumerate(arguments)]
        raise InputError(
            "the gradient is none with respect to the first argument, but has the shape of another\n"
            f"{aligned([('grad returns', _told(found)), *rows])}\n"
            f"say which holds the parameters: argnum={others[0]}"
        )


def _is_gradient_of(found: Any, argument: Any) -> bool:
    leaves = {name: np.shape(x) for name, x in flatten(argument).items() if is_numbers(x) or type(x) is float}
    if not leaves:
        return False
    mine = gradients_in(found, leaves, alone=isinstance(argument, np.ndarray))
    return mine is not None and all(alike(shape_of(mine[name]), shape) for name, shape in leaves.items())


def _told(x: Any) -> str:
    return ", ".join(f"{name} {shape_of(leaf)}" for name, leaf in flatten(x).items() if shape_of(leaf) is not None)
