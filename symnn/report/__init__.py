"""Worked solutions: a step tree and its numbers, put into words by templates, as LaTeX and as HTML."""

from symnn.report.solution import FORMATS, report, write_report

__all__ = ["FORMATS", "report", "write_report"]
