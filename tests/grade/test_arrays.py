"""A whole array in one cell is read by its shape; another shape is told from text, and neither is guessed at."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symnn.grade.arrays import LONGEST_ARRAY, MisshapenError, entries
from symnn.grade.numbers import UnreadableError

SQUARE = ("1", "2", "3", "4")
READ = {
    "[[1,2],[3,4]]": ((2, 2), SQUARE),
    "[[1, 2],\n [3, 4]]": ((2, 2), SQUARE),
    "[[1 2]\n [3 4]]": ((2, 2), SQUARE),
    "[[1 2] [3 4]]": ((2, 2), SQUARE),
    "array([[1, 2],\n       [3, 4]])": ((2, 2), SQUARE),
    "np.array([[1, 2], [3, 4]])": ((2, 2), SQUARE),
    "1 2; 3 4": ((2, 2), SQUARE),
    "1 2; 3 4;": ((2, 2), SQUARE),
    "[1 2; 3 4]": ((2, 2), SQUARE),
    "1, 2; 3, 4": ((2, 2), SQUARE),
    "1 2\n3 4": ((2, 2), SQUARE),
    "1\t2\n3\t4": ((2, 2), SQUARE),
    "1 2 3": ((3,), ("1", "2", "3")),
    "(1, 2, 3)": ((3, 1), ("1", "2", "3")),
    "[1, 2, 3]": ((3, 1), ("1", "2", "3")),
    "[[1], [2], [3]]": ((3, 1), ("1", "2", "3")),
    "1; 2; 3": ((1, 3), ("1", "2", "3")),
    "1/2 1 / 3": ((2,), ("1/2", "1/3")),
    "0,5 1,5; 2 3": ((2, 2), ("0,5", "1,5", "2", "3")),
    "0,5; 1,5": ((2, 1), ("0,5", "1,5")),
    "2 x 10^-3 4": ((2,), ("2x10^-3", "4")),
    "[[7]]": ((1, 1), ("7",)),
    "[1,,3]": ((3,), ("1", "", "3")),
    "[1, a, 3]": ((3,), ("1", "a", "3")),
}


@pytest.mark.parametrize("text", READ)
def test_an_array_is_read_by_its_shape(text):
    shape, expected = READ[text]
    assert entries(text, shape).texts == expected


MISSHAPEN = {
    "1 2; 3 4": (3, 2),
    "1 2 3 4": (2, 2),
    "[[1, 2, 3], [4, 5, 6]]": (3, 2),
    "1 2; 3": (2, 2),
    "5": (2, 2),
    "[]": (2, 2),
}


@pytest.mark.parametrize("text", MISSHAPEN)
def test_another_shape_is_said_to_be_one(text):
    with pytest.raises(MisshapenError, match="is asked for"):
        entries(text, MISSHAPEN[text])


UNREADABLE = ("[[1,2],[3,4]", "1] [2", "[[[1],[2]]]", "[1] and [2]", "x" * (LONGEST_ARRAY + 1))


@pytest.mark.parametrize("text", UNREADABLE)
def test_brackets_that_do_not_close_are_refused(text):
    with pytest.raises(UnreadableError):
        entries(text, (2, 1))


def test_commas_that_may_be_either_are_not_guessed_at():
    with pytest.raises(UnreadableError, match="decimal commas"):
        entries("1,2 3", (2,))


@given(st.lists(st.lists(st.integers(-999, 999), min_size=3, max_size=3), min_size=2, max_size=4))
def test_what_python_and_numpy_print_is_read_back(rows):
    flat = tuple(str(one) for row in rows for one in row)
    for text in (str(rows), str(np.array(rows)), repr(np.array(rows))):
        assert entries(text, (len(rows), 3)).texts == flat


@given(st.text(alphabet="[](),; \n0123456789.-ax", max_size=40), st.sampled_from([(2, 2), (3,), (3, 1), (1, 1)]))
def test_any_text_is_an_array_of_the_shape_or_refused(text, shape):
    try:
        texts = entries(text, shape).texts
    except UnreadableError:
        return
    assert len(texts) == int(np.prod(shape))
