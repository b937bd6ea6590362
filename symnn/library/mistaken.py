"""Both passes, an update and the pass after it, planned once for given sizes, and any mistake carried through them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from types import MappingProxyType
from typing import Any

import numpy as np
from flint import arb, fmpq

from symnn.derivation import Derivation, told_equations
from symnn.equations import Equation
from symnn.errors import InputError, UndecidedError, aligned
from symnn.library.entrywise import Entrywise, Numbers, UnplannedError, entrywise, in_one_kind, numeric
from symnn.library.worked import value_of
from symnn.mistakes import REGISTRY, Ground, Planted, Row
from symnn.mistakes.backward.paths import weights_updated
from symnn.mistakes.ground import FIRST_SAMPLE, LAST_SAMPLE, layer_of
from symnn.mistakes.update import NEW, RATE, equations_after, update_equations
from symnn.network import Network
from symnn.notation import name_of, shape_of
from symnn.scalars import Ball, Exact, ScalarArray

LARGEST = 2000
"""Up to how many entries all tensors may have together for every mistake to be worked out by hand."""

Scope = Mapping[str, Numbers]


@dataclass(frozen=True)
class Move:
    """An equation that a mistake changes or may reach: what is computed just before it, and whether it is changed."""

    ahead: tuple[Entrywise, ...]
    equation: Entrywise
    changed: bool


@dataclass(frozen=True)
class Place:
    """A row's mistake at one place, with the equations that it may change, in order.

    With ``told`` these are the equations as they are told, else those of the one rule. ``shown`` tells whether all that
    are changed themselves are told, ``single`` whether there is no more than one.
    """

    row: str
    kind: str
    said: str
    layer: int
    told: bool
    shown: bool
    single: bool
    moves: tuple[Move, ...]


class Lesson:
    """A derivation at given sizes: the equations as told and as the one rule gives them, and every mistake's places."""

    def __init__(self, derivation: Derivation, network: Network | None, sizes: Mapping[str, int], rated: bool) -> None:
        """Plan every equation; raise `InputError` where there are too many numbers to work out by hand."""
        self.derivation, self.sizes = derivation, sizes
        self.ground = Ground.of(derivation, network, sizes)
        program = derivation.program
        told = told_equations(derivation)
        named = {equation.name for equation in told}
        after = (*update_equations(derivation), *equations_after(derivation)) if rated else ()
        plain = self.ground.equations
        known = {equation.name for equation in plain}
        # What a named rewrite computes on the way follows from what the one rule gives.
        helpers = [equation for equation in told if equation.name not in known]
        self.shapes = {name: numeric(shape, sizes) for name, shape in self.ground.shapes.items()}
        self.shapes |= {e.name: numeric(shape_of(e.target), sizes) for e in (*told, *after)}
        self.shapes |= {FIRST_SAMPLE: (sizes.get("m", 0),), LAST_SAMPLE: (sizes.get("m", 0),), name_of(RATE): ()}
        entries = sum(prod(shape) for shape in self.shapes.values())
        if entries > LARGEST:
            rows = aligned([("entries", str(entries)), ("at most", str(LARGEST))])
            raise InputError(f"this derivation has too many numbers for every mistake to be worked out\n{rows}")
        planned = {id(e): self.plan(e) for e in (*program.equations, *told, *plain, *after)}
        self.told = [planned[id(e)] for e in (*program.equations, *told, *after)]
        self.plain = [planned[id(e)] for e in (*plain, *helpers, *after)]
        # The one rule's gradients that a named rewrite passes over are needed as well, to plant mistakes among them.
        self.aside = [planned[id(e)] for e in plain if e.name not in named]
        self.shown = {name: number for number, name in enumerate(e.name for e in self.told)}
        self.places = tuple(self._places(rated))

    def plan(self, equation: Equation) -> Entrywise:
        """Return an equation planned for the sizes of the lesson; as arrays where it cannot be entry by entry."""
        self.shapes.setdefault(equation.name, numeric(shape_of(equation.target), self.sizes))
        try:
            return entrywise(equation, self.sizes)
        except UnplannedError:
            shape = self.shapes[equation.name]
            return Entrywise(
                equation.name, frozenset(equation.reads), shape, lambda scope: self._whole(equation, scope)
            )

    def _whole(self, equation: Equation, scope: Scope) -> Numbers:
        leaves = map(name_of, self.derivation.program.leaves)
        values = {name: self.boxed(name, scope[name]) for name in {*leaves, *equation.reads}}
        return flat(value_of(self.derivation, values, equation))

    def boxed(self, name: str, numbers: Numbers) -> Any:
        """Return the numbers of a tensor as an array of scalars, or as a scalar where it has no axes."""
        boxes = [Ball(number) if isinstance(number, arb) else Exact(number) for number in numbers]
        shape = self.shapes[name]
        if not shape:
            return boxes[0]
        array = np.empty(len(boxes), dtype=object)
        array[:] = boxes
        return array.reshape(shape).view(ScalarArray)

    def _places(self, rated: bool) -> Iterator[Place]:
        for phase, rows in REGISTRY.items():
            if phase == "update" and not rated:
                continue
            # Those of the backward pass are told of the one rule's equations, the others of those that are told.
            told = phase != "backward"
            for row in rows:
                fitting = (planted for planted in self._planted(row, rated) if self.fits(planted, told))
                yield from (self._place(row.__name__, planted, told) for planted in fitting)

    def fits(self, planted: Planted, told: bool) -> bool:
        """Whether a mistake speaks only of what there is: without a batch, nobody divides by its size.

        One that is carried through the equations as told reads no gradient that a named rewrite passes over.
        """
        right = [equation.right for equation in planted.instead.values()]
        symbols = {symbol for expr in right for symbol in expr.free_symbols}
        if any(str(symbol) not in self.sizes for symbol in symbols if symbol.is_integer and symbol.is_positive):
            return False
        passed_over = {one.name for one in self.aside} if told else set()
        return all(passed_over.isdisjoint(equation.reads) for equation in planted.instead.values())

    def _place(self, row: str, planted: Planted, told: bool) -> Place:
        touched: set[str] = set()
        moves: list[Move] = []
        for one in self.told if told else self.plain:
            instead = planted.instead.get(one.name)
            if instead is not None:
                ahead = tuple(map(self.plan, planted.ahead.get(one.name, ())))
                moves.append(Move(ahead, self.plan(instead), True))
            elif not touched.isdisjoint(one.reads):
                moves.append(Move((), one, False))
            else:
                continue
            touched.add(one.name)
        layer = layer_of(next(iter(planted.instead)).removesuffix(NEW))
        shown = planted.instead.keys() <= self.shown.keys()
        return Place(row, planted.kind, planted.said, layer, told, shown, len(planted.instead) == 1, tuple(moves))

    def _planted(self, row: Row, rated: bool) -> Iterator[Planted]:
        if row is not weights_updated:
            return row(self.ground)
        # In a worked example the learning rate is known: none is guessed.
        return weights_updated(self.ground, (RATE,)) if rated else iter(())

    def right(self, leaves: Scope, own: Scope = MappingProxyType({})) -> dict[str, Numbers]:
        """Return every tensor of both passes, of the update and of the pass after it; raise what an equation raises.

        A tensor that ``own`` holds is taken as it is there, and what follows is computed from it.
        """
        scope = dict(leaves)
        for one in (*self.told, *self.aside):
            scope[one.name] = own[one.name] if one.name in own else one.run(scope)
        return scope

    def wrong(self, right: Scope, place: Place) -> Iterator[tuple[str, Numbers]]:
        """Yield the tensors that a mistake changes, with their wrong numbers, in the order of the equations.

        What cannot be computed any more, as the logarithm of a negative number, ends what follows from it.
        """
        scope = dict(right)
        changed: set[str] = set()
        lost: set[str] = set()
        for move in place.moves:
            one = move.equation
            if not lost.isdisjoint(one.reads):
                lost.add(one.name)
                continue
            if not move.changed and changed.isdisjoint(one.reads):
                continue
            try:
                for helper in move.ahead:
                    scope[helper.name] = helper.run(scope)
                numbers = one.run(scope)
            except (UndecidedError, ZeroDivisionError):
                lost.add(one.name)
                continue
            if not all(isinstance(number, fmpq) or number.is_finite() for number in numbers):
                lost.add(one.name)
            elif differ(numbers, right[one.name]):
                changed.add(one.name)
                scope[one.name] = numbers
                yield one.name, numbers


def flat(value: Any) -> Numbers:
    """Return a scalar, or an array of scalars and whole numbers, as a list of flint numbers of one kind.

    >>> flat(Exact("1/3"))
    [1/3]
    """
    entries = value.ravel().tolist() if isinstance(value, ScalarArray) else [value]
    return in_one_kind([entry.value if hasattr(entry, "value") else fmpq(int(entry)) for entry in entries])


def differ(one: Numbers, other: Numbers) -> bool:
    """Tell whether two tensors certainly differ in some entry."""
    if isinstance(one[0], fmpq) and isinstance(other[0], fmpq):
        return one != other
    return any(not arb(a).overlaps(arb(b)) for a, b in zip(one, other, strict=True))


def lesson_of(derivation: Derivation, network: Network | None, sizes: Mapping[str, int], rated: bool) -> Lesson:
    """Return the lesson of a derivation at given sizes, planned once in a process; raise as `Lesson` does.

    Planting every mistake takes most of the time that a problem set takes, and depends on no numbers.
    """
    return _planned(derivation, network, tuple(sorted(sizes.items())), rated)


@lru_cache(maxsize=64)
def _planned(
    derivation: Derivation, network: Network | None, sizes: tuple[tuple[str, int], ...], rated: bool
) -> Lesson:
    return Lesson(derivation, network, dict(sizes), rated)
