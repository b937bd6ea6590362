"""What each line of a gradient leaves, as text beside the code, and as a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from symnn.errors import near
from symnn.report.files import new_file, put
from symnn.report.render import render
from symnn.verification import Verdict
from symnn.verification.repair import Annotation, Line

MADE_BY = '<meta name="generator" content="symnn verify">'
"""What a page that is written here is known by."""

_MARKS = {True: "✓", False: "✗", None: " "}


def annotation_text(one: Annotation) -> str:
    """Return what a name holds behind a line, with a mark.

    >>> from symnn.verification.repair.meaning import Meaning
    >>> annotation_text(Annotation("dh", None, False, Meaning("Z1", "derivative")))
    '✗ dh ought to be ∂L/∂Z1'
    >>> annotation_text(Annotation("d", Meaning("Z2", "derivative"), True))
    '✓ d = ∂L/∂Z2'
    """
    is_own = one.meaning is not None and str(one.meaning) == one.name
    now = "" if one.meaning is None or is_own else f" = {one.meaning}"
    if one.is_right is not False:
        return f"{_MARKS[one.is_right]} {one.name}{now}"
    wanted = f" ought to be {one.wanted}" if one.wanted is not None else " is not what it ought to be"
    return f"✗ {one.name}{now},{wanted}" if now else f"✗ {one.name}{wanted}"


def explained_text(lines: Sequence[Line]) -> str:
    """Return the code with its lines' numbers, and beside each what it leaves; ``>`` stands at the lines to change."""
    width = min(max((len(line.code) for line in lines), default=0), 72)
    rows = []
    for before, line in pairwise([None, *lines]):
        if line is None:
            continue
        if before is None or before.number + 1 != line.number:
            rows.append(near(line.file))
        beside = "; ".join(
            annotation_text(one) for one in line.annotations if one.meaning is not None or one.is_right is False
        )
        rows.append(f"{line.number:5}{'>' if line.is_wrong else ' '} {line.code:<{width}}  {beside}".rstrip())
    return "\n".join(rows)


def explained_page(file: str, verdict: Verdict, lines: Sequence[Line]) -> str:
    """Return a page with the verdict, the mistakes, and the code beside what its lines leave."""
    context = {
        "title": f"The gradient in {Path(file).name}",
        "verdict": str(verdict).partition("\n")[0],
        "told": verdict.diagnosis.said or verdict.diagnosis.suspect or "",
        "mistakes": verdict.diagnosis.mistakes,
        "functions": list(_functions(lines)),
        "repair": verdict.diagnosis.repair,
        "annotation_text": annotation_text,
    }
    return render("explanation.j2", "html", context)


def _functions(lines: Sequence[Line]) -> Iterator[dict[str, Any]]:
    # Lines of one function follow one another.
    numbered = enumerate(lines)
    for (file, _), rows in groupby(numbered, key=lambda row: (row[1].file, row[1].number - row[0])):
        yield {"file": Path(file).name, "lines": [line for _, line in rows]}


def is_explanation(path: Path) -> bool:
    """Return whether a file is a page that was written here, which another may take the place of."""
    try:
        return MADE_BY in path.read_text(encoding="utf-8")[:500]
    except (OSError, UnicodeDecodeError):
        return False


def write_explanation(path: Path, text: str) -> None:
    """Write a page, in the place of an earlier one only. Raises InputError."""
    with new_file(path, is_explanation) as hidden:
        put(hidden.parent, hidden.name, text.encode("utf-8"))
