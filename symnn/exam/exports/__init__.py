"""Exports of a problem set to where courses live, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from symnn.exam.exports.moodle_files import moodle
from symnn.exam.exports.nbgrader_files import nbgrader
from symnn.exam.exports.prairielearn_files import prairielearn
from symnn.exam.exports.qti_files import qti
from symnn.exam.model import ProblemSet, Variant


@dataclass(frozen=True)
class Export:
    """One format: its name, what it is in a few words, and what makes its files, by their paths, from variants.

    Paths are relative, with forward slashes. The same set and variants give the same bytes.
    """

    name: str
    says: str
    write: Callable[[ProblemSet, Sequence[Variant]], dict[str, bytes]]


_ROWS = (
    Export("moodle", "a question bank in Moodle XML: numerical and cloze questions, a category for each", moodle),
    Export("qti", "a quiz for every variant, in plain text that text2qti makes QTI of for Canvas", qti),
    Export("prairielearn", "a PrairieLearn question for every problem, which draws a variant", prairielearn),
    Export("nbgrader", "an nbgrader assignment with the questions that ask for code", nbgrader),
)
EXPORTS: Mapping[str, Export] = MappingProxyType({row.name: row for row in _ROWS})
"""The formats, by name."""

__all__ = ["EXPORTS", "Export"]
