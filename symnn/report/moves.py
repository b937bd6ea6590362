"""How a row's derivative is found, as LaTeX: the moves of its derivation one after the other, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sympy import Derivative, Expr, Idx, Indexed, KroneckerDelta, Piecewise, Subs, Sum

from symnn.derive.ways import Way, ways_of
from symnn.report.sums import ReadingPrinter, bracketed
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


class _MovePrinter(ReadingPrinter):
    """Print derivatives still to be taken, and where they are taken."""

    lead = Sum

    def _print_Derivative(self, expr: Derivative) -> str:
        by = self._print(expr.variables[0])
        body = self._print(expr.expr)
        inside = body if expr.expr.is_Atom else rf"\left({body}\right)"
        return rf"\frac{{\mathrm{{d}}}}{{\mathrm{{d}} {by}}} {inside}"

    def _print_Subs(self, expr: Subs) -> str:
        (variable,), (value,) = expr.variables, expr.point
        return rf"\left. {bracketed(self._print(expr.expr))} \right|_{{{self._print(variable)} = {self._print(value)}}}"

    def _print_Indexed(self, expr: Indexed) -> str:
        return f"{expr.base.label}_{{{' '.join(map(self._print, expr.indices))}}}"

    def _print_Idx(self, expr: Idx) -> str:
        return str(expr.label)

    def _print_Sum(self, expr: Sum) -> str:
        letters = ", ".join(self._print(limits[0]) for limits in expr.limits)
        return rf"\sum_{{{letters}}} {self._print(expr.function)}"

    def _print_KroneckerDelta(self, expr: KroneckerDelta, exp: Any = None) -> str:
        return rf"\delta_{{{' '.join(map(self._print, expr.args))}}}"

    def _print_Piecewise(self, expr: Piecewise) -> str:
        rows = [
            rf"{self._print(value)} & " + (r"\text{otherwise}" if condition == True else self._print(condition))  # noqa: E712
            for value, condition in expr.args
        ]
        return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"

    def _print_exp(self, expr: Expr, exp: Any = None) -> str:
        text = rf"e^{{{self._print(expr.args[0])}}}"
        return rf"\left({text}\right)^{{{exp}}}" if exp is not None else text


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
        return rf"{row.latex}(z) = {_MovePrinter().doprint(row.forward)}"
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
    write = _MovePrinter().doprint
    moves = tuple((move.rule, move.law, write(move.after)) for move in way.moves)
    return Told(way.row, way.name, write(way.moves[0].before), moves)
