"""Every modelled mistake in a `backward` earns a part of the points, and is named as what it is.

The mistakes are read off the tables: those of diagnosis, and those that wrong answers of a key are made of. Two of them
may make the very same function; then either may be named. What changes nothing on the problem's data is no mistake
there, and earns everything. What returns nothing but zeros is named too, and earns the least of all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache, cached_property
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from symnn.exam import ProblemSet, Solved, Variant
from symnn.exam.exports import EXPORTS
from symnn.exam.reading import read_problem_set
from symnn.exam.variants import variants
from symnn.library import backward_mistakes, load, names
from symnn.library.backward_marks import LEAST, MOST, Steps
from symnn.library.mistaken import Row
from symnn.library.rubric import rubric, total
from symnn.mistakes import REGISTRY, planted
from symnn.mistakes.backward.paths import path_dropped
from symnn.notation import name_of
from tests.exam.exports import mistaken_backward
from tests.exam.exports.marked_back import made
from tests.exam.exports.mistaken_backward import NEVER, ROWS, Board, Mistaken
from tests.exam.exports.nbgrader_course import Course
from tests.exam.exports.notebook_run import answered, cells, marks
from tests.grids import EVERYTHING

pytestmark = pytest.mark.time

QUIZ = "two-three-two"
"""The problem with a question for code in the set that ships with symnn."""
COPIES = 5
"""How often the question stands in the notebook that nbgrader grades, so that a student makes that many mistakes."""

# What that problem has no place for: activations, batches, cross-entropies, square weights.
OTHERS = """
title = "Code"

[[problems]]
derivation = "or-gate"
id = "or-gate"
bounds = { least = -1, most = 1, step = 0.1, fixed = ["X", "Y"] }
asks = [{ kind = "code" }]

[[problems]]
derivation = "two-three-one"
id = "two-three-one"
bounds = { least = -2, most = 2, step = 0.1 }
asks = [{ kind = "code" }]

[[problems]]
id = "softmax"
network.inputs = 2
network.loss = "categorical-cross-entropy"
network.layers = [{ units = 3, activation = "sigmoid" }, { units = 2, activation = "softmax" }]
point = { learning_rate = 0.3, seed = 1, samples = 3 }
bounds = { least = -1, most = 1, step = 0.25 }
asks = [{ kind = "code" }]

[[problems]]
id = "square"
network.inputs = 2
network.loss = "squared-error"
network.layout = "samples-first"
network.layers = [{ units = 2, activation = "leaky-relu" }, { units = 2, activation = "tanh" }, { units = 2 }]
point = { learning_rate = 0.1, seed = 1, samples = 3 }
bounds = { least = -1, most = 1, step = 0.25 }
dead = true
asks = [{ kind = "code" }]
"""
OF_PROGRAMS = (path_dropped,)
"""The rows that have no place in a network of dense layers, where there is one path back to every array."""
PLACES = ("or-gate", QUIZ, "two-three-one", "softmax", "square")
"""From the quickest to mark on."""


@cache
def sets() -> tuple[tuple[ProblemSet, Variant], ...]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "code.toml"
        path.write_text(OTHERS, encoding="utf-8")
        others = read_problem_set(path)
    quiz, (first, *_) = made()
    return (quiz, first), (others, next(iter(variants(others, 1, seed=7))))


class Handed:
    """One question for code: its notebook, and all that can go wrong in it."""

    def __init__(self, place: str) -> None:
        (found,) = [
            (whole, variant, solved, ask)
            for whole, variant in sets()
            for solved in variant.problems
            for ask in solved.problem.asks
            if ask.kind == "code" and solved.problem.id == place
        ]
        whole, variant, self.solved, self.ask = found
        (data,) = EXPORTS["nbgrader"].write(whole, [variant]).values()
        self.notebook = json.loads(data)
        self.question = f"{place}-{self.ask.id}"
        self.board = Board(self.solved)

    @cached_property
    def chosen(self) -> tuple[Mistaken, ...]:
        """The mistakes that are handed in: one of every row that is new, or all under SYMNN_EXPLORE=1."""
        if EVERYTHING:
            return tuple(group[0] for group in self.board.groups)
        place = self.solved.problem.id
        before = {row for other in PLACES[: PLACES.index(place)] for row in handed(other).shown}
        # A wrong forward pass goes through the named rewrites, of which a softmax has others: some are tried again.
        old = before - set(REGISTRY["forward"][::3] if place == "softmax" else ())
        return tuple(one for row, one in self.shown.items() if row not in old)

    @cached_property
    def shown(self) -> dict[Row | None, Mistaken]:
        """The first mistake of every row that makes the function a wrong one in this problem."""
        found: dict[Row | None, Mistaken] = {}
        for one in self.board.functions:
            if one.row not in found and self.board.wrong(one):
                found[one.row] = one
        return found

    def marked(self, source: str) -> tuple[float, str]:
        return marks(answered(self.notebook, {self.question: source}), self.question)

    def complaints(self, one: Mistaken) -> Iterator[str]:
        """What is not as it should be with a mistake."""
        earned, said = self.marked(one.source)
        yield from complaints(self.solved, self.board, one, earned, said)


@cache
def handed(place: str) -> Handed:
    return Handed(place)


def complaints(solved: Solved, board: Board, one: Mistaken, earned: float, said: str) -> Iterator[str]:
    """What is not as it should be in the points for a function, and in what is said of it."""
    (ask,) = [ask for ask in solved.problem.asks if ask.kind == "code"]
    told = re.search(r"^The mistake is known by name: (.*)\.$", said, re.MULTILINE)
    named = [other for other in board.functions if told is not None and other.said == told[1]]
    if not any(board.same(one, other) for other in named):
        yield f"{one.said}: {'nothing' if told is None else told[1]} is said"
        return
    if not any(board.returned(one)):
        if earned != round(float(LEAST * ask.points), 2):
            yield f"{named[0].said}: what returns zeros alone earns {earned}"
    elif not 0 < earned < ask.points:
        yield f"{named[0].said}: it earns {earned} of {ask.points}"


@pytest.mark.parametrize("place", PLACES)
def test_every_modelled_mistake_earns_a_part_and_is_named_as_what_it_is(place: str) -> None:
    one = handed(place)
    assert one.chosen
    assert [complaint for mistaken in one.chosen for complaint in one.complaints(mistaken)] == []


# Most changes nothing where there is one sample, and no activation.
@pytest.mark.parametrize("place", PLACES if EVERYTHING else PLACES[:2])
def test_what_changes_nothing_on_the_data_of_the_problem_earns_everything(place: str) -> None:
    one = handed(place)
    rows = {mistaken.row: mistaken for mistaken in one.board.unseen}
    # Their functions are one and the same up to rounding, so that a few stand for all.
    for mistaken in list(rows.values())[:3]:
        earned, said = one.marked(mistaken.source)
        assert earned == one.ask.points, (mistaken.said, said)


def test_every_row_of_every_table_is_handed_in_but_those_that_no_gradient_shows() -> None:
    # Under SYMNN_EXPLORE=1 one function stands for all rows that make it.
    tried = {mistaken.row for place in PLACES for mistaken in handed(place).chosen}
    tried |= {row for place in PLACES for row in handed(place).shown} if EVERYTHING else set()
    assert [row for row in ROWS if row not in tried and row not in NEVER] == [*OF_PROGRAMS]
    assert [row.__qualname__ for row in NEVER if row in tried] == []


@pytest.mark.parametrize("place", PLACES)
def test_no_mistake_of_diagnosis_or_of_the_key_is_missing_among_them(place: str) -> None:
    board = handed(place).board
    made_here = {without_rate(one.said) for one in board.functions}
    assert {without_rate(one.said) for one in planted(board.ground)} <= made_here
    assert board.in_the_key
    assert board.in_the_key <= made_here


def without_rate(said: str) -> str:
    return re.sub(r" \(learning rate [^)]*\)", "", said)


def test_a_row_that_is_taken_out_of_the_list_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mistaken_backward, "ROWS", tuple(row for row in ROWS if row is not REGISTRY["backward"][1]))
    board = Board(handed(QUIZ).solved)
    made_here = {without_rate(one.said) for one in board.functions}
    assert {one.said for one in REGISTRY["backward"][1](board.ground)} & board.in_the_key
    assert not board.in_the_key <= made_here


def test_a_mistake_that_the_marks_do_not_know_is_a_complaint(monkeypatch: pytest.MonkeyPatch) -> None:
    one = handed(QUIZ)
    (group,) = [group for group in one.board.groups if group[0].said.startswith("the bias b2 is left out")]
    assert list(one.complaints(group[0])) == []
    monkeypatch.setattr(backward_mistakes, "planted", lambda ground, phase=None: () if phase else planted(ground))
    (complaint,) = one.complaints(group[0])
    assert complaint == f"{group[0].said}: nothing is said"


def test_a_mistake_costs_the_dearest_step_where_it_is_made_and_nothing_that_follows() -> None:
    one = handed(QUIZ)
    worth: dict[str, Fraction] = {}
    for points in rubric(one.board.derivation):
        worth[points.array] = worth.get(points.array, Fraction(0)) + points.points
    costs = {"dZ2": 8, "Z2": 7, "dW2": 7, "db1": 8}
    for array, left in costs.items():
        group = next(group for group in one.board.groups if group[0].changed == (array,))
        earned, _ = one.marked(group[0].source)
        assert earned == one.ask.points - worth[array] == left
    (clipped,) = [group for group in one.board.groups if group[0].said.startswith("the gradients are clipped to ±1,")]
    assert len(clipped[0].changed) == 4
    assert one.marked(clipped[0].source)[0] == 7


def test_what_is_left_at_zero_earns_nothing_for_what_follows_and_zeros_alone_the_least() -> None:
    one = handed(QUIZ)
    left = {}
    for group in one.board.groups:
        for mistaken in group:
            if mistaken.said.endswith("is left at zero"):
                (array,) = mistaken.changed
                left[array] = one.marked(mistaken.source)[0]
    assert left == {"dZ2": 0.9, "dW2": 7, "db2": 8, "dZ1": 4, "dW1": 7, "db1": 8}


def test_without_a_name_what_is_right_shows_the_steps_that_lead_to_it() -> None:
    one = handed(QUIZ)
    right = one.board.right.source
    strange = right.replace("return {", "dW1 = dW1 + 0.001 * X[0, 0] * np.arange(6).reshape(3, 2)\n    return {")
    earned, said = one.marked(strange)
    assert "known by name" not in said
    assert earned == 7
    both = strange.replace("return {", "db1 = db1 + 0.001 * X[1, 0] * np.arange(3).reshape(3, 1)\n    return {")
    assert one.marked(both)[0] == 4


def test_two_mistakes_cost_both_steps() -> None:
    one = handed(QUIZ)
    wrong = one.board.right.source.replace("return {", "dW1 = 2 * dW1\n    db2 = -db2\n    return {")
    earned, said = one.marked(wrong)
    assert re.search("known by name: .*; and ", said)
    assert earned == 9 - 2 - 1


def test_what_is_right_and_spoils_its_arguments_does_not_earn_everything() -> None:
    one = handed(QUIZ)
    wrong = one.board.right.source.replace("return {", "b1 -= 0.1 * db1\n    return {")
    earned, said = one.marked(wrong)
    assert 0 < earned <= MOST * 9
    assert "known by name" in said


@pytest.mark.parametrize("name", names())
def test_the_steps_are_worth_what_the_rubric_gives(name: str) -> None:
    derivation = load(name).derivation
    steps = Steps.of(derivation)
    points = [one for one in rubric(derivation, updates=False) if one.part != "loss"]
    assert sum(steps.worth.values()) + sum(steps.before.values()) == total(points)
    assert steps.shown_by(steps.needs) == steps.total
    assert set(steps.needs) == {name_of(tensor) for tensor in derivation.program.parameters}


def in_shares(chosen: Sequence[Mistaken], copies: int) -> Iterable[tuple[Mistaken, ...]]:
    """Mistakes dealt out, so many at a time."""
    for start in range(0, len(chosen), copies):
        yield tuple(chosen[start : start + copies])


@pytest.mark.nbgrader
def test_nbgrader_gives_every_modelled_mistake_a_part_with_its_sentence(tmp_path: Path) -> None:
    quiz, (first, *_) = made()
    one = handed(QUIZ)
    copies = [replace(one.solved.problem, id=f"part-{number}", asks=(one.ask,)) for number in range(COPIES)]
    solved = tuple(replace(one.solved, problem=problem, answers=()) for problem in copies)
    whole, variant = replace(quiz, problems=tuple(copies)), replace(first, problems=solved)
    (data,) = EXPORTS["nbgrader"].write(whole, [variant]).values()
    course = Course(tmp_path, quiz.name, data)
    questions = [f"{problem.id}-{one.ask.id}" for problem in copies]
    chosen = one.chosen if EVERYTHING else tuple(one.shown.values())
    shares = dict(enumerate(in_shares(chosen, COPIES)))
    right = cells(json.loads(data), questions[0])[""]
    answers = {
        f"student-{number}": {
            question: mistaken.source if mistaken else right
            for question, mistaken in zip(questions, (*share, *[None] * (COPIES - len(share))), strict=True)
        }
        for number, share in shares.items()
    }
    assert len(answers) == ceil(len(chosen) / COPIES)
    graded = course.graded({**answers, "right": dict.fromkeys(questions, right)})
    assert graded["right"].score == graded["right"].most == COPIES * one.ask.points
    found = []
    for number, share in shares.items():
        own = graded[f"student-{number}"]
        for question, mistaken in zip(questions, share, strict=False):
            marked = f"{question}-marks"
            found += complaints(one.solved, one.board, mistaken, own.cells[marked], own.said[marked])
        for question in questions[len(share) :]:
            assert own.cells[f"{question}-marks"] == one.ask.points
    assert found == []
