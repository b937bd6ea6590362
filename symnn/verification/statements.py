"""What a proof says: the sentences, from what was traced and what came out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from flint import arb

from symnn.errors import UndecidedError
from symnn.scalars import log10_upper
from symnn.scalars.constants import as_root
from symnn.scalars.nodes import Node
from symnn.verification.evidence import Evidence
from symnn.verification.forms import Field
from symnn.verification.formulas import form_expression, formulas
from symnn.verification.polynomials import Polynomial, plus
from symnn.verification.rational import WORK, Generator
from symnn.verification.regions import region
from symnn.verification.tracing import Tracing

ROUNDING_DIGITS = 8
"""A difference smaller than this may be due to a float constant that rounds what is irrational."""

_SHORT = 120
_FEW_TERMS = 8


@dataclass
class Entry:
    """One entry of the gradient: its name, and the expressions of what it is and of what it should be."""

    name: str
    yours: Node
    exact: Node


def equal(tracing: Tracing, field: Field, count: int, zero: int) -> Evidence:
    """Return the evidence of a proof over so many entries, ``zero`` of them identically zero."""
    kinds = Counter(_noun(generator) for generator in field.generators)
    parts = [f"{kinds[noun]} {noun}{'s' if kinds[noun] > 1 else ''}" for noun in _NOUNS if kinds[noun]]
    of = f" of {', '.join(parts)}" if parts else ""
    said = f"proved for {_all(tracing)}: {count} entr{'ies' if count > 1 else 'y'} equal as rational functions{of}"
    said += f", {zero} of them identically zero" if zero else ""
    blind = tracing.blind()
    said += f" (on {', '.join(blind)} the loss does not depend there)" if blind else ""
    said += ", for the random numbers drawn" if tracing.random else ""
    return Evidence("proved", "equal", said + _constants(tracing), *shown(tracing))


_NOUNS = ("exponential", "logarithm", "root", "other function")


def _noun(generator: Generator) -> str:
    """What a generator is called in the count of functions; "" for what is not."""
    if generator.kind in ("symbol", "reciprocal"):
        return ""
    name = generator.name or "exp"
    return {"exp": "exponential", "sqrt": "root", "log": "logarithm"}.get(
        name, "" if name == "cut" else "other function"
    )


def _all(tracing: Tracing) -> str:
    """What a statement holds for."""
    if not tracing.open:
        return "all parameters" + (", at the data given" if tracing.closed else "")
    if not tracing.closed:
        return "all parameters and data"
    return f"all parameters and {', '.join(tracing.open)}, at the {', '.join(tracing.closed)} given"


def at_the_data(tracing: Tracing | None) -> str:
    """Return words where all data stayed as it is, else nothing."""
    return " at the data given" if tracing is not None and tracing.closed and not tracing.open else ""


def _constants(tracing: Tracing) -> str:
    if not tracing.inexact_constants:
        return ""
    said = ""
    for rooted, one, more in _READINGS:
        named = [repr(x) for x in sorted(tracing.inexact_constants) if (as_root(x) is not None) == rooted]
        if named:
            plural, ending = ("s", more) if len(named) > 1 else ("", one)
            said += f", taking the float64 constant{plural} {', '.join(named[:3])} {ending}"
    return said


_READINGS = ((True, "for the root it rounds", "for the roots they round"), (False, "for exact", "for exact"))


def different(wrong: list[tuple[Entry, Any, Any]], tracing: Tracing) -> Evidence:
    """Return the evidence of wrong entries, each with its value and the exact one.

    Raises UndecidedError where float constants may be all that differs.
    """
    entry, yours, exact = wrong[0]
    if tracing.inexact_constants:
        agreeing = [log10_upper(x) - log10_upper(y - x) for _, y, x in wrong]
        if min(agreeing) > ROUNDING_DIGITS:
            digits = int(min(agreeing))
            raise UndecidedError(
                f"{entry.name} agrees with the derivative to {digits} digits only{_constants(tracing)}: "
                "no proof rests on rounded constants"
            )
    others = len(wrong) - 1
    more = f"; {others} more entr{'ies differ' if others > 1 else 'y differs'}" if others else ""
    return Evidence("proved", "different", _told(entry, yours - exact, tracing) + more, *shown(tracing))


def _told(entry: Entry, difference: Any, tracing: Tracing) -> str:
    """How an entry differs: by a factor, by an expression that is short, or by so much."""
    value = difference.mid().str(6, radius=False)
    plain = f"{entry.name} is not the derivative: yours − exact is {value} at a point of the region"
    field = Field(limit=WORK // 10)
    try:
        mine, right = field.form(entry.yours), field.form(entry.exact)
        factor = _factor(mine, right)
        if factor is not None:
            return f"{entry.name} is wrong by the factor {factor}, for {_all(tracing)}"
    except UndecidedError:
        return plain
    form = plus(mine, right, -1)
    if len(form) > _FEW_TERMS:
        return plain
    line = str(form_expression(field, form))
    return f"{entry.name} is wrong: yours − exact = {line}" if len(line) <= _SHORT else plain


def _factor(mine: Polynomial, right: Polynomial) -> str | None:
    """The rational number by which a form is too large, where it is one."""
    if not mine or mine.keys() != right.keys():
        return None
    factor = next(mine[m] / right[m] for m in mine)
    if any(mine[m] != factor * right[m] for m in mine):
        return None
    if len(str(factor)) <= _SHORT // 10:
        return str(factor)
    beyond = factor - 1
    return f"1 {'+' if beyond > 0 else '-'} {arb(abs(beyond)).str(6, radius=False)}"


def shown(tracing: Tracing | None) -> tuple[tuple[str, ...], tuple[tuple[str, Any], ...]]:
    """The region as text, and the formulas."""
    if tracing is None:
        return (), ()
    return region(tracing.relations), formulas(tracing.loss, tracing.gradients, tracing.shapes, tracing.relations)
