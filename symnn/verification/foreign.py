"""Checking gradients of code that runs in float64 only, against a certified twin or high-order difference quotients.

The evidence is of the level *numerical*: a gradient in float64 can only be right to rounding.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from flint import arb

from symnn.errors import InputError, UndecidedError
from symnn.scalars import DEFAULT_BITS, ball, midpoint, running
from symnn.verification.calling import CannotRunError, KinkError, call, fresh, lifted, single
from symnn.verification.compare import ALL_ZERO, decimal, misshapen
from symnn.verification.directional import Probe
from symnn.verification.gradients import reshaped
from symnn.verification.matching import match_gradients
from symnn.verification.points import points
from symnn.verification.subject import Subject
from symnn.verification.verdict import Check, Verdict

CERTIFIED_WITHIN = 1e-9
"""A float64 gradient agrees with its certified value to this, relative to the norm of its array."""

QUOTIENTS_WITHIN = 1e-7
"""A float64 gradient agrees with difference quotients to this, relative to the norm of its array."""

STEP = 2.0**-7
"""The step of the quotients: their error of order six and rounding are about equal here."""

# Central differences of order six: the weights of f(x + k h) − f(x − k h) over h.
_WEIGHTS = ((1, 45 / 60), (2, -9 / 60), (3, 1 / 60))

MOST_ENTRIES = 400
"""How many entries of an array are looked at; of a larger one, as many drawn at random."""


@dataclass(frozen=True)
class _Slopes:
    """A subject at one point in float64, and the slope of its loss along an entry."""

    subject: Subject
    point: Mapping[str, Any]

    def loss(self, point: Mapping[str, Any]) -> float:
        with np.errstate(all="ignore"):
            params = self.subject.parameters.rebuild({name: A.copy() for name, A in point.items()})
            return float(single(call("loss", self.subject.loss, params, *fresh(self.subject.data))))

    def gradient(self) -> dict[str, Any]:
        with np.errstate(all="ignore"):
            params = self.subject.parameters.rebuild({name: A.copy() for name, A in self.point.items()})
            result = call("grad", self.subject.grad, params, *fresh(self.subject.data))
            found = match_gradients(result, self.subject.parameters)
        return {name: np.array(g, dtype=np.float64) for name, g in found.items()}

    def quotient(self, name: str, entry: int, step: float) -> float:
        total = 0.0
        for k, weight in _WEIGHTS:
            for sign in (1, -1):
                moved = self.point[name].copy()
                moved.flat[entry] += sign * k * step
                total += sign * weight * self.loss({**self.point, name: moved})
        return total / step


def verify_floats(subject: Subject, wanted: int, seed: int) -> Verdict:
    """Return the verdict on code that runs in float64 only, at ``wanted`` points."""
    found: dict[str, Check] = {}
    skipped: list[str] = []
    counted = 0
    for drawn, (label, point) in enumerate(points(subject.parameters.arrays, seed)):
        if counted == wanted or drawn == wanted + 4:
            break
        try:
            checks = list(_look(subject, point, seed))
        except CannotRunError as error:
            return _undecided([str(error)])
        except UndecidedError as error:
            skipped.append(f"{label} does not count: {error}")
            continue
        counted += 1
        for check in checks:
            before = found.get(check.name)
            found[check.name] = check if before is None or check.verdict != "equal" else before
        if any(check.verdict == "different" for check in checks):
            break
    return _verdict(subject, tuple(found.values()), counted, tuple(skipped), seed)


def _look(subject: Subject, point: Mapping[str, Any], seed: int) -> Iterator[Check]:
    slopes = _Slopes(subject, point)
    exact = None
    if subject.exact is not None:
        twin = Subject(subject.exact, subject.exact, subject.parameters, subject.data)
        exact = Probe(twin, dict(point), DEFAULT_BITS)
        _is_twin(exact, slopes)
    gradient = slopes.gradient()
    for name, A in point.items():
        yield _check(name, gradient[name], A, slopes, exact, seed)


def _is_twin(exact: Probe, slopes: _Slopes) -> None:
    system = ball(DEFAULT_BITS)
    with running(system, functions=(slopes.subject.exact,)):
        params = slopes.subject.parameters.rebuild({name: lifted(A, system) for name, A in slopes.point.items()})
        certified = single(call("reference", exact.pair.loss, params, *lifted(slopes.subject.data, system)))
    mine, its = slopes.loss(slopes.point), midpoint(certified) if not isinstance(certified, float) else certified
    if abs(mine - its) > 1e-6 * max(abs(mine), abs(its), 1e-3):
        raise InputError(
            f"the reference is no twin of the forward pass: with a random upstream gradient\n"
            f"  the forward pass gives  {mine:.10g}\n  the reference gives     {its:.10g}"
        )


def _check(name: str, mine: Any, A: Any, slopes: _Slopes, exact: Probe | None, seed: int) -> Check:
    mine = reshaped(mine, A.shape)
    if mine.shape != A.shape:
        return misshapen(name, mine.shape, A.shape)
    flat = mine.ravel()
    entries = range(A.size)
    if A.size > MOST_ENTRIES:
        entries = np.random.default_rng([seed, 11]).choice(A.size, MOST_ENTRIES, replace=False).tolist()
    values, near = [], []
    for k in entries:
        value, error = _slope(name, k, slopes, exact)
        values.append(value)
        near.append(error)
    scale = float(np.linalg.norm([float(v.mid()) for v in values]))
    off = [abs(float((arb(flat[k]) - v).mid())) for k, v in zip(entries, values, strict=True)]
    allowed = CERTIFIED_WITHIN if exact else QUOTIENTS_WITHIN
    wrong = [j for j, one in enumerate(off) if one > allowed * max(scale, 1e-6) + 4 * near[j]]
    if wrong:
        j = max(wrong, key=lambda j: off[j])
        k = list(entries)[j]
        index = tuple(int(i) for i in np.unravel_index(k, A.shape)) if A.shape else ()
        its = decimal(values[j], 12)
        return Check(
            name, A.shape, "different", index, Decimal(f"{flat[k]:.12g}"), its, Decimal(f"{flat[k] - float(its):.6g}")
        )
    if not scale > 0:
        return Check(name, A.shape, "undecided", note=ALL_ZERO)
    unsure = [error for error in near if error > 1e-5 * max(scale, 1e-6)]
    if unsure:
        raise KinkError(f"the difference quotients of {name} do not settle: a kink is near")
    digits = min(15, int(-np.log10(max(max(off) / scale, 1e-16))))
    return Check(name, A.shape, "equal", digits=digits)


def _slope(name: str, entry: int, slopes: _Slopes, exact: Probe | None) -> tuple[Any, float]:
    """The slope along one entry as an arb, and how far it may be off."""
    if exact is not None:
        return exact.slope(name, np.array([1.0]), start=entry), 0.0
    wide, narrow = (slopes.quotient(name, entry, step) for step in (STEP, STEP / 2))
    if not np.isfinite(wide) or not np.isfinite(narrow):
        raise UndecidedError("the loss is not finite near it")
    return arb(narrow), abs(wide - narrow)


def _verdict(subject: Subject, checks: tuple[Check, ...], counted: int, skipped: tuple[str, ...], seed: int) -> Verdict:
    against = "the certified derivative of the reference" if subject.exact else "difference quotients of order six"
    count = f"{counted} point{'s' if counted != 1 else ''}"
    wrong = [check.entry for check in checks if check.verdict == "different"]
    if wrong:
        said = f"numerical: the gradient is wrong at {', '.join(wrong)}, against {against} (float64, seed {seed})"
        return Verdict("different", 0, said, checks, skipped)
    unseen = [f"of {check.name}: {check.note}" for check in checks if check.verdict == "undecided"]
    if unseen or not counted:
        return _undecided([*unseen, *skipped], checks)
    digits = min(check.digits for check in checks)
    said = f"numerical: agrees with {against} to {digits} digits at {count} (float64, seed {seed})"
    return Verdict("equal", digits, said, checks, (f"{subject.only_floats} runs in float64 only", *skipped))


def _undecided(reasons: list[str], checks: tuple[Check, ...] = ()) -> Verdict:
    return Verdict("undecided", 0, "no numerical answer", checks, tuple(reasons))
