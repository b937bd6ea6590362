"""A drawing put at the upper left corner of a page of a given width."""

from __future__ import annotations

from dataclasses import replace

from symnn.report.drawing.model import Box, Drawing, Edge, Node, Text

DECIMALS = 3
"""Coordinates have so many decimals, so that they are the same on every machine."""
EDGE = 3.0
"""Room around a drawing, in points."""


def at_corner(drawing: Drawing) -> Drawing:
    """Return a drawing moved so that it begins at 0, with its width and its height."""
    boxes = [node.box for node in drawing.nodes] + [edge.label for edge in drawing.edges if edge.label is not None]
    boxes += list(drawing.frames)
    boxes += [Box(*point, *point) for edge in drawing.edges for point in edge.points]
    left, top = min(box.left for box in boxes) - EDGE, min(box.top for box in boxes) - EDGE
    right, bottom = max(box.right for box in boxes) + EDGE, max(box.bottom for box in boxes) + EDGE
    return replace(
        drawing,
        width=_rounded(right - left),
        height=_rounded(bottom - top),
        nodes=tuple(_node(node, -left, -top) for node in drawing.nodes),
        edges=tuple(_edge(edge, -left, -top) for edge in drawing.edges),
        frames=tuple(_box(box, -left, -top) for box in drawing.frames),
    )


def _box(box: Box, x: float, y: float) -> Box:
    return Box(*map(_rounded, (box.left + x, box.top + y, box.right + x, box.bottom + y)))


def _node(node: Node, x: float, y: float) -> Node:
    return replace(node, x=_rounded(node.x + x), y=_rounded(node.y + y), texts=_texts(node.texts, x, y))


def _edge(edge: Edge, x: float, y: float) -> Edge:
    return replace(
        edge,
        points=tuple((_rounded(across + x), _rounded(down + y)) for across, down in edge.points),
        texts=_texts(edge.texts, x, y),
        label=_box(edge.label, x, y) if edge.label is not None else None,
    )


def _texts(texts: tuple[Text, ...], x: float, y: float) -> tuple[Text, ...]:
    return tuple(replace(text, x=_rounded(text.x + x), y=_rounded(text.y + y)) for text in texts)


def _rounded(value: float) -> float:
    return round(value, DECIMALS)
