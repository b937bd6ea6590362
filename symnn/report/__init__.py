"""Worked solutions: a step tree and its numbers, put into words by templates, as LaTeX and as HTML."""

from symnn.report.audiences import AUDIENCES, DETAILS, Audience, Detail
from symnn.report.form import FRACTIONS, Form
from symnn.report.notations import NOTATIONS, Notation
from symnn.report.solution import FORMATS, report, report_files, write_report
from symnn.report.styles import STYLES, Style
from symnn.report.telling import Asked

__all__ = [
    "AUDIENCES",
    "DETAILS",
    "FORMATS",
    "FRACTIONS",
    "NOTATIONS",
    "STYLES",
    "Asked",
    "Audience",
    "Detail",
    "Form",
    "Notation",
    "Style",
    "report",
    "report_files",
    "write_report",
]
