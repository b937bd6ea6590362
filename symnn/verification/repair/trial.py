"""A gradient in float64 at one point, beside the exact one: which arrays are right."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, replace
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
from symnn.verification.subject import Subject
from symnn.verification.surroundings import resized

# A context that code runs in.
Setting: TypeAlias = Callable[[], AbstractContextManager[Any]]

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

_CALLS = Calls()


@dataclass(frozen=True)
class Trial:
    """A subject at a point, with the exact gradient there in floats, and the loss.

    ``setting`` is the context in which the code runs there, such as other values of the numbers in its module. Arrays
    that are ``reshaped`` may have another shape of as many entries: the code as it is gives them so.
    """

    subject: Subject
    point: Mapping[str, Any]
    exact: Mapping[str, Any]
    loss: float
    draws: int = 0
    setting: Setting = nullcontext
    reshaped: frozenset[str] = frozenset()

    @property
    def params(self) -> Any:
        """The parameters in the structure of their user."""
        return self.subject.parameters.passed(dict(self.point))

    def right(self) -> Right:
        """Return the names of the arrays that the gradient gives right as its code is now.

        None where it raises, or where the loss is not what it was.
        """
        with np.errstate(all="ignore"), drawing(self.draws), self.setting():
            try:
                loss = float(single(_CALLS("loss", self.subject.loss, *self._arguments())))
                found = _CALLS("grad", self.subject.grad, *self._arguments())
                given = match_gradients(found, self.subject.parameters)
                gradients = {n: reshaped(g, self.exact[n].shape) if n in self.reshaped else g for n, g in given.items()}
                same = abs(loss - self.loss) <= CLOSE * abs(self.loss)
                return frozenset(n for n, g in gradients.items() if close(g, self.exact[n])) if same else None
            except Exception:
                return None

    def _arguments(self) -> tuple[Any, ...]:
        return self.params, *fresh(self.subject.data)


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


def trials_of(subject: Subject, seed: int, other_numbers: Setting) -> list[Trial]:
    """Return the subject where every derivative is known: as given, with other numbers, and with another sample.

    There are none where the code cannot be looked at as given.
    """
    rng = np.random.default_rng([seed, 8])
    grown = resized(subject.data, rng)
    wanted: list[tuple[Subject, Setting]] = [
        (subject, nullcontext),
        (replace(subject, data=tuple(map(_other, subject.data))), other_numbers),
    ]
    is_large = sum(A.size for A in subject.parameters.arrays.values()) > LARGE
    wanted += [] if grown is None or is_large else [(replace(subject, data=grown), nullcontext)]
    found: list[Trial] = []
    drawn = enumerate(islice(points(subject.parameters.arrays, seed, subject.data), DRAWN))
    for number, (_, point) in drawn:
        if not wanted:
            break
        one, setting = wanted[0]
        with suppress(SymnnError), drawing(number), setting():
            probe = Probe(one, point, DEFAULT_BITS)
            exact = _exact(probe)
            given = _reshaped(one, point)
            found.append(Trial(one, point, exact, _float(probe.loss), number, setting, given))
            wanted.pop(0)
            continue
        # Where code does not run with other numbers or sizes, it is looked at as it is.
        wanted[0] = (subject, nullcontext)
    return found


def _reshaped(subject: Subject, point: Mapping[str, Any]) -> frozenset[str]:
    """The arrays that the code gives in another shape than their parameter's, of as many entries."""
    arguments = subject.parameters.passed(dict(point)), *fresh(subject.data)
    with np.errstate(all="ignore"):
        _CALLS("loss", subject.loss, *arguments)
        found = match_gradients(_CALLS("grad", subject.grad, *arguments), subject.parameters)
    shapes = {name: np.shape(A) for name, A in point.items()}
    return frozenset(
        n for n, g in found.items() if np.shape(g) != shapes[n] and same_but_for_ones(np.shape(g), shapes[n])
    )


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


def _float(loss: Any) -> float:
    return float(midpoint(loss) if isinstance(loss, Scalar) else loss)
