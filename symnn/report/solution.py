"""The worked solution of a derivation of the library: its context, and its files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from symnn.errors import InputError
from symnn.library import Example, Exhibit, Findings, check, work
from symnn.report.files import write_whole
from symnn.report.moves import derivatives
from symnn.report.names import Names
from symnn.report.notations import DEFAULT, Notation, notation_of
from symnn.report.numbers import is_elided, number
from symnn.report.plots import pdf, svg
from symnn.report.published import figure_view, worked
from symnn.report.render import render
from symnn.report.story import Teller
from symnn.report.styles import UPSTREAM_LOCAL, Style, style_of
from symnn.verify import Verdict

# The formats a report is written in, with the ending of their files.
FORMATS = {"latex": "tex", "html": "html"}


def report(
    example: Example,
    findings: Findings | None = None,
    *,
    style: str | None = None,
    notation: Notation | str | None = None,
) -> dict[str, str]:
    """Return the worked solution as text, by format; ``findings`` are computed if not given.

    ``style`` and ``notation`` name rows of their tables; by default they are those that the example declares. Raises
    `InputError` for a name that is in neither. The same arguments give the same text, byte for byte.
    """
    return _texts(example, example.exhibits(), findings, _telling(example, style, notation))


def _telling(example: Example, style: str | None, written: Notation | str | None) -> tuple[Style, Notation]:
    """Return the style and the notation asked for, else those declared, else those of the first rows."""
    wanted = written or example.notation or DEFAULT
    return style_of(style or example.style or UPSTREAM_LOCAL), notation_of(wanted) if isinstance(
        wanted, str
    ) else wanted


def _texts(
    example: Example, exhibits: tuple[Exhibit, ...], findings: Findings | None, telling: tuple[Style, Notation]
) -> dict[str, str]:
    context = _context(example, findings or check(example), *telling)
    context["exhibits"] = [
        {"caption": one.caption, "file": _picture_file(example, number), "svg": svg(one, f"{example.name}-{number}")}
        for number, one in enumerate(exhibits, start=1)
    ]
    return {kind: render("solution.j2", kind, context) for kind in FORMATS}


def _picture_file(example: Example, number: int) -> str:
    return f"{example.name}-{number}.pdf"


def write_report(
    example: Example,
    out: Path,
    findings: Findings | None = None,
    *,
    style: str | None = None,
    notation: Notation | str | None = None,
) -> list[Path]:
    """Write the worked solution into a folder, made if it is missing; return the files written, the page last.

    ``style`` and ``notation`` are as for `report`. The LaTeX file takes its pictures from files beside it. Every file
    appears whole or not at all. Raises `InputError` if the folder cannot be written to.
    """
    files = report_files(example, findings, style=style, notation=notation)
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            write_whole(out / name, content)
    except OSError as error:
        raise InputError(f"cannot write to {out}: {error.strerror}") from error
    return [out / name for name in files]


def report_files(
    example: Example,
    findings: Findings | None = None,
    *,
    style: str | None = None,
    notation: Notation | str | None = None,
) -> dict[str, bytes]:
    """Return every file of the worked solution by name, the page last; ``style`` and ``notation`` as for `report`."""
    exhibits = example.exhibits()
    texts = _texts(example, exhibits, findings, _telling(example, style, notation))
    pictures = {_picture_file(example, number): pdf(one) for number, one in enumerate(exhibits, start=1)}
    return {**pictures, **{f"{example.name}.{FORMATS[kind]}": text.encode() for kind, text in texts.items()}}


def _context(example: Example, findings: Findings, style: Style, written: Notation) -> dict[str, Any]:
    passes = work(example.derivation, example.point)
    rate = number(example.point.exact_rate)[0]
    teller = Teller(example.derivation, passes, rate, written, deltas=style.deltas)
    names = teller.names
    return {
        "title": " ".join(example.title.split()),
        "text": [" ".join(part.split()) for part in example.text.split("\n\n")],
        "style": style.name,
        "symbols": teller.symbols(),
        "shows_entries": bool(written.entries),
        "givens": teller.givens(),
        "drawn_arrays": [names.whole(name) for name in example.drawn],
        "seed": example.seed,
        "elided": any(map(is_elided, teller.values.values())),
        **style.views(teller),
        "gradients": teller.gradients(),
        "updates": teller.updates(),
        "rate": f"{names.rate} = {rate}",
        "loss_before": teller.loss(0),
        "loss_after": teller.loss(1),
        "outcome": teller.outcome(),
        "figures": [figure_view(entry, names) for entry in findings.accounts],
        "worked": worked(example, names) if findings.accounts else (),
        "drawn": findings.drawn,
        "derivatives": derivatives(example.rows),
        "by_hand": _verdict(findings.by_hand, names) if findings.by_hand is not None else None,
        "derived": _verdict(findings.derived, names),
        "kernel": example.derivation.compile().source.strip(),
        "code": example.code,
    }


def _verdict(verdict: Verdict, names: Names) -> dict[str, Any]:
    checks = [
        {
            "latex": names.whole(one.name),
            "shape": r" \times ".join(map(str, one.shape)) or "1",
            "verdict": one.verdict,
            "digits": one.digits,
        }
        for one in verdict.checks
    ]
    return {"verdict": verdict.verdict, "evidence": verdict.evidence, "checks": checks}
