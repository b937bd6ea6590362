"""Rows of a file sorted into sheets: which student answered what in which variant, read as numbers where they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from symnn.errors import InputError, shortened, unknown
from symnn.exam.bench import Bench, Slot
from symnn.exam.model import NUMBER, ProblemSet
from symnn.grade.arrays import entries, looks_like_array
from symnn.grade.marks import Given
from symnn.grade.numbers import COMMA, UnreadableError, mark_of, number
from symnn.grade.rows import AnswerFile, Listed, Row

MOST_VARIANTS = 1_000_000
"""The highest number that a variant may have."""

MOST_TOLD = 12
"""How many questions are named to somebody who names another."""

_VARIANT = re.compile(r"(?:variant[ _-]?|v)?0*([1-9][0-9]*)(?:\.0)?", re.IGNORECASE)
_AS_TEXT = "mark it by hand, or write a number and mark again"


@dataclass(frozen=True)
class Question:
    """What an id stands for: the answers that it asks for, by id, none where the answer is no number.

    ``whole`` tells a question of the sheet from an entry of one.
    """

    problem: str
    id: str
    shape: tuple[int, ...]
    slots: tuple[str, ...]
    whole: bool


class Directory:
    """The questions of a problem set by every name that a file of answers may give them."""

    def __init__(self, problem_set: ProblemSet, benches: Iterable[Bench]) -> None:
        self._known: dict[str, Question] = {}
        self._double: dict[str, list[str]] = {}
        several = len(problem_set.problems) > 1
        for bench in benches:
            for question in _questions(bench):
                full = f"{question.problem}/{question.id}"
                self._known[full] = question
                self._double.setdefault(question.id, []).append(full)
        for short, fulls in self._double.items():
            if len(fulls) == 1:
                self._known.setdefault(short, self._known[fulls[0]])
        whole = [one for name, one in self._known.items() if "/" in name and one.whole]
        names = [f"{one.problem}/{one.id}" if several else one.id for one in whole]
        self.told = ", ".join([*names[:MOST_TOLD], *(["…"] if len(names) > MOST_TOLD else [])])
        folded: dict[str, list[Question]] = {}
        for name, question in self._known.items():
            folded.setdefault(_folded(name), []).append(question)
        self._folded = {
            name: found[0] for name, found in folded.items() if len({(q.problem, q.id) for q in found}) == 1
        }

    def find(self, name: str) -> Question:
        """Return the question of a name; raise `InputError` for an unknown one, or one that several problems have."""
        found = self._known.get(name) or self._folded.get(_folded(name))
        if found is not None:
            return found
        if name in self._double:
            raise InputError(f"{name!r} is asked in several problems: write {' or '.join(self._double[name])}")
        said = str(unknown("question", name, self._known)).split("\n")[0]
        raise InputError(said if len(name) <= 60 else f"unknown question {shortened(name)}")


def _folded(name: str) -> str:
    """Return a name as it may be typed: in any case, with any sign between its parts."""
    return re.sub(r"[ _.:-]+", "-", name.casefold())


def _questions(bench: Bench) -> Iterator[Question]:
    problem = bench.problem
    for ask in problem.asks:
        own = [slot for slot in bench.slots if slot.ask is ask]
        ids = tuple(map(id_of, own))
        shape = () if ask.kind != NUMBER or ask.place is not None else bench.lesson.shapes[ask.quantity]
        yield Question(problem.id, ask.id, shape, ids, True)
        if ids != (ask.id,):
            yield from (Question(problem.id, one, (), (one,), False) for one in ids)


def id_of(slot: Slot) -> str:
    """Return the id of the answer to a slot, as `symnn.exam.Answer` has it."""
    if slot.ask.place is not None or not slot.place:
        return slot.ask.id
    return "-".join([slot.ask.id, *(str(one + 1) for one in slot.place)])


@dataclass
class Answered:
    """What a student gave to one variant, by problem and id, and the lines of all answers."""

    student: str
    variant: int
    lines: list[int] = field(default_factory=list)
    given: dict[str, dict[str, Given]] = field(default_factory=dict)


@dataclass(frozen=True)
class Sorted:
    """The sheets in a file, in the order in which they begin, and the rows that need a person."""

    sheets: tuple[Answered, ...]
    listed: tuple[Listed, ...]


def sort(answers: AnswerFile, directory: Directory) -> Sorted:
    """Return the sheets of a file; what cannot be read is listed, and nothing is guessed."""
    return _Sorter(answers, directory).sorted()


def _variant(text: str) -> int | None:
    found = _VARIANT.fullmatch(text)
    if found is None or len(found[1]) > len(str(MOST_VARIANTS)) or int(found[1]) > MOST_VARIANTS:
        return None
    return int(found[1])


class _Sorter:
    """Sorts the rows of one file."""

    def __init__(self, answers: AnswerFile, directory: Directory) -> None:
        self._answers, self._directory = answers, directory
        self._listed = list(answers.listed)
        self._sheets: dict[tuple[str, int], Answered] = {}
        self._marks = self._seen_marks()

    def _seen_marks(self) -> Mapping[str, str]:
        """Return the decimal mark of every student who certainly uses one and no other."""
        seen: dict[str, set[str]] = {}
        for row in self._answers.rows:
            mark = mark_of(row.value)
            if mark is not None:
                seen.setdefault(row.student, set()).add(mark)
        return {student: next(iter(marks)) for student, marks in seen.items() if len(marks) == 1}

    def sorted(self) -> Sorted:
        """Return what comes of all rows."""
        for row in self._answers.rows:
            self._take(row)
        self._several_variants()
        return Sorted(tuple(self._sheets.values()), tuple(sorted(self._listed)))

    def _take(self, row: Row) -> None:
        variant = _variant(row.variant)
        if variant is None:
            do = f"write the number of the variant, from 1 to {MOST_VARIANTS}"
            self._list(row, f"{shortened(row.variant)} is no variant", do)
            return
        try:
            question = self._directory.find(row.question)
        except InputError as error:
            self._list(row, str(error), f"name the question as the key does: {self._directory.told}")
            return
        sheet = self._sheets.setdefault((row.student, variant), Answered(row.student, variant))
        sheet.lines.append(row.line)
        if not question.slots:
            self._list(row, f"{question.id} asks for no number", "mark it by hand")
            return
        for id_, given in self._read(row, question):
            self._put(row, sheet.given.setdefault(question.problem, {}), id_, given)

    def _read(self, row: Row, question: Question) -> Iterator[tuple[str, Given]]:
        """Yield what a row gives for every slot of its question."""
        mark = self._marks.get(row.student, COMMA if self._answers.separator == ";" else None)
        texts: tuple[str, ...] = (row.value,)
        if not row.value:
            texts = ("",) * len(question.slots)
        elif len(question.slots) > 1 or (question.shape and looks_like_array(row.value)):
            try:
                read = entries(row.value, question.shape, mark)
            except UnreadableError as error:
                self._list(
                    row, f"{shortened(row.value)} is {error}", "write the array row by row, or its entries singly"
                )
                yield from ((id_, Given(row.value, row.line, None, unread=True)) for id_ in question.slots)
                return
            texts, mark = read.texts, read.mark
        for id_, text in zip(question.slots, texts, strict=True):
            if not text:
                yield id_, Given(text, row.line, None)
                continue
            try:
                yield id_, Given(text, row.line, number(text, mark))
            except UnreadableError as error:
                at = f" at {id_}" if len(texts) > 1 else ""
                self._list(row, f"{shortened(text)}{at} is {error}", _AS_TEXT)
                yield id_, Given(text, row.line, None, unread=True)

    def _put(self, row: Row, given: dict[str, Given], id_: str, new: Given) -> None:
        """Take an answer; of two that differ none counts, for nobody knows which is meant."""
        old = given.get(id_)
        if old is None or (old.text == "" and old.value is None):
            given[id_] = new
            return
        if new.text == "":
            return
        if old.value == new.value and not (old.unread or new.unread):
            self._list(
                row, f"{id_} is answered on line {old.line} already, with the same number", "leave one of the rows"
            )
            return
        self._list(
            row,
            f"{id_} is answered on line {old.line} already, with {shortened(old.text)}",
            "leave the row that counts",
        )
        given[id_] = Given(old.text, old.line, None, unread=True)

    def _several_variants(self) -> None:
        first: dict[str, Answered] = {}
        for sheet in self._sheets.values():
            other = first.setdefault(sheet.student, sheet)
            if other is not sheet:
                what = f"{shortened(sheet.student)} answered variant {other.variant} on line {other.lines[0]} already"
                self._listed.append(Listed(sheet.lines[0], what, "both are marked: leave the one that counts"))

    def _list(self, row: Row, what: str, do: str) -> None:
        self._listed.append(Listed(row.line, what, do))
