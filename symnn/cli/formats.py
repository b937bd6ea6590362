"""What ``symnn verify`` found, for machines: JSON, JUnit XML, SARIF, and the workflow commands of GitHub."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any
from xml.etree import ElementTree

from symnn.cli.escape import harmless, in_xml
from symnn.cli.fields import fields_of
from symnn.cli.finding import UNUSABLE, Finding, first_line
from symnn.cli.sarif import to_sarif
from symnn.verification import Check, Verdict


class Format(StrEnum):
    """How the findings are printed."""

    TEXT = "text"
    JSON = "json"
    JUNIT = "junit"
    SARIF = "sarif"
    GITHUB = "github"


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
        "error": "mine.py is no file",
        "line": 0,
        "mistake": null,
        "suspect": null,
        "further": []
      }
    ]
    """
    return json.dumps([fields_of(finding) for finding in findings], indent=2)


# JUnit

# A state, and the element that tells it; nothing undecided may look as if it had passed or been left out.
_TAGS = {"different": "failure", "undecided": "error", UNUSABLE: "error"}


def to_junit(findings: Sequence[Finding]) -> str:
    """Return the findings as JUnit XML: a suite for each file, a case for each array.

    Different is a failure; undecided, and a file that cannot be used, is an error. The text is ASCII, so that it
    survives every encoding of a pipe; what XML cannot hold stands there as its code, such as ``\\x1b``.

    >>> 'errors="1"' in to_junit([Finding("mine.py", problem="mine.py is no file")])
    True
    """
    suites = ElementTree.Element("testsuites", name="symnn")
    for finding in findings:
        suite = ElementTree.SubElement(suites, "testsuite", name=in_xml(finding.file))
        _properties(suite, finding)
        for name, state, message, text in _cases(finding):
            case = ElementTree.SubElement(suite, "testcase", classname=in_xml(finding.file), name=in_xml(name))
            if tag := _TAGS.get(state):
                ElementTree.SubElement(case, tag, message=in_xml(message), type=state).text = in_xml(text)
        _count(suite)
    _count(suites)
    ElementTree.indent(suites)
    written: bytes = ElementTree.tostring(suites, encoding="us-ascii", xml_declaration=True)
    return written.decode("ascii")


def _properties(suite: ElementTree.Element, finding: Finding) -> None:
    """Add the mistake, part by part, and the evidence of each further level, where there are any."""
    found = fields_of(finding)
    mistake = {name: part for name, part in (found["mistake"] or {}).items() if part}
    rows = [(f"mistake.{name}", part) for name, part in mistake.items() if name not in ("known", "others", "repair")]
    rows += [(f"evidence.{level['level']}", f"{level['verdict']}: {level['said']}") for level in found["further"]]
    rows += [
        (f"region.{level['level']}", " and ".join(level["region"])) for level in found["further"] if level["region"]
    ]
    if rows:
        properties = ElementTree.SubElement(suite, "properties")
        for name, part in rows:
            value = ", ".join(map(_named, part)) if isinstance(part, list) else str(part)
            ElementTree.SubElement(properties, "property", name=name, value=in_xml(value))


def _named(part: Any) -> str:
    """A part of a list by its name: that of an array, or where an edit is and what it is."""
    if not isinstance(part, dict):
        return str(part)
    return f"line {part['line']}: `{part['before']}` is to be `{part['after']}`"


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
    return ": ".join([what, *map(first_line, said)])


def _count(element: ElementTree.Element) -> None:
    for key, tag in {"tests": "testcase", "failures": "failure", "errors": "error", "skipped": "skipped"}.items():
        element.set(key, str(sum(1 for _ in element.iter(tag))))


# GitHub

_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
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
    line = f"line={finding.at}," if finding.at else ""
    place = f"file={_escaped(finding.file, _PROPERTY)},{line}title={_escaped(f'symnn: {finding.state}', _PROPERTY)}"
    return f"::error {place}::{_escaped(text, _DATA)}"


def _escaped(text: str, table: dict[int, str]) -> str:
    return harmless(text).translate(table)


WRITERS: dict[Format, Callable[[Sequence[Finding]], str]] = {
    Format.JSON: to_json,
    Format.JUNIT: to_junit,
    Format.SARIF: to_sarif,
    Format.GITHUB: to_github,
}
"""What writes the findings, for every format but text."""
