"""Scores: mistakes found and named, right gradients called wrong, and the time it took."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from benchmarks.truth.checkers import Checker
from benchmarks.truth.trial import Answer, Trial


@dataclass(frozen=True)
class Outcome:
    """What one checker answered in one trial, and in how many seconds."""

    trial: Trial
    answer: Answer
    seconds: float

    @property
    def found(self) -> bool:
        """Whether a mistake was found."""
        return self.trial.wrong and self.answer.verdict == "different"

    @property
    def named(self) -> bool:
        """Whether a mistake was found and named as planted, or as one that gives the same gradient."""
        return self.found and self.answer.named in self.trial.names

    @property
    def alarm(self) -> bool:
        """Whether a right gradient was called wrong."""
        return not self.trial.wrong and self.answer.verdict == "different"


def outcomes(checker: Checker, trials: Iterable[Trial]) -> tuple[Outcome, ...]:
    """Ask a checker about every trial, one after the other."""
    if checker.ask is None:
        raise ValueError(f"{checker.name} is not installed")
    done = []
    for trial in trials:
        start = time.perf_counter()
        answer = checker.ask(trial)
        done.append(Outcome(trial, answer, time.perf_counter() - start))
    return tuple(done)


@dataclass(frozen=True)
class Score:
    """Counts over outcomes: ``found`` of ``wrong``, ``named`` of ``nameable``, ``alarms`` of ``right``."""

    found: int
    wrong: int
    named: int
    nameable: int
    alarms: int
    right: int
    unanswered: int
    median: float
    total: float

    @classmethod
    def of(cls, done: Iterable[Outcome]) -> Score:
        """Count; a mistake is nameable if the trial knows a sentence for it."""
        each = tuple(done)
        wrong = [outcome for outcome in each if outcome.trial.wrong]
        seconds = [outcome.seconds for outcome in each]
        return cls(
            found=sum(outcome.found for outcome in each),
            wrong=len(wrong),
            named=sum(outcome.named for outcome in each),
            nameable=sum(bool(outcome.trial.names) for outcome in wrong),
            alarms=sum(outcome.alarm for outcome in each),
            right=len(each) - len(wrong),
            unanswered=sum(outcome.answer.verdict == "no answer" for outcome in each),
            median=median(seconds) if seconds else 0.0,
            total=sum(seconds),
        )
