"""Answers worked out a second and a third time, each by other means than those that made them, over balls.

Once by the printed NumPy text: the kernel's loss and gradients, and the equations one by one. And once by dual balls:
the slope of the loss along a direction in the very numbers whose gradient is asked for, which knows of no derivation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from random import Random
from typing import Any

import numpy as np
from flint import arb

from symnn.derivation import told_equations
from symnn.exam.model import Answer, Problem
from symnn.kernels import data_names, evaluate, extend
from symnn.library import BITS, Point, as_balls
from symnn.mistakes.update import NEW
from symnn.notation import ADJOINT, SLOPE, adjoint_name, name_of
from symnn.scalars import Ball, Dual, ScalarArray, ball, dual, duals, precision, running

LARGEST = 10**6
"""The entries of a direction are whole numbers up to this."""


class Recomputing:
    """Works out the answers to one problem anew, for as many points as wanted."""

    def __init__(self, problem: Problem) -> None:
        derivation = problem.example.derivation
        self.derivation, self.program = derivation, derivation.program
        self.loss = name_of(self.program.loss)
        self.parameters = tuple(map(name_of, self.program.parameters))
        self._kernel = derivation.compile(stable=False)
        self._told = told_equations(derivation)

    def at(self, point: Point) -> Recomputed:
        """Return what holds at a point."""
        return Recomputed(self, point)

    def values(self, parameters: Mapping[str, Any], data: tuple[Any, ...]) -> dict[str, Any]:
        """Return all arrays of a pass as balls; the loss and the parameters' gradients are the kernel's."""
        with running(ball(BITS), functions=[self._kernel.function]):
            found = evaluate(self.program, self.derivation.sizes, parameters, data, self._told)
            loss, gradients = self._kernel(parameters, *data)
        return {**found, self.loss: loss, **{adjoint_name(name): value for name, value in gradients.items()}}

    def slope(self, values: Mapping[str, Any], name: str, direction: Any) -> Any:
        """Return the slope of the loss along a direction in one array of the forward pass, as an arb."""
        later = self._after(name)
        with running(dual(BITS)):
            # What comes before the array stays as it is, and what comes after it is computed anew.
            moved = {**self._given(values), name: _moved(values[name], direction)}
            loss = extend(self.program, moved, later)[self.loss]
        (entry,) = loss.ravel().tolist() if isinstance(loss, np.ndarray) else [loss]
        return entry.tangent if isinstance(entry, Dual) and entry.tangent is not None else arb(0)

    def slopes(self, values: Mapping[str, Any], after: str) -> list[Any]:
        """Return the slopes of an activation, entry by entry, as arbs."""
        (equation,) = (one for one in self.program.equations if one.name == after)
        before = next(name for name in equation.reads if name in {one.name for one in self.program.equations})
        with running(dual(BITS)):
            moved = {
                **self._given(values),
                before: _moved(values[before], np.ones(np.shape(values[before]), dtype=int)),
            }
            found = extend(self.program, moved, [equation])[after]
        return [arb(0) if one.tangent is None else one.tangent for one in found.ravel().tolist()]

    def _given(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {name: values[name] for name in self.program.shapes}

    def _after(self, name: str) -> list[Any]:
        stale, later = {name}, []
        for equation in self.program.equations:
            if equation.name != name and stale & set(equation.reads):
                stale.add(equation.name)
                later.append(equation)
        return later


class Recomputed:
    """The numbers of a problem at one point, by both means."""

    def __init__(self, recomputing: Recomputing, point: Point) -> None:
        self._by, self._point = recomputing, point
        self._parameters = {name: as_balls(point.exact(name)) for name in recomputing.parameters}
        self._data = tuple(as_balls(point.exact(name)) for name in data_names(recomputing.program))
        self._rate = as_balls(point.exact_rate)

    @cached_property
    def _values(self) -> dict[str, Any]:
        return self._by.values(self._parameters, self._data)

    @cached_property
    def _stepped(self) -> dict[str, Any]:
        with running(ball(BITS)):
            return {
                name: value - self._rate * self._values[adjoint_name(name)] for name, value in self._parameters.items()
            }

    @cached_property
    def _after(self) -> dict[str, Any]:
        return self._by.values(self._stepped, self._data)

    def by_kernel(self, quantity: str) -> Any:
        """Return an array of the forward or backward pass, or of what comes after the update, as balls."""
        own = quantity.removesuffix(NEW)
        if own == quantity:
            return self._values[quantity]
        return self._stepped[own] if own in self._stepped else self._after[own]

    def by_slopes(self, answers: Sequence[Answer], stream: Random) -> tuple[Any, Any] | None:
        """Return the sum of answers times a random direction, and what dual balls say it is; None for no derivative.

        All answers are of one quantity: a gradient, the slopes of an activation, or updated parameters.
        """
        quantity = answers[0].ask.quantity
        own = quantity.removesuffix(NEW).removesuffix(SLOPE)
        stepped = quantity != own and own in self._parameters
        tensor = own if stepped else quantity.removeprefix(ADJOINT)
        if quantity.endswith(SLOPE):
            return self._activation(own, answers)
        if not stepped and (quantity == tensor or tensor not in self._by.program.shapes):
            return None
        shape = np.shape(self._values[tensor])
        weights = [int(stream.random() * LARGEST) + 1 for _ in answers]
        direction: Any = np.zeros(shape, dtype=object) if shape else 0
        with running(ball(BITS)):
            total = Ball(0)
            for weight, answer in zip(weights, answers, strict=True):
                if shape:
                    direction[answer.place] = weight
                else:
                    direction = weight
                given = as_balls(answer.exact)
                if stepped:
                    before = self._parameters[own][answer.place] if shape else self._parameters[own]
                    given = (before - given) / self._rate
                total = total + given * weight
        return total.value, self._by.slope(self._values, tensor, direction)

    def _activation(self, after: str, answers: Sequence[Answer]) -> tuple[Any, Any]:
        shape = np.shape(self._values[after])
        slopes = self._by.slopes(self._values, after)
        places = [int(np.ravel_multi_index(one.place, shape)) if shape else 0 for one in answers]
        with precision(BITS):
            total, slope = arb(0), arb(0)
            for weight, (place, answer) in enumerate(zip(places, answers, strict=True), start=1):
                total += as_balls(answer.exact).value * weight
                slope += slopes[place] * weight
        return total, slope


def _moved(value: Any, direction: Any) -> Any:
    """Return balls as duals that move along a direction of whole numbers."""
    if not isinstance(value, ScalarArray | np.ndarray):
        return Dual(value.value, arb(int(direction)))
    return duals(value, direction, BITS)
