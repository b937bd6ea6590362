"""Whether code under test has replaced a function that all code shares, such as ``numpy.exp``."""

from __future__ import annotations

import builtins
import math
from itertools import repeat
from operator import is_
from types import ModuleType
from typing import Any

import numpy as np

from symnn.scalars.standins import STANDINS

WATCHED: tuple[ModuleType, ...] = (np, np.linalg, np.random, math, builtins)
"""The modules whose names may be added to, but not rebound."""

_ABSENT = object()


class Fingerprint:
    """What every public name in the modules watched stood for when this was made.

    >>> Fingerprint().restored()
    ''
    """

    def __init__(self) -> None:
        self._before = [(module.__name__, vars(module), _public(vars(module))) for module in WATCHED]
        for original in (np, np.random, math):
            # In a run, code sees the stand-in; a name that it does not hold is that of the original.
            stand_in = vars(STANDINS[id(original)])
            self._before.append((original.__name__, stand_in, _public(vars(original)) | _public(stand_in)))
        self._found = [_values(names, before) for _, names, before in self._before]

    def restored(self) -> str:
        """Return the first name that stands for something else by now, such as ``numpy.exp``, or ""; put all back."""
        found = ""
        for (module, names, before), values in zip(self._before, self._found, strict=True):
            # This is asked after every call, and nearly always all is as it was.
            if all(map(is_, _values(names, before), values)):
                continue
            for name, value in before.items():
                # By identity, since a value may answer anything about being equal.
                if names.get(name, _missing(names, value)) is not value:
                    names[name] = value
                    found = found or f"{module}.{name}"
        return found


def _values(names: dict[str, Any], of: dict[str, Any]) -> list[Any]:
    return list(map(names.get, of, repeat(_ABSENT)))


def _missing(names: dict[str, Any], value: Any) -> Any:
    return value if "_original" in names else _ABSENT


def _public(names: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in names.items() if not name.startswith("_")}
