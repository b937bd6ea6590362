"""A quantity line by line: its equation over entries and over arrays, with numbers put in, and its value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from sympy import S

from symnn.derivation import Derivation
from symnn.equations import Equation
from symnn.kernels.arrays import Block, Reduction, arrays_of
from symnn.library import value_of
from symnn.notation import tensor
from symnn.report.entries import EntryPrinter
from symnn.report.form import DEFAULT_FORM, Form, is_blank
from symnn.report.matrices import matrix_form
from symnn.report.names import Names, size_latex
from symnn.report.numbers import array_latex, number, width_of
from symnn.report.shapes import shapes_of
from symnn.report.views import Line

LINE = 78
"""About how many digits fit on a line of mathematics."""
OPERATOR = 3
"""About how many digits wide an operator and the brackets around its operands are."""
MOST_SUMMANDS = 8
"""A sum of more numbers than this is not written out."""


class Lines:
    """The lines of a derivation's equations, with the values of one pass."""

    def __init__(
        self, derivation: Derivation, values: Mapping[str, Any], names: Names, form: Form = DEFAULT_FORM
    ) -> None:
        self.form = form
        self.derivation = derivation
        self.values = values
        self.names = names
        self.entries = EntryPrinter(names)
        self.sizes = self._size_values()
        self._printed: dict[str, tuple[str, bool]] = {}
        self._lines: dict[Equation, Line] = {}

    def line(self, equation: Equation) -> Line:
        """Return an equation as a line; the views of a report ask for the same ones."""
        if equation not in self._lines:
            self._lines[equation] = self._line(equation)
        return self._lines[equation]

    def _line(self, equation: Equation) -> Line:
        value, exact = self._value(equation.name)
        arrays = matrix_form(equation, self.symbol)
        filled, filled_exact = self._numbers_in(equation) if arrays is not None else self._summands(equation)
        if filled == value:
            filled = None
        return Line(
            self.names.whole(equation.name),
            self.entries.displayed(equation),
            arrays,
            filled,
            filled_exact,
            value,
            exact,
            shapes_of(equation, self.values),
        )

    def symbol(self, name: str) -> str:
        """Return the LaTeX of a tensor or a size."""
        return size_latex(name) if name in self.sizes else self.names.whole(name)

    def _value(self, name: str) -> tuple[str, bool]:
        """Return a tensor in numbers, printed once, and whether they are exact."""
        if name not in self._printed:
            self._printed[name] = array_latex(self.values[name], self.form)
        return self._printed[name]

    def _numbers_in(self, equation: Equation) -> tuple[str | None, bool]:
        """Return an array equation with numbers for its names, if there is room, and whether all are exact."""
        wide, exact = 0, True

        def filled(name: str) -> str:
            nonlocal wide, exact
            if name in self.sizes:
                return str(self.sizes[name])
            text, is_exact = self._value(name)
            wide, exact = wide + width_of(self.values[name], self.form) + OPERATOR, exact and is_exact
            return text

        text = matrix_form(equation, filled)
        return (text if wide <= LINE else None), exact

    def _summands(self, equation: Equation) -> tuple[str | None, bool]:
        """Return a sum over few entries written out in numbers, for a target that is one number."""
        values = self.values
        form = arrays_of(equation)
        blocks = form.body.atoms(Block)
        if np.size(values[equation.name]) != 1 or len(blocks) != 1 or any(is_blank(values[n]) for n in equation.reads):
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
        texts = [number(part, self.form)[0] for part in parts.flat]
        exact = all(number(part, self.form)[1] for part in parts.flat)
        if sum(width_of(part, self.form) for part in parts.flat) > LINE:
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
            for axis, extent in zip(shape, np.shape(self.values[name]), strict=True):
                sizes[str(axis)] = extent
        return {name: extent for name, extent in sizes.items() if not name.isdigit()}
