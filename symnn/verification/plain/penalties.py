"""Gradients that are off by multiples of what penalties contribute: the parameter, its signs, its direction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np

from symnn.verification.adapters.passes import parameters_of
from symnn.verification.plain.wrong import Compared, Finding, same

LARGEST_DENOMINATOR = 100_000
"""Up to which denominator a coefficient of a penalty counts as one that somebody chose."""

# What a penalty contributes to the gradient, and the penalty.
PENALTIES: Mapping[str, str] = {
    "{0}": "of squares",
    "sign({0})": "of absolute values",
    "{0}/‖{0}‖": "by the norm",
}

_PARTS: Mapping[str, Callable[[Any], Any]] = dict(
    zip(PENALTIES, (lambda A: A, np.sign, lambda A: A / np.linalg.norm(A)), strict=True)
)


def penalty(one: Compared) -> Finding | None:
    """Name one or two multiples of penalties' gradients that make up the difference."""
    if one.yours.shape != one.exact.shape or one.at.size < 3 or not one.at.any():
        return None
    off = one.yours - one.exact
    parts = {name: of(one.at) for name, of in _PARTS.items()}
    for names in (*combinations(PENALTIES, 1), *combinations(PENALTIES, 2)):
        coefficients = _coefficients(off, [parts[name] for name in names])
        if coefficients is not None:
            return _told(one, dict(zip(names, coefficients, strict=True)))
    return None


def _coefficients(off: Any, parts: list[Any]) -> list[Fraction] | None:
    """Return simple numbers that make the parts add up to the difference, or None."""
    if off.size <= len(parts):
        return None
    columns = np.stack([part.ravel() for part in parts], axis=1)
    solved, _, rank, _ = np.linalg.lstsq(columns, off.ravel(), rcond=None)
    # One certain number for one unknown would explain anything; so would numbers that nobody chose.
    if rank < len(parts):
        return None
    simple = [Fraction(float(x)).limit_denominator(LARGEST_DENOMINATOR) for x in solved]
    made = sum(float(x) * part for x, part in zip(simple, parts, strict=True))
    return simple if all(simple) and same(made, off) else None


def _told(one: Compared, coefficients: Mapping[str, Fraction]) -> Finding:
    rows = list(coefficients.items())
    terms = " ".join(_term(part.format(one.name), x, number) for number, (part, x) in enumerate(rows))
    difference = f"yours − exact = {terms}"
    if len(rows) == 1:
        (part, x) = rows[0]
        what = f"{_decimal(x)} times {part.format('the parameter')}"
        said = f"{{}} is off by {what}: the part of a penalty {PENALTIES[part]} {_how_wrong(one, _PARTS[part](one.at))}"
        return Finding("penalty", said, difference)
    (have, _), (lack, _) = sorted(rows, key=lambda row: -row[1])
    said = f"{{}} holds the part of a penalty {PENALTIES[have]}, where the loss has a penalty {PENALTIES[lack]}"
    return Finding("penalty", said, difference)


def _how_wrong(one: Compared, part: Any) -> str:
    """Say what is wrong with a penalty's part, if its weight is among the data: what moves with it tells that."""
    for k, weight in enumerate(one.data):
        if not isinstance(weight, float) or not weight:
            continue
        other = one.given([2 * x if at == k else x for at, x in enumerate(one.data)])
        if other is None or other.yours.shape != one.yours.shape:
            continue
        moved = [_coefficients(now - before, [part]) for now, before in _pairs(one, other)]
        (yours, exact) = (0 if found is None else found[0] for found in moved)
        if not exact or (moved[0] is None and not same(one.yours, other.yours)):
            continue
        named = f" ({_name(one, k)} = {weight:g})"
        if not yours:
            return f"is left out{named}"
        ratio = Fraction(yours) / exact
        what = "has the wrong sign" if ratio == -1 else f"is {str(ratio).replace('-', '−')} times what it should be"
        return what + named if ratio != 1 else "is missing, has the wrong sign or the wrong weight"
    return "is missing, has the wrong sign or the wrong weight"


def _pairs(one: Compared, other: Compared) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    return (other.yours, one.yours), (other.exact, one.exact)


def _name(one: Compared, k: int) -> str:
    """What the loss calls a number of its data."""
    names = parameters_of(one.probe.pair.loss)
    return names[k + 1] if k + 1 < len(names) else "its weight"


def _term(part: str, x: Fraction, number: int) -> str:
    sign = ("−" if x < 0 else "") if number == 0 else ("− " if x < 0 else "+ ")
    return f"{sign}{_decimal(abs(x))}·{part}"


def _decimal(x: Fraction) -> str:
    return f"{float(x):.12g}".replace("-", "−")
