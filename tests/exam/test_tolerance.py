"""The interval of an answer holds whatever careful rounding leads to, is not much wider, and holds no slip."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest
from flint import arb, fmpq

from symnn.errors import UndecidedError
from symnn.exam.bench import bench
from symnn.exam.tolerance import Rounding, reach, within
from symnn.library import BITS
from symnn.scalars import precision
from tests.exam.making import maker
from tests.exam.problems import EVERY, OR_GATE, TWO_THREE_TWO, described, problem
from tests.grids import EVERYTHING

SAMPLES = 250 if EVERYTHING else 80
"""How often a problem is worked out with roundings of all kinds."""


def nearest(number, unit):
    return (number / unit + fmpq(1, 2)).floor() * unit


def middle(number):
    if isinstance(number, fmpq):
        return number
    mantissa, exponent = number.mid().man_exp()
    return fmpq(mantissa) * fmpq(2) ** int(exponent)


def towards(number, unit, down):
    """Round to the nearest, ties in the direction given."""
    scaled = number / unit
    whole = (scaled - fmpq(1, 2)).ceil() if down else (scaled + fmpq(1, 2)).floor()
    return whole * unit


# The pre-activation is 0.0003: with three decimals nobody can say on which side of 0 it is.
AT_A_KINK = """
[[problems]]
[problems.network]
inputs = 1
loss = "half-squared-error"
layers = [{ units = 1, activation = "relu" }]
[problems.point.parameters]
W1 = [["0.0003"]]
b1 = [[0]]
[problems.point.data]
X = [[1]]
Y = [[1]]
[[problems.asks]]
quantity = "A1"
"""

# What a careful person may do with an intermediate number, given the unit of the last place asked.
WAYS = {
    "to the nearest, ties up": lambda number, unit, _: towards(number, unit, down=False),
    "to the nearest, ties down": lambda number, unit, _: towards(number, unit, down=True),
    "one digit more": lambda number, unit, _: nearest(number, unit / 10),
    "not at all": lambda number, _, __: number,
    "half a unit off": lambda number, unit, stream: (
        number if (number / unit).q == 1 else number + (1 if stream.random() < 0.5 else -1) * unit / 2
    ),
}


def worked(set_up, leaves, rounding, stream, ways=tuple(WAYS)):
    """Every array of a problem, worked out with each number rounded in a way drawn, as on paper."""
    scope = dict(leaves)
    one_way = stream.random() < 0.5
    way = ways[int(stream.random() * len(ways))]
    for one in set_up.lesson.told:
        entries = []
        for number in map(middle, one.run(scope)):
            if not one_way:
                way = ways[int(stream.random() * len(ways))]
            entries.append(WAYS[way](number, rounding.unit(number), stream))
        scope[one.name] = entries
    return scope


def outside(set_up, ends, scope):
    return [
        (slot.name, slot.place)
        for slot, end in zip(set_up.slots, ends, strict=True)
        if not within(scope[slot.name][slot.at], end)
    ]


def rounded_alike(one, **kind):
    return replace(one, asks=tuple(replace(ask, **{"decimals": None, "digits": None, **kind}) for ask in one.asks))


CASES = {
    **EVERY,
    "or-gate, two decimals": rounded_alike(OR_GATE, decimals=2),
    "2-3-2, one decimal": rounded_alike(TWO_THREE_TWO, decimals=1),
    "2-3-2, two digits": rounded_alike(TWO_THREE_TWO, digits=2),
}


@pytest.mark.parametrize("name", CASES)
def test_whatever_careful_rounding_leads_to_lies_in_the_interval(name):
    one = CASES[name]
    set_up, stream = bench(one), Random(f"roundings {name}")  # noqa: S311 -- no secret
    with precision(BITS):
        ends = reach(set_up, set_up.lesson.right(set_up.given)).ends
        rounding = Rounding.of(one.asks[0])
        for _ in range(SAMPLES):
            assert outside(set_up, ends, worked(set_up, set_up.given, rounding, stream)) == []


@pytest.mark.parametrize("name", ["or-gate", "two-three-one", "softmax-cross-entropy"])
def test_rounding_to_fewer_digits_falls_outside(name):
    one = CASES[name]
    set_up, stream = bench(one), Random(0)  # noqa: S311 -- no secret
    ask = one.asks[0]
    coarse = Rounding(ask.decimals and ask.decimals - 1, ask.digits and ask.digits - 1)
    with precision(BITS):
        ends = reach(set_up, set_up.lesson.right(set_up.given)).ends
        scope = worked(set_up, set_up.given, coarse, stream, ("to the nearest, ties up",))
    assert outside(set_up, ends, scope)


@pytest.mark.parametrize("name", ["or-gate", "two-three-one", "softmax-cross-entropy", "or-gate, two decimals"])
def test_an_interval_is_not_much_wider_than_what_rounding_reaches(name):
    one = CASES[name]
    set_up, stream = bench(one), Random(f"wide {name}")  # noqa: S311 -- no secret
    rounding = Rounding.of(one.asks[0])
    with precision(BITS):
        right = set_up.lesson.right(set_up.given)
        ends = reach(set_up, right).ends
        scopes = [worked(set_up, set_up.given, rounding, stream, ("half a unit off",)) for _ in range(SAMPLES)]
    for slot, (least, most) in zip(set_up.slots, ends, strict=True):
        found = [scope[slot.name][slot.at] for scope in scopes]
        reached = max(found) - min(found)
        if reached:
            ratio = float(most - least) / (int(reached.p) / int(reached.q))
            assert 1 <= ratio <= 3, (slot.name, slot.place, ratio)


def test_an_answer_that_is_shown_in_full_may_be_half_a_unit_off_and_no_more():
    set_up = bench(TWO_THREE_TWO)
    with precision(BITS):
        ends = reach(set_up, set_up.lesson.right(set_up.given)).ends
    half = Fraction(1, 2000)
    for slot, (least, most) in zip(set_up.slots, ends, strict=True):
        if slot.name not in ("L_new",):
            exact = middle(set_up.lesson.right(set_up.given)[slot.name][slot.at])
            own = Fraction(int(exact.p), int(exact.q))
            assert (least, most) == (own - half, own + half)


def test_an_intermediate_that_is_asked_for_more_coarsely_widens_what_follows():
    fine = problem("or-gate", "A1 dZ1", decimals=4)
    coarse = replace(fine, asks=(replace(fine.asks[0], decimals=1), fine.asks[1]))
    widths = []
    for one in (fine, coarse):
        set_up = bench(one)
        with precision(BITS):
            ends = reach(set_up, set_up.lesson.right(set_up.given)).ends
        widths.append(
            [most - least for slot, (least, most) in zip(set_up.slots, ends, strict=True) if slot.name == "dZ1"]
        )
    assert all(wide > 20 * narrow for narrow, wide in zip(*widths, strict=True))


def test_an_interval_over_a_kink_is_undecided(tmp_path):
    set_up = bench(described(tmp_path, AT_A_KINK).problems[0])
    with precision(BITS), pytest.raises(UndecidedError, match="cannot decide"):
        reach(set_up, set_up.lesson.right(set_up.given))


@pytest.mark.parametrize("name", EVERY)
def test_no_mistake_of_a_variant_lies_in_the_interval_and_the_answer_does(name):
    made = maker(EVERY[name])
    for number in (1, 2, 3):
        for answer in made.solved(5, number).answers:
            ends = answer.least, answer.most
            with precision(BITS):
                assert within(answer.exact.value, ends)
                assert answer.least <= Fraction(answer.shown) <= answer.most
                assert not [one.said for one in answer.wrong if within(one.value.value, ends)]
                assert all(within(one.value.value, ends) for one in answer.coincides)


def test_a_ball_that_reaches_into_an_interval_counts_as_inside():
    ends = Fraction(0), Fraction(1)
    assert within(arb("1.05", "0.1"), ends)
    assert not within(arb("1.05", "0.01"), ends)


def test_units_follow_the_size_of_a_number():
    sizes = {fmpq(999): 10, fmpq(1): fmpq(1, 10), fmpq(99, 1000): fmpq(1, 1000)}
    assert {size: Rounding(digits=2).unit(size) for size in sizes} == sizes
    assert {Rounding(decimals=2).unit(size) for size in sizes} == {fmpq(1, 100)}
