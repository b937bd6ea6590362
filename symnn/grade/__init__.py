"""Marking: answers read from files, held against a variant, with the mistake named and errors carried forward."""

from symnn.grade.keys import Keys, find_keys
from symnn.grade.marked import Asked, Common, Marked, mark_answers, mark_by
from symnn.grade.marking import Marker
from symnn.grade.marks import Given, Mark, Named, Outcome, Sheet
from symnn.grade.rows import AnswerFile, Listed, Row, parse_answers, read_answers

__all__ = [
    "AnswerFile",
    "Asked",
    "Common",
    "Given",
    "Keys",
    "Listed",
    "Mark",
    "Marked",
    "Marker",
    "Named",
    "Outcome",
    "Row",
    "Sheet",
    "find_keys",
    "mark_answers",
    "mark_by",
    "parse_answers",
    "read_answers",
]
