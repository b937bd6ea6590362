"""How a number is printed: with how many decimals or digits, and when as a fraction; and the place of a blank."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from symnn.errors import InputError, unknown

SHORT, ALWAYS, NEVER = "short", "always", "never"
# When a rational number is printed as a fraction.
FRACTIONS: Mapping[str, str] = MappingProxyType(
    {
        SHORT: "where no short decimal shows the number exactly and the denominator is small",
        ALWAYS: "every rational number that is no integer",
        NEVER: "none",
    }
)
MOST = 30
"""More decimals or digits than this are not printed."""
GRACE = 2
"""By how many decimals an exact number may be longer than asked for, where nothing was asked for."""


@dataclass(frozen=True)
class Form:
    """How numbers are printed: ``decimals`` behind the point, or ``digits`` that count, and ``fractions``.

    An exact number that has at most ``grace`` decimals more is printed in full. Raises `InputError` for a count that is
    none, and for a name that is not in `FRACTIONS`.

    >>> Form.of(digits=3).digits, Form.of().grace, Form.of(decimals=3).grace
    (3, 2, 0)
    """

    decimals: int = 4
    digits: int | None = None
    fractions: str = SHORT
    grace: int = GRACE

    def __post_init__(self) -> None:
        if self.fractions not in FRACTIONS:
            raise unknown("way of printing fractions", self.fractions, FRACTIONS)
        for name, count, least in (("decimals", self.decimals, 0), ("digits", self.digits, 1)):
            if count is not None and (isinstance(count, bool) or not isinstance(count, int)):
                raise InputError(f"{name} is {count!r}: give a whole number from {least} to {MOST}")
            if count is not None and not least <= count <= MOST:
                raise InputError(f"{name} is {count}: give a whole number from {least} to {MOST}")

    @classmethod
    def of(cls, decimals: int | None = None, digits: int | None = None, fractions: str | None = None) -> Form:
        """Return the form that a person asks for; what is not asked for is as it is by default.

        Raises `InputError` if both decimals and digits are asked for.
        """
        if decimals is not None and digits is not None:
            raise InputError("a number has either so many decimals or so many digits: give one of the two")
        asked = decimals is not None or digits is not None
        return cls(
            cls.decimals if decimals is None else decimals, digits, fractions or SHORT, 0 if asked else cls.grace
        )


# What is printed where nothing is asked for.
DEFAULT_FORM = Form()


@dataclass(frozen=True)
class Blank:
    """The place of a number that the reader is to find; it holds nothing of the number."""


BLANK = Blank()
"""The one blank there is."""
BLANK_LATEX = r"\underline{\hspace{2.6em}}"
BLANK_WIDTH = 5
"""About how many digits wide a blank is."""


def blanked(value: Any) -> Any:
    """Return blanks in the shape of a number or an array.

    >>> blanked(np.zeros((1, 2))).tolist()
    [[Blank(), Blank()]]
    """
    shape = np.shape(value)
    return np.full(shape, BLANK, dtype=object) if shape else BLANK


def is_blank(value: Any) -> bool:
    """Tell whether a number, or an array's every number, is blank.

    >>> is_blank(blanked(1.5)), is_blank(1.5)
    (True, False)
    """
    if isinstance(value, np.ndarray):
        return bool(value.size) and isinstance(value.flat[0], Blank)
    return isinstance(value, Blank)
