"""A worked example in numbers: forward, backward, update, and forward again, every intermediate kept.

Values stay exact fractions as long as they are rational and become balls where a function makes them irrational, so
that a solution can say which of its figures are exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from symnn.derivation import Derivation, told_equations
from symnn.equations import Equation
from symnn.errors import InexactError
from symnn.kernels import arguments, data_names, extend
from symnn.library.point import Point
from symnn.library.rounding import rounded
from symnn.notation import adjoint_name, name_of
from symnn.scalars import EXACT, Ball, Exact, ScalarArray, ball, precision, running
from symnn.scalars.lifting import lift

# The working precision of values that are not rational.
BITS = 333


@dataclass(frozen=True)
class Pass:
    """All tensors of one forward and backward pass by name; ``raw`` holds them as computed, before any rounding.

    The gradients of a last pass are worked out when they are looked at.
    """

    values: Mapping[str, Any]
    raw: Mapping[str, Any]


def work(derivation: Derivation, point: Point, *, passes: int = 2) -> tuple[Pass, ...]:
    """Return ``passes`` forward and backward passes with an update between each two."""
    return tuple(work_after(derivation, point, range(passes)).values())


def work_after(
    derivation: Derivation, point: Point, updates: Iterable[int], *, carry: int | None = None
) -> dict[int, Pass]:
    """Return the pass after each of the numbers of updates.

    With ``carry`` every figure is rounded to so many decimals before it is used again, as on a blackboard.
    Long stretches between two of them are walked by the kernel over balls, so nothing after them is a fraction.
    """
    wanted = sorted(set(updates))
    parameters = {name_of(tensor): point.exact(name_of(tensor)) for tensor in derivation.program.parameters}
    data = tuple(point.exact(name) for name in data_names(derivation.program))
    rate = point.exact_rate
    result: dict[int, Pass] = {}
    at = 0
    for number in wanted:
        if carry is None and number - at > LONG:
            parameters = _walked(derivation, parameters, data, rate, number - at)
            at = number
        while True:
            done = _one_pass(derivation, parameters, data, carry)
            if at == number:
                break
            parameters = _updated(parameters, rate, done, carry)
            at += 1
        result[number] = done
        if number != wanted[-1]:
            parameters = _updated(parameters, rate, done, carry)
            at += 1
    return result


LONG = 20
"""A stretch of more updates than this is walked by the kernel."""


def _updated(parameters: dict[str, Any], rate: Exact, done: Pass, carry: int | None) -> dict[str, Any]:
    stepped = {name: _stepped(old, rate, done.values[adjoint_name(name)]) for name, old in parameters.items()}
    return {name: _carried(value, carry) for name, value in stepped.items()}


def _walked(
    derivation: Derivation, parameters: dict[str, Any], data: tuple[Any, ...], rate: Exact, updates: int
) -> dict[str, Any]:
    kernel = derivation.compile(stable=False)
    with running(ball(BITS), functions=[kernel.function]):
        now, given, step = {n: as_balls(v) for n, v in parameters.items()}, tuple(map(as_balls, data)), as_balls(rate)
        for _ in range(updates):
            _, gradients = kernel(now, *given)
            now = {name: value - step * gradients[name] for name, value in now.items()}
    return now


def _one_pass(derivation: Derivation, parameters: dict[str, Any], data: tuple[Any, ...], carry: int | None) -> Pass:
    program = derivation.program
    given = arguments(program, derivation.sizes, parameters, data)
    # The kernel's checks made an array of a single number.
    values: dict[str, Any] = {name: array if array.ndim else array[()] for name, array in given.items()}
    raw = dict(values)
    backward = told_equations(derivation)

    def work_out(equations: tuple[Equation, ...]) -> None:
        for equation in equations:
            value = value_of(derivation, values, equation)
            raw[equation.name] = value
            values[equation.name] = _carried(value, carry)

    work_out(program.equations)
    # Of the last pass mostly the loss is asked for; its gradients would take half of the time.
    rest, later = cache(lambda: work_out(backward)), frozenset(equation.name for equation in backward)
    return Pass(_Unfolding(values, later, rest), _Unfolding(raw, later, rest))


class _Unfolding(Mapping[str, Any]):
    """Values by name, of which some are worked out once one of them, or all, are asked for."""

    def __init__(self, known: dict[str, Any], later: frozenset[str], rest: Callable[[], None]) -> None:
        self._known, self._later, self._rest = known, later, rest

    def __getitem__(self, name: str) -> Any:
        if name in self._later:
            self._rest()
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        self._rest()
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known.keys() | self._later)


def value_of(derivation: Derivation, values: Mapping[str, Any], equation: Equation) -> Any:
    """Return what an equation over the values of a pass defines: exactly if it can be, else as balls."""
    inputs = {name: value for name, value in values.items() if name in equation.reads}
    sized = {**{name_of(leaf): values[name_of(leaf)] for leaf in derivation.program.leaves}, **inputs}
    if all(_is_exact(value) for value in inputs.values()):
        # Where the value is irrational, a ball holds it as closely as anybody asks.
        with suppress(InexactError), running(EXACT):
            return _scalars(extend(derivation.program, sized, [equation])[equation.name])
    with running(ball(BITS)):
        # Of what the equation does not read only the shape is looked at.
        balls = {name: as_balls(value) if name in inputs else value for name, value in sized.items()}
        return _scalars(extend(derivation.program, balls, [equation])[equation.name])


def _scalars(value: Any) -> Any:
    """Return a value as scalars: a slope that NumPy chose is a plain number until then, and counts as written."""
    if isinstance(value, np.ndarray) and not isinstance(value, ScalarArray):
        with running(EXACT):
            return lift(value)
    return EXACT.lift(value) if isinstance(value, int) else value


def _stepped(old: Any, rate: Exact, gradient: Any) -> Any:
    """Return ``old - rate * gradient``, exactly if both are exact."""
    if _is_exact(old) and _is_exact(gradient):
        return old - rate * gradient
    with running(ball(BITS)):
        return as_balls(old) - as_balls(rate) * as_balls(gradient)


def _is_exact(value: Any) -> bool:
    return set(map(type, _entries(value))) <= {Exact, int}


def _entries(value: Any) -> list[Any]:
    return value.ravel().tolist() if isinstance(value, ScalarArray) else [value]


def _map(value: Any, function: Any) -> Any:
    if not isinstance(value, ScalarArray):
        return function(value)
    return _filled(list(map(function, value.ravel().tolist())), value.shape)


def as_balls(value: Any) -> Any:
    """Return an exact or mixed number or array as balls.

    >>> as_balls(Exact("1/3")) > as_balls(Exact("1/4"))
    True
    """
    with precision(BITS):
        if not isinstance(value, ScalarArray):
            return _as_ball(value)
        return _filled(list(map(_as_ball, value.ravel().tolist())), value.shape)


def _as_ball(entry: Any) -> Ball:
    return entry if isinstance(entry, Ball) else Ball(getattr(entry, "value", entry))


def _filled(entries: list[Any], shape: tuple[int, ...]) -> Any:
    result = np.empty(len(entries), dtype=object)
    result[:] = entries
    return result.reshape(shape).view(ScalarArray)


def _carried(value: Any, carry: int | None) -> Any:
    if carry is None:
        return value
    return _map(value, lambda entry: Exact(rounded(EXACT.lift(entry) if isinstance(entry, int) else entry, carry)))
