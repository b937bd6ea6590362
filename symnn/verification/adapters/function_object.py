"""An object that is a function: an activation, a loss, a penalty: ``verify(activation, x)``, ``verify(loss, y, p)``.

Fits objects without parameters of their own that have a function (``fn``, ``loss``, ``__call__`` …) and its derivative
(``grad``, ``gradient``, ``derivative`` …). A second derivative (``grad2`` …) is checked against the first. A loss is
differentiated by its predictions; losses of samples are added up, or averaged if that is what the derivative does.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from itertools import islice, permutations
from typing import Any

import numpy as np

from symnn.errors import InputError
from symnn.verification.adapters.floats import chosen, tried
from symnn.verification.adapters.functions import (
    PREDICTIONS,
    array_function,
    function_names,
    second_of,
    together,
)
from symnn.verification.adapters.objects import code_of
from symnn.verification.adapters.passes import TARGETS
from symnn.verification.adapters.places import held_by
from symnn.verification.adapters.shape import Code, Given, is_numbers
from symnn.verification.matching import is_number
from symnn.verification.structure import parameters
from symnn.verification.subject import Function, Subject


class FunctionObjectAdapter:
    """A row of the table of adapters."""

    shape = "verify(activation, x): an object with fn and grad, such as an activation, a loss (y, p) or a penalty (w)"

    def fits(self, given: Given) -> bool:
        """Return whether the target has a function of the arguments and a derivative by names that are known."""
        if not given.arguments or callable(given.arguments[0]) or not any(map(is_numbers, given.arguments)):
            return False
        # The gradient of an object with parameters is by these.
        if not isinstance(given.target, type) and any(one.is_array for one in held_by(given.target)):
            return False
        return function_names(given.target, given.arguments) is not None

    def adapt(self, given: Given) -> Subject:
        """Return the function and its derivative as a loss and a gradient."""
        function, derivative = function_names(given.target, given.arguments) or ("", "")
        f, df = getattr(given.target, function), getattr(given.target, derivative)
        note = f"{derivative} is checked as the derivative of {function}"
        value = tried(f, *given.arguments)
        if len(given.arguments) == 1 and np.shape(value) == given.arguments[0].shape and not is_number(value):
            return _activation(given, self.shape, (function, derivative), note)
        readings = list(_losses(given, self.shape, f, df, note))
        found = tried(df, *given.arguments)
        if isinstance(found, tuple | list) and len(found) > 1 and all(map(is_numbers, found)):
            readings = list(_of_several(given, self.shape, f, df, [np.shape(g) for g in found], note))
            if not readings:
                raise InputError("the derivatives that it returns have the shapes of no arguments")
        return chosen(readings, given.seed) or readings[0]


def _activation(given: Given, shape: str, names: tuple[str, str], note: str) -> Subject:
    (x,), target = given.arguments, given.target
    function, derivative = (getattr(target, name) for name in names)
    second = second_of(target)
    subjects = {names[1]: array_function(shape, function, derivative, x, given.seed, names[1])}
    notes: tuple[str, ...] = (note,)
    if second and _is_flat(derivative, getattr(target, second), x):
        notes += (f"{second} is zero, and so is every difference of {names[1]}: there is nothing to check",)
    elif second:
        subjects[second] = array_function(shape, derivative, getattr(target, second), x, given.seed + 1, second)
        notes += (f"{second} is checked as the derivative of {names[1]}",)
    return together(shape, subjects, notes)


def _losses(given: Given, shape: str, f: Function, df: Function, note: str) -> Iterator[Subject]:
    """Yield a loss by each of its float arguments, predictions first, with its losses added up or averaged."""
    floats = [k for k, x in enumerate(given.arguments) if is_numbers(x)]
    names = _names(f, len(given.arguments))
    # Of squares the derivative by the targets is that by the predictions, but for its sign: names tell which is meant.
    called = [k for k in floats if names[k] in PREDICTIONS] or [k for k in floats if names[k] not in TARGETS] or floats
    for position in reversed(called):
        for reduction in (np.sum, np.mean):
            yield _loss(given, shape, (f, df), position, names, reduction, note)


def _of_several(
    given: Given, shape: str, f: Function, df: Function, shapes: list[tuple[int, ...]], note: str
) -> Iterator[Subject]:
    """Yield a loss by several of its arguments, in every order that has the shapes of the derivatives."""
    floats = [k for k, x in enumerate(given.arguments) if is_numbers(x)]
    names = _names(f, len(given.arguments))
    code = code_of(given.target)
    for positions in islice(permutations(floats, len(shapes)), 64):
        if [given.arguments[k].shape for k in positions] != shapes:
            continue

        def placed(params: Mapping[str, Any], positions: tuple[int, ...] = positions) -> list[Any]:
            return [params[names[k]] if k in positions else x for k, x in enumerate(given.arguments)]

        def grad(params: Mapping[str, Any], positions: tuple[int, ...] = positions) -> dict[str, Any]:
            return {names[k]: g for k, g in zip(positions, df(*placed(params, positions)), strict=True)}

        yield Subject(
            Code(lambda params, placed=placed: np.sum(f(*placed(params))), code),
            Code(grad, code),
            parameters({names[k]: given.arguments[k] for k in positions}),
            shape=shape,
            notes=(f"{note} with respect to {', '.join(names[k] for k in positions)}, in this order",),
        )


def _loss(
    given: Given,
    shape: str,
    functions: tuple[Function, Function],
    position: int,
    names: list[str],
    reduction: Any,
    note: str,
) -> Subject:
    f, df = functions
    name = names[position]
    value = tried(f, *given.arguments)
    added = not is_number(value)
    rest = tuple(x for k, x in enumerate(given.arguments) if k != position)

    def placed(params: Mapping[str, Any], data: tuple[Any, ...]) -> list[Any]:
        arguments = list(data)
        arguments.insert(position, params[name])
        return arguments

    reduced = f"; its losses are {'added up' if reduction is np.sum else 'averaged'}" if added else ""
    code = code_of(given.target)
    return Subject(
        Code(lambda params, *data: reduction(f(*placed(params, data))), code),
        Code(lambda params, *data: {name: df(*placed(params, data))}, code),
        parameters({name: given.arguments[position]}),
        rest,
        shape=shape,
        notes=(f"{note} with respect to {name}{reduced}",),
    )


def _names(f: Function, count: int) -> list[str]:
    try:
        names = list(inspect.signature(f).parameters)
    except (TypeError, ValueError):
        names = []
    return names[:count] if len(names) >= count else [f"x{k + 1}" for k in range(count)]


def _is_flat(derivative: Function, second: Function, x: Any) -> bool:
    """Whether a second derivative of zeros is right: the first does not change near any entry."""
    said, here = tried(second, x), tried(derivative, x)
    near = [tried(derivative, x + step) for step in (-(2.0**-20), 2.0**-20)]
    if said is None or here is None or any(one is None for one in near):
        return False
    return not np.any(said) and all(np.array_equal(one, here) for one in near)
