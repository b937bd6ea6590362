"""Every optimiser written by hand takes the steps that its equations say, to a hundred digits."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Float, Rational

from symnn.byhand import OPTIMISERS, Dense, GradientDescent, HalfSquaredError, Network
from symnn.byhand.optimisers import Momentum
from symnn.errors import InputError, ShapeError
from symnn.rules.optimisers import OPTIMISER_ROWS, eta, g, t, w
from symnn.scalars import array, ball, running

DIGITS = 60
BITS = 333
STEPS = 3
RATE = Fraction(1, 8)


def by_equations(row, start, gradients):
    """The parameter after each step, by the equations of the row, as SymPy numbers of many digits."""
    known = {**row.constants, eta: Rational(RATE), w: Rational(start), **dict.fromkeys(row.state, Rational(0))}
    taken = []
    for number, gradient in enumerate(gradients, start=1):
        known |= {t: Rational(number), g: Rational(gradient)}
        for target, right in row.equations:
            known[target] = right.subs(known, simultaneous=True).evalf(2 * DIGITS)
        taken.append(known[w])
    return taken


def by_hand(optimiser, start, gradients):
    system = ball(BITS)
    with running(system, functions=[optimiser.step]):
        parameters, taken = {"w": array([start], system)}, []
        for gradient in gradients:
            parameters = optimiser.step(parameters, {"w": array([gradient], system)})
            taken.append(parameters["w"][0].value)
    return taken


def agree(ours, theirs):
    shown = Float(ours.mid().str(2 * DIGITS, radius=False), 2 * DIGITS)
    return abs(shown - theirs) < Float(10) ** -DIGITS * (1 + abs(theirs))


numbers = st.fractions(-4, 4, max_denominator=64)


@pytest.mark.parametrize("name", OPTIMISERS)
@settings(max_examples=5, deadline=None)
@given(start=numbers, gradients=st.lists(numbers.filter(bool), min_size=STEPS, max_size=STEPS))
def test_an_optimiser_takes_the_steps_of_its_equations(name, start, gradients):
    row = OPTIMISER_ROWS[name]
    # As fractions: 1 − 0.999 among floats is no longer a thousandth.
    constants = [Fraction(int(c.p), int(c.q)) for c in row.constants.values()]
    taken = by_hand(OPTIMISERS[name](RATE, *constants), start, gradients)
    assert all(map(agree, taken, by_equations(row, start, gradients)))


@pytest.mark.parametrize("name", [name for name in OPTIMISERS if name != "gradient-descent"])
def test_a_step_by_other_equations_is_seen(name):
    gradients = [Fraction(1), Fraction(-1, 2), Fraction(2)]
    taken = by_hand(OPTIMISERS[name](RATE), Fraction(1), gradients)
    assert not all(map(agree, taken, by_equations(OPTIMISER_ROWS["gradient-descent"], Fraction(1), gradients)))


def test_a_constant_off_by_a_little_is_seen():
    gradients = [Fraction(1), Fraction(-1, 2), Fraction(2)]
    taken = by_hand(Momentum(RATE, 0.9000000001), Fraction(1), gradients)
    assert not all(map(agree, taken, by_equations(OPTIMISER_ROWS["momentum"], Fraction(1), gradients)))


def test_the_tables_name_the_same_optimisers():
    assert list(OPTIMISERS) == list(OPTIMISER_ROWS)


@pytest.mark.parametrize("name", OPTIMISERS)
def test_the_arrays_given_stay_as_they_are_and_a_reset_begins_anew(name):
    optimiser = OPTIMISERS[name](0.1)
    parameters, gradients = {"w": np.array([1.0, 2.0])}, {"w": np.array([0.5, -0.25])}
    first = optimiser.step(parameters, gradients)
    optimiser.step(first, gradients)
    assert parameters["w"].tolist() == [1.0, 2.0]
    assert gradients["w"].tolist() == [0.5, -0.25]
    optimiser.reset()
    assert optimiser.step(parameters, gradients)["w"].tolist() == first["w"].tolist()


def test_gradients_of_other_parameters_are_refused():
    with pytest.raises(InputError, match="one gradient for each parameter"):
        GradientDescent(1).step({"w": np.zeros(2)}, {"v": np.zeros(2)})
    with pytest.raises(ShapeError, match="the gradient of w has the wrong shape"):
        GradientDescent(1).step({"w": np.zeros(2)}, {"w": np.zeros(3)})


def test_gradient_descent_is_the_update_of_a_network():
    from_update, from_optimiser = _networks()
    from_update.update(0.5)
    stepped = GradientDescent(0.5).step(from_optimiser.parameters(), from_optimiser.gradients())
    assert {name: values.tolist() for name, values in stepped.items()} == {
        name: values.tolist() for name, values in from_update.parameters().items()
    }


def _networks():
    made = []
    for _ in range(2):
        net = Network([Dense(np.array([[2.0]]), np.array([[0.5]]))], HalfSquaredError())
        net.loss_of(np.array([[1.0, 2.0]]), np.array([[0.0, 1.0]]))
        net.backward_pass(np.array([[0.0, 1.0]]))
        made.append(net)
    return made
