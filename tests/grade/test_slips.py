"""What a wrong number looks like beside the right one."""

from __future__ import annotations

from fractions import Fraction

import pytest

from symnn.exam import Answer, Ask
from symnn.grade.slips import slip


def answer(shown: str, **asked: int) -> Answer:
    """The answer that is asked for with so many decimals or digits; half of the last one to either side is right."""
    right = Fraction(shown)
    unit = Fraction(1, 10 ** len(shown.partition(".")[2]))
    return Answer(Ask("l", "L", "number", Fraction(1), **asked), (), None, shown, right - unit / 2, right + unit / 2)


# The right answer, how it is asked for, what was written, and what that looks like.
SLIPS = {
    "two digits swapped, of three digits": ("2.28", {"digits": 3}, "2.82", "as with two digits swapped"),
    "two digits swapped, of three decimals": ("0.125", {"decimals": 3}, "0.152", "as with two digits swapped"),
    "two digits swapped before the point": ("1234", {"digits": 4}, "2134", "as with two digits swapped"),
    "too few digits": ("2.28", {"digits": 3}, "2.3", "as if rounded to 2 significant digits, where 3 are asked for"),
    "one digit of a large number": (
        "1234",
        {"digits": 4},
        "1000",
        "as if rounded to 1 significant digit, where 4 are asked for",
    ),
    "too few decimals": ("2.281", {"decimals": 3}, "2.3", "as if rounded to 1 decimal, where 3 are asked for"),
    "no decimals": ("0.281", {"decimals": 3}, "0", "as if rounded to 0 decimals, where 3 are asked for"),
    "nothing, where digits are asked for": ("0.281", {"digits": 3}, "0", ""),
    "digits enough, but others": ("2.28", {"digits": 3}, "2.31", ""),
    "few digits, and others": ("2.28", {"digits": 3}, "2.5", ""),
    "what no decimals show": ("0.33", {"digits": 2}, "2/3", ""),
    "digits beyond all that are meant": ("1.1", {"digits": 2}, f"5{'3' * 1100}", ""),
}


@pytest.mark.parametrize("what", SLIPS)
def test_a_wrong_number_looks_like_what_it_looks_like(what):
    shown, asked, value, said = SLIPS[what]
    assert slip(answer(shown, **asked), Fraction(value)) == said
