"""The worked solution of a derivation of the library: its context, and its files."""

from __future__ import annotations

import os
import tempfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from symnn.errors import InputError
from symnn.library import Account, Example, Exhibit, Findings, check, decimals_of, rounded, work
from symnn.report.entries import Names
from symnn.report.numbers import array_latex, number
from symnn.report.plots import pdf, svg
from symnn.report.render import render
from symnn.report.story import Teller, printed_latex
from symnn.verify import Verdict

# The formats a report is written in, with the ending of their files.
FORMATS = {"latex": "tex", "html": "html"}


def report(example: Example, findings: Findings | None = None) -> dict[str, str]:
    """Return the worked solution as text, by format; ``findings`` are computed if not given.

    The same example gives the same text, byte for byte.
    """
    return _texts(example, example.exhibits(), findings)


def _texts(example: Example, exhibits: tuple[Exhibit, ...], findings: Findings | None) -> dict[str, str]:
    context = _context(example, findings or check(example))
    context["exhibits"] = [
        {"caption": one.caption, "file": _picture_file(example, number), "svg": svg(one, f"{example.name}-{number}")}
        for number, one in enumerate(exhibits, start=1)
    ]
    return {kind: render("solution.j2", kind, context) for kind in FORMATS}


def _picture_file(example: Example, number: int) -> str:
    return f"{example.name}-{number}.pdf"


def write_report(example: Example, out: Path, findings: Findings | None = None) -> list[Path]:
    """Write the worked solution into a folder, made if it is missing; return the files written, the page last.

    The LaTeX file takes its pictures from files beside it. Every file appears whole or not at all. Raises `InputError`
    if the folder cannot be written to.
    """
    files = report_files(example, findings)
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            _write_whole(out / name, content)
    except OSError as error:
        raise InputError(f"cannot write to {out}: {error.strerror}") from error
    return [out / name for name in files]


def report_files(example: Example, findings: Findings | None = None) -> dict[str, bytes]:
    """Return every file of the worked solution by name, the page last."""
    exhibits = example.exhibits()
    texts = _texts(example, exhibits, findings)
    pictures = {_picture_file(example, number): pdf(one) for number, one in enumerate(exhibits, start=1)}
    return {**pictures, **{f"{example.name}.{FORMATS[kind]}": text.encode() for kind, text in texts.items()}}


def _write_whole(path: Path, content: bytes) -> None:
    with tempfile.NamedTemporaryFile("wb", dir=path.parent, delete=False) as file:
        file.write(content)
    try:
        # A temporary file is private; a report is a file like any other.
        os.chmod(file.name, 0o666 & ~_umask())
        os.replace(file.name, path)
    except OSError:
        os.unlink(file.name)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _context(example: Example, findings: Findings) -> dict[str, Any]:
    passes = work(example.derivation, example.point)
    rate = number(example.point.exact_rate)[0]
    teller = Teller(example.derivation, passes, rate)
    names = Names(example.derivation)
    before, after = teller.loss(0), teller.loss(1)
    return {
        "title": " ".join(example.title.split()),
        "text": [" ".join(part.split()) for part in example.text.split("\n\n")],
        "symbols": teller.symbols(),
        "givens": teller.givens(),
        "forward": teller.forward(),
        "backward": teller.backward(),
        "updates": teller.updates(),
        "rate": rate,
        "loss_before": _valued(before),
        "loss_after": _valued(after),
        "outcome": teller.outcome(),
        "figures": [_figure(entry, names) for entry in findings.accounts],
        "drawn": findings.drawn,
        "by_hand": _verdict(findings.by_hand, names),
        "derived": _verdict(findings.derived, names),
        "kernel": example.derivation.compile().source.strip(),
        "code": example.code,
    }


def _valued(loss: tuple[str, bool]) -> str:
    text, exact = loss
    return ("L = " if exact else r"L \approx ") + text


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


def _figure(entry: Account, names: Names) -> dict[str, Any]:
    figure = entry.figure
    shape = np.shape(figure.printed)
    exact = np.empty(len(entry.exact), dtype=object)
    exact[:] = entry.exact
    # What a truncated or carried print says otherwise than rounding the exact value would.
    off = [
        {"printed": text, "exact": number(value)[0]}
        for text, value in zip(figure.texts, entry.exact, strict=True)
        if rounded(value, decimals_of(text)) != Fraction(text)
    ]
    return {
        "name": names.whole(figure.of),
        "after": figure.after,
        "printed": printed_latex(figure.printed),
        "exact": array_latex(exact.reshape(shape) if shape else entry.exact[0])[0],
        "relation": figure.relation,
        "carry": figure.carry,
        "off": off,
    }
