"""Published figures and how each relates to the exact value: a derivation is never bent to fit a print.

A figure is kept as the text that was printed, with the relation that its author claims. The claim must hold, and no
simpler relation may explain the print: a figure that is simply rounded is not to be called carried. Where a figure
could be either truncated or carried, the claim says which.

=========  ===========================================================================
relation   the printed figure is
=========  ===========================================================================
exact      the value itself
rounded    the value rounded, half away from zero, to the decimals printed
truncated  the value cut off after the decimals printed
carried    what comes out when figures rounded before are carried through the equations
=========  ===========================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np

from symnn.derive import Derivation
from symnn.errors import InputError, ShapeError, unknown
from symnn.library.point import Point
from symnn.library.rounding import rounded, truncated
from symnn.library.worked import Pass, work_after
from symnn.scalars import EXACT, Ball, Exact

Printed: TypeAlias = str | Sequence["Printed"]


@dataclass(frozen=True)
class Figure:
    """A published figure: the quantity, its text (nested lists for an array), and its relation to the exact value.

    ``of`` names a tensor (``A1``), a gradient (``dW1``) or a slope (``A1_slope``); ``after`` counts the updates
    before it; ``carry`` is the number of decimals that a *carried* figure was worked with.
    """

    of: str
    printed: Printed
    relation: str
    after: int = 0
    carry: int | None = None

    def __post_init__(self) -> None:
        if self.relation not in RELATIONS:
            raise unknown("relation", self.relation, RELATIONS)
        if self.relation == "carried" and self.carry is None:
            raise InputError(f"the carried figure of {self.of} needs carry=, the decimals it was worked with")
        try:
            np.shape(self.printed)
        except ValueError as error:
            raise ShapeError(f"the figure of {self.of} is ragged: its rows differ in length") from error
        for text in self.texts:
            try:
                Fraction(text)
            except (ValueError, ArithmeticError) as error:
                raise InputError(f"the figure of {self.of} holds {text!r}, which is no printed number") from error

    @property
    def texts(self) -> tuple[str, ...]:
        """The printed numbers in reading order."""
        return tuple(_flat(self.printed))


@dataclass(frozen=True)
class Account:
    """A figure beside the exact value: the relations that explain it, and the numbers entry by entry."""

    figure: Figure
    relations: tuple[str, ...]
    exact: tuple[Exact | Ball, ...]
    carried: tuple[Exact | Ball, ...] | None

    @property
    def holds(self) -> bool:
        """Whether the figure is what it is said to be, and nothing simpler explains it."""
        claim = self.figure.relation
        return claim in self.relations and not any(simpler in self.relations for simpler in SIMPLER[claim])


def _is_exact(text: str, exact: Any, carried: Any) -> bool:
    return isinstance(exact, Exact) and exact == EXACT.lift(text)


def _is_rounded(text: str, exact: Any, carried: Any) -> bool:
    return _shows_decimals(text) and rounded(exact, decimals_of(text)) == Fraction(text)


def _is_truncated(text: str, exact: Any, carried: Any) -> bool:
    return _shows_decimals(text) and truncated(exact, decimals_of(text)) == Fraction(text)


def _is_carried(text: str, exact: Any, carried: Any) -> bool:
    return carried is not None and _is_rounded(text, carried, None)


def _shows_decimals(text: str) -> bool:
    """Return whether a print has decimals to round to: a fraction such as ``1/3`` is exact or nothing."""
    return "/" not in text


Relation: TypeAlias = Callable[[str, Any, Any], bool]
# What each relation asks of one printed entry, given the exact value and the one found by carrying.
RELATIONS: Mapping[str, Relation] = MappingProxyType(
    {"exact": _is_exact, "rounded": _is_rounded, "truncated": _is_truncated, "carried": _is_carried}
)
# The relations that would explain a figure more simply than the one claimed.
SIMPLER: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"exact": (), "rounded": ("exact",), "truncated": ("exact", "rounded"), "carried": ("exact", "rounded")}
)


def account(derivation: Derivation, point: Point, figures: Sequence[Figure]) -> tuple[Account, ...]:
    """Return how each figure relates to the exact value; raise `InputError` for a quantity that is not there.

    >>> from symnn.derive import derive
    >>> from symnn.network import Dense, Network
    >>> point = Point(parameters={"W1": [["2"]], "b1": [["0"]]}, data={"X": [["1/3"]], "Y": [["0"]]})
    >>> derivation = derive(Network(inputs=1, layers=[Dense(1)], loss="squared-error"))
    >>> [a.relations for a in account(derivation, point, [Figure("Z1", [["0.67"]], "rounded")])]
    [('rounded',)]
    """
    exact = work_after(derivation, point, (figure.after for figure in figures))
    carried = {
        carry: work_after(derivation, point, (figure.after for figure in figures if figure.carry == carry), carry=carry)
        for carry in sorted({figure.carry for figure in figures if figure.carry is not None})
    }
    return tuple(_account(figure, exact, carried.get(figure.carry or 0)) for figure in figures)


def _account(figure: Figure, exact: Mapping[int, Pass], carried: Mapping[int, Pass] | None) -> Account:
    values = _numbers(figure, exact[figure.after])
    by_hand = _numbers(figure, carried[figure.after]) if carried is not None else None
    places = list(zip(figure.texts, values, by_hand or (None,) * len(values), strict=True))
    relations = tuple(name for name, holds in RELATIONS.items() if all(holds(*place) for place in places))
    return Account(figure, relations, values, by_hand)


def _numbers(figure: Figure, done: Pass) -> tuple[Exact | Ball, ...]:
    if figure.of not in done.raw:
        raise unknown("quantity in a figure", figure.of, done.raw)
    value = done.raw[figure.of]
    shape, printed = np.shape(value), np.shape(figure.printed)
    numbers = tuple(value.flat) if isinstance(value, np.ndarray) else (value,)
    if shape != printed:
        raise InputError(f"the figure of {figure.of} is printed with shape {printed}, but {figure.of} has {shape}")
    return tuple(EXACT.lift(number) if isinstance(number, int) else number for number in numbers)


def decimals_of(text: str) -> int:
    """Return the number of decimals that a printed number shows; raise `InputError` for what is no decimal.

    >>> decimals_of("-.038"), decimals_of("5.28e-4")
    (3, 6)
    """
    try:
        exponent = Decimal(text).as_tuple().exponent
    except ArithmeticError as error:
        raise InputError(f"the printed figure {text!r} is no decimal") from error
    if not isinstance(exponent, int):
        raise InputError(f"the printed figure {text!r} is no finite number")
    return -exponent


def _flat(printed: Printed) -> list[str]:
    if isinstance(printed, str):
        return [printed]
    if not isinstance(printed, list | tuple):
        raise InputError(f"a figure holds {printed!r}: write it in quotes, as it is printed")
    return [text for part in printed for text in _flat(part)]
