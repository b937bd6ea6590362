"""Evaluate a program one equation at a time, keeping every intermediate, with a hook after each.

A report prints these values; a lecture that carries rounded figures is followed by rounding in the hook.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import CodeType, MappingProxyType
from typing import Any

import numpy as np

from symnn.equations import Equation, Program
from symnn.kernels.source import lines_of, size_lines
from symnn.kernels.unpacking import Array, arguments
from symnn.rules import HELPERS

Hook = Callable[[str, Any], Any]


def evaluate(
    program: Program,
    sizes: Mapping[str, int],
    params: Mapping[str, Array],
    data: tuple[Array, ...],
    backward: Sequence[Equation] = (),
    after: Hook | None = None,
) -> dict[str, Any]:
    """Return every tensor of the forward pass, and of the ``backward`` equations, by name.

    ``after(name, value)`` may replace a value before later equations read it. Raises what `Kernel` raises.
    """
    values: dict[str, Any] = dict(arguments(program, sizes, params, data))
    return extend(program, values, (*program.equations, *backward), after)


def extend(
    program: Program, values: Mapping[str, Any], equations: Sequence[Equation], after: Hook | None = None
) -> dict[str, Any]:
    """Return ``values`` with those that further equations define."""
    scope: dict[str, Any] = {**_helpers(), **values}
    for equation in equations:
        # The text is printed by symnn from equations it has checked. What a person wrote is in it as names alone, which
        # notation lets through as identifiers.
        exec(_compiled(program, equation), scope)  # noqa: S102
        if after is not None:
            scope[equation.name] = after(equation.name, scope[equation.name])
    computed = {equation.name for equation in equations}
    return {name: value for name, value in scope.items() if name in values or name in computed}


@lru_cache(maxsize=1)
def _helpers() -> Mapping[str, Any]:
    """Return what equations may call, by name."""
    scope: dict[str, Any] = {"np": np, "math": math}
    # The helpers are constants of symnn.
    exec("\n".join(HELPERS.values()), scope)  # noqa: S102
    return MappingProxyType(scope)


_MOST_KEPT = 4096
_kept: dict[tuple[int, int], tuple[Program, Equation, CodeType]] = {}


def _compiled(program: Program, equation: Equation) -> CodeType:
    """Return the code of one equation; a diagnosis asks for the same ones again and again."""
    # By identity, for to compare two formulas takes longer than to run one; what is kept cannot lose its identity.
    key = id(program), id(equation)
    if key not in _kept:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        lines = lines_of([equation])
        text = "\n".join([*size_lines(program, lines), *lines])
        _kept[key] = program, equation, compile(text, f"<equation of {equation.name}>", "exec")
    return _kept[key][2]
