"""Slips planted in ordinary programs: one, or two at once, in what only ``grad`` runs; each makes the gradient wrong.

Truth is decided by the programs as they stand: a slip counts if the text still runs and its gradient differs from the
right one, at the example or at drawn parameters with the same data.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.truth.gradients import NAMES, StructureError, load, program, run
from benchmarks.truth.kinds import KINDS
from benchmarks.truth.source import Edit, Planting, Source, applied, lines_of

PER_PROGRAM = 21
PAIRS = 80
# Of one kind, in one program: how many there may be, and how many are tried.
LIMIT = 3
TRIED = 30
SEED = 1
REPAIRS: Mapping[str, str] = {kind.id: kind.repair for kind in KINDS}


@dataclass(frozen=True)
class Slip:
    """A program's text with one slip or two; ``lines`` are theirs in it, ``original`` the lines that stood there.

    What was deleted counts at the line where it stood. ``shows`` says where the gradient is wrong: in its *values* at
    the example, in nothing but a *shape* or the *order* of the arrays, or *elsewhere* than at the example.
    """

    program: str
    kind: str
    text: str
    lines: tuple[int, ...]
    original: tuple[str, ...]
    description: str
    shows: str
    edits: tuple[Edit, ...]

    @property
    def line(self) -> int:
        """The first of its lines."""
        return self.lines[0]

    @property
    def planted(self) -> tuple[str, ...]:
        """Its lines as they are in the new text."""
        new = self.text.splitlines()
        return tuple(new[line - 1].strip() for line in self.lines if line <= len(new))

    @property
    def repair(self) -> str:
        """The smallest repair in words."""
        return "; ".join(REPAIRS[kind] for kind in self.kind.split(" + "))

    def right(self, *arguments: Any) -> Any:
        """Return the right gradient."""
        return program(self.program).module.grad(*arguments)

    def load(self, folder: Path) -> ModuleType:
        """Return the new text as a module, whose file is in the folder."""
        return load(self.text, folder, self.program)


@dataclass(frozen=True)
class Sample:
    """The slips of all programs, and why other plantings that were tried do not count."""

    slips: tuple[Slip, ...]
    dropped: Counter[str]


def slips() -> Iterator[Slip]:
    """Yield every slip, the same in every run."""
    yield from sampled().slips


def pairs() -> Iterator[Slip]:
    """Yield programs with two slips on different lines, made of slips that count alone."""
    yield from sampled_pairs().slips


def restores(slip: Slip, text: str, folder: Path) -> bool:
    """Whether a repaired text has the right loss and gradients, at the example and at five drawn places."""
    return program(slip.program).restored(text, folder)


@cache
def sampled(names: tuple[str, ...] = NAMES) -> Sample:
    """Make the sample: as many slips of every program, and of every kind as evenly as programs allow."""
    found: list[Slip] = []
    counted, dropped = Counter({kind.id: 0 for kind in KINDS}), Counter[str]()
    for name in names:
        of_kind = {kind: slips_of(name, kind, dropped) for kind in shuffled(name)}
        here, texts = Counter[str](), set[str]()
        while of_kind and sum(here.values()) < PER_PROGRAM:
            kind = min(of_kind, key=counted.__getitem__)
            slip = next((slip for slip in of_kind[kind] if slip.text not in texts), None)
            if slip is not None:
                found.append(slip)
                texts.add(slip.text)
                here[kind] += 1
                counted[kind] += 1
            if slip is None or here[kind] == LIMIT:
                del of_kind[kind]
    return Sample(tuple(found), dropped)


def shuffled(name: str) -> list[str]:
    """Return the kinds in an order of the program's own."""
    kinds = [kind.id for kind in KINDS]
    random.Random(f"{SEED} {name}").shuffle(kinds)  # noqa: S311 (a sample, no secret)
    return kinds


def slips_of(name: str, kind: str, dropped: Counter[str]) -> Iterator[Slip]:
    """Yield slips of one kind in one program, in a drawn order, and count what does not count."""
    plant = next(each.plant for each in KINDS if each.id == kind)
    different = {applied(program(name).text, planting.edits): planting for planting in plant(source(name))}
    different.pop(program(name).text, None)
    plantings = list(different.values())
    random.Random(f"{SEED} {name} {kind}").shuffle(plantings)  # noqa: S311
    for planting in plantings[:TRIED]:
        slip = judged(name, kind, planting, dropped)
        if slip is not None:
            yield slip


def judged(name: str, kind: str, planting: Planting, dropped: Counter[str]) -> Slip | None:
    """Return the slip of a planting, or count why it is none."""
    before = program(name).text
    text = applied(before, planting.edits)
    try:
        shows = program(name).shows(run(text, name))
    except StructureError as error:
        dropped[str(error)] += 1
        return None
    except Exception:
        dropped["does not run"] += 1
        return None
    if not shows:
        dropped["equivalent"] += 1
        return None
    original = tuple(dict.fromkeys(line for edit in sorted(planting.edits) for line in touched(before, edit)))
    lines = lines_of(before, planting.edits)
    return Slip(name, kind, text, lines, original, planting.description, shows, tuple(sorted(planting.edits)))


def touched(text: str, edit: Edit) -> list[str]:
    """Return the lines of the old text that an edit changes; none where it only adds lines."""
    if edit.start == edit.end and edit.text.endswith("\n"):
        return []
    first, last = text[: edit.start].count("\n"), text[: max(edit.end - 1, edit.start)].count("\n")
    return [line.strip() for line in text.splitlines()[first : last + 1]]


@cache
def source(name: str) -> Source:
    """Return the source of a program, read once."""
    return Source(program(name))


@cache
def sampled_pairs() -> Sample:
    """Make the sample of pairs, going round the programs."""
    found: list[Slip] = []
    dropped, waiting = Counter[str](), {name: couples(name) for name in NAMES}
    while waiting and len(found) < PAIRS:
        for name in list(waiting):
            slip = next((s for s in judged_couples(name, waiting[name], dropped)), None)
            if slip is None:
                del waiting[name]
            elif len(found) < PAIRS:
                found.append(slip)
    return Sample(tuple(found), dropped)


def couples(name: str) -> Iterator[tuple[Slip, Slip]]:
    """Yield pairs of a program's slips on different lines, each slip once."""
    alone = [slip for slip in slips() if slip.program == name]
    random.Random(f"{SEED} {name} pairs").shuffle(alone)  # noqa: S311
    while alone:
        one = alone.pop()
        other = next((slip for slip in alone if apart(one, slip)), None)
        if other is not None:
            alone.remove(other)
            yield one, other


def apart(one: Slip, other: Slip) -> bool:
    """Whether the edits of two slips are on different lines, with a line between them."""
    text = program(one.program).text
    lines = [
        {
            line
            for edit in slip.edits
            for line in range(text[: edit.start].count("\n"), text[: edit.end].count("\n") + 1)
        }
        for slip in (one, other)
    ]
    return min(abs(a - b) for a in lines[0] for b in lines[1]) > 1


def judged_couples(name: str, given: Iterable[tuple[Slip, Slip]], dropped: Counter[str]) -> Iterator[Slip]:
    """Yield the pairs that count."""
    for one, other in given:
        planting = Planting((*one.edits, *other.edits), f"{one.description}; {other.description}")
        slip = judged(name, f"{one.kind} + {other.kind}", planting, dropped)
        if slip is not None:
            yield slip
