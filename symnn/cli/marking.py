"""The command that marks answers: files read, marks written, and what needs a person said."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from symnn.cli.mark_formats import WRITERS, MarkFormat, is_marks, listed_lines, status_of
from symnn.cli.screen import note, out, working, write
from symnn.exam.reading import read_problem_set
from symnn.grade import find_keys, mark_answers, read_answers
from symnn.report.files import new_file, put


def mark_(
    answers: Annotated[Path, typer.Argument(metavar="ANSWERS.csv", help="Columns student, variant, question, value.")],
    exam: Annotated[Path, typer.Option(metavar="FILE.toml", help="The problem file of the sheets.")],
    seed: Annotated[int, typer.Option(help="The seed that the variants were made with.", min=0, max=2**63 - 1)] = 0,
    keys: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The folder that symnn exam wrote: its keys, instead of a seed.")
    ] = None,
    form: Annotated[
        MarkFormat, typer.Option("--format", help="text for people; json; csv, a row a number; totals, a row a sheet.")
    ] = MarkFormat.TEXT,
    into: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="The file to write to.")] = None,
) -> None:
    """Mark the numbers that students gave: right, following from their own, or wrong, with the mistake named.

    Rows that cannot be read are listed with their line, the rest is marked, and the status is 3. docs/marking.md has
    what may stand in a row, and how points are earned.
    """
    place = nullcontext() if into is None else new_file(into, is_marks)
    # Before anything is marked: nobody should wait for marks that cannot be written.
    with place as hidden:
        given = read_answers(answers)
        problem_set = read_problem_set(exam)
        with working(f"marking {answers}"):
            marked = mark_answers(problem_set, given, seed, None if keys is None else find_keys(keys, problem_set))
        text = WRITERS[form](marked)
        if hidden is not None:
            put(hidden.parent, hidden.name, f"{text}\n".encode())
    if into is None:
        write(text)
    else:
        out.print(str(into), soft_wrap=True, highlight=False)
    if into is not None or form in {MarkFormat.CSV, MarkFormat.TOTALS}:
        # Nobody should have to open a file to learn that something was not read.
        for line in listed_lines(marked):
            note(line)
    raise typer.Exit(status_of(marked))
