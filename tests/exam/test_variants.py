"""Variants have good numbers, make equal work, tell mistakes apart, and come again from the seed and their number."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import islice, pairwise

import numpy as np
import pytest
from flint import fmpq

from symnn.errors import InputError
from symnn.exam import Answer, ProblemSet, Wrong
from symnn.exam.bench import bench
from symnn.exam.degenerate import DEGENERATE, Watched, degenerate, doubles
from symnn.exam.difficulty import Meter
from symnn.exam.draws import MOST_VALUES, Urn
from symnn.exam.reading import read_problem_set
from symnn.exam.tolerance import Rounding
from symnn.exam.variants import Maker, variants
from symnn.library import BITS, Mistakes, as_balls, folder
from symnn.scalars import Exact, precision
from tests.exam.making import maker as maker_of
from tests.exam.making import shared_variants
from tests.exam.problems import EVERY, OR_GATE, SOFTMAX, described, problem
from tests.exam.separation import separation, unseparated

COUNT = 6
FEW = 300
"""So many draws that are all bad are enough to see that they are refused."""


def maker(name):
    return maker_of(EVERY[name])


@cache
def solved(name):
    return tuple(maker(name).solved(11, number) for number in range(1, COUNT + 1))


def as_read(one):
    """All of a solved problem that is printed, as plain texts."""
    return [
        (
            answer.id,
            answer.shown,
            str(answer.exact),
            answer.least,
            answer.most,
            [(w.shown, w.said) for w in answer.wrong],
        )
        for answer in one.answers
    ], str(one.point)


def raw(one):
    return {name: [entry.value for entry in np.ravel(value)] for name, value in one.values.items()}


def test_a_variant_comes_from_the_seed_and_its_number_alone():
    shipped = read_problem_set(folder() / "backprop-quiz.toml")
    small = replace(shipped, problems=shipped.problems[1:2], shuffle_entries=True)
    many = [as_read(one.problems[0]) for one in shared_variants(small, 4, 7)]
    (third,) = variants(small, 1, 7, first=3)
    assert third.number == 3
    assert as_read(third.problems[0]) == many[2]
    assert as_read(next(shared_variants(small, 1, 8)).problems[0]) != many[0]
    assert len({str(one) for one in many}) == 4


def test_order_is_shuffled_where_it_is_wanted_and_every_answer_stays():
    plain = ProblemSet("quiz", "Quiz", (SOFTMAX, replace(SOFTMAX, id="again")))
    mixed = replace(plain, shuffle_problems=True, shuffle_entries=True)
    orders = set()
    for one, other in zip(shared_variants(plain, 8, 3), shared_variants(mixed, 8, 3), strict=True):
        by_id = {found.problem.id: found for found in other.problems}
        orders.add(tuple(by_id))
        assert [found.problem.id for found in one.problems] == [SOFTMAX.id, "again"]
        for found in one.problems:
            theirs = by_id[found.problem.id]
            assert sorted(a.id for a in found.answers) == sorted(a.id for a in theirs.answers)
            assert [a.id for a in found.answers] != [a.id for a in theirs.answers]
            assert list(dict.fromkeys(a.ask.id for a in theirs.answers)) == [ask.id for ask in found.problem.asks]
    assert len(orders) == 2


@pytest.mark.parametrize("name", EVERY)
def test_numbers_are_within_the_bounds_and_targets_fit(name):
    bounds = EVERY[name].bounds
    example = EVERY[name].example
    for one in solved(name):
        assert one.point.learning_rate == example.point.learning_rate
        for array in (*one.point.parameters, *one.point.data):
            numbers = np.array(one.point.fractions(array), dtype=object).ravel().tolist()
            if array in bounds.fixed:
                assert one.point.fractions(array) == example.point.fractions(array)
            elif name == "softmax-cross-entropy" and array == "Y":
                assert sorted(numbers) == [0, 0, 0, 1]
            else:
                assert all(bounds.least <= number <= bounds.most and number for number in numbers)
                assert all(((number - bounds.least) / bounds.step).denominator == 1 for number in numbers)


@pytest.mark.parametrize("name", EVERY)
def test_nothing_degenerate_is_in_a_variant_and_all_are_equally_hard(name):
    set_up = maker(name).bench
    meter, watched = Meter(set_up), Watched.of(set_up)
    for one in solved(name):
        with precision(BITS):
            assert degenerate(watched, doubles(set_up, raw(one))) == ""
            assert meter.count(raw(one)).alike(maker(name).work)


@pytest.mark.parametrize("name", EVERY)
def test_every_mistake_that_can_be_told_is_told(name):
    lasting = [set(group) for group in separation(maker(name)).alike]
    for one in solved(name):
        assert not [said for said in unseparated(one) if not any(set(said) <= group for group in lasting)]
        assert not [wrong.said for answer in one.answers for wrong in answer.coincides]


@pytest.mark.parametrize("name", EVERY)
def test_answers_and_wrong_answers_are_those_of_the_mistakes_worked_out_for_the_point(name):
    one = solved(name)[0]
    example = one.problem.example
    mistakes = Mistakes(example.derivation, maker(name).bench.lesson.ground.network)
    right = mistakes.right(one.point)
    found = {wrong.said: wrong for wrong in mistakes.at(one.point)}
    found |= {said: wrong for wrong in found.values() for said in wrong.same_as}
    rated = any(answer.ask.quantity.endswith("_new") for answer in one.answers)
    compared = 0
    for answer in one.answers:
        own = right[answer.ask.quantity]
        assert str(answer.exact) == str(own[answer.place] if answer.place else own)
        for wrong in answer.wrong if rated else ():
            theirs = found[wrong.said].arrays[answer.ask.quantity]
            compared += 1
            with precision(BITS):
                entry = as_balls(theirs[answer.place] if answer.place else theirs)
                assert as_balls(wrong.value).value.overlaps(entry.value), wrong
    assert compared > 100 or not rated


def test_the_mistakes_of_the_two_three_two_problem_that_coincide_do_so_for_a_reason():
    found = separation(maker("two-three-two"))
    assert found.hidden == ()
    # Of one sample neither the first, nor the last, nor the mean is another; a bias without a batch is its row's delta.
    only_one = (
        "sample",
        "reduction 'mean",
        " m times",
        "1/m",
        "takes its upstream from b2",
        "b1 is updated",
        "b2 is updated",
    )
    assert [said for said in found.unmade if not any(part in said for part in only_one)] == []
    assert (
        "every gradient has the wrong sign, as when Y − Z2 stands for Z2 − Y",
        "the sign of the gradient with respect to Z2 is wrong",
    ) in found.alike
    assert found.single > 60


def test_where_only_the_loss_is_asked_mistakes_behind_it_are_no_part_of_the_problem():
    found = separation(problem("two-three-two", "L"))
    assert 0 < found.mistakes < 40
    assert not any("gradient" in said for group in found.alike for said in group)


def planted(solved_problem, change):
    """A solved problem whose answers were changed."""
    return replace(solved_problem, answers=tuple(map(change, solved_problem.answers)))


def test_two_mistakes_with_the_same_numbers_are_seen():
    one = solved("two-three-two")[0]
    assert not [group for group in unseparated(one) if "the bias b1 is left out of Z1" in group]
    by_answer = {
        answer.id: next((w for w in answer.wrong if w.said == "the bias b1 is left out of Z1"), None)
        for answer in one.answers
    }

    def twin(answer: Answer) -> Answer:
        wrong = by_answer[answer.id]
        if wrong is None:
            return answer
        copy = Wrong(wrong.value, wrong.shown, "a twin", wrong.kind, "twin", wrong.made_at)
        return replace(answer, wrong=(*answer.wrong, copy))

    assert ("the bias b1 is left out of Z1", "a twin") in unseparated(planted(one, twin))


def test_a_mistake_that_every_answer_takes_for_right_is_seen():
    one = solved("two-three-two")[0]
    ghost = Wrong(Exact(1), "1", "a ghost", "ghost", "ghost", "Z1")
    assert ("a ghost",) in unseparated(planted(one, lambda answer: replace(answer, coincides=(ghost,))))


# Numbers that a row must refuse: what is put in place of the arrays of a good variant.
FAULTY = {
    "loss_is_zero": ("two-three-two", {"Z2": "Y"}),
    "saturated": ("or-gate", {"Z1": 5}),
    "zero_entry": ("two-three-two", {"dW1": 0}),
    "alike_rows": ("two-three-two", {"W1": 2}),
    "too_large": ("two-three-two", {"dW1": 10**6}),
}
KINKED = ("at_a_kink", "dead_unit")


@pytest.mark.parametrize("row", FAULTY)
def test_a_row_refuses_what_it_is_for(row):
    name, changed = FAULTY[row]
    set_up = bench(EVERY[name])
    values = doubles(set_up, raw(solved(name)[0]))
    (found,) = (one for one in DEGENERATE if one.__name__ == row)
    assert found(Watched.of(set_up), values) == ""
    for array, number in changed.items():
        values[array] = values[number] if isinstance(number, str) else np.full_like(values[array], number)
    assert found(Watched.of(set_up), values)


def test_every_row_is_tried():
    assert {*FAULTY, *KINKED} == {row.__name__ for row in DEGENERATE}


RELU = """
[[problems]]
id = "relu"
dead = {dead}
[problems.network]
inputs = 2
loss = "half-squared-error"
reduction = "sum"
layers = [{{ units = 3, activation = "relu" }}, {{ units = 2 }}]
[problems.point]
seed = 3
samples = {samples}
learning_rate = 0.1
[[problems.asks]]
quantity = "Z1"
[[problems.asks]]
quantity = "A1"
[[problems.asks]]
quantity = "dZ1"
"""


@pytest.mark.time
def test_units_are_off_only_where_that_is_wanted(tmp_path, monkeypatch):
    # Whether mistakes are told apart is not asked here.
    monkeypatch.setattr("symnn.exam.variants.MOST_TRIED", 20)
    alive, dying = (
        described(tmp_path, RELU.format(dead=dead, samples=samples)) for dead, samples in (("false", 3), ("true", 1))
    )
    for variant in variants(alive, 2, 1):
        outputs = np.array([[entry != Exact(0) for entry in row] for row in variant.problems[0].values["A1"]])
        assert outputs.any(axis=1).all()
        assert not outputs.all()
    off = [[row[0] == Exact(0) for row in variant.problems[0].values["A1"]] for variant in variants(dying, 4, 1)]
    assert any(any(one) for one in off)
    assert not any(all(one) for one in off)


@pytest.mark.parametrize("row", KINKED)
def test_a_row_about_kinks_refuses_what_it_is_for(row, tmp_path):
    set_up = bench(described(tmp_path, RELU.format(dead="false", samples=3)).problems[0])
    with precision(BITS):
        right = next(islice(Maker(set_up.problem)._good("any"), 1)).right
    values = doubles(set_up, right)
    (found,) = (one for one in DEGENERATE if one.__name__ == row)
    assert found(Watched.of(set_up), values) == ""
    values["Z1" if row == "at_a_kink" else "A1"][0] = 0
    assert found(Watched.of(set_up), values)


def test_a_gradient_that_is_zero_as_far_as_is_certain_is_no_good(monkeypatch):
    monkeypatch.setattr("symnn.exam.variants.MOST_DRAWN", FEW)
    # Two rows of X that are the same make the gradients with respect to the scores 0, which a ball never is exactly.
    with pytest.raises(InputError, match="none is good"):
        Maker(problem("attention-head", "dWk"))
    solved = Maker(problem("attention-head", "dWk", least=-1, most=1, step="0.5")).solved(0, 1)
    with precision(BITS):
        assert not any(entry.value.contains(0) for name in ("dZ", "dWk") for entry in solved.values[name].ravel())


def test_bounds_that_leave_no_number_or_no_good_one_are_refused(monkeypatch):
    monkeypatch.setattr("symnn.exam.variants.MOST_DRAWN", FEW)
    with pytest.raises(InputError, match="two-three-two: the bounds leave no number for W1"):
        Maker(problem("two-three-two", "L", least=0, most=0))
    with pytest.raises(InputError, match="within the bounds none is good") as caught:
        Maker(problem("two-three-two", "L", least=1, most=1))
    assert "two rows or columns of W1 are equal" in str(caught.value)
    assert "widen the bounds" in str(caught.value)


@pytest.mark.parametrize("step", ["1", "1/1000", "1/100000"])
def test_bounds_with_a_fine_step_are_drawn_from_throughout(step):
    (row, *_) = Urn(bench(problem("two-three-two", "L", least=-3, most=3, step=step))).rows
    values = sorted(row.values)
    assert len(set(values)) == len(values) <= MOST_VALUES
    assert (values[0], values[-1]) == (-3, 3)
    gaps = {after - before for before, after in pairwise(values)}
    # Zero is left out.
    assert max(gaps) <= 2 * max(Fraction(step), Fraction(6, MOST_VALUES - 2))


def test_targets_that_the_last_layer_cannot_put_out_are_not_drawn():
    one = problem("two-three-one", "L", least=-2, most=2, step="0.5")
    made = Maker(one)
    targets = {entry for variant in range(4) for row in made.solved(1, variant).point.fractions("Y") for entry in row}
    assert targets == {fmpq(1, 2)} or all(0 < float(entry) < 1 for entry in targets)
    with pytest.raises(InputError, match="the bounds leave no target for Y"):
        Maker(problem("two-three-one", "L", least=-2, most=2))


def test_a_problem_whose_numbers_are_all_fixed_keeps_them():
    fixed = problem("two-three-two", "Z1 L dW1", fixed=("W1", "b1", "W2", "b2", "X", "Y"))
    one, other = (Maker(fixed).solved(seed, 1) for seed in (1, 2))
    assert one.values["L"] == other.values["L"] == Exact(260)
    assert as_read(one)[0] == as_read(other)[0]


def test_entries_may_be_asked_for_one_by_one(tmp_path):
    asks = "".join(f'[[problems.asks]]\nquantity = "{name}"\n' for name in ("dW1[3, 2]", "L", "dW1[1, 1]"))
    set_ = described(tmp_path, f'[[problems]]\nderivation = "two-three-two"\n{asks}')
    one = next(variants(set_, 1, 1)).problems[0]
    assert [(answer.id, answer.place) for answer in one.answers] == [
        ("dW1-3-2", (2, 1)),
        ("L", ()),
        ("dW1-1-1", (0, 0)),
    ]
    assert all(
        answer.exact == (one.values[answer.ask.quantity][answer.place] if answer.place else one.values["L"])
        for answer in one.answers
    )


def test_an_answer_asked_for_in_digits_is_shown_in_digits():
    for answer in solved("two-three-one")[0].answers:
        assert Rounding.of(answer.ask).digits == 4
        digits = answer.shown.lstrip("-0.").replace(".", "")
        assert len(digits) == 4, answer.shown


def test_the_or_gate_keeps_its_truth_table():
    assert all(one.point.fractions("X") == OR_GATE.example.point.fractions("X") for one in solved("or-gate"))


def test_what_is_printed_on_the_sheet_is_no_place_of_mistakes_and_carries_none():
    asked = problem("two-three-two", "dZ2 dW2 dZ1")
    given = replace(asked, given=("Z1", "Z2"))
    free, held = (Maker(one).slips.told for one in (asked, given))
    assert any(made_at in ("Z1", "Z2") for *_, made_at in free)
    assert held
    assert not any(made_at in ("Z1", "Z2") for *_, made_at in held)
