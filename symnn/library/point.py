"""The numbers of a worked example, held exactly: text such as ``0.1`` or ``1/3`` never passes through a float."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from numbers import Rational
from typing import Any, TypeAlias

import numpy as np
from flint import fmpq

from symnn.errors import InputError, ShapeError, aligned, shortened, unknown
from symnn.rules.constants import is_endless
from symnn.scalars import Exact, ScalarArray

Number: TypeAlias = int | str | Fraction
Nested: TypeAlias = Number | Sequence["Nested"]


@dataclass(frozen=True)
class Point:
    """Parameters and data of an example as nested lists of ints, decimals or fractions, and a learning rate.

    Raises `InputError`, naming the array, for a number that is neither, and `ShapeError` for ragged lists.

    >>> point = Point(parameters={"w": [["0.1", "1/3"]]}, data={"X": [[2], [3]]})
    >>> point.exact("w"), point.floats("w").tolist()
    (ScalarArray([[Exact(1/10), Exact(1/3)]], dtype=object), [[0.1, 0.3333333333333333]])
    """

    parameters: Mapping[str, Nested]
    data: Mapping[str, Nested]
    learning_rate: Number = 1
    _held: Mapping[str, Any] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        arrays = {**self.parameters, **self.data}
        object.__setattr__(self, "_held", {name: _fractions(value, name) for name, value in arrays.items()})
        for name, held in self._held.items():
            try:
                np.shape(held)
            except ValueError as error:
                lengths = ", ".join(str(len(row) if isinstance(row, list) else 1) for row in held)
                rows = aligned([("entries in its rows", lengths if len(lengths) < LONGEST else "not the same")])
                raise ShapeError(f"{name} is ragged: its rows differ in length\n{rows}") from error
        if isinstance(self.learning_rate, list | tuple):
            raise InputError(f"learning_rate holds {shortened(self.learning_rate)}: it is one number")
        _fractions(self.learning_rate, "learning_rate")

    def fractions(self, name: str) -> Any:
        """Return an array's numbers as nested lists of fractions; raise `InputError` for an array that is not there."""
        if name not in self._held:
            raise unknown("array of the point", name, self._held)
        return self._held[name]

    def exact(self, name: str) -> Any:
        """Return an array of exact scalars; a single number is a scalar itself."""
        fractions = np.array(self.fractions(name), dtype=object)
        entries = [Exact(fmpq(entry.numerator, entry.denominator)) for entry in fractions.ravel().tolist()]
        exact = np.empty(len(entries), dtype=object)
        exact[:] = entries
        return exact.reshape(fractions.shape).view(ScalarArray) if fractions.ndim else entries[0]

    @property
    def exact_rate(self) -> Exact:
        """The learning rate as an exact scalar."""
        return Exact(_fractions(self.learning_rate, "learning_rate"))

    def floats(self, name: str) -> Any:
        """Return an array of the nearest doubles."""
        return np.array(self.fractions(name), dtype=float)


def _fractions(value: Nested, name: str, at: tuple[int, ...] = ()) -> Any:
    if isinstance(value, list | tuple):
        return [_fractions(part, name, (*at, place)) for place, part in enumerate(value)]
    where = f" at [{', '.join(map(str, at))}]" if at else ""
    if isinstance(value, float):
        raise InputError(f"{name} holds the float {value!r}{where}: write it in quotes, so that it stays exact")
    shown = shortened(value)
    if isinstance(value, str) and len(value) > LONGEST:
        raise InputError(f"{name} holds {shown}{where}, a number of {len(value)} characters: {LONGEST} are allowed")
    # Also what is no text but shows itself as such a number.
    if not isinstance(value, int | Fraction) and is_endless(value):
        raise InputError(f"{name} holds {shown}{where}, a number that is too large or too small: {_RANGE}")
    no_number = InputError(f"{name} holds {shown}{where}, which is neither a decimal nor a fraction")
    # True is an int to Python, and to nobody else.
    if isinstance(value, bool) or not isinstance(value, str | Rational | Decimal):
        raise no_number
    try:
        number = Fraction(value)
    except (ValueError, ArithmeticError) as error:
        raise no_number from error
    if abs(number) > _LARGEST:
        raise InputError(f"{name} holds {shown}{where}, a number that is too large: {_RANGE}")
    return number


LONGEST = 1000
"""How many characters a number may have."""

# Kernels run in float64.
_LARGEST = Fraction(sys.float_info.max)
_RANGE = f"float64 ends at {sys.float_info.max:.2g}, and powers of ten go from -999"
