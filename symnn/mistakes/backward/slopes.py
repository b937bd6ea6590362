"""Mistakes at the slope of an activation: missing, doubled, taken at the wrong place, or that of something else."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, Mul, Piecewise, S

from symnn.derivation import SlopeInOutput
from symnn.equations import Equation
from symnn.mistakes.ground import Ground, Planted, entry_like, pre_activation, slope_is, told
from symnn.mistakes.signs import text
from symnn.notation import SLOPE, Target, adjoint, fresh, index, name_of
from symnn.rules import ACTIVATIONS, Activation, recognise_activation, recognise_normaliser
from symnn.rules.activations import a, z


def slope_missing(ground: Ground) -> Iterator[Planted]:
    """A slope that is not multiplied in; at the output, what belongs to cross-entropy is used for a squared error."""
    for _, local, output in ground.slopes:
        kind, arguments, network = "slope-missing", _named(local, output), ground.network
        if network is not None and "squared" in network.loss and name_of(output) == ground.derivation.steps[0].name:
            kind, arguments["target"] = "slope-missing-at-squares", name_of(ground.derivation.program.targets[0])
        yield Planted(kind, arguments, slope_is(output, S.One))


def slope_twice(ground: Ground) -> Iterator[Planted]:
    """A slope that is multiplied in twice."""
    for _, local, output in ground.slopes:
        yield Planted("slope-twice", _named(local, output), slope_is(output, local.result**2))


def slope_at_output(ground: Ground) -> Iterator[Planted]:
    """The slope of the activation, evaluated at what it put out."""
    for _, local, output in ground.slopes:
        row = _row(local)
        if row.slope is not None:
            at = row.slope.xreplace({a: row.forward.xreplace({z: output}), z: output})
            yield Planted("slope-at-output", _named(local, output), slope_is(output, at))


def slope_of_input(ground: Ground) -> Iterator[Planted]:
    """The formula for the slope in the output, evaluated at the pre-activation."""
    for _, local, output in ground.slopes:
        row = _row(local)
        # A slope with cases, as that of ReLU, says the same of the pre-activation.
        if row.slope is not None and row.slope.has(a) and not row.slope.has(Piecewise):
            entry = pre_activation(local)
            arguments = _named(local, output) | {"formula": text(row.slope)}
            yield Planted("slope-of-input", arguments, slope_is(output, row.slope.xreplace({a: entry})))


def slope_of_another(ground: Ground) -> Iterator[Planted]:
    """The slope of another activation."""
    for _, local, output in ground.slopes:
        for row in ACTIVATIONS.values():
            formula = row.bound().slope
            if formula is not None and row.name not in (local.row, "linear"):
                right = formula.xreplace({a: output, z: pre_activation(local)})
                yield Planted("slope-of-another", _named(local, output) | {"other": row.name}, slope_is(output, right))


def value_for_slope(ground: Ground) -> Iterator[Planted]:
    """The activation's value where its slope belongs."""
    for _, local, output in ground.slopes:
        yield Planted("value-for-slope", _named(local, output), slope_is(output, output))


def formula_slipped(ground: Ground) -> Iterator[Planted]:
    """A formula for the slope with a slip in it: a square, a factor or a sign."""
    for _, local, output in ground.slopes:
        formula = _row(local).slope
        if formula is None or formula.has(Piecewise, z):
            continue
        for slip in _slips(formula):
            arguments = _named(local, output) | {"slip": text(slip), "formula": text(formula)}
            yield Planted("slope-slipped", arguments, slope_is(output, slip.xreplace({a: output})))


def _named(local: SlopeInOutput, output: Target) -> dict[str, str]:
    """The names of an activation, of what it puts out and of what it is applied to."""
    return {"activation": local.row, "output": name_of(output), "input": name_of(local.entry)}


def _row(local: SlopeInOutput) -> Activation:
    """Return the row of the activation whose slope is told, with the constants of its equation."""
    found = recognise_activation(local.equation)
    return ACTIVATIONS[local.row].bound() if found is None else found.row


def _slips(formula: Expr) -> list[Expr]:
    """Return a formula without its squares, without one of its factors, and with the sign of one addend turned."""
    slips = [formula.xreplace({a**2: a})]
    slips += [formula / factor for factor in Mul.make_args(formula) if factor.has(a)]
    sums = [formula] if formula.is_Add else [factor for factor in Mul.make_args(formula) if factor.is_Add]
    slips += [formula.xreplace({part: part - 2 * one}) for part in sums for one in part.args if one.has(a)]
    return [slip for slip in dict.fromkeys(slips) if slip not in (formula, a) and slip.has(a)]


def branches(ground: Ground) -> Iterator[Planted]:
    """Of a slope with two branches: swapped, chosen by the sign of the gradient, or one of them negated or zero."""
    for _, local, output in ground.slopes:
        arguments, cases = _named(local, output), _two_branches(local.result)
        if cases is None:
            continue
        (above, condition), (below, _) = cases
        yield Planted("mask-swapped", arguments, slope_is(output, Piecewise((below, condition), (above, True))))
        gradient = adjoint(output)
        chosen = Piecewise((above, condition.xreplace({output: gradient})), (below, True))
        yield Planted("mask-of-gradient", arguments, slope_is(output, chosen))
        if below != 0:
            yield Planted("branch-negated", arguments, slope_is(output, Piecewise((above, condition), (-below, True))))
            yield Planted("branch-zero", arguments, slope_is(output, Piecewise((above, condition), (S.Zero, True))))


def _two_branches(right: Expr) -> tuple[tuple[Expr, Expr], tuple[Expr, Expr]] | None:
    if not isinstance(right, Piecewise) or len(right.args) != 2:
        return None
    first, second = right.args
    return ((first[0], first[1]), (second[0], second[1]))


def slope_of_another_layer(ground: Ground) -> Iterator[Planted]:
    """The slope of another layer, where its shape fits."""
    known = {name_of(output): (local, output) for _, local, output in ground.slopes}
    for step, _, output in ground.slopes:
        right, own = told(step), name_of(output)
        others = (name for name in ground.before(right) if name.endswith(SLOPE))
        for name, changed in ground.in_place_of(right, own + SLOPE, others):
            arguments = {"output": own, "other": name.removesuffix(SLOPE)}
            yield Planted("slope-of-another-layer", arguments, {changed.name: changed})
        for other, (theirs, entry) in known.items():
            # The layer below comes later in the backward pass: its slope is written out.
            if name_of(entry) + SLOPE in ground.before(right) or other == own:
                continue
            if ground.numbers(ground.shapes[other]) == ground.numbers(ground.shapes[own]) is not None:
                before = pre_activation(theirs)
                swap = {entry: entry_like(output, other), before: entry_like(output, name_of(before))}
                formula = theirs.result.xreplace(swap)
                arguments = {"output": own, "other": other}
                yield Planted("slope-of-another-layer", arguments, slope_is(output, formula))


def softmax(ground: Ground) -> Iterator[Planted]:
    """Shortcuts through the Jacobian of softmax."""
    for equation in ground.derivation.program.equations:
        group = recognise_normaliser(ground.derivation.program, equation)
        if group is None or group.row.name != "softmax":
            continue
        output, gradient = group.output.target, adjoint(group.output.target)
        target, arguments = adjoint(group.entry), {"input": name_of(group.entry)}
        other = {group.index: index(fresh(map(str, output.indices)), group.index.upper + 1)}
        total = f"Σ_{other[group.index]} {text((output * gradient).xreplace(other))}"
        shortcuts = {
            "softmax-diagonal": output * (1 - output) * gradient,
            "softmax-left-out": gradient,
            "softmax-unnormalised": output * gradient,
        }
        for kind, right in shortcuts.items():
            formula = f"{text(right)} − {output}·({gradient} − {total})"
            yield Planted(kind, arguments, {name_of(target): Equation(target, right)}, formula=formula)
