"""Trials from public code: every row of the collected mistakes, and right code that was reported as wrong."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from benchmarks.truth.trial import Trial

CASES = Path(__file__).parents[2] / "tests" / "wild" / "cases"


def wild() -> Iterator[Trial]:
    """Yield both twins of every case: the gradient as published and the correct one."""
    for file in sorted(CASES.glob("*.py")):
        for case in import_module(f"tests.wild.cases.{file.stem}").CASES:
            group = "reported as wrong" if case.source.startswith("correct") else "public code"
            params, *data = case.example()
            names = frozenset({case.diagnosis} - {""})
            if case.wrong is not None:
                yield Trial(group, case.name, case.loss, case.wrong, params, tuple(data), True, names, case.network)
            yield Trial(
                group, f"{case.name}, put right", case.loss, case.right, params, tuple(data), network=case.network
            )
