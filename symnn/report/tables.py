"""Tables of LaTeX that fit the line, by an estimate of how wide their cells are set."""

from __future__ import annotations

import re
from collections.abc import Sequence

from symnn.report.rows import FULL, width_of_latex

BETWEEN = 2.0
"""How many digits wide the space between two columns is."""
LISTED = 0.42
"""The part of a line that a list in a cell takes at most; the templates break it there."""

_LIST = re.compile(r"\\symnnlist\b")
_FORMULA = re.compile(r"\$|\\symnnwide\b")
# In a formula no command, and a sign that has no glyph is longer than this by itself.
_LONG_NAME = re.compile(r"(?<![\\A-Za-z0-9])(?:\\_|\\text\{|[A-Za-z0-9[\]+]){8}")
# What sets no type itself, and a strut, whose lengths are no text.
_SETTING = re.compile(r"\\rule\[[^\]]*\]\{[^}]*\}\{[^}]*\}|\\(?:symnn\w+|displaystyle|scriptstyle)|\$")


def is_wide_table(head: Sequence[object], rows: Sequence[Sequence[object]]) -> bool:
    r"""Return whether a table of such cells may stick out of the line, because its formulas have long names.

    Numbers are cut to fit where they are printed; names are as long as those who gave them wanted.

    >>> is_wide_table(["x", "y"], [["$1$", "$2$"]])
    False
    >>> is_wide_table(["x", "y"], [[r"$\mathrm{" + "n" * 40 + "}$"] * 2])
    True
    """
    cells = [[str(cell) for cell in row] for row in (head, *rows)]
    if not any(_LONG_NAME.search(cell) for row in cells for cell in row if _FORMULA.search(cell)):
        return False
    return sum(max(map(_width, column)) + BETWEEN for column in zip(*cells, strict=True)) > FULL


def _width(cell: str) -> float:
    width = width_of_latex(_SETTING.sub(" ", cell))
    return min(width, LISTED * FULL) if _LIST.match(cell) else width
