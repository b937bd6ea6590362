"""The paths from an entry to the loss, whose sum its gradient is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from symnn.errors import InputError
from symnn.report.drawing.model import NETWORK, Drawing, Edge, Place


@dataclass(frozen=True)
class Paths:
    """What lies on the paths from an entry to the loss: edges by their ends, nodes by name, and how many paths."""

    tensor: str
    place: Place
    edges: frozenset[tuple[str, str]]
    nodes: frozenset[str]
    count: int


def paths(drawing: Drawing, tensor: str, place: Place = ()) -> Paths:
    """Return what is drawn on the paths from an entry of a tensor to the loss; in a graph, from the whole tensor.

    Raises `InputError` for an entry that is not in the drawing.
    """
    return _Walk(drawing).paths(tensor, place if drawing.kind == NETWORK else ())


def spreads(drawing: Drawing) -> tuple[Paths, ...]:
    """Return, for each tensor with a gradient that adds up several paths, those from its entry that has most.

    They come in the order of the backward pass; of entries with equally many, it is the first.
    """
    walk = _Walk(drawing)
    found: dict[str, Paths] = {}
    for own in drawing.quantities:
        if own.backward_after:
            one = walk.paths(own.tensor, own.place)
            if one.count > 1 and (own.tensor not in found or one.count > found[own.tensor].count):
                found[own.tensor] = one
    after = {own.tensor: own.backward_after for own in drawing.quantities}
    return tuple(sorted(found.values(), key=lambda one: after[one.tensor]))


class _Walk:
    """The ways through a drawing, from any node forwards."""

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        self._counts: dict[str, int] = {}

    @cached_property
    def _behind(self) -> Mapping[str, tuple[Edge, ...]]:
        found: dict[str, list[Edge]] = {}
        for edge in self.drawing.edges:
            found.setdefault(edge.source, []).append(edge)
        return {name: tuple(edges) for name, edges in found.items()}

    @cached_property
    def _group(self) -> Mapping[str, tuple[str, ...]]:
        return {name: group for group in self.drawing.groups for name in group}

    def _next(self, name: str, *, shared: bool = True) -> tuple[Edge, ...]:
        """Return the edges that lead on from a node; its neighbours' too, if it shares out one with them."""
        names = self._group.get(name, (name,)) if shared else (name,)
        return tuple(edge for each in names for edge in self._behind.get(each, ()))

    def _count(self, name: str) -> int:
        if name not in self._counts:
            onward = self._next(name)
            loss = any(node.name == name and node.role == "loss" for node in self.drawing.nodes)
            self._counts[name] = 1 if loss else sum(self._count(edge.target) for edge in onward)
        return self._counts[name]

    def paths(self, tensor: str, place: Place) -> Paths:
        first, shared = self._start(tensor, place)
        edges: set[tuple[str, str]] = set()
        nodes: set[str] = set()
        if isinstance(first, Edge):
            edges.add((first.source, first.target))
            todo, count = [(first.target, True)], self._count(first.target)
        else:
            onward = self._next(first, shared=shared)
            todo = [(first, shared)]
            count = self._count(first) if shared or not onward else sum(self._count(edge.target) for edge in onward)
        while todo:
            name, together = todo.pop()
            if name in nodes:
                continue
            nodes.add(name)
            if together:
                nodes.update(self._group.get(name, ()))
            for edge in self._next(name, shared=together):
                edges.add((edge.source, edge.target))
                todo.append((edge.target, True))
        return Paths(tensor, place, frozenset(edges), frozenset(nodes), count)

    def _start(self, tensor: str, place: Place) -> tuple[str | Edge, bool]:
        """Return the node or the edge that an entry stands in, and whether it comes before what its group shares."""
        for node in self.drawing.nodes:
            for row, own in enumerate(node.quantities):
                if (own.tensor, own.place) == (tensor, place):
                    return node.name, row < len(node.quantities) - 1 or row == 0
        for edge in self.drawing.edges:
            if edge.quantity is not None and (edge.quantity.tensor, edge.quantity.place) == (tensor, place):
                return edge, True
        raise InputError(f"{tensor}{list(place)} is not in the drawing")


def is_on(edge: Edge, highlight: Paths | None) -> bool:
    """Tell whether an edge lies on the paths."""
    return highlight is not None and (edge.source, edge.target) in highlight.edges
