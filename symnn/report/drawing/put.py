"""The columns of a network put in their places, with edges between them and the loss behind the last."""

from __future__ import annotations

from collections.abc import Sequence

from symnn.report.drawing.cells import Cell, stacked
from symnn.report.drawing.columns import DOTS, Column, Gap, Unit
from symnn.report.drawing.fitting import ABOVE_UNIT, FRAME, LEAD, NARROW, TAIL, WIDE, Fitted, breadth, pitch
from symnn.report.drawing.model import MIDDLE, MORE, NETWORK, Box, Drawing, Edge, Node, Quantity, Text
from symnn.report.drawing.quantities import NAME_SIZE
from symnn.report.drawing.spacing import evenly, spread

MARGIN = 3.0
"""Room around a drawing."""
BELOW_LOSS = 18.0
"""Room between the loss and what it compares with."""


def put(
    columns: Sequence[Column],
    gaps: Sequence[Gap],
    labelled: Sequence[Fitted],
    loss: Quantity,
    compared: tuple[Quantity, ...],
    targets: Cell | None,
    slack: float,
) -> Drawing:
    """Return the drawing of a network, with so much room to give away between its columns."""
    network = _Network(columns, gaps, labelled, loss, compared, targets)
    network.place(slack)
    return network.drawn()


class _Network:
    """The nodes and edges of a network, put down column by column about the line y = 0."""

    def __init__(
        self,
        columns: Sequence[Column],
        gaps: Sequence[Gap],
        labelled: Sequence[Fitted],
        loss: Quantity,
        compared: tuple[Quantity, ...],
        targets: Cell | None,
    ) -> None:
        self.columns, self.gaps, self.labelled = columns, gaps, labelled
        self.loss, self.compared, self.targets = loss, compared, targets
        self.nodes: list[Node] = []
        self.edges: list[Edge] = []
        self.frames: list[Box] = []
        self.groups: list[tuple[str, ...]] = []
        self.units: list[dict[int, Node]] = []

    def place(self, slack: float) -> None:
        """Put everything in its place, with so much room to give away between the columns."""
        share = slack / (len(self.gaps) + 1)
        x = MARGIN
        for number, column in enumerate(self.columns):
            behind = self.labelled[number] if number < len(self.gaps) else None
            above = len(self.columns[number + 1].drawn) if behind is not None else 0
            x = self._column(column, behind, above, x)
            if behind is not None:
                x += min(behind.needs + share, max(behind.needs * 1.4, WIDE))
        self._loss(x + min(NARROW + share, WIDE))
        for number, gap in enumerate(self.gaps):
            if gap.cut:
                self._cut(number)
            else:
                self._gap(number)

    def _column(self, column: Column, behind: Fitted | None, above: int, left: float) -> float:
        """Put down a column that begins at ``left``; return where it ends."""
        wide = breadth(column)
        x = left + wide / 2
        units: dict[int, Node] = {}
        added: list[Node] = []
        for unit, y in zip(column.units, evenly(len(column.units), pitch(column, behind, above)), strict=True):
            if unit.number == DOTS:
                self.nodes.append(_dots(f"dots-{column.number}", x, y))
                continue
            units[unit.number] = self._unit(column, unit, x, y)
            added.append(units[unit.number])
            if unit.bias is not None:
                added.append(self._bias(units[unit.number], unit.bias))
        if column.coupled and len(units) > 1:
            self.frames.append(_around(added))
            self.groups.append(tuple(node.name for node in units.values()))
        self.units.append(units)
        return left + wide

    def _unit(self, column: Column, unit: Unit, x: float, y: float) -> Node:
        cell = stacked(unit.quantities).widened(column.width)
        name = f"{column.role}-{column.number}-{unit.number}"
        node = Node(name, column.role, x, y, cell.width, cell.height, unit.quantities, cell.at(x, y))
        self.nodes.append(node)
        return node

    def _bias(self, unit: Node, quantity: Quantity) -> Node:
        cell = stacked((quantity,))
        y = unit.box.top - ABOVE_UNIT - cell.height / 2
        node = Node(f"bias-{unit.name}", "bias", unit.x, y, cell.width, cell.height, (quantity,), cell.at(unit.x, y))
        self.nodes.append(node)
        # The lowest line of a bias leaves room below it.
        points = ((unit.x, node.box.bottom), (unit.x, unit.box.top))
        self.edges.append(Edge(node.name, unit.name, "bias", points, arrow=True))
        return node

    def _loss(self, left: float) -> None:
        cells = [stacked((self.loss,)), *([self.targets] if self.targets else [])]
        width = max(cell.width for cell in cells)
        x = left + width / 2
        cell = cells[0].widened(width)
        loss = Node("loss", "loss", x, 0.0, width, cell.height, (self.loss,), cell.at(x, 0.0))
        self.nodes.append(loss)
        for node in self.units[-1].values():
            points = ((node.box.right, node.y), (loss.box.left, loss.y))
            self.edges.append(Edge(node.name, loss.name, "loss", points))
        if self.targets:
            cell = cells[1].widened(width)
            y = loss.box.bottom + BELOW_LOSS + cell.height / 2
            node = Node("targets", "target", x, y, width, cell.height, self.compared, cell.at(x, y))
            self.nodes.append(node)
            points = ((x, node.box.top), (x, loss.box.bottom))
            self.edges.append(Edge(node.name, loss.name, "target", points, arrow=True))

    def _gap(self, number: int) -> None:
        """Join two columns; the labels stand one above the other, near where their edges begin."""
        below, above = self.units[number], self.units[number + 1]
        gap, labelled = self.gaps[number], self.labelled[number]
        starts = {key: (below[key[0]].box.right, below[key[0]].y) for key in gap.weights}
        ends = {key: (above[key[1]].box.left, above[key[1]].y) for key in gap.weights}
        if not labelled.labels:
            for key, quantity in gap.weights.items():
                self._edge(below, above, key, quantity, (starts[key], ends[key]))
            return
        order = sorted(gap.weights)
        left = max(start[0] for start in starts.values())
        right = min(end[0] for end in ends.values())
        lead = max(LEAD, (right - left - labelled.width - TAIL) / 2)
        middle = left + lead + labelled.width / 2
        part = (middle - left) / (right - left)
        straight = [starts[key][1] + part * (ends[key][1] - starts[key][1]) for key in order]
        heights = spread(straight, [labelled.height] * (len(order) - 1))
        for key, y in zip(order, heights, strict=True):
            cell = labelled.labels[key]
            rise = cell.height / 2
            box = Box(left + lead, y - rise, left + lead + cell.width, y + rise)
            # Past the widest of the labels, so that no edge runs behind another's.
            points = (starts[key], (box.left, y), (left + lead + labelled.width, y), ends[key])
            self._edge(below, above, key, gap.weights[key], points, cell, box)

    def _edge(
        self,
        below: dict[int, Node],
        above: dict[int, Node],
        key: tuple[int, int],
        quantity: Quantity,
        points: tuple[tuple[float, float], ...],
        cell: Cell | None = None,
        box: Box | None = None,
    ) -> None:
        texts = cell.at((box.left + box.right) / 2, (box.top + box.bottom) / 2) if cell and box else ()
        names = below[key[0]].name, above[key[1]].name
        self.edges.append(Edge(*names, "weight", points, quantity, texts, box))

    def _cut(self, number: int) -> None:
        """Join two columns between which layers have been left out, over dots that stand for them."""
        below, above = self.units[number], self.units[number + 1]
        left = max(node.box.right for node in below.values())
        right = min(node.box.left for node in above.values())
        x = (left + right) / 2
        text = Text(x, 2.5, MIDDLE, r"\cdots", MORE, NAME_SIZE, "", (), 0, 10.0)
        dots = Node(f"cut-{number}", "dots", x, 0.0, 14.0, 10.0, (), (text,))
        self.nodes.append(dots)
        for node in below.values():
            self.edges.append(Edge(node.name, dots.name, "cut", ((node.box.right, node.y), (dots.box.left, 0.0))))
        for node in above.values():
            self.edges.append(Edge(dots.name, node.name, "cut", ((dots.box.right, 0.0), (node.box.left, node.y))))

    def drawn(self) -> Drawing:
        """Return what has been put down, its origin not yet at its corner."""
        return Drawing(
            NETWORK,
            0.0,
            0.0,
            tuple(self.nodes),
            tuple(self.edges),
            (),
            sample=1,
            samples=1,
            frames=tuple(self.frames),
            groups=tuple(self.groups),
        )


def _dots(name: str, x: float, y: float) -> Node:
    text = Text(x, y + 3, MIDDLE, r"\vdots", MORE, NAME_SIZE, "", (), 0, 4.0)
    return Node(name, "dots", x, y, 8.0, 12.0, (), (text,))


def _around(nodes: Sequence[Node]) -> Box:
    boxes = [node.box for node in nodes]
    return Box(
        min(box.left for box in boxes) - FRAME,
        min(box.top for box in boxes) - FRAME,
        max(box.right for box in boxes) + FRAME,
        max(box.bottom for box in boxes) + FRAME,
    )
