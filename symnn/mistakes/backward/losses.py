"""Mistakes at the loss: the gradient of another one, the difference turned round, samples counted on the wrong axis."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from sympy import FiniteSet, Integer, S, factor_terms

from symnn.derivation.rule import backward_steps
from symnn.equations import Equation, Program, occurrences
from symnn.errors import InputError
from symnn.mistakes.ground import Ground, Planted, times, told
from symnn.mistakes.signs import text
from symnn.mistakes.words import sentence
from symnn.network import REDUCTIONS, Network, program_of
from symnn.notation import SAMPLES, Tensor, name_of
from symnn.rules import LOSSES, NORMALISERS

_SQUARES = ("squared-error", "half-squared-error")


def another_loss(ground: Ground) -> Iterator[Planted]:
    """The gradient of another loss, or of this one under another convention."""
    network = ground.network
    if network is None:
        return
    own = (network.loss, network.reduction)
    right = _gradient_of_loss(network)
    others = [(loss, reduction) for loss in LOSSES for reduction in REDUCTIONS if (loss, reduction) != own]
    # Of two that give the same gradient, the one that is told changes less.
    for loss, reduction in sorted(others, key=lambda other: (other[0] != own[0]) + (other[1] != own[1])):
        targets = LOSSES[loss].targets
        if isinstance(targets, FiniteSet) and not network.loss_row.targets.is_subset(targets):
            # It speaks of other targets, as −1 and 1: with these it is no loss that anybody has meant.
            continue
        try:
            constants = network.loss_constants if loss == own[0] else {}
            first = _gradient_of_loss(replace(network, loss=loss, reduction=reduction, loss_constants=constants))
        except InputError:
            # The loss is not defined on what this network puts out, or has no gradient: nobody can have meant it.
            continue
        if first == right:
            # As of class labels, or of the divergence, which differs by a constant.
            continue
        arguments = {"loss": loss, "reduction": reduction, "own": own[0], "own_reduction": own[1]}
        arguments["hint"] = _hint(ground, network, loss)
        yield Planted("convention" if loss == own[0] else "another-loss", arguments, {first.name: first})


def _gradient_of_loss(network: Network) -> Equation:
    """Return the gradient with respect to what the loss reads, without going on through the layers."""
    program = program_of(network)
    last = program.equations[-1]
    targets = set(map(name_of, program.targets))
    read = {entry.base for term in last.terms for entry in occurrences(term.body) if name_of(entry) not in targets}
    return _gradient_of(last, tuple(sorted(read, key=str)), tuple(program.targets))


# Networks of as many layers have the same last equation.
@lru_cache(maxsize=256)
def _gradient_of(last: Equation, read: tuple[Tensor, ...], targets: tuple[Tensor, ...]) -> Equation:
    return backward_steps(Program((last,), (), read, targets), merges=False)[-1].result


def _hint(ground: Ground, network: Network, loss: str) -> str:
    """Say how one comes by the other gradient: a slope too many or too few behind the difference of a sigmoid."""
    if network.layers[-1].activation != "sigmoid":
        return ""
    if network.loss in _SQUARES and loss == "binary-cross-entropy":
        return sentence("hint-slope-needed", _gap(ground))
    if network.loss == "binary-cross-entropy" and loss in _SQUARES:
        return sentence("hint-slope-contained", _gap(ground))
    return ""


def _gap(ground: Ground) -> dict[str, str]:
    """The names of the output and of the target, whose difference the gradient begins with."""
    return {"output": ground.derivation.steps[0].name, "target": name_of(ground.derivation.program.targets[0])}


def difference_turned(ground: Ground) -> Iterator[Planted]:
    """The sign of every gradient, as y − ŷ gives it."""
    if ground.network is None:
        return
    yield Planted("difference-turned", _gap(ground), times(told(ground.derivation.steps[0]), Integer(-1)))


def samples_miscounted(ground: Ground) -> Iterator[Planted]:
    """A mean over the samples that divides by the size of another axis."""
    first = told(ground.derivation.steps[0])
    program = ground.derivation.program
    axes = [axis for tensor in program.inputs for axis in program.shapes[name_of(tensor)] if not axis.is_Integer]
    # The entries' own axes count the samples too, and make no mean.
    factors = (term.body.xreplace(dict.fromkeys(occurrences(term.body), S.One)) for term in first.terms)
    if not any(factor.has(SAMPLES) for factor in factors):
        return
    for axis in dict.fromkeys(axes):
        if axis != SAMPLES:
            yield Planted("mean-over-features", {"axis": str(axis)}, times(first, SAMPLES / axis))


def slope_on_softmax(ground: Ground) -> Iterator[Planted]:
    """A slope a(1 − a) behind ŷ − y, which holds the whole of softmax's Jacobian already."""
    network = ground.network
    if network is None or network.layers[-1].activation not in NORMALISERS:
        return
    merged = backward_steps(ground.derivation.program)[0]
    if merged.name != ground.derivation.steps[0].name:
        output = ground.derivation.steps[0].target
        wrong = times(merged.result, output * (1 - output))
        formula = text(factor_terms(wrong[merged.result.name].right - merged.result.right))
        yield Planted("slope-on-softmax", _gap(ground), wrong, formula=formula)
