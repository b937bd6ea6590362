"""Networks, derivations, gradients and verdicts by themselves, as LaTeX and as fragments of HTML, without numbers."""

from __future__ import annotations

import zlib
from functools import singledispatch
from typing import Any

import numpy as np

from symnn.derivation import Derivation, SumOverPaths, derive, told_equations
from symnn.equations import Equation, Program
from symnn.library import Pass
from symnn.network import Network
from symnn.notation import shape_of
from symnn.report.drawing import layout
from symnn.report.escape import escape_latex
from symnn.report.form import blanked
from symnn.report.laws import laws_of
from symnn.report.matrices import matrix_form
from symnn.report.render import aligned_latex, render
from symnn.report.story import Teller
from symnn.verification import Verdict

SAMPLES_DRAWN = 1
"""Sizes that are not known, such as the number of samples, are drawn as this."""


def teller_of(derivation: Derivation) -> Teller:
    """Return a teller of a derivation without numbers: every value is blank."""
    sizes = {str(size): derivation.sizes.get(str(size), SAMPLES_DRAWN) for size in derivation.program.sizes}
    shapes = dict(derivation.program.shapes)
    shapes |= {equation.name: shape_of(equation.target) for equation in told_equations(derivation)}
    values = {
        name: blanked(np.zeros(tuple(sizes.get(str(axis)) or int(axis) for axis in shape)))
        for name, shape in shapes.items()
    }
    return Teller(derivation, (Pass(values, values),) * 2, "")


def formula(teller: Teller, equation: Equation) -> tuple[str, str]:
    """Return the two sides of an equation, over whole arrays where that is customary, else over entries."""
    arrays = matrix_form(equation, teller.lines.symbol)
    if arrays is not None:
        return teller.names.whole(equation.name), f"= {arrays}"
    return teller.names.entry(equation.target), f"= {teller.entries.doprint(equation.right)}"


def formulas(teller: Teller, equations: tuple[Equation, ...]) -> str:
    """Return equations under one another, aligned at their signs."""
    rows = [" &".join(formula(teller, equation)) for equation in equations]
    return r"\begin{aligned} " + r" \\ ".join(rows) + r" \end{aligned}"


@singledispatch
def latex(thing: object) -> str | None:
    """Return an object as a formula of LaTeX; None for one that has no form.

    >>> from symnn.network import Dense
    >>> "W^{(1)} X + b^{(1)}" in latex(Network(inputs=2, layers=[Dense(1)])), latex(1)
    (True, None)
    """
    return None


@latex.register
def _(network: Network) -> str:
    derivation = derive(network)
    return formulas(teller_of(derivation), derivation.program.equations)


@latex.register
def _(program: Program) -> str:
    derivation = derive(program)
    return formulas(teller_of(derivation), program.equations)


@latex.register
def _(derivation: Derivation) -> str:
    return formulas(teller_of(derivation), (*derivation.program.equations, *told_equations(derivation)))


@latex.register
def _(step: SumOverPaths) -> str | None:
    if step.program is None:
        return None
    teller = teller_of(Derivation(step.program, (step,), ""))
    left, right = formula(teller, step.result)
    entry = f"= {teller.entries.doprint(step.result.right)}"
    rows = [right] if right == entry else [entry]
    whole = aligned_latex(rows, teller.names.entry(step.result.target))
    return whole if right == entry else rf"{left} {right}, \quad {whole}"


@latex.register
def _(verdict: Verdict) -> str:
    rows = [rf"\text{{{escape_latex(verdict.verdict)}}} & \text{{{escape_latex(verdict.evidence)}}}"]
    rows += [
        rf"\text{{{escape_latex(check.name)}}} & \text{{{escape_latex(check.line())}}}" for check in verdict.checks
    ]
    return r"\begin{array}{ll} " + r" \\ ".join(rows) + r" \end{array}"


@singledispatch
def html(thing: object) -> str | None:
    """Return an object as a fragment of HTML; None for one that has no form."""
    return None


def _filled(template: str, thing: object, **context: Any) -> str:
    # The ids of two drawings in one notebook must differ, and be the same in every run.
    return render(f"notebook/{template}.j2", "html", {"id": f"{zlib.crc32(str(thing).encode()):08x}", **context})


def _of_program(source: Network | Program) -> str:
    derivation = derive(source)
    teller = teller_of(derivation)
    return _filled(
        "network",
        source,
        name=str(source) if isinstance(source, Network) else "",
        count=source.parameter_count if isinstance(source, Network) else None,
        drawing=layout(teller, lambda _: ("", True)),
        equations=formulas(teller, derivation.program.equations),
    )


@html.register
def _(network: Network) -> str:
    return _of_program(network)


@html.register
def _(program: Program) -> str:
    return _of_program(program)


@html.register
def _(derivation: Derivation) -> str:
    teller = teller_of(derivation)
    rows = [
        {
            "name": teller.names.whole(step.name),
            "laws": laws_of(step),
            "formulas": formulas(teller, (*step.helpers, step.result)),
        }
        for step in derivation.steps
    ]
    forward = formulas(teller, derivation.program.equations)
    return _filled("derivation", derivation, title=derivation.title, forward=forward, rows=rows)


@html.register
def _(step: SumOverPaths) -> str | None:
    text = latex(step)
    return _filled("gradient", step, formula=text, laws=laws_of(step)) if text is not None else None


@html.register
def _(verdict: Verdict) -> str:
    return _filled("verdict", verdict, verdict=verdict, lines=str(verdict).splitlines()[1:])
