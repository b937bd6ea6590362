"""What appears on the terminal: colour where there is one, plain text in a pipe, progress on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import Timer
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, track
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from symnn.cli.escape import quoted
from symnn.cli.finding import Finding, counted
from symnn.derivation import Derivation, Merge, Path, SlopeInOutput
from symnn.equations.reading import text_of
from symnn.report.explanation import explained_text
from symnn.verification import Verdict

Item = TypeVar("Item")

PATIENCE = 1.0
"""After how many seconds a person is shown that something goes on."""

out = Console()
err = Console(stderr=True)

_STYLES = {"equal": "green", "different": "red", "undecided": "yellow", "unusable": "red", "verified": "green"}


def error(message: str) -> None:
    """Print an error for the user on standard error."""
    err.print(Text("error: ", style="bold red") + Text(message), soft_wrap=True)


def note(message: str) -> None:
    """Print a remark for the user on standard error."""
    err.print(Text(message), soft_wrap=True)


def progress(items: Sequence[Item], what: str) -> Iterable[Item]:
    """Yield the items with a progress bar on standard error while there is someone to see it."""
    return track(items, description=what, console=err, transient=True, disable=not err.is_terminal)


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show a bar with the time on standard error, after a second, while there is someone to see it."""
    if not err.is_terminal:
        yield
        return
    columns = TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn()
    bar = Progress(*columns, console=err, transient=True)
    bar.add_task(what, total=None)
    later = Timer(PATIENCE, bar.start)
    later.start()
    try:
        yield
    finally:
        later.cancel()
        later.join()
        bar.stop()


def listing(rows: Sequence[dict[str, Any]]) -> None:
    """Print the table of derivations; in a pipe every row is one line."""
    cells = [(row["name"], ", ".join(map(str, row["systems"])), row["state"], row["title"]) for row in rows]
    _table(("name", "systems", "state", "title"), cells, styled=2)


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]], styled: int) -> None:
    """Print rows under their columns, one of them coloured by what it says; only the last may fold."""
    if not out.is_terminal:
        _plain_table([columns, *rows])
        return
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    for column in columns:
        table.add_column(column, no_wrap=column != columns[-1], overflow="fold")
    for row in rows:
        styles = {styled: _STYLES.get(row[styled], "red")}
        table.add_row(*(Text(cell, style=styles.get(place, "")) for place, cell in enumerate(row)))
    out.print(table)


def _plain_table(cells: Sequence[Sequence[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for line in cells:
        text = "   ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        out.print(Text(text.rstrip()), soft_wrap=True)


def print_printed(finding: Finding) -> None:
    """Print on standard error what a file printed while it ran, each line behind the file's name."""
    if finding.printed:
        sys.stderr.write(f"{quoted(finding.file, finding.printed)}\n")
        sys.stderr.flush()


def print_finding(finding: Finding, named: bool) -> None:
    """Print what came of one file: the verdict, under the file's name if asked to, or why there is none."""
    if finding.verdict is None:
        known = not named or finding.file in finding.problem
        error(finding.problem if known else f"{finding.file}: {finding.problem}")
        return
    if named:
        out.print(Text(finding.file, style="bold"), soft_wrap=True)
    print_verdict(finding.verdict)
    if named:
        out.print()


def print_summary(findings: Sequence[Finding]) -> None:
    """Print a line for each file, and how many are in each state."""
    rows = [(finding.file, finding.state, finding.summary) for finding in findings]
    _table(("file", "verdict", "summary"), rows, styled=1)
    out.print(Text(f"\n{counted([finding.state for finding in findings])}"), soft_wrap=True)


def write(text: str) -> None:
    """Write text for a machine to standard output as it is; what the encoding lacks stands there as its code."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(f"{text}\n".encode(encoding, "backslashreplace").decode(encoding))
    sys.stdout.flush()


def print_verdict(verdict: Verdict) -> None:
    """Print a verdict as its text, the mark and the outcome coloured."""
    text = Text(str(verdict))
    text.highlight_regex(rf"^{verdict.verdict}\b", f"bold {_STYLES[verdict.verdict]}")
    for mark, style in (("✓", "green"), ("✗", "red"), (r"\?", "yellow")):
        text.highlight_regex(rf"(?m)^ *{mark}", style)
    out.print(text, soft_wrap=True)


def print_explanation(finding: Finding) -> None:
    """Print the code of a gradient with what each line leaves, marks coloured."""
    if not finding.lines:
        note("what the lines leave is not known: the code does not run line by line")
        return
    text = Text(f"\n{explained_text(finding.lines)}")
    text.highlight_regex("✓[^;\\n]*", "green")
    text.highlight_regex("✗[^;\\n]*", "red")
    text.highlight_regex(r"(?m)^ *\d+>", "bold red")
    out.print(text, soft_wrap=True)


def print_difference(diff: str) -> None:
    """Print a unified diff, coloured where there is colour."""
    out.print(Syntax(diff, "diff", background_color="default") if out.is_terminal else Text(diff), soft_wrap=True)


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
