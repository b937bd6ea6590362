"""Mistakes of the forward pass and at the loss, as in `symnn.mistakes`: a row yields its places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sympy import Indexed, Sum, exp

from symnn.equations import Equation, Term, equation_of_terms, occurrences
from symnn.mistakes import Ground, Planted
from symnn.mistakes.ground import reading, turned
from symnn.notation import SAMPLES, Expr, name_of, scalar
from symnn.rules import (
    Activated,
    Normalised,
    recognise_activation,
    recognise_normaliser,
)


def bias_left_out(ground: Ground) -> Iterator[Planted]:
    """A bias that is not added."""
    for equation, bias, others in _biased(ground):
        arguments = {"bias": bias, "name": equation.name}
        yield Planted("bias-left-out", arguments, {equation.name: equation_of_terms(equation.target, others)})


def bias_subtracted(ground: Ground) -> Iterator[Planted]:
    """A bias that is subtracted."""
    for equation, bias, others in _biased(ground):
        own = next(term for term in equation.terms if term not in others)
        terms = (*others, Term(-own.body, own.over))
        arguments = {"bias": bias, "name": equation.name}
        yield Planted("bias-subtracted", arguments, {equation.name: equation_of_terms(equation.target, terms)})


def _biased(ground: Ground) -> Iterator[tuple[Equation, str, tuple[Term, ...]]]:
    """Yield the equations that add a parameter to a sum, its name, and the other terms."""
    for equation in ground.derivation.program.equations:
        for term in equation.terms:
            if len(equation.terms) > 1 and isinstance(term.body, Indexed) and name_of(term.body) in ground.parameters:
                others = tuple(other for other in equation.terms if other is not term)
                yield equation, name_of(term.body), others


def weights_turned(ground: Ground) -> Iterator[Planted]:
    """A square weight matrix that is transposed where it belongs as it is, or the other way round."""
    for equation in ground.derivation.program.equations:
        for name in equation.reads:
            shape = ground.numbers(ground.shapes[name])
            if name in ground.parameters and shape is not None and len(shape) == 2 and shape[0] == shape[1] > 1:
                arguments = {"name": equation.name, "weights": name}
                yield Planted("weights-turned", arguments, {equation.name: reading(equation, name, turned)})


def input_of_another(ground: Ground) -> Iterator[Planted]:
    """A layer that reads the values of another; among them the pre-activation for the activation."""
    program = ground.derivation.program
    before = {equation.name: found.entry for equation, found in _activations(ground)}
    data = [name_of(tensor) for tensor in program.inputs]
    known = list(data)
    for equation in program.equations:
        for own in equation.reads if any(name in ground.parameters for name in equation.reads) else ():
            for other, changed in ground.in_place_of(equation, own, known) if own in known else ():
                is_before = own in before and name_of(before[own]) == other
                kind = "pre-activation" if is_before else "input-of-another"
                yield Planted(kind, {"name": equation.name, "other": other, "own": own}, {equation.name: changed})
        known.append(equation.name)


def activation_left_out(ground: Ground) -> Iterator[Planted]:
    """An activation that is not applied."""
    for equation, found in _activations(ground):
        arguments = {"activation": found.row.name, "name": equation.name, "input": name_of(found.entry)}
        yield Planted("activation-left-out", arguments, {equation.name: Equation(equation.target, found.entry)})


def activation_of_negative(ground: Ground) -> Iterator[Planted]:
    """An activation with the sign of its argument turned, as in a sigmoid with exp(z)."""
    for equation, found in _activations(ground):
        right = equation.right.xreplace({found.entry: -found.entry})
        kind = "sign-in-exponent" if equation.right.has(exp) else "sign-of-argument"
        yield Planted(
            kind,
            {"input": name_of(found.entry), "name": equation.name},
            {equation.name: Equation(equation.target, right)},
        )


def slope_for_value(ground: Ground) -> Iterator[Planted]:
    """The slope of an activation where its value belongs."""
    for _, local, output in ground.slopes:
        equation = ground.derivation.program.definitions[name_of(output)]
        found = recognise_activation(equation)
        if found is not None:
            renaming = dict(zip(output.indices, equation.target.indices, strict=True)) if output.indices else {}
            slope = local.result.xreplace(renaming).xreplace({equation.target: equation.right})
            arguments = {"name": equation.name, "activation": found.row.name}
            yield Planted("slope-for-value", arguments, {equation.name: Equation(equation.target, slope)})


def _activations(ground: Ground) -> Iterator[tuple[Equation, Activated]]:
    for equation in ground.derivation.program.equations:
        found = recognise_activation(equation)
        if found is not None:
            yield equation, found


def softmax_slipped(ground: Ground) -> Iterator[Planted]:
    """A softmax that is not divided by its total, without exponentials, or that sums over the samples."""
    program = ground.derivation.program
    for equation in program.equations:
        group = recognise_normaliser(program, equation)
        if group is None or group.row.name != "softmax":
            continue
        arguments = {"name": equation.name}
        undivided = Equation(equation.target, group.weights.target.xreplace(_to(group.weights, equation)))
        yield Planted("softmax-undivided", arguments, {equation.name: undivided})
        right = group.weights.right
        entry = next(entry for entry in occurrences(right) if isinstance(entry, Indexed))
        yield Planted("softmax-of-values", arguments, {group.weights.name: Equation(group.weights.target, entry)})
        yield from _shared_among_samples(group, equation)


def _shared_among_samples(group: Normalised, equation: Equation) -> Iterator[Planted]:
    """Yield the softmax over the wrong axis: of a whole batch every entry divided by one total."""
    weight = group.total.terms[0].body
    kept = [index for index in group.total.indices if index.upper + 1 == SAMPLES]
    if not kept or not isinstance(weight, Indexed):
        return
    over = (*group.total.terms[0].over, *kept)
    helper = Equation(scalar(f"{group.total.name}_all"), Sum(weight, *over))
    numerator = group.weights.target.xreplace(_to(group.weights, equation))
    changed = Equation(equation.target, numerator / helper.target)
    yield Planted("softmax-over-batch", {"name": equation.name}, {equation.name: changed}, {equation.name: (helper,)})


def _to(one: Equation, other: Equation) -> Mapping[Expr, Expr]:
    """Return the renaming of the indices of what one equation defines to those of another."""
    return dict(zip(one.target.indices, other.target.indices, strict=True))
