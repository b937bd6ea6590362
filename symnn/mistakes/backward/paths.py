"""Mistakes on the way back: a factor of the wrong layer, weights turned round or updated too early, paths left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from sympy import Expr, Rational, S

from symnn.equations import Equation, Term, equation_of_terms
from symnn.mistakes.ground import (
    Ground,
    Planted,
    entry_like,
    entry_of,
    reading,
    told,
    told_terms,
    turned,
)
from symnn.mistakes.update import RATE
from symnn.mistakes.words import sentence
from symnn.notation import ADJOINT, adjoint, adjoint_name, name_of

RATES = (Rational(1, 10), Rational(1, 100), Rational(1), Rational(1, 2), Rational(1, 20), Rational(1, 1000))
"""The learning rates at which weights updated too early are looked for."""

UPDATED = "_updated"
"""What is put behind the name of weights for what they are after the update."""


def upstream_missing(ground: Ground) -> Iterator[Planted]:
    """A chain that begins anew at an activation: the gradient from above is not multiplied in."""
    for step, _, output in ground.slopes:
        right = told(step)
        terms = tuple(Term(term.body.xreplace({adjoint(output): S.One}), term.over) for term in right.terms)
        yield Planted(
            "upstream-missing", {"output": name_of(output)}, {right.name: equation_of_terms(right.target, terms)}
        )


def upstream_of_another(ground: Ground) -> Iterator[Planted]:
    """The gradient with respect to another tensor of the same shape where the upstream gradient belongs."""
    gradients = {adjoint_name(step.name) for step in ground.steps}
    for step in ground.steps:
        right = told(step)
        known = [name for name in ground.before(right) if name in gradients]
        for upstream in (name for name in right.reads if name in gradients):
            for name, changed in ground.in_place_of(right, upstream, known):
                theirs, own = name.removeprefix(ADJOINT), upstream.removeprefix(ADJOINT)
                arguments = {"name": step.name, "other": theirs, "own": own}
                yield Planted("upstream-of-another", arguments, {right.name: changed})


def factor_of_another(ground: Ground) -> Iterator[Planted]:
    """The input of another layer in the gradient of weights; among them the pre-activation for the activation."""
    program = ground.derivation.program
    values = [name for name in program.shapes if name not in ground.parameters]
    before = {name_of(output): name_of(local.entry) for _, local, output in ground.slopes}
    for step in ground.derivation.steps:
        if step.name not in ground.parameters:
            continue
        right = told(step)
        for own in (name for name in right.reads if name in values):
            for name, changed in ground.in_place_of(right, own, values):
                is_before = before.get(own) == name
                kind = "gradient-reads-pre-activation" if is_before else "gradient-reads-another"
                yield Planted(kind, {"name": step.name, "other": name, "own": own}, {right.name: changed})


def weights_turned(ground: Ground) -> Iterator[Planted]:
    """A square weight matrix used as it is where its transpose belongs."""
    for step in ground.steps:
        right = told(step)
        for name in right.reads:
            shape = ground.shapes[name]
            if name not in ground.parameters or len(shape) != 2 or 1 in shape:
                continue
            if shape == shape[::-1] or (numbers := ground.numbers(shape)) is None or numbers != numbers[::-1]:
                continue
            yield Planted(
                "transpose-missing", {"name": step.name, "weights": name}, {right.name: reading(right, name, turned)}
            )


def weights_updated(ground: Ground, rates: Sequence[Expr] = RATES) -> Iterator[Planted]:
    """Weights that are updated before the gradient has passed them."""
    places = [
        (step, name)
        for step in ground.steps
        for name in told(step).reads
        if name in ground.parameters and adjoint_name(name) in ground.before(told(step))
    ]
    for rate in rates:
        hidden = [place for place in places if place[0].name in ground.derivation.program.definitions]
        several = [chosen for chosen in (hidden, places) if len(chosen) > 1]
        for chosen in [*([place] for place in places), *several]:
            instead: dict[str, Equation] = {}
            ahead: dict[str, tuple[Equation, ...]] = {}
            for step, name in chosen:
                right = instead.get(adjoint_name(step.name), told(step))
                entry = entry_of(right, name)
                helper = Equation(entry_like(entry, name + UPDATED), entry - rate * adjoint(entry))
                ahead[right.name] = (*ahead.get(right.name, ()), helper)
                instead[right.name] = reading(right, name, partial(entry_like, name=name + UPDATED))
            names = " and ".join(dict.fromkeys(name for _, name in chosen))
            kind = "several-updated-too-early" if len(chosen) > 1 else "updated-too-early"
            at = "" if rate == RATE else sentence("hint-rate", {"rate": str(rate)})
            yield Planted(kind, {"names": names, "at": at}, instead, ahead)


def path_dropped(ground: Ground) -> Iterator[Planted]:
    """A sum over paths that leaves one out, or keeps only one."""
    for step in ground.steps:
        if len(step.paths) < 2:
            continue
        right, terms = step.result, told_terms(step)
        for number, path in enumerate(step.paths):
            rest = (*terms[:number], *terms[number + 1 :])
            arguments = {"name": step.name, "through": path.through}
            yield Planted("path-dropped", arguments, {right.name: equation_of_terms(right.target, rest)})
            yield Planted("path-kept", arguments, {right.name: equation_of_terms(right.target, (terms[number],))})
