"""The stress test holds what is right, and fails for everything that it looks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

import symnn.exam.stress as stress_module
from symnn.exam import Answer, Solved, Variant
from symnn.exam.stress import CERTAIN, Coinciding, Stress, Stressing
from symnn.exam.stress_report import told
from symnn.library import Point, as_balls
from symnn.scalars import Exact, ball, running
from tests.exam.quizzes import made


def stress(variants):
    """What the stress test of some variants finds."""
    stressing = Stressing()
    for variant in variants:
        stressing.add(variant)
    return stressing.tally.result()


def test_variants_stand_the_test_and_all_their_answers_are_certified():
    _, variants = made()
    found = stress(variants)
    assert found.failures == ()
    assert found.holds
    assert found.variants == 2
    assert found.answers == sum(len(one.answers) for variant in variants for one in variant.problems)
    # dW1, dW2[1, 2] and W2_new of one problem, A1_slope and dZ1 of the other.
    assert found.slopes == 5 * 2
    assert found.digits >= CERTAIN
    assert told(found).startswith("everything holds")


def changed(of: str, change: Callable[[Answer], Answer]) -> Variant:
    """Return a variant in which the answers with an id that starts so are changed."""
    _, (variant, *_) = made()
    problems = [
        replace(one, answers=tuple(change(answer) if answer.id.startswith(of) else answer for answer in one.answers))
        for one in variant.problems
    ]
    return replace(variant, problems=tuple(problems))


def off_by(relative: Fraction) -> Callable[[Answer], Answer]:
    def change(answer: Answer) -> Answer:
        return replace(answer, exact=as_balls(answer.exact) * as_balls(Exact(1 + relative)))

    return change


def with_the_interval_beside(answer: Answer) -> Answer:
    return replace(answer, least=answer.most + 1, most=answer.most + 2)


def with_a_mistake_inside(answer: Answer) -> Answer:
    return replace(answer, wrong=(answer.wrong[0]._replace(value=answer.exact), *answer.wrong[1:]))


def with_a_mistake_that_does_not_coincide(answer: Answer) -> Answer:
    return replace(answer, coincides=(answer.wrong[0],), wrong=answer.wrong[1:])


def printed_wrong(answer: Answer) -> Answer:
    return replace(answer, shown="123456")


TINY = Fraction(1, 10**40)
SPOILT = {
    "a value of the forward pass": ("Z1", off_by(Fraction(1, 10**20)), "the kernel gives"),
    "a loss": ("L", off_by(Fraction(1, 10**20)), "the kernel gives"),
    "a new loss": ("L-new", off_by(Fraction(1, 10**20)), "the kernel gives"),
    "a gradient": ("dW1-2-1", off_by(Fraction(1, 10**20)), "dual balls give"),
    "a slope": ("A1-slope-1-3", off_by(Fraction(1, 10**20)), "dual balls give"),
    "an updated parameter": ("W2-new-1-1", off_by(Fraction(1, 10**20)), "dual balls give"),
    "an interval beside the answer": ("dW1-1-1", with_the_interval_beside, "does not hold the answer"),
    "a number printed wrong": ("dW1-1-1", printed_wrong, "as it is printed"),
    "a mistake inside": ("dW1-1-1", with_a_mistake_inside, "lies in the interval"),
    "a mistake that is said to coincide": ("dW1-1-1", with_a_mistake_that_does_not_coincide, "does not"),
}


@pytest.mark.parametrize(("of", "change", "said"), SPOILT.values(), ids=SPOILT)
def test_what_is_planted_is_found(of, change, said):
    found = stress([changed(of, change)])
    assert not found.holds
    assert any(said in one.said and one.variant == 1 for one in found.failures), found.failures
    assert told(found).startswith("something does not hold")
    assert said in told(found)


def test_a_question_without_its_answers_is_found():
    _, (variant, *_) = made()
    (first, second) = variant.problems
    spoilt = replace(variant, problems=(replace(first, answers=first.answers[1:]), second))
    assert stress([spoilt]).holds
    spoilt = replace(variant, problems=(replace(first, answers=first.answers[3:]), second))
    assert [(one.answer, one.said) for one in stress([spoilt]).failures] == [("Z1", "there is no answer")]


def hidden(solved: Solved) -> Solved:
    """Return a problem in which the targets are the outputs, so that nothing is left to learn."""
    point = Point(solved.point.parameters, {**solved.point.data, "Y": solved.values["Z2"]}, 1)
    zero = {name: value * 0 for name, value in solved.values.items() if name.startswith("d") or name == "L"}
    return Solved(solved.problem, point, {**solved.values, **zero}, ())


def test_numbers_that_would_hide_every_mistake_are_found():
    _, (variant, *_) = made()
    (first, second) = variant.problems
    zero = {name: value * 0 for name, value in first.values.items() if name in ("L", "dW1")}
    spoilt = replace(variant, problems=(replace(first, values={**first.values, **zero}), second))
    said = {(one.answer, one.said.partition(":")[0]) for one in stress([spoilt]).failures}
    assert ("L", "the loss is 0") in said
    assert any(answer == "dW1" for answer, _ in said)


def test_variants_with_the_same_numbers_are_listed():
    _, (first, second) = made()
    found = stress([first, second, replace(first, number=3)])
    assert found.alike == ((1, 3),)
    assert "1, 3" in told(found)
    assert stress([first, second]).alike == ()


def test_unequal_work_is_found():
    _, variants = made()
    found = stress([variants[0], easier(variants[1])])
    assert [(one.variant, one.problem) for one in found.failures if "multiplications" in one.said] == [
        (0, "two-three-two")
    ]


def easier(variant: Variant) -> Variant:
    """Return a variant whose weights count as ones."""
    (first, second) = variant.problems
    ones = {name: first.values[name] * 0 + 1 for name in ("W1", "W2")}
    return replace(variant, problems=(replace(first, values={**first.values, **ones}), second))


def test_mistakes_that_no_answer_tells_apart_are_listed_with_how_often():
    _, variants = made()
    found: Stress = stress(variants)
    said = {frozenset(one.said): one.variants for one in found.coincide if not one.right}
    same = {f"the gradient with respect to W1 is {factor} times what it should be" for factor in ("2", "m n2")}
    assert any(same <= group for group in said)
    assert all(one in told(found) for one in same)
    assert all(1 <= count <= 2 for count in said.values())


def test_a_number_that_is_nothing_as_far_as_is_certain_is_told_as_nothing():
    with running(ball(64)):
        about = ball(64).lift(Exact("1/3")) * 3 - 1
    assert stress_module._may_be_nothing(about)
    assert stress_module._may_be_nothing(Exact(0))
    assert not stress_module._may_be_nothing(Exact("1/1000"))


def test_the_report_names_every_problem_once_above_its_mistakes():
    groups = [Coinciding(problem, False, (f"{problem} one", "another"), count) for count in (2, 1) for problem in "ab"]
    report = told(Stress(3, 0, 0, 0, 0, (), {}, tuple(groups), ()))
    assert [line.strip() for line in report.splitlines() if line.strip() in "ab" and line.strip()] == ["a", "b"]
    assert report.count("a one (") == report.count("b one (") == 2
