"""Drawings of the derivations of the folder and of networks of any size, made once."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from functools import cache
from itertools import combinations, pairwise

from symnn.library import load, names, work
from symnn.network import Dense, Network
from symnn.report import NOTATIONS
from symnn.report.drawing import layout
from symnn.report.drawing.lines import handles
from symnn.report.story import Teller
from tests.report.examples import example

FOLDER = names()
LOOKED_AT = ("or-gate", "two-three-two", "two-three-one", "softmax-cross-entropy", "four-three-two-one")
"""The derivations whose drawings a person looked at."""
LARGE = {
    "wide": Network(inputs=40, layers=[Dense(30, "relu"), Dense(10, "softmax")], loss="categorical-cross-entropy"),
    "deep": Network(inputs=3, layers=[Dense(4, "tanh")] * 8 + [Dense(2)], loss="half-squared-error"),
    "deeper": Network(inputs=3, layers=[Dense(2, "tanh")] * 24, loss="half-squared-error"),
    "six by four by six": Network(
        inputs=6, layers=[Dense(4, "tanh"), Dense(6, "sigmoid")], loss="half-squared-error", layout="samples-first"
    ),
}
"""Networks of which a page has no room for everything."""


@cache
def teller(name, notation=None):
    given = example(LARGE[name], samples=2) if name in LARGE else load(name)
    passes = work(given.derivation, given.point)
    written = NOTATIONS[notation or (None if name in LARGE else given.notation) or "default"]
    return Teller(given.derivation, passes, "1", written)


@cache
def drawing(name, notation=None):
    return layout(teller(name, notation))


def overlaps(drawn):
    """Pairs of texts that meet, and texts of edges that meet a node."""
    texts = [(one.latex, one.box) for one in drawn.texts]
    nodes = [(node.name, node.box) for node in drawn.nodes]
    labels = [(f"label {edge.source} {edge.target}", edge.label) for edge in drawn.edges if edge.label is not None]
    among = [(one[0], other[0]) for one, other in combinations(texts, 2) if _meet(one[1], other[1])]
    return among + [(one[0], other[0]) for one, other in combinations(nodes + labels, 2) if _meet(one[1], other[1])]


def _meet(one, other):
    return one.left < other.right and other.left < one.right and one.top < other.bottom and other.top < one.bottom


def run_through(drawn):
    """Edges that run through a node that they do not join."""
    found = []
    for edge in drawn.edges:
        points = [spot for one, other in pairwise(edge.points) for spot in _spots(one, other, edge.curved)]
        for node in drawn.nodes:
            box = node.box
            inside = any(box.left < x < box.right and box.top < y < box.bottom for x, y in points)
            if inside and node.name not in {edge.source, edge.target}:
                found.append((edge.source, edge.target, node.name))
    return found


def _spots(one, other, curved):
    """Points along a line or a curve."""
    first, second = handles(one, other, curved) if curved else (one, other)
    for t in (step / 20 for step in range(21)):
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
        yield tuple(
            sum(weight * point[axis] for weight, point in zip(weights, (one, first, second, other), strict=True))
            for axis in (0, 1)
        )


def outside(drawn):
    """Texts that stand out of the drawing, or out of their node."""
    found = [
        one.latex
        for one in drawn.texts
        if one.box.left < 0 or one.box.top < 0 or one.box.right > drawn.width or one.box.bottom > drawn.height
    ]
    return found + [
        one.latex
        for node in drawn.nodes
        for one in node.texts
        if node.role != "dots" and (one.box.left < node.box.left - 0.01 or one.box.right > node.box.right + 0.01)
    ]


def parsed(markup):
    """The tree of a drawing in SVG."""
    return ElementTree.fromstring(str(markup))  # noqa: S314 -- our own
