"""A program as a graph: a node for every tensor, an edge for every read, across the page or down it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import pairwise

from symnn.notation import name_of
from symnn.report.drawing.cells import Cell, stacked
from symnn.report.drawing.model import ACROSS, DOWN, GRAPH, Drawing, Edge, Node, Position, Quantity
from symnn.report.drawing.quantities import LISTED, Quantities
from symnn.report.drawing.ranks import Bend, Knot, Ranks, ranked
from symnn.report.drawing.spacing import spread

BETWEEN = {ACROSS: 30.0, DOWN: 17.0}
"""Room between ranks."""
BESIDE = {ACROSS: 9.0, DOWN: 14.0}
"""Room between neighbours in a rank."""
BEND = 6.0
"""Room for an edge that passes through a rank."""
STIFF = 8.0
"""How much more it counts that a long edge is straight than that a node stands near its neighbours."""
LOOSE = 0.02
"""How much it counts where something stands that is joined to one thing only."""
SLACK = 0.3
"""How much a node leans towards an edge that passes others on its way."""
NEAR = 16.0
"""What stands at most so far off the line of what leads to it is moved onto the line."""
PASSES = 200
"""How often nodes are moved towards what they are joined to."""
TALL = 560.0
"""A graph that would be higher than this is drawn without numbers."""


def graph(quantities: Quantities, width: float) -> Drawing:
    """Return the drawing of a program as a graph; across the page if it fits, else down, else without numbers."""
    program = quantities.teller.derivation.program
    names = [*map(name_of, program.leaves), *(equation.name for equation in program.equations)]
    edges = [(read, equation.name) for equation in program.equations for read in equation.reads]
    used = {name for edge in edges for name in edge}
    ranks = ranked([name for name in names if name in used], edges)
    roles = _roles(quantities)
    for listed in (LISTED, LISTED - 1, 1, 0):
        told = {
            name: quantities.whole(name, listed) if listed else _bare(quantities, name)
            for name in names
            if name in used
        }
        cells = {name: stacked((quantity,)) for name, quantity in told.items()}
        for way in (ACROSS, DOWN):
            drawing = _Graph(ranks, cells, way).drawn(quantities, told, roles)
            wide, high = _extent(drawing)
            if wide <= width and high <= TALL:
                return drawing
    return drawing


def _detour(ends: tuple[float, float], wish: float) -> tuple[float, float]:
    """Return how far it is from one end to the other by way of a place, and the place, which decides between equals."""
    return abs(wish - ends[0]) + abs(wish - ends[1]), wish


def _bare(quantities: Quantities, name: str) -> Quantity:
    whole = quantities.whole(name)
    return Quantity(name, (), whole.label, "", "", whole.after, whole.backward_after)


def _roles(quantities: Quantities) -> Mapping[str, str]:
    program = quantities.teller.derivation.program
    return {
        **{name_of(leaf): "parameter" for leaf in program.parameters},
        **{name_of(leaf): "input" for leaf in program.inputs},
        **{name_of(leaf): "target" for leaf in program.targets},
        name_of(program.loss): "loss",
    }


def _extent(drawing: Drawing) -> tuple[float, float]:
    boxes = [node.box for node in drawing.nodes]
    points = [point for edge in drawing.edges for point in edge.points]
    xs = [*(box.left for box in boxes), *(box.right for box in boxes), *(x for x, _ in points)]
    ys = [*(box.top for box in boxes), *(box.bottom for box in boxes), *(y for _, y in points)]
    return max(xs) - min(xs) + 6, max(ys) - min(ys) + 6


class _Graph:
    """Positions along the ranks and across them, whichever way the arrows lead."""

    def __init__(self, ranks: Ranks, cells: Mapping[str, Cell], way: str) -> None:
        self.ranks, self.cells, self.way = ranks, cells, way
        self.depths = self._depths()
        self._rank = {knot: number for number, row in enumerate(ranks.rows) for knot in row}
        self.links: dict[Knot, list[Knot]] = {}
        for chain in ranks.chains.values():
            for one, other in pairwise(chain):
                self.links.setdefault(one, []).append(other)
                self.links.setdefault(other, []).append(one)
        self.pulls = {knot: [self._pull(knot, each) for each in links] for knot, links in self.links.items()}
        self.places = self._places()

    def _size(self, knot: Knot) -> tuple[float, float]:
        """Return how deep a knot is along the arrows, and how broad."""
        if not isinstance(knot, str):
            return 0.0, BEND
        cell = self.cells[knot]
        return (cell.width, cell.height) if self.way == ACROSS else (cell.height, cell.width)

    def _depths(self) -> list[float]:
        found, at = [], 0.0
        for row in self.ranks.rows:
            deep = max(self._size(knot)[0] for knot in row)
            found.append(at + deep / 2)
            at += deep + BETWEEN[self.way]
        return found

    def _places(self) -> dict[Knot, float]:
        """Return how far to the side each knot stands: near what it is joined to, in order and apart."""
        places: dict[Knot, float] = {}
        rows = [(row, self._apart(row), [sum(self.pulls[knot]) for knot in row]) for row in self.ranks.rows]
        for row, apart, weights in rows:
            places.update(zip(row, spread([0.0] * len(row), apart, weights), strict=True))
        for turn in range(PASSES):
            for row, apart, weights in rows if turn % 2 == 0 else rows[::-1]:
                wanted = [self._mean(knot, places) for knot in row]
                places.update(zip(row, spread(wanted, apart, weights), strict=True))
        self._snap(places)
        self._straighten(places)
        return places

    def _apart(self, row: Sequence[Knot]) -> list[float]:
        sizes = [self._size(knot)[1] for knot in row]
        return [(one + other) / 2 + BESIDE[self.way] for one, other in pairwise(sizes)]

    def _mean(self, knot: Knot, places: Mapping[Knot, float]) -> float:
        """Return where a knot is wanted: amid what it is joined to, nearest to what draws it most."""
        links, weights = self.links[knot], self.pulls[knot]
        return sum(weight * places[each] for weight, each in zip(weights, links, strict=True)) / sum(weights)

    def _straighten(self, places: dict[Knot, float]) -> None:
        """Put the bends of each long edge on one line, where its neighbours leave room for that."""
        for chain in self.ranks.chains.values():
            bends = [knot for knot in chain if isinstance(knot, Bend)]
            ends = places[chain[0]], places[chain[-1]]
            for wish in sorted({*ends, *(places[bend] for bend in bends)}, key=partial(_detour, ends)):
                if all(self._has_room(bend, wish, places) for bend in bends):
                    places.update(dict.fromkeys(bends, wish))
                    break

    def _snap(self, places: dict[Knot, float]) -> None:
        """Put nodes on one line that almost stand on one, where their neighbours leave room for that."""
        for before, row in pairwise(self.ranks.rows):
            for knot in row:
                joined = [each for each in self.links[knot] if each in before and isinstance(each, str)]
                near = sorted((abs(places[each] - places[knot]), places[each]) for each in joined)
                if isinstance(knot, str) and near and near[0][0] < NEAR and self._has_room(knot, near[0][1], places):
                    places[knot] = near[0][1]

    def _has_room(self, knot: Knot, wish: float, places: Mapping[Knot, float]) -> bool:
        row = self.ranks.rows[self._rank[knot]]
        at = row.index(knot)
        half = self._size(knot)[1] / 2
        before = all(
            wish - places[each] >= self._size(each)[1] / 2 + half + BESIDE[self.way] - 1e-9 for each in row[:at]
        )
        return before and all(
            places[each] - wish >= self._size(each)[1] / 2 + half + BESIDE[self.way] - 1e-9 for each in row[at + 1 :]
        )

    def _pull(self, one: Knot, other: Knot) -> float:
        """Return how strongly a link draws its ends onto one line."""
        if isinstance(one, Bend) and isinstance(other, Bend):
            return STIFF
        # What hangs on a single thing follows that.
        alone = any(isinstance(knot, str) and len(self.links[knot]) == 1 for knot in (one, other))
        return LOOSE if alone else SLACK if isinstance(one, Bend) or isinstance(other, Bend) else 1.0

    def _turned(self, along: float, aside: float) -> Position:
        return (along, aside) if self.way == ACROSS else (aside, along)

    def drawn(self, quantities: Quantities, told: Mapping[str, Quantity], roles: Mapping[str, str]) -> Drawing:
        """Return the drawing, its origin not yet at its corner."""
        nodes = []
        for depth, row in zip(self.depths, self.ranks.rows, strict=True):
            for knot in row:
                if isinstance(knot, str):
                    x, y = self._turned(depth, self.places[knot])
                    cell, role = self.cells[knot], roles.get(knot, "tensor")
                    nodes.append(Node(knot, role, x, y, cell.width, cell.height, (told[knot],), cell.at(x, y)))
        edges = tuple(
            Edge(source, target, "read", self._points(chain), curved=self.way, arrow=True)
            for (source, target), chain in self.ranks.chains.items()
        )
        return Drawing(GRAPH, 0.0, 0.0, tuple(nodes), edges, quantities.stages, 1, 1)

    def _points(self, chain: Sequence[Knot]) -> tuple[Position, ...]:
        """Return where an edge leaves, where it passes each rank between, and where it arrives."""
        points: list[Position] = []
        for knot in chain:
            number = self._rank[knot]
            depth, aside = self.depths[number], self.places[knot]
            # Edges bend between ranks only: beside a narrow node there may be a wide one.
            deep = max(self._size(each)[0] for each in self.ranks.rows[number]) / 2
            half = self._size(knot)[0] / 2
            stops = {chain[0]: (half, deep), chain[-1]: (-deep, -half)}.get(knot, (-deep, deep))
            points += [self._turned(depth + stop, aside) for stop in stops]
        return tuple(dict.fromkeys(points))
