"""Gradients that are right in a part of their entries: one sign of the argument, one row, one of several summands."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np

from symnn.verification.plain.factors import said_of, simple_ratio
from symnn.verification.plain.wrong import DIGITS, Compared, Finding

MOST_SUMMANDS = 4
"""Of how many entries of the data an entry is looked for as the sum."""

LARGEST_DATA = 36
"""Up to how many entries of an array in the data are sums over."""


def region(one: Compared) -> Finding | None:
    """One factor in all wrong entries, the others being right; by the sign of the argument where that tells them."""
    if one.yours.shape != one.exact.shape or not _both(one.wrong):
        return None
    wrong = one.wrong
    where = next(
        (said for said, chosen in _regions(one) if np.array_equal(chosen, wrong)),
        "in some of its entries; the others are right",
    )
    if not one.yours[wrong].any():
        return Finding("part", f"{{}} is left at zero {where}")
    ratio = simple_ratio(one.yours[wrong], one.exact[wrong])
    if ratio is None or (wrong.sum() < 2 and where.startswith("in some")):
        return None
    return Finding("part", f"{{}} {said_of(ratio)} {where}")


def _regions(one: Compared) -> Iterator[tuple[str, Any]]:
    """Yield places that code tells apart: by the sign of the argument, or by how far it is from a target."""
    name, at = one.name, one.at
    yield f"where {name} < 0", at < 0
    yield f"where {name} > 0", at > 0
    for k, target in enumerate(one.data):
        if isinstance(target, np.ndarray) and target.shape == at.shape and target.dtype.kind in "iuf":
            yield f"where {name} < data[{k}]", at < target
            yield f"where {name} > data[{k}]", at > target
            for number, bound in enumerate(one.data):
                if isinstance(bound, int | float) and not isinstance(bound, bool):
                    far = np.abs(at - target) > bound
                    yield f"where |{name} − data[{k}]| > data[{number}]", far
                    yield f"where |{name} − data[{k}]| < data[{number}]", ~far


def overwritten(one: Compared) -> Finding | None:
    """Entries that are one summand, or none, of the sum of data entries that they should be: = for +=."""
    if one.yours.shape != one.exact.shape or not _both(one.wrong):
        return None
    wrong = one.wrong
    for position, given in enumerate(one.data):
        if not isinstance(given, np.ndarray) or given.dtype.kind != "f" or not 1 < given.size <= LARGEST_DATA:
            continue
        entries = given.ravel()
        pairs = list(zip(one.yours[wrong], one.exact[wrong], strict=True))
        if all(_is_part(entries, yours, exact) for yours, exact in pairs):
            said = (
                "{} holds, where it is wrong, a part of the entries of "
                f"data[{position}] that should be added up there: = stands for +="
            )
            return Finding("overwritten", said)
    return None


def _is_part(entries: Any, yours: float, exact: float) -> bool:
    """Tell whether ``exact`` is a sum of entries, and ``yours`` one of fewer of them, or nothing."""
    for count in range(1, MOST_SUMMANDS + 1):
        for chosen in combinations(entries, count):
            if abs(sum(chosen) - exact) <= DIGITS * sum(map(abs, chosen)):
                parts = (sum(part) for fewer in range(count) for part in combinations(chosen, fewer))
                if any(abs(part - yours) <= DIGITS * sum(map(abs, chosen)) for part in parts):
                    return True
    return False


def rows(one: Compared) -> Finding | None:
    """A first or last row that alone is right, as where what comes from later or earlier steps is left out."""
    if one.yours.shape != one.exact.shape or one.yours.ndim != 2 or len(one.yours) < 3:
        return None
    right = [not row.any() for row in one.wrong]
    for place, said, steps in ((-1, "last", "later"), (0, "first", "earlier")):
        if right[place] and sum(right) == 1:
            told = f"{{}} is right in its {said} row alone, as when the paths through {steps} steps are left out"
            return Finding("rows", told)
    return None


def _both(wrong: Any) -> bool:
    return bool(wrong.any() and not wrong.all())
