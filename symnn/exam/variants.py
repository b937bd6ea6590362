"""Variants of a problem set: numbers that are good to work with, equally hard, and in which mistakes tell themselves.

Variant k comes from the seed and k alone, so that any one can be made again without the others. A draw is taken if no
row of `symnn.exam.degenerate` finds anything, if it makes as much work as the problem's own count, and if every
modelled mistake shows and is told from every other; what the problem itself makes impossible is left out of that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from random import Random
from typing import Any, TypeAlias

import numpy as np

from symnn.errors import InputError, UndecidedError, aligned
from symnn.exam.bench import Bench, Scope, Slot, bench
from symnn.exam.degenerate import Watched, degenerate, doubles
from symnn.exam.difficulty import Meter, Work
from symnn.exam.discriminating import NEARLY_ALL, Judged, Lasting, Slips
from symnn.exam.draws import Draw, Urn, shuffled
from symnn.exam.model import Answer, Problem, ProblemSet, Solved, Variant, Wrong
from symnn.exam.shown import Printing
from symnn.exam.tolerance import Reach, Rounding, reach, within
from symnn.library import BITS
from symnn.notation import name_of
from symnn.scalars import precision

PROBES = 24
"""How many draws a problem is tried on, to find what in it comes of no numbers."""

MOST_TRIED, MOST_JUDGED = 200, 10
"""How many good draws are held against a few mistakes, and against all; if none separates all, the best is taken."""

FIRST = 16
"""So many mistakes, the most troublesome, are looked at before the others."""

EASE = 0.2
"""As many numbers of mistakes may lie within rounding as in this share of the draws that a problem is tried on."""

ENOUGH, MOST_DRAWN = 2000, 5000
"""After so many draws those that are good have to do, and after so many of which none is the bounds are at fault."""

Faults: TypeAlias = tuple[int, int, int]


@dataclass(frozen=True)
class Good:
    """A draw that is fit for an exercise, with all right numbers and what careful rounding makes of them."""

    draw: Draw
    right: Scope
    reach: Reach


def variants(
    problem_set: ProblemSet, count: int, seed: int, *, first: int = 1, makers: Sequence[Maker] = ()
) -> Iterator[Variant]:
    """Yield ``count`` variants of a problem set, from the variant numbered ``first`` on.

    ``makers`` are those of its problems, in order, where they are there already.

    Raises `InputError` for a problem whose bounds leave no good numbers.
    """
    makers = makers or [Maker(problem) for problem in problem_set.problems]
    for number in range(first, first + count):
        solved = [maker.solved(seed, number) for maker in makers]
        stream = Random(f"{seed} {number} order")  # noqa: S311 -- no secret
        if problem_set.shuffle_problems:
            solved = shuffled(solved, stream)
        if problem_set.shuffle_entries:
            solved = [_entries_shuffled(one, stream) for one in solved]
        yield Variant(number, seed, tuple(solved))


class Maker:
    """Makes the variants of one problem; what they have in common is worked out once."""

    def __init__(self, problem: Problem) -> None:
        self.bench: Bench = bench(problem)
        self._urn, self._meter = Urn(self.bench), Meter(self.bench)
        self.slips = Slips(self.bench)
        self._free = any(row.values or row.axis is not None for row in self._urn.rows)
        self.work: Work | None = None
        with precision(BITS):
            self._watched = Watched.of(self.bench, self._sparse())
            self.probes = tuple(self._probed())
        self.lasting = Lasting.of(self.probes)
        inside = sorted(judged.faults(self.lasting)[2] for judged in self.probes)
        self.inside = inside[int(EASE * len(inside))]

    def solved(self, seed: int, number: int) -> Solved:
        """Return the problem with the numbers of a variant and its answers."""
        with precision(BITS):
            good, judged = self._best(f"{seed} {number} {self.bench.problem.id}")
            answers = self._answers(good, judged)
        right = good.right
        leaves = {name_of(leaf) for leaf in self.bench.derivation.program.leaves}
        names = [name for name in right if name in leaves or name in self.bench.lesson.shown]
        values = {name: self.bench.boxed(name, right[name]) for name in names}
        return Solved(self.bench.problem, self._urn.point(good.draw), values, answers)

    def _sparse(self) -> Iterator[str]:
        """Yield the arrays that hold a 0 in nearly any draw, as the adjoints of outputs that no target is at."""
        zeros: Counter[str] = Counter()
        for attempt in range(PROBES):
            with suppress(UndecidedError, ZeroDivisionError):
                right = self.bench.lesson.right(self._urn.draw(f"sparse {attempt}").leaves)
                zeros.update(name for name, numbers in right.items() if any(number == 0 for number in numbers))
        yield from (name for name, count in zeros.items() if count >= NEARLY_ALL * PROBES)

    def _probed(self) -> Iterator[Judged]:
        stream = f"probe {self.bench.problem.id}"
        found = list(islice(self._good(stream), PROBES if self._free else 1))
        counts = [self._meter.count(good.right) for good in found]
        additions, _ = Counter(work.additions for work in counts).most_common(1)[0]
        products = sorted(work.multiplications for work in counts if work.additions == additions)
        self.work = Work(products[len(products) // 2], additions)
        yield from (self.slips.judge(good.right, good.reach) for good in found)

    def _best(self, stream: str) -> tuple[Good, Judged]:
        """Return the first good draw that separates all mistakes, or of those looked at the best, and its mistakes."""
        passed: list[tuple[Faults, Good, Judged]] = []
        fallen: list[tuple[Faults, Good]] = []
        for good in self._good(stream):
            # Most draws that fail do so by the same few mistakes.
            few = self.slips.judge(good.right, good.reach, self.lasting.troublesome[:FIRST])
            if self._separates(few) or not self._free:
                judged = self.slips.judge(good.right, good.reach)
                if self._separates(judged) or not self._free:
                    return good, judged
                passed.append((judged.faults(self.lasting), good, judged))
            else:
                fallen.append((few.faults(self.lasting), good))
            if len(passed) == MOST_JUDGED or len(passed) + len(fallen) == MOST_TRIED:
                break
        # Of equally good ones the first.
        if passed:
            return min(passed, key=_faults)[1:]
        _, good = min(fallen, key=_faults)
        return good, self.slips.judge(good.right, good.reach)

    def _separates(self, judged: Judged) -> bool:
        """Whether mistakes show and are told apart, as far as that lies in the numbers."""
        hidden, alike, inside = judged.faults(self.lasting)
        return not hidden and not alike and inside <= self.inside

    def _good(self, stream: str) -> Iterator[Good]:
        """Yield draws that nothing is wrong with and that make as much work as the problem's own count.

        Raises `InputError` where there are none.
        """
        reasons: Counter[str] = Counter()
        found = False
        for attempt in range(MOST_DRAWN):
            if found and attempt >= ENOUGH:
                return
            draw = self._urn.draw(f"{stream} {attempt}")
            try:
                right = self.bench.lesson.right(draw.leaves)
                said = self._bad(right) if self._free else ""
                if not said:
                    good = Good(draw, right, reach(self.bench, right))
            except (UndecidedError, ZeroDivisionError) as error:
                said = str(error)
            if said:
                reasons[said] += 1
            else:
                found = True
                yield good
        if not found:
            rows = [(f"{count} times", said) for said, count in reasons.most_common(5)]
            rows.append(("do", "if numbers are alike or 0, widen the bounds or take a smaller step"))
            rows.append(("", "if they are too large, narrow the bounds; or keep arrays of the example: fixed"))
            name = self.bench.problem.id
            raise InputError(f"{name}: of {MOST_DRAWN} draws within the bounds none is good\n{aligned(rows)}")

    def _bad(self, right: Scope) -> str:
        said = degenerate(self._watched, doubles(self.bench, right))
        if not said and self.work is not None and not self._meter.count(right).alike(self.work):
            said = "more or less work than in most draws"
        return said

    def _answers(self, good: Good, judged: Judged) -> tuple[Answer, ...]:
        printings: dict[Rounding, Printing] = {}
        found = []
        for column, (slot, ends) in enumerate(zip(self.bench.slots, good.reach.ends, strict=True)):
            rounding = Rounding.of(slot.ask)
            printing = printings.setdefault(rounding, Printing(rounding))
            found.append(self._answer(column, slot, ends, good.right, judged, printing))
        return tuple(found)

    def _answer(
        self,
        column: int,
        slot: Slot,
        ends: tuple[Fraction, Fraction],
        right: Scope,
        judged: Judged,
        printing: Printing,
    ) -> Answer:
        outside: tuple[list[Wrong], list[Wrong]] = [], []
        inside: list[Wrong] = []
        rows = np.flatnonzero(judged.changed[:, column])
        for row, near in zip(rows.tolist(), judged.inside[rows, column].tolist(), strict=True):
            wrong, told = judged.numbers[row][slot.name], self.slips.told[row]
            one = Wrong(*printing.of(wrong[slot.at]), *told)
            if near and within(wrong[slot.at], ends):
                inside.append(one)
            else:
                # A mistake that is made at the array itself comes before those that are carried to it.
                outside[one.made_at != slot.name].append(one)
        exact, text = printing.of(right[slot.name][slot.at])
        wrong_ones = (*outside[False], *outside[True])
        return Answer(slot.ask, slot.place, exact, text, *ends, wrong_ones, tuple(inside))


def _faults(one: tuple[Any, ...]) -> Faults:
    faults: Faults = one[0]
    return faults


def _entries_shuffled(solved: Solved, stream: Random) -> Solved:
    """Return a problem with the entries of every array that is asked for in a drawn order."""
    by_ask: dict[str, list[Answer]] = {}
    for answer in solved.answers:
        by_ask.setdefault(answer.ask.id, []).append(answer)
    answers = tuple(answer for group in by_ask.values() for answer in shuffled(group, stream))
    return Solved(solved.problem, solved.point, solved.values, answers)
