"""The evidence level *identical*: your gradient and that of the loss as two formulas, compared by their signatures.

Parameters and data are indeterminates, drawn at random modulo the primes of a tower; the loss is run once with a
derivative along a random direction, the gradient once without, and their residues are compared. So what is equal is
equal not at a point but wherever the code takes the branches that it takes there, which the region says. Integers and
single numbers stay the constants they are. Where the gradient is not right for all data (one-hot rows add up to one,
labels are compared), arrays of whole numbers are constants, and the text says "all data but whole numbers"; where it
is right only for the data given, all data are, and the text says "for all parameters".

The bound on a false "equal" is the degree of the formulas over the smallest prime, for every level of the tower: a
theorem for rational functions, and with exponentials resting on Gonnet's assumption (see
``symnn.scalars.signature_numbers``).
"Different" is claimed only where no opaque value and no inexact float constant entered either formula.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np

from symnn.errors import UndecidedError
from symnn.scalars import (
    Signature,
    Tower,
    array,
    collector_paused,
    moving,
    running,
    signature,
    signatures,
)
from symnn.scalars.signature_products import inner_part
from symnn.scalars.tower import BITS, Part, minus, plus
from symnn.verification.calling import CannotRunError, call, fresh, lifted, single
from symnn.verification.evidence import Evidence
from symnn.verification.gradients import finite_scalars, reshaped, scalars_of
from symnn.verification.matching import match_gradients
from symnn.verification.points import points
from symnn.verification.subject import Subject

HIGHEST = 64
"""Levels of the highest tower: exponentials nested deeper, as in a long recurrence, stay undecided."""

WANTED_BITS = 100
"""A bound weaker than 2**-100 is tried again with larger primes."""

STARTS = 3
"""From how many points a region is looked for: the first may lie on a kink, on the border of several."""

_FIRST_HEIGHT = 2
_MOST_BITS = 2048

# What a square root is taken of is a square modulo a prime with chance one half. Where there are few of them, as many
# draws as make it unlikely that all fail; and no more entries than this in all.
_MOST_ROOTS = 5
_DRAWN_IN_ALL = 2 * 10**5

# What a gradient is tried for, in turn: all arrays of floats as indeterminates, and then those not all whole.
_FREE = ((1, " and data"), (2, " and all data but whole numbers"))
_NOT_FREE = 3

_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


class _MisshapenError(Exception):
    """A gradient has another shape than its parameter: no data and no tower will help."""


@dataclass
class _Comparison:
    """What a run over one tower has shown: the difference by array, or by ``""`` where all arrays moved together."""

    tower: Tower
    differences: dict[str, Part | None] = field(default_factory=dict)
    conditions: dict[str, None] = field(default_factory=dict)
    inexact: set[float] = field(default_factory=set)
    zero: list[str] = field(default_factory=list)

    @property
    def _unequal(self) -> dict[str, Part]:
        return {name: d for name, d in self.differences.items() if d is not None and d.residue != 0}

    @property
    def unequal(self) -> list[str]:
        return list(self._unequal)

    @property
    def certain(self) -> list[str]:
        """The arrays whose formulas certainly differ."""
        return [] if self.inexact else [name for name, d in self._unequal.items() if not d.opaque]

    @property
    def bound(self) -> int:
        """Such a k that the chance of a false "equal" is below 2**-k."""
        degrees = sum(sum(d.degree) for d in self.differences.values() if d is not None) + 1
        return int(self.tower.primes[-1].bit_length()) - 1 - (degrees * len(self.tower.primes)).bit_length()


def identical(pair: Subject, point: Mapping[str, Any], seed: int) -> Evidence:
    """Return whether the gradient is that of the loss as a formula, in the region around a point of parameters.

    ``point`` holds an array per parameter; where it lies on a kink, a region beside it is taken. What cannot run, or
    cannot be decided, is evidence that is *undecided*.
    Raises InputError for gradients that are not named as the parameters are.

    >>> from symnn.verification.structure import parameters
    >>> def loss(w, x): return np.sum(np.tanh(w * x)) / 3
    >>> def grad(w, x): return (1 - np.tanh(w * x) ** 2) * x * (1 / 3)
    >>> w = np.array([0.5, -1.5])
    >>> print(identical(Subject(loss, grad, parameters(w), (np.array([0.5, 1.5]),)), {"params": w}, seed=0))
    identical with error below 2⁻²⁴⁹ for all parameters and data (seed 0)
    """
    reasons: list[str] = []
    for _, near in islice(points(point, seed), STARTS):
        try:
            with collector_paused():
                return _evidence(*_decided(pair, near, seed), seed, len(point))
        except _MisshapenError as error:
            return Evidence("identical", "different", str(error))
        except UndecidedError as error:
            reasons.append(f"undecided: {error}")
            if isinstance(error, CannotRunError):
                break
    return Evidence("identical", "undecided", reasons[0])


def _decided(pair: Subject, point: Mapping[str, Any], seed: int) -> tuple[_Comparison, str]:
    """What was found, and for which data: the most for which it holds, or else those given."""
    kinds = {_freedom(x) for x in _leaves(pair.data)} - {0}
    # Where no array is whole, or every one is, the two ways are one.
    for free, words in _FREE[: len(kinds)]:
        # As constants, data may also be compared, or serve as numbers of something.
        with suppress(UndecidedError):
            found = _compared(pair, point, seed, free)
            if not found.unequal:
                return found, words
    return _compared(pair, point, seed, _NOT_FREE), ""


def _compared(pair: Subject, point: Mapping[str, Any], seed: int, free: int) -> _Comparison:
    """What a tower shows that is high enough, of primes large enough, and over which square roots are what they are."""
    draws = _DRAWN_IN_ALL // max(1, sum(A.size for A in point.values()))
    height, bits, draw = _FIRST_HEIGHT, BITS, 0
    while True:
        tower = Tower(height, f"{seed}.{draw}", bits)
        try:
            found = _over(tower, pair, point, free)
        except UndecidedError:
            if not tower.exceeded or height == HIGHEST:
                raise
            height *= 2
            continue
        roots = len(tower.rooted)
        if found.unequal and tower.strayed and roots <= _MOST_ROOTS and draw < min(draws, 4 * 2**roots):
            draw += 1
        elif not found.unequal and found.bound < WANTED_BITS and bits < _MOST_BITS:
            bits += max(BITS, WANTED_BITS - found.bound + 1)
        else:
            return found


def _over(tower: Tower, pair: Subject, point: Mapping[str, Any], free: int) -> _Comparison:
    """Compare along one direction in all arrays; should that differ where it is certain, along one in each."""
    found = _Comparison(tower)
    data = tuple(_signed(x, tower, f"data {k}", free) for k, x in enumerate(pair.data))
    still = {name: signatures(f"parameters {name}", A, tower) for name, A in point.items()}
    moved = {name: moving(A, name) for name, A in still.items()}
    primes = tower.primes

    def run(then: Callable[[], Any]) -> Any:
        with running(signature(tower), functions=(pair.loss, pair.grad)) as opened:
            result = then()
        found.conditions.update(dict.fromkeys(opened.conditions))
        found.inexact |= opened.inexact_constants
        return result

    def loss(arrays: Mapping[str, Any]) -> Any:
        return single(call("loss", pair.loss, pair.parameters.passed(arrays), *fresh(data)))

    def gradient() -> dict[str, Any]:
        # The loss goes first: classes keep there what their backward pass needs.
        loss(still)
        result = match_gradients(call("grad", pair.grad, pair.parameters.passed(still), *fresh(data)), pair.parameters)
        return {name: _as_signatures(name, g, point[name].shape, tower) for name, g in result.items()}

    def slope(arrays: Mapping[str, Any]) -> Part | None:
        value = run(lambda: loss(arrays))
        if isinstance(value, Signature) and not value.value.is_finite():
            raise UndecidedError("the loss is not finite")
        return value.slope if isinstance(value, Signature) else None

    gradients = run(gradient)
    along = {name: inner_part(g, _direction(moved[name])) for name, g in gradients.items() if g}
    found.zero = [name for name, g in gradients.items() if all(x.residues[0] == 0 for x in g)]
    together: Part | None = None
    for part in along.values():
        together = plus(together, part, primes[0])
    found.differences[""] = plus(together, minus(slope(moved), primes[0]), primes[0])
    if free < _NOT_FREE:
        return found
    if found.unequal and len(along) > 1:
        found.differences = {
            name: plus(part, minus(slope({**still, name: moved[name]}), primes[0]), primes[0])
            for name, part in along.items()
        }
    elif found.unequal:
        found.differences = {next(iter(along)): found.differences[""]}
    return found


def _direction(moved: Any) -> list[Any]:
    return [x.slope.residue for x in moved.ravel().tolist()]


def _leaves(x: Any) -> list[Any]:
    if isinstance(x, dict):
        return [leaf for value in x.values() for leaf in _leaves(value)]
    return [leaf for value in x for leaf in _leaves(value)] if type(x) in (list, tuple) else [x]


def _freedom(x: Any) -> int:
    """The last of the ways to try in which data are indeterminates: 1 for whole numbers, 2 for others, 0: in none."""
    if not isinstance(x, np.ndarray) or x.dtype.kind != "f" or not x.size:
        return 0
    return 2 if np.any(x != np.round(x)) else 1


def _signed(x: Any, tower: Tower, name: str, free: int) -> Any:
    """Data over a tower, as indeterminates where they are to be free."""
    if isinstance(x, dict):
        return {key: _signed(value, tower, f"{name}.{key}", free) for key, value in x.items()}
    if type(x) in (list, tuple):
        return type(x)([_signed(value, tower, f"{name}.{k}", free) for k, value in enumerate(x)])
    if free <= _freedom(x):
        return signatures(name, array(x.astype(np.float64), signature(tower)), tower)
    return lifted(x, signature(tower))


def _as_signatures(name: str, gradient: Any, shape: tuple[int, ...], tower: Tower) -> list[Any]:
    found = reshaped(scalars_of(name, gradient), shape)
    if found.shape != shape:
        raise _MisshapenError(f"the gradient with respect to {name} has shape {found.shape}, the parameter {shape}")
    entries: list[Any] = finite_scalars(name, found).ravel().tolist()
    if not all(x.tower is tower for x in entries):
        raise UndecidedError(f"your gradient of {name} holds numbers kept from an earlier run")
    return entries


def _evidence(found: _Comparison, data: str, seed: int, arrays: int) -> Evidence:
    region = tuple(found.conditions)
    if found.certain:
        said = (
            f"the gradient with respect to {_listed(found.certain)} is certainly another formula than that of the loss "
            f"(seed {seed})"
        )
        return Evidence("identical", "different", said, region)
    reason = ""
    if found.unequal:
        unequal = _listed(found.unequal)
        reason = f"the gradient with respect to {unequal} was not found equal, which is no proof: {_excuse(found)}"
    elif len(found.zero) == arrays:
        reason = "the gradient is zero throughout: nothing to compare"
    elif found.bound < WANTED_BITS:
        reason = f"the formulas have so high a degree that no error below 2{_raised(-WANTED_BITS)} can be claimed"
    if reason:
        return Evidence("identical", "undecided", f"undecided: {reason} (seed {seed})", region)
    said = f"identical with error below 2{_raised(-found.bound)} for all parameters{data}"
    notes = ["the signs of square roots aside"] if found.tower.rooted else []
    notes += [f"that with respect to {_listed(found.zero)} is zero throughout"] if found.zero else []
    return Evidence("identical", "equal", ", ".join([f"{said} (seed {seed})", *notes]), region)


def _excuse(found: _Comparison) -> str:
    if not found.inexact:
        return "not all laws are known of the logarithms, roots or other functions in it"
    named = _listed(list(map(repr, sorted(found.inexact)[:3])))
    return f"the float64 constants {named} are rounded" if len(found.inexact) > 1 else f"{named} is a rounded constant"


def _listed(names: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def _raised(exponent: int) -> str:
    return str(exponent).translate(_SUPERSCRIPTS)
