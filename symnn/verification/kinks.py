"""Comparing at a kink: an entry of a gradient is right if it lies between the derivatives of the pieces that meet.

Where one kink is met, these are the two one-sided derivatives. Where several are, code gives each of them the value it
pleases, ReLU's 0 at 0 for instance, and may be outside of what the loss does along either direction: relu(w) - relu(-w)
is w, but 0 - 0 is a gradient by everybody's convention. So the kinks are also taken each by itself. The slope is
linear in the share that each kink has of its two sides, so the extremes over all pieces bound every convention.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from flint import arb

from symnn.errors import UndecidedError
from symnn.scalars import inner, log10_upper, precision, values
from symnn.scalars.choices import Choices, above, below, pieces
from symnn.verification.calling import KinkError
from symnn.verification.compare import ALL_ZERO, between, differing, digits_within, outside
from symnn.verification.directional import EXHAUSTIVE, Probe
from symnn.verification.sides import Piece
from symnn.verification.verdict import Check

BLOCKS = 64
"""How many blocks of a large array are looked at; what then still holds several entries is compared added up."""

MOST_BLOCKS = 256
"""How many blocks are looked at to follow up what does not fit."""


@dataclass(frozen=True)
class Meeting:
    """The slopes of the pieces that meet at a point along one direction, and your slope there."""

    yours: Any
    slopes: tuple[Any, ...]
    tie: str = ""

    @property
    def inside(self) -> bool:
        """Whether yours may lie between the slopes; False is certain."""
        return not all(self.yours < slope for slope in self.slopes) and not all(self.yours > s for s in self.slopes)

    @property
    def ends(self) -> tuple[Any, Any]:
        """The least and the largest slope."""
        return min(self.slopes, key=_middle), max(self.slopes, key=_middle)

    @property
    def apart(self) -> bool:
        """Whether some of the slopes certainly differ."""
        return bool(self.ends[0] != self.ends[1])

    @property
    def width(self) -> float:
        """log10 of the distance between the ends."""
        return log10_upper(self.ends[1] - self.ends[0])

    @property
    def alone(self) -> bool:
        """Whether more than the two one-sided slopes were needed."""
        return len(self.slopes) > 2

    @property
    def excess(self) -> Any:
        """A ball that bounds how far yours may lie outside; around 0 as far as is known."""
        if any(s <= self.yours for s in self.slopes) and any(s >= self.yours for s in self.slopes):
            return arb(0)
        return min((self.yours - s for s in self.slopes), key=log10_upper)


def _middle(slope: Any) -> Any:
    return slope.mid()


def meeting(probe: Probe, name: str, tangent: Any, start: int, yours: Any) -> Meeting:
    """Return the pieces that meet along a direction, as many as it takes to know whether ``yours`` is between them.

    First those on both sides; then those in which every comparison falls the same way, where most code lies; then, for
    the direction of a single entry, all.
    Raises KinkError where the loss jumps or more than 64 pieces would have to be looked at, UndecidedError.
    """
    sides = probe.sides(name, tangent, start)
    met = Meeting(yours, (sides.behind.slope, sides.ahead.slope) if sides.tie else (sides.ahead.slope,), sides.tie)
    if met.inside or not sides.tie:
        return met

    def piece(choices: Choices) -> Piece:
        return probe.piece(name, tangent, start, choices)

    try:
        for rule in (above, below):
            met = _with(met, piece(Choices(rule)), sides.ahead.value)
        if met.inside or len(tangent) > 1:
            return met
        for found in pieces(piece):
            met = _with(met, found, sides.ahead.value)
            if met.inside:
                return met
    except UndecidedError as error:
        raise KinkError(f"it lies where kinks of the loss meet, and {error}") from error
    return met


def _with(met: Meeting, found: Piece, value: Any) -> Meeting:
    """Add a piece, unless its value shows that its choices contradict each other."""
    return met if found.value != value else replace(met, slopes=(*met.slopes, found.slope))


def check_on_kink(probe: Probe, name: str, yours: Any, v: Any) -> Check:
    """Check an array at a point where the one-sided slopes along ``v`` differ, entry by entry.

    An array of more than 64 entries is halved where kinks are met, up to 64 times; what does not meet one is compared
    as strictly as anywhere. Names the array in ``probe.kinked``. Raises KinkError, UndecidedError.
    """
    shape, size = probe.point[name].shape, len(v)
    mine = values(yours)
    probe.kinked.add(name)
    met: list[tuple[int, Meeting]] = []
    wrong: list[tuple[int, Meeting]] = []
    together = looked = 0
    queue = deque([(k, k + 1) for k in range(size)] if size <= EXHAUSTIVE else [(0, size)])
    with precision(probe.bits):
        while queue and (size <= EXHAUSTIVE or not wrong):
            start, stop = queue.popleft()
            halves = (start, (start + stop) // 2), ((start + stop) // 2, stop)
            along = v[start:stop] if stop - start > 1 else np.ones(1)
            here = meeting(probe, name, along, start, inner(yours.ravel()[start:stop], along))
            looked += 1
            if size > EXHAUSTIVE and looked == MOST_BLOCKS:
                raise KinkError(f"it lies where kinks of the loss meet, in too many entries of {name}: {here.tie}")
            if stop - start == 1:
                (met if here.inside else wrong).append((start, here))
            elif not here.inside:
                # Something may be wrong in it: that is followed up before all else.
                queue.extendleft(halves)
            elif here.apart and looked < BLOCKS:
                queue.extend(halves)
            else:
                together += stop - start if here.apart else 0
                met.append((-1, here))
        if wrong:
            index, here = max(wrong, key=lambda found: log10_upper(found[1].excess))
            if not here.apart:
                return differing(name, shape, index, mine[index], here.slopes[0], probe.bits)
            return _told(outside(name, shape, index, mine[index], here.ends, probe.bits), here)
        return _right(probe, name, mine, met, together)


def _right(probe: Probe, name: str, mine: list[Any], met: list[tuple[int, Meeting]], together: int) -> Check:
    shape = probe.point[name].shape
    sizes = [abs(x) for _, here in met for x in (here.yours, *here.ends)]
    scale = max(sizes, key=lambda x: log10_upper(x))
    if not scale > 0:
        return Check(name, shape, "undecided", note=ALL_ZERO)
    digits = min(digits_within(here.excess, scale, probe.bits) for _, here in met)
    kinked = [(index, here) for index, here in met if index >= 0 and here.apart]
    if not kinked:
        tie = next((here.tie for _, here in met if here.apart), "")
        check = Check(name, shape, "equal", digits=digits, note=f"on a kink: {tie}" if tie else "")
    else:
        index, here = max(kinked, key=lambda found: found[1].width)
        check = _told(between(name, shape, index, mine[index], here.ends, digits), here, len(kinked) - 1)
    rest = f"{together} of its entries lie on kinks and were compared only added up" if together else ""
    return replace(check, note=f"{check.note}; {rest}") if rest else check


def _told(check: Check, here: Meeting, more: int = 0) -> Check:
    """The check with its note: the entry, its interval, and what put it on a kink, with the place."""
    if check.verdict == "different":
        return replace(check, note=f"on a kink: {here.tie}")
    low, high = check.interval or (0, 0)
    ends = f"between {low:.12g} and {high:.12g} as each kink is taken by itself" if here.alone else ""
    ends = ends or f"one-sided derivatives {low:.12g} and {high:.12g}"
    others = f" (and so {more} more)" if more else ""
    return replace(check, note=f"on a kink at {check.entry}{others}: yours {check.yours:.12g}, {ends}: {here.tie}")
