"""Gradients that are off as a whole: zero, a factor, a transpose, sums not taken or taken too far, clipped."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from symnn.verification.plain.factors import meaning_of, said_of, simple_ratio
from symnn.verification.plain.wrong import Compared, Finding, same

FINEST = 1000
"""The largest denominator of a limit that somebody clips gradients at."""


def zero(one: Compared) -> Finding | None:
    """Nothing at all."""
    return Finding("zero", "{} is left at zero") if not one.yours.any() else None


def factor(one: Compared) -> Finding | None:
    """A simple factor in every entry."""
    if one.yours.shape != one.exact.shape:
        return None
    ratio = simple_ratio(one.yours, one.exact)
    if ratio is None or ratio == 1:
        return None
    kind = "sign" if ratio == -1 else "factor"
    return Finding(kind, "{} " + said_of(ratio) + meaning_of(ratio, one), f"yours − exact = {_times(ratio - 1)}exact")


def transposed(one: Compared) -> Finding | None:
    """The right entries, rows for columns."""
    turned = one.yours.ndim == 2 and same(one.yours.T, one.exact)
    return Finding("transposed", "{} is transposed", "yours[j, k] = exact[k, j]") if turned else None


def not_summed(one: Compared) -> Finding | None:
    """The right entries before they are added up over an axis."""
    if one.yours.size <= one.exact.size:
        return None
    for axis, length in enumerate(one.yours.shape):
        summed = one.yours.sum(axis=axis)
        if summed.size == one.exact.size and same(summed.ravel(), one.exact.ravel()):
            said = f"{{}} is not summed over the samples (axis {axis}, of length {length})"
            return Finding("not summed", said, "exact = Σ_i yours[i]")
    return None


def summed_too_far(one: Compared) -> Finding | None:
    """One number where there should be an array, or that number in every entry."""
    total = np.sum(one.exact)
    if one.exact.size > 1 and same(one.yours, np.full(one.yours.shape, total)):
        return Finding("bias sum", "{} is added up over all its entries: each is the sum of all", "yours = Σ exact")
    return None


def changed(one: Compared) -> Finding | None:
    """Absolute values, clipped entries, or a direction without its length."""
    if same(one.yours, np.abs(one.exact)):
        return Finding("absolute value", "{} is its absolute value", "yours = |exact|")
    limit = float(Fraction(float(np.max(np.abs(one.yours)))).limit_denominator(FINEST))
    if limit and same(one.yours, np.clip(one.exact, -limit, limit)):
        said = f"{{}} is clipped to ±{limit:g}, entry by entry"
        return Finding("clipped", said, f"yours = min(max(exact, −{limit:g}), {limit:g})")
    if one.exact.size > 1 and np.any(one.exact) and same(one.yours, one.exact / np.linalg.norm(one.exact)):
        return Finding("normalised", "{} is divided by its Euclidean norm", "yours = exact / ‖exact‖")
    return None


def _times(number: Fraction) -> str:
    return "" if number == 1 else f"{str(number).replace('-', '−')}·"
