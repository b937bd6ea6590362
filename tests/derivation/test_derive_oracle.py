"""Every derivation gives the derivative of the loss: exactly, to 80 digits, and in floats up to rounding."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
from drawn import BITS, ONE_LAYER, at_fixed_point, cases, near
from hypothesis import assume, given, settings
from oracle import OnKink
from sympy import Add, Integer

from symnn.derivation import derive
from symnn.equations import Equation, equation_of_terms
from symnn.errors import UndecidedError
from symnn.network import Dense, Network
from symnn.rules import NORMALISERS
from symnn.scalars import ball
from tests.grids import EVERYTHING, covering


def every_kernel_is_right(case, derivation):
    truth = case.written_out()
    plain, quick = (derivation.compile(list(truth.arrays), stable=stable) for stable in (False, True))
    assert case.uncertified(plain) == []
    loss, grads = case.run(quick)
    exact_loss, exact = case.run(plain, ball(BITS))
    assert near(loss, exact_loss)
    assert {name for name in grads if not near(grads[name], exact[name])} == set()
    assert {name: grad.shape for name, grad in grads.items()} == {name: a.shape for name, a in truth.arrays.items()}


@pytest.mark.parametrize(("layout", "reduction", "activation", "loss"), covering(ONE_LAYER))
def test_the_gradient_of_one_layer_is_the_derivative(layout, reduction, activation, loss):
    case = at_fixed_point(Network(2, [Dense(2, activation)], loss, reduction, layout), samples=2)
    for rewrites in (True, False):
        derivation = derive(case.network, rewrites=rewrites)
        assert case.disagreements(derivation) == []
        every_kernel_is_right(case, derivation)


@settings(deadline=None, max_examples=60 if EVERYTHING else 6)
@given(cases())
def test_the_gradient_of_a_random_network_is_the_derivative(case):
    derivation = derive(case.network)
    try:
        assert case.disagreements(derivation) == []
        every_kernel_is_right(case, derivation)
    except (OnKink, UndecidedError):
        assume(False)


@settings(deadline=None, max_examples=60 if EVERYTHING else 4)
@given(cases())
def test_the_one_rule_alone_gives_the_same_gradient(case):
    try:
        assert case.disagreements(derive(case.network, rewrites=False)) == []
    except OnKink:
        assume(False)


def test_three_layers_of_all_kinds():
    layers = [Dense(2, "tanh"), Dense(2, "relu", bias=False), Dense(2, "softmax")]
    network = Network(2, layers, "categorical-cross-entropy", "mean-over-all", "samples-first")
    case = at_fixed_point(network, samples=2, seed=3)
    derivation = derive(case.network)
    assert case.disagreements(derivation) == []
    every_kernel_is_right(case, derivation)


# What a slip of the pen does to one equation of the backward pass.
SLIPS = {
    "sign": lambda terms: (*(dataclasses.replace(t, body=-t.body) for t in terms[:1]), *terms[1:]),
    "factor": lambda terms: (*(dataclasses.replace(t, body=2 * t.body) for t in terms[:1]), *terms[1:]),
    "a factor near one": lambda terms: (
        dataclasses.replace(terms[0], body=terms[0].body * (1 + Integer(10) ** -60)),
        *terms[1:],
    ),
    "a dropped path": lambda terms: terms[1:],
    "an added square": lambda terms: (
        dataclasses.replace(terms[0], body=Add(terms[0].body, terms[0].body ** 2)),
        *terms[1:],
    ),
}


def with_slip(equations, place, slip):
    wrong = equations[place]
    terms = SLIPS[slip](wrong.terms)
    new = equation_of_terms(wrong.target, terms) if terms else Equation(wrong.target, Integer(0))
    return (*equations[:place], new, *equations[place + 1 :])


SLIPPING = Network(2, [Dense(2, "tanh"), Dense(2, "softmax")], "squared-error", "mean", "samples-first")


@pytest.mark.parametrize(("slip", "rewrites"), covering(itertools.product(SLIPS, [True, False])))
def test_a_slip_in_any_backward_equation_is_seen(slip, rewrites):
    case = at_fixed_point(SLIPPING, samples=1)
    derivation = derive(SLIPPING, rewrites=rewrites)
    for place, equation in enumerate(derivation.equations):
        assert case.disagreements(derivation, with_slip(derivation.equations, place, slip)) != [], equation


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_seen_by_the_kernels_over_balls(slip):
    case = at_fixed_point(SLIPPING, samples=2)
    derivation = derive(SLIPPING)
    place = next(p for p, equation in enumerate(derivation.equations) if equation.name == "dA1")
    assert case.uncertified(derivation.compile(["W1", "W2"], stable=False)) == []
    slipped = with_slip(derivation.equations, place, slip)
    wrong = dataclasses.replace(derivation, steps=tuple(map(_Given, slipped)))
    assert case.uncertified(wrong.compile(["W1", "W2"], stable=False)) == ["W1"]


class _Given:
    """A step with an equation put in place of its result."""

    helpers = ()

    def __init__(self, equation):
        self.result = equation
        self.name = equation.name.removeprefix("d")


@pytest.mark.parametrize("name", NORMALISERS)
def test_a_wrong_float_gradient_is_seen(name):
    case = at_fixed_point(Network(2, [Dense(3, name)], "squared-error"), samples=2)
    kernel = derive(case.network).compile(stable=False)
    _, grads = case.run(kernel)
    _, exact = case.run(kernel, ball(BITS))
    assert near(grads["W1"], exact["W1"])
    assert not near(grads["W1"] * (1 + 1e-9) + 1e-9, exact["W1"])
    assert not near(np.full_like(grads["W1"], np.nan), exact["W1"])
