"""The numbers of a variant, drawn within the bounds of its problem: targets that fit the loss, everything exact.

Every array has a stream of its own, from the seed, the number of the variant, the problem, the attempt and its name, so
that any variant can be made again without the others. The streams are Python's, the same on every machine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
from flint import fmpq
from sympy import FiniteSet, Rational

from symnn.errors import InputError, aligned
from symnn.exam.bench import Bench, Scope
from symnn.exam.model import Bounds
from symnn.library import Point
from symnn.library.entrywise import Numbers
from symnn.network import Network
from symnn.notation import name_of

MOST_VALUES = 10_000
"""Up to how many values the bounds of a problem may leave for a number."""


@dataclass(frozen=True)
class Row:
    """How an array is drawn: from ``values``, each before any comes again where ``turns``, or one-hot along ``axis``.

    With neither values nor an axis it keeps the numbers of the example. With ``numbers`` the point holds the numbers of
    the classes, not the classes one-hot.
    """

    name: str
    shape: tuple[int, ...]
    values: tuple[Fraction, ...] = ()
    turns: bool = False
    axis: int | None = None
    numbers: bool = False


@dataclass(frozen=True)
class Draw:
    """Drawn numbers: nested by name as in a point, and flat for the planned equations."""

    nested: Mapping[str, Any]
    leaves: Scope


class Urn:
    """What the numbers of a problem are drawn from.

    Raises `InputError` for bounds that leave an array no number, and for a name among ``fixed`` that is no array.
    """

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._point = bench.problem.example.point
        program = bench.derivation.program
        self.rows = tuple(self._row(name_of(leaf)) for leaf in program.leaves)
        self._parameters = {name_of(leaf) for leaf in program.parameters}

    def draw(self, seed: str) -> Draw:
        """Return numbers for all arrays; the same for the same seed."""
        leaves: dict[str, Numbers] = dict(self._bench.given)
        nested: dict[str, Any] = {}
        for row in self.rows:
            nested[row.name], flat = self._array(row, Random(f"{seed} {row.name}"))  # noqa: S311 -- no secret
            if flat is not None:
                leaves[row.name] = flat
        return Draw(nested, leaves)

    def point(self, draw: Draw) -> Point:
        """Return drawn numbers as the point of a worked example."""
        parameters = {name: value for name, value in draw.nested.items() if name in self._parameters}
        data = {name: value for name, value in draw.nested.items() if name not in self._parameters}
        return Point(parameters, data, self._point.learning_rate)

    def _array(self, row: Row, stream: Random) -> tuple[Any, Numbers | None]:
        if row.axis is not None:
            return self._classes(row, row.axis, stream)
        if not row.values:
            return self._point.fractions(row.name), None
        count = int(np.prod(row.shape))
        entries = _in_turn(row.values, count, stream) if row.turns else _each(row.values, count, stream)
        return _nested(entries, row.shape), [fmpq(one.numerator, one.denominator) for one in entries]

    def _classes(self, row: Row, axis: int, stream: Random) -> tuple[Any, Numbers]:
        classes = row.shape[axis]
        others = [extent for place, extent in enumerate(row.shape) if place != axis]
        chosen = _in_turn([Fraction(one) for one in range(classes)], int(np.prod(others)), stream)
        hot = np.zeros((*others, classes), dtype=int)
        for place, one in zip(np.ndindex(*others), chosen, strict=True):
            hot[(*place, int(one))] = 1
        array = np.moveaxis(hot, -1, axis)
        flat = [fmpq(one) for one in array.ravel().tolist()]
        if row.numbers:
            shape = np.shape(self._point.fractions(row.name))
            return _nested(chosen, shape), flat
        return _nested([Fraction(one) for one in array.ravel().tolist()], row.shape), flat

    def _row(self, name: str) -> Row:
        bench, bounds = self._bench, self._bench.problem.bounds
        program = bench.derivation.program
        shape = bench.lesson.shapes[name]
        if name in bounds.fixed:
            return Row(name, shape)
        if name in program.distributions:
            index = program.distributions[name]
            axis = list(program.shapes[name]).index(index.upper + 1)
            return Row(name, shape, axis=axis, numbers=np.shape(self._point.fractions(name)) != shape)
        if name in program.choices:
            values = tuple(Fraction(int(one.p), int(one.q)) for one in program.choices[name])
            return Row(name, shape, values, turns=True)
        targets = {name_of(leaf) for leaf in program.targets}
        if name not in targets:
            return Row(name, shape, self._within(name, bounds))
        own = {Fraction(int(one.p), int(one.q)) for one in bench.given[name]}
        if own <= {Fraction(0), Fraction(1)}:
            return Row(name, shape, (Fraction(0), Fraction(1)), turns=True)
        return Row(name, shape, self._targets(name, bounds), turns=True)

    def _within(self, name: str, bounds: Bounds) -> tuple[Fraction, ...]:
        count = (bounds.most - bounds.least) // bounds.step + 1
        few = min(count, MOST_VALUES)
        # Of more values than that some are left out everywhere, not those at one end.
        every = (bounds.least + (number * (count - 1) // max(1, few - 1)) * bounds.step for number in range(few))
        found = tuple(one for one in every if one or bounds.zeros)
        if not found:
            rows = [("bounds", f"from {bounds.least} to {bounds.most} in steps of {bounds.step}")]
            rows.append(("do", f'widen them, allow zeros = true, or keep the numbers: fixed = ["{name}"]'))
            raise InputError(f"{self._bench.problem.id}: the bounds leave no number for {name}\n{aligned(rows)}")
        return found

    def _targets(self, name: str, bounds: Bounds) -> tuple[Fraction, ...]:
        """Return the values within the bounds that the loss takes and the last layer may come near to."""
        source = self._bench.problem.example.source
        found = self._within(name, bounds)
        if not isinstance(source, Network):
            return found
        allowed, reached = source.loss_row.targets, source.layers[-1].row.range
        if isinstance(allowed, FiniteSet):
            found = tuple(Fraction(int(one.p), int(one.q)) for one in allowed.args)
        fit = tuple(one for one in found if _in(allowed, one) and _in(reached, one))
        if not fit:
            rows = [("bounds", f"from {bounds.least} to {bounds.most} in steps of {bounds.step}")]
            rows += [("loss", source.loss), ("last layer", f"puts out numbers in {reached}")]
            rows.append(("do", f'take a smaller step, or keep the targets: fixed = ["{name}"]'))
            raise InputError(f"{self._bench.problem.id}: the bounds leave no target for {name}\n{aligned(rows)}")
        return fit


def _in(numbers: Any, one: Fraction) -> bool:
    return bool(numbers.contains(Rational(one.numerator, one.denominator)) == True)  # noqa: E712 -- SymPy's truth


def below(stream: Random, limit: int) -> int:
    """Return a whole number from 0 and below a limit; of all that Random has, only random() is promised to stay."""
    return int(stream.random() * limit)


def shuffled(things: Sequence[Any], stream: Random) -> list[Any]:
    """Return things in a drawn order."""
    left = list(things)
    return [left.pop(below(stream, len(left))) for _ in range(len(left))]


def _each(values: Sequence[Fraction], count: int, stream: Random) -> list[Fraction]:
    return [values[below(stream, len(values))] for _ in range(count)]


def _in_turn(values: Sequence[Fraction], count: int, stream: Random) -> list[Fraction]:
    """Return values, every one of them before any comes again."""
    chosen: list[Fraction] = []
    while len(chosen) < count:
        chosen += shuffled(values, stream)
    return chosen[:count]


def _nested(entries: Sequence[Fraction], shape: tuple[int, ...]) -> Any:
    array = np.empty(len(entries), dtype=object)
    array[:] = entries
    return array.reshape(shape).tolist()
