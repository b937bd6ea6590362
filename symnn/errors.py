"""Every error symnn raises on purpose, and the aligned lines they speak in.

Each carries a message that says what is wrong, where, which shapes or values, and what to do.
The command line turns them into text and an exit status; nothing else catches them.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Sequence


class SymnnError(Exception):
    """Base of every error raised on purpose; its text is meant for the user."""


class InputError(SymnnError, ValueError):
    """A value, key or name given by the user cannot be used."""


class ShapeError(InputError):
    """Arrays or indices do not fit together."""


class UndecidedError(SymnnError, ArithmeticError):
    """A question about numbers has no certified answer: the caller must say *undecided*, never guess."""


class InexactError(UndecidedError):
    """An exact number system was asked for an irrational value, such as ``exp(1/2)`` as a fraction."""


def aligned(rows: Sequence[tuple[str, str]], indent: str = "  ") -> str:
    """Lay out ``label  value`` rows with the values in one column, each line of a value below the other.

    >>> print(aligned([("yours", "(2, 3)"), ("expected", "(3, 2)")]))
      yours     (2, 3)
      expected  (3, 2)
    """
    width = max((len(label) for label, _ in rows), default=0)
    below = "\n" + indent + " " * (width + 2)
    return "\n".join(f"{indent}{label:<{width}}  {value.replace(chr(10), below)}" for label, value in rows)


def near(path: str) -> str:
    """Return a path as a person is shown it: from the working directory where it lies below that.

    >>> near(os.path.join(os.getcwd(), "mine.py"))
    'mine.py'
    """
    try:
        relative = os.path.relpath(path)
    except ValueError:  # on another drive
        return path
    return path if relative.startswith("..") else relative


_SHOWN = 60


def shortened(value: object) -> str:
    """Return a value as an error shows it, cut off where it is long.

    >>> shortened("x" * 100), shortened(-(10**5000))
    ("'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx …", 'a number of more than 4000 digits')
    """
    try:
        text = repr(value)
    except ValueError:
        # Python writes out no whole number of more digits than that.
        text = "a number of more than 4000 digits"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]} …"


def unknown(what: str, given: object, allowed: Iterable[str]) -> InputError:
    """Build the error for a name that is not in a table, with the nearest name that is.

    >>> print(unknown("activation", "sigmod", ["sigmoid", "tanh"]))
    unknown activation 'sigmod': did you mean 'sigmoid'?
      given    'sigmod'
      allowed  'sigmoid', 'tanh'
    """
    names = sorted(allowed)
    close = difflib.get_close_matches(str(given), names, n=1)
    hint = f": did you mean {close[0]!r}?" if close else ""
    rows = [("given", shortened(given)), ("allowed", ", ".join(map(repr, names)) or "(none)")]
    return InputError(f"unknown {what} {shortened(given)}{hint}\n{aligned(rows)}")
