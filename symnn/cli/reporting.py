"""What the command for reports needs: its options put into words and read, and the PDF beside a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from symnn.errors import InputError, aligned
from symnn.report.files import new_file, put
from symnn.report.pdf import HINT, TypesettingError, find_engine, pdf_of
from symnn.report.solution import is_report

PICTURE = ".pdf"
"""The ending of the pictures that a LaTeX file takes in, and of the PDF that is made of it."""


def rows_of(what: str, table: Mapping[str, Any]) -> str:
    """Return the help of an option that takes the name of a row: each name with what it says.

    >>> rows_of("Who it is for", {"student": "questions"})
    'Who it is for. student: questions.'
    """
    return f"{what}. " + ". ".join(f"{name}: {getattr(row, 'says', row)}" for name, row in table.items()) + "."


def symbols_of(given: Sequence[str]) -> dict[str, str]:
    r"""Return symbols by name from texts such as ``W=\theta``; raise `InputError` for a text of another form.

    >>> symbols_of([r"W=\theta"])
    {'W': '\\theta'}
    """
    found: dict[str, str] = {}
    for text in given:
        name, equals, symbol = text.partition("=")
        if not (name and equals and symbol):
            raise InputError(f"a symbol is given as NAME=LATEX\n{aligned([('given', repr(text)), ('such as', 'W=w')])}")
        found[name] = symbol
    return found


def is_wanted(asked: bool | None) -> bool:
    """Return whether a PDF is to be made; raise `TypesettingError` if it was asked for and cannot be."""
    if asked and find_engine() is None:
        raise TypesettingError(HINT)
    return find_engine() is not None if asked is None else asked


def add_pdf(paths: Sequence[Path]) -> Path:
    """Write the PDF of the LaTeX file among the files of a report, beside it and whole; return its path.

    Raises `TypesettingError`, with the files as they are: a PDF of an earlier run is neither touched nor passed off as
    one of this run. Raises `InputError` if the folder cannot be written to.
    """
    (source,) = (path for path in paths if path.suffix == ".tex")
    made = source.with_suffix(PICTURE)
    files = {path.name: path.read_bytes() for path in paths if path.suffix in {".tex", PICTURE}}
    try:
        content = pdf_of(files, source.name)
    except TypesettingError as error:
        left = "of an earlier run, and not of this text" if made.exists() else "not made"
        rows = [(str(source), "written, with everything else"), (str(made), left)]
        raise TypesettingError(f"{error}\n{aligned(rows)}") from error
    with new_file(made, is_report) as hidden:
        put(hidden.parent, hidden.name, content)
    return made
