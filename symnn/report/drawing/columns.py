"""The columns of a network of dense layers before they have coordinates: their units, biases and weights as cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from symnn.report.drawing.cells import Cell, beside, named, stacked, tall, unnamed
from symnn.report.drawing.model import Quantity
from symnn.report.drawing.quantities import Quantities
from symnn.report.drawing.structure import Layers

MOST_UNITS = 6
"""A column of more units than this is drawn without its middle."""
FIRST, LAST = 3, 2
"""So many units stand above and below what is left out."""
MOST_LABELS = 24
"""More edges than this between two columns carry no labels."""
DOTS = -1
"""Stands for the units left out."""

# How the label of an edge may be set, the fullest first.
LABELS: tuple[Callable[[Quantity], Cell] | None, ...] = (named, tall, unnamed, beside, None)


@dataclass(frozen=True)
class Unit:
    """What stands in a slot of a column; ``number`` counts from 0, or is `DOTS`."""

    number: int
    quantities: tuple[Quantity, ...] = ()
    bias: Quantity | None = None
    """A bias that stands above the unit; where room is short it is one of the quantities."""


@dataclass(frozen=True)
class Column:
    """A column of units, ``coupled`` where they share out one, and how many it has in all."""

    number: int
    role: str
    units: tuple[Unit, ...]
    total: int
    coupled: bool = False

    @property
    def drawn(self) -> tuple[Unit, ...]:
        """The units that have a place."""
        return tuple(unit for unit in self.units if unit.number != DOTS)

    @property
    def width(self) -> float:
        """How wide the column is."""
        return max(cell.width for unit in self.drawn for cell in (stacked(unit.quantities), *bias_cells(unit)))

    @property
    def tallest(self) -> float:
        """How high the tallest of its units is, without its bias."""
        return max(stacked(unit.quantities).height for unit in self.drawn)

    @property
    def bias_height(self) -> float:
        """How high the tallest of its biases is; 0 where there are none."""
        return max((cell.height for unit in self.drawn for cell in bias_cells(unit)), default=0.0)


@dataclass(frozen=True)
class Gap:
    """The weights between two columns, by the numbers of their units; ``cut`` where layers have been left out."""

    weights: dict[tuple[int, int], Quantity]
    cut: bool = False


def bias_cells(unit: Unit) -> tuple[Cell, ...]:
    """Return the cell of a unit's bias, if it has one."""
    return (stacked((unit.bias,)),) if unit.bias is not None else ()


def slots(total: int) -> tuple[int, ...]:
    """Return the numbers of the units that are drawn, with `DOTS` for those that are not.

    >>> slots(3), slots(100)
    ((0, 1, 2), (0, 1, 2, -1, 98, 99))
    """
    if total <= MOST_UNITS:
        return tuple(range(total))
    return (*range(FIRST), DOTS, *range(total - LAST, total))


@dataclass(frozen=True)
class Detail:
    """How much a drawing says: numbers or none, the adjoints of the inputs or not, biases above units or in them."""

    bare: bool = False
    input_gradients: bool = True
    biases_inside: bool = False


def columns_of(
    quantities: Quantities, layers: Layers, detail: Detail, shown: Sequence[int]
) -> tuple[tuple[Column, ...], tuple[Gap, ...]]:
    """Return the columns of the layers shown, of which 0 is the inputs, and the weights between them."""
    axes = layers.axes

    def told(name: str, number: int) -> Quantity:
        place = axes[name].place(unit=number)
        if detail.bare:
            return quantities.bare(name, place)
        return quantities.entry(name, place, gradient=name != layers.inputs or detail.input_gradients)

    def size(name: str, axis: int) -> int:
        return quantities.shape(name)[axis] if axis >= 0 else 1

    def unit(number: int, names: Sequence[str], bias: str) -> Unit:
        if number == DOTS:
            return Unit(DOTS)
        # Without numbers one name is enough.
        own = tuple(told(name, number) for name in (names[-1:] if detail.bare else names))
        if not bias or detail.bare:
            return Unit(number, own)
        added = told(bias, number)
        return Unit(number, (added, *own)) if detail.biases_inside else Unit(number, own, added)

    def column(number: int, role: str, names: Sequence[str], bias: str, coupled: bool) -> Column:
        total = size(names[0], axes[names[0]].unit)
        return Column(number, role, tuple(unit(each, names, bias) for each in slots(total)), total, coupled)

    def of(number: int) -> Column:
        if number == 0:
            return column(0, "input", (layers.inputs,), "", False)
        layer = layers.layers[number - 1]
        return column(number, "unit", layer.rows, layer.bias, layer.coupled)

    columns = tuple(map(of, shown))
    return columns, tuple(_gap(quantities, layers, below, above) for below, above in pairwise(columns))


def _gap(quantities: Quantities, layers: Layers, below: Column, above: Column) -> Gap:
    if above.number != below.number + 1:
        return Gap({}, cut=True)
    layer = layers.layers[above.number - 1]
    axes = layers.axes[layer.weights]
    count = len(below.drawn) * len(above.drawn)
    # What carries no label needs no number either, and a network may have a hundred thousand of them.
    told = quantities.entry if count <= MOST_LABELS else quantities.bare
    return Gap(
        {
            (one.number, other.number): told(layer.weights, axes.place(unit=other.number, below=one.number))
            for one in below.drawn
            for other in above.drawn
        }
    )
