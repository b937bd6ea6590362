"""The ways to tell the derivations: all of them, or a part where every two choices meet, and the documents made."""

from __future__ import annotations

import itertools
import tempfile
import traceback
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import symnn.report
from symnn.library import Findings, check, load, names
from symnn.report.pdf import TypesettingError, typeset
from symnn.report.solution import report_files
from tests.grids import EVERYTHING, pairwise, whole
from tests.report.tex import complaints

# Every table that has a keyword of `report`; one that comes to be there is taken up, an option without one is not.
_TABLES = {
    "style": "STYLES",
    "audience": "AUDIENCES",
    "detail": "DETAILS",
}
CHOICES: dict[str, tuple[str, ...]] = {
    keyword: tuple(getattr(symnn.report, table)) for keyword, table in _TABLES.items() if hasattr(symnn.report, table)
}
"""The names that each option of a report may have."""


def cases() -> list[tuple[str, ...]]:
    """Return the tellings to try: a derivation, its options in the order of `CHOICES`, a notation.

    Under SYMNN_EXPLORE=1 they are all, else a part. Notations are taken in turn, so that every one is met.
    """
    choices = {"derivation": tuple(names()), **CHOICES}
    rows = whole(choices) if EVERYTHING else pairwise(choices)
    turns = itertools.cycle(symnn.report.NOTATIONS)
    return [(*row, notation) for row, notation in zip(rows, turns, strict=False)]


CASES = {"-".join(row): row for row in cases()}
"""The tellings of this run, by name."""


def every_third() -> list[str]:
    """Return a third of the tellings, for a test that takes a second for each; under SYMNN_EXPLORE=1, all of them.

    A derivation has as many rows as there are styles, and no number of them that three divides: so the third goes
    through the styles from one derivation to the next.
    """
    return list(CASES)[:: 1 if EVERYTHING else 3]


def asked(case: str) -> tuple[str, dict[str, str]]:
    """Return a telling's derivation, and its options as keywords of `report`."""
    name, *values, notation = CASES[case]
    return name, {**dict(zip(CHOICES, values, strict=True)), "notation": notation}


@dataclass
class Documents:
    """The documents of tellings, each written into a folder of its name when it is first asked for."""

    folder: Path
    errors: dict[str, str] = field(default_factory=dict)

    def of(self, case: str) -> Path:
        """Return the folder with the files of a telling; fail with the error where they cannot be written."""
        if case not in self.errors:
            self.errors[case] = _written(case, self.folder)
        assert self.errors[case] == "", f"cannot be written: {self.errors[case]}"
        return self.folder / case

    def file(self, case: str, ending: str) -> Path:
        """Return the one file of a telling with an ending; fail where there is none."""
        (found,) = self.of(case).glob(f"*{ending}")
        return found


def typeset_complaints(folder: Path) -> list[str]:
    """Return what pdflatex complains of in the one LaTeX file of a folder; the error if it makes no PDF of it."""
    (source,) = folder.glob("*.tex")
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in {".tex", ".pdf"}}
    try:
        return list(complaints(typeset(files, source.name).log))
    except TypesettingError as error:
        return [str(error)]


@cache
def _findings(name: str) -> Findings:
    return check(load(name))


def _written(case: str, folder: Path) -> str:
    if (folder / case).is_dir():
        return ""
    name, options = asked(case)
    try:
        files = report_files(load(name), _findings(name), **options)
    except Exception:  # whatever it is, it is told by the test of this telling, and the others go on
        return traceback.format_exc()
    made = Path(tempfile.mkdtemp(dir=folder))
    for file, content in files.items():
        (made / file).write_bytes(content)
    # Another process that runs tests may have been faster: then its files, which are the same, are taken.
    with suppress(OSError):
        made.rename(folder / case)
    return ""
