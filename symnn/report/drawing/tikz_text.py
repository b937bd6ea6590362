r"""A drawing as TikZ: a picture without floats, scaled by nothing, whose texts are formulas of LaTeX."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from types import MappingProxyType

from symnn.report.drawing.lines import arrow_of, decimal, handles
from symnn.report.drawing.model import BACKWARD, FORWARD, Drawing, Edge, Node, Position, Text
from symnn.report.drawing.routes import Paths, is_on
from symnn.report.escape import set_in_math

PREAMBLE = r"""\usepackage{tikz}
\DeclareMathAlphabet{\symnnslanted}{OT1}{cmr}{m}{sl}
\DeclareMathSizes{7}{7}{6}{6}
\DeclareMathSizes{8}{8}{6}{6}
\definecolor{symnnforward}{HTML}{11702D}
\definecolor{symnnbackward}{HTML}{B3261E}
\definecolor{symnnpath}{HTML}{1D4ED8}
\tikzset{
  symnn/.style={x=1pt, y=-1pt, line width=0.5pt, line cap=round, line join=round},
  symnn text/.style={inner sep=0pt, outer sep=0pt, text depth=0pt},
  symnn name/.style={symnn text, font=\fontsize{8}{9}\selectfont},
  symnn number/.style={symnn text, font=\fontsize{7}{8}\selectfont},
  symnn forward/.style={symnn number, text=symnnforward},
  symnn backward/.style={symnn number, text=symnnbackward},
  symnn node/.style={draw, rounded corners=2.5pt},
  symnn loss/.style={draw, rounded corners=2.5pt, line width=1pt},
  symnn given/.style={draw, sharp corners},
  symnn aim/.style={draw, densely dotted, line width=0.7pt},
  symnn frame/.style={draw, dashed, rounded corners=4pt, line width=0.4pt},
  symnn edge/.style={draw, black!55},
  symnn thin/.style={draw, black!40, line width=0.25pt},
  symnn tip/.style={fill=black!55},
  symnn path/.style={draw=symnnpath, double=white, double distance=1.2pt, line width=0.9pt},
  symnn path tip/.style={fill=symnnpath},
  symnn path node/.style={draw=symnnpath, line width=1.8pt},
}
"""
"""What a document needs before its beginning; colours have a contrast of 5 and more on white."""

_STYLES: Mapping[str, str] = MappingProxyType(
    {
        "unit": "symnn node",
        "tensor": "symnn node",
        "loss": "symnn loss",
        "input": "symnn given",
        "parameter": "symnn given",
        "target": "symnn aim",
    }
)
_ANCHORS: Mapping[str, str] = MappingProxyType({"start": "base west", "middle": "base", "end": "base east"})


def tikz(drawing: Drawing, stage: int | None = None, highlight: Paths | None = None) -> str:
    """Return a drawing as a ``tikzpicture``; the document needs `PREAMBLE`.

    Only what is known after so many steps of the story is shown; 0 shows what is given, None everything. The paths
    given by ``highlight`` are drawn as double lines.
    """
    lines = [r"\begin{tikzpicture}[symnn]", *_body(drawing, stage, highlight), r"\end{tikzpicture}"]
    return "\n".join(lines) + "\n"


def _body(drawing: Drawing, stage: int | None, highlight: Paths | None) -> Iterator[str]:
    # What is not shown takes its room all the same, so that a drawing does not jump from stage to stage.
    yield rf"\path[use as bounding box] {_point((0, 0))} rectangle {_point((drawing.width, drawing.height))};"
    for box in drawing.frames:
        yield rf"\path[symnn frame] {_point((box.left, box.top))} rectangle {_point((box.right, box.bottom))};"
    # What is highlighted is drawn over what is not.
    for edge in sorted(drawing.edges, key=lambda edge: is_on(edge, highlight)):
        yield from _edge(edge, is_on(edge, highlight))
    for node in drawing.nodes:
        if node.role in _STYLES:
            yield from _node(node, highlight)
    for edge in drawing.edges:
        if edge.label is not None:
            box = edge.label
            yield rf"\path[fill=white] {_point((box.left, box.top))} rectangle {_point((box.right, box.bottom))};"
    for text in drawing.texts:
        if stage is None or text.after <= stage:
            yield _text(text)


def _node(node: Node, highlight: Paths | None) -> Iterator[str]:
    box = node.box
    on = ", symnn path node" if highlight is not None and node.name in highlight.nodes else ""
    corners = f"{_point((box.left, box.top))} rectangle {_point((box.right, box.bottom))}"
    yield rf"\path[{_STYLES[node.role]}{on}, fill=white] {corners};"


def _edge(edge: Edge, on: bool) -> Iterator[str]:
    style = "symnn path" if on else "symnn thin" if edge.role == "weight" and edge.label is None else "symnn edge"
    points = list(edge.points)
    tip: tuple[Position, ...] | None = None
    if edge.arrow:
        points[-1], tip = arrow_of(edge)
    yield rf"\path[{style}] {_joined(points, edge.curved)};"
    if tip is not None:
        yield rf"\path[{'symnn path tip' if on else 'symnn tip'}] {' -- '.join(map(_point, tip))} -- cycle;"


def _joined(points: list[Position], curved: str) -> str:
    text = _point(points[0])
    for one, other in pairwise(points):
        if curved:
            first, second = handles(one, other, curved)
            text += f" .. controls {_point(first)} and {_point(second)} .. {_point(other)}"
        else:
            text += f" -- {_point(other)}"
    return text


def _text(text: Text) -> str:
    style = {FORWARD: "symnn forward", BACKWARD: "symnn backward"}.get(text.kind)
    style = style or ("symnn name" if text.size > 7 else "symnn number")
    position = f"anchor={_ANCHORS[text.anchor]}] at {_point((text.x, text.y))}"
    return rf"\node[{style}, {position} {{${set_in_math(text.latex)}$}};"


def _point(position: tuple[float, float]) -> str:
    return f"({decimal(position[0])},{decimal(position[1])})"
