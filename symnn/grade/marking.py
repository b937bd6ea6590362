"""Marking the answers of one student to one problem: right, following from numbers of one's own, or wrong and why.

An answer is looked at after those that go into it. It earns its points if it is right; if it follows from the student's
own numbers; or if it is the number that a mistake leads to which has cost points before. Every wrong answer is held
against the modelled mistakes, on the right numbers and then on the student's own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from symnn.errors import UndecidedError
from symnn.exam import Answer, Solved
from symnn.exam.bench import Bench, Scope, Slot
from symnn.exam.tolerance import Rounding
from symnn.grade.carrying import Carried, Own, Written, carried, fraction, is_full, leaves_of, written
from symnn.grade.marks import Given, Mark, Named, Outcome
from symnn.grade.naming import Found, Gauge, Numbers, Suspect, find, suspects
from symnn.grade.slips import slip
from symnn.library import BITS
from symnn.library.mistaken import Place
from symnn.scalars import precision

MOST_TOGETHER = 3
"""With up to so many of the student's own arrays, mistakes are looked for that were made on them."""


@dataclass(frozen=True)
class _Start:
    """What something may follow from: arrays of one's own, and a mistake made before them in what is not asked for."""

    own: tuple[str, ...]
    mistake: Named | None = None


class Marker:
    """Marks answers to one variant of a problem; what all students have in common is worked out once."""

    def __init__(self, bench: Bench, solved: Solved) -> None:
        self.bench, self.solved = bench, solved
        self.leaves = leaves_of(bench, solved)
        by_place = {(answer.ask.id, answer.place): answer for answer in solved.answers}
        self.slots: tuple[tuple[Slot, Answer], ...] = tuple(
            (slot, by_place[slot.ask.id, slot.place]) for slot in bench.slots
        )
        self.answers: dict[str, dict[int, Answer]] = {name: {} for name in bench.names}
        for slot, answer in self.slots:
            self.answers[slot.name].setdefault(slot.at, answer)
        self.gauges = {name: {at: Gauge(one) for at, one in own.items()} for name, own in self.answers.items()}
        self.suspects = {name: suspects(answers) for name, answers in self.answers.items()}
        self._entries = Counter(slot.ask.id for slot in bench.slots)
        self._planted: dict[Named, Scope | None] = {}

    @cached_property
    def right(self) -> Scope:
        """All right numbers, flat, by name."""
        with precision(BITS):
            return self.bench.lesson.right(self.leaves)

    def planted(self, mistake: Named) -> Scope | None:
        """Return the arrays that a mistake changes itself, with their wrong numbers; None where it is not known."""
        if mistake not in self._planted:
            self._planted[mistake] = self._made(mistake)
        return self._planted[mistake]

    def _made(self, mistake: Named) -> Scope | None:
        for place in self.bench.lesson.places:
            if (place.row, place.said) == (mistake.origin, mistake.said):
                changed = {move.equation.name for move in place.moves if move.changed}
                with precision(BITS):
                    arrays = dict(self.bench.lesson.wrong(self.right, place))
                return {name: numbers for name, numbers in arrays.items() if name in changed}
        return None

    def mark(self, given: Mapping[str, Given]) -> tuple[Mark, ...]:
        """Return the marks of what a student gave, by the ids of the answers, in the order of the problem."""
        run = _Run(self, given)
        for name in self.bench.names:
            run.take(name)
        return tuple(self._mark(slot, answer, run, given) for slot, answer in self.slots)

    def _mark(self, slot: Slot, answer: Answer, run: _Run, given: Mapping[str, Given]) -> Mark:
        share, problem = slot.ask.points / self._entries[slot.ask.id], self.solved.problem.id
        one = given.get(answer.id)
        if one is None or one.value is None:
            outcome = Outcome.UNREAD if one is not None and one.unread else Outcome.BLANK
            return Mark(problem, slot.ask.id, answer.id, one, outcome, share)
        told = run.told[slot.name][slot.at]
        # An entry may be asked for twice, and only one of the two be given right.
        if answer.least <= one.value <= answer.most:
            told = _Told(Outcome.RIGHT)
        elif told.outcome is Outcome.RIGHT:
            told = _Told(Outcome.WRONG)
        return Mark(
            problem, slot.ask.id, answer.id, one, told.outcome, share, told.mistakes, told.after, told.alone, told.slip
        )


@dataclass(frozen=True)
class _Told:
    """What is found of one number."""

    outcome: Outcome
    mistakes: tuple[Named, ...] = ()
    after: tuple[str, ...] = ()
    alone: bool = False
    slip: str = ""


@dataclass
class _Run:
    """One student's way through a problem, array by array in the order of the equations."""

    marker: Marker
    given: Mapping[str, Given]
    own: dict[str, dict[int, Written]] = field(default_factory=dict)
    charged: list[Named] = field(default_factory=list)
    blamed: list[Named] = field(default_factory=list)
    told: dict[str, dict[int, _Told]] = field(default_factory=dict)
    _worlds: dict[tuple[_Start, Rounding], Carried] = field(default_factory=dict)

    def take(self, name: str) -> None:
        """Look at what the student gave for one array."""
        answers = self.marker.answers[name]
        values = {at: one.value for at, one in self._values(name) if one.value is not None}
        right = {at: value for at, value in values.items() if answers[at].least <= value <= answers[at].most}
        told = {at: _Told(Outcome.RIGHT) for at in right}
        left = {at: value for at, value in values.items() if at not in right}
        for look in (self._following, self._same, self._modelled, self._on_own):
            if left:
                told |= look(name, left, right)
                left = {at: value for at, value in left.items() if at not in told}
        for at, value in left.items():
            like = slip(answers[at], value)
            told[at] = _Told(Outcome.SLIP if like else Outcome.WRONG, slip=like)
        self.told[name] = told
        if len(right) < len(values):
            mine = ((at, written(one, at in right and is_full(answers[at]))) for at, one in values.items())
            self.own[name] = {at: one for at, one in mine if one is not None}

    def _values(self, name: str) -> Iterator[tuple[int, Given]]:
        for slot, answer in self.marker.slots:
            if slot.name == name and answer.id in self.given:
                yield slot.at, self.given[answer.id]

    def _following(self, name: str, left: Numbers, _: Numbers) -> dict[int, _Told]:
        """Return what follows from the student's own numbers, from whichever of them most of it follows."""
        found: dict[int, _Told] = {}
        rest = dict(left)
        while rest:
            start, places = self._furthest(name, rest)
            if start is None:
                break
            after = self._nearest(name, start.own)
            mistakes = (start.mistake,) if start.mistake else ()
            for at in places:
                found[at] = _Told(Outcome.FOLLOWS if after else Outcome.SAME, mistakes, after)
                del rest[at]
        return found

    def _furthest(self, name: str, rest: Numbers) -> tuple[_Start | None, list[int]]:
        """Return what most of some numbers follow from, and the places of those that do."""
        best: tuple[_Start | None, list[int]] = (None, [])
        for start in self._starts(name):
            places = [at for at, value in rest.items() if self._reaches(start, name, at, value)]
            if len(places) > len(best[1]):
                best = start, places
            if len(places) == len(rest):
                break
        return best

    def _starts(self, name: str) -> Iterator[_Start]:
        """Yield what may have been computed with: all of one's own numbers, some of them, and mistakes before them."""
        own = tuple(other for other in self.own if other in self._needed(name))
        subsets = dict.fromkeys((own, *((one,) for one in own), *(tuple(o for o in own if o != one) for one in own)))
        for mistake in (None, *self.blamed):
            yield from (_Start(some, mistake) for some in subsets if some or mistake)

    def _needed(self, name: str) -> frozenset[str]:
        """Return all arrays that go into one, directly or not."""
        reads = {one.name: one.reads for one in self.marker.bench.lesson.told}
        needed, new = set(), set(reads.get(name, ()))
        while new:
            needed |= new
            new = {other for one in new for other in reads.get(one, ())} - needed
        return frozenset(needed)

    def _nearest(self, name: str, own: tuple[str, ...]) -> tuple[str, ...]:
        """Return those of one's own arrays that an array is computed from without another of them between."""
        reads = {one.name: one.reads for one in self.marker.bench.lesson.told}
        found, seen, new = set(), set(), set(reads.get(name, ()))
        while new:
            found |= new & set(own)
            seen |= new
            new = {other for one in new - set(own) for other in reads.get(one, ())} - seen
        return tuple(one for one in own if one in found)

    def _world(self, start: _Start, name: str) -> Carried:
        rounding = Rounding.of(next(iter(self.marker.answers[name].values())).ask)
        if (start, rounding) not in self._worlds:
            planted = self.marker.planted(start.mistake) if start.mistake else None
            own: Own = {one: self.own[one] for one in start.own}
            self._worlds[start, rounding] = carried(self.marker.bench, self.marker.leaves, own, rounding, planted)
        return self._worlds[start, rounding]

    def _reaches(self, start: _Start, name: str, at: int, value: Fraction) -> bool:
        reach = self._world(start, name).interval(name, at, self.marker.gauges[name][at].slack)
        return reach is not None and reach[0] <= value <= reach[1]

    def _same(self, name: str, left: Numbers, _: Numbers) -> dict[int, _Told]:
        """Return what a mistake leads to that has cost points before."""
        found = {}
        gauges = self.marker.gauges[name]
        for one in self.marker.suspects[name]:
            if one.mistake in self.charged:
                for at, number in one.numbers.items():
                    if at in left and at not in found and gauges[at].is_near(number, left[at]):
                        found[at] = _Told(Outcome.SAME, (one.mistake,))
        return found

    def _modelled(self, name: str, left: Numbers, right: Numbers) -> dict[int, _Told]:
        """Return what a mistake leads to that is made on the right numbers."""
        return self._charge(find(self.marker.suspects[name], self.marker.gauges[name], left, right))

    def _charge(self, found: tuple[Found, ...], after: tuple[str, ...] = ()) -> dict[int, _Told]:
        self.charged += [mistake for one in found for mistake in one.mistakes]
        # Of those that cannot be told apart one is enough to compute with.
        self.blamed += [one.mistakes[0] for one in found if one.mistakes[0] not in self.blamed]
        return {
            at: _Told(Outcome.MISTAKE, one.mistakes, after, one.alone) for one in found for at in sorted(one.places)
        }

    def _on_own(self, name: str, left: Numbers, _: Numbers) -> dict[int, _Told]:
        """Return what a mistake leads to that is made on the student's own numbers."""
        found: dict[int, _Told] = {}
        rest = dict(left)
        starts = [start for start in self._starts(name) if start.mistake is None]
        for start in starts[: MOST_TOGETHER + 1]:
            if rest:
                seen = find(self._planted_on(start, name), self.marker.gauges[name], rest, {})
                after = self._nearest(name, start.own)
                found |= self._charge(seen, after)
                rest = {at: value for at, value in rest.items() if at not in found}
        return found

    def _planted_on(self, start: _Start, name: str) -> Iterator[Suspect]:
        """Yield the mistakes that can be made at an array, or on the way to it, with the student's own numbers."""
        lesson, world = self.marker.bench.lesson, self._world(start, name)
        own = {one: world.middles[one] for one in start.own if one in world.middles}
        with precision(BITS):
            try:
                scope = lesson.right(self.marker.leaves, own)
            except (UndecidedError, ZeroDivisionError):
                return
            for place in self._places(name, start):
                numbers = next((them for other, them in lesson.wrong(scope, place) if other == name), None)
                if numbers is not None:
                    made_at = next(move.equation.name for move in place.moves if move.changed)
                    wrong = {at: fraction(number) for at, number in enumerate(numbers)}
                    yield Suspect(Named(place.row, place.said, made_at), wrong)

    def _places(self, name: str, start: _Start) -> Iterator[Place]:
        for place in self.marker.bench.lesson.places:
            changed = {move.equation.name for move in place.moves if move.changed}
            if any(move.equation.name == name for move in place.moves) and changed.isdisjoint(start.own):
                yield place
