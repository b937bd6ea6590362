"""Who is asked about slips, what was answered, and whether it was right."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from types import ModuleType
from typing import Any, TypeAlias

import symnn
from benchmarks.truth.gradients import source_of
from benchmarks.truth.slips import Slip, restores
from benchmarks.truth.source import Edit, applied


@dataclass(frozen=True)
class Answer:
    """Whether a mistake was found, the line it is told to be on, the text as it would be right, and what was said."""

    found: bool
    line: int | None
    repaired_text: str | None
    said: str
    seconds: float


Judge: TypeAlias = Callable[[ModuleType, Slip], Answer]


def by_symnn(module: ModuleType, slip: Slip) -> Answer:
    """Ask ``symnn.verify``, which is told nothing but the two functions and the example."""
    arguments = module.example()
    start = time.process_time()
    try:
        verdict = symnn.verify(module.loss, module.grad, *arguments)
        said = str(verdict.diagnosis or "")
    except Exception as error:
        return Answer(False, None, None, f"raised {type(error).__name__}: {error}", time.process_time() - start)
    seconds = time.process_time() - start
    line, text = told(getattr(verdict.diagnosis, "edits", ()), Path(str(module.__file__)))
    return Answer(verdict.verdict == "different", line, text, said, seconds)


def told(edits: Iterable[Any], file: Path) -> tuple[int | None, str | None]:
    """Return the line of the first edit of a file and the file's text after all of them, where there are any."""
    here = sorted((edit for edit in edits or () if Path(edit.file).resolve() == file.resolve()), key=lambda e: e.start)
    if not here:
        return None, None
    text = file.read_text(encoding="utf-8")
    return here[0].line, applied(text, (Edit(edit.start, edit.end, edit.text) for edit in here))


@dataclass(frozen=True)
class Outcome:
    """What was answered about one slip; a program as it stands is one without lines."""

    slip: Slip
    answer: Answer
    restored: bool

    @property
    def line_right(self) -> bool:
        """Whether a line was told that is one of the slip's, or beside it."""
        return self.answer.line is not None and any(abs(self.answer.line - line) <= 1 for line in self.slip.lines)

    @property
    def cause(self) -> bool:
        """Whether a place or a repair was told."""
        return self.answer.line is not None or self.answer.repaired_text is not None

    @property
    def symptom(self) -> bool:
        """Whether something was said that tells no place."""
        return bool(self.answer.said) and not self.cause

    @property
    def misleading(self) -> bool:
        """Whether a repair was told that does not restore the gradient, or only a line, and not the slip's."""
        return self.cause and not (self.line_right if self.answer.repaired_text is None else self.restored)

    @property
    def perfect(self) -> bool:
        """Whether nothing is left to wish for."""
        return self.answer.found and self.line_right and self.restored


def outcome(judge: Judge, slip: Slip, folder: Path) -> Outcome:
    """Ask a judge about a slip."""
    answer = judge(slip.load(folder), slip)
    text = answer.repaired_text
    return Outcome(slip, answer, bool(slip.lines) and text is not None and restores(slip, text, folder))


def unplanted(name: str) -> Slip:
    """Return a program as it stands, in the form of a slip that is none."""
    return Slip(name, "(as they stand)", source_of(name), (), (), "as it stands", "", ())


@dataclass(frozen=True)
class Tally:
    """Counts over outcomes; ``alarms`` over programs as they stand."""

    slips: int
    found: int
    lines: int
    edits: int
    causes: int
    symptoms: int
    nothing: int
    misleading: int
    alarms: int
    programs: int
    median: float
    largest: float

    @classmethod
    def of(cls, outcomes: Iterable[Outcome]) -> Tally:
        """Count outcomes."""
        each = tuple(outcomes)
        planted = [o for o in each if o.slip.lines]
        seconds = [o.answer.seconds for o in planted] or [0.0]
        return cls(
            slips=len(planted),
            found=sum(o.answer.found for o in planted),
            lines=sum(o.line_right for o in planted),
            edits=sum(o.restored for o in planted),
            causes=sum(o.cause for o in planted),
            symptoms=sum(o.symptom for o in planted),
            nothing=sum(not o.cause and not o.symptom for o in planted),
            misleading=sum(o.misleading for o in planted),
            alarms=sum(o.answer.found for o in each if not o.slip.lines),
            programs=len(each) - len(planted),
            median=median(seconds),
            largest=max(seconds),
        )
