"""Files of answers, student, variant, question, value, read row by row: a row that cannot be used stops no other."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from symnn.errors import InputError, aligned

COLUMNS = ("student", "variant", "question", "value")
"""The columns that a file of answers must have, in any order; others are passed over."""

SEPARATORS = (",", ";", "\t")
"""What may stand between two cells."""

LARGEST_FILE = 64 * 2**20
"""How many bytes a file may have."""

MOST_LINES = 50
"""Over how many lines a quoted cell may go; a quote that is not closed takes no more than its own line with it."""


@dataclass(frozen=True)
class Row:
    """One answer as it stands in the file, with the number of the line that it begins on."""

    line: int
    student: str
    variant: str
    question: str
    value: str


@dataclass(frozen=True, order=True)
class Listed:
    """A row that needs a person: its line, what is the matter, and what to do."""

    line: int
    what: str
    do: str


@dataclass(frozen=True)
class AnswerFile:
    """What a file holds: its rows, those that cannot be used, and what stands between cells."""

    rows: tuple[Row, ...]
    listed: tuple[Listed, ...]
    separator: str


def read_answers(path: Path | str) -> AnswerFile:
    """Return the rows of a file of answers; raise `InputError` for a file that cannot be used at all."""
    try:
        if Path(path).stat().st_size > LARGEST_FILE:
            raise InputError(f"{path} is too large: {LARGEST_FILE // 2**20} megabytes are allowed")
        content = Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error
    return parse_answers(content, str(path))


def parse_answers(content: bytes, where: str = "the answers") -> AnswerFile:
    r"""Return the rows of a file's content, in UTF-8 or, with a byte order mark, UTF-16; raise as `read_answers`.

    >>> parse_answers(b"student;variant;question;value\nada;1;L;0,5\n").rows
    (Row(line=2, student='ada', variant='1', question='L', value='0,5'),)
    """
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    # What is not text stays visible as lone surrogates, and its row is listed.
    text = content.decode("utf-16", "replace") if utf16 else content.decode("utf-8-sig", "surrogateescape")
    lines = re.split(r"\r\n|\r|\n", text)
    start, separator, places = _header(lines, where)
    rows: list[Row] = []
    listed: list[Listed] = []
    for line, cells in _records(lines, start, separator, places[1]):
        found = _row(line, cells, places)
        if isinstance(found, Row):
            rows.append(found)
        elif found is not None:
            listed.append(found)
    return AnswerFile(tuple(rows), tuple(listed), separator)


# Where each of the columns stands, and how many there are.
_Places = tuple[dict[str, int], int]


def _header(lines: Sequence[str], where: str) -> tuple[int, str, _Places]:
    """Return the number of lines up to the end of the header, the separator, and where the columns stand."""
    at = next((number for number, line in enumerate(lines) if line.strip() and not _says_separator(line)), None)
    if at is None:
        raise InputError(f"{where} is empty\n{aligned([('expected', ', '.join(COLUMNS))])}")
    line = lines[at]
    for separator in SEPARATORS:
        cells = _cells([line], separator)
        names = [cell.strip().lower() for cell in cells] if cells else []
        if set(COLUMNS) <= set(names):
            double = [name for name in COLUMNS if names.count(name) > 1]
            if double:
                raise InputError(f"{where} has the column {double[0]!r} twice: rename one of them")
            return at + 1, separator, ({name: names.index(name) for name in COLUMNS}, len(names))
    rows = [("its first line", repr(line if len(line) < 80 else f"{line[:80]} …")), ("expected", ", ".join(COLUMNS))]
    rows.append(("do", "name the columns in the first line, in any order, between commas, semicolons or tabs"))
    raise InputError(f"{where} does not say which column is which\n{aligned(rows)}")


def _says_separator(line: str) -> bool:
    return line.strip().strip('"').lower() in {f"sep={one}".strip() for one in SEPARATORS}


def _records(lines: Sequence[str], start: int, separator: str, width: int) -> Iterator[tuple[int, list[str] | None]]:
    """Yield each row's line, counted from 1, and its cells; None where a quote is not closed."""
    at = start
    while at < len(lines):
        taken = 1
        cells = _cells(lines[at : at + 1], separator)
        while cells is None and taken < MOST_LINES and at + taken < len(lines):
            taken += 1
            longer = _cells(lines[at : at + taken], separator)
            if longer is not None:
                cells = longer if len(longer) == width else None
                break
        yield at + 1, cells
        at += 1 if cells is None else taken


def _cells(lines: Sequence[str], separator: str) -> list[str] | None:
    """Return the cells of a row that goes over some lines, None if it does not end with them."""
    reader = csv.reader([f"{line}\n" for line in lines[:-1]] + list(lines[-1:]), delimiter=separator, strict=True)
    try:
        (cells,) = list(reader) or [[]]
    except (csv.Error, ValueError):
        return None
    return cells


def _row(line: int, cells: list[str] | None, places: _Places) -> Row | Listed | None:
    """Return a row, what is the matter with it, or None for one that holds nothing."""
    where, width = places
    if cells is None:
        return Listed(line, "a quote is not closed, or something stands behind it", 'double the quotes in a cell: ""')
    if not any(cell.strip() for cell in cells):
        return None
    if len(cells) != width:
        do = "put a decimal comma or an array between quotes" if len(cells) > width else "give every column a cell"
        return Listed(line, f"{len(cells)} cells, and the header has {width}", do)
    row = Row(line, *(cells[where[name]].strip() for name in COLUMNS))
    if any(
        "\ud800" <= one <= "\udfff" or one == "\ufffd"
        for cell in (row.student, row.question, row.value)
        for one in cell
    ):
        return Listed(line, "bytes that are no text", "save the file as CSV in UTF-8")
    for name in COLUMNS[:-1]:
        if not getattr(row, name):
            return Listed(line, f"no {name}", f"fill in the column {name!r}")
    return row
