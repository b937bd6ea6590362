"""The stress report of a set: every answer of every variant worked out anew, and everything that is promised of them.

It holds of what the sheets and keys are printed from, and asks nothing of how that was made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from random import Random
from types import MappingProxyType
from typing import Any

import numpy as np
from flint import arb, fmpq

from symnn.errors import SymnnError, UndecidedError
from symnn.exam.bench import Bench, bench
from symnn.exam.difficulty import Meter, Work
from symnn.exam.key import mistake
from symnn.exam.model import NUMBER, Answer, Solved, Variant, Wrong
from symnn.exam.recomputed import Recomputed, Recomputing
from symnn.library import BITS, as_balls
from symnn.notation import ADJOINT
from symnn.scalars import Exact, certified_digits, precision

CERTAIN = 30
"""An answer is certified if two ways to it agree to so many digits at least."""


@dataclass(frozen=True)
class Failure:
    """What does not hold: in which variant (0: all together), in which problem, of which answer if of one, and what."""

    variant: int
    problem: str
    answer: str
    said: str


@dataclass(frozen=True)
class Coinciding:
    """Mistakes of a problem with the same numbers, or with ``right`` those of the right answer, in so many variants."""

    problem: str
    right: bool
    said: tuple[str, ...]
    variants: int


@dataclass(frozen=True)
class Stress:
    """What the stress test of a set found.

    ``answers`` numbers were worked out anew by the kernel and ``slopes`` arrays of them by dual balls, in agreement to
    ``digits`` digits at least. ``work`` holds by problem the least and the most that a variant takes. ``coincide``
    holds mistakes that no number tells from a right answer or from each other, and in how many variants; ``alike`` the
    numbers of variants that ask for the same.
    """

    variants: int
    answers: int
    slopes: int
    digits: int
    mistakes: int
    failures: tuple[Failure, ...]
    work: Mapping[str, tuple[Work, Work]]
    coincide: tuple[Coinciding, ...]
    alike: tuple[tuple[int, ...], ...]

    @property
    def holds(self) -> bool:
        """Whether nothing has failed."""
        return not self.failures


Givens = tuple[tuple[str, str], ...]


@dataclass
class Tally:
    """What was found in some variants, in a form that can be added up and sent from one process to another."""

    answers: int = 0
    slopes: int = 0
    digits: int = 10**6
    mistakes: int = 0
    failures: list[Failure] = field(default_factory=list)
    coincide: dict[tuple[str, bool, tuple[str, ...]], int] = field(default_factory=dict)
    givens: dict[Givens, list[int]] = field(default_factory=dict)
    work: dict[str, tuple[Work, Work]] = field(default_factory=dict)

    def add(self, other: Tally) -> None:
        """Add what was found in later variants."""
        self.answers += other.answers
        self.slopes += other.slopes
        self.digits = min(self.digits, other.digits)
        self.mistakes += other.mistakes
        self.failures += other.failures
        for text, count in other.coincide.items():
            self.coincide[text] = self.coincide.get(text, 0) + count
        for given, numbers in other.givens.items():
            self.givens.setdefault(given, []).extend(numbers)
        for problem, ends in other.work.items():
            self.work[problem] = _range([*self.work.get(problem, ()), *ends])

    def result(self) -> Stress:
        """Return what was found in all variants."""
        uneven = [Failure(0, problem, "", said) for problem, ends in self.work.items() if (said := _uneven(*ends))]
        return Stress(
            sum(map(len, self.givens.values())),
            self.answers,
            self.slopes,
            self.digits,
            self.mistakes,
            (*self.failures, *uneven),
            self.work,
            tuple(Coinciding(*group, count) for group, count in self.coincide.items()),
            tuple(tuple(numbers) for numbers in self.givens.values() if len(numbers) > 1),
        )


class Stressing:
    """Tests variants one after the other; ``tally`` holds what was found.

    ``benches`` are those of the problems by their ids, where they are set up already.
    """

    def __init__(self, benches: Mapping[str, Bench] = MappingProxyType({})) -> None:
        self.tally = Tally()
        self._benches = benches
        self._by: dict[str, tuple[Recomputing, Meter]] = {}

    def add(self, variant: Variant) -> None:
        """Test a variant."""
        givens = []
        for solved in variant.problems:
            problem = solved.problem
            if problem.id not in self._by:
                own = self._benches.get(problem.id)
                self._by[problem.id] = Recomputing(problem), Meter(bench(problem) if own is None else own)
            recomputing, meter = self._by[problem.id]
            for answer, said in self._found(solved, recomputing.at(solved.point), variant.number):
                self.tally.failures.append(Failure(variant.number, problem.id, answer, said))
            raw = {name: [one.value for one in np.ravel(value)] for name, value in solved.values.items()}
            work = meter.count(raw)
            self.tally.work[problem.id] = _range([*self.tally.work.get(problem.id, ()), work])
            givens.append((problem.id, f"{solved.point.parameters} {solved.point.data}"))
        self.tally.givens.setdefault(tuple(sorted(givens)), []).append(variant.number)

    def _found(self, solved: Solved, anew: Recomputed, number: int) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with a problem in a variant, each with the answer that it is about."""
        wanted = {ask.id for ask in solved.problem.asks if ask.kind == NUMBER}
        missing = wanted - {one.ask.id for one in solved.answers}
        yield from ((one, "there is no answer") for one in sorted(missing))
        try:
            yield from self._recomputed(solved, anew, Random(number))  # noqa: S311 -- no secret
        except SymnnError as error:
            yield "", f"it cannot be worked out anew: {str(error).splitlines()[0]}"
        for answer in solved.answers:
            yield from ((answer.id, said) for said in _within(answer))
            self.tally.mistakes += len(answer.wrong)
        yield from _degenerate(solved)
        self._told_apart(solved)

    def _recomputed(self, solved: Solved, anew: Recomputed, stream: Random) -> Iterator[tuple[str, str]]:
        groups: dict[str, list[Answer]] = {}
        for answer in solved.answers:
            groups.setdefault(answer.ask.id, []).append(answer)
        for answers in groups.values():
            array = anew.by_kernel(answers[0].ask.quantity)
            for answer in answers:
                entry = array[answer.place] if answer.place else _only(array)
                self.tally.answers += 1
                digits = _agree(as_balls(answer.exact).value, as_balls(entry).value)
                self.tally.digits = min(self.tally.digits, digits)
                if digits < CERTAIN:
                    yield answer.id, f"the kernel gives {_about(entry)}, the key {_about(answer.exact)}"
            sums = anew.by_slopes(answers, stream)
            if sums is not None:
                self.tally.slopes += 1
                digits = _agree(*sums)
                self.tally.digits = min(self.tally.digits, digits)
                if digits < CERTAIN:
                    yield answers[0].ask.id, "dual balls give another slope of the loss than the key"

    def _told_apart(self, solved: Solved) -> None:
        """Note mistakes that are told neither from the right answer nor from one another by any number."""
        marks: dict[Any, dict[str, str]] = {}
        seen: set[Any] = set()
        shows: dict[Any, Wrong] = {}
        for answer in solved.answers:
            seen |= {mistake(one) for one in answer.wrong}
            shows.update((mistake(one), one) for one in (*answer.wrong, *answer.coincides))
            for one in answer.wrong:
                marks.setdefault(mistake(one), {})[answer.id] = one.shown
        groups: dict[tuple[tuple[str, str], ...], list[str]] = {}
        for one, numbers in marks.items():
            groups.setdefault(tuple(numbers.items()), []).append(shows[one].said)
        found = [(True, tuple(shows[one].said for one in shows if one not in seen))]
        found += [(False, tuple(sorted(group))) for group in groups.values() if len(group) > 1]
        for right, said in found:
            if not said:
                continue
            key = solved.problem.id, right, said
            self.tally.coincide[key] = self.tally.coincide.get(key, 0) + 1


def _only(array: Any) -> Any:
    return array.ravel().tolist()[0] if isinstance(array, np.ndarray) else array


def _agree(ours: Any, theirs: Any) -> int:
    """Return to how many digits two arbs certainly agree, relative to the larger one."""
    with precision(BITS):
        return certified_digits(ours - theirs, abs(ours).max(abs(theirs)).max(arb(1)))


def _about(number: Any) -> str:
    return str(as_balls(number).value.str(10, radius=False))


def _within(answer: Answer) -> Iterator[str]:
    """Yield what is wrong with the interval of an answer and with its wrong numbers."""
    try:
        with precision(BITS):
            yield from _placed(answer)
    except UndecidedError as error:
        yield str(error).splitlines()[0]


def _placed(answer: Answer) -> Iterator[str]:
    """Yield what lies on the wrong side of an end of the interval."""
    if not _inside(answer.exact, answer):
        yield f"the interval from {answer.least} to {answer.most} does not hold the answer {_about(answer.exact)}"
    if not answer.least <= Fraction(answer.shown) <= answer.most:
        yield f"the interval from {answer.least} to {answer.most} does not hold {answer.shown}, as it is printed"
    for one in answer.wrong:
        if _inside(one.value, answer):
            yield f"the number of a mistake lies in the interval: {one.said}"
    for one in answer.coincides:
        if not _inside(one.value, answer):
            yield f"a mistake is said to coincide and does not: {one.said}"


def _inside(number: Any, answer: Answer) -> bool:
    """Tell whether a number lies in the interval of an answer, its ends included.

    Raises `UndecidedError` for a ball that reaches over an end.
    """
    if isinstance(number, Exact):
        return answer.least <= Fraction(int(number.value.p), int(number.value.q)) <= answer.most
    held = as_balls(number).value
    least, most = (arb(fmpq(end.numerator, end.denominator)) for end in (answer.least, answer.most))
    if held >= least and held <= most:
        return True
    if held < least or held > most:
        return False
    raise UndecidedError(f"{number} lies at the end of an interval, as far as is certain")


def _degenerate(solved: Solved) -> Iterator[tuple[str, str]]:
    """Yield what numbers would hide a mistake: a loss of 0, a gradient that is all zeros."""
    program = solved.problem.example.derivation.program
    loss = program.equations[-1].name
    if loss in solved.values and _may_be_nothing(solved.values[loss]):
        yield loss, "the loss is 0: nothing is left to learn"
    for name in map(str, (one.name for one in solved.problem.example.derivation.steps)):
        gradient = solved.values.get(ADJOINT + name)
        if gradient is not None and all(map(_may_be_nothing, np.ravel(gradient))):
            yield ADJOINT + name, "the gradient is 0 throughout, whatever mistake is made in it"


def _may_be_nothing(number: Any) -> bool:
    """Tell whether a number is 0 as far as is certain: a ball about 0 is no number to set an exam on."""
    try:
        return bool(as_balls(number) == 0)
    except UndecidedError:
        return True


def _range(found: Sequence[Work]) -> tuple[Work, Work]:
    products = [one.multiplications for one in found]
    sums = [one.additions for one in found]
    return Work(min(products), min(sums)), Work(max(products), max(sums))


def _uneven(least: Work, most: Work) -> str:
    """Return what is unequal about the work of variants, or nothing: the two ends are alike to what lies between."""
    middle = Work((least.multiplications + most.multiplications) // 2, (least.additions + most.additions) // 2)
    if least.alike(middle) and most.alike(middle):
        return ""
    ends = ((getattr(least, what), getattr(most, what), what) for what in ("multiplications", "additions"))
    return "variants take " + " and ".join(f"from {low} to {high} {what}" for low, high, what in ends)
