"""Checking many files, each in a child process of its own, several at once, and telling them in the order given."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from symnn.cli.finding import Finding
from symnn.errors import InputError, UndecidedError
from symnn.pools import pool_of
from symnn.sandbox import Limits, Target, child_of, opened
from symnn.verification import EFFORT, Verdict, verify, verify_subject
from symnn.verification.calling import CannotRunError
from symnn.verification.levels import checked_level
from symnn.verification.repair import Line, explain


class Level(StrEnum):
    """The evidence that is asked for."""

    NUMERICAL = "numerical"
    CERTIFIED = "certified"
    IDENTICAL = "identical"
    PROVED = "proved"
    ALL = "all"


@dataclass(frozen=True)
class Request:
    """How files are to be checked."""

    points: int = 2
    seed: int = 0
    level: Level = Level.CERTIFIED
    limits: Limits = field(default_factory=Limits)
    effort: float = EFFORT
    explained: bool = False


def findings(files: Sequence[Path], request: Request, jobs: int = 1) -> Iterator[Finding]:
    """Yield what comes of every file, in the order given, with ``jobs`` of them at work at once (0: one a core).

    What is yielded does not depend on ``jobs``. Nothing is raised: a file that cannot be used says why, and a fault of
    symnn is told as one.
    """
    workers = min(jobs or os.cpu_count() or 1, len(files))
    if workers <= 1:
        for file in files:
            yield finding(file, request)
        return
    # The children of a worker are its own.
    with pool_of(workers, __name__) as pool:
        for file, future in [(file, pool.submit(finding, file, request)) for file in files]:
            try:
                yield future.result()
            except BrokenProcessPool:
                # One that brings down its worker takes the others along; alone, each is told by itself.
                yield _alone(file, request)


def _alone(file: Path, request: Request) -> Finding:
    with pool_of(1, __name__) as pool:
        future: Future[Finding] = pool.submit(finding, file, request)
        try:
            return future.result()
        except BrokenProcessPool:
            return _fault(file, "the process that computes the verdict has died")


def finding(file: Path, request: Request) -> Finding:
    """Return what comes of one file; it runs in a child, the verdict is computed here."""
    try:
        return _checked(file, request)
    except InputError as problem:
        return Finding(str(file), problem=str(problem))
    except Exception as problem:
        frame = traceback.extract_tb(problem.__traceback__)[-1]
        place = f"{Path(frame.filename).name}:{frame.lineno}, in {frame.name}"
        return _fault(file, f"{type(problem).__name__}: {problem}\n  at {place}")


def _checked(file: Path, request: Request) -> Finding:
    child = child_of(file, request.limits)
    found = Finding(str(file))
    try:
        with ExitStack() as stack:
            target = stack.enter_context(opened(child, request.seed))
            found = replace(found, line=target.lines.get("grad", 0))
            verdict = _verdict(target, request)
            found = replace(found, verdict=verdict, lines=_lines(target, verdict) if request.explained else ())
    except CannotRunError as problem:
        found = replace(found, verdict=Verdict("undecided", 0, "no certified answer", reasons=(str(problem),)))
    except InputError as problem:
        found = replace(found, problem=str(problem))
    return replace(found, printed=str(child.printed))


def _lines(target: Target, verdict: Verdict) -> tuple[Line, ...]:
    """The lines of the gradient with what each leaves; none where the loss does not run over balls."""
    editor = getattr(target.grad, "editor", None)
    try:
        return () if editor is None else tuple(explain(editor, verdict.diagnosis.edits))
    except UndecidedError:
        return ()


def _verdict(target: Target, request: Request) -> Verdict:
    points, seed, level = request.points, request.seed, checked_level(request.level.value)
    if target.subject is not None:
        network = None if target.subject.described is not None else target.network
        return verify_subject(
            target.subject, network=network, points=points, seed=seed, level=level, effort=request.effort
        )
    return verify(
        target.loss,
        target.grad,
        *target.arguments,
        network=target.network,
        points=points,
        seed=seed,
        level=level,
        argnum=target.argnum,
        effort=request.effort,
    )


def _fault(file: Path, said: str) -> Finding:
    return Finding(str(file), problem=f"a fault of symnn, please report it: {said}", fault=True)
