"""The code of a gradient that runs in this process: what it is made of, and with edits in it."""

from __future__ import annotations

import ast
import math
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from functools import cached_property, partial
from itertools import count
from types import CodeType, FrameType, FunctionType
from typing import Any, Protocol

import numpy as np

from symnn.edits import Edit, Function, Scope, Source, all_applied, functions_run, installed, objects_of
from symnn.edits.assignments import Assignment, traced
from symnn.edits.computing import computes
from symnn.edits.functions import Definition, builtin, profiled
from symnn.edits.scope import Value, parts_of, value_of
from symnn.edits.watching import WATCH, watched
from symnn.errors import UndecidedError
from symnn.scalars.places import is_library
from symnn.verification.adapters.shape import code_run_by
from symnn.verification.calling import call, fresh
from symnn.verification.repair.bounds import AS_LONG, LONGEST, Clock, TooLongError, little_memory
from symnn.verification.repair.intermediates import LARGEST, Intermediate, intermediates_of
from symnn.verification.repair.trial import OTHER, Right, Trial
from symnn.verification.subject import Subject

Run = Callable[[], Any]


class Editor(Protocol):
    """Where the code of a gradient is, here or in another process."""

    def scopes(self) -> list[Scope]:
        """Return the functions that only the gradient runs, with what they can read; others where there are none."""

    def installed(self, edits: Sequence[Edit]) -> Any:
        """Return a context in which the code runs with edits. Raises SyntaxError, ValueError where it cannot."""

    def other_numbers(self) -> Any:
        """Return a context in which the numbers that loss and gradient both read from a module are others."""

    def right(self, trials: Sequence[Trial], candidates: Sequence[Sequence[Edit]]) -> list[Right]:
        """Return, for each of some edits, the arrays that are right with them in all trials; None where none runs."""

    def intermediates(self) -> list[Intermediate]:
        """Return what the loss computes at the point given, as `intermediates_of`."""

    def assignments(self, edits: Sequence[Edit] = ()) -> list[list[Assignment]] | None:
        """Return what the statements of each function leave behind at last, the code with edits."""


class LocalEditor:
    """The editor of a subject's code that runs in this process."""

    def __init__(self, subject: Subject) -> None:
        self._subject, self._usual = subject, 0.0
        self._loss, self._grad = partial(_run, subject, "loss"), partial(_run, subject, "grad")

    @cached_property
    def _run(self) -> tuple[list[Function], list[Function]]:
        """The functions that the loss runs, and those that the gradient does."""
        return functions_run(self._loss, _is_own), functions_run(self._grad, _is_own)

    @cached_property
    def _functions(self) -> list[Function]:
        of_loss, of_grad = self._run
        shared = {function.code for function in of_loss}
        return [function for function in of_grad if function.code not in shared] or of_grad

    @cached_property
    def _objects(self) -> dict[CodeType, list[FunctionType]]:
        # All at once: every object there is is looked at for them.
        return objects_of([one for functions in self._run for one in functions])

    def scopes(self) -> list[Scope]:
        """Return the functions that only the gradient runs, with what they can read; else all that it runs."""
        numbers = {name: {name: value_of(value)} for _, name, value in self._numbers(self._run[0])}
        return [self._scope(function, numbers) for function in self._functions]

    @contextmanager
    def installed(self, edits: Sequence[Edit]) -> Iterator[None]:
        """Let the code run with edits meanwhile. Raises SyntaxError, ValueError where it cannot."""
        changed: dict[CodeType, CodeType] = {}
        for function in self._functions:
            start, end = function.span
            own = [one for one in edits if one.file == function.source.file and start <= one.start and one.end <= end]
            if own and function.code is not None:
                changed[function.code] = function.changed(own)
        with installed(changed, self._objects):
            yield

    def right(self, trials: Sequence[Trial], candidates: Sequence[Sequence[Edit]]) -> list[Right]:
        """Return, for each of some edits, the arrays that are right with them in all trials; None where none runs."""
        with Clock() as clock, little_memory(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return [self._right(trials, edits, clock) for edits in candidates]

    def intermediates(self) -> list[Intermediate]:
        """Return what the loss computes at the point given. Raises UndecidedError."""
        return self._intermediates

    @cached_property
    def _intermediates(self) -> list[Intermediate]:
        return intermediates_of(self._subject, self._subject.parameters.arrays)

    def assignments(self, edits: Sequence[Edit] = ()) -> list[list[Assignment]] | None:
        """Return what the statements of each function leave behind at last; None where the code does not run."""
        values: dict[int, Any] = {}

        def see(number: int, value: Any) -> Any:
            if isinstance(value, np.ndarray) and value.size <= LARGEST:
                values[number] = value.copy()
            return value

        codes: dict[CodeType, CodeType] = {}
        rows: list[list[Assignment]] = []
        try:
            for function in self._functions:
                text = all_applied(function.source.text, [one for one in edits if one.file == function.source.file])
                now = Source(function.source.file, text)
                edited = replace(function, source=now, node=_same_definition(function, now))
                code, left = traced(edited, sum(map(len, rows)))
                codes |= {} if function.code is None else {function.code: code}
                rows.append(left)
            with builtin(WATCH, see), installed(codes, self._objects):
                self._loss()
                self._grad()
        except (SyntaxError, ValueError, UndecidedError):
            return None
        numbers = count()
        return [[one._replace(value=values.get(next(numbers))) for one in left] for left in rows]

    def _right(self, trials: Sequence[Trial], edits: Sequence[Edit], clock: Clock) -> Right:
        found: Right = None
        start = time.monotonic()
        try:
            # What runs as it is has as long as it takes; from that it is known how long it takes.
            longest = max(LONGEST, AS_LONG * self._usual) if edits else math.inf
            with self.installed(edits), clock.allowing(longest):
                for trial in trials:
                    with self.other_numbers() if trial.other_numbers else nullcontext():
                        right = trial.right()
                    if right is None:
                        return None
                    found = right if found is None else found & right
                    if not found:
                        break
        except (SyntaxError, ValueError, TooLongError, MemoryError):
            return None
        if not edits:
            self._usual = time.monotonic() - start
        return found

    @contextmanager
    def other_numbers(self) -> Iterator[None]:
        """Give the numbers that both the loss and the gradient read from a module other values meanwhile."""
        try:
            for space, name, value in self._shared_numbers:
                space[name] = value * OTHER
            yield
        finally:
            for space, name, value in self._shared_numbers:
                space[name] = value

    @cached_property
    def _shared_numbers(self) -> list[tuple[dict[str, Any], str, float]]:
        of_loss, of_grad = map(self._numbers, self._run)
        known = {(id(space), name) for space, name, _ in of_loss}
        return [row for row in of_grad if (id(row[0]), row[1]) in known]

    def _numbers(self, functions: Sequence[Function]) -> list[tuple[dict[str, Any], str, float]]:
        """The floats that functions read from their modules: the module's names, the name and the value."""
        found: dict[tuple[int, str], tuple[dict[str, Any], str, float]] = {}
        for code in [function.code for function in functions if function.code is not None]:
            for space in [one.__globals__ for one in self._objects[code][:1]]:
                for name in code.co_names:
                    if isinstance(space.get(name), float):
                        found[id(space), name] = space, name, space[name]
        return list(found.values())

    def _scope(self, function: Function, numbers: dict[str, dict[str, Value]]) -> Scope:
        code, nodes = watched(function)
        assert function.code is not None  # noqa: S101
        values: dict[int, Value] = {}
        names: dict[str, dict[str, Value]] = {}

        def see(number: int, value: Any) -> Any:
            values[number] = value_of(value)
            return value

        def leave(frame: FrameType, event: str, _: Any) -> None:
            if event == "return" and frame.f_code is code:
                for name, value in frame.f_locals.items():
                    names[name] = parts_of(name, value)

        with builtin(WATCH, see), installed({function.code: code}, self._objects), profiled(leave), suppress(Exception):
            self._loss()
            self._grad()
        space = next(iter(self._objects[function.code])).__globals__ if self._objects[function.code] else {}
        own = {name: parts_of(name, space[name]) for name in function.code.co_names if name in space}
        return Scope(
            function,
            {nodes[k]: value for k, value in values.items()},
            {**numbers, **{name: parts for name, parts in own.items() if parts}, **names},
            tuple(_functions_of_one(space)),
        )


def editor_of(subject: Subject) -> Editor:
    """Return the editor of a subject's code: its own where it runs elsewhere."""
    parts = (subject.grad, *code_run_by(subject.grad))
    elsewhere: list[Editor] = [own for part in parts if (own := getattr(part, "editor", None)) is not None]
    return elsewhere[0] if elsewhere else LocalEditor(subject)


def _same_definition(function: Function, source: Source) -> Definition:
    """The definition of a function in another text of its file: as many definitions stand before it."""
    places = [
        [node for node in ast.walk(one.tree) if isinstance(node, ast.FunctionDef | ast.Lambda)]
        for one in (function.source, source)
    ]
    return places[1][places[0].index(function.node)]


def _run(subject: Subject, name: str) -> Any:
    function, parameters = getattr(subject, name), subject.parameters
    with np.errstate(all="ignore"):
        return call(name, function, parameters.passed(parameters.arrays), *fresh(subject.data))


def _is_own(frame: FrameType) -> bool:
    return not is_library(frame)


def _functions_of_one(space: dict[str, Any]) -> Iterator[str]:
    """The names of the module's own functions that take one argument, and do nothing but compute."""
    for name, one in space.items():
        if isinstance(one, FunctionType) and one.__globals__ is space:
            code = one.__code__
            if computes(one) and code.co_argcount - len(one.__defaults__ or ()) == 1 and not code.co_kwonlyargcount:
                yield name
