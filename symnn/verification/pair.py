"""Checking any ``loss``/``grad`` pair against exact derivatives of the loss, with no network description."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from flint import arb

from symnn.errors import InputError, UndecidedError
from symnn.scalars import DEFAULT_BITS, collector_paused, inner, precision, values
from symnn.verification.calling import CannotRunError
from symnn.verification.compare import ALL_ZERO, differing, digits_within, misshapen, norm
from symnn.verification.directional import Probe
from symnn.verification.kinks import check_on_kink
from symnn.verification.points import Point, direction, points
from symnn.verification.subject import Subject, pair_of
from symnn.verification.verdict import Check, Verdict
from symnn.verification.worst import worst_entry

WANTED_DIGITS = 80
"""An equal verdict with fewer digits is tried again at twice the precision."""

DOUBLINGS = 2
SPARE_POINTS = 6
"""How many points beyond those asked for are drawn before giving up on kinks, zeros and undecided comparisons."""

FEWEST_DIGITS = 8
"""Agreement within what float constants leave open counts as equality from here on."""


FLAT = (
    "the loss is flat at every point looked at: what counts mistakes, or stands behind a step or a sign, has no useful "
    "gradient; check a loss that has a slope, such as hinge or perceptron"
)
"""What is said of a loss that changes with none of its parameters."""


@dataclass
class _Findings:
    """What the points looked at so far have shown; ``points`` counts those off every kink, ``kinked`` names others."""

    seed: int
    bits: int
    points: int = 0
    kinked: list[str] = field(default_factory=list)
    last: str = ""
    checks: dict[str, Check] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    limits: set[float] = field(default_factory=set)
    zero: dict[str, Any] = field(default_factory=dict)

    def add(self, checks: dict[str, Check], probe: Probe, label: str) -> None:
        """Take in what one point has shown."""
        self.last = label
        if probe.kinked:
            self.kinked.append(label)
        else:
            self.points += 1
        self.bits = max(self.bits, probe.bits)
        self.remarks += [remark for remark in [probe.remark()] if remark]
        for name, check in checks.items():
            self.checks[name] = _firmer(self.checks.get(name), check)
            zero = np.array([x == 0 for x in values(probe.gradient[name])])
            self.zero[name] = zero & self.zero.get(name, True)

    def annotated(self, check: Check) -> Check:
        """The check with the number of entries that were zero at every point: they are no evidence."""
        count = int(np.sum(self.zero[check.name])) if check.name in self.zero else 0
        if check.verdict != "equal" or not count:
            return check
        zeros = f"{count} of {self.zero[check.name].size} entries are zero at every point looked at"
        return replace(check, note=f"{zeros}; {check.note}" if check.note else zeros)

    @property
    def unseen(self) -> bool:
        """Whether some array had nothing to compare at any point: its gradient was zero, or unknown."""
        return any(check.verdict == "undecided" for check in self.checks.values())

    @property
    def different(self) -> bool:
        return any(check.verdict == "different" for check in self.checks.values())


def verify_pair(
    loss: Callable[..., Any],
    grad: Callable[..., Any],
    params: Any,
    *data: Any,
    points: int = 2,
    seed: int = 0,
    bits: int = DEFAULT_BITS,
) -> Verdict:
    """Check a hand-written gradient against exact derivatives of the loss it belongs to.

    ``loss(params, *data)`` returns one number, ``grad(params, *data)`` arrays named and shaped as
    ``params``, or a pair of a loss and these. At the point given and ``points - 1`` random ones, the
    slope of the loss along a random direction in each array is computed with a rigorous radius and
    compared with that of the gradient. Agreement is counted in decimal digits of the Euclidean norm
    of the array's gradient. A zero gradient does not count: more points are drawn to meet another.

    On a kink (ReLU at 0, a tie of maxima) an entry is right if it lies between the one-sided derivatives;
    the check names the entry where these are furthest apart, with its ``interval``. Where several kinks
    meet, each may have a value of its own. Such a point is looked at in addition: *equal* still
    takes ``points`` others, at which all is compared strictly. Where the loss jumps, or more kinks meet
    than can be told apart, the point does not count, and the verdict says so.

    Raises InputError for unusable parameters, data or gradient names; what the functions raise makes
    the verdict undecided.

    >>> def loss(w, x): return np.sum(np.tanh(w * x)) / 3
    >>> def grad(w, x): return (1 - np.tanh(w * x) ** 2) * x * (1 / 3)
    >>> print(verify_pair(loss, grad, np.array([0.5, -1.5]), np.array([2.0, 1.0])))
    equal: certified to 98 digits at 2 points (333-bit balls, seed 0)
      ✓ params  (2,)  98 digits
    """
    return certify(pair_of(loss, grad, params, *data), points=points, seed=seed, bits=bits)


def certify(pair: Subject, *, points: int = 2, seed: int = 0, bits: int = DEFAULT_BITS) -> Verdict:
    """Check a subject as `verify_pair` checks a pair; raises the same.

    >>> certify(pair_of(lambda w: np.sum(w**2), lambda w: 2 * w, np.array([1.0, 2.0]))).digits
    98
    """
    if points < 1:
        raise InputError(f"points must be at least 1, given {points}")
    findings = _Findings(seed, bits)
    try:
        with collector_paused():
            _look(pair, points, findings)
    except CannotRunError as error:
        return _undecided(pair, findings, [str(error)])
    return _conclude(pair, findings)


def _look(pair: Subject, wanted: int, findings: _Findings) -> None:
    rng = np.random.default_rng([findings.seed, 1])
    for drawn, (label, point) in enumerate(points(pair.parameters.arrays, findings.seed)):
        seen = findings.points >= wanted and not findings.unseen
        if seen or findings.different or drawn == wanted + SPARE_POINTS:
            return
        try:
            _look_at(pair, point, label, rng, findings)
        except CannotRunError:
            raise
        except UndecidedError as error:
            findings.skipped.append(f"{label} does not count: {error}")


def _look_at(pair: Subject, point: Point, label: str, rng: np.random.Generator, findings: _Findings) -> None:
    directions = {name: direction(A.size, rng) for name, A in point.items()}
    bits = findings.bits
    for doubling in range(DOUBLINGS + 1):
        probe = Probe(pair, point, bits)
        checks = _checks(probe, directions)
        few = [c for c in checks.values() if c.verdict == "equal" and c.digits < WANTED_DIGITS]
        if not few or doubling == DOUBLINGS:
            break
        bits *= 2
    findings.add(_forgiving(probe, directions, checks, findings), probe, label)


def _checks(probe: Probe, directions: dict[str, Any]) -> dict[str, Check]:
    return {
        name: _agreed(name, [_check(probe, name, gradient[name], v) for gradient in probe.gradients])
        for name, v in directions.items()
    }


def _agreed(name: str, checks: list[Check]) -> Check:
    """One check from those of all the ways in which your gradient may go: what holds for every one of them."""
    if len({check.verdict == "different" for check in checks}) > 1:
        raise UndecidedError(f"whether your gradient of {name} is right depends on a comparison of balls that overlap")
    return min(checks, key=lambda check: (check.verdict == "equal", check.digits))


def _check(probe: Probe, name: str, yours: Any, v: Any) -> Check:
    shape = probe.point[name].shape
    if yours.shape != shape:
        return misshapen(name, yours.shape, shape)
    if not v.size:
        return Check(name, shape, "undecided", note="it has no entries")
    with precision(probe.bits):
        sides = probe.sides(name, v)
        difference = inner(yours, list(map(arb, v.tolist()))) - sides.slope
        if sides.apart or (difference != 0 and sides.tie):
            return check_on_kink(probe, name, yours, v)
        if difference != 0:
            index, value = worst_entry(probe, name, yours, v, difference)
            return differing(name, shape, index, values(yours)[index], value, probe.bits)
        scale = norm(yours)
        if not scale > 0:
            return Check(name, shape, "undecided", note=ALL_ZERO)
        return Check(name, shape, "equal", digits=digits_within(difference, scale, probe.bits))


def _forgiving(
    probe: Probe, directions: dict[str, Any], checks: dict[str, Check], findings: _Findings
) -> dict[str, Check]:
    """Where all that differs in an array may be float constants, see whether it does when these are balls."""
    off = [check.name for check in checks.values() if check.verdict == "different" and check.difference is not None]
    if not off or not probe.inexact_constants:
        return checks
    widened = Probe(probe.pair, probe.point, probe.bits, widen=True)
    again = _checks(widened, {name: directions[name] for name in off})
    excused = {name: _enough(check) for name, check in again.items() if check.verdict != "different"}
    if excused:
        findings.limits |= widened.inexact_constants
    return {**checks, **excused}


def _enough(check: Check) -> Check:
    """Call an array undecided where its constants leave too few digits to speak of agreement."""
    if check.verdict == "equal" and check.digits < FEWEST_DIGITS:
        note = f"the float64 constants in the code leave only {check.digits} digits"
        return replace(check, verdict="undecided", digits=0, note=note)
    return check


def _firmer(before: Check | None, now: Check) -> Check:
    """Of two checks of one array at two points: what both say together."""
    if before is None or before.verdict == "undecided" or now.verdict == "different":
        return now
    if now.verdict == "undecided":
        return before
    return replace(before if before.note else now, digits=min(before.digits, now.digits))


def _conclude(pair: Subject, findings: _Findings) -> Verdict:
    checks = tuple(findings.annotated(findings.checks[n]) for n in pair.parameters.arrays if n in findings.checks)
    notes = (*findings.skipped, *findings.remarks)
    with_balls = f"({findings.bits}-bit balls, seed {findings.seed})"
    wrong = [check for check in checks if check.verdict == "different"]
    if wrong:
        named = ", ".join(check.entry for check in wrong)
        on_kink = ", on a kink" if findings.last in findings.kinked else ""
        evidence = f"the gradient is certainly wrong at {named}, seen at {findings.last}{on_kink} {with_balls}"
        return Verdict("different", 0, evidence, checks, notes)
    unseen = [f"of {check.name}: {check.note}" for check in checks if check.verdict == "undecided"]
    if checks and all(check.note == ALL_ZERO for check in checks):
        unseen.append(FLAT)
    if findings.kinked and not findings.points:
        unseen.append("every point that counts lies on a kink, so nothing was compared strictly")
    if unseen or not findings.points:
        return _undecided(pair, findings, unseen)
    digits = min(check.digits for check in checks)
    count = f"{findings.points} point{'s' if findings.points > 1 else ''}"
    on_kinks = f" and, on a kink, at {', '.join(findings.kinked)}" if findings.kinked else ""
    evidence = f"certified to {digits} digits at {count}{on_kinks} {with_balls}"
    if findings.limits:
        named = ", ".join(map(repr, sorted(findings.limits)[:3]))
        constants = "constants" if len(findings.limits) > 1 else "constant"
        evidence += f", limited by the float64 {constants} {named} in the code"
    return Verdict("equal", digits, evidence, checks, notes)


def _undecided(pair: Subject, findings: _Findings, reasons: list[str]) -> Verdict:
    checks = tuple(findings.checks.get(n, Check(n, A.shape, "undecided")) for n, A in pair.parameters.arrays.items())
    said = (*reasons, *findings.skipped, *findings.remarks)
    return Verdict("undecided", 0, "no certified answer", checks, said)
