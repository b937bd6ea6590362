"""What a student is asked, from the views of any style: a quantity at a time, with room for the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import singledispatchmethod
from typing import Any

import numpy as np

from symnn.notation import name_of
from symnn.report.allotted import NEW_LOSS, UPDATE
from symnn.report.form import BLANK_LATEX, BLANK_WIDTH
from symnn.report.laws import Law
from symnn.report.numbers import SHOWN
from symnn.report.rows import FULL, width_of_latex
from symnn.report.story import Teller
from symnn.report.views import Backward, EntryByEntry, Forward, Line, Rule, Update

MOST_LINES = 8
"""A box to work in is at most so many lines high."""
MOST_BESIDE = 4
"""At most so many answers stand beside one another where no matrix says how many."""
APART = 5.0
"""How many digits wide the room between two answers is."""
WRITTEN = 34.0
"""How many digits wide a blank is that a formula goes into."""


@dataclass(frozen=True)
class Asked:
    """One answer to be given: of what, the blanks it goes into, and what may be shown as a start, line by line."""

    name: str
    blank: str
    start: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """One question: the step by key, what it asks for and how, the laws that lead there, its answers, and its room.

    ``kind`` is what is asked for and ``of`` what that is of, as `Kinds` says; ``layer`` and ``shape`` are those of the
    quantity. With ``single`` every entry is asked for by its own name; ``total`` is larger than the number of
    ``answers`` where one entry stands for all. ``columns`` is how many answers stand beside one another, 0 where they
    are as wide as they are. ``defined`` is the equation that says what is asked for where nothing else does;
    ``formula`` that of a general entry; ``paths`` how many paths an entry has to the loss.
    """

    key: str
    part: str
    kind: str
    name: str
    answers: tuple[Asked, ...]
    label: str = ""
    of: str = ""
    layer: str = ""
    shape: str = ""
    laws: tuple[Law, ...] = ()
    single: bool = False
    total: int = 1
    columns: int = 0
    lines: int = 2
    defined: str | None = None
    formula: str | None = None
    paths: int = 1


def questions(teller: Teller, views: Mapping[str, Any], graded: Mapping[str, object]) -> tuple[Question, ...]:
    """Return the questions on what a style tells: forward pass, loss, backward pass, and once the update and new loss.

    Gradients that are not ``graded``, because no parameter needs them, are not asked for. The teller's numbers must be
    blank already: a question takes what it prints from the views as they are.
    """
    ask = _Asking(teller)
    forward = [ask.question(view) for view in views["forward"]]
    backward = [ask.question(view) for view in views["backward"] if view.key in graded]
    nested = _nested(views) if "nested" in views else ()
    return (*nested, *forward, *backward, *_update(teller), *((_new_loss(teller),) if NEW_LOSS in graded else ()))


class _Asking:
    """Make questions of the views of one teller."""

    def __init__(self, teller: Teller) -> None:
        self.teller = teller
        self.kinds = teller.kinds.of_tensors()
        self.tensors = {step.result.name: step.name for step in teller.derivation.steps}

    @singledispatchmethod
    def question(self, view: object) -> Question:
        """Return the question on one view; raise `TypeError` for a view that nobody can be asked about."""
        raise TypeError(f"{type(view).__name__} is no step of a story")

    @question.register
    def _(self, view: Forward) -> Question:
        return self._forward(view.key, view.kind, view.label, view.line, (_of_line(view.line),))

    @question.register
    def _(self, view: Backward) -> Question:
        answers = (*map(_of_line, view.helpers), *map(_of_line, view.slopes), _of_line(view.line))
        found = self._backward(view.key, view.line.name, view.laws, answers)
        return replace(found, formula=view.formula, paths=len(view.ways))

    @question.register
    def _(self, view: Rule) -> Question:
        last = Asked(view.name, view.told[-1], view.told[:-1])
        answers = (*map(_of_line, view.before), *map(_of_line, view.inside), last)
        found = self._backward(view.key, view.name, view.laws, answers)
        return replace(found, kind="delta" if view.is_delta else found.kind, formula=view.entries)

    @question.register
    def _(self, view: EntryByEntry) -> Question:
        own = tuple(Asked(one.name, f"= {BLANK_LATEX}", one.told) for one in view.entries)
        helpers = [answer for one in view.together for told in one.helpers for answer in self.question(told).answers]
        answers = (*helpers, *own)
        if not view.laws:
            found = self._forward(view.key, view.kind, view.label, view.line, answers)
        else:
            found = self._backward(view.key, view.line.name, view.laws, answers)
        columns = _columns(own, np.shape(self.teller.values[view.key]))
        each = 1 + (view.ways > MOST_BESIDE)
        lines = found.lines if view.kind == "loss" else min(1 + len(own) * each, MOST_LINES)
        return replace(found, single=True, total=view.total, columns=columns, lines=lines, paths=view.ways)

    def _forward(self, key: str, kind: str, label: str, line: Line, answers: tuple[Asked, ...]) -> Question:
        is_output = kind == "pre-activation" and self.teller.names.is_output(key)
        # A loss, and what has no name of its own, is nothing that a student could know without its equation.
        defined = line.entries if kind in ("loss", "other") else None
        return Question(
            key,
            "loss" if kind == "loss" else "forward",
            "output" if is_output else kind,
            line.name,
            answers,
            label=label,
            layer=self.teller.names.layer(key),
            shape=_shape(self.teller, key),
            lines=_lines(self.teller, key),
            defined=defined,
            formula=line.entries if defined is None else None,
        )

    def _backward(self, key: str, name: str, laws: tuple[Law, ...], answers: tuple[Asked, ...]) -> Question:
        tensor = self.tensors[key]
        kind = self.kinds[tensor]
        return Question(
            key,
            "backward",
            "gradient",
            name,
            answers,
            of="output" if kind == "pre-activation" and self.teller.names.is_output(tensor) else kind,
            layer=self.teller.names.layer(tensor),
            shape=_shape(self.teller, key),
            laws=laws,
            lines=min(_lines(self.teller, key) + len(answers) - 1, MOST_LINES),
        )


def _of_line(line: Line) -> Asked:
    start = (f"= {line.arrays}",) if line.arrays is not None else ()
    filled = (f"= {line.filled}",) if line.filled is not None else ()
    return Asked(line.name, f"= {line.value}", (*start, *filled))


def _shape(teller: Teller, name: str) -> str:
    return r" \times ".join(map(str, np.shape(teller.values[name])))


def _lines(teller: Teller, name: str) -> int:
    """Return how many lines the work on a quantity takes: one to begin with, and one for every row that it has."""
    shape = np.shape(teller.values[name])
    return 2 if len(shape) < 2 else min(1 + min(shape[0], SHOWN), MOST_LINES)


def _columns(answers: tuple[Asked, ...], shape: tuple[int, ...]) -> int:
    """Return how many answers go beside one another: as many as the matrix has columns, if the page has room."""
    widest = max(width_of_latex(answer.name) for answer in answers) + BLANK_WIDTH + APART
    room = max(1, int(FULL // widest))
    is_matrix = len(shape) > 1 and 1 < shape[-1] <= room and len(answers) == np.prod(shape)
    return shape[-1] if is_matrix else min(room, MOST_BESIDE, len(answers))


def _nested(views: Mapping[str, Any]) -> tuple[Question, ...]:
    """Return what only the nested style asks: the formula of the whole network, and how many parameters are in it."""
    count = Asked(r"\text{parameters}", f"= {BLANK_LATEX}")
    found = [Question("count", "forward", "count", "", (count,), lines=1)]
    if views["nested"] is not None:
        name, _ = views["nested"]
        long = rf"= \underline{{\hspace{{{WRITTEN / 2:g}em}}}}"
        found.insert(0, Question("nested", "forward", "nested", name, (Asked(name, long),), lines=0))
    return tuple(found)


def _update(teller: Teller) -> tuple[Question, ...]:
    """Return the question on one step on every parameter; none where there is nothing to learn."""
    steps: tuple[Update, ...] = teller.updates()
    if not steps:
        return ()
    answers = tuple(Asked(one.name, one.told[-1].replace("=", r"\leftarrow", 1), one.told[:-1]) for one in steps)
    lines = sum(_lines(teller, name) - 1 for name in teller.parameters)
    return (Question(UPDATE, "update", "update", "", answers, total=len(answers), lines=min(1 + lines, MOST_LINES)),)


def _new_loss(teller: Teller) -> Question:
    program = teller.derivation.program
    name = teller.names.loss
    lines = min(2 + len(program.equations), MOST_LINES)
    answer = Asked(name, teller.loss_value(1))
    return Question(NEW_LOSS, "update", "new loss", name, (answer,), of=name_of(program.loss), lines=lines)
