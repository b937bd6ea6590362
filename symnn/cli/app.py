"""The command line: thin commands over the floors below, and the one place that prints and exits.

Exit status: 0 equal or done, 1 different, 2 wrong usage or input, 3 undecided, 70 a fault of symnn itself.
"""

from __future__ import annotations

import contextlib
import json
import sys
import traceback
from collections.abc import Mapping
from importlib.metadata import version as installed
from pathlib import Path
from typing import Annotated

import typer

from symnn.cli.formats import UNUSABLE, WRITERS, Finding, Format
from symnn.cli.screen import (
    error,
    listing,
    out,
    print_derivation,
    print_finding,
    print_summary,
    print_verdict,
    progress,
    working,
    write,
)
from symnn.cli.target import opened
from symnn.derive import derive
from symnn.errors import InputError, SymnnError
from symnn.library import check, load, names
from symnn.network import read_network
from symnn.report import NOTATIONS, STYLES, Notation, Style, write_report
from symnn.verify import verify

USAGE = 2
EXIT = {UNUSABLE: USAGE, "different": 1, "undecided": 3, "equal": 0}
"""The status by state; of several files, the first state here that one of them is in gives the status."""
FAULT = 70
"""The status of a crash: never one that could be read as a verdict."""

# The commands.
app = typer.Typer(
    help="Exact derivatives of neural networks: worked solutions, NumPy kernels, certified checks of backprop.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

OutDir = Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to write into; made if it is missing.")]
Seed = Annotated[int, typer.Option(help="Seed of the points and directions that are drawn.", min=0)]


def _rows(what: str, table: Mapping[str, Style] | Mapping[str, Notation]) -> str:
    """Return the help of an option that takes the name of a row: each name with what it says."""
    return f"{what}. " + ". ".join(f"{name}: {row.says}" for name, row in table.items()) + "."


@app.callback(invoke_without_command=True)
def _version(version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False) -> None:
    if version:
        out.print(f"symnn {installed('symnn')}")
        raise typer.Exit


@app.command("list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False) -> None:
    """List the derivations, each checked as it is listed."""
    rows = []
    for name in progress(names(), "checking"):
        example = load(name)
        rows.append(
            {"name": name, "title": example.title, "systems": list(example.systems), "state": check(example).state}
        )
    if as_json:
        out.print_json(json.dumps(rows)) if sys.stdout.isatty() else print(json.dumps(rows, indent=2))
    else:
        listing(rows)
    if any(row["state"] != "verified" for row in rows):
        raise typer.Exit(EXIT["different"])


@app.command("derive")
def derive_(
    name: Annotated[str, typer.Argument(help="A derivation, such as or-gate, or a network as a .toml file.")],
) -> None:
    """Print the equations of a network, the steps of its gradient, and the NumPy kernel."""
    derivation = derive(read_network(name)) if name.endswith(".toml") else load(name).derivation
    print_derivation(derivation)


@app.command("report")
def report_(
    name: Annotated[str, typer.Argument(help="A derivation, such as or-gate.")],
    out_dir: OutDir,
    style: Annotated[str | None, typer.Option(help=_rows("How it is told", STYLES))] = None,
    notation: Annotated[str | None, typer.Option(help=_rows("How it is written", NOTATIONS))] = None,
) -> None:
    """Write the worked solution of a derivation as LaTeX and HTML, by default in the style that it declares."""
    example = load(name)
    with working(f"writing {name}"):
        paths = write_report(example, out_dir, style=style, notation=notation)
    for path in paths:
        out.print(str(path), soft_wrap=True, highlight=False)


@app.command("verify")
def verify_(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Python files with loss, grad and example().")],
    points: Annotated[int, typer.Option(help="How many points to look at.", min=1)] = 2,
    seed: Seed = 0,
    form: Annotated[Format, typer.Option("--format", help="Text for people; the others for machines.")] = Format.TEXT,
) -> None:
    """Check the gradients in Python files against exact derivatives of their losses."""
    several, findings = len(files) > 1, []
    for file in files:
        finding = _finding(file, points, seed, quiet=form is not Format.TEXT)
        findings.append(finding)
        if form is Format.TEXT:
            print_finding(finding, named=several)
    if form is not Format.TEXT:
        write(WRITERS[form](findings))
    elif several:
        print_summary(findings)
    states = {finding.state for finding in findings}
    raise typer.Exit(next(status for state, status in EXIT.items() if state in states))


def _finding(file: Path, points: int, seed: int, quiet: bool) -> Finding:
    """Return what came of one file; what it prints goes to standard error where standard output is for a machine."""
    with contextlib.redirect_stdout(sys.stderr) if quiet else contextlib.nullcontext(), working(f"checking {file}"):
        try:
            with opened(file) as target:
                verdict = verify(
                    target.loss, target.grad, *target.arguments, network=target.network, points=points, seed=seed
                )
        except InputError as problem:
            return Finding(str(file), problem=str(problem))
    return Finding(str(file), verdict)


@app.command()
def demo(out_dir: OutDir = Path("symnn-demo")) -> None:
    """Derive the OR gate, verify its hand-written backprop, and write its worked solution."""
    example = load("or-gate")
    out.rule(example.title)
    print_derivation(example.derivation)
    out.rule("Verification of the hand-written backprop")
    with working("checking"):
        findings = check(example)
    print_verdict(findings.by_hand)
    out.rule("Worked solution")
    paths = write_report(example, out_dir, findings)
    for path in paths:
        out.print(str(path), soft_wrap=True, highlight=False)
    out.print(f"\nOpen {paths[-1]} in a browser.", soft_wrap=True, highlight=False)
    raise typer.Exit(EXIT[findings.by_hand.verdict])


def main() -> None:
    """Run the command line; every error meant for the user becomes text and an exit status."""
    try:
        app()
    except SymnnError as problem:
        error(str(problem))
        sys.exit(USAGE)
    except KeyboardInterrupt:
        error("interrupted")
        sys.exit(130)
    except OSError as problem:
        error(f"cannot write: {problem.strerror}")
        sys.exit(USAGE)
    except Exception as problem:
        frame = traceback.extract_tb(problem.__traceback__)[-1]
        place = f"{Path(frame.filename).name}:{frame.lineno}, in {frame.name}"
        error(f"this is a fault of symnn, please report it\n  {type(problem).__name__}: {problem}\n  at {place}")
        sys.exit(FAULT)
