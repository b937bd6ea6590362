"""What appears on the terminal: colour where there is one, plain text in a pipe, progress on standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import track
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from symnn.derive import Derivation, Merge, Path, SlopeInOutput
from symnn.equations.reading import text_of
from symnn.verify import Verdict

Item = TypeVar("Item")

READER_GONE = 141


class _Screen(Console):
    def on_broken_pipe(self) -> None:
        # Rich leaves with status 1, which would read as a verdict.
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(READER_GONE)


out = _Screen()
err = _Screen(stderr=True)

_STYLES = {"equal": "green", "different": "red", "undecided": "yellow", "verified": "green"}


def error(message: str) -> None:
    """Print an error for the user on standard error."""
    err.print(Text("error: ", style="bold red") + Text(message), soft_wrap=True)


def progress(items: Sequence[Item], what: str) -> Iterable[Item]:
    """Yield the items with a progress bar on standard error while there is someone to see it."""
    return track(items, description=what, console=err, transient=True, disable=not err.is_terminal)


def working(what: str) -> AbstractContextManager[object]:
    """Return a context that shows a spinner on standard error while there is someone to see it."""
    return err.status(what) if err.is_terminal else nullcontext()


def listing(rows: Sequence[dict[str, Any]]) -> None:
    """Print the table of derivations; in a pipe every row is one line."""
    if not out.is_terminal:
        _plain_listing(rows)
        return
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    for column in ("name", "systems", "state", "title"):
        table.add_column(column, no_wrap=column != "title", overflow="fold")
    for row in rows:
        systems = ", ".join(map(str, row["systems"]))
        state = Text(row["state"], style=_STYLES.get(row["state"], "red"))
        table.add_row(row["name"], systems, state, row["title"])
    out.print(table)


def _plain_listing(rows: Sequence[dict[str, Any]]) -> None:
    cells = [
        ("name", "systems", "state", "title"),
        *((row["name"], ", ".join(map(str, row["systems"])), row["state"], row["title"]) for row in rows),
    ]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for line in cells:
        text = "   ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        out.print(Text(text.rstrip()), soft_wrap=True)


def print_verdict(verdict: Verdict) -> None:
    """Print a verdict as its text, the mark and the outcome coloured."""
    text = Text(str(verdict))
    text.highlight_regex(rf"^{verdict.verdict}\b", f"bold {_STYLES[verdict.verdict]}")
    for mark, style in (("✓", "green"), ("✗", "red"), (r"\?", "yellow")):
        text.highlight_regex(rf"(?m)^ *{mark}", style)
    out.print(text, soft_wrap=True)


def print_derivation(derivation: Derivation) -> None:
    """Print the forward equations, the gradients in order, and the kernel."""
    out.print(Text("Forward", style="bold"))
    for equation in derivation.program.equations:
        out.print(Text(f"  {equation}"), soft_wrap=True)
    out.print(Text("\nBackward", style="bold"))
    for step in derivation.steps:
        for helper in step.helpers:
            out.print(Text(f"  {helper}"), soft_wrap=True)
        out.print(Text(f"  {step.result}"), soft_wrap=True)
        for path in step.paths:
            out.print(Text(f"      through {path.through}: {_said(path)}", style="dim"), soft_wrap=True)
    out.print(Text("\nKernel", style="bold"))
    source = derivation.compile().source.rstrip()
    if out.is_terminal:
        out.print(Syntax(source, "python", background_color="default"))
    else:
        out.print(Text(source), soft_wrap=True)


def _said(path: Path) -> str:
    """Return a path in a line: upstream times local, or the named rewrite."""
    if isinstance(path, Merge):
        return f"{path.rewrite}, {text_of(path.result.body)}"
    rewrite = f", the slope of {path.local.row} in its output" if isinstance(path.local, SlopeInOutput) else ""
    upstream, local = map(text_of, path.factors)
    return f"upstream {upstream}, local {local}{rewrite}"
