"""A problem set up once for all its variants: its equations planned for its sizes, and the numbers that are asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from flint import fmpq

from symnn.derivation import Derivation, told_equations
from symnn.equations import Equation
from symnn.exam.model import NUMBER, Ask, Place, Problem
from symnn.kernels import arguments, data_names
from symnn.library.entrywise import Numbers
from symnn.library.mistaken import Lesson, flat, lesson_of
from symnn.mistakes.ground import FIRST_SAMPLE, LAST_SAMPLE
from symnn.mistakes.update import NEW, RATE, equations_after, update_equations
from symnn.network import Network
from symnn.notation import name_of
from symnn.verification.rewrites import sizes_of

Scope: TypeAlias = Mapping[str, Numbers]


@dataclass(frozen=True)
class Slot:
    """One number that is asked for: what asks for it, the place in its array, and that in the flat array."""

    ask: Ask
    place: Place
    at: int

    @property
    def name(self) -> str:
        """The array that it is an entry of."""
        return self.ask.quantity


@dataclass(frozen=True, eq=False)
class Bench:
    """A problem with its equations planned: ``given`` holds the example's own numbers, flat, by name."""

    problem: Problem
    lesson: Lesson
    given: Mapping[str, Numbers]
    slots: tuple[Slot, ...]
    equations: tuple[Equation, ...]

    @property
    def derivation(self) -> Derivation:
        """The derivation that the problem is on."""
        return self.problem.example.derivation

    @property
    def names(self) -> tuple[str, ...]:
        """The arrays that are asked for, the whole or entries of them, in the order of the equations."""
        asked = {slot.name for slot in self.slots}
        return tuple(name for name in self.lesson.shown if name in asked)

    def boxed(self, name: str, numbers: Numbers) -> Any:
        """Return the numbers of an array as exact scalars or balls, in its shape."""
        return self.lesson.boxed(name, numbers)


def bench(problem: Problem) -> Bench:
    """Return a problem set up; raise `InputError` where it has too many numbers for mistakes to be worked out.

    The update is part of it if something after it is asked for.
    """
    example = problem.example
    program, point = example.derivation.program, example.point
    parameters = {name_of(tensor): point.exact(name_of(tensor)) for tensor in program.parameters}
    data = tuple(point.exact(name) for name in data_names(program))
    arrays = arguments(program, example.derivation.sizes, parameters, data)
    sizes = {**example.derivation.sizes, **sizes_of(program, arrays)}
    rated = any(ask.quantity.endswith(NEW) for ask in problem.asks)
    network = example.source if isinstance(example.source, Network) else None
    lesson = lesson_of(example.derivation, network, sizes, rated)
    given = {name: flat(values if values.ndim else values[()]) for name, values in arrays.items()}
    samples = sizes.get("m", 0)
    given[FIRST_SAMPLE] = [fmpq(int(sample == 0)) for sample in range(samples)]
    given[LAST_SAMPLE] = [fmpq(int(sample == samples - 1)) for sample in range(samples)]
    if rated:
        given[name_of(RATE)] = [point.exact_rate.value]
    after = (*update_equations(example.derivation), *equations_after(example.derivation)) if rated else ()
    equations = (*program.equations, *told_equations(example.derivation), *after)
    return Bench(problem, lesson, given, tuple(_slots(problem, lesson)), equations)


def _slots(problem: Problem, lesson: Lesson) -> Iterator[Slot]:
    for ask in problem.asks:
        if ask.kind == NUMBER:
            shape = lesson.shapes[ask.quantity]
            places = np.ndindex(*shape) if ask.place is None else (ask.place,)
            for place in places:
                yield Slot(ask, tuple(place), int(np.ravel_multi_index(place, shape)) if shape else 0)
