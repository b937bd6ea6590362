"""Published figures and how each relates to the exact value: a derivation is never bent to fit a print.

A figure is kept as the text that was printed, with the relation that its author claims. The claim must hold, and no
simpler relation may explain the print: a figure that is simply rounded is not to be called carried. Where a figure
could be either truncated or carried, the claim says which.

=========  =============================================================================================
relation   the printed figure is
=========  =============================================================================================
exact      the value itself
rounded    the value rounded, half away from zero, to the decimals printed
truncated  the value cut off after the decimals printed
carried    what comes out when figures rounded before are carried through the equations
computed   what double precision makes of the equations, with its rounding errors, to the decimals printed
=========  =============================================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np

from symnn.derivation import Derivation
from symnn.errors import InputError, ShapeError, unknown
from symnn.library.computed import computed_after
from symnn.library.point import Point
from symnn.library.quantities import amount
from symnn.library.rounding import rounded, truncated
from symnn.library.worked import work_after
from symnn.scalars import EXACT, Ball, Exact

Printed: TypeAlias = str | Sequence["Printed"]


@dataclass(frozen=True)
class Figure:
    """A published figure: the quantity, its text (nested lists for an array), and its relation to the exact value.

    ``of`` names a tensor (``A1``), a gradient (``dW1``) or a slope (``A1_slope``), with ``-`` before it for its
    negative and ``rate*`` for its multiple by the learning rate, so that ``-rate*dx`` is a step; ``parameters`` is
    how many numbers the parameters hold. ``after`` counts the updates before it; ``carry`` is the number of decimals
    that a *carried* figure was worked with.
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
    """A figure beside the exact value: the relations that explain it, and the numbers entry by entry.

    ``carried`` is there for figures that claim that relation, else None.
    """

    figure: Figure
    relations: tuple[str, ...]
    exact: tuple[Exact | Ball, ...]
    carried: tuple[Exact | Ball, ...] | None = None

    @property
    def holds(self) -> bool:
        """Whether the figure is what it is said to be, and nothing simpler explains it."""
        claim = self.figure.relation
        return claim in self.relations and not any(simpler in self.relations for simpler in SIMPLER[claim])


@dataclass(frozen=True)
class _Values:
    """What one printed entry may have come from."""

    exact: Exact | Ball
    carried: Exact | Ball | None
    computed: Exact | Ball | None


def _is_exact(text: str, values: _Values) -> bool:
    return isinstance(values.exact, Exact) and values.exact == EXACT.lift(text)


def _is_rounded(text: str, values: _Values) -> bool:
    return _rounds_to(text, values.exact)


def _is_truncated(text: str, values: _Values) -> bool:
    return _shows_decimals(text) and truncated(values.exact, decimals_of(text)) == Fraction(text)


def _is_carried(text: str, values: _Values) -> bool:
    return values.carried is not None and _rounds_to(text, values.carried)


def _is_computed(text: str, values: _Values) -> bool:
    return values.computed is not None and _rounds_to(text, values.computed)


def _rounds_to(text: str, number: Exact | Ball) -> bool:
    return _shows_decimals(text) and rounded(number, decimals_of(text)) == Fraction(text)


def _shows_decimals(text: str) -> bool:
    """Return whether a print has decimals to round to: a fraction such as ``1/3`` is exact or nothing."""
    return "/" not in text


Relation: TypeAlias = Callable[[str, _Values], bool]
# What each relation asks of one printed entry, given the values it may have come from.
RELATIONS: Mapping[str, Relation] = MappingProxyType(
    {
        "exact": _is_exact,
        "rounded": _is_rounded,
        "truncated": _is_truncated,
        "carried": _is_carried,
        "computed": _is_computed,
    }
)
# The relations that would explain a figure more simply than the one claimed.
SIMPLER: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "exact": (),
        "rounded": ("exact",),
        "truncated": ("exact", "rounded"),
        "carried": ("exact", "rounded"),
        "computed": ("exact", "rounded", "truncated"),
    }
)


def account(derivation: Derivation, point: Point, figures: Sequence[Figure]) -> tuple[Account, ...]:
    """Return how each figure relates to the exact value; raise `InputError` for a quantity that is not there.

    >>> from symnn.derivation import derive
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
    computed = computed_after(derivation, point, (f.after for f in figures if f.relation == "computed"))

    def one(figure: Figure) -> Account:
        by_hand = carried[figure.carry][figure.after].raw if figure.carry is not None else None
        in_doubles = computed[figure.after] if figure.relation == "computed" else None
        return _account(
            figure,
            _numbers(figure, exact[figure.after].raw, point),
            _numbers(figure, by_hand, point) if by_hand is not None else None,
            _numbers(figure, in_doubles, point) if in_doubles is not None else None,
        )

    return tuple(map(one, figures))


_Numbers: TypeAlias = tuple[Exact | Ball, ...]


def _account(figure: Figure, exact: _Numbers, carried: _Numbers | None, computed: _Numbers | None) -> Account:
    missing = (None,) * len(exact)
    columns = zip(exact, carried or missing, computed or missing, strict=True)
    places = [(text, _Values(*column)) for text, column in zip(figure.texts, columns, strict=True)]
    relations = tuple(name for name, holds in RELATIONS.items() if all(holds(*place) for place in places))
    return Account(figure, relations, exact, carried)


def _numbers(figure: Figure, values: Mapping[str, Any], point: Point) -> _Numbers:
    value = amount(figure.of, values, point)
    shape, printed = np.shape(value), np.shape(figure.printed)
    if shape != printed:
        raise InputError(f"the figure of {figure.of} is printed with shape {printed}, but {figure.of} has {shape}")
    return tuple(_exactly(number, figure.of) for number in (value.flat if isinstance(value, np.ndarray) else (value,)))


def _exactly(number: Any, of: str) -> Exact | Ball:
    """Return a number of a pass as a scalar; a double is the fraction that it is."""
    if isinstance(number, Exact | Ball):
        return number
    if not np.isfinite(number):
        raise InputError(f"the figure of {of} is {number} in double precision, so nothing can have been printed of it")
    return Exact(Fraction(number))


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
