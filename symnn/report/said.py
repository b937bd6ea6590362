"""What is said of a mistake, cut into words and names, so that a name is set as the report writes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeAlias

from symnn.mistakes.update import NEW
from symnn.report.names import Names, size_latex


class Piece(NamedTuple):
    """Words, or with ``is_name`` the LaTeX of a name."""

    text: str
    is_name: bool


Said: TypeAlias = tuple[Piece, ...]

LONGEST_WORD = 20
"""A name of more letters is no English word."""
_ARTICLE = "a"


def told_in(text: str, symbols: Mapping[str, str]) -> Said:
    """Return a text with the LaTeX of the names in it; a name that is an English word in small letters stays a word.

    >>> [(piece.text, piece.is_name) for piece in told_in("the bias b2 is left out", {"b2": "b^{(2)}"})]
    [('the bias ', False), ('b^{(2)}', True), (' is left out', False)]
    >>> told_in("in a sum", {"a": "a", "sum": "s"})
    (Piece(text='in a sum', is_name=False),)
    """
    names = sorted((name for name in symbols if not _is_word(name, symbols[name])), key=len, reverse=True)
    pieces, end = [], 0
    for found in re.finditer(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)", text) if names else ():
        if found.start() > end:
            pieces.append(Piece(text[end : found.start()], False))
        pieces.append(Piece(symbols[found.group()], True))
        end = found.end()
    if end < len(text):
        pieces.append(Piece(text[end:], False))
    return tuple(pieces)


def symbols_of(names: Names, sizes: Iterable[str], arrays: Iterable[str]) -> dict[str, str]:
    """Return the LaTeX of every name that may be spoken of: of arrays, those after the update too, and of sizes."""
    found = {}
    for array in arrays:
        own = array if names.tensor_of(array) in names.shapes else array.removesuffix(NEW)
        found[array] = names.whole(own)
    return {**found, **{size: size_latex(size) for size in sizes}}


def _is_word(name: str, latex: str) -> bool:
    """Tell whether a name may be an English word: small letters, and no letter of mathematics."""
    if latex.startswith(f"\\{name}") or len(name) > LONGEST_WORD:
        return False
    return name == _ARTICLE or (len(name) > 1 and name.isascii() and name.isalpha() and name.islower())
