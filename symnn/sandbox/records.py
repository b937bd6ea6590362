"""The run that is open in the parent, opened again around the code in the child, and what the code recorded there.

Nothing here names the fields of `Run`: what is a set, a list or a dict is a record and comes back; every other public
field is a setting and goes along. Choices are both: their rule goes along, and the sides taken come back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields
from typing import Any

from symnn.errors import UndecidedError
from symnn.scalars import EXACT, NumberSystem, Run, ball, dual, guarded, signature, trace
from symnn.scalars.choices import Choices, Rule, above, backwards, below, forwards

SYSTEMS: dict[str, Callable[[Any], NumberSystem]] = {
    "ball": ball,
    "dual": dual,
    "guarded_ball": lambda bits: guarded(ball(bits)),
    "guarded_dual": lambda bits: guarded(dual(bits)),
    "trace": trace,
    "exact": lambda bits: EXACT,
    "signature": signature,
}
"""The number systems that can be opened in a child, by name, from their working precision or what they are over."""

RULES: dict[str, Rule] = {rule.__name__: rule for rule in (forwards, backwards, above, below)}
"""The rules by which the sides of a kink can be chosen in a child, by name."""

_ABOUT_SYSTEM = "system"
_CHOICES = "choices"
_TAKEN = ("taken", "first", "certain")


def settings(run: Run) -> dict[str, Any]:
    """Return what a run was opened with, as plain values. Raises UndecidedError for a system without a row.

    >>> settings(Run(dual(100), widen=(8, 0.0)))["system"]
    ('dual', 100)
    """
    if run.system is None or run.system.name not in SYSTEMS:
        name = "no number system" if run.system is None else f"the number system {run.system.name!r}"
        raise UndecidedError(f"{name} is not available in the sandbox")
    public = {name: getattr(run, name) for name in _public(run)}
    kept = {name: value for name, value in public.items() if not _is_record(value) and name != _ABOUT_SYSTEM}
    plain = {name: _asked(value) if isinstance(value, Choices) else value for name, value in kept.items()}
    made_from = run.system.bits if run.system.over is None else run.system.over
    return {_ABOUT_SYSTEM: (run.system.name, made_from), **plain}


def _asked(choices: Choices) -> tuple[str, tuple[int, ...]]:
    name = next((name for name, rule in RULES.items() if rule is choices.rule), None)
    if name is None:
        raise UndecidedError("the rule of the choices at a kink is not available in the sandbox")
    return name, choices.script


def system_of(given: dict[str, Any]) -> NumberSystem:
    """Return the number system that settings name. Raises KeyError, TypeError or ValueError for none."""
    name, made_from = given[_ABOUT_SYSTEM]
    return SYSTEMS[name](made_from)


def with_settings(run: Run, given: dict[str, Any]) -> None:
    """Set the other fields of a run that was just opened."""
    for name in _public(run):
        if name in given and name != _ABOUT_SYSTEM:
            value = given[name]
            setattr(run, name, Choices(RULES[value[0]], tuple(value[1])) if name == _CHOICES and value else value)


def records(run: Run) -> dict[str, Any]:
    """Return what was recorded while a run was open, sets in order of size.

    >>> records(Run(inexact_constants={0.3, 0.1}))["inexact_constants"]
    [0.1, 0.3]
    """
    found: dict[str, Any] = {}
    for name in _public(run):
        value = getattr(run, name)
        if isinstance(value, Choices):
            found[name] = {part: getattr(value, part) for part in _TAKEN}
        elif _is_record(value):
            found[name] = sorted(value) if isinstance(value, set) else value
    return found


def take_in(run: Run, recorded: dict[str, Any]) -> None:
    """Add what was recorded in the child to the records of the run that is open here."""
    for name in _public(run):
        mine = getattr(run, name)
        if name in recorded and isinstance(mine, Choices):
            for part in _TAKEN:
                setattr(mine, part, recorded[name][part])
        elif name in recorded and _is_record(mine):
            _add(mine, recorded[name])


def _add(mine: Any, theirs: Iterable[Any]) -> None:
    if isinstance(mine, list):
        known = set(mine)
        mine.extend(dict.fromkeys(x for x in theirs if x not in known))
    else:
        mine.update(theirs)


def _public(run: Run) -> list[str]:
    return [field.name for field in fields(run) if not field.name.startswith("_")]


def _is_record(value: Any) -> bool:
    return isinstance(value, set | list | dict)


class Continued:
    """The run of the call before: a loss and its gradient are called in one run, and are to find one here."""

    def __init__(self) -> None:
        self._number = 0
        self._before: dict[str, Any] = {}

    def enter(self, run: Run, number: int, given: dict[str, Any]) -> None:
        """Give a run that was just opened the settings of run ``number``, and all that it knew before."""
        if number == self._number:
            vars(run).update(self._before)
        else:
            with_settings(run, given)
        self._number, self._before = number, vars(run)
