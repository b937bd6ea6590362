"""What came of one file given to ``symnn verify``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from symnn.verification import Verdict
from symnn.verification.repair import Line

UNUSABLE = "unusable"
"""The state of a file that cannot be checked."""

STATES = ("equal", "different", "undecided", UNUSABLE)
"""Every state that a file can be in."""


@dataclass(frozen=True)
class Finding:
    """What came of one file: its verdict, or the reason why the file cannot be used.

    ``line`` is where its ``grad`` starts (0: not known), ``printed`` what it printed; ``fault`` says that it is symnn
    which failed and not the file. ``lines`` are those of the gradient with what each leaves, where that is asked for.

    >>> Finding("mine.py", problem="mine.py is no file").state
    'unusable'
    """

    file: str
    verdict: Verdict | None = None
    problem: str = ""
    line: int = 0
    printed: str = ""
    fault: bool = False
    lines: tuple[Line, ...] = ()

    @property
    def at(self) -> int:
        """The line that is meant: that of the mistake where it is known and in this file, else that of ``grad``."""
        mistakes = () if self.verdict is None else self.verdict.diagnosis.mistakes
        own = [one.line for one in mistakes if Path(one.file).resolve() == Path(self.file).resolve()]
        return min(own, default=self.line)

    @property
    def state(self) -> str:
        """The outcome of the verdict, or ``unusable``."""
        return UNUSABLE if self.verdict is None else self.verdict.verdict

    @property
    def summary(self) -> str:
        """The finding in a line: the digits, the mistake or the worst entries, or the first reason."""
        verdict = self.verdict
        if verdict is None:
            return first_line(self.problem)
        if verdict.verdict == "equal":
            stronger = [f", {evidence.level}" for evidence in verdict.further if evidence.verdict == "equal"]
            return f"{verdict.digits} digits{''.join(stronger)}"
        if verdict.verdict == "undecided":
            return first_line(verdict.reasons[0]) if verdict.reasons else verdict.evidence
        differing = ", ".join(check.entry for check in verdict.checks if check.verdict == "different")
        said = f"differs at {differing}" if differing else verdict.evidence
        return f"{said}: {first_line(str(verdict.diagnosis))}" if verdict.diagnosis else said


def counted(states: list[str]) -> str:
    """Return how many files are in each state, as a line.

    >>> counted(["equal", "undecided", "equal"])
    '3 files: 2 equal, 1 undecided'
    """
    counts = [f"{states.count(state)} {state}" for state in STATES if state in states]
    return f"{len(states)} file{'' if len(states) == 1 else 's'}: {', '.join(counts)}"


def first_line(text: str) -> str:
    """Return the first line of a text."""
    return text.partition("\n")[0]
