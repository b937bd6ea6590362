"""Tell a derivation with its numbers: what every style shows, from symbols to updates, as views without prose."""

from __future__ import annotations

import math

import numpy as np

from symnn.derivation import Derivation
from symnn.equations import Equation
from symnn.errors import UndecidedError
from symnn.library import BITS, Pass, as_balls
from symnn.notation import adjoint_name, name_of
from symnn.report.form import DEFAULT_FORM, Form
from symnn.report.kinds import Kinds
from symnn.report.lines import LINE, OPERATOR, Lines
from symnn.report.names import Names, size_latex
from symnn.report.notations import DEFAULT, Notation
from symnn.report.numbers import array_latex, number, width_of
from symnn.report.sums import bracketed
from symnn.report.views import Count, Forward, SymbolRow, Turned, Update, Valued, related
from symnn.scalars import ball, running


class Teller:
    """Tell a derivation with the numbers of its passes, in a notation; ``deltas`` is as for `Names`."""

    def __init__(
        self,
        derivation: Derivation,
        passes: tuple[Pass, ...],
        rate: str,
        notation: Notation = DEFAULT,
        *,
        deltas: bool = False,
        form: Form = DEFAULT_FORM,
    ) -> None:
        self.form = form
        self.derivation = derivation
        self.passes = passes
        self.values = passes[0].values
        self.rate = rate
        self.names = Names(derivation, notation, deltas=deltas)
        self.kinds = Kinds(derivation.program)
        self.lines = Lines(derivation, self.values, self.names, form)
        self.entries = self.lines.entries
        self.sizes = self.lines.sizes

    def symbols(self) -> tuple[SymbolRow, ...]:
        """Return a row for every tensor of the forward pass."""
        program = self.derivation.program
        kinds = self.kinds.of_tensors()
        rows = []
        for name, shape in program.shapes.items():
            kind = kinds[name]
            if kind == "pre-activation" and self.names.is_output(name):
                kind = "output"
            letters = r" \times ".join(size_latex(str(axis)) for axis in shape) or "1"
            numbers = r" \times ".join(str(self.sizes.get(str(axis), axis)) for axis in shape) or "1"
            layer = self.names.layer(name)
            rows.append(SymbolRow(self.names.whole(name), kind, layer, letters, numbers, self.names.entry_of(name)))
        return tuple(rows)

    def forward(self) -> tuple[Forward, ...]:
        """Return the forward pass, an equation at a time."""
        return tuple(
            Forward(equation.name, *self.kind(equation), self.lines.line(equation))
            for equation in self.derivation.program.equations
        )

    def givens(self) -> tuple[str, ...]:
        """Return what is given, ``name = numbers``: the data, then the parameters."""
        program = self.derivation.program
        return tuple(
            f"{self.names.whole(name)} {related(*array_latex(self.values[name], self.form))}"
            for name in map(name_of, (*program.inputs, *program.targets, *program.parameters))
        )

    def counts(self) -> tuple[Count, ...]:
        """Return how many numbers every array of parameters holds."""
        return tuple(
            Count(self.names.whole(name), r" \cdot ".join(map(str, shape)) or "1", math.prod(shape))
            for name, shape in ((name, np.shape(self.values[name])) for name in self.parameters)
        )

    def gradients(self) -> tuple[Valued, ...]:
        """Return the gradient with respect to every parameter, in the order of the backward pass."""
        found = (step.result.name for step in self.derivation.steps if step.name in self.parameters)
        return tuple(
            Valued(self.names.whole(name), related(*array_latex(self.values[name], self.form))) for name in found
        )

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the parameters."""
        return tuple(map(name_of, self.derivation.program.parameters))

    def outcome(self) -> str:
        """Return what the first update did to the loss, decided in balls: *lower*, *same*, *higher*, or *unknown*."""
        name = name_of(self.derivation.program.loss)
        with running(ball(BITS)):
            before, after = (as_balls(done.values[name]) for done in self.passes[:2])
            try:
                return "lower" if after < before else "higher" if after > before else "same"
            except UndecidedError:
                return "unknown"

    def updates(self) -> tuple[Update, ...]:
        """Return the first step on every parameter."""
        return tuple(map(self._update, self.parameters))

    def _update(self, parameter: str) -> Update:
        before, after = self.passes[0].values, self.passes[1].values
        name, gradient = self.names.whole(parameter), self.names.whole(adjoint_name(parameter))
        old, slope = before[parameter], before[adjoint_name(parameter)]
        told = [rf"\leftarrow {name} - {self.names.rate}\, {gradient}"]
        if width_of(old, self.form) + width_of(slope, self.form) + 2 * OPERATOR + len(self.rate) <= LINE:
            (shown, is_exact), (by, by_exact) = array_latex(old, self.form), array_latex(slope, self.form)
            told.append(related(rf"{shown} - {self.rate} \cdot {bracketed(by)}", is_exact and by_exact))
        return Update(name, (*told, related(*array_latex(after[parameter], self.form))))

    def loss(self, number_of_updates: int) -> str:
        """Return the loss after so many updates, as ``L = `` its value."""
        return f"{self.names.loss} {self.loss_value(number_of_updates)}"

    def loss_value(self, number_of_updates: int) -> str:
        """Return the loss after so many updates, behind the sign that says whether it is exact."""
        value = self.passes[number_of_updates].values[name_of(self.derivation.program.loss)]
        return related(*number(value, self.form))

    def kind(self, equation: Equation) -> tuple[str, str]:
        """Return what an equation of the forward pass is, and its label, as `Kinds` does."""
        return self.kinds.of_equation(equation)

    def turned(self) -> tuple[Turned, ...]:
        """Return the weights whose indices stand the other way round than in the arrays of the code."""
        found = []
        for name in self.parameters:
            rows, columns = (*np.shape(self.values[name]), 1, 1)[:2]
            if name in self.names.turned and (rows, columns) != (1, 1):
                row, column = (1, 0) if rows > 1 else (0, 1)
                entry = self.names.at(name, (row, column), (rows, columns))
                found.append(Turned(self.names.whole(name), entry, row + 1, column + 1))
        return tuple(found)
