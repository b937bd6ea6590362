"""Findings as SARIF 2.1.0, which code scanners show beside the line that is meant."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote

from symnn.cli.escape import harmless
from symnn.cli.fields import fields_of
from symnn.cli.finding import UNUSABLE, Finding
from symnn.verification.evidence import Mistake

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
"""What the log says it follows."""

DIFFERENT = "gradient-different"
"""The rule of a gradient that is wrong, where the mistake has no name of its own."""

RULES: dict[str, tuple[str, str]] = {
    DIFFERENT: ("error", "The gradient is not that of the loss."),
    "undecided": ("warning", "Whether the gradient is that of the loss could not be decided."),
    UNUSABLE: ("error", "The file does not give a loss, a gradient and an example that can be run."),
    "fault": ("error", "symnn itself failed over the file."),
}
"""The rules that are always the same, with the level and the meaning of each."""

_SOURCE = "%SRCROOT%"
_NOT_IN_A_NAME = re.compile("[^a-z0-9]+")


def to_sarif(findings: Sequence[Finding]) -> str:
    """Return the findings as a SARIF log: one result for each file that is not equal, at the line of its ``grad``.

    The rule is the kind of mistake where one is named. All files looked at are listed among the artifacts; a fault of
    symnn makes the invocation an unsuccessful one.

    >>> log = json.loads(to_sarif([Finding("mine.py", problem="mine.py is no file")]))
    >>> log["runs"][0]["results"][0]["ruleId"], log["version"]
    ('unusable', '2.1.0')
    """
    told = [finding for finding in findings if finding.state != "equal"]
    rules = sorted({_rule(finding) for finding in told})
    run = {
        "tool": {
            "driver": {
                "name": "symnn",
                "semanticVersion": version("symnn"),
                "rules": [_descriptor(rule) for rule in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(findings)],
        "artifacts": [{"location": _location(file)} for file in dict.fromkeys(found.file for found in findings)],
        "results": [_result(finding, rules) for finding in told],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _rule(finding: Finding) -> str:
    if finding.state != "different":
        return "fault" if finding.fault else finding.state
    kind = "" if finding.verdict is None else finding.verdict.diagnosis.kind
    name = _NOT_IN_A_NAME.sub("-", kind.lower()).strip("-")
    return f"mistake-{name}" if name else DIFFERENT


def _descriptor(rule: str) -> dict[str, Any]:
    level, said = RULES.get(rule, ("error", f"The gradient has a mistake of the kind {rule.removeprefix('mistake-')}."))
    return {
        "id": rule,
        "shortDescription": {"text": said},
        "defaultConfiguration": {"level": level},
    }


def _result(finding: Finding, rules: list[str]) -> dict[str, Any]:
    rule = _rule(finding)
    found = fields_of(finding)
    text = finding.problem if finding.verdict is None else str(finding.verdict)
    return {
        "ruleId": rule,
        "ruleIndex": rules.index(rule),
        "level": RULES.get(rule, RULES[DIFFERENT])[0],
        "message": {"text": harmless(text) or finding.state},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": _location(finding.file),
                    "region": {"startLine": max(finding.at, 1)},
                }
            }
        ],
        **_fixes(finding),
        "partialFingerprints": {"symnn/v1": _fingerprint(finding, rule)},
        "properties": {key: found[key] for key in ("verdict", "digits", "checks", "mistake", "further")},
    }


def _fixes(finding: Finding) -> dict[str, Any]:
    """The edits that make the gradient right, and the others that do so, each as a fix."""
    found = None if finding.verdict is None else finding.verdict.diagnosis
    if found is None or not found.mistakes:
        return {}
    return {"fixes": [_fix(edits) for edits in (found.mistakes, *found.others)]}


def _fix(edits: Sequence[Mistake]) -> dict[str, Any]:
    files = dict.fromkeys(one.file for one in edits)
    return {
        "description": {"text": harmless("; and ".join(map(str, edits)))},
        "artifactChanges": [
            {
                "artifactLocation": _location(file),
                "replacements": [_replacement(one) for one in edits if one.file == file],
            }
            for file in files
        ],
    }


def _replacement(one: Mistake) -> dict[str, Any]:
    keys = ("startLine", "startColumn", "endLine", "endColumn")
    region = dict(zip(keys, one.region, strict=True))
    return {"deletedRegion": region, "insertedContent": {"text": one.change.text}}


def _fingerprint(finding: Finding, rule: str) -> str:
    """The same for the same mistake in the same file, wherever its line has moved and whatever the numbers are."""
    verdict = finding.verdict
    arrays = [] if verdict is None else [check.name for check in verdict.checks if check.verdict == "different"]
    parts = json.dumps([PurePath(finding.file).as_posix(), rule, arrays])
    return hashlib.sha256(parts.encode("ascii")).hexdigest()[:32]


def _location(file: str) -> dict[str, str]:
    path = PurePath(file)
    name = quote(path.as_posix(), safe="/", errors="backslashreplace")
    if not path.is_absolute():
        return {"uri": name, "uriBaseId": _SOURCE}
    below = _below(path)
    return {"uri": f"file://{name if name.startswith('/') else f'/{name}'}"} if below is None else below


def _below(path: PurePath) -> dict[str, str] | None:
    """The location of an absolute path below the working directory, relative to it, as scanners want it."""
    here = Path.cwd()
    if not path.is_relative_to(here):
        return None
    name = path.relative_to(here).as_posix()
    return {"uri": quote(name, safe="/", errors="backslashreplace"), "uriBaseId": _SOURCE}


def _invocation(findings: Sequence[Finding]) -> dict[str, Any]:
    faults = [finding for finding in findings if finding.fault]
    notes = [{"level": "error", "message": {"text": harmless(finding.problem)}} for finding in faults]
    return {"executionSuccessful": not faults, **({"toolExecutionNotifications": notes} if notes else {})}
