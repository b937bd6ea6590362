"""A finding as plain values under fixed keys: what JSON prints and SARIF keeps among its properties."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from symnn.cli.finding import Finding
from symnn.verification import Check
from symnn.verification.evidence import Diagnosis, Evidence, Mistake
from symnn.verification.verdict import Verdict

_NOTHING = Verdict("undecided", 0, "")


def fields_of(finding: Finding) -> dict[str, Any]:
    """Return a finding under keys that are always the same and in the same order; numbers are decimal strings.

    ``verdict`` is None for a file that cannot be used, and ``error`` says why; ``mistake`` is None unless one is named.
    """
    # A verdict is true only when it is equal.
    verdict = _NOTHING if finding.verdict is None else finding.verdict
    return {
        "file": finding.file,
        "verdict": None if finding.verdict is None else verdict.verdict,
        "digits": verdict.digits,
        "evidence": verdict.evidence,
        "diagnosis": str(verdict.diagnosis),
        "reasons": list(verdict.reasons),
        "checks": [_check(check) for check in verdict.checks],
        "error": finding.problem,
        "line": finding.at,
        "mistake": _mistake(verdict.diagnosis) if verdict.diagnosis else None,
        "suspect": None if verdict.diagnosis.suspect is None else verdict.diagnosis.suspect._asdict(),
        "further": [_evidence(evidence) for evidence in verdict.further],
    }


def _check(check: Check) -> dict[str, Any]:
    return {
        "name": check.name,
        "shape": list(check.shape),
        "verdict": check.verdict,
        "worst": None if check.worst is None else list(check.worst),
        "entry": None if check.worst is None else check.entry,
        "yours": _decimal(check.yours),
        "exact": _decimal(check.exact),
        "difference": _decimal(check.difference),
        "digits": check.digits,
        "note": check.note,
        "interval": None if check.interval is None else list(map(_decimal, check.interval)),
    }


def _mistake(found: Diagnosis) -> dict[str, Any]:
    return {
        "kind": found.kind,
        "known": [{"id": one.id, "arguments": dict(one.arguments)} for one in found.known],
        "layer": found.layer,
        "arrays": list(found.arrays),
        "difference": found.difference,
        "is_cause": found.is_cause,
        "edits": list(map(_edit, found.mistakes)),
        "others": [list(map(_edit, chosen)) for chosen in found.others],
        "repair": found.repair,
    }


def _edit(one: Mistake) -> dict[str, Any]:
    return {
        "id": one.id,
        "meaning": one.meaning,
        "file": one.file,
        "line": one.line,
        "region": list(one.region),
        "before": one.edit[0],
        "after": one.edit[1],
        "replacement": one.change.text,
        "because": one.because,
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "level": evidence.level,
        "verdict": evidence.verdict,
        "said": evidence.said,
        "region": list(evidence.region),
    }


def _decimal(number: Decimal | None) -> str | None:
    return None if number is None else str(number)
