"""Exhibits hold numbers that fit together, and refuse what cannot be drawn."""

from __future__ import annotations

import pytest

from symnn.errors import InputError, ShapeError
from symnn.library import Curve, Line, Separation, Surface, load, names

REFUSED = {
    "curve of nothing": (InputError, lambda: Curve("c", (), ())),
    "curve with a hole": (InputError, lambda: Curve("c", (0, 1), (1, float("nan")))),
    "curve with a mark nowhere": (InputError, lambda: Curve("c", (0, 1), (1, 1), marks=((0, float("nan")),))),
    "curve with more x than y": (ShapeError, lambda: Curve("c", (0, 1), (1,))),
    "surface with a row too few": (ShapeError, lambda: Surface("s", "x", "y", (0, 1), (0, 1), ((1, 2),))),
    "surface with a column too few": (ShapeError, lambda: Surface("s", "x", "y", (0, 1), (0,), ((1,),))),
    "surface with a pole": (InputError, lambda: Surface("s", "x", "y", (0,), (0,), ((float("inf"),),))),
    "points without classes": (ShapeError, lambda: Separation("s", "x", "y", ((0, 0),), (), (Line("l", (1, 1), 0),))),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_drawn_is_refused(what):
    error, make = REFUSED[what]
    with pytest.raises(error):
        make()


@pytest.mark.parametrize("name", names())
def test_the_exhibits_of_a_derivation_can_be_made_and_say_what_they_show(name):
    for exhibit in load(name).exhibits():
        assert exhibit.caption.endswith(".")
        assert exhibit.x_label
        assert exhibit.y_label


def test_what_is_drawn_is_no_part_of_the_code_that_is_taught():
    assert "def exhibits" not in load("or-gate-trained").code
    assert "def trained" in load("or-gate-trained").code
