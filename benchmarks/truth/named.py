"""How many planted slips are found, put in the right line, and mended: ``python -m benchmarks.truth.named``."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from types import ModuleType

from rich.console import Console
from rich.table import Table

import symnn
from benchmarks.truth.slips import Slip, loaded, pairs, programs, restores, slips, text_of

COLUMNS = ("slips", "found", "line", "edit", "cause", "symptom", "nothing", "misleading", "undecided")


@dataclass(frozen=True)
class Answer:
    """What was told of a program: the verdict, the lines and the text that the edits make, and the sentence."""

    verdict: str
    lines: tuple[int, ...]
    text: str
    said: str
    seconds: float


def asked(module: ModuleType, text: str) -> Answer:
    """Return what symnn tells of a module."""
    start = time.process_time()
    verdict = symnn.verify(module.loss, module.grad, *module.example())
    seconds = time.process_time() - start
    edits = sorted(verdict.diagnosis.edits, key=lambda edit: -edit.start)
    lines = tuple(edit.line for edit in edits)
    mended = text
    for edit in edits:
        mended = mended[: edit.start] + edit.text + mended[edit.end :]
    return Answer(verdict.verdict, lines, mended if edits else "", str(verdict.diagnosis), seconds)


def judged(slip: Slip, answer: Answer, folder: Path) -> list[str]:
    """Return the columns that an answer counts in."""
    columns = ["slips", *(["found"] if answer.verdict == "different" else [])]
    columns += ["undecided"] if answer.verdict == "undecided" else []
    if not answer.text:
        return [*columns, "symptom" if answer.said else "nothing"]
    right = restores(answer.text, slip.program, folder)
    near = all(any(abs(line - told) <= 1 for told in answer.lines) for line in slip.lines)
    return [*columns, "cause", *(["line"] if near else []), "edit" if right else "misleading"]


def main() -> None:
    """Plant the slips, ask symnn about each, and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.truth.named", description=__doc__)
    parser.add_argument("--programs", nargs="+", choices=programs(), default=programs())
    parser.add_argument("--every", type=int, default=1, help="of the slips, each of so many")
    parser.add_argument("--pairs", action="store_true", help="two slips at once")
    parser.add_argument("--cases", action="store_true", help="list what was not put right")
    options = parser.parse_args()
    console = Console(highlight=False)
    table = Table("program", *COLUMNS, "median s", "largest s")
    total: Counter[str] = Counter()
    times: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for program in options.programs:
            counts: Counter[str] = Counter()
            seconds = []
            right = asked(loaded(text_of(program), folder), text_of(program))
            if right.verdict != "equal":
                console.print(f"{program} is right, and told {right.verdict}: {right.said}", style="red")
            made = (pairs if options.pairs else slips)(program, folder)
            for slip, answer, columns in _answers(made, options.every, folder):
                counts.update(columns)
                seconds.append(answer.seconds)
                if options.cases and not {"found", "line", "edit"} <= set(columns):
                    console.print(_told(slip, answer, columns), markup=False, soft_wrap=True)
            table.add_row(program, *(str(counts[one]) for one in COLUMNS), *_times(seconds))
            total.update(counts)
            times += seconds
    table.add_row("all", *(str(total[one]) for one in COLUMNS), *_times(times), style="bold")
    console.print(table)


def _answers(made: Iterable[Slip], every: int, folder: Path) -> Iterator[tuple[Slip, Answer, list[str]]]:
    for number, slip in enumerate(made):
        if number % every == 0:
            answer = asked(loaded(slip.text, folder), slip.text)
            yield slip, answer, judged(slip, answer, folder)


def _times(seconds: list[float]) -> tuple[str, str]:
    return (f"{median(seconds):.2f}", f"{max(seconds):.1f}") if seconds else ("", "")


def _told(slip: Slip, answer: Answer, columns: list[str]) -> str:
    rows = [f"{slip.program}: {', '.join(columns)}; {answer.seconds:.1f} s"]
    for kind, line, was, now in zip(slip.kinds, slip.lines, slip.was, slip.now, strict=True):
        rows.append(f"  {kind}, line {line}: {was!r} became {now!r}")
        rows.append(f"    {slip.text.splitlines()[line - 1].strip()}")
    return "\n".join([*rows, f"  told: {answer.said[:300]}"])


if __name__ == "__main__":
    main()
