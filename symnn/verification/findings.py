"""What the points looked at have shown of each array, and the verdict that follows."""

from __future__ import annotations

import linecache
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from symnn.scalars.guards import is_guard
from symnn.scalars.readings import zeros
from symnn.verification.compare import ALL_ZERO
from symnn.verification.directional import Probe
from symnn.verification.subject import Subject
from symnn.verification.surroundings import Situation
from symnn.verification.verdict import Check, Verdict

_TOLD = 3

DOUBLINGS = 3
"""How often the precision may be doubled where too few digits are left."""

FLAT = (
    "the loss is flat at every point looked at: what counts mistakes, or stands behind a step or a sign, has no useful "
    "gradient; check a loss that has a slope, such as hinge or perceptron"
)
"""What is said of a loss that changes with none of its parameters."""


@dataclass
class Findings:
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
    with_given: int = 0
    doubt: str = ""
    compared: set[tuple[str, bool]] = field(default_factory=set)
    held: dict[str, tuple[Probe, int]] = field(default_factory=dict)
    off_kinks: bool = False
    guarded: bool = False
    guards: set[float] = field(default_factory=set)
    most_bits: int = 0

    def __post_init__(self) -> None:
        self.most_bits = self.most_bits or self.bits << DOUBLINGS

    def add(self, checks: dict[str, Check], probe: Probe, situation: Situation) -> None:
        """Take in what one point has shown; what is different with other data than those given is a doubt only."""
        label = situation.label
        self.compared |= probe.compared
        self.guards |= probe.guards
        self.remarks += [one for one in probe.told if one not in self.remarks]
        wrong = [check for check in checks.values() if check.verdict == "different"]
        if situation.kind != "given" and wrong:
            self.doubt = self.doubt or _doubt(situation, wrong[0])
            return
        self.last = label
        if situation.extra and not wrong:
            return
        if situation.kind == "given" and not probe.kinked:
            self.with_given += 1
        if probe.kinked:
            self.kinked.append(label)
        else:
            self.points += 1
        self.bits = max(self.bits, probe.bits)
        if situation.draws and not self.guarded:
            self.remarks += [remark for remark in [probe.remark()] if remark]
        if not situation.draws or (not self.off_kinks and not probe.kinked):
            self.held[label] = probe, situation.draws
            self.off_kinks = self.off_kinks or not probe.kinked
        for name, check in checks.items():
            self.checks[name] = _firmer(self.checks.get(name), check)
            if np.any(self.zero.get(name, True)):
                zero = zeros(probe.gradient[name])
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
    def open(self) -> dict[str, bool]:
        """The comparisons that have gone one way only, by place, with the outcome that was seen."""
        return {place: outcome for place, outcome in sorted(self.compared) if (place, not outcome) not in self.compared}

    @property
    def may_hold_guards(self) -> bool:
        """Whether the code may add a guard at the point given: it does not where it meets no constant so small."""
        given = [probe for probe, draws in self.held.values() if not draws]
        return not given or any(is_guard(x) for probe in given for x in probe.constants)

    @property
    def different(self) -> bool:
        """Whether the gradient is certainly wrong."""
        return any(check.verdict == "different" for check in self.checks.values())


# What may be another than it was given, where a gradient that is right with what was given is wrong.
_OTHERS = {
    "other data": ("with other data of the same kind", "such data"),
    "wide": ("with larger parameters than those given", "such"),
    "beyond": ("with parameters of another sign", "such"),
}


def _doubt(situation: Situation, check: Check) -> str:
    others, such = _OTHERS[situation.kind]
    at = f"it is different at {check.entry}" if check.worst is not None else f"{check.name} is different"
    numbers = "".join(f", {name} {value}" for name, value in check.values()[:2])
    return f"{others} {at}{numbers}: if {such} may come, the gradient is wrong"


def _one_sided(seen: dict[str, bool]) -> list[str]:
    """A note on the lines with comparisons that have gone one way only."""
    lines: dict[str, dict[str, None]] = {}
    for place, outcome in seen.items():
        line, asked = _written(place)
        lines.setdefault(line, {})[f"{asked} was never {str(not outcome).lower()}"] = None
    told = [f"{line}: {', '.join(asked)}" for line, asked in lines.items()]
    more = f"; and {len(told) - _TOLD} more lines" if len(told) > _TOLD else ""
    return [f"at the points looked at, in {'; in '.join(told[:_TOLD])}{more}"] if told else []


def _written(place: str) -> tuple[str, str]:
    """The line of code that a comparison stands in, with its place, and what is asked there."""
    where, _, relation = place.rpartition(": ")
    file, _, rest = where.partition(":")
    number = rest.partition(",")[0]
    line = linecache.getline(file, int(number)).strip() if number.isdigit() else ""
    return f"`{line}` ({where})" if line else where, relation


def _firmer(before: Check | None, now: Check) -> Check:
    """Of two checks of one array at two points: what both say together."""
    if before is None or before.verdict == "undecided" or now.verdict == "different":
        return now
    if now.verdict == "undecided":
        return before
    return replace(before if before.note else now, digits=min(before.digits, now.digits))


def conclude(pair: Subject, findings: Findings) -> Verdict:
    """Return the verdict that follows from what was seen."""
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
    if unseen or findings.points < 1 or not findings.with_given:
        return undecided(pair, findings, unseen)
    if findings.doubt:
        many = f"{findings.with_given} point{'s' if findings.with_given > 1 else ''}"
        unseen.append(f"right with the data given at {many}; {findings.doubt}")
        return undecided(pair, findings, unseen)
    notes = (*notes, *_one_sided(findings.open))
    digits = min(check.digits for check in checks)
    count = f"{findings.points} point{'s' if findings.points > 1 else ''}"
    on_kinks = f" and, on a kink, at {', '.join(findings.kinked)}" if findings.kinked else ""
    against = "" if pair.described is None else " against the derivation"
    said, guards = f"certified{against} to {digits} digits", tuple(sorted(findings.guards)) if findings.guarded else ()
    if guards:
        named = ", ".join(f"{guard:g}" for guard in guards)
        several = len(guards) > 1
        said = f"equal up to the guard{'s' if several else ''} {named}: {said} against the loss without "
        said += "them" if several else "it"
    evidence = f"{said} at {count}{on_kinks} {with_balls}"
    if findings.limits:
        named = ", ".join(map(repr, sorted(findings.limits)[:3]))
        constants = "constants" if len(findings.limits) > 1 else "constant"
        evidence += f", limited by the float64 {constants} {named} in the code"
    if guards:
        notes = (f"the code adds {named} in a logarithm or a denominator, and its gradient is that without it", *notes)
    return Verdict("equal", digits, evidence, checks, notes, guards=guards)


def undecided(pair: Subject, findings: Findings, reasons: list[str]) -> Verdict:
    """Return the verdict that nothing could be decided, with the reasons."""
    checks = tuple(findings.checks.get(n, Check(n, A.shape, "undecided")) for n, A in pair.parameters.arrays.items())
    said = (*reasons, *findings.skipped, *findings.remarks)
    return Verdict("undecided", 0, "no certified answer", checks, said)
