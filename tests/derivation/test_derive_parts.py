"""A loss made of several: each part is taken together with the activation before it, and its adjoint is a factor."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import numpy as np
import pytest
import sympy
from drawn import BITS, agree, as_part, at_fixed_point, near
from oracle import Balls, WrittenOut, expand, map_entries, same, symbols_for
from sympy import Indexed, Sum, exp, log

from symnn.derivation import Merge, derive
from symnn.equations import Equation, Program
from symnn.errors import InputError
from symnn.library import load
from symnn.network import LAYOUTS, Dense, Network, program_of
from symnn.notation import LOSS, index, name_of, scalar, size, tensor
from symnn.rules import LOSSES
from symnn.rules.losses import p, y
from symnn.scalars import array, ball, precision, running

PAIRS = [
    ("softmax", "categorical-cross-entropy"),
    ("softmax", "kl-divergence"),
    ("log-softmax", "negative-log-likelihood"),
    ("sigmoid", "binary-cross-entropy"),
    ("linear", "binary-cross-entropy-from-logits"),
]


def merges_of(derivation):
    return [path for step in derivation.steps for path in step.paths if isinstance(path, Merge)]


def through_a_loss(derivation):
    """What is taken together with a loss or a part of it, and through which."""
    merges = merges_of(derivation)
    return [(merge.rewrite, merge.through) for merge in merges if not isinstance(merge.upstream.target, Indexed)]


def with_adjoint_forgotten(derivation):
    """The equations of the backward pass, with 1 for the adjoint in what is taken together."""
    for equation in derivation.equations:
        if any(equation.name == f"d{name_of(merge.target)}" for merge in merges_of(derivation)):
            yield Equation(equation.target, equation.right.xreplace({scalar("dL1"): sympy.S.One}))
        else:
            yield equation


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("activation", "loss"), PAIRS)
def test_the_gradient_through_a_part_is_the_derivative(activation, loss, layout):
    case = at_fixed_point(Network(2, [Dense(2, activation)], loss, layout=layout), samples=2)
    derivation = derive(as_part(program_of(case.network)))
    assert [through for _, through in through_a_loss(derivation)] == ["L1"]
    whole = case.written_out()
    truth = WrittenOut(whole.loss**2 + 3 * whole.loss, whole.arrays, whole.point)
    known = truth.arrays | {"Y": map_entries(sympy.Rational, case.lay(case.y))}
    equations = derivation.program.equations
    right = expand((*equations, *derivation.equations), known, case.sizes, truth.point)
    wrong = expand((*equations, *with_adjoint_forgotten(derivation)), known, case.sizes, truth.point)
    for name in truth.arrays:
        assert same(right[f"d{name}"], truth.gradient(name)), name
        assert not same(wrong[f"d{name}"], truth.gradient(name)), name


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("activation", "loss"), PAIRS)
def test_the_kernel_of_a_part_is_the_derivative_to_80_digits(activation, loss, layout):
    case = at_fixed_point(Network(2, [Dense(2, activation)], loss, layout=layout), samples=2)
    derivation = derive(as_part(program_of(case.network)))
    whole = case.written_out()
    made = whole.loss**2 + 3 * whole.loss
    value, grads = case.run(derivation.compile(stable=False), ball(BITS))
    floats, gradients = case.run(derivation.compile())
    with precision(BITS):
        exact = Balls(whole.point)
        assert agree(value.value, exact(made), 80)
        for name, grad in grads.items():
            wanted = map_entries(lambda symbol: sympy.diff(made, symbol), whole.arrays[name])
            assert all(agree(g.value, exact(e), 80) for g, e in zip(grad.flat, wanted.flat, strict=True))
            assert not any(agree(2 * g.value, exact(e), 80) for g, e in zip(grad.flat, wanted.flat, strict=True))
    assert near(floats, value)
    assert all(near(gradients[name], grads[name]) for name in grads)


# Two parts that are multiplied, one of them read twice: the adjoint of either holds the other.
m, n = size("m"), size("n")
i, j, k = index("i", m), index("j", n), index("k", n)
V, B, Z, Y = tensor("V", m), tensor("B", m), tensor("Z", m, n), tensor("Y", m, n)
S, E, T, C = tensor("S", m), tensor("E", m, n), tensor("T", m, 1), tensor("C", m, n)
first, second, weight = scalar("L1"), scalar("L2"), scalar("w")
BINARY = LOSSES["binary-cross-entropy"].summand.xreplace({y: B[i], p: S[i]})
ENTROPY = -Y[i, j] * log(C[i, j])
ACTIVATED = (
    Equation(S[i], 1 / (1 + exp(-V[i]))),
    Equation(E[i, j], exp(Z[i, j])),
    Equation(T[i, 0], Sum(E[i, k], k)),
    Equation(C[i, j], E[i, j] / T[i, 0]),
)
VALUES = {
    "V": [Fraction(1, 2), Fraction(-3, 4)],
    "B": [1, Fraction(1, 4)],
    "Z": [[1, Fraction(-1, 2)], [Fraction(2, 3), 2]],
    "Y": [[Fraction(1, 3), Fraction(2, 3)], [1, 0]],
}


TWO = (Sum(BINARY, i) / m, Sum(ENTROPY, i, j))


def of_two(loss, *, parts=TWO, parameters=(V, Z)):
    ends = (Equation(first, parts[0]), Equation(second, parts[1]), Equation(LOSS, loss))
    return Program((*ACTIVATED, *ends), parameters, (), (B, Y), {"Y": j})


MADE = {
    "a product": first * second,
    "a product and one of them again": first * second + 2 * first,
    "a sum": first + second,
    "a quotient": first / (1 + second),
}


@pytest.mark.parametrize("made", MADE)
def test_parts_are_taken_together_whatever_the_loss_makes_of_them(made):
    derivation = derive(of_two(MADE[made]))
    assert sorted(through_a_loss(derivation)) == [("loss undoes slope", "L1"), ("softmax with cross-entropy", "L2")]
    assert {"C", "S"}.isdisjoint(step.name for step in derivation.steps)
    arrays, point = {}, {}
    for name in ("V", "Z"):
        arrays[name], letters = symbols_for(name, VALUES[name])
        point |= letters
    known = arrays | {name: map_entries(sympy.Rational, np.array(VALUES[name], dtype=object)) for name in "BY"}
    tensors = expand((*derivation.program.equations, *derivation.equations), known, {"m": 2, "n": 2}, point)
    truth = WrittenOut(tensors["L"], arrays, point)
    for name in arrays:
        assert same(tensors[f"d{name}"], truth.gradient(name)), name
        assert not same(tensors[f"d{name}"] / tensors["L1"], truth.gradient(name)), name


def test_a_kernel_over_balls_agrees_with_the_one_rule_alone():
    program = of_two(MADE["a product and one of them again"])
    with running(ball(BITS)):
        given = {name: array(np.array(VALUES[name], dtype=object), ball(BITS)) for name in VALUES}
        both = [
            derive(program, rewrites=rewrites).compile(stable=False)(
                {name: given[name] for name in ("V", "Z")}, given["B"], given["Y"]
            )
            for rewrites in (True, False)
        ]
    with precision(BITS):
        (_, one), (_, two) = both
        for name in ("V", "Z"):
            assert all(agree(a.value, b.value, 80) for a, b in zip(one[name].flat, two[name].flat, strict=True))


def plain_of_two(parts, parameters=(V, Z)):
    return of_two(first + second, parts=parts, parameters=parameters)


# Numbers that a loss is made of, and that nothing can be taken together with.
NO_PART = {
    "a weight that is learnt": plain_of_two(
        (weight * Sum(BINARY, i), Sum(weight * ENTROPY, i, j)), parameters=(V, Z, weight)
    ),
    "outputs that both parts read": plain_of_two((Sum(BINARY + C[i, j], i, j), Sum(ENTROPY * S[i], i, j))),
    "targets not declared to add up to one": dataclasses.replace(
        plain_of_two((Sum(S[i] ** 2, i), Sum(ENTROPY, i, j))), distributions={}
    ),
}


@pytest.mark.parametrize("case", NO_PART)
def test_what_is_no_part_of_its_own_goes_through_the_one_rule(case):
    assert through_a_loss(derive(NO_PART[case])) == []


def test_a_loss_of_each_sample_is_no_part_of_its_own():
    each = tensor("R", m)
    ends = (Equation(each[i], Sum(-Y[i, j] * log(C[i, j]), j)), Equation(LOSS, Sum(each[i] ** 2, i)))
    derivation = derive(Program((*ACTIVATED[1:], *ends), (Z,), (), (Y,), {"Y": j}))
    assert [merge.rewrite for merge in merges_of(derivation)] == ["softmax Jacobian contracted"]


def test_the_pairings_of_a_lecture_are_told_as_prediction_less_target():
    derivation = load("output-pairings").derivation
    assert through_a_loss(derivation) == [("softmax with cross-entropy", "L3"), ("loss undoes slope", "L2")]
    assert str(derivation.gradient("Z").result) == "dZ[i, j] = dL3*(C[i, j] - Y[i, j])"
    assert str(derivation.gradient("V").result) == "dV[i] = dL2*(A[i] - B[i])"


def test_a_part_without_a_gradient_says_why_by_its_row():
    mistakes = LOSSES["zero-one"]
    ends = (Equation(first, Sum(mistakes.summand.xreplace({y: B[i], p: V[i]}), i)), Equation(LOSS, first))
    with pytest.raises(InputError, match="zero-one: it counts mistakes"):
        derive(Program(ends, (V,), (), (B,)))
