"""The level *proved*: right gradients are proved for all inputs of their region, wrong ones never."""

from __future__ import annotations

import functools
from fractions import Fraction

import numpy as np
import pytest
import sympy
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st
from math_core import LatexToMathML
from scipy.special import erf, expit

from derivations import two_three_one
from symnn.scalars import midpoint, precision
from symnn.scalars.elementary import NAMED
from symnn.scalars.nodes import ONE, ZERO, TooLargeError, add, call, multiply, number, power, symbol
from symnn.verification import proved, tracing
from symnn.verification.forms import Field
from symnn.verification.formulas import formulas, recovered_latex
from symnn.verification.proved import prove
from symnn.verification.rational import residue
from symnn.verification.reverse import derivatives, evaluated
from symnn.verification.structure import parameters as read
from symnn.verification.subject import Subject
from tests.scalars.inside import point
from tests.verification import nets
from tests.verification.proofs import (
    ACTIVATIONS,
    batch,
    binary_cross_entropy,
    changed,
    parameters,
    softmax_cross_entropy,
    squared_error,
)


def proof(loss, grad, params, *data):
    given = read(params)
    return prove(Subject(loss, grad, given, data), given.arrays)


def floats(arrays):
    return {name: np.array(rows, dtype=float) for name, rows in arrays.items()}


CLASS = (two_three_one.loss, two_three_one.grad, floats(two_three_one.point.parameters))
CLASS_DATA = tuple(floats(two_three_one.point.data).values())
ONE_HOT = np.eye(3)[:, [0, 2, 1]]


def test_the_class_of_derivation_15_is_proved():
    evidence = proof(*CLASS, *CLASS_DATA)
    assert evidence.level == "proved"
    assert evidence.verdict == "equal"
    assert str(evidence) == (
        "proved for all parameters and data: 9 entries equal as rational functions of 12 exponentials"
    )
    assert evidence.region == ()


def test_the_formula_of_derivation_15_is_printed():
    latex = recovered_latex(proof(*CLASS, *CLASS_DATA))
    lines = latex.splitlines()
    assert lines[0] == r"\begin{aligned}"
    assert lines[-1] == r"\end{aligned}"
    # Twelve sigmoids, twelve deltas, the loss, six entries of W1 and the three of W2 as one column.
    assert len(lines) == 2 + 12 + 12 + 1 + 6 + 1
    assert r"s_{1} &= \frac{1}{e^{- {W_{1}}_{0,0} {X}_{0,0} - {W_{1}}_{1,0} {X}_{0,1}} + 1} \\" in lines
    assert r"d_{1} &= s_{4} \left(1 - s_{4}\right) \left(- s_{4} + {Y}_{0,0}\right) \\" in lines
    by_W1 = r"\frac{\partial L}{\partial {W_{1}}_{0,0}} &= - d_{2} {X}_{0,0} - d_{4} {X}_{1,0} - d_{6} {X}_{2,0} \\"
    assert by_W1 in lines


@pytest.mark.parametrize("hidden", ["sigmoid", "relu", "mish"])
def test_the_printed_formulas_become_mathml(hidden):
    latex = recovered_latex(proof(*squared_error(hidden), parameters(2, 2, 1), *batch(2, 1)))
    assert "<mtable" in LatexToMathML().convert_with_local_state(latex, displaystyle=True)


def test_the_printed_formulas_have_the_values_of_the_code():
    evidence = proof(*CLASS, *CLASS_DATA)
    point = CLASS[2] | dict(zip("XY", CLASS_DATA, strict=True))
    values = {}
    for name, formula in evidence.formulas:
        entries = {x: float(point[str(x.base)][x.indices]) for x in formula.atoms(sympy.Indexed)}
        inner = {x: values[x.name] for x in formula.atoms(sympy.Symbol) if x.name in values}
        values[name] = formula.subs(entries | inner).evalf()
    expected = CLASS[1](CLASS[2], *CLASS_DATA)
    for name, G in expected.items():
        assert np.allclose(np.array(values[f"dL/d{name}"].tolist(), dtype=float), G, rtol=1e-12)
    assert float(values["L"]) == pytest.approx(CLASS[0](CLASS[2], *CLASS_DATA), rel=1e-12)


@pytest.mark.parametrize("hidden", ACTIVATIONS)
@pytest.mark.parametrize("output", ["linear", "sigmoid"])
def test_two_layers_with_biases_are_proved_for_all_parameters_and_data(hidden, output):
    evidence = proof(*squared_error(hidden, output), parameters(2, 2, 1), *batch(2, 1))
    assert evidence.verdict == "equal"
    assert evidence.said.startswith("proved for all parameters and data: 9 entries equal as rational functions")


def test_cross_entropy_of_two_classes_is_proved():
    evidence = proof(*binary_cross_entropy(), parameters(2, 2, 1), batch(2, 1)[0], np.array([[1.0, 0.0, 1.0]]))
    assert evidence.verdict == "equal"
    assert evidence.said.startswith("proved for all parameters and data: 9 entries")


def test_softmax_is_proved_at_targets_that_add_up_to_one():
    evidence = proof(*softmax_cross_entropy(), parameters(2, 2, 3), batch(2, 3)[0], ONE_HOT)
    assert evidence.verdict == "equal"
    assert evidence.said.startswith("proved for all parameters and X, at the Y given: 15 entries")
    soft = np.array([[0.25, 0.5, 0.125], [0.5, 0.25, 0.5], [0.25, 0.25, 0.375]])
    evidence = proof(*softmax_cross_entropy(), parameters(2, 2, 3), batch(2, 3)[0], soft)
    assert evidence.said.startswith("proved for all parameters, at the data given: 15 entries")


def test_softmax_is_not_proved_at_targets_that_do_not():
    evidence = proof(*softmax_cross_entropy(), parameters(2, 2, 3), batch(2, 3)[0], 2 * ONE_HOT)
    assert evidence.verdict == "different"


def test_three_layers_and_a_batch_of_five_are_proved():
    evidence = proof(nets.loss, nets.grad, nets.parameters(), *nets.data())
    assert evidence.verdict == "equal"
    assert "26 entries" in evidence.said


SIGN = (lambda g: -g, "is wrong by the factor -1, for all parameters and data")
CHANGES = {
    "sign": SIGN,
    "factor 2": (lambda g: 2 * g, "is wrong by the factor 2"),
    "factor 1/3": (lambda g: g / 3, "is wrong by the factor 1/3"),
    "factor 1 + 1e-60": (lambda g: g * (1 + Fraction(1, 10**60)), "is wrong by the factor 1 + 1.00000e-60"),
    "zeros": (np.zeros_like, "is not the derivative: yours − exact is"),
    "plus a little": (
        lambda g: g + Fraction(1, 10**40),
        "is wrong: yours − exact = 1.0000000000000000e-40; 5 more entries differ",
    ),
    "one entry": (lambda g: g + (np.arange(g.size).reshape(g.shape) == 1), "[0, 1] is wrong: yours − exact = 1"),
    "transposed": (lambda g: g.T, "has shape"),
    "constants": (lambda g: np.ones(g.shape), "is not the derivative"),
}


@pytest.mark.parametrize("hidden", ["sigmoid", "tanh", "relu"])
@pytest.mark.parametrize("change", CHANGES)
def test_a_planted_mistake_is_never_proved(hidden, change):
    loss, grad = squared_error(hidden)
    evidence = proof(loss, changed(grad, "W1", CHANGES[change][0]), parameters(3, 2, 1), *batch(3, 1))
    assert evidence.verdict == "different"
    assert CHANGES[change][1] in evidence.said


SLOPES_MISTAKEN = {
    "the slope is missing": ("tanh", lambda z, a: 1),
    "tanh' returns tanh": ("tanh", lambda z, a: np.tanh(z)),
    "the slope is taken at the output": ("tanh", lambda z, a: 1 - np.tanh(a) ** 2),
    "the pre-activation is taken for the output": ("sigmoid", lambda z, a: z * (1 - z)),
    "the slope is taken twice": ("sigmoid", lambda z, a: (a * (1 - a)) ** 2),
    "relu's mask is turned round": ("relu", lambda z, a: z <= 0),
    "leaky slope of another factor": ("leaky relu", lambda z, a: np.where(z > 0, 1, 0.02)),
    "elu's slope without its 1": ("elu", lambda z, a: np.where(z > 0, 1, a)),
}


@pytest.mark.parametrize("mistake", SLOPES_MISTAKEN)
def test_a_mistaken_slope_is_never_proved(mistake):
    hidden, slope = SLOPES_MISTAKEN[mistake]
    evidence = proof(*squared_error(hidden, slope=slope), parameters(2, 2, 1), *batch(2, 1))
    assert evidence.verdict == "different"


def test_a_factor_too_small_for_the_balls_is_not_proved_either():
    loss, grad = squared_error("tanh")
    slightly = changed(grad, "b2", lambda g: g * (1 + Fraction(1, 10**200)))
    evidence = proof(loss, slightly, parameters(2, 2, 1), *batch(2, 1))
    assert evidence.verdict == "undecided"
    assert "b2[0, 0] is the derivative in balls, at every point looked at, but not in its form" in evidence.said


def test_a_gradient_that_is_right_at_the_point_only_is_not_proved():
    w = np.array([0.5, 2.0])
    evidence = proof(lambda w: np.sum(w**3), lambda w: w * np.array([1.5, 6.0]), w)
    assert evidence.verdict == "different"
    assert evidence.said.startswith("params[0] is wrong: yours − exact = -3*params[0]**2 + 3*params[0]/2")


def test_a_gradient_that_is_right_for_the_data_only_is_proved_there_only():
    x = np.array([0.5, 0.25])
    evidence = proof(lambda w, x: np.sum(w * x), lambda w, x: np.array([0.5, 0.25]), np.array([1.5, 2.5]), x)
    assert evidence.verdict == "equal"
    assert evidence.said.startswith("proved for all parameters, at the data given")


REGIONS = {
    "np.maximum": (lambda w: np.sum(np.maximum(w, 0) ** 2), lambda w: 2 * np.maximum(w, 0), ("w[0] > 0", "w[1] < 0")),
    "np.where": (
        lambda w: np.sum(np.where(w > 1, w**2, w)),
        lambda w: np.where(w > 1, 2 * w, 1),
        ("w[0] > 1", "w[1] < 1"),
    ),
    "a mask": (lambda w: np.sum(w[w > 0] ** 2), lambda w: 2 * w * (w > 0), ("w[0] > 0", "w[1] < 0")),
    "if": (lambda w: w[0] ** 2 if w[0] > w[1] else w[1], lambda w: np.array([2 * w[0], 0]), ("w[0] > w[1]",)),
    "abs": (lambda w: np.abs(w).sum(), np.sign, ("w[0] > 0", "w[1] < 0")),
    "none": (lambda w: np.sum(w**2), lambda w: 2 * w, ()),
}


@pytest.mark.parametrize("name", REGIONS)
def test_a_proof_says_its_region(name):
    loss, grad, region = REGIONS[name]
    evidence = proof(lambda p: loss(p["w"]), lambda p: {"w": grad(p["w"])}, {"w": np.array([2.5, -1.5])})
    assert evidence.verdict == "equal"
    assert evidence.region == region
    shown = [formula for label, formula in evidence.formulas if label.startswith("condition")]
    assert len(shown) == len(region)
    assert all(condition.is_Relational for condition in shown)


def test_a_region_of_pre_activations_reads_as_such():
    evidence = proof(*squared_error("relu"), parameters(2, 2, 1), *batch(2, 1))
    assert len(evidence.region) == 6
    assert "W1[0, 0]*X[0, 0] + W1[0, 1]*X[1, 0] + b1[0, 0] < 0" in evidence.region


def test_from_a_kink_a_branch_beside_it_is_proved():
    w = np.array([0.0, 1.0])
    evidence = proof(lambda w: np.sum(np.maximum(w, 0)), lambda w: np.where(w > 0, 1, 0), w)
    assert evidence.verdict == "equal"
    assert evidence.region in {("params[0] > 0", "params[1] > 0"), ("params[0] < 0", "params[1] > 0")}


def test_what_is_equal_everywhere_is_no_kink():
    def loss(w):
        return np.sum(w**2) if w[0] * w[1] - w[1] * w[0] >= 0 else 0

    evidence = proof(loss, lambda w: 2 * w, np.array([0.5, 2.0]))
    assert evidence.verdict == "equal"
    assert evidence.region == ()


def unruly(w):
    raise KeyError("W7")


UNDECIDED = {
    "rounded constants": (
        lambda w: np.sum(0.5772156649015329 * (3 * w)),
        lambda w: np.full(1, 1.7316469947045987),
        "no proof rests on rounded constants",
    ),
    "an exception": (lambda w: np.sum(w**2), unruly, "grad raised KeyError: 'W7'"),
    "an exception in the loss": (unruly, lambda w: w, "loss raised KeyError: 'W7'"),
    "rounding": (lambda w: np.sum(w**2) + int(w[0]), lambda w: 2 * w, "is a step function"),
    "no dependence": (lambda w: 3.0, lambda w: 0 * w, "the loss does not depend on the parameters"),
    "a library": (lambda w: np.spacing(w)[0], lambda w: w, "cannot run on certified numbers"),
    "not finite": (lambda w: np.sum(w**2), lambda w: w / 0, "not finite"),
}


@pytest.mark.parametrize("name", UNDECIDED)
def test_what_cannot_be_proved_is_undecided_and_says_why(name):
    loss, grad, reason = UNDECIDED[name]
    evidence = proof(loss, grad, np.array([1.5]))
    assert evidence.verdict == "undecided"
    assert evidence.said.startswith("not proved")
    assert reason in evidence.said


def test_a_rounded_constant_that_cancels_is_told():
    s = np.sqrt(2 / np.pi)
    evidence = proof(lambda w: np.sum(np.tanh(s * w)), lambda w: s * (1 - np.tanh(s * w) ** 2), np.array([1.5]))
    assert evidence.verdict == "equal"
    assert evidence.said.endswith("taking the float64 constant 0.7978845608028654 for the root it rounds")


def test_rounded_roots_are_taken_for_roots():
    evidence = proof(
        lambda w: np.sum(w / 2 * (1 + erf(w / np.sqrt(2)))),
        lambda w: 0.5 * (1 + erf(w / np.sqrt(2))) + w * np.exp(-(w**2) / 2) / np.sqrt(2 * np.pi),
        np.array([1.5, -0.5]),
    )
    assert evidence.verdict == "equal"
    constants = "1.4142135623730951, 2.5066282746310002"
    assert evidence.said.endswith(f", taking the float64 constants {constants} for the roots they round")


def test_a_constant_that_is_no_root_is_taken_for_exact():
    evidence = proof(lambda w: 0.5772156649015329 * w, lambda w: 0.5772156649015329, 1.5)
    assert evidence.said.endswith(", taking the float64 constant 0.5772156649015329 for exact")


def test_formulas_that_grow_too_large_are_undecided(monkeypatch):
    monkeypatch.setattr(proved, "Field", functools.partial(Field, limit=100))
    evidence = proof(*squared_error("tanh"), parameters(2, 2, 1), *batch(2, 1))
    assert evidence.verdict == "undecided"
    assert "grow beyond 100 products of terms: try fewer samples in the batch, or fewer units" in evidence.said


def test_work_is_limited_by_count_and_not_by_time():
    x, y = symbol("x"), symbol("y")
    with pytest.raises(TooLargeError):
        Field(limit=1000).form(power(add(ONE, add(x, y)), 40))


x, y = symbol("x"), symbol("y")
minus_x = multiply(number(-1), x)
half = number(fmpq(1, 2))


def product(*factors):
    return functools.reduce(multiply, factors)


def total(*terms):
    return functools.reduce(add, terms)


E = call("exp", x)
SIGMOID = power(add(ONE, call("exp", minus_x)), -1)
ZEROS = {
    "exp(x)exp(-x) = 1": add(multiply(E, call("exp", minus_x)), number(-1)),
    "exp(x + y) = exp(x)exp(y)": add(call("exp", add(x, y)), product(number(-1), E, call("exp", y))),
    "1/(1 + e⁻ˣ) = eˣ/(1 + eˣ)": add(SIGMOID, product(number(-1), E, power(add(ONE, E), -1))),
    "tanh = 2σ(2x) − 1": total(call("tanh", x), multiply(number(-2), call("expit", multiply(number(2), x))), ONE),
    "cosh² − sinh² = 1": total(power(call("cosh", x), 2), multiply(number(-1), power(call("sinh", x), 2)), number(-1)),
    "sin² + cos² = 1": total(power(call("sin", x), 2), power(call("cos", x), 2), number(-1)),
    "log σ(x) = x + log σ(−x)": total(call("log", SIGMOID), minus_x, product(number(-1), call("log_expit", minus_x))),
    "log(2eˣ) = log 2 + x": total(
        call("log", multiply(number(2), E)), multiply(number(-1), call("log", number(2))), minus_x
    ),
    "exp(2 log y) = y²": add(call("exp", multiply(number(2), call("log", y))), multiply(number(-1), power(y, 2))),
    "√8 = 2√2": add(call("sqrt", number(8)), multiply(number(-2), call("sqrt", number(2)))),
    "x/√(1 + x²)·√(1 + x²) = x": add(
        product(x, power(call("sqrt", add(ONE, power(x, 2))), -1), call("sqrt", add(ONE, power(x, 2)))), minus_x
    ),
    "1/(x² − y²) by parts": add(
        power(add(power(x, 2), multiply(number(-1), power(y, 2))), -1),
        product(number(-1), power(add(x, y), -1), power(add(x, multiply(number(-1), y)), -1)),
    ),
    "√eˣ = exp(x/2)": add(call("sqrt", E), multiply(number(-1), call("exp", multiply(half, x)))),
    "y log₂ 8 = 3y": add(multiply(y, call("log2", number(8))), multiply(number(-3), y)),
}


@pytest.mark.parametrize("identity", ZEROS)
def test_what_is_zero_has_a_form_of_zero(identity):
    field = Field()
    form = field.form(ZEROS[identity])
    assert field.vanishes(form) or field.vanishes(form, thorough=True)


@pytest.mark.parametrize("identity", ZEROS)
def test_what_is_nearly_zero_has_none(identity):
    field = Field()
    slightly = total(ZEROS[identity], multiply(number(fmpq(1, 10**80)), E))
    form = field.form(slightly)
    assert not field.vanishes(form)
    assert not field.vanishes(form, thorough=True)


@given(st.data())
def test_a_form_of_zero_is_never_given_to_what_is_not_zero(data):
    """Random expressions: their difference from a rearranged or a changed copy, in forms and in balls."""
    leaves = [x, y, ONE, number(2), half, minus_x]

    def node(depth):
        if not depth:
            return data.draw(st.sampled_from(leaves))
        kind = data.draw(st.sampled_from(["sum", "product", "power", "exp", "expit", "tanh", "leaf"]))
        if kind in ("sum", "product"):
            return (add if kind == "sum" else multiply)(node(depth - 1), node(depth - 1))
        if kind == "leaf":
            return node(0)
        return power(node(depth - 1), 2) if kind == "power" else call(kind, node(depth - 1))

    a, b = node(3), node(3)
    field = Field()
    zero = field.vanishes(field.form(add(a, multiply(number(-1), b))))
    with precision(333):
        at = [{x: arb(p) / 7, y: arb(q) / 11} for p, q in ((3, 5), (-2, 4), (1, -6))]
        apart = any(u != v for u, v in (evaluated([a, b], point) for point in at))
    assert zero != apart


def as_sympy(node):
    ((_, formula),) = formulas(node, {}, {})[-1:]
    named = dict(formulas(node, {}, {}))
    for _ in named:
        formula = formula.subs({sympy.Symbol(name, real=True): value for name, value in named.items() if name != "L"})
    return formula


@pytest.mark.parametrize("name", NAMED)
def test_every_derivative_is_that_of_sympy(name):
    node, at = call(name, multiply(half, multiply(x, y))), point(name) * Fraction(4, 3)
    X, Y = (sympy.Symbol(letter, real=True) for letter in "xy")
    expected = sympy.diff(as_sympy(node), X).subs({X: sympy.Rational(at), Y: sympy.Rational(3, 2)}).evalf(40)
    with precision(200):
        (found,) = evaluated(derivatives(node, [x]), {x: arb(at.numerator) / at.denominator, y: arb(3) / 2})
    assert midpoint(found) == pytest.approx(float(expected), rel=1e-14)


def test_a_derivative_counts_every_path():
    square = multiply(x, x)
    (by_x,) = derivatives(add(multiply(square, square), square), [x])
    with precision(100):
        assert int(evaluated([by_x], {x: arb(2)})[0].unique_fmpz()) == 4 * 2**3 + 2 * 2
    assert derivatives(ZERO, [x]) == [ZERO]


def test_residues_tell_apart_what_relations_do_not():
    field = Field()
    form = field.form(ZEROS["sin² + cos² = 1"])
    assert residue(field, form) == 0
    assert residue(field, field.form(add(SIGMOID, E))) not in (0, None)


def test_a_flat_vector_and_a_single_number_are_proved():
    evidence = proof(
        lambda w, x: np.mean((w[:2] @ x + w[2]) ** 2), flat_gradient, np.array([0.5, 1.5, 2.5]), batch(2, 1)[0]
    )
    assert evidence.verdict == "equal"
    assert proof(lambda w: expit(w), lambda w: expit(w) * (1 - expit(w)), 0.5).verdict == "equal"


def flat_gradient(w, x):
    r = 2 * (w[:2] @ x + w[2]) / x.shape[1]
    return np.append(x @ r, r.sum())


def test_a_proof_is_the_same_every_time():
    first, second = (proof(*softmax_cross_entropy(), parameters(2, 2, 3), batch(2, 3)[0], ONE_HOT) for _ in range(2))
    assert first == second
    assert recovered_latex(first) == recovered_latex(second)


def test_labels_are_data_that_stays_as_it_is():
    def loss(W, X, labels):
        Z = np.exp(X @ W)
        return -np.mean(np.log(Z[range(4), labels] / Z.sum(axis=1)))

    def grad(W, X, labels):
        Z = np.exp(X @ W)
        D = Z / Z.sum(axis=1, keepdims=True)
        D[range(4), labels] -= 1
        return X.T @ D / 4

    rng = np.random.default_rng(5)
    evidence = proof(loss, grad, rng.normal(size=(2, 3)), rng.normal(size=(4, 2)), np.array([0, 2, 1, 1]))
    assert evidence.verdict == "equal"
    assert evidence.said.startswith("proved for all parameters and X, at the labels given")


def test_a_proof_says_that_random_numbers_were_drawn():
    def mask(w):
        return np.random.rand(*w.shape) < 0.5

    evidence = proof(lambda w: np.sum(w**2 * mask(w)), lambda w: 2 * w * mask(w), np.arange(1.0, 9.0))
    assert evidence.verdict == "equal"
    assert evidence.said.endswith(", for the random numbers drawn")


def test_a_network_that_is_too_large_is_undecided_before_it_takes_long(monkeypatch):
    monkeypatch.setattr(tracing, "MOST_STEPS", 200)
    evidence = proof(*squared_error("tanh"), parameters(2, 2, 1), *batch(2, 1))
    assert evidence.verdict == "undecided"
    assert evidence.said.startswith("not proved: the code takes more than 200 steps: try fewer samples")


def dead(p, X):
    return np.sum(np.maximum(p["W"] @ X + p["b"], 0) ** 2)


def dead_gradient(p, X):
    D = 2 * np.maximum(p["W"] @ X + p["b"], 0)
    return {"W": D @ X.T, "b": D.sum(axis=1, keepdims=True)}


def test_where_all_units_are_dead_a_branch_beside_is_proved():
    point = {"W": np.ones((2, 2)), "b": np.full((2, 1), -2.0)}
    evidence = proof(dead, dead_gradient, point, np.array([[0.75, 0.5], [1.0, 0.75]]))
    assert evidence.verdict == "equal"
    assert "does not depend" not in evidence.said
    wrong = proof(dead, changed(dead_gradient, "W", lambda g: 2 * g), point, np.array([[0.75, 0.5], [1.0, 0.75]]))
    assert wrong.verdict == "different"


def test_a_proof_names_the_arrays_that_it_says_nothing_of():
    evidence = proof(
        lambda p: np.sum(p["w"] ** 2) + 0 * p["v"], lambda p: {"w": 2 * p["w"], "v": 0}, {"w": np.ones(2), "v": 1.0}
    )
    assert evidence.said.endswith(
        "3 entries equal as rational functions, 1 of them identically zero (on v the loss does not depend there)"
    )
