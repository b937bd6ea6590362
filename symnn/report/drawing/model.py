"""What a drawing is made of: quantities, texts, nodes and edges with coordinates in points, y growing downwards."""

from __future__ import annotations

from dataclasses import dataclass

Place = tuple[int, ...]
Position = tuple[float, float]

LABEL, SHAPE, FORWARD, BACKWARD, MORE = "label", "shape", "forward", "backward", "more"
"""The kinds of text: a name, a shape, a value, a gradient, and dots for what is left out."""

START, MIDDLE, END = "start", "middle", "end"
"""Which point of a text its x is."""

ACROSS, DOWN = "across", "down"
"""Which way the arrows of a graph lead."""

NETWORK, GRAPH = "network", "graph"
"""The kinds of drawing: columns of units, or a node for every tensor."""


@dataclass(frozen=True)
class Quantity:
    """A tensor, or one entry of it, with what is drawn of it as LaTeX.

    ``place`` counts from 0 and is empty for a whole tensor. ``forward`` and ``backward`` are the texts of the value and
    of the gradient, empty where there is none; they are known after the steps ``after`` and ``backward_after`` of the
    story, 0 for what is given.
    """

    tensor: str
    place: Place
    label: str
    forward: str
    backward: str
    after: int
    backward_after: int
    shape: str = ""


@dataclass(frozen=True)
class Box:
    """A rectangle by its sides."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Text:
    """A formula on its baseline; ``name`` is the quantity shown, known after the step ``after``; ``width`` is ample."""

    x: float
    y: float
    anchor: str
    latex: str
    kind: str
    size: float
    name: str
    place: Place
    after: int
    width: float

    @property
    def box(self) -> Box:
        """The rectangle that the text fills."""
        left = self.x - {START: 0.0, MIDDLE: self.width / 2, END: self.width}[self.anchor]
        return Box(left, self.y - self.size * ASCENT, left + self.width, self.y + self.size * DESCENT)


ASCENT, DESCENT = 0.8, 0.28
"""How far a text rises above its baseline and falls below it, in parts of its size."""


@dataclass(frozen=True)
class Node:
    """Something drawn at a place: ``role`` is *input*, *unit*, *bias*, *target*, *loss*, *tensor*, *parameter*, *dots*.

    ``x`` and ``y`` are its middle.
    """

    name: str
    role: str
    x: float
    y: float
    width: float
    height: float
    quantities: tuple[Quantity, ...] = ()
    texts: tuple[Text, ...] = ()

    @property
    def box(self) -> Box:
        """The rectangle that the node fills."""
        half, rise = self.width / 2, self.height / 2
        return Box(self.x - half, self.y - rise, self.x + half, self.y + rise)


@dataclass(frozen=True)
class Edge:
    """A line from node to node: ``role`` is *weight*, *bias*, *target*, *loss* or *read*.

    ``points`` are joined by straight lines, or by curves that are ``curved`` *across* or *down* the page. ``label`` is
    the rectangle that the texts stand in, on the colour of the page.
    """

    source: str
    target: str
    role: str
    points: tuple[Position, ...]
    quantity: Quantity | None = None
    texts: tuple[Text, ...] = ()
    label: Box | None = None
    curved: str = ""
    arrow: bool = False


@dataclass(frozen=True)
class LeftOut:
    """So many entries of a tensor that have no place in an abridged drawing; ``tensor`` as the program calls it."""

    tensor: str
    count: int


@dataclass(frozen=True)
class Drawing:
    """A network at one sample, with coordinates in points from the upper left corner.

    ``sample`` is the number of the one drawn, from 1, of ``samples``; a parameter's gradient is that of all of them.
    ``stages`` names the quantities in the order in which the story finds them: the first is known after step 1.
    ``frames`` stand around ``groups`` of units that share out one. ``left_out`` says what has no place.
    """

    kind: str
    width: float
    height: float
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    stages: tuple[str, ...]
    sample: int
    samples: int
    frames: tuple[Box, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()

    @property
    def abridged(self) -> bool:
        """Whether units have been left out."""
        return bool(self.left_out)

    @property
    def texts(self) -> tuple[Text, ...]:
        """Every text of the drawing."""
        parts: tuple[Node | Edge, ...] = (*self.nodes, *self.edges)
        return tuple(text for part in parts for text in part.texts)

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """Every quantity of the drawing, the weights last."""
        carried = tuple(edge.quantity for edge in self.edges if edge.quantity is not None)
        return (*(own for node in self.nodes for own in node.quantities), *carried)
