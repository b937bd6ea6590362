"""Levels of evidence beyond *certified*: asked for by name, gathered, and brought together with the verdict.

A level that was asked for must be reached: code that is certified right but could not be proved is *undecided* when a
proof was asked for. With ``"all"`` every level says what it can, and none has to. What a level finds certainly
different turns the verdict; numbers in float64 that disagree leave it undecided, unless rounding explains them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Literal, TypeAlias

from symnn.errors import unknown
from symnn.verification.evidence import LEVELS, Evidence, Level
from symnn.verification.identical import identical
from symnn.verification.numerical import numerical, rounds_off
from symnn.verification.proved import prove
from symnn.verification.subject import Subject
from symnn.verification.verdict import Verdict

# What `verify` may be asked for.
Asked: TypeAlias = Level | Literal["all"]

ASKED: tuple[Asked, ...] = (*LEVELS, "all")
"""The levels by name, and all of them."""

# How the evidence of each level is found; balls give that of *certified*, which every verdict starts from.
_GATHERED: Mapping[Level, Callable[[Subject, int], Evidence]] = MappingProxyType(
    {
        "numerical": lambda pair, seed: numerical(pair, pair.parameters.arrays),
        "identical": lambda pair, seed: identical(pair, pair.parameters.arrays, seed),
        "proved": lambda pair, seed: prove(pair, pair.parameters.arrays),
    }
)


def checked_level(level: str) -> Asked:
    """Return a level by name; raise `InputError` for one that is none.

    >>> checked_level("proved")
    'proved'
    """
    for known in ASKED:
        if known == level:
            return known
    raise unknown("level of evidence", level, ASKED)


def numerically(pair: Subject) -> Verdict:
    """Return the verdict of float64 alone, which proves nothing and says so."""
    evidence = numerical(pair, pair.parameters.arrays)
    reasons = (evidence.said,) if evidence.verdict == "undecided" else ()
    said = "no answer from float64" if reasons else f"by numbers in float64 only: {evidence.said}"
    return Verdict(evidence.verdict, 0, said, (), reasons)


def with_further(verdict: Verdict, pair: Subject, level: Asked, seed: int) -> Verdict:
    """Return a certified verdict with the evidence of the level asked for beside it, or of all levels."""
    wanted = tuple(_GATHERED) if level == "all" else tuple(one for one in _GATHERED if one == level)
    found = tuple(_GATHERED[one](pair, seed) for one in wanted)
    if verdict.guards:
        found = tuple(_guarded(one, verdict) for one in found)
    verdict = replace(verdict, further=(*verdict.further, *found))
    if verdict.verdict != "equal":
        return verdict
    refuted = [one for one in found if one.verdict == "different" and one.level != "numerical"]
    if refuted:
        said = f"{refuted[0].said}; at the points looked at it is right, {verdict.evidence}"
        return replace(verdict, verdict="different", digits=0, evidence=said)
    against = [one for one in found if one.verdict == "different"]
    if against and not rounds_off(pair, pair.parameters.arrays):
        reasons = (f"the levels disagree: {against[0].said}", f"it is {verdict.evidence}", *verdict.reasons)
        return replace(verdict, verdict="undecided", digits=0, evidence="no certified answer", reasons=reasons)
    missing = [one for one in found if one.verdict == "undecided" and level != "all"]
    if missing:
        # The evidence stands among the reasons; saying it twice would help nobody.
        reasons = (f"it is not {level}: {missing[0].said}", f"it is {verdict.evidence}", *verdict.reasons)
        kept = tuple(one for one in verdict.further if one not in missing)
        return replace(
            verdict, verdict="undecided", digits=0, evidence="no such evidence", reasons=reasons, further=kept
        )
    return verdict


def _guarded(one: Evidence, verdict: Verdict) -> Evidence:
    """The evidence of a level that knows of no guards, beside a verdict that leaves them out."""
    if one.verdict != "different":
        return one
    named = ", ".join(f"{guard:g}" for guard in verdict.guards)
    return replace(one, verdict="undecided", said=f"undecided: with the guard {named} {one.said}")
