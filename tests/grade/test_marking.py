"""What a mark says: right, following from one's own numbers, the same mistake once, a mistake by its name, a slip."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from symnn.grade import Mark, Outcome
from tests.grade.lessons import marks, quiz

FOLLOWS, MISTAKE, SAME, RIGHT, SLIP, WRONG, BLANK = (
    Outcome.FOLLOWS,
    Outcome.MISTAKE,
    Outcome.SAME,
    Outcome.RIGHT,
    Outcome.SLIP,
    Outcome.WRONG,
    Outcome.BLANK,
)


def told(found: dict[str, Mark]) -> dict[str, tuple[Outcome, str]]:
    return {name: (one.outcome, one.said) for name, one in found.items()}


def test_right_answers_earn_all_points_rounded_or_not():
    asked = quiz("Z2", "L", "L_new")
    found = marks(asked, Z2="-21; -2.00", L="26e1", **{"L-new": "12.56"})
    assert {one.outcome for one in found.values()} == {RIGHT}
    exactly = marks(asked, **{"L-new": "39235692697/3125000000"})["L-new"]
    assert (exactly.outcome, exactly.points) == (RIGHT, 6)


def test_the_points_of_an_array_are_shared_by_its_entries():
    found = marks(quiz("Z1"), **{"Z1-1-1": "7", "Z1-2-1": "99"})
    assert [(one.outcome, one.points, one.possible) for one in found.values()] == [
        (RIGHT, 2, 2),
        (WRONG, 0, 2),
        (BLANK, 0, 2),
    ]


def test_what_follows_from_a_wrong_number_of_ones_own_earns_its_points():
    found = marks(quiz("Z2", "L", "dZ2", "dW2"), Z2="-12; -2", L="102.5", dZ2="-13; -6", dW2="-91 286 39; -42 132 18")
    assert told(found) == {
        "Z2-1-1": (SLIP, "as with two digits swapped"),
        "Z2-2-1": (RIGHT, ""),
        "L": (FOLLOWS, "follows from your Z2"),
        "dZ2-1-1": (FOLLOWS, "follows from your Z2"),
        "dZ2-2-1": (RIGHT, ""),
        **{f"dW2-1-{at}": (FOLLOWS, "follows from your dZ2") for at in (1, 2, 3)},
        **{f"dW2-2-{at}": (RIGHT, "") for at in (1, 2, 3)},
    }
    assert sum(one.points for one in found.values()) == 24 - 3


def test_a_number_that_does_not_follow_from_ones_own_earns_nothing():
    found = marks(quiz("Z2", "L"), Z2="-12; -2", L="103.5")
    assert (found["L"].outcome, found["L"].points) == (WRONG, 0)


def test_a_right_number_after_a_wrong_one_is_right():
    assert marks(quiz("Z2", "L"), Z2="-12; -2", L="260")["L"].outcome is RIGHT


def test_of_several_wrong_numbers_the_one_that_was_used_is_found():
    # The loss follows from Z2 as it is on the sheet; dW2 follows from dZ2 although Z2 is wrong in another way.
    found = marks(quiz("Z2", "dZ2", "dW2"), Z2="-12; -2", dZ2="-10; -6", dW2="-70 220 30; -42 132 18")
    assert [found[f"dW2-1-{at}"].said for at in (1, 2, 3)] == ["follows from your dZ2"] * 3
    assert found["dZ2-1-1"].outcome in {WRONG, SLIP}


def test_missing_entries_of_ones_own_array_are_taken_as_they_should_be():
    found = marks(quiz("Z2", "L"), **{"Z2-1-1": "-12"}, L="102.5")
    assert told(found)["L"] == (FOLLOWS, "follows from your Z2")


def test_a_mistake_is_named_where_it_shows_and_costs_once():
    # The bias b2 left out of Z2, which is not asked for: Z2 is (−20, −7).
    found = marks(quiz("L", "dZ2", "dW2"), L="281", dZ2="-21; -11", dW2="-147 462 63; -77 242 33")
    bias = "the bias b2 is left out of Z2"
    assert told(found)["L"] == (MISTAKE, bias)
    assert {one.said for one in found.values() if one.question == "dZ2"} == {f"the same mistake: {bias}"}
    assert {one.said for one in found.values() if one.question == "dW2"} == {"follows from your dZ2"}
    assert sum(one.points for one in found.values()) == 12


def test_a_mistake_that_is_made_in_several_arrays_at_once_costs_once():
    found = marks(quiz("dW2", "dW1"), dW2="-5 5 5; -5 5 5", dW1="-5 5; -5 5; -5 5")
    assert {(one.question, one.outcome) for one in found.values()} == {("dW2", MISTAKE), ("dW1", SAME)}
    assert found["dW2-1-1"].said == "the gradients are clipped to ±5, entry by entry"


def test_another_mistake_on_ones_own_numbers_is_named_with_them():
    found = marks(quiz("Z2", "L"), Z2="-12; -2", L="205")
    assert told(found)["L"] == (MISTAKE, "the factor 1/2 is left out of the loss (with your Z2)")
    assert found["L"].points == 0


def test_what_a_number_follows_from_is_told_in_a_row():
    (one, *_) = marks(quiz("L"), L="260").values()
    told_of = {names: replace(one, outcome=FOLLOWS, after=names).said for names in (("Z2",), ("Z2", "dZ1", "dW1"))}
    assert list(told_of.values()) == ["follows from your Z2", "follows from your Z2, dZ1 and dW1"]


def test_two_mistakes_cost_twice():
    found = marks(quiz("L", "dW2", "dW1"), L="520", dW2="154 -484 -66; 42 -132 -18", dW1="-96 64; -48 32; -354 236")
    assert found["L"].said == "the factor 1/2 is left out of the loss"
    assert found["dW2-1-1"].said == "the sign of the gradient with respect to W2 is wrong"
    assert found["dW1-1-1"].outcome is RIGHT


def test_a_mistake_in_one_entry_alone_is_said_to_be_in_that_entry():
    found = marks(quiz("dW2"), dW2="154 484 66; -42 132 18")
    sign = "the sign of the gradient with respect to W2 is wrong, in this entry alone"
    assert told(found)["dW2-1-1"] == (MISTAKE, sign)
    assert found["dW2-1-2"].outcome is RIGHT


SLIPS = {
    "the sign": ("L", "-260", "as with the sign lost"),
    "two digits": ("L", "206", "as with two digits swapped"),
    "the point": ("L", "2600", "as with the decimal point misplaced"),
    "too few decimals": ("L-new", "12.6", "as if rounded to 1 decimal, where 4 are asked for"),
}


@pytest.mark.parametrize("what", SLIPS)
def test_a_slip_that_no_mistake_explains_is_named_as_a_likeness(what):
    question, value, said = SLIPS[what]
    found = marks(quiz("L", "L_new", decimals=4), **{question: value})[question]
    assert (found.outcome, found.said, found.points) == (SLIP, said, 0)


@pytest.mark.parametrize("beyond", [False, True])
def test_right_is_what_the_interval_of_the_answer_holds_and_nothing_beyond(beyond):
    asked = quiz("L_new")
    (answer,) = asked.solved[0].answers
    step = Fraction(1, 10**9) if beyond else Fraction(0)
    for value in (answer.least - step, answer.most + step):
        found = marks(asked, **{"L-new": str(value)})["L-new"]
        assert (found.outcome is RIGHT) is not beyond


def test_absurd_numbers_of_ones_own_are_computed_with_and_follow_to_nothing():
    found = marks(quiz("Z2", "L", "dZ2"), Z2="1e999; -1e-999", L="1e999", dZ2="0; 1e999")
    assert sum(one.points for one in found.values()) == 0


def test_points_are_exact():
    found = marks(quiz("Z1"), **{"Z1-1-1": "7"})
    assert isinstance(found["Z1-1-1"].points, Fraction)
