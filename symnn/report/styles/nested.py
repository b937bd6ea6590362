"""Told nested: the forward pass as one formula, function in function, and the gradient number by number."""

from __future__ import annotations

from typing import Any

from symnn.derivation import SumOverPaths
from symnn.equations import Equation
from symnn.kernels.arrays import arrays_of
from symnn.notation import name_of
from symnn.report.concrete import Concrete
from symnn.report.entrywise import summands
from symnn.report.matrices import matrix_form
from symnn.report.numbers import number
from symnn.report.rows import FULL, joined, shortened, width_of_latex
from symnn.report.story import Teller
from symnn.report.styles import upstream_local
from symnn.report.views import EntryRow, related
from symnn.rules import recognise_activation, recognise_normaliser

ROOM = 46.0
"""How many digits wide a formula in the table of gradients may be."""


def views(teller: Teller) -> dict[str, Any]:
    """Return the forward pass in nested form and step by step, the backward pass, and every entry of the gradient."""
    concrete = Concrete(teller)
    counts = teller.counts()
    return {
        **upstream_local.views(teller),
        "nested": nested_form(teller),
        "counts": counts,
        "count": sum(count.total for count in counts),
        "one_by_one": tuple(rows_of(concrete, name) for name in teller.parameters),
    }


def nested_form(teller: Teller) -> tuple[str, str] | None:
    """Return the name of what the loss is of and its nested formula; None where it has none over matrices.

    A network too deep for a line is nested as far as the line goes.
    """
    program = teller.derivation.program
    targets = {name_of(tensor) for tensor in program.targets}
    outputs = [name for name in program.equations[-1].reads if name not in targets and name in program.definitions]
    if len(outputs) != 1:
        return None
    (output,) = outputs
    left = teller.names.whole(output)
    text = _nested(teller, program.definitions[output], FULL - width_of_latex(left) - 2)
    return (left, text) if text is not None else None


def _nested(teller: Teller, equation: Equation, room: float) -> str | None:
    """Return an equation over matrices in which every tensor is replaced by what it is, as far as there is room."""
    program = teller.derivation.program
    applied = recognise_activation(equation) or recognise_normaliser(program, equation)
    if applied is not None:
        function, entry = applied.row.latex, name_of(applied.entry)
        inner = _inside(teller, entry, room - width_of_latex(function) - 2)
        return rf"{function}\left({inner or teller.lines.symbol(entry)}\right)"
    plain = matrix_form(equation, teller.lines.symbol)
    if plain is None or width_of_latex(plain) > room:
        return None

    def write(name: str) -> str:
        inner = _inside(teller, name, room - width_of_latex(plain))
        if inner is None:
            return teller.lines.symbol(name)
        return inner if _is_function(teller, name) else rf"\left({inner}\right)"

    return matrix_form(equation, write)


def _inside(teller: Teller, name: str, room: float) -> str | None:
    defined = teller.derivation.program.definitions.get(name)
    return _nested(teller, defined, room) if defined is not None else None


def _is_function(teller: Teller, name: str) -> bool:
    """Tell whether a tensor is a function of another, or a single thing, and so needs no brackets as a factor."""
    program = teller.derivation.program
    defined = program.definitions[name]
    known = recognise_activation(defined) or recognise_normaliser(program, defined)
    return known is not None or arrays_of(defined).body.is_Atom


def rows_of(concrete: Concrete, name: str) -> tuple[EntryRow, ...]:
    """Return the gradient with respect to the entries of one array: name, formula where there is room, and value."""
    step = concrete.teller.derivation.gradient(name)
    places, total = concrete.told(name)
    return tuple(_row(concrete, step, place, total if len(places) < total else 0) for place in places)


def _row(concrete: Concrete, step: SumOverPaths, place: tuple[int, ...], of: int) -> EntryRow:
    name = step.result.name
    parts = [(r" \cdot ".join(each.formulas),) for each in summands(concrete, step, place)]
    formula = joined([part for (part,) in shortened(parts)])
    value = related(*number(concrete.value(name, place), concrete.teller.form))
    return EntryRow(concrete.name(name, place), formula if width_of_latex(formula) <= ROOM else None, value, of)
