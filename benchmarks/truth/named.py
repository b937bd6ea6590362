"""Ask symnn where slips are and how to repair them: ``python -m benchmarks.truth.named [--every N] [--cases]``."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from benchmarks.truth.gradients import NAMES
from benchmarks.truth.judges import Judge, Outcome, Tally, by_symnn, outcome, unplanted
from benchmarks.truth.kinds import KINDS
from benchmarks.truth.slips import Slip, pairs, sampled, sampled_pairs, slips

COLUMNS = (
    "slips",
    "found",
    "line right",
    "edit right",
    "cause told",
    "symptom only",
    "nothing told",
    "misleading",
    "false alarm",
    "median s",
    "largest s",
)


def main(given: Sequence[str] | None = None) -> None:
    """Ask about every slip that is chosen, and print what came of it."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.truth.named", description=__doc__)
    asked.add_argument("--programs", nargs="+", choices=NAMES, default=NAMES, metavar="NAME")
    asked.add_argument("--kinds", nargs="+", choices=[kind.id for kind in KINDS], metavar="ID")
    asked.add_argument("--every", type=int, default=1, metavar="N", help="take each N-th slip")
    asked.add_argument("--pairs", action="store_true", help="two slips at once")
    asked.add_argument("--by", choices=["program", "kind"], default="program", help="what a row of the table is")
    asked.add_argument("--cases", action="store_true", help="list every slip that was not found, placed and repaired")
    options = asked.parse_args(given)
    # Wide enough for the table where the output is no terminal.
    console = Console(highlight=False, soft_wrap=True, width=max(Console().width, 160))
    known = pairs() if options.pairs else slips()
    chosen = [slip for slip in known if fits(slip, options.programs, options.kinds)][:: max(options.every, 1)]
    done = judged(by_symnn, chosen, sorted({slip.program for slip in chosen}))
    console.print(tables(done, (lambda slip: slip.program) if options.by == "program" else (lambda slip: slip.kind)))
    dropped = (sampled_pairs() if options.pairs else sampled()).dropped
    console.print(f"plantings that do not count: {', '.join(f'{n} {why}' for why, n in dropped.most_common())}")
    if options.cases:
        for line in cases(done):
            console.print(line, markup=False)


def fits(slip: Slip, programs: Iterable[str], kinds: Iterable[str] | None) -> bool:
    """Whether a slip is of the programs and of one of the kinds that are asked for."""
    return slip.program in programs and (kinds is None or any(kind in kinds for kind in slip.kind.split(" + ")))


def judged(judge: Judge, chosen: Sequence[Slip], programs: Iterable[str]) -> list[Outcome]:
    """Ask a judge about slips and about the programs as they stand; on a terminal, say how far it has come."""
    every = [*chosen, *(unplanted(name) for name in programs)]
    done = []
    with tempfile.TemporaryDirectory() as folder, Console(stderr=True).status("") as status:
        for count, slip in enumerate(every, start=1):
            status.update(f"{count} of {len(every)}: {slip.program}, {slip.kind}")
            done.append(outcome(judge, slip, Path(folder)))
    return done


def tables(done: Iterable[Outcome], named: Callable[[Slip], str]) -> Table:
    """Return a table with a row for each program or kind, and one for all."""
    each = tuple(done)
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("", no_wrap=True, min_width=21)
    for title in COLUMNS:
        table.add_column(title, justify="right")
    for name in sorted({named(one.slip) for one in each}):
        table.add_row(name, *row(Tally.of(one for one in each if named(one.slip) == name)))
    table.add_section()
    table.add_row("all", *row(Tally.of(each)))
    return table


def row(tally: Tally) -> Iterator[str]:
    """Yield the cells of a row."""
    counts = (tally.slips, tally.found, tally.lines, tally.edits, tally.causes, tally.symptoms, tally.nothing)
    yield from (str(count) for count in (*counts, tally.misleading))
    yield f"{tally.alarms} / {tally.programs}" if tally.programs else "-"
    yield from (f"{seconds:.2f}" for seconds in (tally.median, tally.largest))


def cases(done: Iterable[Outcome]) -> Iterator[str]:
    """Yield what there is to wish for: each slip that was not found, placed and repaired, and each false alarm."""
    for one in done:
        slip, answer = one.slip, one.answer
        if slip.lines and not one.perfect:
            judgement = [
                "found" if answer.found else "NOT FOUND",
                "line right" if one.line_right else f"line told: {answer.line}",
                "edit right" if one.restored else ("no edit" if answer.repaired_text is None else "EDIT WRONG"),
            ]
            at = ", ".join(map(str, slip.lines))
            wrong = "" if slip.shows == "values" else f", wrong in {slip.shows}"
            yield f"\n{slip.program}, line {at}, {slip.kind}{wrong}: {slip.description}"
            yield from (f"  - {line}" for line in slip.original)
            yield from (f"  + {line}" for line in slip.planted)
            said = " ".join(answer.said.split()) or "nothing"
            yield f"  {', '.join(judgement)}, {answer.seconds:.2f} s; told: {said}"
            yield from (f"  > {line}" for line in repaired(one))
        elif not slip.lines and answer.found:
            yield f"\n{slip.program} as it stands: FALSE ALARM; told: {answer.said or 'nothing'}"


def repaired(one: Outcome) -> list[str]:
    """Return the lines of a repaired text that are not in the slip's, where the repair is not right."""
    if one.answer.repaired_text is None or one.restored:
        return []
    before = set(one.slip.text.splitlines())
    return [line.strip() for line in one.answer.repaired_text.splitlines() if line not in before]


if __name__ == "__main__":
    main()
