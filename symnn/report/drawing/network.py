"""A network of dense layers as a drawing: as much of it, said as fully, as its page has room for."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from symnn.report.drawing.cells import Cell, stacked
from symnn.report.drawing.columns import DOTS, FIRST, MOST_LABELS, Column, Detail, Gap, columns_of, slots
from symnn.report.drawing.fitting import NARROW, TALLEST, Fitted, breadth, fitted, pitch
from symnn.report.drawing.model import Drawing, LeftOut, Quantity
from symnn.report.drawing.put import MARGIN, put
from symnn.report.drawing.quantities import Quantities
from symnn.report.drawing.structure import Layers

DETAILS = (
    Detail(),
    Detail(input_gradients=False),
    Detail(biases_inside=True),
    Detail(input_gradients=False, biases_inside=True),
)
"""How much a drawing may say, the most first."""
BARE = Detail(bare=True)
"""What it says where there is room for no numbers."""


@dataclass(frozen=True)
class Plan:
    """A network of which it is known that it fits: what stands in it, how its gaps are labelled, and the room left."""

    columns: tuple[Column, ...]
    gaps: tuple[Gap, ...]
    labelled: tuple[Fitted, ...]
    loss: Quantity
    compared: tuple[Quantity, ...]
    targets: Cell | None
    room: float

    @property
    def silent(self) -> int:
        """How many gaps carry no labels though they have few edges."""
        both = zip(self.gaps, self.labelled, strict=True)
        return sum(not each.labels and len(gap.weights) <= MOST_LABELS for gap, each in both)

    @property
    def height(self) -> float:
        """How high the highest column is."""
        behind = (*self.labelled, None)
        above = (*(len(column.drawn) for column in self.columns[1:]), 0)
        return max(
            pitch(column, each, count) * len(column.units)
            for column, each, count in zip(self.columns, behind, above, strict=True)
        )


def network(quantities: Quantities, layers: Layers, width: float) -> Drawing:
    """Return the drawing of a network of dense layers, at most ``width`` points wide.

    Where there is no room, edges lose their labels, then units their numbers, then layers their places.
    """
    plans = [plan for detail in DETAILS if (plan := _plan(quantities, layers, detail, width)) is not None]
    if plans:
        # The first of the best: labels on edges count for most, then that the page is high enough.
        best = min(plans, key=lambda plan: (plan.silent, plan.height > TALLEST))
        return _drawn(best, quantities, layers)
    *wider, narrowest = _fewer(len(layers.layers) + 1)
    some = (plan for shown in wider if (plan := _plan(quantities, layers, BARE, width, shown)) is not None)
    plan = next(some, None) or _plan(quantities, layers, BARE, math.inf, narrowest)
    if plan is None:
        raise AssertionError("a page without end has room for any plan")
    return _drawn(plan, quantities, layers)


def _fewer(count: int) -> Iterator[tuple[int, ...]]:
    """Return the numbers of all columns, then of ever fewer at both ends, down to three.

    >>> list(_fewer(5))
    [(0, 1, 2, 3, 4), (0, 1, 3, 4), (0, 1, 4)]
    """
    yield tuple(range(count))
    for kept in range(count - 1, 2, -1):
        first = (kept + 1) // 2
        yield (*range(first), *range(count - kept + first, count))


def _plan(
    quantities: Quantities, layers: Layers, detail: Detail, width: float, shown: tuple[int, ...] = ()
) -> Plan | None:
    """Return a plan that fits a page, or None if there is none; by default all layers are shown."""
    columns, gaps = columns_of(quantities, layers, detail, shown or tuple(range(len(layers.layers) + 1)))
    loss = quantities.bare(layers.loss, ()) if detail.bare else quantities.entry(layers.loss, ())
    compared = tuple(
        quantities.bare(name, place) if detail.bare else quantities.entry(name, place)
        for name in layers.targets
        for place in _target_places(quantities, layers, name)
    )
    total = sum(_extent(quantities, name, layers.axes[name].unit) for name in layers.targets)
    targets = stacked(compared, FIRST if len(compared) < total else 0) if compared else None
    end = max(stacked((loss,)).width, targets.width if targets is not None else 0.0)
    room = width - 2 * MARGIN - sum(map(breadth, columns)) - end - NARROW
    labelled = fitted(columns, gaps, room)
    if labelled is None:
        return None
    return Plan(columns, gaps, labelled, loss, compared, targets, room - sum(each.needs for each in labelled))


def _target_places(quantities: Quantities, layers: Layers, name: str) -> list[tuple[int, ...]]:
    axes = layers.axes[name]
    numbers = slots(_extent(quantities, name, axes.unit))
    return [axes.place(unit=number) for number in numbers if number != DOTS]


def _extent(quantities: Quantities, name: str, axis: int) -> int:
    return quantities.shape(name)[axis] if axis >= 0 else 1


def _drawn(plan: Plan, quantities: Quantities, layers: Layers) -> Drawing:
    drawing = put(plan.columns, plan.gaps, plan.labelled, plan.loss, plan.compared, plan.targets, plan.room)
    return replace(
        drawing,
        stages=quantities.stages,
        samples=_extent(quantities, layers.inputs, layers.axes[layers.inputs].sample),
        left_out=_left_out(plan, quantities, layers),
    )


def _left_out(plan: Plan, quantities: Quantities, layers: Layers) -> tuple[LeftOut, ...]:
    """Return how many units of each layer, and how many targets, have no place."""
    drawn = {column.number: len(column.drawn) for column in plan.columns}
    names = (layers.inputs, *(layer.rows[-1] for layer in layers.layers))
    missing = [
        LeftOut(name, _extent(quantities, name, layers.axes[name].unit) - drawn.get(number, 0))
        for number, name in enumerate(names)
    ]
    for name in layers.targets:
        total = _extent(quantities, name, layers.axes[name].unit)
        missing.append(LeftOut(name, total - len(_target_places(quantities, layers, name))))
    return tuple(one for one in missing if one.count)
