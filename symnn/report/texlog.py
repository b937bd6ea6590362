"""The log of a TeX run, read: the first error as one message that can be acted upon."""

from __future__ import annotations

import re
from dataclasses import dataclass

from symnn.errors import aligned
from symnn.report.escape import visible

MOST_SHOWN = 160
"""Characters of a line of source that an error shows."""
PACKAGES = "texlive-latex-recommended texlive-pictures"
"""The packages of Debian with all that a report needs."""

# The program stands before what pdfTeX itself cannot do.
_ERROR = re.compile(r"^(?:(?P<file>[^\s:!][^:]*):(?P<line>\d+): |! ?)(?:pdfTeX error: \S*pdflatex:? )?(?P<said>.+)$")
_GOES_ON = re.compile(r"^(?:\(\w+\))?\s{10,}(?P<said>\S.*)$")
_CONTEXT = re.compile(r"^l\.(?P<line>\d+) ?(?P<before>.*)$")

# What TeX says, and what whoever reads it can do. The first that fits counts.
_ADVICE = (
    (r"File `[^']*\.(?:sty|cls|def|clo|fd|tex|ltx)' not found", f"install what is missing, on Debian: {PACKAGES}"),
    (r"format file|fmtutil|I can't find", f"install LaTeX again, on Debian: {PACKAGES}"),
    (
        r"File `[^']*' not found|cannot find image",
        "put the picture beside the LaTeX file; nothing outside of its folder is read",
    ),
    (r"[Ff]ont .*not (?:found|load)|mktex", f"install the fonts of LaTeX, on Debian: {PACKAGES}"),
    (r"capacity exceeded|too many|too deeply", "the document is too large for TeX: ask for less detail"),
    (r"I can't write on file", "let the LaTeX file write nothing: only the folder of the run may be written to"),
    (r"^No pages of output", "give the document something to show"),
    (r"Unicode character", "write the character as text, which replaces what LaTeX lacks, or leave it out"),
)
_OTHERWISE = "mend the template that wrote this line; if it is symnn's own, please report it"


@dataclass(frozen=True)
class TexError:
    """The first error of a run: where it is, what TeX said, and how far it had read in the line."""

    said: str
    file: str = ""
    line: int = 0
    read: str = ""

    def told(self, name: str, source: str) -> str:
        r"""Return the error in a few lines; ``source`` is the text of the file ``name``, in which it most often is.

        >>> print(TexError("Undefined control sequence.", "a.tex", 2, r"x \no").told("a.tex", "\n" + r"x \no y"))
        pdflatex cannot set a.tex: Undefined control sequence.
          where      a.tex, line 2
          source     x \no y
          read till  x \no
          do         mend the template that wrote this line; if it is symnn's own, please report it
        """
        lines = source.split("\n")
        inside = lines[self.line - 1] if self.file == name and 0 < self.line <= len(lines) else ""
        place = f"{self.file or name}, line {self.line}" if self.line else self.file or name
        advice = next((what for said, what in _ADVICE if re.search(said, self.said)), _OTHERWISE)
        rows = [("where", place), ("source", inside), ("read till", self.read), ("do", advice)]
        shown = [(label, _shortened(visible(text.strip()))) for label, text in rows if text.strip()]
        return f"pdflatex cannot set {name}: {_shortened(visible(self.said))}\n{aligned(shown)}"


def first_error(log: str) -> TexError | None:
    r"""Return the first error in a log written with ``-file-line-error``, or None.

    >>> first_error("./a.tex:3: Undefined control sequence.\nl.3 x \\no\n          y\n")
    TexError(said='Undefined control sequence.', file='a.tex', line=3, read='x \\no')
    >>> first_error("This is pdfTeX")
    """
    lines = log.split("\n")
    for number, line in enumerate(lines):
        if found := _ERROR.match(line):
            said, after = found["said"], number + 1
            while after < len(lines) and (more := _GOES_ON.match(lines[after])):
                said, after = f"{said} {more['said']}", after + 1
            context = next(filter(None, map(_CONTEXT.match, lines[after : after + 20])), None)
            file = (found["file"] or "").removeprefix("./")
            line_number = int(found["line"] or (context["line"] if context else 0))
            return TexError(said, file, line_number, context["before"] if context else "")
    return None


def _shortened(text: str) -> str:
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 4]} ..."
