"""Tell a derivation with its numbers: from steps and values to the views that a template sets, without prose."""

from __future__ import annotations

from typing import Any

import numpy as np
from sympy import Indexed, S

from symnn.derive import Derivation, Merge, Path, Product, SlopeInOutput, SumOverPaths, told_step
from symnn.equations import Equation
from symnn.errors import UndecidedError
from symnn.kernels.arrays import Block, Reduction, arrays_of
from symnn.library import BITS, Pass, as_balls, value_of
from symnn.notation import adjoint_name, indices_of, name_of, tensor
from symnn.report.entries import EntryPrinter, Names, size_latex
from symnn.report.matrices import matrix_form
from symnn.report.numbers import array_latex, number, width_of
from symnn.report.sums import bracketed
from symnn.report.views import Backward, Forward, Line, SymbolRow, Update, Way, related
from symnn.rules import ACTIVATIONS, recognise_activation, recognise_normaliser
from symnn.scalars import ball, running

LINE = 78
"""About how many digits fit on a line of mathematics."""
OPERATOR = 3
"""About how many digits wide an operator and the brackets around its operands are."""
MOST_SUMMANDS = 8


class Teller:
    """Tell a derivation with the numbers of its passes."""

    def __init__(self, derivation: Derivation, passes: tuple[Pass, ...], rate: str) -> None:
        self.derivation = derivation
        self.passes = passes
        self.rate = rate
        self.names = Names(derivation)
        self.entries = EntryPrinter(self.names)
        self.sizes = self._size_values()

    def symbols(self) -> tuple[SymbolRow, ...]:
        """Return a row for every tensor of the forward pass."""
        program = self.derivation.program
        kinds = {
            **dict.fromkeys(map(name_of, program.parameters), "parameter"),
            **dict.fromkeys(map(name_of, program.inputs), "input"),
            **dict.fromkeys(map(name_of, program.targets), "target"),
            **{equation.name: self._kind(equation)[0] for equation in program.equations},
        }
        rows = []
        for name, shape in program.shapes.items():
            kind = kinds[name]
            if kind == "parameter":
                kind = "biases" if name.startswith("b") else "weights" if len(shape) > 1 else "parameter"
            letters = r" \times ".join(size_latex(str(axis)) for axis in shape) or "1"
            numbers = r" \times ".join(str(self.sizes.get(str(axis), axis)) for axis in shape) or "1"
            digits = "".join(char for char in name if char.isdigit())
            rows.append(SymbolRow(self.names.whole(name), kind, digits, letters, numbers))
        return tuple(rows)

    def forward(self) -> tuple[Forward, ...]:
        """Return the forward pass, an equation at a time."""
        return tuple(
            Forward(*self._kind(equation), self._line(equation)) for equation in self.derivation.program.equations
        )

    def backward(self) -> tuple[Backward, ...]:
        """Return the gradients in the order of the backward pass."""
        return tuple(map(self._gradient, self.derivation.steps))

    def givens(self) -> tuple[str, ...]:
        """Return what is given, ``name = numbers``: the data, then the parameters."""
        program = self.derivation.program
        values = self.passes[0].values
        return tuple(
            f"{self.names.whole(name)} {related(*array_latex(values[name]))}"
            for name in map(name_of, (*program.inputs, *program.targets, *program.parameters))
        )

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
        return tuple(map(self._update, map(name_of, self.derivation.program.parameters)))

    def _update(self, parameter: str) -> Update:
        before, after = self.passes[0].values, self.passes[1].values
        name, gradient = self.names.whole(parameter), self.names.whole(adjoint_name(parameter))
        old, slope = before[parameter], before[adjoint_name(parameter)]
        told = [rf"\leftarrow {name} - \alpha\, {gradient}"]
        if width_of(old) + width_of(slope) + 2 * OPERATOR + len(self.rate) <= LINE:
            (shown, is_exact), (by, by_exact) = array_latex(old), array_latex(slope)
            told.append(related(rf"{shown} - {self.rate} \cdot {bracketed(by)}", is_exact and by_exact))
        return Update(name, (*told, related(*array_latex(after[parameter]))))

    def loss(self, number_of_updates: int) -> tuple[str, bool]:
        """Return the loss after so many updates, and whether that is its exact value."""
        return number(self.passes[number_of_updates].values[name_of(self.derivation.program.loss)])

    def _kind(self, equation: Equation) -> tuple[str, str]:
        program = self.derivation.program
        activated = recognise_activation(equation)
        if equation.target == program.loss:
            return "loss", ""
        if activated is not None:
            return "activation", activated.row.name
        normalised = recognise_normaliser(program, equation)
        if normalised is not None:
            return "normaliser", normalised.row.name
        reads = set(equation.reads) & set(map(name_of, program.parameters))
        if reads and any(term.over for term in equation.terms):
            return "pre-activation", "bias" if len(equation.terms) > 1 else ""
        return "other", ""

    def _gradient(self, step: SumOverPaths) -> Backward:
        parameters = {name_of(tensor) for tensor in self.derivation.program.parameters}
        inputs = {name_of(tensor) for tensor in self.derivation.program.inputs}
        kind = "parameter" if step.name in parameters else "input" if step.name in inputs else "value"
        slopes = tuple(
            self._slope(path.local, path.through)
            for path in step.paths
            if isinstance(path, Product) and isinstance(path.local, SlopeInOutput)
        )
        return Backward(
            kind,
            self.names.whole(step.name),
            tuple(self._way(path) for path in step.paths),
            tuple(map(self._line, step.helpers)),
            slopes,
            self._formula(step),
            self._line(told_step(step)[-1]),
        )

    def _formula(self, step: SumOverPaths) -> str:
        """Return the gradient of one entry, with the upstream and the local gradient of every path under braces."""
        parts = [self._braced(path) if isinstance(path, Product) else self._merged(path) for path in step.paths]
        return f"{self.names.entry(step.result.target)} = {' + '.join(parts)}"

    def _braced(self, path: Product) -> str:
        upstream, local = map(self.entries.doprint, path.factors)
        letters = ", ".join(str(index.label) for index in path.result.over)
        total = rf"\sum_{{{letters}}} " if letters else ""
        return rf"{total}\underbrace{{{upstream}}}_{{\text{{upstream}}}} \; \underbrace{{{local}}}_{{\text{{local}}}}"

    def _merged(self, path: Merge) -> str:
        text: str = self.entries.doprint(path.result.right)
        return text

    def _slope(self, local: SlopeInOutput, output: str) -> Line:
        name = f"{output}_slope"
        value, exact = array_latex(self.passes[0].values[name])
        text = self.entries.doprint(local.result)
        return Line(self.names.whole(name), text, None, None, True, value, exact)

    def _way(self, path: Path) -> Way:
        target = self.names.entry(path.target)
        product = self.entries.doprint(path.result.right)
        upstream = self.entries.doprint(path.upstream.result)
        if isinstance(path, Merge):
            through = self.names.entry(path.upstream.target)
            return Way("merge", through, target, upstream, "", None, product, path.rewrite, path.condition)
        local = path.local
        above, slope = path.factors
        # The indices are those of the product, so that the same letters stand in the text and under the braces.
        indices = indices_of(above if isinstance(above, Indexed) else path.upstream.target)
        through = self.names.whole(path.through, indices)
        derivative = rf"\frac{{\partial {through}}}{{\partial {target}}}"
        plain, label = None, ""
        if isinstance(local, SlopeInOutput):
            plain = self.entries.doprint(local.local.result)
            label = ACTIVATIONS[local.row].name
        value = self.entries.doprint(slope)
        return Way(
            "slope" if plain else "product",
            through,
            derivative,
            upstream,
            value,
            plain,
            product,
            label,
            None,
        )

    def _line(self, equation: Equation) -> Line:
        values = self.passes[0].values
        value, exact = array_latex(values[equation.name])
        arrays = matrix_form(equation, self._symbol)
        filled, filled_exact = self._numbers_in(equation) if arrays is not None else self._summands(equation)
        if filled == value:
            filled = None
        return Line(
            self.names.whole(equation.name),
            self.entries.equation(equation),
            arrays,
            filled,
            filled_exact,
            value,
            exact,
        )

    def _symbol(self, name: str) -> str:
        return size_latex(name) if name in self.sizes else self.names.whole(name)

    def _numbers_in(self, equation: Equation) -> tuple[str | None, bool]:
        """Return an array equation with numbers for its names, if there is room, and whether all are exact."""
        wide, exact = 0, True

        def filled(name: str) -> str:
            nonlocal wide, exact
            if name in self.sizes:
                return str(self.sizes[name])
            text, is_exact = array_latex(self.passes[0].values[name])
            wide, exact = wide + width_of(self.passes[0].values[name]) + OPERATOR, exact and is_exact
            return text

        text = matrix_form(equation, filled)
        return (text if wide <= LINE else None), exact

    def _summands(self, equation: Equation) -> tuple[str | None, bool]:
        """Return a sum over few entries written out in numbers, for a target that is one number."""
        values = self.passes[0].values
        form = arrays_of(equation)
        blocks = form.body.atoms(Block)
        if np.size(values[equation.name]) != 1 or len(blocks) != 1:
            return None, True
        (block,) = blocks
        if not isinstance(block.node, Reduction) or not form.body.is_Mul | form.body.is_Symbol:
            return None, True
        node = block.node
        shape = [axis.upper + 1 if hasattr(axis, "upper") else 1 for axis in node.axes]
        spread = Equation(tensor("summands", *shape)[node.axes], node.body)
        parts = value_of(self.derivation, values, spread)
        if parts.size > MOST_SUMMANDS or parts.size < 2:
            return None, True
        texts = [number(part)[0] for part in parts.flat]
        exact = all(number(part)[1] for part in parts.flat)
        if sum(width_of(part) for part in parts.flat) > LINE:
            return None, True
        total = texts[0] + "".join(f" - {text[1:]}" if text.startswith("-") else f" + {text}" for text in texts[1:])
        scale = form.body.xreplace({block: S.One}).subs(
            {size: self.sizes[str(size)] for size in form.body.free_symbols if str(size) in self.sizes}
        )
        if scale == 1:
            return total, exact
        if scale == -1:
            return rf"-\left({total}\right)", exact
        return rf"{self.entries.doprint(scale)} \left({total}\right)", exact

    def _size_values(self) -> dict[str, int]:
        sizes: dict[str, int] = {}
        for name, shape in self.derivation.program.shapes.items():
            for axis, extent in zip(shape, np.shape(self.passes[0].values[name]), strict=True):
                sizes[str(axis)] = extent
        return {name: extent for name, extent in sizes.items() if not name.isdigit()}


def printed_latex(printed: Any) -> str:
    """Return a published figure as it was printed, as a LaTeX number or matrix.

    >>> printed_latex([[".5", "-.038"]]), printed_latex("5.28e-4")
    ('\\\\begin{bmatrix} .5 & -.038 \\\\end{bmatrix}', '5.28 \\\\cdot 10^{-4}')
    """
    if isinstance(printed, str):
        digits, _, power = printed.partition("e")
        return rf"{digits} \cdot 10^{{{int(power)}}}" if power else printed
    rows = [printed] if isinstance(printed[0], str) else printed
    body = r" \\ ".join(" & ".join(map(printed_latex, row)) for row in rows)
    return rf"\begin{{bmatrix}} {body} \end{{bmatrix}}"
