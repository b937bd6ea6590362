"""The wrong numbers that mistakes lead to in a worked example, each with what it means, carried through to the end.

Every modelled mistake is made once, at one place, and everything after it is computed as it should be: in the same
pass, the update, and the forward pass after it. What comes out is exact where it is rational, else balls.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
from flint import arb, fmpq

from symnn.derivation import Derivation
from symnn.errors import ShapeError, aligned, unknown
from symnn.kernels import arguments, data_names
from symnn.library.entrywise import Numbers
from symnn.library.mistaken import Lesson, differ, flat, lesson_of
from symnn.library.point import Point
from symnn.library.worked import BITS
from symnn.mistakes.ground import FIRST_SAMPLE, LAST_SAMPLE
from symnn.mistakes.update import RATE
from symnn.network import Network
from symnn.notation import SAMPLES, name_of
from symnn.scalars import Exact, precision
from symnn.verification.rewrites import sizes_of

SAME_TO = 200
"""Numbers that agree to so many binary places are one and the same; of irrational ones 333 bits are known."""


@dataclass(frozen=True, eq=False)
class WrongAnswer:
    """What a mistake leads to: wrong ``values`` at ``array``, where they show first, and at all arrays that follow.

    ``said`` names the mistake, ``kind`` is its sort, ``origin`` the row of the tables that models it, ``layer`` is
    counted from 1 and 0 where there is none. ``follows`` holds the later arrays that become wrong by it, in order;
    one that cannot be computed any more is not among them. ``same_as`` holds what is said of the mistakes that
    lead to the same numbers throughout.
    """

    array: str
    values: Any
    said: str
    kind: str
    layer: int
    origin: str
    follows: Mapping[str, Any] = field(default_factory=dict, hash=False)
    same_as: tuple[str, ...] = ()

    @property
    def arrays(self) -> Mapping[str, Any]:
        """All arrays that are wrong, by name, in order."""
        return MappingProxyType({self.array: self.values, **self.follows})


Values: TypeAlias = Mapping[str, Any]
# A name and its numbers, brought to whole numbers so that equal ones are found at once.
Key: TypeAlias = tuple[str, tuple[int, ...]]


class Mistakes:
    """All modelled mistakes of a derivation, planned once and worked out for as many points as wanted.

    Given the ``network`` that the derivation is of, gradients of other losses are among them.

    >>> from symnn.library.loading import load
    >>> example = load("two-three-two")
    >>> mistakes = Mistakes(example.derivation, example.source)
    >>> [one.said for one in mistakes.at(example.point) if one.array == "Z2"]
    ['the bias b2 is left out of Z2', 'the bias b2 is subtracted in Z2, not added']
    """

    def __init__(self, derivation: Derivation, network: Network | None = None) -> None:
        self.derivation, self.network = derivation, network
        self._lessons: dict[tuple[object, ...], Lesson] = {}

    def right(
        self, given: Point | Values, rate: Exact | None = None, *, own: Values = MappingProxyType({})
    ) -> dict[str, Any]:
        """Return all right arrays by name: of both passes, and with a learning rate those after the update.

        What is after the update has ``_new`` behind its name. Arrays that somebody has got by themselves are ``own``:
        they stand as they are, and what follows is right if it follows from them. Raises as `at` does, and `InputError`
        or `ShapeError` for an array of one's own that there is none of, or in another shape.
        """
        lesson, leaves = self._set_up(given, rate)
        for name, values in own.items():
            if name not in lesson.shown:
                raise unknown("array of one's own", name, lesson.shown)
            if np.shape(values) != lesson.shapes[name]:
                rows = aligned([("yours", str(np.shape(values))), ("expected", str(lesson.shapes[name]))])
                raise ShapeError(f"your {name} has another shape than it should have\n{rows}")
        with precision(BITS):
            right = lesson.right(leaves, {name: flat(values) for name, values in own.items()})
        return {name: lesson.boxed(name, right[name]) for name in (*map(name_of, self._leaves), *lesson.shown)}

    def at(
        self, given: Point | Values, rate: Exact | None = None, *, most: int | None = None
    ) -> tuple[WrongAnswer, ...]:
        """Return the wrong answers at a point, or at the parameters and data among the values of a pass.

        They come in the order of the arrays where they show first, and there in that of the tables; with ``most``, at
        most so many an array, of as many kinds as there are. ``rate`` is the learning rate, where none comes with a
        point; without one there is no update. Raises `InputError` and `ShapeError` for arrays that do not fit, and
        `InputError` where there are too many numbers to work out by hand.
        """
        lesson, leaves = self._set_up(given, rate)
        with precision(BITS):
            right = lesson.right(leaves)
            found = _grouped(lesson, right)
        # Sorting keeps the order of the tables.
        found.sort(key=lambda one: lesson.shown[one.array])
        return tuple(found if most is None else _varied(found, most))

    @property
    def _leaves(self) -> tuple[Any, ...]:
        return self.derivation.program.leaves

    def _set_up(self, given: Point | Values, rate: Exact | None) -> tuple[Lesson, dict[str, Numbers]]:
        program = self.derivation.program
        if isinstance(given, Point):
            parameters = {name_of(tensor): given.exact(name_of(tensor)) for tensor in program.parameters}
            data = tuple(given.exact(name) for name in data_names(program))
            rate = given.exact_rate if rate is None else rate
        else:
            parameters = {name_of(tensor): given[name_of(tensor)] for tensor in program.parameters}
            data = tuple(given[name] for name in data_names(program))
        arrays = arguments(program, self.derivation.sizes, parameters, data)
        sizes = {**self.derivation.sizes, **sizes_of(program, arrays)}
        key = (rate is not None, *sorted(sizes.items()))
        if key not in self._lessons:
            self._lessons[key] = lesson_of(self.derivation, self.network, sizes, rate is not None)
        leaves = {name: flat(values if values.ndim else values[()]) for name, values in arrays.items()}
        samples = sizes.get(str(SAMPLES), 0)
        leaves[FIRST_SAMPLE] = [fmpq(int(sample == 0)) for sample in range(samples)]
        leaves[LAST_SAMPLE] = [fmpq(int(sample == samples - 1)) for sample in range(samples)]
        if rate is not None:
            leaves[name_of(RATE)] = [rate.value]
        return self._lessons[key], leaves


def for_array(answers: Iterable[WrongAnswer], name: str) -> tuple[WrongAnswer, ...]:
    """Return the wrong answers at one array, those carried to it from earlier ones too, without repeating a value.

    In each the array is the one asked for, and ``same_as`` names every other mistake that gives these values there.
    """
    groups: dict[Key, list[WrongAnswer]] = {}
    with precision(BITS):
        for one in answers:
            if name in one.arrays:
                groups.setdefault((name, _rounded(flat(one.arrays[name]))), []).append(one)
    return tuple(_at(name, group) for group in groups.values())


def _at(name: str, group: Sequence[WrongAnswer]) -> WrongAnswer:
    # Of all that give these numbers, the mistake that was made at the array itself is told first.
    first, *others = sorted(group, key=lambda one: one.array != name)
    names = list(first.arrays)
    later = {other: first.arrays[other] for other in names[names.index(name) + 1 :]}
    same = dict.fromkeys((*first.same_as, *chain.from_iterable((one.said, *one.same_as) for one in others)))
    return replace(first, array=name, values=first.arrays[name], follows=MappingProxyType(later), same_as=tuple(same))


@dataclass(frozen=True)
class _Group:
    """Mistakes that lead to the same numbers, by their places' numbers in the table."""

    arrays: Mapping[str, Numbers]
    members: list[int]


def _grouped(lesson: Lesson, right: Mapping[str, Numbers]) -> list[WrongAnswer]:
    """Return the wrong answers at given right numbers, mistakes with the same numbers taken together."""
    started: dict[tuple[bool, Key], _Group] = {}
    groups: dict[Key, list[_Group]] = {}
    for number, place in enumerate(lesson.places):
        wrong = lesson.wrong(right, place)
        start = next(wrong, None)
        if start is None:
            continue
        beginning = place.told, (start[0], _rounded(start[1]))
        if place.single and beginning in started:
            # What follows is computed from the same numbers by the same equations.
            started[beginning].members.append(number)
            continue
        arrays = {name: numbers for name, numbers in chain([start], wrong) if name in lesson.shown}
        if not arrays:
            continue
        first = min(arrays, key=lesson.shown.__getitem__)
        alike = groups.setdefault((first, _rounded(arrays[first])), [])
        group = next((one for one in alike if _same(one.arrays, arrays)), None)
        if group is None:
            group = _Group(arrays, [])
            alike.append(group)
        group.members.append(number)
        if place.single:
            started[beginning] = group
    return [_answer(lesson, group) for group in chain.from_iterable(groups.values())]


def _same(ours: Mapping[str, Numbers], theirs: Mapping[str, Numbers]) -> bool:
    return ours.keys() == theirs.keys() and not any(differ(ours[name], theirs[name]) for name in ours)


def _answer(lesson: Lesson, group: _Group) -> WrongAnswer:
    places = (lesson.places[number] for number in sorted(group.members))
    # A mistake at what is told comes before one at what a named rewrite passes over.
    first, *others = sorted(places, key=lambda place: not place.shown)
    array, *later = sorted(group.arrays, key=lesson.shown.__getitem__)
    return WrongAnswer(
        array,
        lesson.boxed(array, group.arrays[array]),
        first.said,
        first.kind,
        first.layer,
        first.row,
        MappingProxyType({name: lesson.boxed(name, group.arrays[name]) for name in later}),
        tuple(place.said for place in others),
    )


def _varied(found: Sequence[WrongAnswer], most: int) -> Iterable[WrongAnswer]:
    """Yield at most so many wrong answers an array: the first of each kind before the second of any."""
    by_array: dict[str, list[WrongAnswer]] = {}
    for one in found:
        by_array.setdefault(one.array, []).append(one)
    for answers in by_array.values():
        seen: dict[str, int] = {}
        ranks = []
        for place, one in enumerate(answers):
            seen[one.kind] = seen.get(one.kind, -1) + 1
            ranks.append((seen[one.kind], place))
        yield from (answers[place] for place in sorted(place for _, place in sorted(ranks)[:most]))


def _rounded(numbers: Numbers) -> tuple[int, ...]:
    """Return numbers as whole multiples of the smallest difference that counts."""
    return tuple(_whole(number) for number in numbers)


def _whole(number: Any) -> int:
    if isinstance(number, arb):
        return int((number.mid() * _GRAIN + _HALF).floor().unique_fmpz())
    return int((number * _GRAIN + _HALF).floor())


_GRAIN, _HALF = 2**SAME_TO, fmpq(1, 2)
