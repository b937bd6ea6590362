"""Where all that differs may be float constants: every entry, not only their sum, within what these leave open.

A constant that code has computed, ``1 / np.sqrt(3)`` for instance, stands for all reals within its last place. Along a
random direction that of a large entry would hide a small entry that is wrong.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from flint import arb

from symnn.scalars import Slack, precision, values
from symnn.scalars.readings import numbers_at
from symnn.verification.compare import differing, digits_within, unravelled
from symnn.verification.directional import Probe
from symnn.verification.distance import norm
from symnn.verification.verdict import Check
from symnn.verification.worst import differences, largest

FEWEST_DIGITS = 8
"""Agreement of an entry within what float constants leave open counts as equality from here on."""

ROUNDINGS: tuple[Slack, ...] = ((1, 0.0), (8, 0.0))
"""By how many units in its last place a constant may be off that code computed in one step, or in a few."""

MANY_ROUNDINGS: Slack = (2**12, 2.0**-46)
"""The same if it took many, as a mean does, or is left of 0 as cos(π/2): what is within these is no certain mistake."""

SLIGHT = 1e-6
"""No roundings are looked for behind a difference of more than this share of an entry."""


@dataclass(frozen=True)
class Limited:
    """Your gradient of one array at one point: ``exact`` with the constants as they stand, ``loose`` as they may be.

    The gradients belong to the probes of these names.
    """

    name: str
    exact: Probe
    loose: Probe
    exact_gradient: Any
    loose_gradient: Any

    def among(self, places: Collection[int]) -> Check | None:
        """Return the check of the entries at some places that no constant explains; None where there are none."""
        mine, exact = numbers_at(self.loose_gradient, places), self.loose.entries(self.name, places)
        wrong = differences(mine, exact, places)
        return replace(self.different(largest(wrong)), off=len(wrong)) if wrong else None

    def by_entry(self, by_norm: Check) -> Check:
        """Return the check that was made by norm if it holds entry by entry, else a different or undecided one."""
        if (wrong := self.among(range(self.loose_gradient.size))) is not None:
            return wrong
        pairs = zip(values(self.loose_gradient), self.loose.entries(self.name), strict=True)
        for k, (mine, exact) in enumerate(pairs):
            difference = mine - exact
            resolved = digits_within(difference, mine, self.loose.bits) >= FEWEST_DIGITS
            if not resolved and not self._agrees(k, difference):
                return self._undecided(by_norm, k)
        return by_norm

    def _agrees(self, index: int, difference: Any) -> bool:
        """Whether an entry agrees with the constants as they stand, or is a zero as far as they may be others."""
        exact = self._slope(index)
        if arb(self._yours(index)).overlaps(exact):
            return True
        digits = digits_within(difference, norm(self.loose_gradient), self.loose.bits)
        return bool(exact.contains(0)) and digits >= FEWEST_DIGITS

    def _slope(self, index: int) -> Any:
        return self.exact.slope(self.name, np.ones(1), index)

    def _yours(self, index: int) -> Any:
        (found,) = numbers_at(self.exact_gradient, [index])
        return found

    def different(self, index: int) -> Check:
        """Return the check of an entry that no constant explains, with the numbers as the constants stand."""
        shape = self.loose_gradient.shape
        return differing(self.name, shape, index, self._yours(index), self._slope(index), self.exact.bits)

    def _undecided(self, by_norm: Check, index: int) -> Check:
        at = replace(by_norm, worst=unravelled(index, by_norm.shape)).entry
        note = f"the float64 constants in the code leave fewer than {FEWEST_DIGITS} digits of {at}"
        return replace(by_norm, verdict="undecided", digits=0, note=note)


def within_constants(limited: Limited, by_norm: Check) -> Check:
    """Return the check by norm of an array if it holds entry by entry, else one that is *different* or *undecided*.

    On a kink entries were compared by themselves, and the check stands. Raises UndecidedError where the loss cannot
    be followed.
    """
    if by_norm.interval is not None or by_norm.verdict == "undecided":
        return by_norm
    if by_norm.verdict == "equal" and by_norm.digits < FEWEST_DIGITS:
        note = f"the float64 constants in the code leave only {by_norm.digits} digits"
        return replace(by_norm, verdict="undecided", digits=0, note=note)
    with precision(limited.loose.bits):
        if by_norm.verdict == "equal":
            return limited.by_entry(by_norm)
        if by_norm.worst is None:
            return by_norm
        at = int(np.ravel_multi_index(by_norm.worst, by_norm.shape))
        return replace(limited.different(at), off=by_norm.off)


def may_be_rounding(check: Check, probe: Probe) -> bool:
    """Whether roundings of constants may be behind a difference: it is slight, or one may be what is left of 0."""
    if check.verdict != "different" or check.worst is None or check.interval:
        return False
    slight = bool(check.difference and check.exact and abs(float(check.difference / check.exact)) < SLIGHT)
    return slight or any(abs(x) < MANY_ROUNDINGS[1] for x in probe.inexact_constants)


def up_to_rounding(check: Check, probe: Probe) -> Check:
    """Return a different check as it is, or undecided if many roundings of constants explain the entry named.

    Raises UndecidedError where the loss cannot be followed.
    """
    if not may_be_rounding(check, probe):
        return check
    loose = probe.widened(MANY_ROUNDINGS)
    index = int(np.ravel_multi_index(check.worst or (), check.shape))
    with precision(probe.bits):
        slope = loose.slope(check.name, np.ones(1), index)
        ways = [numbers_at(gradient[check.name], [index])[0] for gradient in loose.gradients]
        if not any(arb(mine).overlaps(slope) for mine in ways):
            return check
    named = ", ".join(map(repr, sorted(loose.inexact_constants, key=abs)[:3]))
    note = f"{check.entry} is off by no more than many roundings leave in float64 constants such as {named}"
    return replace(check, verdict="undecided", note=note)
