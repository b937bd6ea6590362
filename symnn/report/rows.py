"""Sums and products laid out in rows that fit a page, by an estimate of how wide LaTeX sets them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TypeAlias

FULL = 78.0
"""How many digits fit beside one another on a page."""
EASY = 60.0
"""How many digits wide a line of short equations may become."""
IN_TEXT = 40.0
"""How many digits wide a part of a formula may be that stands in a sentence and cannot be broken."""
MOST_PARTS = 8
"""A sum of more summands than this shows the first few and the last."""
SHOWN_PARTS = 3
INDENT = r"\quad {}"
"""How a row begins that goes on with the one above."""

# A summand: its factors.
Part: TypeAlias = tuple[str, ...]

_SMALL = 0.72
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|.", re.DOTALL)
_ENVIRONMENT = re.compile(r"\\begin\{(?:cases|bmatrix)\}(.*?)\\end\{(?:cases|bmatrix)\}", re.DOTALL)
_WIDTHS = {
    **dict.fromkeys("+-=", 2.5),
    **dict.fromkeys(("\\cdot", "\\odot", "\\approx", "\\geq", "\\leq"), 2.0),
    **dict.fromkeys("()[],.|", 0.7),
    **dict.fromkeys(
        ("\\right", "\\bigl", "\\bigr", "\\Bigl", "\\Bigr", "\\hat", "\\mathrm", "\\text", "\\operatorname"),
        0.0,
    ),
    **dict.fromkeys(("\\,", "\\;", "\\!", "\\ ", "\\left"), 0.4),
    **dict.fromkeys(("\\quad", "\\cdots"), 2.2),
    **dict.fromkeys(" {}&", 0.0),
    **dict.fromkeys("WMmw", 1.7),
}
_LETTER, _CAPITAL = 1.15, 1.4


# Rows are tried again and again with a little more in them, and the same formula stands in both formats.
@lru_cache(maxsize=2**14)
def width_of_latex(text: str) -> float:
    r"""Return about how many digits wide a formula is in display style.

    >>> round(width_of_latex("123 + 4")), round(width_of_latex(r"\frac{12345}{6}"))
    (6, 6)
    """
    text = _ENVIRONMENT.sub(lambda found: max(found.group(1).split(r"\\"), key=len) + "xxxxx", text)
    return _sequence(_TOKEN.findall(text), 0)[0]


def _sequence(tokens: list[str], at: int) -> tuple[float, int]:
    """Return the width up to the brace that closes, and the place behind it."""
    total = 0.0
    while at < len(tokens) and tokens[at] != "}":
        mark = tokens[at]
        if mark == "{":
            width, at = _sequence(tokens, at + 1)
            total += width
        elif mark in (r"\frac", r"\tfrac"):
            above, at = _group(tokens, at + 1)
            below, at = _group(tokens, at)
            total += max(above, below) * (_SMALL if mark == r"\tfrac" else 1) + 0.6
        elif mark == r"\underbrace":
            over, at = _group(tokens, at + 1)
            under, at = _group(tokens, at + 1) if tokens[at : at + 1] == ["_"] else (0.0, at)
            total += max(over, _SMALL * under)
        elif mark in "^_":
            width, at = _group(tokens, at + 1)
            while at < len(tokens) and tokens[at] in "^_":
                other, at = _group(tokens, at + 1)
                width = max(width, other)
            total += _SMALL * width
        else:
            total += _token(mark)
            at += 1
    return total, at + 1


def _group(tokens: list[str], at: int) -> tuple[float, int]:
    while at < len(tokens) and tokens[at] == " ":
        at += 1
    if at < len(tokens) and tokens[at] == "{":
        return _sequence(tokens, at + 1)
    return (_token(tokens[at]), at + 1) if at < len(tokens) else (0.0, at)


def _token(mark: str) -> float:
    if mark in _WIDTHS:
        return _WIDTHS[mark]
    if mark.startswith("\\"):
        # A function is as wide as its name, a symbol about as a letter.
        return len(mark) - 1.0 if mark in (r"\tanh", r"\log", r"\exp", r"\cos", r"\sin") else _LETTER
    return 1.0 if mark.isdigit() else _CAPITAL if mark.isupper() else _LETTER


def joined(parts: Sequence[str]) -> str:
    """Return summands as a sum, of which none but the first begins with a sign of its own.

    >>> joined(["a", "-b", "c"])
    'a - b + c'
    """
    return "".join(_signed(part) if place else part for place, part in enumerate(parts))


def _signed(part: str) -> str:
    return f" - {part[1:].lstrip()}" if part.startswith("-") else f" + {part}"


def shortened(parts: Sequence[Part]) -> list[Part]:
    """Return summands, the middle of many left out.

    >>> shortened([(str(number),) for number in range(20)])
    [('0',), ('1',), ('2',), ('\\\\cdots',), ('19',)]
    """
    if len(parts) <= MOST_PARTS:
        return list(parts)
    return [*parts[:SHOWN_PARTS], (r"\cdots",), parts[-1]]


def in_rows(left: str, relation: str, parts: Sequence[Part]) -> list[str]:
    """Return a sum behind ``=`` or ``≈`` in rows that fit beside ``left``, broken before a sign where possible.

    >>> in_rows("x", "=", [("a", "b"), ("c",)])
    ['= a \\\\cdot b + c']
    """
    room = FULL - width_of_latex(left)
    rows, row = [], relation
    for place, part in enumerate(parts):
        whole = r" \cdot ".join(part)
        sign = (_signed(whole) if place else f" {whole}").rstrip()
        if place and width_of_latex(row + sign) > room:
            rows.append(row)
            row = INDENT
        if width_of_latex(row + sign) > room and len(part) > 1:
            *full, row = _factors(row, part, bool(place), room)
            rows += full
        else:
            row += sign
    return [*rows, row]


def packed(left: str, rows: Sequence[str]) -> tuple[str, ...]:
    """Return rows with short ones that follow one another on one line, as long as it stays easy to read.

    >>> packed("x", ["= 1 + 1", "= 2"])
    ('= 1 + 1 = 2',)
    """
    own = width_of_latex(left)
    found: list[str] = []
    for place, row in enumerate(rows):
        begins = not row.startswith(INDENT)
        # A row that goes on below keeps its line, so that what belongs together stands together.
        goes_on = rows[place + 1 : place + 2] and rows[place + 1].startswith(INDENT)
        # The value at the end does not stand alone as long as the page has room for it.
        room = FULL if place == len(rows) - 1 else EASY
        fits = found and own + width_of_latex(found[-1] + row) <= room
        if begins and fits and not goes_on and not found[-1].startswith(INDENT):
            found[-1] += f" {row}"
        else:
            found.append(row)
    return tuple(found)


def aligned_rows(left: str, rows: Sequence[str]) -> str:
    """Return rows under one another as one formula; a single row is an ordinary formula.

    >>> aligned_rows("x", ["= 1"])
    'x = 1'
    """
    if len(rows) == 1:
        return f"{left} {rows[0]}"
    return rf"\begin{{aligned}} {left} &" + r" \\ &".join(rows) + r" \end{aligned}"


_OPENS = frozenset(("{", r"\left", r"\begin", "(", "[", r"\bigl", r"\Bigl"))
_CLOSES = frozenset(("}", r"\right", r"\end", ")", "]", r"\bigr", r"\Bigr"))
_SIZED = frozenset((r"\left", r"\right", r"\bigl", r"\Bigl", r"\bigr", r"\Bigr"))
_RELATIONS = frozenset(("=", r"\approx", r"\leftarrow"))
_SIGNS = frozenset("+-")


def fitted(latex: str) -> str:
    """Return a formula in rows that fit a page, broken before relations and signs outside all brackets, if it is wide.

    A formula that has no such place is returned as it is.

    >>> fitted("x = a + b")
    'x = a + b'
    >>> fitted("x = " + "9" * 60 + " + " + "9" * 60).count("&")
    2
    """
    if width_of_latex(latex) <= FULL:
        return latex
    left, *sides = _parted(latex, _RELATIONS)
    rows = fitted_rows(sides, left) if sides else fitted_rows([left], "")
    return aligned_rows(left if sides else "", rows) if len(rows) > 1 else latex


def is_wide(latex: str, room: float = FULL) -> bool:
    r"""Return whether a formula has a part wider than ``room`` digits wherever `fitted` would break it.

    >>> is_wide("x = " + "9" * 60 + " + " + "9" * 60), is_wide("x = " + "9" * 90)
    (False, True)
    """
    if width_of_latex(latex) <= room:
        return False
    left, *sides = _parted(latex, _RELATIONS)
    return are_wide(sides, left, room) if sides else are_wide([left], "", room)


def are_wide(rights: Sequence[str], left: str, room: float = FULL) -> bool:
    """Return whether any of the rows that `fitted_rows` makes beside ``left`` sticks out of ``room``.

    >>> are_wide(["= a + b", "= 1"], "x")
    False
    """
    room -= width_of_latex(left)
    return any(width_of_latex(row) > room for row in fitted_rows(rights, left))


def fitted_rows(rights: Sequence[str], left: str) -> list[str]:
    """Return rows that stand beside ``left``, each that is too wide for that broken before a sign outside all brackets.

    >>> fitted_rows(["= a + b", "= 1"], "x")
    ['= a + b', '= 1']
    """
    room = FULL - width_of_latex(left)
    found: list[str] = []
    for right in rights:
        if width_of_latex(right) <= room or right.startswith(r"\begin{aligned}"):
            found.append(right)
            continue
        row, *parts = _parted(right, _SIGNS)
        for part in parts:
            if width_of_latex(f"{row} {part}") > room:
                found.append(row)
                row = INDENT
            row += f" {part}"
        found.append(row)
    return found


def _parted(latex: str, marks: frozenset[str]) -> list[str]:
    """Return a formula cut before every mark outside all brackets that has something before it to stand between."""
    parts, part, depth, before = [], "", 0, ""
    tokens = _TOKEN.findall(latex)
    for place, mark in enumerate(tokens):
        sized = place and tokens[place - 1] in _SIZED
        if mark in marks and not depth and (marks is _RELATIONS or before not in {"", *_SIGNS, *_RELATIONS}):
            parts.append(part.strip())
            part = ""
        depth += 0 if sized else (mark in _OPENS) - (mark in _CLOSES)
        part += mark
        before = mark.strip() or before
    return [*parts, part.strip()]


def _factors(row: str, part: Part, signed: bool, room: float) -> list[str]:
    """Return rows that go on with a product, broken before its dots."""
    rows = []
    for place, factor in enumerate(part):
        text = rf" \cdot {factor}" if place else _signed(factor) if signed else f" {factor}"
        if place and width_of_latex(row + text) > room:
            rows.append(row)
            row = INDENT + r" \quad"
        row += text
    return [*rows, row]
