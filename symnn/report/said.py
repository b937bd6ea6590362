"""What is said of a mistake, cut into words and names, so that a name is set as the report writes it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Piece:
    """Words, or with ``is_name`` the LaTeX of a name."""

    text: str
    is_name: bool


Said: TypeAlias = tuple[Piece, ...]

_WORD = re.compile(r"[^\W\d]\w*")
_NAMELIKE = re.compile(r"[A-Z0-9_]")
_ARTICLE = "a"


def told_in(text: str, symbols: Mapping[str, str]) -> Said:
    """Return a text with the LaTeX of the names in it; a name that is an English word in small letters stays a word.

    >>> [(piece.text, piece.is_name) for piece in told_in("the bias b2 is left out", {"b2": "b^{(2)}"})]
    [('the bias ', False), ('b^{(2)}', True), (' is left out', False)]
    >>> told_in("in a sum", {"a": "a", "sum": "s"})
    (Piece(text='in a sum', is_name=False),)
    """
    pieces, end = [], 0
    for found in _WORD.finditer(text):
        name = found.group()
        if name in symbols and _is_namelike(name, symbols[name]):
            if found.start() > end:
                pieces.append(Piece(text[end : found.start()], False))
            pieces.append(Piece(symbols[name], True))
            end = found.end()
    if end < len(text):
        pieces.append(Piece(text[end:], False))
    return tuple(pieces)


def _is_namelike(name: str, latex: str) -> bool:
    is_greek = latex.startswith(f"\\{name}")
    return is_greek or bool(_NAMELIKE.search(name)) or (len(name) == 1 and name != _ARTICLE)
