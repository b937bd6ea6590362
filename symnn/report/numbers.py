"""Numbers and arrays as LaTeX: exact ones as they are, others rounded to a few decimals and said to be."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import numpy as np

from symnn.errors import UndecidedError
from symnn.library import rounded
from symnn.report.form import ALWAYS, BLANK_LATEX, BLANK_WIDTH, DEFAULT_FORM, SHORT, Blank, Form
from symnn.scalars import EXACT, Ball, Exact

MOST_DECIMALS = 40
LARGEST_DENOMINATOR = 999
LARGEST = 10**8
"""From here on a number is shown with a power of ten."""
SHOWN = 8
"""Rows and columns of a matrix beyond which its middle is left out."""
ENDS = 3
"""How many rows and columns are left of it then, at either end."""
ROOM = 68
"""About how many digits wide a matrix may be; one that is wider shows fewer columns."""
GAP = 2
SCIENTIFIC_DIGITS = 3
"""At most so many digits stand in front of a power of ten, unless digits are asked for."""

_DOTS = {r"\vdots", r"\cdots", r"\ddots"}
_FRACTION = re.compile(r"\\tfrac\{(\d+)\}\{(\d+)\}")
_POWER = re.compile(r" \\cdot 10\^\{(-?\d+)\}")


def number(value: Any, form: Form = DEFAULT_FORM) -> tuple[str, bool]:
    """Return a number as LaTeX and whether that is its exact value; a blank is a line to write on.

    >>> number(Exact("1/8")), number(Exact("1/3")), number(Exact("123/100000"))
    (('0.125', True), ('\\\\tfrac{1}{3}', True), ('0.00123', True))
    >>> number(Exact("1/8"), Form(fractions="always")), number(Exact("200/3"), Form(digits=3, fractions="never"))
    (('\\\\tfrac{1}{8}', True), ('66.7', False))
    """
    if isinstance(value, Blank):
        return BLANK_LATEX, True
    value = EXACT.lift(value) if isinstance(value, int) else value
    if isinstance(value, Exact):
        text = _exactly(Fraction(int(value.value.p), int(value.value.q)), form)
        if text is not None:
            return text, True
    elif _is_nothing(value):
        return "0", True
    if form.digits is not None:
        return _with_digits(value, form.digits), False
    return _rounded(value, form.decimals), False


def _is_nothing(value: Ball) -> bool:
    """Tell whether a ball is the number 0 and nothing else, as a product with 0 is."""
    try:
        return bool(value == 0)
    except UndecidedError:
        return False


def _exactly(exact: Fraction, form: Form) -> str | None:
    """Return a rational number as it is, or None where its form has no room for that."""
    if abs(exact) >= LARGEST and form.fractions != ALWAYS:
        return None
    if exact.denominator == 1 and form.digits is None:
        return str(exact)
    if form.fractions == ALWAYS:
        return _fraction(exact) if exact.denominator != 1 else str(exact)
    places = form.decimals + form.grace
    if form.digits is not None:
        # So many behind the point that no more than the digits asked for count.
        places = form.digits - len(str(int(abs(exact)))) if abs(exact) >= 1 else form.digits + _zeros(exact)
    if places >= 0 and _terminates(exact, places):
        return decimal_latex(exact, _places(exact))
    small = exact.denominator <= LARGEST_DENOMINATOR and exact.denominator != 1
    return _fraction(exact) if form.fractions == SHORT and small else None


def _zeros(exact: Fraction) -> int:
    """Return how many zeros stand between the point and the first digit that counts."""
    count, scaled = 0, abs(exact) * 10
    while 0 < scaled < 1:
        count, scaled = count + 1, scaled * 10
    return count


def _fraction(exact: Fraction) -> str:
    sign = "-" if exact < 0 else ""
    return rf"{sign}\tfrac{{{abs(exact.numerator)}}}{{{exact.denominator}}}"


def _rounded(value: Exact | Ball, decimals: int) -> str:
    """Return the number with fixed decimals, or with three digits and a power of ten if that shows it better."""
    try:
        fixed = rounded(value, decimals)
    except UndecidedError:
        if decimals > MOST_DECIMALS:
            raise
        # The ball lies about the middle between two decimals; one place more shows where.
        return _rounded(value, decimals + 1)
    if 10 <= abs(fixed) * 10**decimals < LARGEST * 10**decimals or (decimals < 2 and abs(fixed) >= 1):
        return decimal_latex(fixed, decimals)
    try:
        return decimal_latex(fixed, decimals) if bool(value == 0) else _scientific(value, fixed, max(decimals, 1))
    except UndecidedError:
        # Zero for all that is certified.
        return decimal_latex(fixed, decimals)


def _scientific(value: Exact | Ball, near: Fraction, decimals: int) -> str:
    places, digits, sign = _counted(value, near, min(decimals + 1, SCIENTIFIC_DIGITS))
    return _with_power(digits, places, sign)


def _with_power(digits: str, places: int, sign: str) -> str:
    point = f".{digits[1:]}" if digits[1:] else ""
    return rf"{sign}{digits[0]}{point} \cdot 10^{{{len(digits) - 1 - places}}}"


def _counted(value: Exact | Ball, near: Fraction, count: int) -> tuple[int, str, str]:
    """Return to how many places a number has so many digits that count, those digits, and its sign."""
    # Not from zero decimals up: a ball may lie about the middle of two numbers that nobody will see.
    places = count - len(str(int(abs(near)))) if abs(near) >= 1 else count
    least, most = 10 ** (count - 1), 10**count
    while abs(rounded(value, places)) * Fraction(10) ** places < least:
        places += 1
    while abs(rounded(value, places)) * Fraction(10) ** places >= most:
        places -= 1
    shown = rounded(value, places)
    return places, str(int(abs(shown) * Fraction(10) ** places)), "-" if shown < 0 else ""


def _with_digits(value: Exact | Ball, count: int) -> str:
    """Return a number with so many digits that count, with a power of ten where it is large or small."""
    try:
        if bool(value == 0):
            return "0"
        places, digits, sign = _counted(value, rounded(value, count), count)
    except UndecidedError:
        # Zero for all that is certified, or about the middle between two numbers: one digit more shows which.
        return decimal_latex(rounded(value, count), count) if _is_tiny(value) else _with_digits(value, count + 1)
    if places < 0 or places > count + 3:
        return _with_power(digits, places, sign)
    return sign + decimal_latex(Fraction(int(digits), 10**places), places)


def _is_tiny(value: Exact | Ball) -> bool:
    return bool(abs(value) < Fraction(1, 10**MOST_DECIMALS))


def array_latex(value: Any, form: Form = DEFAULT_FORM) -> tuple[str, bool]:
    """Return an array as a LaTeX matrix (a row if it has one axis) and whether every entry that it shows is exact.

    >>> import numpy as np
    >>> from symnn.scalars import array
    >>> array_latex(array([["1/2", 3]], EXACT))[0]
    '\\\\begin{bmatrix} 0.5 & 3 \\\\end{bmatrix}'
    """
    if not isinstance(value, np.ndarray):
        return number(value, form)
    cells, exact = _cells(value, form)
    body = r" \\ ".join(map(" & ".join, cells))
    return rf"\begin{{bmatrix}} {body} \end{{bmatrix}}", exact


def width_of(value: Any, form: Form = DEFAULT_FORM) -> int:
    """Return about how many digits wide a number or an array is when it is printed."""
    return _breadth(_cells(value, form)[0])


def is_elided(value: Any, form: Form = DEFAULT_FORM) -> bool:
    """Tell whether an array is printed without its middle.

    >>> from symnn.scalars import array
    >>> is_elided(array([range(8)], EXACT)), is_elided(array([range(9)], EXACT))
    (False, True)
    """
    if max(np.shape(np.atleast_2d(value))) > SHOWN:
        return True
    return any(cell in _DOTS for row in _cells(value, form)[0] for cell in row)


def _cells(value: Any, form: Form) -> tuple[list[list[str]], bool]:
    """Return the rows of an array as it is shown, its middle left out where it is large, and whether it is exact."""
    # What is left out is not written: an array may have a hundred thousand entries.
    grid, tall = _ends(np.atleast_2d(value), axis=0)
    grid, wide = _ends(grid, axis=1)
    written = [[number(entry, form) for entry in row] for row in grid]
    rows = [[text for text, _ in row] for row in written]
    if tall:
        rows = [*rows[:ENDS], [r"\vdots"] * len(rows[0]), *rows[ENDS:]]
    whole, is_cut = rows, wide
    half = ENDS if wide else SHOWN // 2
    rows = _with_dots(whole, half) if is_cut else whole
    while half > 1 and _breadth(rows) > ROOM:
        half -= 1
        if is_cut or len(whole[0]) > 2 * half:
            is_cut, rows = True, _with_dots(whole, half)
    shown = {*range(half), *range(-half, 0)} if is_cut else set(range(len(whole[0])))
    exact = all(row[place][1] for row in written for place in shown)
    return rows, exact


def _ends(grid: Any, axis: int) -> tuple[Any, bool]:
    """Return the two ends of an array along an axis on which it is too long to be shown, and whether it is."""
    if grid.shape[axis] <= SHOWN:
        return grid, False
    return np.take(grid, [*range(ENDS), *range(-ENDS, 0)], axis=axis), True


def _with_dots(rows: list[list[str]], half: int) -> list[list[str]]:
    """Return the first and the last ``half`` entries of every row, with dots between them."""
    return [[*row[:half], r"\ddots" if row[0] == r"\vdots" else r"\cdots", *row[-half:]] for row in rows]


def _breadth(rows: list[list[str]]) -> int:
    return sum(max(map(_digits, column)) + GAP for column in zip(*rows, strict=True))


def _digits(cell: str) -> int:
    """Return about how many digits wide a printed number is."""
    if cell in _DOTS:
        return 1
    if cell == BLANK_LATEX:
        return BLANK_WIDTH
    return len(_POWER.sub(r"xx10\1", _FRACTION.sub(lambda found: max(found.groups(), key=len), cell)))


def _places(exact: Fraction) -> int:
    places = 0
    while (exact * 10**places).denominator != 1:
        places += 1
    return places


def _terminates(exact: Fraction, places: int) -> bool:
    return bool((exact * 10**places).denominator == 1)


def decimal_latex(exact: Fraction, places: int) -> str:
    """Return a fraction that has so many decimals, with all of them.

    >>> decimal_latex(Fraction(-1, 50), 3)
    '-0.020'
    """
    digits = str(int(abs(exact) * 10**places)).rjust(places + 1, "0")
    sign = "-" if exact < 0 else ""
    whole, part = digits[: len(digits) - places], digits[len(digits) - places :]
    return f"{sign}{whole}.{part}" if part else f"{sign}{whole}"
