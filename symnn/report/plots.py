"""Exhibits drawn with matplotlib: as SVG inside a page, and as PDF beside a LaTeX file, the same bytes every time."""

from __future__ import annotations

import re
from bisect import bisect
from functools import cache, singledispatch
from io import BytesIO
from itertools import accumulate
from typing import Any

import matplotlib as mpl
import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont, get_font

from symnn.library import Curve, Curves, Exhibit, Separation, Surface
from symnn.report.escape import visible

SIZE = (5.6, 3.5)
"""Width and height of a plot in inches."""
_LABEL = 34
"""Characters of a label that a plot has room for; the caption holds the rest."""
# What tells curves apart without colour comes first; the colours are those that most eyes tell apart.
_STYLES = ("-", "--", ":", "-.")
_COLOURS = ("#0b5394", "#c2410c", "#3f7d20", "#7b2d8b")
_MARKERS = ("o", "s")
_MARK_SIZES = (6.5, 3.5)
_SETTINGS: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "svg.fonttype": "none",
    "pdf.fonttype": 42,
    "figure.facecolor": "white",
    "axes.grid": True,
    "grid.color": "#e3e3e3",
}
_PROLOGUE = re.compile(r"^.*?(?=<svg)", re.DOTALL)
# Where an id is given or referred to: several plots stand on one page.
_ID = re.compile(r'((?<=\s)id="|href="#|url\(#)([^")]+)')
# An id that matplotlib makes of coordinates, whose last bit is another on another processor.
_HASHED = re.compile(r"([a-z])[0-9a-f]{10}")
_METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)


def svg(exhibit: Exhibit, salt: str) -> Markup:
    """Return an exhibit as an SVG element that says its caption to a screen reader; ``salt`` keeps its ids apart."""
    with mpl.rc_context({**_SETTINGS, "svg.hashsalt": salt}):
        text = _saved(exhibit, "svg", {"Date": None}).decode("utf-8")
    inside = _renamed(_METADATA.sub("", _PROLOGUE.sub("", text)), salt)
    label = Markup('<svg role="img" aria-label="{}"').format(visible(exhibit.caption))
    return label + Markup(inside.removeprefix("<svg").rstrip())  # noqa: S704 -- matplotlib escapes what it is given


def _renamed(text: str, salt: str) -> str:
    """Return an SVG with its ids kept apart from others' by ``salt``, and those made of coordinates counted instead."""
    counted: dict[str, str] = {}

    def renamed(found: re.Match[str]) -> str:
        before, name = found.groups()
        if hashed := _HASHED.fullmatch(name):
            name = counted.setdefault(name, f"{hashed[1]}{len(counted) + 1}")
        return f"{before}{salt}-{name}"

    return _ID.sub(renamed, text)


def pdf(exhibit: Exhibit) -> bytes:
    """Return an exhibit as a PDF document of one page."""
    with mpl.rc_context(_SETTINGS):
        return _saved(exhibit, "pdf", {"CreationDate": None, "Producer": None, "Creator": None})


def _saved(exhibit: Exhibit, kind: str, metadata: dict[str, None]) -> bytes:
    figure = Figure(figsize=SIZE, layout="constrained")
    axes = figure.add_subplot()
    _draw(exhibit, axes)
    file = BytesIO()
    figure.savefig(file, format=kind, metadata=metadata)
    return file.getvalue()


@singledispatch
def _draw(exhibit: object, axes: Axes) -> None:
    raise TypeError(f"there is no way to draw a {type(exhibit).__name__}")


@_draw.register
def _curves(exhibit: Curves, axes: Axes) -> None:
    for number, curve in enumerate(exhibit.curves):
        style, colour = _STYLES[number % len(_STYLES)], _COLOURS[number % len(_COLOURS)]
        x, y = _interrupted(curve)
        axes.plot(x, y, style, color=colour, label=_plain(curve.label))
        if curve.marks:
            # Where two curves have a mark in common, both are seen.
            size = _MARK_SIZES[number % len(_MARK_SIZES)]
            axes.plot(*zip(*curve.marks, strict=True), "o", color=colour, markersize=size)
    if exhibit.logarithmic:
        axes.set_yscale("log")
    _labelled(axes, exhibit.x_label, exhibit.y_label, legend=len(exhibit.curves) > 1)


def _interrupted(curve: Curve) -> tuple[list[float], list[float]]:
    """Return the points of a curve with a gap, which is a NaN, at each of its jumps."""
    points = sorted([*zip(curve.x, curve.y, strict=True), *((jump, float("nan")) for jump in curve.jumps)], key=_first)
    return [x for x, _ in points], [y for _, y in points]


def _first(point: tuple[float, float]) -> float:
    return point[0]


@_draw.register
def _surface(exhibit: Surface, axes: Axes) -> None:
    drawn = axes.contour(exhibit.x, exhibit.y, exhibit.heights, levels=14, cmap="viridis", linewidths=0.9)
    axes.clabel(drawn, fontsize=6, fmt="%.2g")
    for (x, y), (to_x, to_y) in zip(exhibit.steps, exhibit.steps[1:], strict=False):
        arrow = {"arrowstyle": "-|>", "color": _COLOURS[1], "lw": 1.6, "shrinkA": 0, "shrinkB": 0}
        axes.annotate("", (to_x, to_y), (x, y), arrowprops=arrow)
    if exhibit.steps:
        axes.plot(*exhibit.steps[0], "o", color=_COLOURS[1], markersize=4)
    _labelled(axes, exhibit.x_label, exhibit.y_label, legend=False)


@_draw.register
def _separation(exhibit: Separation, axes: Axes) -> None:
    points, classes = np.array(exhibit.points, dtype=float), np.array(exhibit.classes)
    for which in (0, 1):
        chosen = points[classes == which]
        if len(chosen):
            axes.plot(*chosen.T, _MARKERS[which], color=_COLOURS[which], label=f"class {which}", zorder=3)
    low, high = points.min(axis=0), points.max(axis=0)
    margin = 0.25 * np.maximum(high - low, 1e-9)
    axes.set_xlim(low[0] - margin[0], high[0] + margin[0])
    axes.set_ylim(low[1] - margin[1], high[1] + margin[1])
    for number, line in enumerate(exhibit.lines):
        ends = _across(line.weights, line.bias, axes)
        if ends is not None:
            style = _STYLES[(number + 1) % len(_STYLES)] if len(exhibit.lines) > 1 else "-"
            axes.plot(*ends, style, color="#444444", label=_plain(line.label), linewidth=1.2)
    _labelled(axes, exhibit.x_label, exhibit.y_label, legend=True, beside=True)


def _across(
    weights: tuple[float, float], bias: float, axes: Axes
) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """Return the x and the y of two points of a line, as far apart as the axes reach; None for what is no line."""
    w, v = weights
    if w == v == 0:
        return None
    if abs(v) >= abs(w):
        x = axes.get_xlim()
        return x, (-(w * x[0] + bias) / v, -(w * x[1] + bias) / v)
    y = axes.get_ylim()
    return (-(v * y[0] + bias) / w, -(v * y[1] + bias) / w), y


def _labelled(axes: Axes, x_label: str, y_label: str, *, legend: bool, beside: bool = False) -> None:
    axes.set_xlabel(_plain(x_label))
    axes.set_ylabel(_plain(y_label))
    if legend:
        # Points lie anywhere; a legend among them would hide some.
        place: dict[str, Any] = {"loc": "upper left", "bbox_to_anchor": (1.0, 1.0)} if beside else {}
        axes.legend(frameon=False, fontsize=8, **place)


def _plain(text: str) -> str:
    """Return text that matplotlib takes as it is, in a line, with codes for what its font lacks, cut where it is long.

    A dollar sign would begin its mathematics, and a label that begins with an underscore is left out of the legend.
    """
    signs = [char if ord(char) in _glyphs() else f"[U+{ord(char):04X}]" for char in visible(" ".join(text.split()))]
    ends = list(accumulate(map(len, signs)))
    shown = "".join(signs) if not ends or ends[-1] <= _LABEL else "".join(signs[: bisect(ends, _LABEL - 2)]) + " …"
    return shown.replace("$", r"\$").replace("_", " _", shown.startswith("_"))


@cache
def _glyphs() -> frozenset[int]:
    return frozenset(get_font(findfont(_SETTINGS["font.family"])).get_charmap())
