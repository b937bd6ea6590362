"""How a row's derivative is found, as LaTeX: the moves of its derivation one after the other, or why there is none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sympy import Symbol

from symnn.derivation.ways import ways_of
from symnn.derivation.ways_laws import Way
from symnn.derivation.ways_normalisers import OUTPUTS
from symnn.errors import unknown
from symnn.report.move_printer import MovePrinter
from symnn.rules import ACTIVATIONS, LOSSES, NORMALISERS, Activation, Loss, Normaliser, activation
from symnn.rules.losses import p


@dataclass(frozen=True)
class Told:
    """One way to a derivative: the row and the way by name, where it starts, and each move's rule, law and result.

    A law is in pieces, of which every second is a formula.
    """

    row: str
    way: str
    start: str
    moves: tuple[tuple[str, tuple[str, ...], str], ...]


@dataclass(frozen=True)
class Unmoved:
    """A row that has no useful gradient: its formula, why, and the losses by name that are made smaller instead."""

    row: str
    formula: str
    reason: str
    instead: tuple[str, ...]


def derivatives(names: tuple[str, ...]) -> tuple[Told | Unmoved, ...]:
    """Return how the derivative of each row named is found, a row with two ways told by both.

    A row without a useful gradient is told with its reason. Raises `InputError` for a name that is in no table.

    >>> told = derivatives(("tanh", "step"))
    >>> told[0].moves[-1][2], type(told[1]).__name__
    ('1 - a^{2}', 'Unmoved')
    >>> derivatives(("half-squared-error",))[0].moves[-1][2]
    '\\\\hat y - y'
    """
    found: list[Told | Unmoved] = []
    for name in names:
        row = LOSSES[name] if name in LOSSES else _activation(name)
        reason = getattr(row, "no_gradient", None)
        if reason:
            found.append(Unmoved(name, _formula(row), reason, _instead(row)))
        else:
            found += [_told(way, _letters(row)) for way in ways_of(name)]
    return tuple(found)


def _activation(name: str) -> Activation | Normaliser:
    if name not in ACTIVATIONS and name not in NORMALISERS:
        raise unknown("activation or loss", name, [*ACTIVATIONS, *NORMALISERS, *LOSSES])
    return activation(name)


def _letters(row: Activation | Normaliser | Loss) -> Mapping[Symbol, str]:
    """Return how a row's letters are written: a loss is of a prediction, a logit or the logarithm of a share."""
    if not isinstance(row, Loss):
        return {}
    logged = row.partner in NORMALISERS and NORMALISERS[row.partner].log is None
    prediction = "z" if row.logits else r"\hat\ell" if logged else r"\hat y"
    return {p: prediction, OUTPUTS.label: prediction}


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


def _told(way: Way, letters: Mapping[Symbol, str]) -> Told:
    write = MovePrinter(letters).doprint
    moves = tuple((move.rule, in_pieces(move.law), write(move.after)) for move in way.moves)
    return Told(way.row, way.name, write(way.moves[0].before), moves)


def in_pieces(law: str) -> tuple[str, ...]:
    """Return a law in pieces, of which every second is a formula of LaTeX.

    >>> in_pieces("the derivative of `log u` is `n u^(n-1)`")
    ('the derivative of ', '\\\\log u', ' is ', 'n u^{n-1}', '')
    """
    return tuple(_by_hand(piece) if place % 2 else piece for place, piece in enumerate(law.split("`")))


def _by_hand(formula: str) -> str:
    """Return a formula that is written as by hand in LaTeX: exponents in brackets, functions and letters by name."""
    text = re.sub(r"\^\(([^()]*)\)", r"^{\1}", formula)
    text = re.sub(r"\|(\w+)\|", r"\\lvert \1\\rvert", text)
    return re.sub(r"\b(log|tanh|sigma)\b", r"\\\1", text)
