"""The library of worked derivations: their points, their published figures, and the folder they live in."""

from symnn.library.checking import Findings, check
from symnn.library.figures import RELATIONS, Account, Figure, account
from symnn.library.loading import Example, folder, import_file, load, names, read
from symnn.library.point import Point
from symnn.library.rounding import rounded, truncated
from symnn.library.worked import Pass, told_equations, work

__all__ = [
    "RELATIONS",
    "Account",
    "Example",
    "Figure",
    "Findings",
    "Pass",
    "Point",
    "account",
    "check",
    "folder",
    "import_file",
    "load",
    "names",
    "read",
    "rounded",
    "told_equations",
    "truncated",
    "work",
]
