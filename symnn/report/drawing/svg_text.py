"""A drawing as inline SVG: text of the page, coloured by its style sheet, for eyes, keyboards and screen readers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from markupsafe import Markup

from symnn.report.drawing.formula import plain
from symnn.report.drawing.lines import arrow_of, decimal, handles
from symnn.report.drawing.model import BACKWARD, END, MIDDLE, Drawing, Edge, Node, Position, Quantity, Text
from symnn.report.drawing.routes import Paths, is_on
from symnn.report.drawing.typeset import typeset
from symnn.report.escape import visible

BACK = "\u2190"
"""Stands before a gradient."""


def spoken(quantity: Quantity) -> str:
    """Return a quantity's name, value and gradient as plain text.

    >>> spoken(Quantity("X", (0, 0), "x_{1}", "0.5", "-0.1", 0, 3))
    'x_1 = 0.5, ← −0.1'
    """
    text = plain(quantity.label)
    text += f" = {plain(quantity.forward)}" if quantity.forward else ""
    return text + (f", {BACK} {plain(quantity.backward)}" if quantity.backward else "")


def svg(
    drawing: Drawing,
    stage: int | None = None,
    highlight: Paths | None = None,
    *,
    prefix: str,
    title: str,
    interactive: bool = False,
    width: float = 0.0,
) -> Markup:
    """Return a drawing as an ``svg`` element, its ids beginning with ``prefix``, named by ``title``.

    ``stage`` and ``highlight`` are as for `tikz`; what is not known yet is left out, or if ``interactive`` there with
    the class ``later``. An interactive drawing links every unit to ``#about-`` + its tensor, labelled by what
    `spoken` says of it, and says of each text which quantity it shows (``data-quantity``, ``data-place``) and after
    which step that is known (``data-after``); its units and edges are named (``data-node``, ``data-source``,
    ``data-target``). The view box is at least ``width`` wide, so that drawings in one page are of one scale.
    """
    page = _Page(stage, highlight, prefix, interactive)
    return Markup("").join(page.lines(drawing, title, max(width, drawing.width)))


class _Page:
    """The elements of a drawing, line by line."""

    def __init__(self, stage: int | None, highlight: Paths | None, prefix: str, interactive: bool) -> None:
        self.stage, self.highlight, self.prefix, self.interactive = stage, highlight, prefix, interactive

    def lines(self, drawing: Drawing, title: str, width: float) -> Iterator[Markup]:
        left = (drawing.width - width) / 2
        yield Markup(
            '<svg class="drawing" xmlns="http://www.w3.org/2000/svg" viewBox="{} 0 {} {}" role="{}"'
            ' aria-labelledby="{}-title">\n'
            '<title id="{}-title">{}</title>\n'
        ).format(
            decimal(left),
            decimal(width),
            decimal(drawing.height),
            "group" if self.interactive else "img",
            self.prefix,
            self.prefix,
            visible(title),
        )
        for box in drawing.frames:
            yield _rectangle("frame", box.left, box.top, box.right - box.left, box.bottom - box.top, 4)
        for edge in sorted(drawing.edges, key=lambda edge: is_on(edge, self.highlight)):
            yield from self._edge(edge)
        for edge in drawing.edges:
            if edge.label is not None:
                yield from self._label(edge)
        for node in drawing.nodes:
            yield from self._node(node)
        yield Markup("</svg>\n")

    def _edge(self, edge: Edge) -> Iterator[Markup]:
        on = is_on(edge, self.highlight)
        points = list(edge.points)
        tip: Sequence[Position] = ()
        if edge.arrow:
            points[-1], tip = arrow_of(edge)
        data = self._data(edge.quantity) if edge.quantity is not None else Markup("")
        if self.interactive:
            data += Markup(' data-source="{}" data-target="{}"').format(edge.source, edge.target)
        thin = " thin" if edge.role == "weight" and edge.label is None else ""
        yield Markup('<path class="edge{}{}" d="{}"{}/>\n').format(
            thin, " path" if on else "", _joined(points, edge.curved), data
        )
        if on:
            # A second line inside the first makes it double.
            yield Markup('<path class="inside" d="{}"/>\n').format(_joined(points, edge.curved))
        if tip:
            corners = " ".join(f"{decimal(x)},{decimal(y)}" for x, y in tip)
            yield Markup('<polygon class="tip{}" points="{}"/>\n').format(" path" if on else "", corners)

    def _label(self, edge: Edge) -> Iterator[Markup]:
        box = edge.label
        if box is None or edge.quantity is None:
            return
        yield Markup('<g class="label"{}>').format(self._data(edge.quantity))
        yield _rectangle("ground", box.left, box.top, box.right - box.left, box.bottom - box.top, 0)
        for text in edge.texts:
            yield from self._text(text)
        yield Markup("</g>\n")

    def _node(self, node: Node) -> Iterator[Markup]:
        on = self.highlight is not None and node.name in self.highlight.nodes
        own_name = Markup(' data-node="{}"').format(node.name) if self.interactive else Markup("")
        yield Markup('<g class="node {}{}"{}>').format(node.role, " path" if on else "", own_name)
        box = node.box
        if node.role not in {"dots", "bias"}:
            yield _rectangle(
                "body",
                box.left,
                box.top,
                node.width,
                node.height,
                0 if node.role in {"input", "parameter", "target"} else 2.5,
            )
        loose = [text for text in node.texts if not text.name]
        for text in loose:
            yield from self._text(text)
        for own in node.quantities:
            texts = [text for text in node.texts if _shows(text, own)]
            yield from self._unit(own, texts, node)
        yield Markup("</g>\n")

    def _unit(self, quantity: Quantity, texts: Sequence[Text], node: Node) -> Iterator[Markup]:
        """Draw one quantity of a node; in an interactive drawing it is a link."""
        if self.interactive:
            yield Markup('<a href="#about-{}" aria-label="{}"{}>').format(
                quantity.tensor, spoken(quantity), self._data(quantity)
            )
            boxes = [text.box for text in texts]
            if boxes:
                # Something to point at and to show the focus on.
                top, bottom = min(box.top for box in boxes), max(box.bottom for box in boxes)
                yield _rectangle("hit", node.box.left + 1, top - 1, node.width - 2, bottom - top + 2, 2)
        else:
            yield Markup("<g{}>").format(self._data(quantity))
        for text in texts:
            yield from self._text(text)
        yield Markup("</a>") if self.interactive else Markup("</g>")

    def _data(self, quantity: Quantity) -> Markup:
        place = ",".join(map(str, quantity.place))
        return Markup(' data-quantity="{}" data-place="{}"').format(quantity.tensor, place)

    def _text(self, text: Text) -> Iterator[Markup]:
        later = self.stage is not None and text.after > self.stage
        if later and not self.interactive:
            return
        shown = typeset(text.latex, text.size, slanted=text.kind == BACKWARD)
        left = text.x - {MIDDLE: shown.width / 2, END: shown.width}.get(text.anchor, 0.0)
        data = Markup("")
        if self.interactive and text.name:
            data = Markup(' data-after="{}" data-quantity="{}"').format(text.after, text.name)
        yield Markup('<g class="{}{}"{}>').format(text.kind, " later" if later else "", data)
        for run in shown.runs:
            style = " ".join(name for name, has in (("slanted", run.slanted), ("bold", run.bold)) if has)
            # A reader's own font may be wider; every run keeps its place.
            yield Markup(
                '<text x="{}" y="{}" font-size="{}"{} textLength="{}" lengthAdjust="spacingAndGlyphs">{}</text>'
            ).format(
                decimal(left + run.x),
                decimal(text.y + run.y),
                decimal(run.size),
                Markup(' class="{}"').format(style) if style else "",
                decimal(run.width),
                run.text,
            )
        for rule in shown.rules:
            yield Markup('<path class="rule" d="M{} {}h{}"/>').format(
                decimal(left + rule.x), decimal(text.y + rule.y), decimal(rule.width)
            )
        yield Markup("</g>")


def _shows(text: Text, quantity: Quantity) -> bool:
    return text.place == quantity.place and text.name in {quantity.tensor, f"d{quantity.tensor}"}


def _rectangle(kind: str, x: float, y: float, width: float, height: float, radius: float) -> Markup:
    return Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="{}"/>').format(
        kind, *map(decimal, (x, y, width, height, radius))
    )


def _joined(points: Sequence[Position], curved: str) -> str:
    text = f"M{_pair(points[0])}"
    for one, other in pairwise(points):
        if curved:
            first, second = handles(one, other, curved)
            text += f"C{_pair(first)} {_pair(second)} {_pair(other)}"
        else:
            text += f"L{_pair(other)}"
    return text


def _pair(position: Position) -> str:
    return f"{decimal(position[0])} {decimal(position[1])}"
