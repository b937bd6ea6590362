"""The record of a run: its number system, and what was met while code ran over it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeAlias

import flint
import numpy as np
from flint import arb, fmpq

from symnn.errors import InputError
from symnn.scalars.choices import Choices
from symnn.scalars.constants import as_written
from symnn.scalars.places import callers, place


@dataclass(frozen=True)
class NumberSystem:
    """A scalar class at a working precision in bits (None: exact), ``over`` a tower where it needs one.

    >>> from symnn.scalars import EXACT, ball
    >>> EXACT.lift("0.1"), ball(333).bits
    (Exact(1/10), 333)
    """

    name: str
    bits: int | None
    kind: Any
    over: Any = field(default=None, repr=False)

    @property
    def addend(self) -> Any:
        """What makes of an operand of a sum what it stands for, where the scalars of the system tell operands apart."""
        return getattr(self.kind, "addend", None)

    def lift(self, value: object) -> Any:
        """Return ``value`` as a scalar of this system; a float counts as the exact double it is.

        ``value`` is an int, float, Fraction, decimal string or scalar. Raises InputError for others.
        """
        with precision(self.bits):
            return self.kind(value)


Slack: TypeAlias = tuple[int, float]
"""By how many units in the last place a constant may be off, and up to which size it may be what is left of 0."""


@dataclass
class Run:
    """What was met while code ran: inexact float constants, kinks the point lies on, and comparisons.

    ``conditions`` are the comparisons that decided which way the code went, as text and as they came
    out: together they are the region in which it goes that way. ``relations`` are the same for a
    machine, from scalars that keep expressions. With ``choices``, comparisons that lie on a kink, or
    cannot be decided, take the sides that these say. ``compared`` are the comparisons that the code under test made,
    each as the place with what it asked and as it came out, ``clipped`` the bounds near 0 or 1 that took the place of
    a number, and ``guards`` the small constants that were left out of logarithms and denominators.

    >>> Run().inexact_constants, Run().kinks
    (set(), [])
    """

    system: NumberSystem | None = None
    widen: Slack = (0, 0.0)
    inexact_constants: set[float] = field(default_factory=set)
    kinks: list[str] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    relations: list[Any] = field(default_factory=list)
    compared: set[tuple[str, bool]] = field(default_factory=set)
    clipped: set[float] = field(default_factory=set)
    guards: set[float] = field(default_factory=set)
    choices: Choices | None = None
    _gathered: set[Any] | None = field(default=None, repr=False)
    _placed: set[Any] = field(default_factory=set, repr=False)
    _read: dict[float, Any] = field(default_factory=dict, repr=False)
    _met: set[Any] = field(default_factory=set, repr=False)

    def constant(self, x: float) -> Any:
        """Return the rational or ball that the float constant ``x`` of the running code stands for.

        A float that is no rounded simple rational is recorded; it stands for the double it is, or
        for all reals that ``widen`` allows.
        """
        if x not in self._read:
            self._read[x] = self._reading(x)
        return self._read[x]

    @property
    def constants(self) -> set[float]:
        """Every float constant that the code brought in."""
        return set(self._read)

    def _reading(self, x: float) -> Any:
        written = as_written(x)
        if written is not None:
            return fmpq(written.numerator, written.denominator)
        if not math.isfinite(x):
            return arb(x)
        self.inexact_constants.add(x)
        places, zero = self.widen
        slack = max(places * math.ulp(x), zero if abs(x) < zero else 0.0)
        return arb(x, slack) if slack else fmpq(*x.as_integer_ratio())

    def kink(self, description: str) -> None:
        """Record that the point lies exactly on a kink, so that no two-sided derivative exists there."""
        if all(not known.startswith(description) for known in self.kinks):
            self.kinks.append(placed(description))

    def condition(self, description: str, relation: Any = None) -> None:
        """Record a comparison as it came out, once however often it is made.

        ``relation`` is the same for a machine, hashable; without one the description tells comparisons apart.

        >>> run = Run()
        >>> run.condition("x > 0"), run.condition("x > 0"), run.conditions
        (None, None, ['x > 0'])
        """
        key = description if relation is None else relation
        if key in self._met:
            return
        self._met.add(key)
        self.conditions.append(description)
        if relation is not None:
            self.relations.append(relation)


def placed(description: str) -> str:
    """Return a description with the place in the user's code where it was met, in brackets.

    >>> placed("0 > 0").startswith("0 > 0 (")
    True
    """
    at = place(callers())
    return f"{description} ({at})" if at else description


_OUTSIDE = Run()
_runs: list[Run] = []


def current() -> Run:
    """Return the innermost open run; outside of any, a standing record nobody reads.

    >>> current().system is None
    True
    """
    return _runs[-1] if _runs else _OUTSIDE


def open_run(run: Run) -> None:
    """Make ``run`` the current one."""
    _runs.append(run)


def close_run() -> None:
    """Return to the run that was current before the last ``open_run``."""
    _runs.pop()


def precision(bits: int | None) -> Any:
    """Return a context manager that sets flint's working precision (None: leave it).

    Raises InputError below 2 bits.

    >>> with precision(100):
    ...     flint.ctx.prec
    100
    """
    if bits is not None and bits < 2:
        raise InputError(f"a working precision needs at least 2 bits, given {bits}")
    return flint.ctx.workprec(flint.ctx.prec if bits is None else bits)


def _constant(x: Any) -> Any:
    return current().constant(float(x))


def _leaves(root: type) -> list[type]:
    return [t for t in set(np.sctypeDict.values()) if issubclass(t, root)]


_NUMBERS: dict[type, Any] = {
    int: int,
    bool: int,
    float: _constant,
    Fraction: lambda x: fmpq(x.numerator, x.denominator),
    np.bool_: int,
    **dict.fromkeys(_leaves(np.integer), int),
    **dict.fromkeys(_leaves(np.floating), _constant),
}


def number(x: object) -> Any:
    """Return the int, rational or ball that a plain number met during a run stands for.

    NotImplemented for anything that is no plain number, as binary operators want it.

    >>> number(np.float64(0.1)), number("0.1")
    (1/10, NotImplemented)
    """
    convert = _NUMBERS.get(type(x))
    return NotImplemented if convert is None else convert(x)
