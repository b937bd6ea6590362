"""Told by the delta rule: only matrices, with a letter for the gradient with respect to every pre-activation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sympy import Add

from symnn.derivation import Merge, SumOverPaths, told_step
from symnn.equations import Equation
from symnn.kernels.arrays import arrays_of
from symnn.notation import adjoint_name
from symnn.report.laws import laws_of
from symnn.report.matrices import matrix_form
from symnn.report.names import PRE_ACTIVATION
from symnn.report.story import Teller
from symnn.report.styles.upstream_local import kind_of
from symnn.report.views import Rule


def views(teller: Teller) -> dict[str, Any]:
    """Return the forward pass in matrices, and the gradients: those that a delta takes in stand inside it."""
    inside = folded(teller)
    return {
        "forward": teller.forward(),
        "backward": tuple(
            rule(teller, step, inside) for step in teller.derivation.steps if step.result.name not in inside
        ),
    }


def is_delta(name: str) -> bool:
    """Tell whether a tensor is a pre-activation, whose gradient is a delta.

    >>> is_delta("Z1"), is_delta("A1")
    (True, False)
    """
    return name.rstrip("0123456789") == PRE_ACTIVATION


def folded(teller: Teller) -> Mapping[str, tuple[str, bool]]:
    """Return the gradients that are written inside the one delta that needs them: in matrices, and whether as a sum."""
    steps = teller.derivation.steps
    readers: dict[str, list[str]] = {}
    for step in steps:
        for equation in (*step.helpers, step.result):
            for read in equation.reads:
                readers.setdefault(read, []).append(step.name)
    found: dict[str, tuple[str, bool]] = {}
    for step in steps:
        name = step.result.name
        needs = readers.get(name, [])
        if len(needs) == 1 and is_delta(needs[0]) and not is_delta(step.name) and not step.helpers:
            form = matrix_form(step.result, teller.lines.symbol)
            if form is not None and not any(isinstance(path, Merge) for path in _step(teller, needs[0]).paths):
                found[name] = (form, arrays_of(step.result).body.is_Add)
    return found


def _step(teller: Teller, name: str) -> SumOverPaths:
    return teller.derivation.gradient(name)


def rule(teller: Teller, step: SumOverPaths, inside: Mapping[str, tuple[str, bool]]) -> Rule:
    """Return the gradient with respect to one tensor as a rule over matrices, with what is written inside it."""
    *before, own = told_step(step)
    used = [name for name in own.reads if name in inside]
    line = teller.lines.line(own)
    shown = _filled_in(teller, own, inside) if used else line.arrays
    told = ((f"= {shown}",) if used and shown is not None else ()) + tuple(line.told)
    slopes = [equation for equation in before if equation not in step.helpers]
    return Rule(
        own.name,
        laws_of(step),
        kind_of(teller, step),
        is_delta(step.name),
        teller.names.whole(step.name),
        line.name,
        told,
        line.entries if line.arrays is None and not used else None,
        tuple(teller.lines.line(equation) for equation in (*step.helpers, *slopes)),
        tuple(teller.lines.line(teller.derivation.gradient(_tensor(teller, name)).result) for name in used),
        tuple(path.rewrite for path in step.paths if isinstance(path, Merge)),
        line.shapes if not used else None,
    )


def _tensor(teller: Teller, gradient: str) -> str:
    return next(step.name for step in teller.derivation.steps if adjoint_name(step.name) == gradient)


def _filled_in(teller: Teller, equation: Equation, inside: Mapping[str, tuple[str, bool]]) -> str | None:
    """Return the rule with the gradients inside it written out, in brackets where they are sums."""
    lone = not isinstance(arrays_of(equation).body, Add) and len(equation.reads) == 1

    def write(name: str) -> str:
        if name not in inside:
            return teller.lines.symbol(name)
        form, is_sum = inside[name]
        return rf"\left({form}\right)" if is_sum and not lone else form

    return matrix_form(equation, write)
