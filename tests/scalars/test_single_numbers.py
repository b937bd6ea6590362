"""A single number answers as NumPy's do, arrays are floats to the code under test, and tolerances are decided."""

from __future__ import annotations

import math
import numbers
import statistics
from contextlib import suppress

import numpy as np
import pytest
import scipy.special

from symnn.errors import UndecidedError
from symnn.scalars import EXACT, Ball, Dual, Exact, Scalar, array, ball, dual, duals, midpoints, running
from symnn.scalars.standins import TYPES

ATTRIBUTES = {
    "dtype": lambda x: x.dtype == float and x.dtype == np.float64 and x.dtype != np.float32 and x.dtype.kind == "f",
    "dtype of a kind": lambda x: np.issubdtype(x.dtype, np.floating) and not np.issubdtype(x.dtype, np.integer),
    "dtype in a list": lambda x: x.dtype in (np.float32, np.float64) and x.dtype.type in [np.float64],
    "dtype of an array": lambda x: np.array([x]).dtype == np.float64 and np.zeros(2, dtype=x.dtype).dtype == float,
    "result type": lambda x: np.result_type(x, np.float32) == np.float64,
    "sizes": lambda x: (x.itemsize, x.nbytes, x.size, x.ndim, x.shape, x.strides) == (8, 8, 1, 0, (), ()),
    "parts": lambda x: x.real == 2.5 and x.imag == 0 and x.conj() == x and x.transpose() == x.T,
    "item": lambda x: x.item() == x.tolist() == x.copy() == float(x) == np.float64(x) == np.float32(x),
    "flat": lambda x: list(x.flat) == [x] and x.ravel().shape == (1,),
    "rounded": lambda x: x.round() == 2 and round(x, 1) == 2.5 and x.clip(0, 1) == 1 and x.round(1) == 2.5,
    "whole": lambda x: (int(x), math.floor(x), math.ceil(x), math.trunc(x), round(x)) == (2, 2, 3, 2, 2),
    "moments": lambda x: x.mean() == x.sum() == x.max() == x.min() == x.prod() and x.std() == x.var() == 0,
    "truth": lambda x: x.any() and x.all() and bool(x),
    "places": lambda x: x.argmax() == x.argmin() == 0,
    "products": lambda x: x.repeat(2).shape == (2,) and x.cumsum().shape == (1,),
    "remainders": lambda x: x % 1 == 0.5 and x // 1 == 2 and 5 % x == 0 and divmod(x, 2) == (1, 0.5),
    "kinds": lambda x: all(isinstance(x, kind) for kind in (float, np.floating, np.float64, np.number, numbers.Real)),
    "scalar": lambda x: np.isscalar(x) and not isinstance(x, (int, np.ndarray)),
    "texts": lambda x: f"{x:.1f} {'%.2f, %d' % (x, x)}" == "2.5 2.50, 2",  # noqa: UP031
}
SYSTEMS = {"ball": (ball(), lambda: Ball("2.5")), "dual": (dual(), lambda: Dual("2.5"))}


@pytest.mark.parametrize("kind", SYSTEMS)
@pytest.mark.parametrize("holds", ATTRIBUTES.values(), ids=ATTRIBUTES)
def test_a_number_answers_as_those_of_numpy(holds, kind):
    system, make = SYSTEMS[kind]
    with running(system):
        assert holds(make())
    if "np.float32(x)" not in holds.__code__.co_consts:
        assert holds(np.float64(2.5))


def test_numpy_and_code_outside_of_a_run_see_objects():
    A = array([1, 2], ball())
    assert (A.dtype, A[0].dtype) == (object, object)
    with running(ball()):
        assert A.dtype == np.float64
        assert repr(A) == "ScalarArray([Ball(1), Ball(2)], dtype=object)"
    assert A.dtype == object


def test_every_type_of_floats_is_known_by_all_its_names():
    with running(ball()):
        x = Ball(1)
        assert all(isinstance(x, kind) for kind in (np.double, np.single, np.half, np.longdouble, np.inexact))
        assert not isinstance(x, np.integer)
    assert all(np.dtype(to) == np.dtype(kind) for kind, to in TYPES.items() if not issubclass(np.float64, kind))


MATH = {
    "pow": lambda x, y: math.pow(x, y),
    "hypot": lambda x, y: math.hypot(x, y, 1),
    "atan2": lambda x, y: math.atan2(y, x),
    "dist": lambda x, y: math.dist([x, 1], [y, 2]),
    "fsum": lambda x, y: math.fsum([x, y, 1]),
    "prod": lambda x, y: math.prod([x, y]),
    "copysign": lambda x, y: math.copysign(x, -1),
    "fmod": lambda x, y: math.fmod(x, y),
    "lgamma": lambda x, y: math.lgamma(x) + math.gamma(y),
    "erfc": lambda x, y: math.erfc(y),
    "cbrt": lambda x, y: math.cbrt(x) + math.exp2(y),
    "acosh": lambda x, y: math.acosh(x),
    "log of a base": lambda x, y: math.log(x, 3) + math.log(8, x),
    "degrees": lambda x, y: math.degrees(x) + math.radians(y),
    "modf": lambda x, y: math.modf(x)[0],
    "mean": lambda x, y: statistics.mean([x, y]) + statistics.fmean([x, y, 1]),
}


@pytest.mark.parametrize("f", MATH.values(), ids=MATH)
def test_functions_of_math_take_scalars(f):
    expected = f(2.5, 0.75)
    with running(dual()):
        found = f(Dual("2.5", 1), Dual("0.75", 1))
        assert f(2.5, 0.75) == pytest.approx(expected, rel=1e-15)
    assert isinstance(found, Scalar)
    assert midpoints(found) == pytest.approx(expected, rel=1e-14)
    with running(dual()):
        ahead, behind = f(2.5 + 1e-6, 0.75 + 1e-6), f(2.5 - 1e-6, 0.75 - 1e-6)
    assert float(found.tangent) == pytest.approx((ahead - behind) / 2e-6, rel=1e-6)


@pytest.mark.parametrize("name", ["isnan", "isinf", "isfinite"])
def test_predicates_of_math_take_scalars(name):
    with running(ball()):
        assert [getattr(math, name)(x) for x in (Ball(1), np.inf)] == [getattr(np, name)(x) for x in (1, np.inf)]


# What is nearly a third, asked with tolerances; and how far off it may be for the answer to be the same.
CLOSE = {
    "allclose": lambda x, y: np.allclose(x, y),
    "isclose": lambda x, y: np.isclose(x, y).all() and np.isclose(x[0], y[0]),
    "math.isclose": lambda x, y: math.isclose(x[0], y[0], rel_tol=1e-6) and math.isclose(x[0], y[0], abs_tol=1e-6),
    "a difference": lambda x, y: np.all(np.abs(x - y) < 1e-6) and abs(x[0] - y[0]) <= 1e-6,
    "rounded": lambda x, y: (np.round(x - y, 5) == 0).all() and round(x[0] - y[0], 5) == 0,
    "assert_allclose": lambda x, y: np.testing.assert_allclose(x, y, rtol=1e-5) is None,
    "assert_almost_equal": lambda x, y: np.testing.assert_almost_equal(x[0], y[0], decimal=5) is None,
    "assert_array_almost_equal": lambda x, y: np.testing.assert_array_almost_equal(x, y, 5) is None,
}


@pytest.mark.parametrize("close", CLOSE.values(), ids=CLOSE)
def test_a_tolerance_is_decided_without_a_choice(close):
    with running(dual()) as run:
        x, zero = duals([1.0, 2.0], [1, 1]), duals([0.0, 0.0], [1, 1])
        y = x / 3 * 3
        assert close(y, x + zero * 0)
        with suppress(AssertionError):
            assert not close(y, x + 0.01)
    assert not run.kinks


def test_a_tolerance_within_the_radius_of_a_ball_is_undecided():
    with running(ball()):
        nearly = Ball(1) / 3 * 3 + Ball("1e-5")
        with pytest.raises(UndecidedError, match="overlap"):
            np.isclose(nearly, Ball(1), rtol=0, atol=1e-5)


@pytest.mark.parametrize("x", [Exact(2), Ball(1) / 3, Dual(1, 1) / 3], ids=repr)
def test_a_number_is_itself(x):
    assert x == x
    assert not x != x  # noqa: SIM202
    assert x <= x and x >= x  # noqa: PT018
    assert not x < x and not x > x  # noqa: PT018


@pytest.mark.parametrize("x", [Ball(float("nan")), Dual(float("nan"))], ids=repr)
def test_a_ball_that_holds_nan_is_not_itself(x):
    assert x != x
    assert not x == x  # noqa: SIM201


def test_a_function_that_passes_over_nan_is_undecided_where_there_is_one():
    with running(ball()), pytest.raises(UndecidedError, match="NaN"):
        np.nansum(array([1.0, float("nan")], ball()))


MATRICES = {
    "made scalars": lambda m, A: array(m, ball()),
    "plus": lambda m, A: A + m,
    "times": lambda m, A: A * m,
}


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")
@pytest.mark.parametrize("use", MATRICES.values(), ids=MATRICES)
def test_an_np_matrix_is_no_array_of_scalars(use):
    with running(ball()), pytest.raises(UndecidedError, match=r"np\.matrix"):
        use(np.asmatrix([[1.0, 2.0], [3.0, 4.0]]), array([[1, 2], [3, 4]], ball()))


def test_what_symnn_does_not_know_of_a_gamma_function_it_refuses():
    with running(ball()):
        assert midpoints(scipy.special.gammaln(array([5.0], ball()))) == pytest.approx(math.log(24))
    with pytest.raises(UndecidedError, match="balls only"):
        scipy.special.gammaln(array([5], EXACT))
