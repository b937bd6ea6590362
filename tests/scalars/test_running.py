"""A run replaces what it must, and leaves the world as it was."""

from __future__ import annotations

import copy
import functools
import gc
import math
import pickle
import sys
from math import exp

import flint
import numpy as np
import pytest
from numpy import zeros

from symnn.errors import InexactError, InputError, ShapeError, UndecidedError
from symnn.scalars import EXACT, Ball, Exact, ScalarArray, array, ball, dual, duals, midpoints, running
from symnn.scalars.run import current
from tests.scalars import constructs


def here():
    return zeros(2), exp, float


def snapshot():
    libraries = [dict(vars(library)) for library in map(sys.modules.get, ("numpy", "math"))]
    return libraries, dict(globals()), dict(vars(constructs)), flint.ctx.prec, current(), gc.isenabled()


def test_everything_is_restored_after_a_run():
    before = snapshot()
    with running(ball(), functions=[here, constructs.softmax]):
        assert snapshot()[0] == before[0]
        assert all(now != then for now, then in zip(snapshot()[1:], before[1:], strict=True))
        assert flint.ctx.prec == 333
        assert isinstance(here()[0], ScalarArray)
    assert snapshot() == before


def test_everything_is_restored_after_an_exception():
    before = snapshot()
    with pytest.raises(KeyError), running(ball(), functions=[constructs.softmax]):
        raise KeyError
    assert snapshot() == before


def test_everything_is_restored_after_nested_runs_of_which_one_fails():
    before = snapshot()
    with running(ball(100), functions=[here]) as outer:
        with pytest.raises(InexactError), running(EXACT, functions=[here]):
            here()[0][0].exp() + np.exp(Exact(1))
        assert flint.ctx.prec == 100
        assert current() is outer
        assert isinstance(here()[0][0], Ball)
    assert snapshot() == before


class Layer:
    def __call__(self, x):
        return constructs.imported_zeros(2) + x

    def forward(self, x):
        return np.zeros(2) + x


UNDER_TEST = {
    "a method": lambda: Layer().forward,
    "an object": Layer,
    "a class": lambda: Layer,
    "a partial": lambda: functools.partial(constructs.softmax, 1),
    "a function": lambda: constructs.softmax,
}


@pytest.mark.parametrize("under_test", UNDER_TEST.values(), ids=UNDER_TEST)
def test_a_run_reaches_the_modules_of_what_is_under_test_and_their_own(under_test):
    with running(ball(), functions=[under_test()]):
        assert isinstance(constructs.imported_zeros(2), ScalarArray)
        assert isinstance(Layer().forward(0), ScalarArray)


def test_an_unusable_precision_is_refused():
    with pytest.raises(InputError, match="at least 2 bits"), running(ball(1)):
        raise AssertionError("the run must not begin")


STAYS_PLAIN = {
    "array of ints": lambda: np.array([0, 1]),
    "array of bools": lambda: np.array([True]),
    "explicit int": lambda: np.zeros(3, dtype=int),
    "explicit bool": lambda: np.ones(3, bool),
    "explicit int, positional": lambda: np.full((2, 2), 1, np.int64),
    "arange": lambda: np.arange(3),
    "strings": lambda: np.array(["a"]),
    "full of ints": lambda: np.full(3, 7),
    "int like": lambda: np.zeros_like(np.arange(3)),
}
BECOMES_SCALARS = {
    "zeros": lambda: np.zeros((2, 3)),
    "ones": lambda: np.ones(3, dtype=np.float64),
    "empty": lambda: np.empty((2, 2)),
    "full": lambda: np.full(2, 0.5),
    "eye": lambda: np.eye(3),
    "identity": lambda: np.identity(2),
    "array": lambda: np.array([0.5, 1]),
    "array of ints as float": lambda: np.array([0, 1], dtype=float),
    "asarray": lambda: np.asarray([[0.5]], np.float32),
    "arange of floats": lambda: np.arange(0, 1, 0.25),
    "linspace": lambda: np.linspace(0, 1, 5),
    "like": lambda: np.zeros_like(np.zeros(3)),
    "empty like": lambda: np.empty_like(np.ones((2, 2))),
    "full like": lambda: np.full_like(np.ones((2, 2)), 0.5),
}


@pytest.mark.parametrize("create", STAYS_PLAIN.values(), ids=STAYS_PLAIN)
def test_arrays_of_ints_bools_and_strings_stay_plain(create):
    with running(ball()):
        made = create()
    assert type(made) is np.ndarray
    assert made.dtype == create().dtype


@pytest.mark.parametrize("system", [EXACT, ball(), dual()], ids=lambda system: system.name)
@pytest.mark.parametrize("create", BECOMES_SCALARS.values(), ids=BECOMES_SCALARS)
def test_float_arrays_become_arrays_of_scalars(create, system):
    with running(system):
        made = create()
    assert isinstance(made, ScalarArray)
    assert {type(x) for x in made.flat} == {system.kind}
    if create.__code__.co_names[1] not in ("empty", "empty_like"):
        assert np.array_equal(midpoints(made), create())


def test_math_functions_still_take_floats():
    with running(ball()):
        assert math.exp(1.0) == exp(1.0)
        assert math.log(8, 2) == 3


def test_data_are_exact_doubles_whatever_they_look_like():
    assert array([0.1], EXACT)[0] == Exact(0.1) != Exact("0.1")


def test_a_ragged_list_is_refused():
    with pytest.raises(ShapeError, match="ragged"):
        array([[1, 2], [3]], EXACT)


def test_a_direction_of_another_shape_is_refused():
    with pytest.raises(ShapeError, match="shape of the values"):
        duals([1, 2], [1])


@pytest.mark.parametrize("A", [array([[1, "1/3"]], EXACT), array([0.5], ball()), duals([1, 2], [0, 1])], ids=repr)
def test_arrays_survive_copying_and_pickling(A):
    for twin in (copy.deepcopy(A), copy.copy(A), A.copy(), pickle.loads(pickle.dumps(A))):  # noqa: S301
        assert isinstance(twin, ScalarArray)
        assert twin is not A
        assert repr(twin) == repr(A)


def test_a_float64_array_from_before_the_run_cannot_hold_scalars():
    Z = np.zeros(2)
    with running(ball()), pytest.raises(UndecidedError, match="float64 array cannot hold"):
        Z += array([1, 2], ball())


REFUSED = {
    "eigenvalues": lambda A: np.linalg.eig(A),
    "step function": lambda A: duals([1.0], [1]).astype(int),
    "not an integer": lambda A: (A / 3).astype(int),
    "whole part of what moves": lambda A: int(duals([1.0], [1])[0]),
    "string": lambda A: A + "a",
}


@pytest.mark.parametrize("use", REFUSED.values(), ids=REFUSED)
def test_what_cannot_run_says_so(use):
    with running(ball()), pytest.raises((UndecidedError, TypeError)):
        use(array([[1, 2], [3, 5]], ball()))


def test_certain_integers_become_ints():
    labels = array([2.0, 0.0], ball()).astype(int)
    assert labels.tolist() == [2, 0]
    assert labels.dtype == np.int64


def test_a_rational_network_is_computed_exactly():
    with running(EXACT):
        W, X = array([["1/2", -1], [0, "3/4"]], EXACT), array([[1, 2], [3, 4]], EXACT)
        Z = W @ X + np.array([0.1, 0])
        A = np.where(Z > 0, Z, 0)
        assert np.mean(A**2) == Exact("12049/800") * 0 + np.sum(A * A) / 4
    assert [str(x) for x in Z.ravel()] == ["-12/5", "-3", "47/20", "3"]


def test_an_irrational_function_on_exact_numbers_is_refused_in_arrays_too():
    with pytest.raises(InexactError, match="use balls"):
        np.exp(array([1], EXACT))
