"""Gradients that are off by multiples of what penalties contribute: the parameter, its signs, its direction."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np

from symnn.verification.plain.wrong import Compared, Finding, same

LARGEST_DENOMINATOR = 100_000
"""Up to which denominator a coefficient of a penalty counts as one that somebody chose."""

# What a penalty contributes to the gradient, and the penalty.
PENALTIES: Mapping[str, str] = {
    "{0}": "of squares",
    "sign({0})": "of absolute values",
    "{0}/‖{0}‖": "by the norm",
}


def penalty(one: Compared) -> Finding | None:
    """Name one or two multiples of penalties' gradients that make up the difference."""
    if one.yours.shape != one.exact.shape or one.at.size < 3 or not one.at.any():
        return None
    off = one.yours - one.exact
    parts = dict(zip(PENALTIES, (one.at, np.sign(one.at), one.at / np.linalg.norm(one.at)), strict=True))
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
        said = f"{{}} is off by {what}: the part of a penalty {PENALTIES[part]} {_how_wrong(x, one)}"
        return Finding("penalty", said, difference)
    (have, _), (lack, _) = sorted(rows, key=lambda row: -row[1])
    said = f"{{}} holds the part of a penalty {PENALTIES[have]}, where the loss has a penalty {PENALTIES[lack]}"
    return Finding("penalty", said, difference)


def _how_wrong(x: Fraction, one: Compared) -> str:
    """Say what is wrong with a penalty's part, if its weight is among the data."""
    weights = [Fraction(str(d)) for d in one.data if isinstance(d, int | float) and not isinstance(d, bool) and d]
    for weight in weights:
        if x == -2 * weight:
            return f"has the wrong sign (weight {_decimal(weight)})"
        if x == -weight:
            return f"is left out (weight {_decimal(weight)})"
    return "is missing, has the wrong sign or the wrong weight"


def _term(part: str, x: Fraction, number: int) -> str:
    sign = ("−" if x < 0 else "") if number == 0 else ("− " if x < 0 else "+ ")
    return f"{sign}{_decimal(abs(x))}·{part}"


def _decimal(x: Fraction) -> str:
    return f"{float(x):.12g}".replace("-", "−")
