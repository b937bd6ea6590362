"""Where every quantity of a derivation comes from, and where it goes: what the table and the page's links say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from symnn.derivation import told_equations
from symnn.notation import name_of
from symnn.report.numbers import array_latex
from symnn.report.story import Teller
from symnn.report.views import related


@dataclass(frozen=True)
class Quantity:
    """A quantity by the name of its tensor, and how it is written."""

    key: str
    latex: str


@dataclass(frozen=True)
class Provenance:
    """One quantity, its value behind a sign, what it is computed from, and what is computed from it."""

    key: str
    latex: str
    value: str
    sources: tuple[Quantity, ...]
    goals: tuple[Quantity, ...]


def provenance(teller: Teller) -> tuple[Provenance, ...]:
    """Return a row for every quantity: what is given, then the forward pass, then the backward pass.

    >>> from symnn.library import load, work
    >>> example = load("or-gate")
    >>> rows = provenance(Teller(example.derivation, work(example.derivation, example.point), "1"))
    >>> [(row.key, [one.key for one in row.sources]) for row in rows if row.key in ("Z1", "dW1")]
    [('Z1', ['X', 'W1', 'b1']), ('dW1', ['X', 'dZ1'])]
    """
    program = teller.derivation.program
    equations = (*program.equations, *told_equations(teller.derivation))
    order = [*map(name_of, (*program.inputs, *program.targets, *program.parameters)), *(one.name for one in equations)]
    sources = {one.name: [name for name in order if name in one.reads] for one in equations}
    goals = {name: [one.name for one in equations if name in one.reads] for name in order}
    return tuple(
        Provenance(
            name,
            teller.names.whole(name),
            related(*array_latex(teller.values[name], teller.form)),
            _written(teller, sources.get(name, ())),
            _written(teller, goals[name]),
        )
        for name in order
    )


def _written(teller: Teller, names: Iterable[str]) -> tuple[Quantity, ...]:
    return tuple(Quantity(name, teller.names.whole(name)) for name in names)
