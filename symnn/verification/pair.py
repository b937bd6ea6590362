"""Checking any ``loss``/``grad`` pair against exact derivatives of the loss, with no network description."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np
from flint import arb

from symnn.errors import InputError, UndecidedError
from symnn.scalars import DEFAULT_BITS, collector_paused, inner, precision, values
from symnn.scalars.readings import numbers_at
from symnn.verification.as_given import finite_elsewhere, with_given
from symnn.verification.calling import CannotRunError, NotFiniteError, drawing, many_calls
from symnn.verification.compare import ALL_ZERO, LOST, differing, digits_within, misshapen
from symnn.verification.directional import Probe
from symnn.verification.distance import distance, norm
from symnn.verification.findings import Findings, conclude, undecided
from symnn.verification.kinks import check_on_kink
from symnn.verification.limited import ROUNDINGS, Limited, may_be_rounding, up_to_rounding, within_constants
from symnn.verification.points import direction
from symnn.verification.screening import suspects
from symnn.verification.subject import Subject
from symnn.verification.surroundings import Situation, Surroundings
from symnn.verification.verdict import Check, Verdict
from symnn.verification.worst import worst_entry

WANTED_DIGITS = 80
"""An equal verdict with fewer digits is tried again at twice the precision, up to eight times that asked for."""

SCREENED = 18
"""How many further points are looked at in float64, for few parameters; for many, fewer."""

SUSPECTS = 3
"""How many of these are looked at in balls, should float64 speak against the gradient there."""

CONFIRMING = 3
"""How many points with the data given are looked at where the gradient was wrong with others."""

TURNED = 4
"""How many further points are looked at for comparisons that have only gone one way, for few parameters."""

SPARE_POINTS = 6
"""How many points beyond those asked for are drawn before giving up on kinks, zeros and undecided comparisons."""


def certify(pair: Subject, *, points: int = 2, seed: int = 0, bits: int = DEFAULT_BITS) -> Verdict:
    """Check a hand-written gradient against exact derivatives of the loss it belongs to.

    At the point given and ``points - 1`` random ones, the derivatives of the loss by all entries are computed with
    rigorous radii and compared with the gradient. Agreement is counted in decimal digits of the Euclidean norm of the
    array's gradient. What cannot be swept backwards is compared along a random direction in each array. A zero gradient
    does not count: more points are drawn to meet another.

    On a kink (ReLU at 0, a tie of maxima) an entry is right if it lies between the one-sided derivatives;
    the check names the entry where these are furthest apart, with its ``interval``. Where several kinks
    meet, each may have a value of its own. Such a point is looked at in addition: *equal* still
    takes ``points`` others, at which all is compared strictly. Where the loss jumps, or more kinks meet
    than can be told apart, the point does not count, and the verdict says so.

    Raises InputError for unusable parameters, data or gradient names; what the functions raise makes
    the verdict undecided.

    >>> from symnn.verification.subject import pair_of
    >>> def loss(w, x): return np.sum(np.tanh(w * x)) / 3
    >>> def grad(w, x): return (1 - np.tanh(w * x) ** 2) * x * (1 / 3)
    >>> print(certify(pair_of(loss, grad, np.array([0.5, -1.5]), np.array([2.0, 1.0]))))
    equal: certified to 98 digits at 2 points (333-bit balls, seed 0)
      ✓ params  (2,)  98 digits
    """
    if points < 1:
        raise InputError(f"points must be at least 1, given {points}")
    # Until what was found is gone: the collector would walk all of it once more.
    with collector_paused():
        return _certified(pair, points, seed, bits)


def _certified(pair: Subject, points: int, seed: int, bits: int) -> Verdict:
    findings = Findings(seed, bits)
    try:
        with many_calls():
            _look(pair, points, findings)
    except CannotRunError as error:
        return undecided(pair, findings, [str(error)])
    verdict = conclude(pair, findings)
    if verdict.verdict != "different" and "the point given" not in findings.held:
        verdict = finite_elsewhere(verdict, pair)
    if verdict.verdict == "different" and findings.may_hold_guards:
        verdict = _up_to_guards(pair, points, verdict, Findings(seed, bits, guarded=True))
    return with_given(verdict, pair, findings.held) if verdict.verdict == "equal" else verdict


def _up_to_guards(pair: Subject, wanted: int, verdict: Verdict, findings: Findings) -> Verdict:
    """Return the verdict without the guards in logarithms and denominators if that is *equal*, else the one at hand."""
    probe = Probe(pair, dict(pair.parameters.arrays), findings.bits, guarded=True)
    try:
        with many_calls():
            _ = probe.gradients
            if not probe.guards:
                return verdict
            _look(pair, wanted, findings)
    except (UndecidedError, InputError):
        return verdict
    found = conclude(pair, findings)
    return found if found.verdict == "equal" else verdict


def _look(pair: Subject, wanted: int, findings: Findings) -> None:
    rng = np.random.default_rng([findings.seed, 1])
    around = Surroundings(pair, findings.seed)
    for drawn, situation in enumerate(around.first()):
        seen = findings.points >= wanted and findings.with_given and not findings.unseen
        if seen or findings.different or drawn == wanted + SPARE_POINTS:
            break
        _try(situation, rng, findings)
    if findings.different:
        return
    _look_farther(around, rng, findings)


def _look_farther(around: Surroundings, rng: np.random.Generator, findings: Findings) -> None:
    """Look where float64 speaks against the gradient, and where comparisons may go the other way than so far."""
    size = sum(A.size for A in around.subject.parameters.arrays.values())
    further = around.further()
    for situation in islice(further, 2 * SPARE_POINTS):
        if not findings.unseen:
            break
        _try(replace(situation, extra=False), rng, findings)
    if findings.different:
        return
    for situation in islice(suspects(islice(further, _share(SCREENED, size))), SUSPECTS):
        if situation.kind == "given" or not findings.doubt:
            _try(situation, rng, findings)
        if findings.different:
            return
    if findings.doubt:
        # Does it show with the data given too?
        for situation in islice((one for one in further if one.kind == "given"), CONFIRMING):
            _try(situation, rng, findings)
            if findings.different:
                return
    for situation in islice(further, _share(TURNED, size)):
        if not findings.open:
            return
        if _turns(situation, findings):
            _try(situation, rng, findings)
        if findings.different:
            return


def _share(most: int, size: int) -> int:
    """Of so many situations as are looked at for few parameters, those that are for many."""
    return most // (1 if size <= 2_000 else 4 if size <= 50_000 else 12)


def _turns(situation: Situation, findings: Findings) -> bool:
    """Whether some comparison comes out there as it did nowhere before."""
    probe = Probe(situation.subject, situation.point, findings.bits, guarded=findings.guarded)
    try:
        with drawing(situation.draws):
            _ = probe.gradients
    except (UndecidedError, InputError):
        return False
    return any((place, not outcome) in probe.compared for place, outcome in findings.open.items())


def _try(situation: Situation, rng: np.random.Generator, findings: Findings) -> None:
    """Look at a situation; where it does not count, say so, but for one that was made up for its data."""
    try:
        with drawing(situation.draws):
            _look_at(situation, rng, findings)
    except UndecidedError as error:
        if situation.kind == "given" and not situation.extra:
            if isinstance(error, CannotRunError) and not findings.points:
                raise
            findings.skipped.append(f"{situation.label} does not count: {error}")
    except InputError:
        if situation.kind == "given":
            raise


def _look_at(situation: Situation, rng: np.random.Generator, findings: Findings) -> None:
    point = situation.point
    directions = {name: direction(A.size, rng) for name, A in point.items()}
    bits = findings.bits
    while True:
        probe = Probe(situation.subject, point, bits, guarded=findings.guarded)
        last = 2 * bits > findings.most_bits
        try:
            checks = _checks(probe, directions)
        except NotFiniteError:
            if last:
                raise
        else:
            few = any(c.verdict == "equal" and c.digits < WANTED_DIGITS for c in checks.values())
            if last or not (few or any(c.note == LOST for c in checks.values())):
                break
        bits *= 2
    checks = _forgiving(probe, directions, checks, findings)
    if situation.draws and probe.clipped and any(check.verdict == "different" for check in checks.values()):
        # A guard is there so that nothing breaks where the numbers are never meant to be.
        named = ", ".join(f"{one:g}" for one in sorted(probe.clipped))
        raise UndecidedError(f"there the guard {named} of the code takes the place of a number")
    findings.add(checks, probe, situation)
    probe.release()


def _checks(probe: Probe, directions: dict[str, Any]) -> dict[str, Check]:
    ways = range(len(probe.gradients))
    return {name: _agreed(name, [_check(probe, name, way, v) for way in ways]) for name, v in directions.items()}


def _agreed(name: str, checks: list[Check]) -> Check:
    """One check from those of all the ways in which your gradient may go: what holds for every one of them."""
    if len({check.verdict == "different" for check in checks}) > 1:
        raise UndecidedError(f"whether your gradient of {name} is right depends on a comparison of balls that overlap")
    return min(checks, key=lambda check: (check.verdict == "equal", check.digits))


def _check(probe: Probe, name: str, way: int, v: Any) -> Check:
    yours, shape = probe.gradients[way][name], probe.point[name].shape
    if yours.shape != shape:
        return misshapen(name, yours.shape, shape)
    if not v.size:
        return Check(name, shape, "undecided", note="it has no entries")
    with precision(probe.bits):
        if probe.exact is not None:
            difference, scale, apart = distance(yours, probe.exact[name])
            probe.apart[name, way] = apart
            is_off = bool(apart)
        else:
            apart = []
            sides = probe.sides(name, v)
            difference, scale = inner(yours, v) - sides.slope, norm(yours)
            is_off = bool(difference != 0)
            if sides.apart or (is_off and sides.tie):
                return check_on_kink(probe, name, yours, v)
        if is_off:
            worst = worst_entry(probe, name, yours, v, difference, apart)
            (mine,) = numbers_at(yours, [worst.at])
            check = differing(name, shape, worst.at, mine, worst.exact, probe.bits)
            return replace(check, off=worst.off)
        if not scale > 0:
            known = all(x.abs_upper() < arb(2) ** -(probe.bits // 2) for x in values(yours))
            return Check(name, shape, "undecided", note=ALL_ZERO if known else LOST)
        return Check(name, shape, "equal", digits=digits_within(difference, scale, probe.bits))


def _forgiving(
    probe: Probe, directions: dict[str, Any], checks: dict[str, Check], findings: Findings
) -> dict[str, Check]:
    """Where all that differs in an array may be float constants, see whether it does when these are balls."""
    found = {check.name: check for check in checks.values() if check.verdict == "different" and check.difference}
    if not probe.inexact_constants:
        return checks
    for slack in ROUNDINGS:
        left = [check for check in found.values() if check.verdict == "different"]
        if slack != ROUNDINGS[0]:
            left = [check for check in left if may_be_rounding(check, probe)]
        if left:
            loose = probe.widened(slack)
            found |= {one.name: _within_constants(one.name, probe, loose, directions[one.name]) for one in left}
    if any(check.verdict != "different" for check in found.values()):
        findings.limits |= probe.inexact_constants
    return {**checks, **{name: up_to_rounding(check, probe) for name, check in found.items()}}


def _within_constants(name: str, probe: Probe, loose: Probe, v: Any) -> Check:
    if len(loose.gradients) != len(probe.gradients):
        raise UndecidedError("which way your gradient goes is a matter of the last places of a float64 constant")
    checks = []
    for way, (a, b) in enumerate(zip(probe.gradients, loose.gradients, strict=True)):
        limited = Limited(name, probe, loose, a[name], b[name])
        with precision(loose.bits):
            # Constants that may be others explain no more entries than differ with the constants as they stand.
            apart = probe.apart.get((name, way), [])
            known = limited.among(apart) if apart and loose.exact is not None else None
        checks.append(known or within_constants(limited, _check(loose, name, way, v)))
    return _agreed(name, checks)
