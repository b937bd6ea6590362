"""The network of a derivation drawn from one layout: as TikZ for LaTeX, as inline SVG for a page."""

from symnn.report.drawing.arrangement import PAGE, layout
from symnn.report.drawing.model import Drawing
from symnn.report.drawing.routes import Paths, paths, spreads
from symnn.report.drawing.svg_text import spoken, svg
from symnn.report.drawing.tikz_text import PREAMBLE, tikz

__all__ = ["PAGE", "PREAMBLE", "Drawing", "Paths", "layout", "paths", "spoken", "spreads", "svg", "tikz"]
