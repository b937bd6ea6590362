"""Who a worked solution is for and how much it tells, a row each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from symnn.errors import unknown


@dataclass(frozen=True)
class Audience:
    """Who reads: the template that speaks to them.

    With ``blank`` every number that is to be found is left out before anything is printed. ``latex`` is the folder of
    the blocks that LaTeX is set with. ``leaves_out`` names parts that this audience is not shown in any detail. With
    ``marked`` the points are shown, and wrong answers.
    """

    name: str
    says: str
    template: str
    blank: bool = False
    latex: str = "latex"
    leaves_out: frozenset[str] = frozenset()
    marked: bool = False


@dataclass(frozen=True)
class Detail:
    """How much is told: the names of the parts that are shown."""

    name: str
    says: str
    parts: frozenset[str]


_BRIEF = frozenset({"published", "verification"})
_STANDARD = _BRIEF | {"steps", "numbers", "paths", "shapes", "derivatives", "pictures", "kernel", "code"}
_FULL = _STANDARD | {"entries", "activations", "provenance", "formulas"}
_ANSWERS = frozenset({"published", "verification", "derivatives", "activations", "pictures", "kernel", "code"})

# fmt: off
_AUDIENCES = (
    Audience("solution", "the worked solution", "solution.j2"),
    Audience("student", "questions with blanks and boxes, and no answer", "student.j2", True, leaves_out=_ANSWERS),
    Audience(
        "instructor", "the solution with points, and wrong answers with what each means", "instructor.j2", marked=True
    ),
    Audience("slides", "one step on each slide", "slides.j2", latex="beamer"),
)
_DETAILS = (
    Detail("brief", "formulas and results", _BRIEF),
    Detail("standard", "every step with its law, in symbols and in numbers", _STANDARD),
    Detail("full", "also entry by entry, and where every quantity comes from", _FULL),
)
# fmt: on

# The audiences, by name.
AUDIENCES: Mapping[str, Audience] = MappingProxyType({row.name: row for row in _AUDIENCES})
# The details, by name.
DETAILS: Mapping[str, Detail] = MappingProxyType({row.name: row for row in _DETAILS})
SOLUTION, STANDARD = "solution", "standard"
"""What a report is for where nothing else is asked for, and in which detail."""


def audience_of(name: str) -> Audience:
    """Return an audience by name; raise `InputError` for one that is not in the table.

    >>> audience_of("student").blank
    True
    """
    if name not in AUDIENCES:
        raise unknown("audience", name, AUDIENCES)
    return AUDIENCES[name]


def detail_of(name: str) -> Detail:
    """Return a detail by name; raise `InputError` for one that is not in the table.

    >>> sorted(detail_of("brief").parts)
    ['published', 'verification']
    """
    if name not in DETAILS:
        raise unknown("detail", name, DETAILS)
    return DETAILS[name]
