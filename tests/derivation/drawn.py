"""Small networks at rational points: every valid pairing of the tables, and random draws of them."""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np
import sympy
from flint import arb
from hypothesis import strategies as st
from oracle import Balls, WrittenOut, expand, map_entries, same, written_out

from symnn.equations import Equation
from symnn.errors import InputError
from symnn.network import LAYOUTS, REDUCTIONS, Dense, Network
from symnn.notation import LOSS, scalar
from symnn.rules import ACTIVATIONS, LOSSES, NORMALISERS
from symnn.rules.functions import TimesLog
from symnn.scalars import array, ball, midpoints, precision, running

BITS = 400


def allowed(activation, loss, units=2):
    try:
        Network(1, [Dense(units, activation)], loss)
    except InputError:
        return False
    return True


LEARNING = [name for name, row in ACTIVATIONS.items() if row.no_gradient is None]
HIDDEN = (*LEARNING, *NORMALISERS)
# Below another layer the products of these make polynomials too large to compare; one layer of each is compared.
LARGE = ("gelu", "gelu-tanh", "silu", "softplus", "log-softmax")
# Every activation under one loss, every loss under every activation of these: all pairs would say no more.
PLAIN = ("linear", "sigmoid", "relu", *NORMALISERS)
PAIRS = [
    (name, loss)
    for name, loss in itertools.product(HIDDEN, LOSSES)
    if (name in PLAIN or loss == "squared-error") and LOSSES[loss].no_gradient is None and allowed(name, loss)
]
ONE_LAYER = [(layout, reduction, *pair) for layout, reduction, pair in itertools.product(LAYOUTS, REDUCTIONS, PAIRS)]


@dataclass
class Case:
    """A network at a rational point; ``x[sample][feature]`` and ``y[sample][output]``."""

    network: Network
    parameters: dict[str, np.ndarray]
    x: list
    y: list

    def written_out(self) -> WrittenOut:
        return self._written_out

    @cached_property
    def _written_out(self) -> WrittenOut:
        return written_out(self.network, self.parameters, self.x, self.y)

    @property
    def sizes(self):
        return {str(symbol): value for symbol, value in self.network.sizes.items()} | {"m": len(self.x)}

    def lay(self, rows):
        """An array with samples as rows, in the network's layout."""
        rows = np.array(rows, dtype=object)
        return rows.T if self.network.layout == "features-first" else rows

    def expanded(self, derivation, backward=None):
        """Every value and gradient of the derivation over scalar symbols, the targets as numbers."""
        truth = self.written_out()
        targets = map_entries(sympy.Rational, self.lay(self.y))
        equations = (*derivation.program.equations, *(backward or derivation.equations))
        return truth, expand(equations, truth.arrays | {"Y": targets}, self.sizes, truth.point)

    def disagreements(self, derivation, backward=None):
        """The arrays whose gradient in the derivation is not, identically, that of the loss written out."""
        truth, values = self.expanded(derivation, backward)
        wrong = [] if same(values["L"], truth.loss) else ["L"]
        return wrong + [name for name in truth.arrays if not same(values[f"d{name}"], truth.gradient(name))]

    def run(self, kernel, system=None):
        """The kernel's loss and gradients at the point, over floats or over a number system."""
        if system is None:
            lay = {name: np.array(values, dtype=float) for name, values in self.parameters.items()}
            return kernel(lay, *(np.array(self.lay(rows), dtype=float) for rows in (self.x, self.y)))
        with running(system):
            lay = {name: array(values, system) for name, values in self.parameters.items()}
            return kernel(lay, *(array(self.lay(rows), system) for rows in (self.x, self.y)))

    def uncertified(self, kernel, digits=80):
        """The arrays whose gradient over balls is not that of the loss written out to so many digits."""
        truth = self.written_out()
        loss, grads = self.run(kernel, ball(BITS))
        with precision(BITS):
            value = Balls(truth.point)
            pairs = {"L": [(loss.value, value(truth.loss))]}
            for name, gradient in grads.items():
                exact = truth.gradient(name)
                pairs[name] = [(g.value, value(e)) for g, e in zip(gradient.flat, exact.flat, strict=True)]
            return [name for name, both in pairs.items() if not all(agree(a, b, digits) for a, b in both)]


class Derived(Mapping):
    """Derivations by name, each derived when it is first looked at: not while tests are collected."""

    def __init__(self, makers):
        self._makers, self._made = dict(makers), {}

    def __getitem__(self, name):
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def __iter__(self):
        return iter(self._makers)

    def __len__(self):
        return len(self._makers)


def as_part(program):
    """The program whose loss is ``L1**2 + 3 L1``, where L1 is the loss that it was."""
    *before, last = program.equations
    part = scalar("L1")
    return replace(program, equations=(*before, Equation(part, last.right), Equation(LOSS, part**2 + 3 * part)))


def agree(a, b, digits):
    """Whether two balls overlap and are both narrow: the numbers agree to so many digits after the point."""
    narrow = arb(10) ** -digits
    return bool(a.overlaps(b)) and bool(a.rad() < narrow) and bool(b.rad() < narrow)


def near(got, exact, relative=1e-11):
    """Whether floats are balls up to rounding: a thousand roundings of the largest magnitude and some hundredfold."""
    exact = np.asarray(midpoints(exact))
    return float(np.max(np.abs(np.asarray(got) - exact))) <= relative * max(1.0, float(np.max(np.abs(exact))))


def at_point(network, samples, pick):
    """The network at a rational point that is made of integers picked between bounds."""

    def number():
        return Fraction(pick(-12, 12), (2, 3, 4, 5, 7)[pick(0, 4)])

    def numbers(*shape):
        return np.array([*(number() for _ in range(int(np.prod(shape)))), None], dtype=object)[:-1].reshape(shape)

    parameters = {name: numbers(*shape) for name, shape in network.shapes.items()}
    return Case(
        network, parameters, numbers(samples, network.inputs).tolist(), _targets(network, samples, pick, number)
    )


def _targets(network, samples, pick, number):
    """Targets that the loss is defined on: shares of one, numbers from 0 to 1, or any numbers."""
    row, outputs = LOSSES[network.loss], network.widths[-1]
    rows = []
    # A logarithm of the target itself has no value at 0; that its product with 0 is 0 is tested elsewhere.
    least = 1 if row.summand.has(TimesLog) else 0
    for _ in range(samples):
        counts = [pick(least, 3) for _ in range(outputs)]
        if isinstance(row.targets, sympy.FiniteSet) and not row.distribution:
            values = sorted(row.targets)
            rows.append([Fraction(int(values[pick(0, len(values) - 1)])) for _ in range(outputs)])
        elif row.labels:
            own = pick(0, outputs - 1)
            rows.append([Fraction(int(output == own)) for output in range(outputs)])
        elif row.distribution:
            counts[pick(0, outputs - 1)] += 1
            rows.append([Fraction(count, sum(counts)) for count in counts])
        elif row.targets == sympy.Interval(0, 1):
            rows.append([Fraction(count, 3) for count in counts])
        else:
            rows.append([number() for _ in range(outputs)])
    return rows


def at_fixed_point(network, samples, seed=0):
    """The network at a point that is the same in every run."""
    return at_point(network, samples, random.Random(seed).randint)  # noqa: S311 nothing secret


@st.composite
def cases(draw, most_layers=2, widest=3):
    """A random network over all the tables, with one or two layers, at a random rational point."""
    layout, reduction, last, loss = draw(st.sampled_from(ONE_LAYER))
    below = [name for name in HIDDEN if name not in LARGE]
    names = [draw(st.sampled_from(below)) for _ in range(draw(st.integers(0, most_layers - 1)))] + [last]
    sharing = sum(name in NORMALISERS for name in names)
    layers = []
    for name in names:
        least = 2 if name in NORMALISERS or LOSSES[loss].distribution else 1
        # Shares multiply the terms of the polynomials compared: wide, deep or many, but not all at once.
        layers.append(Dense(draw(st.integers(least, 2 if sharing > 1 else widest)), name, draw(st.booleans())))
    network = Network(draw(st.integers(1, widest)), layers, loss, reduction, layout)
    shares = sum(layer.units for layer in layers if layer.activation in NORMALISERS)
    samples = draw(st.integers(1, max(1, 4 // shares) if shares else 6 // max(network.widths)))
    return at_point(network, samples, lambda low, high: draw(st.integers(low, high)))
