"""Worked solutions: a step tree and its numbers, put into words by templates, as LaTeX and as HTML."""

from symnn.report.notations import NOTATIONS, Notation
from symnn.report.solution import FORMATS, report, write_report
from symnn.report.styles import STYLES, Style

__all__ = ["FORMATS", "NOTATIONS", "STYLES", "Notation", "Style", "report", "write_report"]
