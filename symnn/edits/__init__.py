"""Small edits of a person's own code: found by tables of rows, tried in the code that runs, and told by line."""

from symnn.edits.edit import Edit, all_applied
from symnn.edits.functions import Function, functions_run, installed, objects_of
from symnn.edits.scope import Scope
from symnn.edits.source import Source
from symnn.edits.table import EDITS, MEANINGS, OF_TERMS, Row, edits_of
from symnn.edits.telling import difference, lines_changed, tidied

__all__ = [
    "EDITS",
    "MEANINGS",
    "OF_TERMS",
    "Edit",
    "Function",
    "Row",
    "Scope",
    "Source",
    "all_applied",
    "difference",
    "edits_of",
    "functions_run",
    "installed",
    "lines_changed",
    "objects_of",
    "tidied",
]
