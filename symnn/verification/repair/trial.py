"""A gradient in float64 at one point, beside the exact one: which arrays are right."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, TypeAlias

import numpy as np

from symnn.errors import SymnnError
from symnn.scalars import DEFAULT_BITS, Scalar, midpoint, values
from symnn.verification.calling import drawing, fresh, single
from symnn.verification.directional import Probe
from symnn.verification.gradients import reshaped, same_but_for_ones
from symnn.verification.matching import match_gradients
from symnn.verification.points import points
from symnn.verification.screening import Calls
from symnn.verification.subject import Subject, without_gradient
from symnn.verification.surroundings import resized

CLOSE = 1e-8
"""How far apart arrays may be in float64 that count as the same, relative to the largest entry of either."""

# The arrays that are right, or None where the code does not run.
Right: TypeAlias = frozenset[str] | None

OTHER = 0.83
"""By what single numbers are multiplied for other ones: what holds by accident of their values does not there."""

LARGE = 20_000
"""From how many entries on edits are tried without another number of samples, which costs as much again."""

DRAWN = 12
"""How many points are drawn for these."""


@dataclass(frozen=True)
class Trial:
    """A subject at a point, with the exact gradient there in floats, and the loss.

    It is to be run with the ``other_numbers`` of an editor where that is so. Arrays that are ``reshaped`` may have
    another shape of as many entries: the code as it is gives them so. ``calls`` looks after random numbers.
    """

    subject: Subject
    point: Mapping[str, Any]
    exact: Mapping[str, Any]
    loss: float
    draws: int = 0
    other_numbers: bool = False
    reshaped: frozenset[str] = frozenset()
    calls: Calls = field(default_factory=Calls, compare=False)

    @property
    def params(self) -> Any:
        """The parameters in the structure of their user."""
        return self.subject.parameters.passed(dict(self.point))

    def right(self) -> Right:
        """Return the names of the arrays that the gradient gives right as its code is now.

        None where it raises, or where the loss is not what it was.
        """
        with np.errstate(all="ignore"), drawing(self.draws):
            try:
                loss, given = self.results()
                gradients = {n: reshaped(g, self.exact[n].shape) if n in self.reshaped else g for n, g in given.items()}
                same = abs(loss - self.loss) <= CLOSE * abs(self.loss)
                return frozenset(n for n, g in gradients.items() if close(g, self.exact[n])) if same else None
            except Exception:
                return None

    def results(self) -> tuple[float, dict[str, Any]]:
        """Return the loss and the gradients as the code gives them now; the loss goes first, as classes want it."""
        loss, gradient = (
            self.calls(name, function, self.params, *fresh(self.subject.data))
            for name, function in (("loss", self.subject.loss), ("grad", self.subject.grad))
        )
        return float(single(loss)), match_gradients(gradient, self.subject.parameters)


def close(one: Any, other: Any) -> bool:
    """Tell whether two arrays are the same to `CLOSE` of their largest entry.

    >>> close([1.0, 2.0], np.array([1.0, 2.0 + 1e-12])), close([1.0], np.array([1.0, 2.0]))
    (True, False)
    """
    a = np.asarray(one)
    if a.shape != other.shape or a.dtype.kind not in "fiu" or not np.all(np.isfinite(a)):
        return False
    scale = max(np.max(np.abs(a), initial=0.0), np.max(np.abs(other), initial=0.0))
    return bool(np.max(np.abs(a - other), initial=0.0) <= CLOSE * scale)


def trials_of(subject: Subject, seed: int, other_numbers: Callable[[], AbstractContextManager[Any]]) -> list[Trial]:
    """Return the subject where every derivative is known: as given, with other numbers, and with another sample.

    There are none where the code cannot be looked at as given.
    """
    rng = np.random.default_rng([seed, 8])
    grown = resized(subject.data, rng)
    wanted = [(subject, False), (replace(subject, data=tuple(map(_other, subject.data))), True)]
    is_large = sum(A.size for A in subject.parameters.arrays.values()) > LARGE
    wanted += [] if grown is None or is_large else [(replace(subject, data=grown), False)]
    found: list[Trial] = []
    for number, (_, point) in enumerate(islice(points(subject.parameters.arrays, seed, subject.data), DRAWN)):
        if not wanted:
            break
        (one, others), *rest = wanted
        with suppress(SymnnError), drawing(number), other_numbers() if others else nullcontext():
            found.append(_trial(one, point, number, others))
        # Where code does not run with other numbers or sizes, it is looked at as it is.
        wanted = rest if found and found[-1].draws == number else [(subject, False), *rest]
    return found


def _trial(subject: Subject, point: dict[str, Any], draws: int, others: bool) -> Trial:
    probe = Probe(without_gradient(subject), point, DEFAULT_BITS)
    exact, loss = _exact(probe), probe.loss
    plain = float(midpoint(loss) if isinstance(loss, Scalar) else loss)
    one = Trial(subject, point, exact, plain, draws, others)
    return replace(one, reshaped=_reshaped(one))


def _reshaped(trial: Trial) -> frozenset[str]:
    """The arrays that the code gives in another shape than their parameter's, of as many entries."""
    try:
        with np.errstate(all="ignore"):
            given = trial.results()[1]
    except Exception:
        # It does not run in float64; then no array is right in this trial.
        return frozenset()
    shapes = {name: (np.shape(g), trial.exact[name].shape) for name, g in given.items()}
    return frozenset(name for name, (own, right) in shapes.items() if own != right and same_but_for_ones(own, right))


def _other(x: Any) -> Any:
    return x * OTHER if isinstance(x, float) else x


def _exact(probe: Probe) -> dict[str, Any]:
    _ = probe.gradients
    if probe.exact is not None:
        return {name: _floats(values(A)).reshape(A.shape) for name, A in probe.exact.items()}
    return {name: _floats(probe.entries(name)).reshape(A.shape) for name, A in probe.point.items()}


def _floats(balls: Sequence[Any]) -> Any:
    """The midpoints of arbs, to the few digits that a trial asks for."""
    return np.fromiter(map(float, balls), np.float64, len(balls))
