"""Verdicts of three values, with their evidence: what a check found, and how a person reads it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal, TypeAlias

from symnn.errors import aligned, near, unknown
from symnn.showing import Shown
from symnn.verification.evidence import Diagnosis, Evidence

# The three values of a verdict.
Outcome: TypeAlias = Literal["equal", "different", "undecided"]

MARKS: dict[str, str] = {"equal": "✓", "different": "✗", "undecided": "?"}
"""The sign in front of an array, by outcome."""

_LEADING = 12
# From how many entries on it is told how many of them are wrong.
_MANY = 100
_DISTINGUISHING = 6
_LARGEST_FACTOR = 1000
_SHOWN_REASONS = 3
_SHOWN_OTHERS = 2


@dataclass(frozen=True)
class Check:
    """What was found about one array.

    ``worst`` is the index of the entry named, with its value as computed, its exact value, and yours
    minus exact; all four are None where no entry differs. At a kink every value between the one-sided
    derivatives is right: ``interval`` holds these for the entry named, the one where they are furthest
    apart, or, if one lies outside, that one; ``exact`` is then the nearer end. ``digits`` is what
    equality is certified to; ``note`` says in words what the numbers cannot. ``off`` is how many entries
    certainly differ, None where they were not counted.

    >>> check = Check("W1", (2, 3), "different", (0, 2), Decimal("0.50"), Decimal("0.25"), Decimal("0.25"))
    >>> print(check)
    ✗ W1  (2, 3)  differs at W1[0, 2]
        yours       0.50
        exact       0.25
        difference  2.5e-1  (relative 1.0e+0)  yours = 2 × exact
    """

    name: str
    shape: tuple[int, ...]
    verdict: Outcome
    worst: tuple[int, ...] | None = None
    yours: Decimal | None = None
    exact: Decimal | None = None
    difference: Decimal | None = None
    digits: int = 0
    note: str = ""
    interval: tuple[Decimal, Decimal] | None = None
    off: int | None = None

    @property
    def size(self) -> int:
        """How many entries the array has."""
        return math.prod(self.shape)

    @property
    def entry(self) -> str:
        """The entry named, as code would write it: ``W1[17, 5]``, or the bare name."""
        return f"{self.name}[{', '.join(map(str, self.worst))}]" if self.worst else self.name

    @property
    def ratio(self) -> Fraction | None:
        """The simple factor between yours and exact, such as 2, -1 or 1/5, to the digits kept; or None."""
        if self.interval or not self.yours or not self.exact or not self.difference:
            return None
        quotient = Fraction(self.yours) / Fraction(self.exact)
        simple = quotient.limit_denominator(_LARGEST_FACTOR)
        near = abs(quotient - simple) < Fraction(1, 10**15)
        return simple if near and simple != 1 and abs(simple) <= _LARGEST_FACTOR else None

    def line(self, width: int = 0, shape_width: int = 0) -> str:
        """Return the check as one line, name and shape padded to the widths given."""
        summary = {
            "equal": f"{self.digits} digits",
            "different": f"differs at {self.entry}" if self.worst is not None else "differs",
            "undecided": "undecided",
        }[self.verdict]
        if self.off is not None and self.size >= _MANY:
            summary += f", {self.off} of {self.size} entries {'is' if self.off == 1 else 'are'} wrong"
        said = f"{summary}: {self.note}" if self.note else summary
        return f"{MARKS[self.verdict]} {self.name:<{width}}  {self.shape!s:<{shape_width}}  {said}"

    def values(self) -> list[tuple[str, str]]:
        """Return the rows ``yours``, ``exact``, ``difference``; none where no entry differs."""
        if self.yours is None or self.exact is None or self.difference is None:
            return []
        yours, exact = apart(self.yours, self.exact)
        if self.interval:
            ends = [exact if end == self.exact else _short(end) for end in self.interval]
            exact = f"between {ends[0]} and {ends[1]}"
        size = f"{self.difference:.1e}"
        if self.exact and not self.interval:
            size += f"  (relative {abs(self.difference / self.exact):.1e})"
        if ratio := self.ratio:
            size += f"  yours = {ratio} × exact"
        return [("yours", yours), ("exact", exact), ("difference", size)]

    def __str__(self) -> str:
        rows = self.values()
        return self.line() + (f"\n{aligned(rows, indent='    ')}" if rows else "")


def apart(yours: Decimal, exact: Decimal) -> tuple[str, str]:
    """Return two numbers in as many digits as show them apart, a long common beginning elided.

    >>> apart(Decimal("0.12345678901234567890123456789"), Decimal("0.12345678901234567890123456700"))
    ('0.1234567890…6789', '0.1234567890…6700')
    >>> apart(Decimal("-2.5"), Decimal("12.25"))
    ('-2.5', '12.25')
    """
    if not yours or not exact or yours.adjusted() != exact.adjusted() or yours.is_signed() != exact.is_signed():
        return _short(yours), _short(exact)
    texts = [_positional(x) for x in (yours, exact)]
    common = next((k for k, (a, b) in enumerate(zip(*texts, strict=False)) if a != b), min(map(len, texts)))
    if common <= _LEADING + _DISTINGUISHING:
        ends = [_tail(text[: common + _DISTINGUISHING], text) for text in texts]
        return ends[0], ends[1]
    head, start = texts[0][:_LEADING], common - 2
    ends = [_tail(text[start : common + _DISTINGUISHING], text) for text in texts]
    return f"{head}…{ends[0]}", f"{head}…{ends[1]}"


def _tail(end: str, text: str) -> str:
    exponent = text[text.index("e") :] if "e" in text else ""
    return end.partition("e")[0] + exponent


def _positional(x: Decimal) -> str:
    return f"{x:f}" if -5 <= x.adjusted() <= 15 else f"{x:e}"


def _short(x: Decimal) -> str:
    text = _positional(x)
    return text if len(text) <= _LEADING + _DISTINGUISHING else f"{x:.{_LEADING}g}"


NO_DIAGNOSIS = Diagnosis()
"""No mistake has been named."""


@dataclass(frozen=True)
class Verdict(Shown):
    """*equal*, *different* or *undecided*, with one sentence of evidence and a check per array.

    ``digits`` is what every array agrees to (0 unless equal); ``reasons`` says why nothing could be
    decided, or what limits the evidence; ``diagnosis`` names the mistake where one rewrite of the
    derivation, or two, give just the gradients under test; ``further`` is the evidence of the levels
    that were asked for beyond this one; ``guards`` are small constants in logarithms and
    denominators, without which alone it is *equal*. A verdict is true only when it is *equal*;
    indexed by the name of an array it gives its check, and raises InputError
    for other names.

    >>> print(Verdict("equal", 80, "certified to 80 digits", (Check("W", (2,), "equal", digits=80),)))
    equal: certified to 80 digits
      ✓ W  (2,)  80 digits
    """

    verdict: Outcome
    digits: int
    evidence: str
    checks: tuple[Check, ...] = ()
    reasons: tuple[str, ...] = ()
    diagnosis: Diagnosis = NO_DIAGNOSIS
    further: tuple[Evidence, ...] = ()
    guards: tuple[float, ...] = ()

    def __bool__(self) -> bool:
        return self.verdict == "equal"

    def __getitem__(self, name: str) -> Check:
        named = {check.name: check for check in self.checks}
        if name not in named:
            raise unknown("array", name, named)
        return named[name]

    def __str__(self) -> str:
        width = max((len(check.name) for check in self.checks), default=0)
        shape_width = max((len(str(check.shape)) for check in self.checks), default=0)
        lines = [f"{self.verdict}: {self.evidence}"]
        lines += [f"  {evidence.level}: {evidence}" for evidence in self.further]
        lines += [f"  the mistake: {self.diagnosis}"] if self.diagnosis else []
        lines += [f"    {self.diagnosis.difference}"] if self.diagnosis.difference else []
        lines += self._mended()
        lines += [f"  {self.diagnosis.suspect}"] if self.diagnosis.suspect else []
        for check in self.checks:
            lines.append(f"  {check.line(width, shape_width)}")
            lines += [aligned(rows, indent="      ") for rows in [check.values()] if rows]
        lead = "because" if self.verdict == "undecided" else "note:"
        lines += [f"  {lead} {reason}" for reason in self.reasons[:_SHOWN_REASONS]]
        more = len(self.reasons) - _SHOWN_REASONS
        lines += [f"  and {more} more of the kind"] if more > 0 else []
        return "\n".join(lines)

    def _mended(self) -> list[str]:
        """The places that are wrong, line by line as they are and as they would be right."""
        lines: list[str] = []
        # Edits of one line are shown as one.
        for one in {(each.file, each.code): each for each in self.diagnosis.mistakes}.values():
            before, after = one.code
            rows = [("you wrote", before), ("right is", after or "(nothing)")]
            rows += [("because", one.because)] if one.because else []
            lines += [f"    {near(one.file)}:{one.line}", aligned(rows, indent="      ")]
        for chosen in self.diagnosis.others[:_SHOWN_OTHERS]:
            lines.append(f"    or {' and '.join(map(str, chosen))}")
        more = len(self.diagnosis.others) - _SHOWN_OTHERS
        return [
            *lines,
            *([f"    or {more} more edit{'s' if more > 1 else ''} that would be right as well"] if more > 0 else []),
        ]
