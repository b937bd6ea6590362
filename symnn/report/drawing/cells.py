"""Quantities set in rows: a name and its value, the gradient below; as what stands in a node or on an edge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from symnn.notation import adjoint_name
from symnn.report.drawing.model import BACKWARD, END, FORWARD, LABEL, MIDDLE, MORE, SHAPE, START, Quantity, Text
from symnn.report.drawing.quantities import NAME_SIZE, NUMBER_SIZE
from symnn.report.drawing.typeset import typeset
from symnn.report.escape import set_in_math

AMPLE: Mapping[str, float] = MappingProxyType({LABEL: 1.3, SHAPE: 1.26, FORWARD: 1.26, BACKWARD: 1.18, MORE: 1.3})
"""Computer Modern is so much wider at small sizes than the face that the widths are taken from."""
MORE_AMPLE = 1.34
"""By how much a list of numbers is wider."""
LINE = 9.5
"""From baseline to baseline."""
RAISED_LINE = 1.6
"""How much higher a line is that has an index above."""
BROKEN_LINE = 2.5
"""How much further a line with a fraction rises, and falls."""
PAD, PAD_ABOVE = 3.0, 3.0
"""Room between the sides of a cell and its texts."""
APART = 5.0
"""Room between a name and its value."""


@dataclass(frozen=True)
class Cell:
    """Texts about the middle of a rectangle."""

    width: float
    height: float
    texts: tuple[Text, ...]

    def at(self, x: float, y: float) -> tuple[Text, ...]:
        """Return the texts with the middle of the cell at a position."""
        return tuple(replace(text, x=x + text.x, y=y + text.y) for text in self.texts)

    def widened(self, width: float) -> Cell:
        """Return the cell with its sides further apart; what stands at a side stays there."""
        more = (width - self.width) / 2
        shift = {START: -more, MIDDLE: 0.0, END: more}
        return Cell(width, self.height, tuple(replace(text, x=text.x + shift[text.anchor]) for text in self.texts))


@dataclass(frozen=True)
class _Piece:
    latex: str
    kind: str
    quantity: Quantity

    @property
    def size(self) -> float:
        return NAME_SIZE if self.kind == LABEL else NUMBER_SIZE

    @property
    def width(self) -> float:
        ample = MORE_AMPLE if "{,}" in self.latex else AMPLE[self.kind]
        # LaTeX may write a character as its code, which is wider.
        widths = (typeset(each, self.size, slanted=self.kind == BACKWARD).width for each in self._written)
        return max(widths) * ample

    @property
    def _written(self) -> set[str]:
        return {self.latex, set_in_math(self.latex)}

    def text(self, x: float, y: float, anchor: str) -> Text:
        own = self.quantity
        back = self.kind == BACKWARD
        after = own.backward_after if back else own.after if self.kind == FORWARD else 0
        if self.kind == MORE:
            return Text(0.0, y, MIDDLE, self.latex, MORE, self.size, "", (), 0, self.width)
        name = adjoint_name(own.tensor) if back else own.tensor
        return Text(x, y, anchor, self.latex, self.kind, self.size, name, own.place, after, self.width)


Line = Sequence[_Piece]


def stacked(quantities: Sequence[Quantity], dots: int = 0) -> Cell:
    """Return a cell with two lines for each quantity, or three where it has a shape: name and value, gradient.

    With ``dots`` there are dots below so many quantities, for those left out.
    """
    lines: list[Line] = []
    for number, quantity in enumerate(quantities):
        if dots and number == dots:
            lines.append([_Piece(r"\vdots", MORE, quantity)])
        lines += _lines(quantity)
    return _set(lines, PAD, PAD_ABOVE)


def named(quantity: Quantity) -> Cell:
    """Return the label of an edge: name and value, the gradient below."""
    return _set(_lines(quantity), 1.5, 0.5)


def tall(quantity: Quantity) -> Cell:
    """Return the label of an edge on three lines: name, value, gradient."""
    return _set([[_Piece(quantity.label, LABEL, quantity)], *([piece] for piece in _numbers(quantity))], 1.5, 0.5)


def unnamed(quantity: Quantity) -> Cell:
    """Return the label of an edge: the value, the gradient below."""
    return _set([[piece] for piece in _numbers(quantity)], 1.5, 0.5)


def beside(quantity: Quantity) -> Cell:
    """Return the label of an edge on one line: the value and the gradient."""
    return _set([_numbers(quantity)], 1.5, 0.5)


def back(text: str) -> str:
    r"""Return the LaTeX of a gradient in a drawing, which is told from a value by more than its colour.

    >>> back("-0.5")
    '{\\leftarrow}\\,\\symnnslanted{-0.5}'
    """
    return rf"{{\leftarrow}}\,\symnnslanted{{{text}}}"


def _numbers(quantity: Quantity) -> list[_Piece]:
    pieces = [_Piece(quantity.forward, FORWARD, quantity)] if quantity.forward else []
    return [*pieces, *([_Piece(back(quantity.backward), BACKWARD, quantity)] if quantity.backward else [])]


def _lines(quantity: Quantity) -> list[Line]:
    name = _Piece(quantity.label, LABEL, quantity)
    numbers = _numbers(quantity)
    if quantity.shape:
        return [[name, _Piece(quantity.shape, SHAPE, quantity)], *([piece] for piece in numbers)]
    if numbers and numbers[0].kind == FORWARD:
        return [[name, numbers[0]], *([piece] for piece in numbers[1:])]
    return [[name], *([piece] for piece in numbers)]


def _set(lines: Sequence[Line], pad: float, above: float) -> Cell:
    lines = [line for line in lines if line]
    inner = max((sum(piece.width for piece in line) + APART * (len(line) - 1) for line in lines), default=0.0)
    heights = [LINE + _more(line) + _below(line) for line in lines]
    width, height = inner + 2 * pad, sum(heights) + 2 * above
    left, right = -width / 2 + pad, width / 2 - pad
    texts: list[Text] = []
    for number, line in enumerate(lines):
        base = -height / 2 + above + sum(heights[: number + 1]) - 0.24 * LINE - _below(line)
        if len(line) == 1:
            lone = line[0].kind == LABEL and all(len(each) == 1 and each[0].kind == LABEL for each in lines)
            texts.append(line[0].text(0.0, base, MIDDLE) if lone else _single(line[0], left, right, base))
        else:
            texts += [line[0].text(left, base, START), line[1].text(right, base, END)]
    return Cell(width, height, tuple(texts))


def _more(line: Line) -> float:
    """Return how much higher than others a line rises."""
    raised = line[0].kind == LABEL and "^" in line[0].latex
    return max(RAISED_LINE * raised, _below(line))


def _below(line: Line) -> float:
    """Return how much lower than others a line falls."""
    return BROKEN_LINE if any("frac" in piece.latex for piece in line) else 0.0


def _single(piece: _Piece, left: float, right: float, base: float) -> Text:
    return piece.text(left, base, START) if piece.kind == LABEL else piece.text(right, base, END)
