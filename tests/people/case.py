"""What a case of other people's code holds: a call as a person makes it, and the truth that it must give.

Truths: ``equal``; ``equal up to the guard`` (an epsilon of one pass that the other leaves out, with its size);
``different`` (with a witness: an entry or a shape, for "I found no gradient" is none); ``undecided`` (with a reason);
``not equal`` (a verdict that is anything but equal); ``refused`` (that, or an error that says why); ``not different``
(equal, or undecided with a reason); ``limited`` (not equal, or equal with the note that tells what was not seen);
``asks`` (an error or *undecided* whose words tell what to give).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from symnn.errors import SymnnError
from symnn.verification import Verdict

GUARD = re.compile(r"up to the guard\D*[\d.]+e-\d+|up to the guard.* 10⁻|up to the guard.*0\.0+1", re.S)
RIGHT = ("equal", "equal up to the guard")
SEEN = ("different", "not equal", "refused", "limited")
TRUTHS = (*RIGHT, *SEEN, "undecided", "not different", "asks")


@dataclass(frozen=True)
class Case:
    """One call: ``call(seed)`` is what a person writes, ``note`` a pattern that the printed verdict must hold.

    ``arrays`` is how many arrays must have been looked at, where some are easily passed over.
    """

    name: str
    call: Callable[[int], Verdict]
    truth: str
    note: str = ""
    arrays: int = 0


def right(name: str, call: Callable[[int], Verdict], note: str = "", arrays: int = 0) -> Case:
    return Case(name, call, "equal", note, arrays)


def wrong(name: str, call: Callable[[int], Verdict], note: str = "") -> Case:
    return Case(name, call, "different", note)


def numbers(*shape: int, seed: int = 0) -> Any:
    """Normal numbers of a shape, the same in every run."""
    return np.random.default_rng([seed, *shape]).normal(size=shape)


def one_hot(labels: Any, classes: int) -> Any:
    """A row for each label, as floats."""
    return np.eye(classes)[np.asarray(labels)]


def outcome(case: Case, seed: int) -> tuple[str, str]:
    """What the call gives, in a word (``error`` where it refuses, ``crash`` where it breaks), and what it prints."""
    try:
        verdict = case.call(seed)
    except SymnnError as error:
        return "error", str(error)
    except Exception as error:  # a crash is a finding, and is told as one
        return "crash", f"{type(error).__name__}: {error}"
    return verdict.verdict, str(verdict)


def complaint(case: Case, seed: int) -> str:
    """What is not as it should be; empty where the truth is told."""
    try:
        verdict = case.call(seed)
    except SymnnError as error:
        allowed = case.truth in ("refused", "asks")
        return _unless(allowed, f"refused: {error}") or _noted(case, str(error))
    said = str(verdict)
    guarded = bool(GUARD.search(said))
    fine = {
        "equal": verdict.verdict == "equal" and "up to the guard" not in said,
        "equal up to the guard": verdict.verdict == "equal" and guarded,
        "different": verdict.verdict == "different",
        "undecided": verdict.verdict == "undecided",
        "not equal": verdict.verdict != "equal",
        "refused": verdict.verdict != "equal",
        "not different": verdict.verdict != "different",
        "limited": verdict.verdict != "equal" or re.search(case.note, said) is not None,
        "asks": verdict.verdict == "undecided",
    }[case.truth]
    told = f"{case.truth} is the truth, told was\n{said}"
    looked = f"{case.arrays} arrays are to be looked at, these were\n{said}"
    enough = _unless(len(verdict.checks) >= case.arrays, looked)
    return _unless(fine, told) or enough or _shown(verdict) or _noted(case, said)


def _shown(verdict: Verdict) -> str:
    """A verdict that is not *equal* shows why: a reason, or a witness that a person can check."""
    if verdict.verdict == "undecided":
        return _unless(bool(verdict.reasons), f"undecided without a reason: {verdict}")
    if verdict.verdict == "different":
        differing = [check for check in verdict.checks if check.verdict == "different"]
        witness = any(check.worst is not None or "shape" in check.note for check in differing)
        witness = witness or re.search(r" at [\w.]+\[", verdict.evidence) is not None
        beside = not differing and bool(str(verdict.diagnosis) or verdict.further)
        return _unless(witness or beside, f"different without a witness: {verdict}")
    return ""


def _noted(case: Case, said: str) -> str:
    if case.truth == "limited":
        return ""
    return _unless(re.search(case.note, said, re.S) is not None, f"{case.note!r} is not said in\n{said}")


def _unless(fine: bool, said: str) -> str:
    return "" if fine else said
