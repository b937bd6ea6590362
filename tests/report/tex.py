"""Running pdflatex on a text, and reading what its log complains about."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.needs import require

OVERFULL = re.compile(r"^Overfull \\[hv]box \((\d+(?:\.\d+)?)pt too (?:wide|high)\).*", re.MULTILINE)
# An undefined reference or citation, a label given twice, labels that have not settled, a character without a glyph.
WARNING = re.compile(
    r"^(?:(?:LaTeX|Package \w+) Warning: .*(?:undefined|multiply|may have changed).*|Missing character: .*)",
    re.MULTILINE,
)
ALLOWED = 10.0
"""Points by which a box may stick out: a third of a character of the margin's width."""


def complaints(log: str) -> tuple[str, ...]:
    r"""Return what a log complains of without stopping: boxes that stick out, undefined references, missing glyphs.

    >>> complaints("Overfull \\hbox (9.9pt too wide) in x\nOverfull \\hbox (10.1pt too wide) in y")
    ('Overfull \\hbox (10.1pt too wide) in y',)
    """
    boxes = [found[0] for found in OVERFULL.finditer(log) if float(found[1]) > ALLOWED]
    return (*boxes, *(found[0] for found in WARNING.finditer(log)))


def require_pdflatex() -> str:
    """Return pdflatex; where there is none, skip by name, or fail if the environment says that it must be there."""
    require("tex")
    return str(shutil.which("pdflatex"))


@dataclass(frozen=True)
class Log:
    """What pdflatex said."""

    text: str
    made: bool

    @property
    def errors(self) -> list[str]:
        return [line for line in self.text.splitlines() if line.startswith("! ")]

    @property
    def undefined(self) -> list[str]:
        return [line for line in self.text.splitlines() if "undefined" in line.lower()]

    @property
    def overfull(self) -> list[float]:
        return [float(size) for size in OVERFULL.findall(self.text) if float(size) > ALLOWED]

    @property
    def complaints(self) -> list[object]:
        return [*self.errors, *self.undefined, *self.overfull, *([] if self.made else ["no PDF"])]


def compiled(text: str, folder: Path) -> Log:
    """Compile a document as an untrusted one: no shell, no file outside the folder, one minute at most."""
    program = require_pdflatex()
    (folder / "document.tex").write_text(text, encoding="utf-8", newline="\n")
    environment = {**os.environ, "openin_any": "p", "openout_any": "p", "max_print_line": "1000"}
    subprocess.run(  # noqa: S603 -- a fixed command in a folder of the test
        [program, "-interaction=nonstopmode", "-no-shell-escape", "document.tex"],
        cwd=folder,
        env=environment,
        capture_output=True,
        timeout=60,
        check=False,
    )
    log = (folder / "document.log").read_text(encoding="utf-8", errors="replace")
    return Log(log, (folder / "document.pdf").is_file())


def document(body: str) -> str:
    """Return a body of text as a document with the packages of a report."""
    return (
        "\\documentclass[11pt,a4paper]{article}\n\\usepackage[utf8]{inputenc}\n\\usepackage{amsmath,amssymb}\n"
        "\\usepackage[margin=22mm]{geometry}\n\\begin{document}\n" + body + "\n\\end{document}\n"
    )
