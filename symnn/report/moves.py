"""How a row's derivative is found, as LaTeX: the moves of its derivation one after the other, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass

from symnn.derive.ways import Way, ways_of
from symnn.report.move_printer import MovePrinter
from symnn.rules import LOSSES, Activation, Loss, Normaliser, activation


@dataclass(frozen=True)
class Told:
    """One way to a derivative: the row and the way by name, where it starts, and each move's rule, law and result."""

    row: str
    way: str
    start: str
    moves: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Unmoved:
    """A row that has no useful gradient: its formula, why, and the losses by name that are made smaller instead."""

    row: str
    formula: str
    reason: str
    instead: tuple[str, ...]


def derivatives(names: tuple[str, ...]) -> tuple[Told | Unmoved, ...]:
    """Return how the derivative of each row named is found, a row with two ways told by both.

    A row without a useful gradient, a loss included, is told with its reason. Raises `InputError` for a name that is in
    no table, and for a loss whose derivative is not told.

    >>> told = derivatives(("tanh", "step"))
    >>> told[0].moves[-1][2], type(told[1]).__name__
    ('1 - a^{2}', 'Unmoved')
    """
    found: list[Told | Unmoved] = []
    for name in names:
        row = LOSSES[name] if name in LOSSES else activation(name)
        reason = getattr(row, "no_gradient", None)
        if reason:
            found.append(Unmoved(name, _formula(row), reason, _instead(row)))
        else:
            found += [_told(way) for way in ways_of(name)]
    return tuple(found)


def _formula(row: Activation | Normaliser | Loss) -> str:
    if isinstance(row, Activation):
        return rf"{row.latex}(z) = {MovePrinter().doprint(row.forward)}"
    return rf"\ell(\hat y, y) = {row.latex}" if isinstance(row, Loss) else row.latex


def _instead(row: Activation | Normaliser | Loss) -> tuple[str, ...]:
    """Return the losses with a gradient that any prediction and no other target than those of the row may be given."""
    if not isinstance(row, Loss):
        return ()
    return tuple(
        other.name
        for other in LOSSES.values()
        if other.no_gradient is None
        and row.predictions.is_subset(other.predictions)
        and other.targets.is_subset(row.targets)
    )


def _told(way: Way) -> Told:
    write = MovePrinter().doprint
    moves = tuple((move.rule, move.law, write(move.after)) for move in way.moves)
    return Told(way.row, way.name, write(way.moves[0].before), moves)
