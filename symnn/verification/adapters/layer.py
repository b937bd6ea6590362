"""A layer, or a list of layers, with a forward and a backward pass: ``verify(layer, X)``, ``verify(loss, P, Y)``.

Fits objects with ``forward``/``backward``, ``forward_pass``/``backward_pass`` and the like. Parameters are the arrays
of the object that its output depends on; their gradients stand in attributes (``dW``), in dicts and lists (``grads``),
in parameter objects (``W.grad``), in what the backward pass returns, or in the step of an update. Where the output is
an array, the loss is Σ upstream ⊙ output with a random upstream gradient; where it is a number it is the loss. The
gradient with respect to the input is checked beside the parameters'.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from symnn.errors import InputError
from symnn.verification.adapters.floats import WITHIN, gap, ran
from symnn.verification.adapters.objects import code_of, copied
from symnn.verification.adapters.passes import (
    CONVENTIONS,
    OF_LOSSES,
    TARGETS,
    is_loss,
    layers_of,
    methods_of,
    modes,
    parameters_of,
    passes_of,
    required_of,
    reset,
    upstreams_of,
)
from symnn.verification.adapters.penalised import penalised
from symnn.verification.adapters.plan import Tracked, read_among
from symnn.verification.adapters.rates import set_rates
from symnn.verification.adapters.reading import Reading, forwards, leaves_of
from symnn.verification.adapters.shape import PASSES, Code, Given
from symnn.verification.adapters.tracked import STATEFUL, tracked
from symnn.verification.structure import Parameters, parameters
from symnn.verification.subject import Missing, Subject

RANDOM_UPSTREAM = "the upstream gradient is random, the loss Σ upstream ⊙ output"
UPSTREAM_OF_ONE = "the output is the loss, and its upstream gradient 1"

# Of a quotient in float64, and how much nearer a gradient must come to it with a penalty that its loss does not hold.
_QUOTIENT = 1e-8
_NEARER = 1e-2


class LayerAdapter:
    """A row of the table of adapters."""

    shape = "verify(layer, X): an object, or a list of them, with forward and backward passes"

    def fits(self, given: Given) -> bool:
        """Return whether the target is a layer, or a list of layers, and its input is given."""
        layers = layers_of(given.target) if not isinstance(given.target, type) else []
        if not layers or not given.arguments or any(isinstance(one, type) or methods_of(one) is None for one in layers):
            return False
        return not any(map(callable, given.arguments))

    def adapt(self, given: Given) -> Subject:
        """Return the loss and the gradients of the backward pass; raise `InputError` as documented."""
        subject = _read(given, self.shape)[0]
        without = gap(subject, given.seed)
        if without is None or without < _QUOTIENT:
            return subject
        # Only what is right with a penalty is taken for that; one of small weights is small itself.
        penalties = ((gap(one, given.seed), one) for one in penalised(subject, given.target))
        within = (one for apart, one in penalties if apart is not None and apart < min(WITHIN, _NEARER * without))
        return next(within, subject)


def passes_read(given: Given) -> Tracked:
    """Return the parameters and gradients of layers in the reading that is right; raise `InputError` as documented."""
    return _read(given, LayerAdapter.shape)[1]


def _read(given: Given, shape: str) -> tuple[Subject, Tracked]:
    refused: list[InputError] = []
    nothing = InputError("the layer has neither parameters nor a float input")
    # The first convention is the likeliest, and says best what is wrong with it.
    return read_among(_subjects(given, shape, refused), given.seed, lambda: next(iter(refused), nothing))


def _subjects(given: Given, shape: str, refused: list[InputError]) -> Iterator[tuple[Subject, Tracked]]:
    returned = ran("the forward pass", lambda: forwards(_trial(given), list(given.arguments), given.seed))
    for reading in _readings(given, returned):
        try:
            found = tracked(given, reading)
            yield _subject(reading, found, shape), found
        except InputError as error:
            refused.append(error)


def _trial(given: Given) -> Any:
    target = copied(given.target)
    set_rates(target)
    return target


def _readings(given: Given, returned: Any) -> Iterator[Reading]:
    """Yield the ways to read the passes of a layer, the likeliest first."""
    last = layers_of(given.target)[-1]
    run = passes_of(last)[1]
    outputs = returned if isinstance(returned, tuple) else (returned,)
    if not leaves_of(outputs[0]):
        seen = f"{type(outputs[0]).__name__} {str(outputs[0])[:40]!r}"
        raise InputError(f"the forward pass must return an array of floats, given {seen}")
    alone = not isinstance(given.target, list | tuple)
    several = alone and len(given.arguments) > 1
    if several and _takes_targets(run, passes_of(last)[0]):
        yield from _of_losses(outputs[0])
    for count in _counts(outputs, run):
        for convention in CONVENTIONS:
            if convention not in OF_LOSSES:
                yield Reading(count, convention, "upstream")
    if is_loss(outputs[0]):
        for convention in CONVENTIONS:
            yield Reading(1, convention, "one")
    if several or is_loss(outputs[0]):
        yield from _of_losses(outputs[0])


def _takes_targets(run: Any, forward: Any) -> bool:
    names = required_of(run)
    targets = TARGETS | set(parameters_of(forward)[1:])
    return len(names) > 1 and names[-1] in targets


def _of_losses(output: Any) -> Iterator[Reading]:
    reductions = ("one",) if is_loss(output) else ("mean", "sum")
    for convention in OF_LOSSES:
        for reduction in reductions:
            yield Reading(1, convention, reduction)


def _counts(outputs: tuple[Any, ...], run: Any) -> list[int]:
    """How many of the values returned may be outputs: as many as the backward pass has upstream gradients by name."""
    most = next((k for k, one in enumerate(outputs) if not leaves_of(one)), len(outputs)) or 1
    called = upstreams_of(run)
    if 1 <= called <= most:
        return [called]
    wanted = len(required_of(run))
    return sorted(range(1, most + 1), key=lambda k: (k != wanted and k + (len(outputs) > k) != wanted, k))


def _subject(reading: Reading, found: Tracked, shape: str) -> Subject:
    template, plan = found.plan.template, found.plan

    def again() -> tuple[Any, Any]:
        target = copied(template)

        def same(params: Any, *data: Any) -> Any:
            reset(target)
            return plan.grad_of(target, params, *data)

        return plan.loss, same

    notes = [RANDOM_UPSTREAM if reading.reduction == "upstream" else _of_reduction(reading.reduction)]
    notes += [f"checked with {one}" for one in modes(template)]
    notes += [f"{one} was called before every forward pass" for one in reset(copied(template))]
    notes += found.notes
    arrays = found.parameters
    if not arrays and not found.missing:
        raise InputError("the layer has neither parameters nor a float input: there is nothing to check")
    return Subject(
        Code(plan.loss, code_of(template)),
        Code(plan.grad, code_of(template)),
        parameters(arrays) if arrays else Parameters({}, {}),
        found.data,
        shape=shape,
        notes=tuple(notes),
        missing=tuple(Missing(*one) for one in found.missing),
        # What a layer carries on by design is no mistake.
        again=None if STATEFUL in found.notes else again,
        words=PASSES[: 2 + len(found.data)],
    )


def _of_reduction(reduction: str) -> str:
    return UPSTREAM_OF_ONE if reduction == "one" else f"the loss is the {reduction} of what the forward pass returns"
