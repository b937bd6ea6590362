"""Screens and pipes that are not UTF-8: what they cannot show is written in ASCII, and never ends a command."""

from __future__ import annotations

import codecs
import io
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

PLAIN: Mapping[str, str] = MappingProxyType(
    {
        "✓": "+",
        "✗": "x",
        "−": "-",
        "–": "-",
        "—": "--",
        "·": "*",
        "×": "x",
        "…": "...",
        "→": "->",
        "≠": "!=",
        "≤": "<=",
        "≥": ">=",
        "√": "sqrt",
        "Σ": "sum",
        "∂": "d",
        **{sign: f"^{digit}" for digit, sign in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")},
        "⁻": "^-",
        "½": "1/2",
        **dict.fromkeys("‘’", "'"),
        **dict.fromkeys("“”", '"'),
        **dict.fromkeys("─━╌", "-"),
        **dict.fromkeys("│┃", "|"),
        **dict.fromkeys("╭╮╰╯┌┐└┘├┤┬┴┼", "+"),
        **dict.fromkeys("\u00a0\u2007\u2009\u202f", " "),
    }
)
"""What stands for a sign where there is no such sign; never the question mark, which means undecided."""

_NAME = "symnn-plain"


def plain(text: str) -> str:
    r"""Return a text in ASCII: known signs as their neighbours there, others as their code.

    >>> plain("✗ W − 2⁻⁸ ∈"), plain("…")
    ('x W - 2^-^8 \\u2208', '...')
    """
    return "".join(
        PLAIN.get(sign) or (sign if sign.isascii() else sign.encode("ascii", "backslashreplace").decode("ascii"))
        for sign in text
    )


def _handler(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return plain(error.object[error.start : error.end]), error.end


codecs.register_error(_NAME, _handler)


def bear_any_text(stream: Any) -> None:
    r"""Let a stream write signs that its encoding lacks as `plain` does.

    >>> stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    >>> bear_any_text(stream)
    >>> _ = stream.write("✓ 1 − 2 … 猫"), stream.flush()
    >>> stream.buffer.getvalue()
    b'+ 1 - 2 ... \\u732b'
    """
    # In the C locale Python takes surrogates for the names of files, and fails on anything else.
    if isinstance(stream, io.TextIOWrapper) and stream.errors in {"strict", "surrogateescape"}:
        stream.reconfigure(errors=_NAME)
