"""Looking ahead in float64: at which of many situations a gradient may be wrong, so that balls are spent on those.

One difference quotient along one direction costs four calls. It decides nothing: suspects are looked at in balls.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

import numpy as np

from symnn.verification.calling import call, drawing, draws_now, fresh, single
from symnn.verification.domains import spread
from symnn.verification.gradients import gradients_of
from symnn.verification.holders import generators, rewinding, standing
from symnn.verification.points import direction
from symnn.verification.surroundings import Situation

SUSPICIOUS = 1e-4
"""How far a quotient and a slope may be apart, relative to the norm of the gradient, without being suspected."""

STEP = 2.0**-18
"""The step, in units of how far the parameters reach."""

_LOOKED_AFTER = 2
_NOISE = 64 * float(np.finfo(np.float64).eps)


def suspects(situations: Iterable[Situation]) -> Iterator[Situation]:
    """Yield the situations at which a difference quotient in float64 speaks against the gradient.

    Where the code raises, or gives what is not finite, nothing is suspected.
    """
    reach: dict[str, float] = {}
    calls = Calls()
    for situation in situations:
        found = False
        with np.errstate(all="ignore"), drawing(situation.draws), suppress(Exception, SystemExit):
            if _is_suspect(situation, reach, calls):
                found = True
        if found:
            yield situation


class Calls:
    """Calls functions; one that drew no random numbers when it was first called is no longer looked after."""

    def __init__(self) -> None:
        self._times: dict[int, int] = {}
        self._drew: set[int] = set()

    def __call__(self, what: str, function: Any, *args: Any) -> Any:
        """Return what a function returns, its random numbers put back."""
        key = id(function)
        self._times[key] = self._times.get(key, 0) + 1
        if key in self._drew:
            return call(what, function, *args)
        if self._times[key] > _LOOKED_AFTER:
            return function(*args)
        found = generators(function)
        back = rewinding(found, draws_now())
        try:
            before = standing(found)
            result = function(*args)
            if standing(found) != before:
                self._drew.add(key)
        finally:
            back()
        return result


def _is_suspect(situation: Situation, reach: dict[str, float], calls: Calls) -> bool:
    subject, point = situation.subject, situation.point
    rng = np.random.default_rng([7, situation.draws])

    def params(moved: dict[str, Any]) -> Any:
        return subject.parameters.rebuild({name: A if A.ndim else float(A) for name, A in moved.items()})

    def loss(along: dict[str, Any], step: float) -> float:
        moved = {name: A + step * along[name] for name, A in point.items()}
        return float(single(calls("loss", subject.loss, params(moved), *fresh(subject.data))))

    still = {name: np.zeros(A.shape) for name, A in point.items()}
    here = loss(still, 0.0)
    result = calls("grad", subject.grad, params({k: A.copy() for k, A in point.items()}), *fresh(subject.data))
    found = gradients_of(result, subject.parameters)
    gradient = {name: np.asarray(found[name], dtype=np.float64) for name in point}
    if any(gradient[name].shape != A.shape for name, A in point.items()):
        return True
    norms = {name: float(np.linalg.norm(g)) for name, g in gradient.items()}
    largest = max(norms.values(), default=0.0)
    if not np.isfinite(here) or not np.isfinite(largest):
        return False
    # Each array has about the same say, however small its gradient is beside the others.
    weights = {name: 1 / max(norm, 1e-3 * largest) if largest else 1.0 for name, norm in norms.items()}
    along = {name: weights[name] * direction(A.size, rng).reshape(A.shape) for name, A in point.items()}
    for name in point.keys() - reach.keys():
        reach[name] = spread(subject.parameters.arrays[name])[1]
    step = STEP * min((reach[name] / float(np.max(np.abs(v))) for name, v in along.items() if v.size), default=1.0)
    slope = math.fsum(float(np.sum(gradient[name] * v)) for name, v in along.items())
    noise = _NOISE * max(abs(here), float(np.finfo(np.float64).tiny)) / step
    gap = (loss(along, step) - loss(along, -step)) / (2 * step) - slope
    if not abs(gap) > SUSPICIOUS * math.sqrt(len(point)) + noise:
        return False
    # Rounding, or a kink within the step, would not show in the same size again.
    step *= 4
    return bool(abs((loss(along, step) - loss(along, -step)) / (2 * step) - slope - gap) < abs(gap) / 2)
