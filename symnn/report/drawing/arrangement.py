"""The layout of a derivation's network, from which both the LaTeX and the SVG are drawn."""

from __future__ import annotations

from symnn.report.drawing.graph import graph
from symnn.report.drawing.model import Drawing
from symnn.report.drawing.network import network
from symnn.report.drawing.placing import at_corner
from symnn.report.drawing.quantities import Printer, Quantities
from symnn.report.drawing.structure import layers_of
from symnn.report.numbers import number
from symnn.report.story import Teller

PAGE = 448.0
"""How many points wide a drawing may be: nineteen parts of twenty of a page of A4 with margins of 22 mm."""


def layout(teller: Teller, printer: Printer = number, *, width: float = PAGE) -> Drawing:
    """Return the drawing of a derivation at the numbers of its first pass, written by ``printer``.

    A program of dense layers becomes columns of units, any other a graph of tensors. An empty text from the printer
    leaves a number out. ``width`` is the room in points.
    """
    quantities = Quantities(teller, printer)
    layers = layers_of(teller.derivation.program)
    return at_corner(network(quantities, layers, width) if layers is not None else graph(quantities, width))
