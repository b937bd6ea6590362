"""Told scalar by scalar: every entry with the sum over its paths, then gathered into the rule over whole arrays."""

from __future__ import annotations

from typing import Any

from symnn.derivation import Merge, SumOverPaths, told_step
from symnn.equations import Equation
from symnn.report.concrete import Concrete
from symnn.report.entrywise import count_of_summands, told_equation, told_gradient
from symnn.report.laws import laws_of
from symnn.report.story import Teller
from symnn.report.styles.upstream_local import kind_of
from symnn.report.views import EntryByEntry, Together


def views(teller: Teller) -> dict[str, Any]:
    """Return the forward pass and the gradients, each entry by entry."""
    concrete = Concrete(teller)
    return {
        "forward": tuple(forward(concrete, equation) for equation in teller.derivation.program.equations),
        "backward": tuple(backward(concrete, step) for step in teller.derivation.steps),
    }


def forward(concrete: Concrete, equation: Equation) -> EntryByEntry:
    """Return an equation of the forward pass entry by entry."""
    places, total = concrete.told(equation.name)
    entries = tuple(told_equation(concrete, equation, place) for place in places)
    line = concrete.teller.lines.line(equation)
    kind, label = concrete.teller.kind(equation)
    return EntryByEntry(
        equation.name, (), kind, label, concrete.teller.names.whole(equation.name), entries, total, 1, (), line
    )


def backward(concrete: Concrete, step: SumOverPaths) -> EntryByEntry:
    """Return the gradient with respect to one tensor entry by entry."""
    teller = concrete.teller
    places, total = concrete.told(step.result.name)
    return EntryByEntry(
        step.result.name,
        laws_of(step),
        kind_of(teller, step),
        "",
        teller.names.whole(step.name),
        tuple(told_gradient(concrete, step, place) for place in places),
        total,
        count_of_summands(concrete, step),
        together(concrete, step),
        teller.lines.line(told_step(step)[-1]),
    )


def together(concrete: Concrete, step: SumOverPaths) -> tuple[Together, ...]:
    """Return the rewrites in a gradient, with what must be known before them."""
    return tuple(
        Together(path.rewrite, concrete.teller.entries.displayed(step.result), helpers(concrete, path))
        for path in step.paths
        if isinstance(path, Merge)
    )


def helpers(concrete: Concrete, path: Merge) -> tuple[EntryByEntry, ...]:
    """Return what must be known before equations are taken together, entry by entry."""
    return tuple(forward(concrete, equation) for equation in path.helpers)
