"""Edits of a file's code in the child that runs it: what it is made of, tried with edits, and run with some."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from symnn.edits import Edit, Function, Scope, Source
from symnn.edits.assignments import Assignment
from symnn.edits.functions import definition_at
from symnn.edits.scope import Value
from symnn.edits.watching import numbered
from symnn.errors import InputError
from symnn.sandbox.process import Child
from symnn.verification.adapters import Given, adapt
from symnn.verification.repair import LocalEditor
from symnn.verification.repair.intermediates import Intermediate
from symnn.verification.repair.trial import Right, Trial
from symnn.verification.structure import parameters


class RemoteEditor:
    """The editor of code that runs in a child. What it answers of trials is no evidence, but a choice of edits."""

    def __init__(self, child: Child, arguments: tuple[Any, ...]) -> None:
        self._child, self._arguments = child, arguments
        self._trials: Sequence[Trial] | None = None

    def scopes(self) -> list[Scope]:
        """Return the functions that only the gradient runs, with what they can read; else all that it runs."""
        return self._child.ask("grad", _read_scopes, do="scopes", args=self._arguments)

    @contextmanager
    def installed(self, edits: Sequence[Edit]) -> Iterator[None]:
        """Let the code run with edits meanwhile. Raises ValueError where it cannot."""
        if not self._install(edits):
            raise ValueError("the code does not run with these edits")
        try:
            yield
        finally:
            self._install([])

    @contextmanager
    def other_numbers(self) -> Iterator[None]:
        """Give the numbers that both the loss and the gradient read from a module other values meanwhile."""
        self._child.ask("grad", lambda found: None, do="numbers", others=True)
        try:
            yield
        finally:
            self._child.ask("grad", lambda found: None, do="numbers", others=False)

    def intermediates(self) -> list[Intermediate]:
        """Return what the loss computes at the point given. Raises UndecidedError."""
        return self._intermediates

    @cached_property
    def _intermediates(self) -> list[Intermediate]:
        return self._child.ask("loss", _read_intermediates, do="intermediates")

    def assignments(self, edits: Sequence[Edit] = ()) -> list[list[Assignment]] | None:
        """Return what the statements of each function leave behind at last; None where the code does not run."""
        return self._child.ask("grad", _read_assignments, do="assignments", edits=list(map(_written, edits)))

    def right(self, trials: Sequence[Trial], candidates: Sequence[Sequence[Edit]]) -> list[Right]:
        """Return, for each of some edits, the arrays that are right with them in all trials; None where none runs."""
        # Trials are sent once: they hold all parameters and derivatives.
        rows = (
            None
            if trials is self._trials
            else [
                (
                    trial.params,
                    trial.subject.data,
                    dict(trial.exact),
                    trial.loss,
                    trial.draws,
                    trial.other_numbers,
                    sorted(trial.reshaped),
                )
                for trial in trials
            ]
        )
        self._trials = trials
        given = [list(map(_written, edits)) for edits in candidates]

        def read(found: dict[str, Any]) -> list[Right]:
            answers: list[Right] = [None if one is None else frozenset(map(str, one)) for one in found["right"]]
            if len(answers) != len(candidates):
                raise ValueError("there is an answer for every candidate")
            return answers

        return self._child.ask("grad", read, do="try", trials=rows, candidates=given)

    def _install(self, edits: Sequence[Edit]) -> bool:
        return self._child.ask("grad", lambda found: bool(found["runs"]), do="edit", edits=list(map(_written, edits)))


class ChildEditor:
    """The child's side of a `RemoteEditor`, given the loss and the gradient of its file."""

    def __init__(self, loss: Any, grad: Any, argnum: Any = None) -> None:
        self._loss, self._grad, self._argnum = loss, grad, argnum
        self._editor: LocalEditor | None = None
        self._trials: list[Trial] = []
        self._edited, self._others = ExitStack(), ExitStack()

    def scopes(self, given: dict[str, Any]) -> dict[str, Any]:
        """Return the text of the functions that a gradient runs, and the kinds and shapes of their values."""
        self._subject = adapt(Given(self._loss, (self._grad, *given["args"]), argnum=self._argnum))
        self._editor = LocalEditor(self._subject)
        return {"scopes": [_row(scope) for scope in self._editor.scopes()]}

    def edit(self, given: dict[str, Any]) -> dict[str, Any]:
        """Let the code run with edits from now on, in the place of those before."""
        self._edited.close()
        try:
            self._edited.enter_context(self._known.installed(list(map(_edit, given["edits"]))))
        except (SyntaxError, ValueError):
            return {"runs": False}
        return {"runs": True}

    def numbers(self, given: dict[str, Any]) -> dict[str, Any]:
        """Let the code read other numbers from now on, or its own."""
        self._others.close()
        if given["others"]:
            self._others.enter_context(self._known.other_numbers())
        return {}

    def intermediates(self, given: dict[str, Any]) -> dict[str, Any]:
        """Return what the loss computes, with its derivatives."""
        return {"intermediates": [tuple(one) for one in self._known.intermediates()]}

    def assignments(self, given: dict[str, Any]) -> dict[str, Any]:
        """Return what the statements of each function leave behind, the code with edits."""
        left = self._known.assignments(list(map(_edit, given["edits"])))
        return {"assignments": None if left is None else [list(map(tuple, rows)) for rows in left]}

    def tried(self, given: dict[str, Any]) -> dict[str, Any]:
        """Return the arrays that are right with some edits."""
        if given["trials"] is not None:
            self._trials = [self._trial(*row) for row in given["trials"]]
        candidates = [list(map(_edit, edits)) for edits in given["candidates"]]
        right = self._known.right(self._trials, candidates)
        return {"right": [None if one is None else sorted(one) for one in right]}

    def _trial(self, params: Any, data: Any, exact: Any, loss: float, draws: int, others: bool, own: Any) -> Trial:
        read = parameters(params)
        subject = replace(self._subject, parameters=read, data=tuple(data))
        return Trial(subject, read.arrays, exact, loss, draws, others, frozenset(own))

    @property
    def _known(self) -> LocalEditor:
        if self._editor is None:
            raise InputError("the code has not been looked at")
        return self._editor


def _row(scope: Scope) -> dict[str, Any]:
    source, node = scope.function.source, scope.function.node
    numbers = {id(one): k for k, one in enumerate(numbered(scope.function))}
    return {
        "file": source.file,
        "text": source.text,
        "at": (node.lineno, node.col_offset),
        "values": [(numbers[id(one)], value.kind, value.shape) for one, value in scope.values.items()],
        "names": {
            name: {text: (value.kind, value.shape) for text, value in parts.items()}
            for name, parts in scope.names.items()
        },
        "functions": scope.functions,
    }


def _read_scopes(found: dict[str, Any]) -> list[Scope]:
    scopes, sources = [], dict[tuple[str, str], Source]()
    for row in found["scopes"]:
        key = str(row["file"]), str(row["text"])
        source = sources.setdefault(key, Source(*key))
        try:
            function = Function(source, definition_at(source, *row["at"]))
        except (SyntaxError, RecursionError) as problem:
            raise ValueError("the text is that of code which runs") from problem
        nodes = numbered(function)
        values = {nodes[k]: Value(kind, tuple(shape)) for k, kind, shape in row["values"]}
        names = {
            str(name): {str(text): Value(kind, tuple(shape)) for text, (kind, shape) in parts.items()}
            for name, parts in row["names"].items()
        }
        scopes.append(Scope(function, values, names, tuple(map(str, row["functions"]))))
    return scopes


def _read_intermediates(found: dict[str, Any]) -> list[Intermediate]:
    return [
        Intermediate(str(name), str(function), _array(value), None if adjoint is None else _array(adjoint))
        for name, function, value, adjoint in found["intermediates"]
    ]


def _read_assignments(found: dict[str, Any]) -> list[list[Assignment]] | None:
    left = found["assignments"]
    if left is None:
        return None
    return [[Assignment(int(k), str(name), None if A is None else _array(A)) for k, name, A in rows] for rows in left]


def _array(A: Any) -> Any:
    if not isinstance(A, np.ndarray):
        raise TypeError("the child sends arrays")
    return A


def _written(edit: Edit) -> tuple[str, int, int, str]:
    return edit.file, edit.start, edit.end, edit.text


def _edit(row: Any) -> Edit:
    file, start, end, text = row
    return Edit(file, 0, start, end, text, ("", ""))
