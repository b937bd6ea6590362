"""The mistake in a hand-written ``backward`` by name: one of the way back, or of the forward pass that it begins with.

A diagnosis looks at gradients alone, so it knows the mistakes of the backward pass. A function that computes both
passes can go wrong in the first; its mistakes are planted there and carried through the second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from typing import Any

import numpy as np
from sympy import Rational

from symnn.derivation import derive, told_equations
from symnn.equations import Equation
from symnn.errors import UndecidedError
from symnn.kernels import arguments
from symnn.mistakes import Ground, Planted, planted
from symnn.mistakes.backward.paths import RATES, weights_updated
from symnn.network import Network
from symnn.notation import name_of
from symnn.scalars import DEFAULT_BITS, array, ball, midpoints
from symnn.verification.diagnosis import POINTS, diagnosis_of, explaining, ground_of
from symnn.verification.directional import Probe
from symnn.verification.evidence import Diagnosis
from symnn.verification.points import points
from symnn.verification.rewrites import Rewrites, Trial
from symnn.verification.structure import parameters
from symnn.verification.subject import Subject

SEED = 0
"""What the points are drawn by that gradients are compared at."""

DRAWN, AFAR, LOW = 256, 4, 4
"""Of so many points drawn, how many are looked at beside those of a diagnosis: the first, and those of least loss.

Around a single point a clipped gradient may be a mere sign, and far from the targets one loss may have the slope of
another.
"""


@dataclass(frozen=True)
class HandedIn:
    """What a function returns at the points that are looked at, with parameters and data there, all of it in balls."""

    data: tuple[Any, ...]
    seen: tuple[tuple[Mapping[str, Any], Mapping[str, Any]], ...]

    @classmethod
    def of(
        cls, loss: Callable[..., Any], backward: Callable[..., Any], params: Mapping[str, Any], data: tuple[Any, ...]
    ) -> HandedIn:
        """Run a function; a point where it cannot be run is left out."""
        pair = Subject(loss, backward, parameters(dict(params)), data)
        seen = []
        for point in _points(pair.parameters.arrays, lambda point: loss(point, *data)):
            with suppress(UndecidedError):
                seen.append((point, Probe(pair, point, DEFAULT_BITS).gradient))
        return cls(data, tuple(seen))

    @property
    def something(self) -> set[str]:
        """The names of the parameters whose gradient is not zero throughout."""
        return {name for _, gradient in self.seen for name, mine in gradient.items() if np.any(midpoints(mine) != 0)}


@dataclass(frozen=True)
class Named:
    """A mistake, or two, by name, with the equations that each changes, out of those of both passes.

    Found without a derivation, or by the shapes alone, it is made at the gradients themselves: there are no equations.
    """

    diagnosis: Diagnosis
    changed: tuple[tuple[str, ...], ...] = ()
    equations: tuple[Equation, ...] = ()


class Known:
    """The mistakes that may be named in the backward function of a network: those of both passes."""

    def __init__(self, network: Network, handed_in: HandedIn, rate: str = "") -> None:
        """Take the learning rate of the problem, as a fraction, if it has one."""
        self.network, self.handed_in = network, handed_in
        self.rates = {Rational(rate)} - set(RATES) if rate else set()
        self.derivation = derive(network)

    @cached_property
    def ground(self) -> Ground:
        """What mistakes are planted in."""
        point, _ = self.handed_in.seen[0]
        return ground_of(self.derivation, self.network, self._arrays(point))

    @cached_property
    def backwards(self) -> tuple[Planted, ...]:
        """The mistakes of the backward pass."""
        return (*planted(self.ground), *weights_updated(self.ground, tuple(self.rates)))

    @cached_property
    def forwards(self) -> tuple[Planted, ...]:
        """The mistakes of the forward pass."""
        return planted(self.ground, "forward")

    def named(self) -> Named:
        """Return the mistake that explains what is returned at every point: one, else two, else none."""
        if not self.handed_in.seen:
            return Named(Diagnosis())
        plain = self._trials(self.ground)
        # A forward pass is gone on from as the sheet has it, or by the one rule without any named rewrite.
        told = self._trials(Ground(self.derivation, self.network, self.ground.sizes))
        for mistakes, trials in ((self.backwards, plain), (self.forwards, told), (self.forwards, plain)):
            alone = (one for one in mistakes if all(trial.explained([one]) for trial in trials))
            if (one := next(alone, None)) is not None:
                return self._named([one], trials)
        return self._named((*self.backwards, *self.forwards), plain)

    def _named(self, mistakes: Sequence[Planted], trials: Sequence[Trial]) -> Named:
        found = explaining(mistakes, trials)
        diagnosis = diagnosis_of(found, trials)
        if not found:
            return Named(diagnosis)
        return Named(diagnosis, tuple(tuple(one.instead) for one in found), _both(self.ground).equations)

    def _trials(self, ground: Ground) -> Sequence[Trial]:
        both = _both(ground)
        names = list(map(name_of, self.derivation.program.parameters))
        return [
            Trial(Rewrites(both, self._balls(point), names, DEFAULT_BITS), {name: yours[name] for name in names})
            for point, yours in self.handed_in.seen
        ]

    def _balls(self, point: Mapping[str, Any]) -> dict[str, Any]:
        return {name: array(A, ball(DEFAULT_BITS)) for name, A in self._arrays(point).items()}

    def _arrays(self, point: Mapping[str, Any]) -> Mapping[str, Any]:
        return arguments(self.derivation.program, self.derivation.sizes, point, self.handed_in.data)


class _BothPasses(Ground):
    """What mistakes of the forward pass are carried through: its equations before those of the way back."""

    @cached_property
    def equations(self) -> tuple[Equation, ...]:
        """The right equations of both passes."""
        return (*self.derivation.program.equations, *told_equations(self.derivation))


@lru_cache(maxsize=16)
def _both(ground: Ground) -> Ground:
    return _BothPasses(ground.derivation, ground.network, ground.sizes)


def _points(arrays: Mapping[str, Any], loss: Callable[[Mapping[str, Any]], Any]) -> Iterator[dict[str, Any]]:
    yield from (dict(point) for _, point in islice(points(arrays, SEED), POINTS))
    rng = np.random.default_rng([SEED, DRAWN])
    drawn = [
        {name: rng.integers(-(2**20), 2**20, size=A.shape, endpoint=True) / 2.0**19 for name, A in arrays.items()}
        for _ in range(DRAWN)
    ]
    yield from drawn[:AFAR]
    with np.errstate(all="ignore"):
        losses = np.nan_to_num([float(loss(point)) for point in drawn[AFAR:]], nan=np.inf)
    # A few of the least, in a stable order.
    yield from (drawn[AFAR + at] for at in np.argsort(losses, kind="stable")[:LOW])
