"""PDF from the LaTeX of a report, by pdflatex in a folder of its own: no shell, no file outside, under limits.

The same files give the same bytes: the clock, the time zone, the locale, the folder and the user's own TeX files are
kept out of the run. Of the engines only pdflatex is used, because LuaLaTeX and its Lua read every file there is.

The fence is the second one: text is escaped before it gets here. It has a known hole, which matters for LaTeX that
somebody else has written: pdfTeX's ``\\pdfobj stream file`` puts any file you may read into the PDF, and no setting of
TeX forbids it. Nor can the command be taken away before the document is read: TikZ needs it, LaTeX keeps it under a
second name, and what a macro in its place would call, a document could call as well. docs/templates.md warns of it.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from symnn.errors import InputError, SymnnError, aligned
from symnn.report.texlog import PACKAGES, TexError, first_error

ENGINE = "pdflatex"
HINT = f"no PDF without {ENGINE}; on Debian: apt install {PACKAGES}"
"""What to do where there is no engine, in a line."""
SECONDS = 60.0
"""How long all passes of a document may take; a report of twenty pages takes two seconds."""
MEGABYTES = 64
"""How much a run may write, its log and its PDF together."""

# pdflatex needs a tenth of this, TikZ a quarter.
_MEMORY_MEGABYTES = 1024
_MOST_PASSES = 6
_TICK = 0.05
# The document has a name of ours during the run: TeX reads a file's name, and may read more in it than a name.
_JOB = "symnn-document"
_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")
# Written by one pass and read by the next.
_CARRIED = (".aux", ".toc", ".lof", ".lot", ".out", ".nav", ".snm", ".vrb")
# What is in these files when nothing is carried over.
_NOTHING = re.compile(rb"\\relax ?|\\gdef ?\\@abspage@last\{\d+\}")

_OPTIONS = ("-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "-file-line-error")
# A fixed text; its arguments are the blocks of 512 bytes, the kilobytes, and the command. Where the system cannot
# limit address space, as on macOS, TeX's own bounds remain.
_LIMITED = 'ulimit -c 0; ulimit -f "$1"; ulimit -v "$2" 2>/dev/null; shift 2; exec "$@"'


class TypesettingError(SymnnError):
    """A document could not be made into a PDF; the text says where, what TeX said, and what to do."""


@dataclass(frozen=True)
class Typeset:
    """A document as PDF, with the log of the last pass and how many passes it took."""

    pdf: bytes
    log: str
    passes: int


def find_engine() -> Path | None:
    """Return pdflatex, or None where it is not installed, or the system has no process groups to keep it in."""
    found = shutil.which(ENGINE) if os.name == "posix" else None
    return Path(found) if found else None


def pdf_of(files: Mapping[str, bytes], name: str) -> bytes:
    """Return the PDF of the LaTeX file ``name`` among ``files``; the others are pictures that it takes in.

    Raises `TypesettingError` where there is no engine, TeX finds an error, or a limit is reached, and `InputError` for
    a name that cannot be that of a picture. The same files give the same bytes.
    """
    return typeset(files, name).pdf


def typeset(
    files: Mapping[str, bytes], name: str, *, seconds: float = SECONDS, megabytes: float = MEGABYTES
) -> Typeset:
    """Return what `pdf_of` does, with the log; raise as it does."""
    engine = find_engine()
    if engine is None:
        raise TypesettingError(HINT)
    for other in files.keys() - {name}:
        if not _PLAIN_NAME.fullmatch(other) or other.startswith(_JOB):
            raise InputError(f"{other!r} cannot name a picture: use letters, digits, dots and hyphens")
    with tempfile.TemporaryDirectory(prefix="symnn-") as folder:
        here = Path(folder).resolve()
        for other in files.keys() - {name}:
            (here / other).write_bytes(files[other])
        (here / f"{_JOB}.tex").write_bytes(files[name])
        given = _size(here)
        run = _Run(engine, here, name, time.monotonic() + seconds, seconds, given + int(megabytes * 10**6))
        return _settled(run, files[name])


@dataclass(frozen=True)
class _Run:
    """One document in its folder, and what it may take."""

    engine: Path
    folder: Path
    name: str
    deadline: float
    seconds: float
    most: int

    def once(self) -> int:
        """Run the engine once and return its status; nothing that it started is left."""
        command = [str(self.engine), *_OPTIONS, f"{_JOB}.tex"]
        limits = [str(self.most // 512), str(_MEMORY_MEGABYTES * 1024)]
        with (self.folder / f"{_JOB}.said").open("wb") as said:
            process = subprocess.Popen(  # noqa: S603 -- a fixed text and a found program, in a folder of ours
                ["/bin/sh", "-c", _LIMITED, "sh", *limits, *command],
                cwd=self.folder,
                env=_environment(self.engine, self.folder),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            return self._ended(process)
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _ended(self, process: subprocess.Popen[bytes]) -> int:
        while True:
            try:
                status = process.wait(_TICK)
            except subprocess.TimeoutExpired:
                status = None
            if _size(self.folder) > self.most or status == -signal.SIGXFSZ:
                raise self.stopped("it wrote more than it may", f"{self.most / 1e6:.3g} MB with what it was given")
            if status is not None:
                return status
            if time.monotonic() > self.deadline:
                raise self.stopped("it took too long", f"{self.seconds:g} s for all passes")

    def stopped(self, why: str, limit: str) -> TypesettingError:
        rows = [("limit", limit), ("do", "ask for less detail, or run pdflatex on the LaTeX file yourself")]
        return TypesettingError(f"{ENGINE} was stopped at {self.name}: {why}\n{aligned(rows)}")

    def text(self, ending: str) -> str:
        path = self.folder / f"{_JOB}{ending}"
        return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""

    def carried(self) -> dict[str, bytes]:
        """Return what the next pass would read of this one, but for what is in every document."""
        found = {ending: self.folder / f"{_JOB}{ending}" for ending in _CARRIED}
        written = {
            ending: b"\n".join(line for line in path.read_bytes().split(b"\n") if not _NOTHING.fullmatch(line.strip()))
            for ending, path in found.items()
            if path.is_file()
        }
        return {ending: content for ending, content in written.items() if content.strip()}


def _settled(run: _Run, source: bytes) -> Typeset:
    before: dict[str, bytes] = {}
    for passes in range(1, _MOST_PASSES + 1):
        status = run.once()
        made = run.folder / f"{_JOB}.pdf"
        if status != 0 or not made.is_file():
            raise TypesettingError(_error(run, status).told(run.name, source.decode("utf-8", "replace")))
        after = run.carried()
        if after == before:
            return Typeset(made.read_bytes(), run.text(".log"), passes)
        before = after
    rows = [("passes", str(_MOST_PASSES)), ("do", "look for a reference that moves what it refers to")]
    raise TypesettingError(f"{run.name} is another document after every pass of {ENGINE}\n{aligned(rows)}")


def _error(run: _Run, status: int) -> TexError:
    found = first_error(run.text(".log")) or first_error(run.text(".said"))
    if found is None:
        # TeX did not get as far as the document, or found nothing in it.
        lines = [line.strip() for line in run.text(".said").splitlines() if line.strip()]
        last = [line for line in lines if line.startswith("No pages")] or lines[-1:]
        said = last[0] if last else "it said nothing"
        found = TexError(f"{said} (status {status})")
    file = found.file.replace(f"{_JOB}.tex", run.name)
    return TexError(found.said.replace(_JOB, Path(run.name).stem), file or run.name, found.line, found.read)


def _environment(engine: Path, folder: Path) -> dict[str, str]:
    """Return an environment in which TeX sees its own installation and the folder, and no clock."""
    nowhere = dict.fromkeys(("HOME", "TEXMFHOME", "TEXMFVAR", "TEXMFCONFIG"), str(folder / "home"))
    return {
        "PATH": os.pathsep.join([str(engine.parent), os.defpath]),
        "LC_ALL": "C",
        "TZ": "UTC",
        "SOURCE_DATE_EPOCH": "0",
        "FORCE_SOURCE_DATE": "1",
        # Paranoid: nothing above the folder, no absolute path but into it, no file that starts with a dot.
        "openin_any": "p",
        "openout_any": "p",
        "TEXMFOUTPUT": str(folder),
        # No program is run to make a font that is missing: its absence is an error.
        **dict.fromkeys(("MKTEXPK", "MKTEXTFM", "MKTEXMF", "MKTEXTEX"), "0"),
        # Whole lines in the log, and the whole of a line that has an error.
        "max_print_line": "10000",
        "error_line": "254",
        "half_error_line": "238",
        **nowhere,
    }


def _size(folder: Path) -> int:
    """Return how many bytes the files in a folder hold; one that goes while it is measured counts nothing."""
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(FileNotFoundError):
            total += path.lstat().st_size
    return total
