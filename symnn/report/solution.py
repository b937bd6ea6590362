"""The report of an example: its texts in every format, and its files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Unpack

from markupsafe import Markup

from symnn.library import Example, Exhibit, Findings, check
from symnn.report.context import context_of
from symnn.report.files import check_free, new_files, put
from symnn.report.render import render
from symnn.report.telling import Asked, Telling, telling_of

# The formats a report is written in, with the ending of their files.
FORMATS = {"latex": "tex", "html": "html"}

# What stands near the start of every LaTeX file and page of ours, and how near.
_MARKS = {".tex": b"\\symnnslanted", ".html": b" data-audience="}
_START = 4096


def report(example: Example, findings: Findings | None = None, **asked: Unpack[Asked]) -> dict[str, str]:
    """Return the report as text, by format; ``findings`` are computed if not given and wanted.

    What may be asked is in `Asked`: rows of the tables of styles, notations, audiences and details by name, how numbers
    are printed, symbols of one's own, and a folder of templates; what is not asked is as the example declares. Raises
    `InputError` for what cannot be had. The same arguments give the same text, byte for byte.
    """
    telling = telling_of(example, asked)
    return _texts(example, _exhibits(example, telling), findings, telling)


def report_files(example: Example, findings: Findings | None = None, **asked: Unpack[Asked]) -> dict[str, bytes]:
    """Return every file of the report by name, the page last; the arguments are those of `report`."""
    telling = telling_of(example, asked)
    exhibits = _exhibits(example, telling)
    texts = _texts(example, exhibits, findings, telling)
    pictures = {_picture_file(example, number): _pdf(one) for number, one in enumerate(exhibits, start=1)}
    stem = f"{example.name}{telling.suffix}"
    return {**pictures, **{f"{stem}.{FORMATS[kind]}": text.encode() for kind, text in texts.items()}}


def write_report(example: Example, out: Path, findings: Findings | None = None, **asked: Unpack[Asked]) -> list[Path]:
    """Write the report into a folder, made if it is missing; return the files written, the page last.

    The arguments are those of `report`. The LaTeX file takes its pictures from files beside it. All files appear, or
    none. Raises `InputError` if the folder cannot be written to, and for a file of the same name that is no report.
    """
    stem = f"{example.name}{telling_of(example, asked).suffix}"
    check_free((out / f"{stem}.{ending}" for ending in (*FORMATS.values(), "pdf")), is_report)
    with new_files(out, is_report) as staged:
        files = report_files(example, findings, **asked)
        for name, content in files.items():
            put(staged, name, content)
    return [out / name for name in files]


def is_report(path: Path) -> bool:
    """Return whether a file is one of a report: its LaTeX, its page, a picture, or the PDF that was made of it."""
    start = path.read_bytes()[:_START]
    if path.suffix != ".pdf":
        return _MARKS.get(path.suffix, b"\0") in start
    # A picture stands beside the LaTeX that takes it in, a PDF beside the LaTeX that it was made of.
    stem = re.sub(r"-\d+$", "", path.stem)
    beside = (one for one in path.parent.glob("*.tex") if one.stem.startswith(stem))
    return start.startswith(b"%PDF-") and any(map(is_report, beside))


def _exhibits(example: Example, telling: Telling) -> tuple[Exhibit, ...]:
    return example.exhibits() if "pictures" in telling.parts else ()


# Drawing needs matplotlib, which takes a quarter of the time in which symnn starts, and most commands draw nothing.


def _svg(exhibit: Exhibit, salt: str) -> Markup:
    from symnn.report.plots import svg  # noqa: PLC0415 -- see above

    return svg(exhibit, salt)


def _pdf(exhibit: Exhibit) -> bytes:
    from symnn.report.plots import pdf  # noqa: PLC0415 -- see above

    return pdf(exhibit)


def _texts(
    example: Example, exhibits: tuple[Exhibit, ...], findings: Findings | None, telling: Telling
) -> dict[str, str]:
    wants = not telling.audience.blank
    context = context_of(example, (findings or check(example)) if wants else None, telling)
    context["exhibits"] = [
        {"caption": one.caption, "file": _picture_file(example, number), "svg": _svg(one, f"{example.name}-{number}")}
        for number, one in enumerate(exhibits, start=1)
    ]
    template = telling.audience.template
    blocks = {"latex": telling.audience.latex, "html": "html"}
    return {kind: render(template, kind, context, blocks=blocks[kind], folder=telling.templates) for kind in FORMATS}


def _picture_file(example: Example, number: int) -> str:
    return f"{example.name}-{number}.pdf"
