"""Told upstream × local: at every node the upstream and the local gradient, under braces, path by path."""

from __future__ import annotations

from typing import Any

from sympy import Indexed

from symnn.derivation import Merge, Path, Product, SlopeInOutput, SumOverPaths, told_step
from symnn.notation import indices_of, name_of
from symnn.report.laws import laws_of
from symnn.report.numbers import array_latex
from symnn.report.rows import aligned_rows, in_rows
from symnn.report.story import Teller
from symnn.report.views import Backward, Line, Way
from symnn.rules import ACTIVATIONS


def views(teller: Teller) -> dict[str, Any]:
    """Return the forward pass, and the gradients in the order of the backward pass."""
    return {"forward": teller.forward(), "backward": tuple(backward(teller, step) for step in teller.derivation.steps)}


def kind_of(teller: Teller, step: SumOverPaths) -> str:
    """Return whether a gradient is by a *parameter*, an *input*, or a *value* between."""
    inputs = {name_of(tensor) for tensor in teller.derivation.program.inputs}
    return "parameter" if step.name in teller.parameters else "input" if step.name in inputs else "value"


def backward(teller: Teller, step: SumOverPaths) -> Backward:
    """Return the gradient with respect to one tensor."""
    slopes = tuple(
        _slope(teller, path.local, path.through)
        for path in step.paths
        if isinstance(path, Product) and isinstance(path.local, SlopeInOutput)
    )
    return Backward(
        step.result.name,
        laws_of(step),
        kind_of(teller, step),
        teller.names.whole(step.name),
        tuple(_way(teller, path) for path in step.paths),
        tuple(map(teller.lines.line, step.helpers)),
        slopes,
        _formula(teller, step),
        teller.lines.line(told_step(step)[-1]),
    )


def _formula(teller: Teller, step: SumOverPaths) -> str:
    """Return the gradient of one entry, with the upstream and the local gradient of every path under braces."""
    parts = [
        _braced(teller, path) if isinstance(path, Product) else teller.entries.doprint(path.result.right)
        for path in step.paths
    ]
    left = teller.names.entry(step.result.target)
    return aligned_rows(left, in_rows(left, "=", [(part,) for part in parts]))


def _braced(teller: Teller, path: Product) -> str:
    upstream, local = map(teller.entries.doprint, path.factors)
    letters = ", ".join(map(teller.names.letter, path.result.over))
    total = rf"\sum_{{{letters}}} " if letters else ""
    return rf"{total}\underbrace{{{upstream}}}_{{\text{{upstream}}}} \; \underbrace{{{local}}}_{{\text{{local}}}}"


def _slope(teller: Teller, local: SlopeInOutput, output: str) -> Line:
    name = f"{output}_slope"
    value, exact = array_latex(teller.values[name], teller.form)
    return Line(teller.names.whole(name), teller.entries.doprint(local.result), None, None, True, value, exact)


def _way(teller: Teller, path: Path) -> Way:
    names, written = teller.names, teller.entries.doprint
    target = names.entry(path.target)
    product = written(path.result.right)
    if isinstance(path, Merge):
        through = names.entry(path.upstream.target)
        return Way("merge", through, target, "", None, product, path.rewrite)
    local = path.local
    above, slope = path.factors
    # The indices are those of the product, so that the same letters stand in the text and under the braces.
    indices = indices_of(above if isinstance(above, Indexed) else path.upstream.target)
    through = names.whole(path.through, indices)
    derivative = rf"\frac{{\partial {through}}}{{\partial {target}}}"
    plain, label = None, ""
    if isinstance(local, SlopeInOutput):
        plain = written(local.local.result)
        label = ACTIVATIONS[local.row].name
    kind = "slope" if plain else "product"
    return Way(kind, through, derivative, written(slope), plain, product, label)
