"""What ``symnn verify`` found, for machines: JSON, JUnit XML, and the workflow commands of GitHub."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any
from xml.etree import ElementTree

from symnn.verify import Check, Verdict

UNUSABLE = "unusable"
"""The state of a file that cannot be checked."""


class Format(StrEnum):
    """How the findings are printed."""

    TEXT = "text"
    JSON = "json"
    JUNIT = "junit"
    GITHUB = "github"


@dataclass(frozen=True)
class Finding:
    """What came of one file: its verdict, or the reason why the file cannot be used.

    >>> Finding("mine.py", problem="mine.py is no file").state
    'unusable'
    """

    file: str
    verdict: Verdict | None = None
    problem: str = ""

    @property
    def state(self) -> str:
        """The outcome of the verdict, or ``unusable``."""
        return UNUSABLE if self.verdict is None else self.verdict.verdict

    @property
    def summary(self) -> str:
        """The finding in a line: the digits, the worst entries, or the first reason."""
        verdict = self.verdict
        if verdict is None:
            return _first_line(self.problem)
        differing = ", ".join(check.entry for check in verdict.checks if check.verdict == "different")
        return {
            "equal": f"{verdict.digits} digits",
            "different": f"differs at {differing}" if differing else verdict.evidence,
            "undecided": _first_line(verdict.reasons[0]) if verdict.reasons else verdict.evidence,
        }[verdict.verdict]


def _first_line(text: str) -> str:
    return text.partition("\n")[0]


# JSON


def to_json(findings: Sequence[Finding]) -> str:
    """Return the findings as a JSON list, the keys always the same and in the same order.

    ``verdict`` is null for a file that cannot be used, and ``error`` says why; numbers are decimal strings.

    >>> print(to_json([Finding("mine.py", problem="mine.py is no file")]))
    [
      {
        "file": "mine.py",
        "verdict": null,
        "digits": 0,
        "evidence": "",
        "diagnosis": "",
        "reasons": [],
        "checks": [],
        "error": "mine.py is no file"
      }
    ]
    """
    return json.dumps([_finding(finding) for finding in findings], indent=2)


def _finding(finding: Finding) -> dict[str, Any]:
    verdict = finding.verdict
    return {
        "file": finding.file,
        "verdict": None if verdict is None else verdict.verdict,
        "digits": 0 if verdict is None else verdict.digits,
        "evidence": "" if verdict is None else verdict.evidence,
        "diagnosis": "" if verdict is None else str(verdict.diagnosis),
        "reasons": [] if verdict is None else list(verdict.reasons),
        "checks": [] if verdict is None else [_check(check) for check in verdict.checks],
        "error": finding.problem,
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
    }


def _decimal(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


# JUnit

# A state, and the element that tells it; nothing undecided may look as if it had passed or been left out.
_TAGS = {"different": "failure", "undecided": "error", UNUSABLE: "error"}

# What XML 1.0 cannot hold, and the carriage return, which a parser would turn into a new line.
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_junit(findings: Sequence[Finding]) -> str:
    """Return the findings as JUnit XML: a suite for each file, a case for each array.

    Different is a failure; undecided, and a file that cannot be used, is an error. The text is ASCII, so that it
    survives every encoding of a pipe; what XML cannot hold stands there as its code, such as ``\\x1b``.

    >>> 'errors="1"' in to_junit([Finding("mine.py", problem="mine.py is no file")])
    True
    """
    suites = ElementTree.Element("testsuites", name="symnn")
    for finding in findings:
        suite = ElementTree.SubElement(suites, "testsuite", name=_xml(finding.file))
        for name, state, message, text in _cases(finding):
            case = ElementTree.SubElement(suite, "testcase", classname=_xml(finding.file), name=_xml(name))
            if tag := _TAGS.get(state):
                ElementTree.SubElement(case, tag, message=_xml(message), type=state).text = _xml(text)
        _count(suite)
    _count(suites)
    ElementTree.indent(suites)
    written: bytes = ElementTree.tostring(suites, encoding="us-ascii", xml_declaration=True)
    return written.decode("ascii")


def _cases(finding: Finding) -> list[tuple[str, str, str, str]]:
    """Return the name, state, message and text of each case; the last is the verdict where no array tells it."""
    verdict = finding.verdict
    if verdict is None:
        return [("file", UNUSABLE, finding.summary, finding.problem)]
    cases: list[tuple[str, str, str, str]] = [
        (check.name, check.verdict, _message(check, verdict), str(verdict)) for check in verdict.checks
    ]
    if not any(state == verdict.verdict for _, state, *_ in cases):
        cases.append(("verdict", verdict.verdict, finding.summary, str(verdict)))
    return cases


def _message(check: Check, verdict: Verdict) -> str:
    """Return what is wrong with one array in a line, without its mark."""
    said = [check.note] if check.note else [*verdict.reasons[:1]] if check.verdict == "undecided" else []
    what = f"differs at {check.entry}" if check.verdict == "different" else check.verdict
    return ": ".join([what, *map(_first_line, said)])


def _count(element: ElementTree.Element) -> None:
    for key, tag in {"tests": "testcase", "failures": "failure", "errors": "error", "skipped": "skipped"}.items():
        element.set(key, str(sum(1 for _ in element.iter(tag))))


def _xml(text: str) -> str:
    return _NOT_XML.sub(_code, text)


def _code(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode("ascii")


# GitHub

_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f]")
_PROPERTY = {**_DATA, **str.maketrans({":": "%3A", ",": "%2C"})}


def to_github(findings: Sequence[Finding]) -> str:
    """Return a workflow command for each file that is not equal, and a plain line for each that is.

    >>> print(to_github([Finding("a,b.py", problem="100% wrong")]))
    ::error file=a%2Cb.py,title=symnn%3A unusable::100%25 wrong
    """
    return "\n".join(map(_command, findings))


def _command(finding: Finding) -> str:
    verdict = finding.verdict
    if verdict:
        return f"equal: {_escaped(finding.file, _DATA)}: {_escaped(verdict.evidence, _DATA)}"
    text = finding.problem if verdict is None else str(verdict)
    place = f"file={_escaped(finding.file, _PROPERTY)},title={_escaped(f'symnn: {finding.state}', _PROPERTY)}"
    return f"::error {place}::{_escaped(text, _DATA)}"


def _escaped(text: str, table: dict[int, str]) -> str:
    # The runner also takes the older form of a command, wherever it stands in a line.
    return _CONTROL.sub(_code, text).replace("##[", "## [").translate(table)


WRITERS: dict[Format, Callable[[Sequence[Finding]], str]] = {
    Format.JSON: to_json,
    Format.JUNIT: to_junit,
    Format.GITHUB: to_github,
}
"""What writes the findings, for every format but text."""
