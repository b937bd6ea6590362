"""The command line: thin commands over the floors below, and the one place that prints and exits.

Exit status: 0 equal or done, 1 different, 2 wrong usage or input, 3 undecided, 70 a fault of symnn itself, 141 where
nobody reads on.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Sequence
from importlib.metadata import version as installed
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from symnn.cli.checking import Level, Request, findings
from symnn.cli.examining import outcome, wanted_of
from symnn.cli.finding import UNUSABLE, Finding
from symnn.cli.fixing import contents_of, write_all
from symnn.cli.formats import WRITERS, Format
from symnn.cli.helping import let_help_flow, names_of
from symnn.cli.marking import mark_
from symnn.cli.reporting import add_pdf, is_wanted, rows_of, symbols_of
from symnn.cli.screen import (
    error,
    listing,
    note,
    out,
    print_derivation,
    print_difference,
    print_explanation,
    print_finding,
    print_printed,
    print_summary,
    print_verdict,
    progress,
    working,
    write,
)
from symnn.cli.streams import open_streams, stop_writing
from symnn.derivation import derive
from symnn.errors import InputError, SymnnError
from symnn.exam.exports import EXPORTS
from symnn.exam.writing import write_exam
from symnn.library import check, example_of, load, names
from symnn.network import read_network
from symnn.report import AUDIENCES, DETAILS, FRACTIONS, NOTATIONS, STYLES, Asked, write_report
from symnn.report.explanation import explained_page, write_explanation
from symnn.report.files import check_writable
from symnn.report.form import MOST
from symnn.report.pdf import HINT
from symnn.sandbox import GIGABYTE, Limits
from symnn.verification import EFFORT
from symnn.verification.evidence import Mistake

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

MOST_SEED = 2**63 - 1
"""The largest seed: what every program that reads a key or a report can hold."""

OutDir = Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to write into; made if it is missing.")]
Seed = Annotated[int, typer.Option(help="Seed of the points and directions that are drawn.", min=0, max=MOST_SEED)]


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
    derivation = derive(read_network(name)) if name.endswith(".toml") else example_of(name).derivation
    print_derivation(derivation)


@app.command("report")
def report_(
    name: Annotated[
        str,
        typer.Argument(
            help="A derivation, such as or-gate; a network with its numbers as a .toml file; or a .py file."
        ),
    ],
    out_dir: OutDir,
    style: Annotated[str | None, typer.Option(help=rows_of("How it is told", STYLES))] = None,
    notation: Annotated[str | None, typer.Option(help=rows_of("How it is written", NOTATIONS))] = None,
    audience: Annotated[str | None, typer.Option(help=rows_of("Who it is for", AUDIENCES))] = None,
    detail: Annotated[str | None, typer.Option(help=rows_of("How much is told", DETAILS))] = None,
    decimals: Annotated[int | None, typer.Option(help="Decimals of a number that is rounded.", min=0, max=MOST)] = None,
    digits: Annotated[
        int | None, typer.Option(help="Significant digits of a number, instead of decimals.", min=1, max=MOST)
    ] = None,
    fractions: Annotated[str | None, typer.Option(help=rows_of("What is shown as a fraction", FRACTIONS))] = None,
    symbol: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=LATEX", help=r"A symbol of your own, such as W=\theta or rate=\eta; may be repeated."
        ),
    ] = None,
    template: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="A folder of templates that go before those of symnn: docs/templates.md."),
    ] = None,
    pdf: Annotated[
        bool | None,
        typer.Option("--pdf/--no-pdf", help="Whether to make a PDF; by default where pdflatex is installed."),
    ] = None,
) -> None:
    """Write the worked solution of a derivation as LaTeX, HTML and PDF, or the sheet or the slides that go with it.

    What is not asked for is as the derivation's file declares.

    The PDF is made by pdflatex, without its shell and under limits; a line says how to get it where it is missing. If
    TeX finds an error, the LaTeX and the page are there all the same, and the status is 2.

    A .py file is a derivation of your own, as those in derivations/: it is run, with your rights. A .toml file is only
    read.
    """
    makes_pdf = is_wanted(pdf)
    check_writable(out_dir)
    example = example_of(name)
    asked: Asked = {
        "style": style,
        "notation": notation,
        "audience": audience,
        "detail": detail,
        "decimals": decimals,
        "digits": digits,
        "fractions": fractions,
        "symbols": symbols_of(symbol or []),
        "templates": template,
    }
    with working(f"writing {name}"):
        paths = write_report(example, out_dir, **asked)
    for path in paths:
        out.print(str(path), soft_wrap=True, highlight=False)
    if makes_pdf:
        with working(f"typesetting {name}"):
            made = add_pdf(paths)
        out.print(str(made), soft_wrap=True, highlight=False)
    elif pdf is None:
        note(HINT)


@app.command("exam")
def exam_(
    file: Annotated[
        Path, typer.Argument(metavar="FILE.toml", help="A problem set; docs/exams.md says how it is written.")
    ],
    out_dir: OutDir,
    count: Annotated[int, typer.Option("--variants", help="How many variants the set has.", min=1, max=10**6)] = 1,
    seed: Annotated[int, typer.Option(help="The same seed makes the same variants.", min=0, max=MOST_SEED)] = 0,
    only: Annotated[
        int | None, typer.Option(help="The number of the one variant to be made.", min=1, max=10**6)
    ] = None,
    form: Annotated[
        str | None,
        typer.Option(
            "--format", metavar="NAMES", help="latex, html or both with a comma; of many variants only latex."
        ),
    ] = None,
    export: Annotated[
        str | None, typer.Option(metavar="NAMES", help=rows_of("What else is written, with commas between", EXPORTS))
    ] = None,
    pdf: Annotated[bool, typer.Option("--pdf/--no-pdf", help="Whether to typeset every sheet and key.")] = False,
    jobs: Annotated[int, typer.Option(help="How many processes make variants; 0 for one a core.", min=0, max=1000)] = 1,
    force: Annotated[bool, typer.Option("--force", help="Replace the folder of an earlier run.")] = False,
) -> None:
    """Write variants of a problem set: student's sheets, keys, exports, an index, and the stress test of all answers.

    The folder appears when everything is written. If an answer does not stand the test, the status is 1.
    """
    wanted = wanted_of(count, seed, only, form, export, pdf, jobs)
    with working(f"writing {file}"):
        stress = write_exam(file, wanted, out_dir, force=force)
    out.print(outcome(out_dir, stress), soft_wrap=True, highlight=False, markup=False)
    if not stress.holds:
        raise typer.Exit(EXIT["different"])


@app.command("verify")
def verify_(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="Python files with loss, grad and example(), or target.")
    ],
    points: Annotated[int, typer.Option(help="How many points to look at.", min=1, max=10**4)] = 2,
    seed: Seed = 0,
    level: Annotated[Level, typer.Option(metavar="LEVEL", help=names_of("The evidence asked for", Level))] = (
        Level.CERTIFIED
    ),
    form: Annotated[
        Format,
        typer.Option("--format", metavar="NAME", help=names_of("Text for people; the others for machines", Format)),
    ] = Format.TEXT,
    jobs: Annotated[int, typer.Option(help="How many files to check at once; 0 for one a core.", min=0, max=1000)] = 1,
    timeout: Annotated[
        float,
        typer.Option(
            help="How many seconds the code of one file may run; one call may take a quarter.", min=0.1, max=10**6
        ),
    ] = Limits.seconds,
    memory: Annotated[
        float, typer.Option(help="How many gigabytes the code of one file may ask for.", min=0.5, max=10**6)
    ] = Limits.memory / GIGABYTE,
    effort: Annotated[
        float,
        typer.Option(help="How many seconds to try small edits of a wrong gradient; 0 for none.", min=0, max=10**6),
    ] = EFFORT,
    fix: Annotated[
        bool, typer.Option("--fix", help="Write the edit that makes a gradient right, after showing it and asking.")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Print the gradient's code with what each line leaves: which derivative.")
    ] = False,
    page: Annotated[
        Path | None, typer.Option("--explain-to", metavar="FILE.html", help="Write that as a page, of one file.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="With --fix: do not ask.")] = False,
) -> None:
    """Check the gradients in Python files against exact derivatives of their losses.

    Each file runs in a process of its own, under limits; the verdict is computed in this one.
    """
    request = Request(points, seed, level, Limits(timeout, int(memory * GIGABYTE)), effort, explain or page is not None)
    if (fix or explain) and form is not Format.TEXT:
        option = "--fix" if fix else "--explain"
        raise InputError(f"{option} is for people, and --format {form.value} for machines: leave one out")
    several, found = len(files) > 1, []
    if page is not None and several:
        raise InputError("--explain-to writes the page of one file: give one")
    told = findings(files, request, jobs)
    for file in files:
        with working(f"checking {file}"):
            finding = next(told)
        found.append(finding)
        print_printed(finding)
        if form is Format.TEXT:
            print_finding(finding, named=several)
            if explain:
                print_explanation(finding)
        if fix and (mistakes := () if finding.verdict is None else finding.verdict.diagnosis.mistakes):
            found[-1] = _fixed(finding, request, mistakes, yes)
    if page is not None:
        _write_page(page, found[0])
    if form is not Format.TEXT:
        write(WRITERS[form](found))
    elif several:
        print_summary(found)
    states = {finding.state for finding in found}
    if any(finding.fault for finding in found):
        raise typer.Exit(FAULT)
    raise typer.Exit(next(status for state, status in EXIT.items() if state in states))


def _write_page(path: Path, finding: Finding) -> None:
    if finding.verdict is None or not finding.lines:
        raise InputError(f"there is nothing to explain of {finding.file}: its code does not run line by line")
    write_explanation(path, explained_page(finding.file, finding.verdict, finding.lines))
    note(f"written: {path}")


def _fixed(finding: Finding, request: Request, mistakes: Sequence[Mistake], is_sure: bool) -> Finding:
    """What comes of a file once the edits are written into it, or the same where they are not to be."""
    contents = contents_of(Path(finding.file), mistakes)
    verdict = finding.verdict
    print_difference("" if verdict is None else verdict.diagnosis.repair)
    if not (is_sure or typer.confirm(f"Write this to {' and '.join(map(str, contents))}?", err=True)):
        return finding
    write_all(contents)
    (again,) = findings([Path(finding.file)], request)
    print_finding(again, named=False)
    return again


app.command("mark")(mark_)


@app.command()
def demo(out_dir: OutDir = Path("symnn-demo")) -> None:
    """Derive the OR gate, verify its hand-written backprop, and write its worked solution."""
    check_writable(out_dir)
    example = load("or-gate")
    out.rule(example.title)
    print_derivation(example.derivation)
    out.rule("Verification of the hand-written backprop")
    with working("checking"):
        findings = check(example)
    verdict = findings.derived if findings.by_hand is None else findings.by_hand
    print_verdict(verdict)
    out.rule("Worked solution")
    paths = write_report(example, out_dir, findings)
    for path in paths:
        out.print(str(path), soft_wrap=True, highlight=False)
    out.print(f"\nOpen {paths[-1]} in a browser.", soft_wrap=True, highlight=False)
    raise typer.Exit(EXIT[verdict.verdict])


let_help_flow(app)


def main() -> None:
    """Run the command line; every error meant for the user becomes text and an exit status."""
    open_streams()
    try:
        try:
            app()
        finally:
            # Here, so that a full disk or a reader that has gone is met while it can be told.
            sys.stdout.flush()
    except SymnnError as problem:
        _leave(USAGE, str(problem))
    except KeyboardInterrupt:
        _leave(130, "interrupted")
    except OSError as problem:
        stop_writing(sys.stdout)
        _leave(USAGE, f"cannot write: {problem.strerror}")
    except Exception as problem:
        frame = traceback.extract_tb(problem.__traceback__)[-1]
        place = f"{Path(frame.filename).name}:{frame.lineno}, in {frame.name}"
        _leave(
            FAULT, f"this is a fault of symnn, please report it\n  {type(problem).__name__}: {problem}\n  at {place}"
        )


def _leave(status: int, message: str) -> NoReturn:
    try:
        error(message)
    except OSError:
        # The status says it where the screen cannot: Python's own would read as a verdict.
        stop_writing(sys.stderr)
    sys.exit(status)
