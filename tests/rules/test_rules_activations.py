"""Every row of the activations proves itself: its slope, its kinks, its range and its stable NumPy forms."""

from __future__ import annotations

import dataclasses
import itertools
import math

import mpmath
import numpy as np
import pytest
from sympy import (
    Abs,
    FiniteSet,
    Interval,
    Piecewise,
    Rational,
    S,
    diff,
    exp,
    lambdify,
    limit,
    log,
    oo,
    pi,
    simplify,
    tanh,
)

from symnn.errors import InputError
from symnn.notation import scalar
from symnn.rules import ACTIVATIONS, HELPERS, NORMALISERS, activation, helpers_for
from symnn.rules.activations import a, z
from symnn.rules.functions import NormalDensity, NormalShare
from symnn.rules.normalisers import e, s
from tests.rules.spelled import spelled_out

ROWS = {name: row.bound() for name, row in ACTIVATIONS.items()}

POINTS = (-800.0, -745.5, -37.5, -3.0, -1.0, -0.75, -0.25, -1e-9, 1e-9, 0.5, 2.0, 36.0, 709.5, 800.0)
MATRIX = np.array([[800.0, -800.0, 0.5], [-800.0, -1.0, 700.0], [3.0, 2.0, -745.0], [3.0, 3.0, 3.0]])


def helpers():
    scope = {"np": np, "math": math}
    for source in HELPERS.values():
        exec(source, scope)
    return scope


def by_formula(formula, at):
    """The formula at a float, with 800 digits: enough for exp(1600) beside 1."""
    with mpmath.workdps(800):
        return lambdify(z, spelled_out(formula), modules="mpmath")(mpmath.mpf(at))


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
        slope = on_piece(on_piece(row.slope, inside), forward.subs(z, inside), a).subs(a, forward)
        if simplify(spelled_out(slope - diff(forward, z)).rewrite(exp)) != 0:
            return False
    return True


def on_piece(formula, inside, symbol=z):
    if not any(condition.has(symbol) for condition, _ in pieces(formula)):
        return formula
    (value,) = [value for condition, value in pieces(formula) if condition.subs(symbol, inside) == S.true]
    return value


SIDE = Rational(1, 4)


def pieces_of(row):
    return [(value, c) for branch in row.forward.atoms(Piecewise) for value, c in branch.args if c != S.true]


def kinks_are_declared_well(row):
    """Whether each declared value lies between the one-sided derivatives, and no undeclared kink is left."""
    declared = dict(row.kinks)
    found = {b for branch in row.forward.atoms(Piecewise) for _, c in branch.args for b in c.atoms() if b.is_Rational}
    found = {b for b in found if any(c.lhs - c.rhs == z - b for _, c in pieces_of(row))}
    for point in found:
        sides = sorted(limit(diff(on_piece(row.forward, point + s), z), z, point) for s in (-SIDE, SIDE))
        if point not in declared:
            if sides[0] != sides[1]:
                return False
        else:
            given = row.slope.subs({a: row.forward.subs(z, point), z: point}) if row.slope is not None else S.Zero
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
    if row.range.is_FiniteSet:
        return all(row.forward.subs(z, Rational(at)) in row.range for at in (*POINTS, 0))
    low, high = row.range.inf, row.range.sup
    image = [by_formula(row.forward, at) for at in POINTS]
    inside = all((low == -oo or v >= low) and (high == oo or v <= high) for v in image)
    strict = all((not row.range.left_open or v > low) and (not row.range.right_open or v < high) for v in image)
    return bool(inside and strict)


CHECKS = (slope_is_the_derivative, kinks_are_declared_well, stable_forms_agree, outputs_lie_in_range)


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("check", CHECKS)
def test_a_row_proves_itself(check, name):
    row = ROWS[name]
    if check is slope_is_the_derivative and row.slope is None:
        assert row.no_gradient, "a row without a slope says why it has none"
        assert all(diff(value, z) == 0 for _, value in pieces(row.forward))
    else:
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
    "slope of a leaky ReLU without its constant": (
        slope_is_the_derivative,
        "leaky-relu",
        {"slope": ROWS["relu"].slope},
    ),
    "slope of GELU without its second term": (slope_is_the_derivative, "gelu", {"slope": NormalShare(z)}),
    "slope of softplus for SiLU": (slope_is_the_derivative, "silu", {"slope": ROWS["softplus"].slope}),
    "step that leaves out its middle": (outputs_lie_in_range, "step", {"range": FiniteSet(0, 1)}),
    "dip of GELU left out": (outputs_lie_in_range, "gelu", {"range": Interval(Rational(-1, 10), oo)}),
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
    assert not check(dataclasses.replace(ROWS[name], **change))


def test_an_unstable_form_raises_at_large_arguments():
    row = dataclasses.replace(ACTIVATIONS["sigmoid"], stable="1/(1 + np.exp(-{z}))")
    with pytest.raises(FloatingPointError, match="overflow"):
        stable_forms_agree(row)


def outputs(row, logits):
    with mpmath.workdps(800):
        weights = [lambdify(z, row.weight, modules="mpmath")(mpmath.mpf(x)) for x in logits]
        output = lambdify((z, e, s), row.output, modules="mpmath")
        return [output(mpmath.mpf(x), w, mpmath.fsum(weights)) for x, w in zip(logits, weights, strict=True)]


def normaliser_forms_agree(row):
    for axis, matrix in ((1, MATRIX), (0, MATRIX.T.copy())):
        rows = MATRIX.tolist()
        for text, of in ((row.stable, lambda share: share), (row.log, mpmath.log)):
            if text is None:
                continue
            got = by_text(text, matrix, axis=axis)
            for values, logits in zip(got if axis == 1 else got.T, rows, strict=True):
                with mpmath.workdps(800):
                    if not all(agrees(v, of(w)) for v, w in zip(values, outputs(row, logits), strict=True)):
                        return False
    return True


@pytest.mark.parametrize("name", NORMALISERS)
def test_a_normaliser_row_proves_itself(name):
    row = NORMALISERS[name]
    assert normaliser_forms_agree(row)
    assert all(row.range.inf < output < row.range.sup for output in outputs(row, MATRIX[1]))
    share = lambdify(a, row.share, modules="mpmath")
    with mpmath.workdps(800):
        assert abs(mpmath.fsum(map(share, outputs(row, MATRIX[1]))) - 1) < mpmath.mpf(10) ** -700


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
    "times_log": ("times_log(z**2, np.abs(z))", z**2 * log(Abs(z)), 1e-300),
    "over": ("over(z, 2 + z**2)", z / (2 + z**2), 1e-300),
    "silu": ("silu(z)", z / (1 + exp(-z)), 1e-300),
    "elu": ("elu(z, 1/5)", Piecewise((z, z > 0), ((exp(z) - 1) / 5, True)), 1e-300),
    "pi_at": ("pi_at(z)", pi + 0 * z, 0),
    "gelu_tanh": ("gelu_tanh(z)", ACTIVATIONS["gelu-tanh"].forward, 1e-300),
    "normal_share": ("normal_share(z)", NormalShare(z), 1e-300),
    "normal_density": ("normal_density(z)", NormalDensity(z), 1e-300),
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
    more = {"softmax": ", 1", "log_softmax": ", 1", "elu": ", 1/5", "times_log": ", z", "over": ", z"}.get(name, "")
    assert value_of(f"{name}(z{more})", argument).dtype == dtype


def test_a_product_with_a_logarithm_is_0_where_its_factor_is_and_so_is_its_derivative():
    with np.errstate(all="raise"):
        assert value_of("times_log(z, 0*z)", np.array([0.0, 0.0])).tolist() == [0, 0]
        assert value_of("over(z, 0*z)", np.array([0.0, -0.0])).tolist() == [0, 0]


def test_a_helper_calls_only_those_before_it_and_brings_them_along():
    names = list(HELPERS)
    for place, name in enumerate(names):
        found = helpers_for(f"A = {name}(Z)")
        assert found[-1] == HELPERS[name]
        assert all(source in [HELPERS[earlier] for earlier in names[:place]] for source in found[:-1])
    assert helpers_for("A = my_sigmoid(Z) + np.elu(Z)") == []


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
