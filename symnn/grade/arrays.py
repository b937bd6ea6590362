"""Whole arrays in one cell: ``[[1, 2], [3, 4]]``, ``1 2; 3 4``, as NumPy prints them, vectors in a row or a column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from symnn.grade.numbers import COMMA, UnreadableError, tidy

LONGEST_ARRAY = 20_000
"""How many characters the text of an array may have."""

Grid = tuple[tuple[str, ...], ...]

_NUMPY = re.compile(r"(?:np\.|numpy\.)?array\((.*)\)", re.DOTALL)
_INNER = re.compile(r"\[([^\[\]]*)\]")
_TIGHT = re.compile(r"\s*(/|[xX×*·⋅](?=\s*10\s*(?:\^|\*\*))|\^|\*\*)\s*")
_ROWS = re.compile(r";|\r\n?|\n")


@dataclass(frozen=True)
class Entries:
    """The entries of an array as texts in the order of its rows, and the decimal mark that reading them found."""

    texts: tuple[str, ...]
    mark: str | None


class MisshapenError(UnreadableError):
    """An array that can be read has another shape than the one that is asked for."""


def entries(text: str, shape: Sequence[int], mark: str | None = None) -> Entries:
    """Return the entries of an array of a given shape; a vector may stand in a row or in a column.

    Raises `MisshapenError` for another shape, and `UnreadableError` for what is no array, or could be two.

    >>> entries("[[1, 2], [3, 4]]", (2, 2)).texts, entries("0,5 1,5; 2 3", (2, 2)).texts
    (('1', '2', '3', '4'), ('0,5', '1,5', '2', '3'))
    """
    if len(text) > LONGEST_ARRAY:
        raise UnreadableError(f"an array of {len(text)} characters: {LONGEST_ARRAY} are allowed")
    rows = _rows(tidy(text))
    read = [(grid, own) for grid, own in ((_by_commas(rows), mark), (_by_gaps(rows), COMMA)) if grid is not None]
    fitting = {tuple(one for row in grid for one in row): own for grid, own in read if _fits(grid, shape)}
    if len(fitting) > 1:
        raise UnreadableError("the commas may be decimal commas or set entries apart: write points, or semicolons")
    if not fitting:
        yours = " or ".join(dict.fromkeys(_told(grid) for grid, _ in read))
        raise MisshapenError(f"an array of {yours}: {_size(shape)} is asked for")
    ((texts, own),) = fitting.items()
    return Entries(texts, own)


def looks_like_array(text: str) -> bool:
    """Tell whether a text is meant as more than one number."""
    return any(one in text for one in "[;\n") or len(text.split()) > 1


def _rows(text: str) -> list[str]:
    """Return the texts of the rows, whatever holds them together."""
    inside = _NUMPY.fullmatch(text)
    text = inside[1].strip() if inside else text
    if text.startswith("(") and text.endswith(")") and "[" not in text:
        text = text[1:-1]
    if "[" not in text and "]" not in text:
        return _split(text)
    if not (text.startswith("[") and text.endswith("]")):
        raise UnreadableError("no array: brackets that do not hold the whole of it")
    inner = text[1:-1].strip()
    if "[" not in inner and "]" not in inner:
        return _split(inner)
    if _INNER.sub("", inner).strip(" ,;\r\n"):
        raise UnreadableError("no array: something stands beside its rows, or rows are nested too deep")
    return [row.strip() for row in _INNER.findall(inner)]


def _split(text: str) -> list[str]:
    rows = [row.strip() for row in _ROWS.split(text)]
    # A separator at the end closes the last row.
    return rows[:-1] if len(rows) > 1 and not rows[-1] else rows


def _by_commas(rows: Sequence[str]) -> Grid | None:
    """Return the entries where commas, or gaps in a row without commas, set them apart."""
    return tuple(
        tuple(one.strip() for one in row.split(COMMA)) if COMMA in row else tuple(_TIGHT.sub(r"\1", row).split())
        for row in rows
    )


def _by_gaps(rows: Sequence[str]) -> Grid | None:
    """Return the entries where commas are decimal commas, None if there are none or they cannot be."""
    cut = [_TIGHT.sub(r"\1", row).split() for row in rows]
    if not any(COMMA in row for row in rows):
        return None
    if any(one.startswith(COMMA) or one.endswith(COMMA) or one.count(COMMA) > 1 for row in cut for one in row):
        return None
    return tuple(map(tuple, cut))


def _fits(grid: Grid, shape: Sequence[int]) -> bool:
    lengths = [len(row) for row in grid]
    if len(shape) == 2 and lengths == [shape[1]] * shape[0]:
        return True
    long = [extent for extent in shape if extent != 1]
    in_line = len(grid) == 1 or set(lengths) == {1}
    return len(long) <= 1 and in_line and sum(lengths) == prod(shape)


def _told(grid: Grid) -> str:
    lengths = {len(row) for row in grid}
    if len(lengths) != 1:
        return f"{len(grid)} rows that differ in length"
    return _size((len(grid), *lengths))


def _size(shape: Sequence[int]) -> str:
    return " × ".join(map(str, shape)) or "a single number"
