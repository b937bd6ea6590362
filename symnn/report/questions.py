"""What a student is asked, from the views of any style: a quantity at a time, with room for the answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import singledispatch
from typing import Any

from symnn.report.form import BLANK_LATEX
from symnn.report.laws import Law
from symnn.report.story import Teller
from symnn.report.views import Backward, EntryByEntry, Forward, Line, Rule, Update


@dataclass(frozen=True)
class Asked:
    """One answer to be given: of what, the blanks it goes into, and what may be shown as a start, line by line."""

    name: str
    blank: str
    start: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """One question: the quantity by key, what it is, the laws that lead there, its answers, and lines of room.

    ``total`` is larger than the number of ``answers`` where one entry is asked for all; ``entries`` is the equation
    of a general entry, or None.
    """

    key: str
    part: str
    kind: str
    label: str
    name: str
    laws: tuple[Law, ...]
    answers: tuple[Asked, ...]
    total: int
    room: int
    entries: str | None = None


def questions(teller: Teller, views: dict[str, Any]) -> tuple[Question, ...]:
    """Return the questions on what a style tells: the forward pass, the loss, the backward pass, update and new loss.

    The teller's numbers must be blank already: a question takes what it prints from the views as they are.
    """
    forward: Iterable[Any] = views["forward"]
    return (
        *(asked(view) for view in forward),
        *(asked(view) for view in views["backward"]),
        *(_update(teller, one) for one in teller.updates()),
        _new_loss(teller),
    )


@singledispatch
def asked(view: object) -> Question:
    """Return the question on one view; raise `TypeError` for a view that nobody can be asked about."""
    raise TypeError(f"{type(view).__name__} is no step of a story")


@asked.register
def _(view: Forward) -> Question:
    part = "loss" if view.kind == "loss" else "forward"
    return Question(
        view.key, part, view.kind, view.label, view.line.name, (), (_of_line(view.line),), 1, 2, view.line.entries
    )


@asked.register
def _(view: Backward) -> Question:
    answers = (*map(_of_line, view.helpers), *map(_of_line, view.slopes), _of_line(view.line))
    room = 1 + len(view.ways) + len(answers)
    return Question(
        view.key, "backward", view.kind, "", view.line.name, view.laws, answers, len(answers), room, view.formula
    )


@asked.register
def _(view: Rule) -> Question:
    last = Asked(view.name, _blank(view.told[-1]), view.told[:-1])
    answers = (*map(_of_line, view.before), *map(_of_line, view.inside), last)
    kind = "delta" if view.is_delta else view.kind
    return Question(
        view.key, "backward", kind, "", view.name, view.laws, answers, len(answers), 1 + len(answers), view.entries
    )


@asked.register
def _(view: EntryByEntry) -> Question:
    part = "backward" if view.laws else "loss" if view.kind == "loss" else "forward"
    answers = tuple(Asked(one.name, f"= {BLANK_LATEX}", one.told) for one in view.entries)
    helpers = tuple(asked(helper).answers for together in view.together for helper in together.helpers)
    told = tuple(one for group in helpers for one in group)
    room = 1 + max(view.ways, 1)
    name = view.line.name
    return Question(view.key, part, view.kind, view.label, name, view.laws, (*told, *answers), view.total, room)


def _of_line(line: Line) -> Asked:
    start = (f"= {line.arrays}",) if line.arrays is not None else ()
    return Asked(line.name, f"= {line.value}", start)


def _blank(row: str) -> str:
    return row if row.startswith("=") else f"= {row}"


def _update(teller: Teller, one: Update) -> Question:
    answer = Asked(one.name, one.told[-1], one.told[:1])
    return Question(one.name, "update", "update", "", one.name, (), (answer,), 1, 2)


def _new_loss(teller: Teller) -> Question:
    name = teller.names.loss
    return Question("new loss", "update", "new loss", "", name, (), (Asked(name, teller.loss_value(1)),), 1, 3)
