"""Numbers and arrays as LaTeX: exact ones as they are, others rounded to a few decimals and said to be."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from symnn.errors import UndecidedError
from symnn.library import rounded
from symnn.scalars import EXACT, Ball, Exact

DECIMALS = 4
LARGEST_DENOMINATOR = 999
SHOWN = 8
"""Rows and columns of a matrix beyond which its middle is left out."""


def number(value: Any, decimals: int = DECIMALS) -> tuple[str, bool]:
    """Return a number as LaTeX and whether that is its exact value.

    >>> number(Exact("1/8")), number(Exact("1/3")), number(Exact("123/100000"))
    (('0.125', True), ('\\\\tfrac{1}{3}', True), ('0.00123', True))
    """
    value = EXACT.lift(value) if isinstance(value, int) else value
    if isinstance(value, Exact):
        exact = Fraction(int(value.value.p), int(value.value.q))
        if _terminates(exact, decimals + 2):
            return _decimal(exact, _places(exact)), True
        if exact.denominator <= LARGEST_DENOMINATOR:
            sign = "-" if exact < 0 else ""
            return rf"{sign}\tfrac{{{abs(exact.numerator)}}}{{{exact.denominator}}}", True
    return _rounded(value, decimals), False


def _rounded(value: Exact | Ball, decimals: int) -> str:
    """Return the number with fixed decimals, or with three digits and a power of ten if that would show too few."""
    try:
        fixed = rounded(value, decimals)
    except UndecidedError:
        # The ball lies about the middle between two decimals; one place more shows where.
        return _rounded(value, decimals + 1)
    if abs(fixed) * 10**decimals >= 10 or bool(value == 0):
        return _decimal(fixed, decimals)
    places = decimals
    while abs(rounded(value, places)) * 10**places < 100:
        places += 1
    digits = int(abs(rounded(value, places)) * 10**places)
    sign = "-" if rounded(value, places) < 0 else ""
    return rf"{sign}{digits // 100}.{digits % 100:02d} \cdot 10^{{{2 - places}}}"


def array_latex(value: Any, decimals: int = DECIMALS) -> tuple[str, bool]:
    """Return an array as a LaTeX matrix (a row if it has one axis) and whether every entry is exact.

    >>> import numpy as np
    >>> from symnn.scalars import array
    >>> array_latex(array([["1/2", 3]], EXACT))[0]
    '\\\\begin{bmatrix} 0.5 & 3 \\\\end{bmatrix}'
    """
    if not isinstance(value, np.ndarray):
        return number(value, decimals)
    rows = np.atleast_2d(value)
    texts = [[number(entry, decimals) for entry in row] for row in rows]
    exact = all(is_exact for row in texts for _, is_exact in row)
    cells = [[text for text, _ in row] for row in texts]
    body = r" \\ ".join(" & ".join(row) for row in _elided(cells))
    return rf"\begin{{bmatrix}} {body} \end{{bmatrix}}", exact


def width_of(value: Any, decimals: int = DECIMALS) -> int:
    """Return about how many characters wide an array is when printed."""
    if not isinstance(value, np.ndarray):
        return len(number(value, decimals)[0])
    columns = min(np.atleast_2d(value).shape[1], SHOWN)
    return int(columns) * (decimals + 5) + 2


def _elided(cells: list[list[str]]) -> list[list[str]]:
    half = SHOWN // 2
    if cells and len(cells[0]) > SHOWN:
        cells = [[*row[:half], r"\cdots", *row[-half:]] for row in cells]
    if len(cells) > SHOWN:
        cells = [*cells[:half], [r"\vdots"] * len(cells[0]), *cells[-half:]]
    return cells


def _places(exact: Fraction) -> int:
    places = 0
    while (exact * 10**places).denominator != 1:
        places += 1
    return places


def _terminates(exact: Fraction, places: int) -> bool:
    return bool((exact * 10**places).denominator == 1)


def _decimal(exact: Fraction, places: int) -> str:
    digits = str(int(abs(exact) * 10**places)).rjust(places + 1, "0")
    sign = "-" if exact < 0 else ""
    whole, part = digits[: len(digits) - places], digits[len(digits) - places :]
    return f"{sign}{whole}.{part}" if part else f"{sign}{whole}"
