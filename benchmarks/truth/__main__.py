"""Run the benchmark of truth and print its tables: ``python -m benchmarks.truth [--groups ...] [--cases]``."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from rich import box
from rich.console import Console
from rich.table import Table

from benchmarks.truth.checkers import CHECKERS, Checker
from benchmarks.truth.kinks import kinks
from benchmarks.truth.large import large
from benchmarks.truth.packages import INSTALLED, packages
from benchmarks.truth.precision import EXPONENTS, smallest
from benchmarks.truth.rewrites import rewrites
from benchmarks.truth.scores import Outcome, Score, outcomes
from benchmarks.truth.trial import Trial
from benchmarks.truth.wild import wild

SOURCES: Mapping[str, Callable[[], Iterable[Trial]]] = {
    "wild": wild,
    "kinks": kinks,
    "numpy-ml": packages,
    "rewrites": rewrites,
    "large": large,
}
MISSED = 12


def main() -> None:
    """Ask every checker that is installed about every trial, and print what came of it."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.truth", description=__doc__)
    asked.add_argument("--groups", nargs="+", choices=[*SOURCES, "precision"], default=[*SOURCES, "precision"])
    asked.add_argument("--cases", action="store_true", help="list every trial that a checker got wrong or left open")
    options = asked.parse_args()
    console = Console(highlight=False)
    present = [checker for checker in CHECKERS if checker.ask is not None]
    for checker in CHECKERS:
        console.print(f"{checker.name}: {checker.how}{'' if checker.ask is not None else ' -- NOT INSTALLED'}")
    for source in options.groups:
        if source == "precision":
            console.print("\nsmallest relative error seen in one entry of 4-3-2-1 (sigmoid)", style="bold")
            console.print(precision(present))
        elif source == "numpy-ml" and not INSTALLED:
            console.print("\nnumpy-ml: NOT INSTALLED, none of its layers was tried", style="bold")
        else:
            shown(console, asked_of(present, source), options.cases)


def asked_of(present: Iterable[Checker], source: str) -> dict[str, tuple[Outcome, ...]]:
    """Ask checkers about every trial of a source; on a terminal, say on stderr how far it has come."""
    with Console(stderr=True).status(f"{source}: making the trials") as status:
        trials = tuple(SOURCES[source]())
        done = {}
        for checker in present:
            status.update(f"{source}: {len(trials)} trials by {checker.name}")
            done[checker.name] = outcomes(checker, trials)
    return done


def shown(console: Console, done: Mapping[str, tuple[Outcome, ...]], cases: bool) -> None:
    """Print a table for each group of trials, and on request every case that went wrong."""
    for group in sorted({outcome.trial.group for each in done.values() for outcome in each}):
        console.print(f"\n{group}", style="bold")
        console.print(scores({name: [o for o in each if o.trial.group == group] for name, each in done.items()}))
    if cases:
        for line in failures(done):
            console.print(line, markup=False, soft_wrap=True)


def scores(done: Mapping[str, Iterable[Outcome]]) -> Table:
    """Return a table with a row for each checker."""
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("checker")
    for title in ("found", "named", "false alarms", "no answer", "median", "total"):
        table.add_column(title, justify="right")
    for name, each in done.items():
        score = Score.of(each)
        table.add_row(
            name,
            _of(score.found, score.wrong),
            _of(score.named, score.nameable),
            _of(score.alarms, score.right),
            str(score.unanswered),
            _time(score.median),
            f"{score.total:.1f} s",
        )
    return table


def precision(present: Iterable[Checker]) -> Table:
    """Return the table of the smallest errors seen in one entry of 4-3-2-1."""
    table = Table(box=box.SIMPLE_HEAD)
    for title in ("checker", "in every entry", "in some entry"):
        table.add_column(title, justify="left" if title == "checker" else "right")
    for checker in present:
        table.add_row(checker.name, *(_power(exponent) for exponent in smallest(checker)))
    return table


def failures(done: Mapping[str, Iterable[Outcome]]) -> Iterator[str]:
    """Yield what each checker missed, called wrong, left open, or (symnn) found and did not name."""
    for name, each in done.items():
        told = [(_failure(outcome), outcome) for outcome in each]
        lines = [f"  {what}: {outcome.trial.name}{_because(outcome)}" for what, outcome in told if what]
        if name != "symnn":
            lines = [line for line in lines if not line.startswith("  not named")]
        counted = Counter(line.split(":")[0].strip() for line in lines)
        yield f"\n{name}: {', '.join(f'{count} {what}' for what, count in counted.items()) or 'nothing to tell'}"
        yield from lines[: None if name == "symnn" else MISSED]
        if name != "symnn" and len(lines) > MISSED:
            yield f"  and {len(lines) - MISSED} more"


def _failure(outcome: Outcome) -> str:
    if outcome.alarm:
        return "false alarm"
    if outcome.answer.verdict == "no answer":
        return "no answer"
    if outcome.trial.wrong and not outcome.found:
        return "missed"
    return "not named" if outcome.trial.names and not outcome.named else ""


def _because(outcome: Outcome) -> str:
    said = outcome.answer.why or outcome.answer.named
    return f" ({' '.join(said.split())[:160]})" if said else ""


def _of(count: int, total: int) -> str:
    return f"{count} / {total}" if total else "-"


def _time(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 1 else f"{1e3 * seconds:.1f} ms"


def _power(exponent: int | None) -> str:
    if exponent is None:
        return "not 1e-1"
    return f"{'≤ ' if exponent == EXPONENTS[-1] else ''}1e-{exponent}"


if __name__ == "__main__":
    main()
