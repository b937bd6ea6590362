"""Programs drawn at random give on certified numbers what they give in float64, with the same sharing of memory."""

from __future__ import annotations

import os

import numpy as np

from symnn.errors import UndecidedError
from symnn.scalars import Scalar, ScalarArray, array, ball, midpoints, running
from tests.scalars.programs import Program, run

MANY = 10_000 if os.environ.get("SYMNN_EXPLORE") else 200
"""How many programs are drawn; each writes through views, so that what shares memory shows in the values."""


TOLD = ("the balls overlap", "a float64 array cannot hold certified numbers")
"""Why a program may be undecided: rounding alone tells numbers apart, or places made floats are added to."""


def certified(program):
    with running(ball(), functions=[run]):
        return run(program.lines, {name: array(A, ball()) for name, A in program.given.items()})


def as_floats(found):
    return np.asarray(midpoints(found) if isinstance(found, Scalar | ScalarArray) else found, dtype=np.float64)


def differing(program, found):
    """The names that are not what they are in float64."""
    expected = run(program.lines, {name: A.copy() for name, A in program.given.items()})
    return [
        name
        for name, value in expected.items()
        if np.shape(found[name]) != np.shape(value)
        or not np.allclose(as_floats(found[name]), value, rtol=1e-9, atol=1e-9)
    ]


def is_a_tie(program, found):
    """Whether rounding is all that a number is: NumPy has 0 there, and of a ball no root, or nothing, is known."""
    return any(np.isnan(as_floats(value)).any() for value in found.values())


def test_drawn_programs_give_what_numpy_gives():
    wrong, ties = [], 0
    for seed in range(MANY):
        program = Program(seed)
        try:
            found = certified(program)
        except UndecidedError as error:
            said = str(error)
            if any(reason in said for reason in TOLD):
                ties += 1
            else:
                wrong.append(f"{said} of seed {seed}\n{program}")
            continue
        if names := differing(program, found):
            if is_a_tie(program, found):
                ties += 1
            else:
                wrong.append(f"{names} of seed {seed}\n{program}")
    assert not wrong, wrong[0]
    assert ties <= MANY // 50


def test_what_shares_memory_and_should_not_would_be_seen(monkeypatch):
    program = Program(0)
    program.lines = ["v0 = np.nan_to_num(x)", "v0[0] = 7"]
    assert not differing(program, certified(program))
    monkeypatch.setattr(ScalarArray, "copy", lambda self, order="C": self)
    assert differing(program, certified(program)) == ["x"]
