"""The quantities of a derivation as they are drawn: their names, their numbers, and when the story finds them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from itertools import islice
from types import MappingProxyType
from typing import Any

import numpy as np

from symnn.notation import adjoint_name
from symnn.report.drawing.model import Place, Quantity
from symnn.report.drawing.typeset import typeset
from symnn.report.escape import escape_name, set_in_math
from symnn.report.numbers import number
from symnn.report.story import Teller

Printer = Callable[[Any], tuple[str, bool]]
"""What writes a number: as LaTeX, and whether exactly."""

NAME_SIZE, NUMBER_SIZE = 8.0, 7.0
"""The sizes of type of names and of numbers, in points."""
WIDEST_NAME = 56.0
"""A name that is wider than this is cut short."""
KEPT = 8
"""At most so many characters of such a name are kept."""
LISTED = 4
"""A tensor of more entries than this shows the first ones."""


class Quantities:
    """The quantities of a teller, with numbers written by a printer."""

    def __init__(self, teller: Teller, printer: Printer = number) -> None:
        self.teller = teller
        self.names = teller.names
        self.printer = printer

    @cached_property
    def stages(self) -> tuple[str, ...]:
        """What the story finds, in order: the forward equations, the loss, the gradients."""
        derivation = self.teller.derivation
        forward = tuple(equation.name for equation in derivation.program.equations)
        return (*forward, *(step.result.name for step in derivation.steps))

    @cached_property
    def _after(self) -> Mapping[str, int]:
        return MappingProxyType({name: step for step, name in enumerate(self.stages, start=1)})

    def shape(self, name: str) -> tuple[int, ...]:
        """Return the shape of a tensor."""
        return tuple(np.shape(self.teller.values[name]))

    def entry(self, name: str, place: Place, *, gradient: bool = True) -> Quantity:
        """Return an entry of a tensor; a scalar has the place ``()``. Its gradient may be left away."""
        own = adjoint_name(name)
        return Quantity(
            name,
            place,
            self._label(name, place),
            self._number(name, place),
            self._number(own, place) if gradient and self._has(own) else "",
            self._after.get(name, 0),
            self._after.get(own, 0),
        )

    def whole(self, name: str, listed: int = LISTED) -> Quantity:
        """Return a whole tensor, with its first entries where it has more than ``listed``."""
        shape = self.shape(name)
        if math.prod(shape) == 1:
            alone = self.entry(name, (0,) * len(shape))
            return replace(alone, place=(), label=self._short(self.names.whole(name), name))
        gradient = adjoint_name(name)
        return Quantity(
            name,
            (),
            self._short(self.names.whole(name), name),
            self._list(name, listed),
            self._list(gradient, listed) if self._has(gradient) else "",
            self._after.get(name, 0),
            self._after.get(gradient, 0),
            r" \times ".join(map(str, shape)),
        )

    def bare(self, name: str, place: Place) -> Quantity:
        """Return an entry without its numbers."""
        gradient = adjoint_name(name)
        after = self._after.get(name, 0)
        return Quantity(name, place, self._label(name, place), "", "", after, self._after.get(gradient, 0))

    def _has(self, gradient: str) -> bool:
        return gradient in self.teller.values and gradient in self._after

    def _label(self, name: str, place: Place) -> str:
        return self._short(self.names.at(name, place, self.shape(name)), name)

    def _short(self, latex: str, name: str) -> str:
        if _is_short(latex):
            return latex
        cut = (rf"\mathrm{{{escape_name(name[:kept])}\ldots}}" for kept in range(KEPT, 0, -1))
        return next(filter(_is_short, cut), r"\ldots")

    def _number(self, name: str, place: Place) -> str:
        value = self.teller.values[name]
        return self.printer(value[place] if isinstance(value, np.ndarray) else value)[0]

    def _list(self, name: str, listed: int) -> str:
        value = self.teller.values[name]
        count = value.size if value.size <= listed else max(listed - 1, 1)
        texts = [self.printer(entry)[0] for entry in islice(value.flat, count)]
        if not any(texts):
            return ""
        # In braces a minus is a sign, not an operator.
        texts = [rf"{{{text}}}" for text in texts]
        return r"{,}\;".join([*texts, *([r"\ldots"] if count < value.size else [])])


def _is_short(latex: str) -> bool:
    return typeset(set_in_math(latex), NAME_SIZE).width <= WIDEST_NAME
