"""A whole file of answers marked: the sheets of all students, how each question went, and which mistakes are common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from symnn.errors import InputError
from symnn.exam.bench import Bench, bench
from symnn.exam.model import NUMBER, Ask, ProblemSet, Solved
from symnn.exam.variants import Maker
from symnn.grade.answering import Answered, Directory, sort
from symnn.grade.keys import Keys
from symnn.grade.marking import Marker
from symnn.grade.marks import Mark, Outcome, Sheet
from symnn.grade.rows import AnswerFile, Listed

FEW_RIGHT = Fraction(1, 20)
"""If fewer of the answers than this are right, the answers may belong to another seed or another file."""

MANY = 20
"""From so many answers on it is said that hardly any is right."""

Solver = Callable[[int, int], Solved]
"""Returns a problem, by its place in the set, with the numbers of a variant."""


@dataclass(frozen=True)
class Asked:
    """How a question went: how many numbers are in each state, and the points on average, of ``possible``.

    The states count numbers, all entries of an array; ``sheets`` counts students.
    """

    problem: str
    question: str
    sheets: int
    states: Mapping[Outcome, int]
    points: Fraction
    possible: Fraction


@dataclass(frozen=True)
class Common:
    """A mistake and how many sheets it cost points on; ``also`` says what it cannot be told from on them."""

    problem: str
    said: str
    sheets: int
    also: tuple[str, ...]


@dataclass(frozen=True)
class Marked:
    """A file of answers, marked: sheets in the order of the file, rows that need a person, and what the class did.

    ``by_hand`` holds what asks for no number, with the id of its problem. ``doubt`` says why the whole may have been
    marked by the wrong key; it is empty where there is no reason to think so.
    """

    sheets: tuple[Sheet, ...]
    listed: tuple[Listed, ...]
    questions: tuple[Asked, ...]
    mistakes: tuple[Common, ...]
    by_hand: tuple[tuple[str, Ask], ...]
    doubt: str


def mark_answers(problem_set: ProblemSet, answers: AnswerFile, seed: int = 0, keys: Keys | None = None) -> Marked:
    """Return a file of answers marked by the variants of a problem set that a seed gives, or by their keys.

    Raises `InputError` for a problem set of which there are no variants.
    """
    if keys is not None:
        benches = [bench(problem) for problem in problem_set.problems]
        return mark_by(problem_set, benches, answers, lambda place, number: keys.solved(benches[place], number))
    makers = [Maker(problem) for problem in problem_set.problems]
    drawn = [maker.bench for maker in makers]
    return mark_by(problem_set, drawn, answers, lambda place, number: makers[place].solved(seed, number))


def mark_by(problem_set: ProblemSet, benches: Sequence[Bench], answers: AnswerFile, solver: Solver) -> Marked:
    """Return a file of answers marked by solved problems; a variant that cannot be made is listed with its rows."""
    found = sort(answers, Directory(problem_set, benches))
    by_variant: dict[int, list[int]] = {}
    for at, one in enumerate(found.sheets):
        by_variant.setdefault(one.variant, []).append(at)
    marked: dict[int, Sheet] = {}
    listed = list(found.listed)
    # A variant is forgotten before the next is made: all of a large set together are larger than a machine.
    for number, places in sorted(by_variant.items()):
        try:
            markers = [Marker(one, solver(place, number)) for place, one in enumerate(benches)]
        except InputError as error:
            what = f"variant {number} cannot be marked: {str(error).splitlines()[0]}"
            lines = [line for at in places for line in found.sheets[at].lines]
            advice = "compare the number with that of the sheet, and the problem file with that of the sheets"
            listed += [Listed(line, what, advice) for line in lines]
            continue
        marked |= {at: _sheet(found.sheets[at], markers) for at in places}
    sheets = tuple(marked[at] for at in sorted(marked))
    by_hand = tuple((one.id, ask) for one in problem_set.problems for ask in one.asks if ask.kind != NUMBER)
    asked = tuple(_asked(problem_set, sheets))
    return Marked(sheets, tuple(sorted(listed)), asked, tuple(_common(sheets)), by_hand, _doubt(sheets))


def _sheet(one: Answered, markers: Iterable[Marker]) -> Sheet:
    marks = [mark for marker in markers for mark in marker.mark(one.given.get(marker.solved.problem.id, {}))]
    return Sheet(one.student, one.variant, tuple(marks))


def _asked(problem_set: ProblemSet, sheets: Sequence[Sheet]) -> Iterable[Asked]:
    if not sheets:
        return
    marks: dict[tuple[str, str], list[Mark]] = {}
    for mark in (mark for sheet in sheets for mark in sheet.marks):
        marks.setdefault((mark.problem, mark.question), []).append(mark)
    for problem in problem_set.problems:
        for ask in problem.asks:
            if ask.kind == NUMBER:
                own = marks[problem.id, ask.id]
                counts = Counter(mark.outcome for mark in own)
                points = sum((mark.points for mark in own), Fraction(0)) / len(sheets)
                states = {outcome: counts[outcome] for outcome in Outcome}
                yield Asked(problem.id, ask.id, len(sheets), states, points, ask.points)


def _common(sheets: Sequence[Sheet]) -> list[Common]:
    """Return the mistakes, those first that are on most sheets; on as many, in the order in which they turn up."""
    counts: dict[tuple[str, str], int] = {}
    also: dict[tuple[str, str], set[str]] = {}
    for sheet in sheets:
        costing = [mark for mark in sheet.marks if mark.costs]
        for key in dict.fromkeys((mark.problem, mark.mistakes[0].said) for mark in costing):
            counts[key] = counts.get(key, 0) + 1
        for mark in costing:
            others = {one.said for one in mark.mistakes[1:]} - {mark.mistakes[0].said}
            also.setdefault((mark.problem, mark.mistakes[0].said), set()).update(others)
    ranked = sorted(counts, key=lambda key: -counts[key])
    return [Common(*key, counts[key], tuple(sorted(also[key]))) for key in ranked]


def _doubt(sheets: Sequence[Sheet]) -> str:
    marks: list[Mark] = [
        mark for sheet in sheets for mark in sheet.marks if mark.given and mark.given.value is not None
    ]
    right = sum(mark.outcome is Outcome.RIGHT for mark in marks)
    if len(marks) < MANY or right >= FEW_RIGHT * len(marks):
        return ""
    return f"of {len(marks)} numbers {right} are right: is this the problem file, and the seed, of these sheets?"
