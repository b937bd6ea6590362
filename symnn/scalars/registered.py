"""Functions that users make known: what they are in NumPy, or what they and their slopes are of balls."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from flint import arb

from symnn.errors import InputError, aligned
from symnn.scalars.loops import through
from symnn.scalars.replacing import FUNCTIONS, Library, accepting

REGISTERED: dict[int, Any] = {}
"""What stands in for a function, or for the module that holds it, by identity."""

UFUNCS: dict[Any, Callable[..., Any]] = {}
"""What stands in for a ufunc wherever it is called on certified numbers."""

# What is registered must not be freed: its identity would be another's.
_KEPT: list[Any] = []

_OWN = ("numpy", "math", "statistics")
_STEP = 2.0**-60
_APART = 1e-12


def _tried(name: str, value: Callable[[Any], Any], slope: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    """The slope, which is held against a difference quotient wherever it is asked for."""

    def tried(x: Any, y: Any) -> Any:
        found, step = slope(x), arb(_STEP)
        quotient = (value(x + step) - value(x - step)) / (2 * step)
        if abs(found - quotient) > _APART * (1 + abs(quotient)):
            rows = [
                ("slope", f"{float(found):.12g}"),
                ("quotient", f"{float(quotient):.12g}"),
                ("at", f"{float(x):.12g}"),
            ]
            raise InputError(f"the slope of {name} is not that of its value\n{aligned(rows)}")
        return found

    return tried


def register_function(
    function: Callable[..., Any],
    formula: Callable[..., Any] | None = None,
    *,
    value: Callable[[Any], Any] | None = None,
    slope: Callable[[Any], Any] | None = None,
) -> None:
    """Make a function known that no certified number can go through: compiled code, or one of a library.

    ``formula`` takes the same arguments and is written in calls that symnn knows. For a function of one number that has
    no formula, ``value`` and ``slope`` give it and its derivative of an `flint.arb`. Nothing is taken on trust:
    float64, where the function itself runs, is held against certified numbers, where what is given here does, and a
    slope against a difference quotient wherever it is used. A function is found under any name in the files under
    test, and as an attribute of its module. Raises InputError unless either the formula or both others are given.

    >>> import symnn
    >>> from scipy.special import dawsn
    >>> def value(x): return arb.const_sqrt_pi() / 2 * (-x * x).exp() * x.erfi()
    >>> symnn.register_function(dawsn, value=value, slope=lambda x: 1 - 2 * x * value(x))
    >>> def loss(w): return np.sum(dawsn(w))
    >>> def grad(w): return 1 - 2 * w * dawsn(w)
    >>> symnn.verify(loss, grad, np.array([0.5, -1.0])).verdict
    'equal'
    """
    name = str(getattr(function, "__name__", function))
    if formula is not None and value is None and slope is None:
        instead = formula
    elif formula is None and value is not None and slope is not None:
        instead = np.frompyfunc(through(name, value, _tried(name, value, slope)), 1, 1)
    else:
        given = [("formula", formula), ("value", value), ("slope", slope)]
        rows = aligned([(what, "missing" if one is None else "given") for what, one in given])
        raise InputError(f"give a formula, or both a value and a slope\n{rows}")
    accept = accepting(function, instead)
    _KEPT.append(function)
    REGISTERED[id(function)] = accept
    if isinstance(function, np.ufunc):
        UFUNCS[function] = instead
    module = sys.modules.get(getattr(function, "__module__", None) or "")
    if getattr(module, "__name__", "").partition(".")[0] in _OWN:
        # These have stand-ins already, which another one would hide.
        FUNCTIONS[function] = instead
    elif module is not None and getattr(module, name, None) is function:
        held = REGISTERED.get(id(module)) or Library(module, {})
        vars(held)[name] = accept
        REGISTERED[id(module)] = held
