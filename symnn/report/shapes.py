"""The shapes of an equation over arrays, put where their arrays stand, so that a reader can check that they fit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from symnn.equations import Equation
from symnn.kernels.arrays import Aligned
from symnn.notation import name_of
from symnn.report.matrices import MatrixPrinter, matrix_form, multiplies


class _ShapePrinter(MatrixPrinter):
    """Print an array equation with the shape of every array in its place; a transpose is a shape turned round."""

    def __init__(self, shapes: Mapping[str, tuple[int, ...]]) -> None:
        super().__init__(lambda name: shape_latex(shapes.get(name, ())))
        self.shapes = shapes

    def _side(self, view: Aligned) -> str:
        shape = self.shapes.get(name_of(view.entry), ())
        return shape_latex(shape[::-1] if view.turned else shape)


def shape_latex(shape: tuple[int, ...]) -> str:
    """Return a shape as it stands in a product of shapes; a single number has none.

    >>> shape_latex((2, 3)), shape_latex(())
    ('(2 {\\\\times} 3)', '1')
    """
    return "(" + r" {\times} ".join(map(str, shape)) + ")" if shape else "1"


def shapes_of(equation: Equation, values: Mapping[str, Any]) -> str | None:
    """Return the shapes of a product of matrices, as LaTeX; None for an equation that multiplies none.

    >>> import numpy as np
    >>> from symnn.network import Dense, Network, program_of
    >>> first = program_of(Network(inputs=2, layers=[Dense(1)])).equations[0]
    >>> values = {"W1": np.ones((1, 2)), "X": np.ones((2, 4)), "b1": np.ones((1, 1)), "Z1": np.ones((1, 4))}
    >>> print(shapes_of(first, values).replace("{", "").replace("}", ""))
    (1 \\times 4) = (1 \\times 2) (2 \\times 4) + (1 \\times 1)
    """
    if not multiplies(equation):
        return None
    shapes = {name: np.shape(value) for name, value in values.items()}
    right = matrix_form(equation, str, _ShapePrinter(shapes))
    return f"{shape_latex(shapes[equation.name])} = {right}" if right is not None else None
