"""Every row of the activations proves itself: its slope, its kinks, its range and its stable NumPy forms."""

from __future__ import annotations

import dataclasses
import itertools

import mpmath
import numpy as np
import pytest
from sympy import Interval, Piecewise, Rational, S, diff, exp, lambdify, limit, log, oo, simplify, tanh

from symnn.errors import InputError
from symnn.notation import scalar
from symnn.rules import ACTIVATIONS, HELPERS, NORMALISERS, activation
from symnn.rules.activations import a, z

POINTS = (-800.0, -745.5, -37.5, -3.0, -1.0, -0.25, -1e-9, 1e-9, 0.5, 2.0, 36.0, 709.5, 800.0)
MATRIX = np.array([[800.0, -800.0, 0.5], [-800.0, -1.0, 700.0], [3.0, 2.0, -745.0], [3.0, 3.0, 3.0]])


def helpers():
    scope = {"np": np}
    for source in HELPERS.values():
        exec(source, scope)
    return scope


def by_formula(formula, at):
    """The formula at a float, with 800 digits: enough for exp(1600) beside 1."""
    with mpmath.workdps(800):
        return lambdify(z, formula, modules="mpmath")(mpmath.mpf(at))


def by_text(text, array, **more):
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        return value_of(text.format(z="z", **more), array)


def value_of(text, array):
    scope = helpers() | {"z": array}
    exec(f"value = {text}", scope)
    return scope["value"]


def agrees(got, wanted, absolute=1e-300):
    """Whether a float is the number up to a few roundings; numbers below ``absolute`` count as nothing."""
    return bool(np.isfinite(got) and abs(mpmath.mpf(float(got)) - wanted) <= 1e-14 * abs(wanted) + absolute)


def pieces(formula):
    """A formula cut at its branches: conditions on z and what holds there."""
    if not formula.has(Piecewise):
        return [(S.true, formula)]
    (only,) = formula.atoms(Piecewise)
    cut, earlier = [], S.true
    for value, condition in only.args:
        cut.append(((condition & earlier), formula.xreplace({only: value})))
        earlier &= ~condition
    return cut


def slope_is_the_derivative(row):
    """Whether slope∘forward is the derivative of forward on every open piece between kinks: exact."""
    kinks = [point for point, _ in row.kinks]
    edges = [-oo, *sorted(kinks), oo]
    for low, high in itertools.pairwise(edges):
        inside = low + 1 if low != -oo else (high - 1 if high != oo else S.Zero)
        forward = on_piece(row.forward, inside)
        slope = on_piece(row.slope, forward.subs(z, inside), a).subs(a, forward)
        if simplify((slope - diff(forward, z)).rewrite(exp)) != 0:
            return False
    return True


def on_piece(formula, inside, symbol=z):
    (value,) = [value for condition, value in pieces(formula) if condition.subs(symbol, inside) == S.true]
    return value


def kinks_are_declared_well(row):
    """Whether each declared value lies between the one-sided derivatives, and no undeclared kink is left."""
    declared = dict(row.kinks)
    found = {b for branch in row.forward.atoms(Piecewise) for _, c in branch.args for b in c.atoms() if b.is_number}
    for point in found - {S.true, S.false}:
        sides = sorted(limit(diff(on_piece(row.forward, point + s), z), z, point) for s in (-1, 1))
        if point not in declared:
            if sides[0] != sides[1]:
                return False
        else:
            given = row.slope.subs(a, row.forward.subs(z, point))
            if not sides[0] <= declared[point] <= sides[1] or given != declared[point]:
                return False
    return set(declared) <= found


def forms(row):
    """The stable NumPy texts of a row, each with the formula it stands for."""
    pairs = (
        (row.stable, row.forward),
        (row.minus_log, -log(row.forward)),
        (row.minus_log_complement, -log(1 - row.forward)),
    )
    return [(text, formula) for text, formula in pairs if text is not None]


def stable_forms_agree(row):
    return all(
        agrees(got, by_formula(formula, at))
        for text, formula in forms(row)
        for at, got in zip(POINTS, by_text(text, np.array(POINTS)), strict=True)
    )


def outputs_lie_in_range(row):
    low, high = row.range.inf, row.range.sup
    image = [by_formula(row.forward, at) for at in POINTS]
    inside = all((low == -oo or v >= low) and (high == oo or v <= high) for v in image)
    strict = all((not row.range.left_open or v > low) and (not row.range.right_open or v < high) for v in image)
    return bool(inside and strict)


CHECKS = (slope_is_the_derivative, kinks_are_declared_well, stable_forms_agree, outputs_lie_in_range)


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("check", CHECKS)
def test_a_row_proves_itself(check, name):
    row = ACTIVATIONS[name]
    if check is slope_is_the_derivative and row.slope is None:
        pytest.skip("the slope is left to differentiation")
    assert check(row)


# check -> (row, what is planted in it)
PLANTED = {
    "slope of a sigmoid without a": (slope_is_the_derivative, "sigmoid", {"slope": 1 - a}),
    "slope of tanh with a half": (slope_is_the_derivative, "tanh", {"slope": 1 - a**2 / 2}),
    "slope of a neighbour": (slope_is_the_derivative, "tanh", {"slope": a * (1 - a)}),
    "slope off by 1e-60": (slope_is_the_derivative, "linear", {"slope": 1 + Rational(1, 10**60)}),
    "slope of a ReLU the wrong way round": (
        slope_is_the_derivative,
        "relu",
        {"slope": Piecewise((0, a > 0), (1, True))},
    ),
    "kink above both sides": (kinks_are_declared_well, "relu", {"kinks": ((S.Zero, S(2)),)}),
    "kink that the slope does not give": (kinks_are_declared_well, "relu", {"kinks": ((S.Zero, S.Half),)}),
    "kink forgotten": (kinks_are_declared_well, "relu", {"kinks": ()}),
    "kink where there is none": (kinks_are_declared_well, "relu", {"kinks": ((S.Zero, S.Zero), (S.One, S.One))}),
    "stable form of a neighbour": (stable_forms_agree, "sigmoid", {"stable": "np.tanh({z})"}),
    "logarithm with the wrong sign": (stable_forms_agree, "sigmoid", {"minus_log": "np.logaddexp(0, {z})"}),
    "complement with the wrong sign": (
        stable_forms_agree,
        "sigmoid",
        {"minus_log_complement": "np.logaddexp(0, -{z})"},
    ),
    "range of a neighbour": (outputs_lie_in_range, "tanh", {"range": Interval.open(0, 1)}),
    "range without its end": (outputs_lie_in_range, "relu", {"range": Interval.open(0, oo)}),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_mistake_is_refused(planted):
    check, name, change = PLANTED[planted]
    assert not check(dataclasses.replace(ACTIVATIONS[name], **change))


def test_an_unstable_form_raises_at_large_arguments():
    row = dataclasses.replace(ACTIVATIONS["sigmoid"], stable="1/(1 + np.exp(-{z}))")
    with pytest.raises(FloatingPointError, match="overflow"):
        stable_forms_agree(row)


def shares(row, logits):
    with mpmath.workdps(800):
        weights = [lambdify(z, row.weight, modules="mpmath")(mpmath.mpf(x)) for x in logits]
        return [weight / mpmath.fsum(weights) for weight in weights]


def normaliser_forms_agree(row):
    for axis, matrix in ((1, MATRIX), (0, MATRIX.T.copy())):
        rows = MATRIX.tolist()
        for text, of in ((row.stable, lambda share: share), (row.log, mpmath.log)):
            got = by_text(text, matrix, axis=axis)
            for values, logits in zip(got if axis == 1 else got.T, rows, strict=True):
                with mpmath.workdps(800):
                    if not all(agrees(v, of(w)) for v, w in zip(values, shares(row, logits), strict=True)):
                        return False
    return True


@pytest.mark.parametrize("name", NORMALISERS)
def test_a_normaliser_row_proves_itself(name):
    row = NORMALISERS[name]
    assert normaliser_forms_agree(row)
    assert all(row.range.inf < share < row.range.sup for share in shares(row, MATRIX[1]))


PLANTED_NORMALISERS = {
    "other axis": {"stable": "softmax({z}, axis=1 - {axis})"},
    "logarithm for the share": {"stable": "log_softmax({z}, axis={axis})"},
    "share for the logarithm": {"log": "softmax({z}, axis={axis})"},
    "weight of another base": {"weight": exp(2 * z)},
}


@pytest.mark.parametrize("planted", PLANTED_NORMALISERS)
def test_a_planted_normaliser_is_refused(planted):
    row = dataclasses.replace(NORMALISERS["softmax"], **PLANTED_NORMALISERS[planted])
    assert not normaliser_forms_agree(row)


# helper -> (its call on one argument, the formula, what counts as nothing: the logarithm of a float near 1 is as
# coarse as that float)
HELPER_CALLS = {
    "sigmoid": ("sigmoid(z)", 1 / (1 + exp(-z)), 1e-300),
    "softmax": ("softmax(np.stack([z, 0 * z]), 0)[0]", 1 / (1 + exp(-z)), 1e-300),
    "log_softmax": ("log_softmax(np.stack([z, 0 * z]), 0)[0]", -log(1 + exp(-z)), 3e-16),
}


@pytest.mark.parametrize("name", HELPERS)
def test_a_helper_is_its_formula_from_minus_to_plus_800(name):
    text, formula, absolute = HELPER_CALLS[name]
    for at, got in zip(POINTS, by_text(text, np.array(POINTS)), strict=True):
        assert agrees(got, by_formula(formula, at), absolute), at


@pytest.mark.parametrize("name", HELPERS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_helper_keeps_the_precision_it_is_given(name, dtype):
    argument = np.array([[1, 2], [3, 4]], dtype=dtype)
    more = ", 1" if "axis" in HELPERS[name] else ""
    assert value_of(f"{name}(z{more})", argument).dtype == dtype


def test_the_names_of_rows_are_their_keys_and_none_stands_in_both_tables():
    assert all(name == row.name for table in (ACTIVATIONS, NORMALISERS) for name, row in table.items())
    assert not set(ACTIVATIONS) & set(NORMALISERS)
    assert all(row.latex and row.source for table in (ACTIVATIONS, NORMALISERS) for row in table.values())


@pytest.mark.parametrize("name", [*ACTIVATIONS, *NORMALISERS])
def test_a_row_is_found_by_name(name):
    assert activation(name).name == name


def test_an_unknown_activation_is_named_with_the_nearest():
    with pytest.raises(InputError, match="unknown activation 'tahn': did you mean 'tanh'"):
        activation("tahn")


def test_letters_are_the_ones_of_the_notation():
    assert z is scalar("z")
    assert a is scalar("a")
    assert tanh(z).diff(z) == 1 - tanh(z) ** 2
