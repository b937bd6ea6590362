"""Many answer sheets over the shipped quiz: every mark and every named mistake is as planted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

import pytest

from symnn.grade import Mark, Marked, Outcome, mark_by, parse_answers
from symnn.grade.marking import _Run
from tests.grade.synthetic import EARNED, Planted, makers, mistaken, problem_set, right_texts, rows, sheets, solved
from tests.grids import EVERYTHING

pytestmark = pytest.mark.time

COUNT, VARIANTS = 500 if EVERYTHING else 200, 2
HEAD = "student,variant,question,value\n"


def marked(planted: Iterable[Planted]) -> Marked:
    content = HEAD + "\n".join(rows(one, f"student {at}") for at, one in enumerate(planted))
    return mark_by(problem_set(), [maker.bench for maker in makers()], parse_answers(content.encode()), solved)


def faults(planted: Iterable[Planted], result: Marked) -> Iterator[str]:
    """What is not as planted, a line each."""
    for one, sheet in zip(planted, result.sheets, strict=True):
        for mark in sheet.marks:
            outcomes, names = one.expected.get((mark.problem, mark.id), (EARNED, frozenset()))
            told = f"{one.kind}, {mark.problem}/{mark.id} {mark.given and mark.given.text}: {mark.outcome} {mark.said}"
            if mark.outcome not in outcomes:
                yield f"{told}, not {sorted(outcomes)}"
            elif mark.outcome is Outcome.MISTAKE:
                if mark.mistakes[0].said not in names:
                    yield f"{told}, not one of {sorted(names)}"
                if one.said and one.said not in [other.said for other in mark.mistakes]:
                    yield f"{told}, not {one.said}"
        lost = sum(mark.possible for mark in sheet.marks if (mark.problem, mark.id) in one.expected)
        if sheet.points != problem_points() - lost:
            yield f"{one.kind}: {sheet.points} points"


def problem_points() -> object:
    return sum(ask.points for problem in problem_set().problems for ask in problem.asks if ask.kind == "number")


@pytest.fixture(scope="module")
def planted() -> list[Planted]:
    return list(sheets(COUNT, VARIANTS))


@pytest.fixture(scope="module")
def result(planted: list[Planted]) -> Marked:
    return marked(planted)


def test_every_mark_and_every_named_mistake_is_as_planted(planted, result):
    assert len(planted) >= COUNT
    assert list(faults(planted, result)) == []


def test_every_kind_of_sheet_and_every_outcome_is_among_them(planted, result):
    kinds = {"right", "unrounded", "mistake", "one entry", "followed", "slip", "unreadable"}
    assert {one.kind for one in planted} == kinds
    assert {mark.outcome for sheet in result.sheets for mark in sheet.marks} == set(Outcome)


def test_every_text_where_a_number_belongs_is_listed_with_its_line(planted, result):
    at = ((one, key) for one in planted for key in one.texts)
    lines = [line for line, (one, key) in enumerate(at, start=2) if one.expected.get(key, ((), ()))[0] == {"unread"}]
    assert [one.line for one in result.listed] == lines != []


def test_the_class_is_counted_from_its_sheets(planted, result):
    for asked in result.questions:
        assert asked.sheets == len(planted)
        marks = [
            m for s in result.sheets for m in s.marks if (m.problem, m.question) == (asked.problem, asked.question)
        ]
        assert sum(asked.states.values()) == len(marks)
        assert asked.points == sum(mark.points for mark in marks) / len(planted)
    costing = [{(m.problem, m.costs.said) for m in sheet.marks if m.costs} for sheet in result.sheets]
    assert sum(one.sheets for one in result.mistakes) == sum(map(len, costing))
    assert [one.sheets for one in result.mistakes] == sorted((one.sheets for one in result.mistakes), reverse=True)


def test_the_order_of_the_rows_changes_no_mark(planted, result):
    some = planted[::25]
    lines = "\n".join(rows(one, f"student {at}") for at, one in enumerate(some)).split("\n")
    turned = HEAD + "\n".join(reversed(lines))
    benches = [maker.bench for maker in makers()]
    again = mark_by(problem_set(), benches, parse_answers(turned.encode()), solved)
    marks = {sheet.student: [without_line(mark) for mark in sheet.marks] for sheet in marked(some).sheets}
    assert {sheet.student: [without_line(mark) for mark in sheet.marks] for sheet in again.sheets} == marks


def without_line(mark: Mark) -> tuple[object, ...]:
    return mark.id, mark.outcome, mark.points, mark.said


# What marking must not be without: a step taken out, and the kind of sheet that it is missed on.
TAKEN_OUT = {
    "following from one's own": ("_following", "followed"),
    "the modelled mistakes": ("_modelled", "mistake"),
}


@pytest.mark.parametrize("what", TAKEN_OUT)
def test_marking_with_a_step_taken_out_is_found_out(what, planted, monkeypatch):
    step, kind = TAKEN_OUT[what]
    some = [one for one in planted if one.kind == kind][:20]
    assert list(faults(some, marked(some))) == []
    monkeypatch.setattr(_Run, step, lambda *_: {})
    assert list(faults(some, marked(some))) != []


def test_a_mark_that_is_not_as_planted_is_found_out(planted):
    sheet = mistaken(1, 1, next(key for key in keys_of_second() if key[2] == "Z2"))
    assert list(faults([sheet], marked([sheet]))) == []
    assert list(faults([Planted("mistake", 1, sheet.texts)], marked([sheet]))) != []
    assert list(faults([sheet], marked([Planted("right", 1, right_texts(1))]))) != []


def keys_of_second() -> list[tuple[str, str, str]]:
    return [(wrong.origin, wrong.said, wrong.made_at) for answer in solved(1, 1).answers for wrong in answer.wrong]


ABSURD = ["-1e999", "1e30", "1e-999", "-710"]


@pytest.mark.parametrize("value", [*ABSURD, "1e999", "-1e30"] if EVERYTHING else ABSURD)
def test_numbers_that_nobody_means_are_wrong_and_fill_no_machine(value):
    (sheet,) = marked([Planted("absurd", 1, dict.fromkeys(right_texts(1), value))]).sheets
    # A bias's gradient is that of its pre-activation, whatever it is: such a number follows all the same.
    assert Outcome.RIGHT not in {mark.outcome for mark in sheet.marks if abs(Fraction(value)) > 1}
    assert Outcome.WRONG in {mark.outcome for mark in sheet.marks}
