"""The library of worked derivations: their points, their published figures, and the folder they live in."""

from symnn.library.checking import Findings, check
from symnn.library.computed import computed_after
from symnn.library.described import read_described
from symnn.library.example import Example
from symnn.library.exhibits import Curve, Curves, Exhibit, Line, Separation, Surface
from symnn.library.figures import RELATIONS, Account, Figure, account, decimals_of
from symnn.library.loading import example_of, folder, import_file, load, names, read
from symnn.library.point import Point
from symnn.library.quantities import COUNT, Quantity, amount, quantity
from symnn.library.rounding import rounded, truncated
from symnn.library.row_curves import curves_of
from symnn.library.rubric import Points
from symnn.library.settings import SETTINGS
from symnn.library.worked import BITS, Pass, as_balls, value_of, work, work_after
from symnn.library.wrong_answers import Mistakes, WrongAnswer, for_array

__all__ = [
    "BITS",
    "COUNT",
    "RELATIONS",
    "SETTINGS",
    "Account",
    "Curve",
    "Curves",
    "Example",
    "Exhibit",
    "Figure",
    "Findings",
    "Line",
    "Mistakes",
    "Pass",
    "Point",
    "Points",
    "Quantity",
    "Separation",
    "Surface",
    "WrongAnswer",
    "account",
    "amount",
    "as_balls",
    "check",
    "computed_after",
    "curves_of",
    "decimals_of",
    "example_of",
    "folder",
    "for_array",
    "import_file",
    "load",
    "names",
    "quantity",
    "read",
    "read_described",
    "rounded",
    "truncated",
    "value_of",
    "work",
    "work_after",
]
