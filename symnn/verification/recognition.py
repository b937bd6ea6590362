"""Recognising the network that a loss belongs to, from its parameters, its data and its values alone.

Every activation, loss and reduction of the tables is tried in floats, and what agrees there is certified: the loss of
the network must agree with the user's in balls, at points drawn at random. Nothing is taken for what it only resembles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

import numpy as np
from sympy import Sum

from symnn.equations import Equation, Program
from symnn.errors import InputError, SymnnError, UndecidedError
from symnn.kernels import extend
from symnn.network import REDUCTIONS, Dense, Network, program_of
from symnn.notation import LOSS, SAMPLES, index, tensor, width
from symnn.rules import ACTIVATIONS, LOSSES, NORMALISERS
from symnn.rules.losses import p, y
from symnn.scalars import DEFAULT_BITS, Scalar, ball, distinct, midpoint, precision, running
from symnn.verification.arrangement import Arrangement, arrangements
from symnn.verification.calling import call, fresh, lifted, single
from symnn.verification.compare import digits_within
from symnn.verification.points import Point, points
from symnn.verification.structure import Parameters
from symnn.verification.subject import Subject

POINTS = 2
"""At how many drawn points a network's loss must be the user's."""

DIGITS = 30
"""To how many digits."""

MOST_CHAINS = 500
"""Beyond so many combinations of activations, hidden layers are taken to have all the same one, or only common ones."""

COMMON = ("linear", "sigmoid", "tanh", "relu", "leaky-relu")
"""The activations that are looked for first, and mixed with one another in hidden layers even where there are many."""

SAY_THE_SAME = (
    "binary-cross-entropy-from-logits",
    "sparse-categorical-cross-entropy",
    "negative-log-likelihood",
    "kl-divergence",
)
"""The losses that are another one written in another way, on logits or on classes: that one is looked for first."""

# A network that gives nothing to learn from has no gradient to be checked.
_HIDDEN = (*COMMON, *(row.name for row in ACTIVATIONS.values() if not row.no_gradient and row.name not in COMMON))
_LAST = (*_HIDDEN, *NORMALISERS)
_LOSSES = tuple(sorted((row.name for row in LOSSES.values() if not row.no_gradient), key=lambda n: n in SAY_THE_SAME))

ROUGHLY = 1e-6
"""How far apart, relative to the loss, two losses in floats may be and still be looked at in balls."""


@dataclass(frozen=True)
class Recognised:
    """The network that a loss was recognised as the loss of, and how the user's arrays are arranged in it."""

    network: Network
    arrangement: Arrangement

    @property
    def names(self) -> Mapping[str, str]:
        """The user's name for each parameter, by the network's own."""
        return self.arrangement.names

    def __str__(self) -> str:
        network = self.network
        activations = ", ".join(layer.activation for layer in network.layers)
        layout = network.layout.replace("-", " ")
        return f"a {network} network: {activations}; {network.loss}, {network.reduction}; {layout}"


def recognise(subject: Subject, seed: int) -> Recognised | None:
    """Return the network of dense layers whose loss is that of a subject, or None where there is none in the tables.

    Its parameters are weights and biases in order, under any names; its data hold inputs and targets. What
    the loss raises is no answer either.

    >>> def loss(params, X, Y):
    ...     return np.sum((np.tanh(X @ params[0]) - Y) ** 2) / len(X)
    >>> data = np.array([[0.5, 1.0], [2.0, -1.0], [0.25, 0.75]]), np.array([[1.0], [0.0], [0.5]])
    >>> from symnn.verification.subject import pair_of
    >>> print(recognise(pair_of(loss, loss, [np.array([[0.5], [-0.25]])], *data), seed=0))
    a 2-1 network: tanh; squared-error, mean; samples first
    """
    found, data = subject.parameters, subject.data
    possible = list(arrangements(found.arrays, data))
    if not possible:
        return None
    seen = [(point, value) for point, value in _values(subject.loss, found, data, seed) if value != 0]
    if len(seen) < POINTS:
        return None
    (first, value), *_ = seen
    by_these_sizes = None
    for arrangement in possible:
        for network in _alike(arrangement, first, data, midpoint(value)):
            recognised = Recognised(network, arrangement)
            if all(_certified(recognised, point, data, value) for point, value in seen):
                if _holds_wider(recognised, subject, first, seed):
                    return recognised
                by_these_sizes = by_these_sizes or recognised
    return by_these_sizes


def _holds_wider(recognised: Recognised, subject: Subject, point: Point, seed: int) -> bool:
    """Whether the losses are the same in floats where all sizes are others, or the user's is not to be had there.

    A half is a size by accident where there are two outputs.
    """
    arrangement, wider = recognised.arrangement, recognised.arrangement.wider
    arrays, data = arrangement.widened(point, subject.data, np.random.default_rng([seed, 9]))
    network = recognised.network
    activations = [layer.activation for layer in network.layers]
    program = program_of(_network(wider, activations, network.loss, network.reduction))
    with np.errstate(all="ignore"):
        try:
            yours = float(single(call("loss", subject.loss, subject.parameters.rebuild(arrays), *fresh(data))))
        except (SymnnError, ArithmeticError, LookupError, TypeError, ValueError):
            return True
        X, Y = wider.data(data)
        found = float(extend(program, {**wider.parameters(arrays), "X": X, "Y": Y}, program.equations)["L"])
    return not np.isfinite(yours) or abs(found - yours) <= ROUGHLY * abs(yours)


def _values(
    loss: Callable[..., Any], found: Parameters, data: tuple[Any, ...], seed: int
) -> Iterator[tuple[Point, Any]]:
    """Yield drawn points and the loss there as an arb; the point given may be one of many zeros, and is left out."""
    for _, point in islice(points(found.arrays, seed), 1, POINTS + 1):
        system = ball(DEFAULT_BITS)
        with suppress(UndecidedError, InputError), running(system, functions=(loss,)):
            balls = {name: distinct(A) for name, A in point.items()}
            given = found.rebuild({name: A if A.ndim else A[()] for name, A in balls.items()})
            value = single(call("loss", loss, given, *fresh(lifted(data, system))))
            if isinstance(value, Scalar) and value.value.is_finite():
                yield point, value.value


def _alike(arrangement: Arrangement, point: Point, data: tuple[Any, ...], value: float) -> Iterator[Network]:
    """Yield the networks whose loss is about ``value``, as far as floats can tell."""
    arrays = arrangement.parameters(point)
    X, Y = arrangement.data(data)
    turned = arrangement.features_first
    values = {name: A if turned else np.transpose(A) for name, A in arrays.items()}
    values |= {name: A.reshape(-1, 1) for name, A in values.items() if name[0] == "b"}
    X, Y = (X, Y) if turned else (X.T, Y.T)
    layers = len(arrangement.layers)
    alike = []
    with np.errstate(all="ignore"):
        for activations, output in _chains(values, layers, X, ()):
            for loss in _LOSSES:
                if not _is_defined(activations[-1], loss):
                    continue
                total = _total(loss, output, Y)
                divisors = {"mean": Y.shape[1], "sum": 1, "mean-over-all": Y.size}
                for reduction in sorted(REDUCTIONS, key=list(divisors).index):
                    if abs(total / divisors[reduction] - value) <= ROUGHLY * abs(value):
                        alike.append((activations, loss, reduction))
    for activations, loss, reduction in sorted(alike, key=lambda found: found[1] in SAY_THE_SAME):
        yield _network(arrangement, activations, loss, reduction)


def _chains(
    values: Mapping[str, Any], layers: int, below: Any, chosen: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield choices of an activation for every layer, with what the last one puts out, features first."""
    number = len(chosen) + 1
    pre_activation = values[f"W{number}"] @ below + values.get(f"b{number}", 0)
    last = number == layers
    for name in _LAST if last else _hidden(layers - 1, chosen):
        if name in NORMALISERS and len(pre_activation) == 1:
            continue
        output = _activated(name, pre_activation)
        if not np.all(np.isfinite(output)):
            continue
        if last:
            yield (*chosen, name), output
        else:
            yield from _chains(values, layers, output, (*chosen, name))


def _hidden(layers: int, chosen: tuple[str, ...]) -> tuple[str, ...]:
    """Return the activations that a hidden layer may have behind those chosen; of so many layers in all."""
    if not chosen or len(_HIDDEN) ** layers * len(_LAST) <= MOST_CHAINS:
        return _HIDDEN
    mixed = len(COMMON) ** layers * len(_LAST) <= MOST_CHAINS
    return COMMON if mixed and set(chosen) <= set(COMMON) else chosen[:1]


@cache
def _is_defined(activation: str, loss: str) -> bool:
    """Tell whether a loss is defined on what an activation puts out; without it there is no such network."""
    try:
        Network(1, [Dense(2, activation)], loss)
    except InputError:
        return False
    return True


def _activated(name: str, pre_activation: Any) -> Any:
    program = _one_layer(name)
    found = extend(program, {"Z1": pre_activation, "X": pre_activation}, program.equations[1:-1])
    return found.get("A1", pre_activation)


@cache
def _one_layer(name: str) -> Program:
    return program_of(Network(1, [Dense(2, name)]))


def _total(loss: str, output: Any, targets: Any) -> float:
    found = extend(_one_layer("linear"), {"P": output, "Y": targets}, [_summed(loss)])
    return float(found["L"])


@cache
def _summed(loss: str) -> Equation:
    unit, sample = index("j", width(1)), index("i", SAMPLES)
    entries = {name: tensor(letter, width(1), SAMPLES)[unit, sample] for name, letter in ((p, "P"), (y, "Y"))}
    return Equation(LOSS, Sum(LOSSES[loss].bound().summand.xreplace(entries), unit, sample))


def _network(arrangement: Arrangement, activations: Sequence[str], loss: str, reduction: str) -> Network:
    layers = [
        Dense(layer.units, name, bias=bool(layer.bias))
        for layer, name in zip(arrangement.layers, activations, strict=True)
    ]
    layout = "features-first" if arrangement.features_first else "samples-first"
    return Network(arrangement.inputs, layers, loss, reduction, layout)


def _certified(recognised: Recognised, point: Point, data: tuple[Any, ...], value: Any) -> bool:
    """Tell whether the loss of the network is ``value``, an arb, to enough digits."""
    program = program_of(recognised.network)
    X, Y = recognised.arrangement.data(data)
    named = {**recognised.arrangement.parameters(point), "X": X, "Y": Y}
    system = ball(DEFAULT_BITS)
    try:
        with running(system):
            arrays = {name: distinct(A) for name, A in named.items()}
            found = extend(program, arrays, program.equations)["L"]
    except UndecidedError:
        return False
    with precision(DEFAULT_BITS):
        difference = found.value - value
        return bool(difference.contains(0)) and digits_within(difference, value, DEFAULT_BITS) >= DIGITS
