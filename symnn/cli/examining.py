"""What the command for exams needs: its options read and held against one another, and what it prints at the end."""

from __future__ import annotations

from pathlib import Path

from symnn.cli.reporting import is_wanted
from symnn.errors import InputError, aligned, unknown
from symnn.exam.exports import EXPORTS
from symnn.exam.sheets import KINDS
from symnn.exam.stress import Stress
from symnn.exam.writing import FEW, SHEETS, Wanted

MOST_TOLD = 5
"""So many failures are printed; all are in the stress report."""


def wanted_of(
    count: int, seed: int, only: int | None, formats: str | None, exports: str | None, pdf: bool, jobs: int
) -> Wanted:
    """Return what is wanted, from the options as they are given.

    Raises `InputError` for a variant that there is none of and for a name that is in no table, `TypesettingError` for a
    PDF where there is no TeX.

    >>> wanted_of(3, 7, None, "html", None, False, 1).formats
    ('html',)
    """
    if only is not None and only > count:
        rows = [("--only", str(only)), ("--variants", f"{count}: give a number from 1 to {count}")]
        raise InputError(f"there is no variant {only}\n{aligned(rows)}")
    makes_pdf = pdf and is_wanted(pdf)
    made = count if only is None else 1
    kinds = tuple(KINDS) if made <= FEW else ("latex",)
    return Wanted(
        count,
        seed,
        only,
        _names(formats, "format", tuple(KINDS)) if formats is not None else kinds,
        _names(exports, "export", tuple(EXPORTS)) if exports is not None else (),
        makes_pdf,
        jobs,
    )


def _names(text: str, what: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names in a text with commas between them, each once, in the order of their table."""
    given = [name.strip() for name in text.split(",") if name.strip()]
    for name in given:
        if name not in allowed:
            raise unknown(what, name, allowed)
    if not given:
        raise InputError(f"--{what} names nothing\n{aligned([('allowed', ', '.join(allowed))])}")
    return tuple(name for name in allowed if name in given)


def outcome(out: Path, stress: Stress) -> str:
    """Return what is printed at the end: how many variants there are, where, and what the stress test found."""
    rows = [
        ("variants", f"{stress.variants}, the sheets in {out / SHEETS}"),
        ("index", str(out / "index.html")),
        ("stress test", f"{stress.answers} answers worked out anew: {_found(stress)}"),
    ]
    rows += [
        ("", f"variant {one.variant}, {one.problem} {one.answer}: {one.said}") for one in stress.failures[:MOST_TOLD]
    ]
    if len(stress.failures) > MOST_TOLD:
        rows.append(("", f"and {len(stress.failures) - MOST_TOLD} more: see {out / 'stress.txt'}"))
    if stress.alike:
        rows.append(("alike", "; ".join("variants " + ", ".join(map(str, one)) for one in stress.alike)))
    return aligned(rows)


def _found(stress: Stress) -> str:
    count = len(stress.failures)
    return "no failure" if stress.holds else f"{count} failure{'' if count == 1 else 's'}"
